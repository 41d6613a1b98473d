#!/usr/bin/env bash
# Every test, on a copy of the checkout and a throw-away cluster; the last line
# is "N passed, N failed".  `make test` calls this.
#
#   test/run.sh                 all of it, after installing what is missing
#   test/run.sh unit regress    these stages only
#   test/run.sh unit:phone regress:tag tap:readme      these tests only
#
# Stages: lint build unit regress tap accuracy oracle fuzz.  PG_CONFIG chooses
# the server; PII_TEST_KEEP=1 keeps the folder the tests ran in.
set -euo pipefail
shopt -s nullglob
here=$(cd "$(dirname "$0")/.." && pwd)
pg_config=${PG_CONFIG:-pg_config}

# As found by the caller: install, copy, and run again from the copy.  The
# copy is what an unprivileged user may read and write, which is who runs a
# server; the checkout stays as it is.
enter_copy() {
  local status=0 as=()
  "$here/test/packages.sh" test
  work=$(mktemp -d "${TMPDIR:-/tmp}/pg_pii-test.XXXXXX")
  trap 'test -n "${PII_TEST_KEEP:-}" || rm -rf "$work"' EXIT
  "$here/test/server.sh" copy "$work"
  if [ -d "$here/../shared/data" ]; then
    mkdir "$work/shared"
    cp -r "$here/../shared/data" "$work/shared/"
    chmod -R u+w "$work/shared"
  fi
  if [ "$(id -u)" -eq 0 ]; then
    as=(runuser -u "$(id -un postgres 2>/dev/null || echo nobody)" --)
    chown -R "${as[2]}" "$work"
  fi
  export PII_TEST_WORK=$work HOME=$work
  unset "${!PG@}"
  cd "$work/tree"
  PG_CONFIG=$pg_config "${as[@]}" test/run.sh "$@" || status=$?
  if [ -n "${PII_TEST_KEEP:-}" ]; then echo "kept: $work" >&2; fi
  return $status
}

passed=0 failed=0 skipped=0

# $1: extended pattern; standard input: a log.
count() { grep -cE "$1" || true; }

