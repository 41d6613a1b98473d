#!/usr/bin/env bash
# The rules of the house that a script can check, one TAP line each; reads the
# checkout, builds nothing.
set -euo pipefail
shopt -s lastpipe # rule counts, at the end of a pipe
cd "$(dirname "$0")/.."
number=0 failed=0

# $1: the rule; standard input: what breaks it, a line each.
rule() {
  local broken
  broken=$(cat)
  number=$((number + 1))
  if [ -z "$broken" ]; then
    echo "ok $number - $1"
  else
    failed=$((failed + 1))
    echo "not ok $number - $1"
    printf '#   %s\n' "${broken//$'\n'/$'\n#   '}"
  fi
}

# Of text files below the given places, those that git would not ignore.
files() {
  { git ls-files --cached --others --exclude-standard -- "$@" 2>/dev/null ||
    find "$@" -name .git -prune -o -type f -print; } | while read -r file; do
    if [ -f "$file" ]; then echo "$file"; fi
  done
}

# grep that may find nothing; "none" keeps it from reading standard input.
search() { grep "$@" none 2>/dev/null || true; }

# What tests feed and expect holds whatever it has to.
mapfile -t all < <(files . | grep -vE '^(\./)?(expected/|test/fuzz/corpus/|test/[a-z]+/[a-z]+_truth\.)')
mapfile -t sources < <(files src | grep '\.[ch]$')

mapfile -t parts < <(files sql)

# Floors, lowest first.  A file in src/ itself belongs to no floor: compat.h
# is below all of them, pg_pii.c above.
floors=(detect profile verdict scan exposure policy)

upward_includes() {
  local i j
  for i in "${!floors[@]}"; do
    for ((j = i + 1; j < ${#floors[@]}; j++)); do
      search -rnE "#include \"(.*/)?${floors[j]}/" "src/${floors[i]}"
    done
  done
}

# Sources that must do without the server: floor 1, and names.
without_server() {
  search -nE '#include ["<](postgres|fmgr|utils/|catalog/|varatt|nodes/|lib/|mb/|access/|executor/|compat\.h|\.\./compat\.h)' \
    src/detect/*.[ch] src/verdict/name*.[ch] src/verdict/word*.[ch]
}

meta_versions() {
  local version
  version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" pg_pii.control)
  grep -nE '"version": "|"file": "' META.json | grep -v '"1\.0\.0"' |
    grep -vF "$version" || true
  search -nF "$version" Makefile "${parts[@]}"
}

search -nE '[[:blank:]]+$' "${all[@]}" |
  rule 'no line ends in blanks'
for file in "${all[@]}"; do
  if [ -s "$file" ] && [ -n "$(tail -c 1 "$file")" ]; then echo "$file"; fi
done | rule 'every file ends in a newline'
search -nE 'PG_VERSION_NUM' "${sources[@]}" | { grep -v '^src/compat\.h:' || true; } |
  rule 'PG_VERSION_NUM stands in src/compat.h only'
search -nE '#include.*pcre2' "${sources[@]}" | { grep -v '^src/detect/pattern\.c:' || true; } |
  rule 'pcre2.h is included by src/detect/pattern.c only'
without_server | rule 'detection and names include no server header'
upward_includes | rule 'no floor includes one above it'
search -nE '\b(TODO|FIXME)\b' "${sources[@]}" "${parts[@]}" |
  rule 'nothing is left to do in a comment'
search -nE '\b(sprintf|strcpy|strcat|alloca)\(' "${sources[@]}" |
  rule 'no unbounded string function'
meta_versions | rule 'the version is that of the control file'
for test in test/sql/*.sql; do
  name=$(basename "$test" .sql)
  if [ -e "$test" ] && [ ! -e "expected/$name.out" ]; then echo "$test"; fi
done | rule 'every regression test has its expected output'
for expected in expected/*.out; do
  name=$(basename "$expected" .out)
  if [ -e "$expected" ] && [ ! -e "test/sql/$name.sql" ] && [ ! -e "test/specs/$name.spec" ]; then
    echo "$expected"
  fi
done | rule 'every expected output has its test'
# SC2046: the words of pkg-config are meant to be split
if command -v shellcheck >/dev/null; then
  { files . | grep '\.sh$' | xargs shellcheck -S warning -e SC2046 -f gcc .ci/run || true; } |
    rule 'shell scripts pass shellcheck'
else
  number=$((number + 1))
  echo "ok $number - shell scripts pass shellcheck # SKIP no shellcheck"
fi

echo "1..$number"
[ "$failed" -eq 0 ]