# Add up what a stage's log says: TAP lines, pg_regress's lines (before 16
# they were not TAP), closing lines "N passed, N failed"; a program that says
# nothing of the kind is one result.  $1: exit status, $2: log.
tally() {
  local ok bad skip line
  skip=$(count '^ok .*# [Ss][Kk][Ii][Pp]' <"$2")
  ok=$(count '^ok |^(test)? +[a-z0-9_]+ +\.\.\. ok' <"$2")
  ok=$((ok - skip))
  skip=$((skip + $(count '^1\.\.0 # [Ss][Kk][Ii][Pp]' <"$2")))
  bad=$(count '^not ok |^(test)? +[a-z0-9_]+ +\.\.\. FAILED' <"$2")
  while read -r line; do
    read -r -a line <<<"${line//,/}"
    ok=$((ok + line[0])) bad=$((bad + line[2])) skip=$((skip + ${line[4]:-0}))
  done < <(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$2" || true)
  if [ "$1" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  if [ $((ok + bad + skip)) -eq 0 ]; then
    if grep -qi 'skipped' "$2"; then skip=1; else ok=1; fi
  fi
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
  printf '%-24s %5d ok %5d failed %5d skipped   %4d s\n' \
    "$name" "$ok" "$bad" "$skip" "$SECONDS"
  if [ "$bad" -gt 0 ]; then grep -v '^ok ' "$2" | sed -n '1,400s/^/  | /p'; fi
}

# Run one thing and count what it says.  $1: its name; the rest: the command,
# which ends at its first error (a condition around it would prevent that).
run() {
  local name=$1 log status
  log=$PII_TEST_WORK/log/${1//[^a-z0-9_]/-}
  shift
  SECONDS=0
  set +e
  (set -e; "$@") >"$log" 2>&1 </dev/null
  status=$?
  set -e
  tally "$status" "$log"
}

# The closing line.  Returns whether all passed, and there was something to.
close() {
  local tail=''
  if [ "$skipped" -gt 0 ]; then tail=", $skipped skipped"; fi
  echo "$passed passed, $failed failed$tail"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# Not a byte of warning from either compiler.  $1: the compiler.
build_with() {
  local dir=$PII_TEST_WORK/build-$1 flags=(-Wall -Wextra -Werror)
  flags+=(-Wdeclaration-after-statement -Wvla -Wno-unused-parameter)
  flags+=(-Wno-sign-compare -Wno-missing-field-initializers)
  if ! command -v "$1" >/dev/null; then
    echo "ok - $1 # SKIP no $1"
    return
  fi
  # what the server was built with need not mean anything to another compiler
  if [ "$1" != gcc ]; then
    flags+=(-Wno-unknown-warning-option -Wno-ignored-optimization-argument)
    flags+=(-Wno-ignored-attributes)
  fi
  test/server.sh copy "$dir"
  make -C "$dir/tree" -s -j2 CC="$1" with_llvm=no PG_CONFIG="$pg_config" \
    PG_CFLAGS="${flags[*]}" all
  echo "ok - built by $1 without a warning"
}

# Every symbol of the library is global in the server: all carry our prefix.
symbols() {
  local foreign
  foreign=$(find "$PII_TEST_WORK/build-gcc/tree/src" -name '*.o' -exec nm -A --defined-only -g {} + |
    awk '$3 !~ /^(pii_|pg_finfo_|Pg_magic_func$|_PG_init$|_PG_fini$)/')
  if [ -z "$foreign" ]; then
    echo 'ok - global symbols begin with pii_'
  else
    printf 'not ok - global symbols begin with pii_\n%s\n' "$foreign"
  fi
}

unit_flags=(-std=gnu11 -Wall -Wextra -Werror -Wdeclaration-after-statement -Wvla
  -g -O1 -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all -Isrc)

# What is compiled without a server, under the sanitizers, as one archive.
unit_library() {
  local dir=$PII_TEST_WORK/unit source
  mkdir -p "$dir"
  for source in src/detect/*.c src/verdict/name*.c src/verdict/word*.c; do
    if [ ! -e "$source" ]; then continue; fi
    gcc "${unit_flags[@]}" -c -o "$dir/$(basename "$source" .c).o" "$source"
  done
  ar crs "$dir/libpii.a" "$dir"/*.o
}
unit_test() {
  local dir=$PII_TEST_WORK/unit libs program
  read -r -a libs <<<"$(pkg-config --libs libpcre2-8) -lm"
  program=$dir/$(basename "$1" .c)
  gcc "${unit_flags[@]}" -o "$program" "$1" "$dir/libpii.a" "${libs[@]}"
  "$program"
}

installcheck() {
  make -s PG_CONFIG="$pg_config" bindir="$server/root$("$pg_config" --bindir)" \
    installcheck "$@"
}

regress() {
  installcheck TAP_TESTS= ${only:+ISOLATION= "REGRESS=$only"} || { cat regression.diffs; return 1; }
}

# Why a test died stands in its log alone.
tap() {
  installcheck REGRESS= ISOLATION= PROVE_FLAGS=--verbose \
    ${only:+"PROVE_TESTS=test/t/$only.pl"} || {
    grep -lE 'not ok [0-9]|error running|timed out' tmp_check/log/regress_log_* |
      xargs -r tail -n 25
    return 1
  }
}

start_server() {
  server=$PII_TEST_WORK/server
  if [ -d "$server" ]; then return; fi
  trap 'test/server.sh stop "$server"' EXIT
  local before=$failed
  run 'build for the server' test/server.sh stage "$server"
  if [ "$failed" -gt "$before" ]; then
    close || exit
  fi
  eval "$(test/server.sh start "$server")"
}

stage_lint() { run lint test/lint.sh; }

stage_build() {
  run 'build with gcc' build_with gcc
  run 'build with clang' build_with clang
  run symbols symbols
}

stage_unit() {
  local source
  run 'unit library' unit_library
  for source in test/unit/test_${only:-*}.c; do
    run "unit $(basename "$source" .c)" unit_test "$source"
  done
}

stage_regress() {
  start_server
  run regress regress
}

stage_tap() {
  start_server
  run tap tap
}

# Scripts of others, where there are any: they find the server in PG*.
stage_scripts() {
  local script
  for script in "test/$1"/${only:-*}.sh; do
    if [ -x "$script" ]; then
      start_server
      run "$1 $(basename "$script" .sh)" "$script"
    fi
  done
}

# Ten seconds; test/fuzz/run.sh does it for longer.
fuzz() {
  if ! test/packages.sh fuzzer; then
    echo 'ok - fuzz # SKIP no libFuzzer'
    return
  fi
  test/fuzz/run.sh 10 "$PII_TEST_WORK/fuzz"
  echo 'ok - ten seconds of fuzzing'
}

stage_fuzz() {
  if [ -x test/fuzz/run.sh ]; then run fuzz fuzz; fi
}

if [ -z "${PII_TEST_WORK:-}" ]; then
  enter_copy "$@"
  exit
fi

# not the one of the server under test, which comes first in PATH later
pg_config=$(command -v "$pg_config")
mkdir -p "$PII_TEST_WORK/log"
[ $# -gt 0 ] || set -- lint build unit regress tap accuracy oracle fuzz
echo "pg_pii on $("$pg_config" --version)"
for argument in "$@"; do
  IFS=: read -r stage only <<<"$argument"
  case $stage in
    accuracy | oracle) stage_scripts "$stage" ;;
    *) "stage_$stage" ;;
  esac
done
close
