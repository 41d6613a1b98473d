#!/usr/bin/env bash
# Install from Debian what a command misses, and nothing that is there.
#
#   test/packages.sh demo    a server, its headers, a compiler
#   test/packages.sh test    the same, and what single tests need besides
#   test/packages.sh bench   a server, and what the benchmarks compare with
#   test/packages.sh fuzzer  installs nothing: is libFuzzer there?
#
# Says what it installs.  Fails when something needed cannot be had; what only
# single tests need may stay away, and those tests then say "skipped".
# PG_CONFIG other than pg_config: the server is the caller's affair.
set -euo pipefail
pg_config=${PG_CONFIG:-pg_config}

has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif [ -t 0 ]; then sudo "$@"
  else sudo -n "$@"
  fi
}

# sudo may ask for a password at a terminal only.
may_install() {
  has apt-get || return
  [ "$(id -u)" -eq 0 ] || { has sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }
}

# The newest server the distribution has: 15 in Debian 12.
distribution_major() {
  apt-cache search --names-only '^postgresql-server-dev-[0-9]+$' 2>/dev/null |
    sed 's/^postgresql-server-dev-\([0-9]*\) .*/\1/' | sort -n | tail -1
}

server_major() {
  "$pg_config" --version 2>/dev/null | sed 's/^[^0-9]*\([0-9]*\).*/\1/'
}

missing_server() {
  local pgxs major
  pgxs=$("$pg_config" --pgxs 2>/dev/null || true)
  if [ -f "$pgxs" ] && [ -x "$("$pg_config" --bindir)/postgres" ]; then return; fi
  if [ "$pg_config" != pg_config ]; then
    echo "$pg_config: no server with its build files there" >&2
    exit 1
  fi
  major=$(server_major)
  if [ -z "$major" ] || [ ! -f "$pgxs" ]; then major=$(distribution_major); fi
  major=${major:-15}
  echo "postgresql-$major"
  echo "postgresql-server-dev-$major"
}

missing_needed() {
  missing_server
  has make || echo make
  has gcc || has clang || has cc || echo gcc
  [ -e /usr/include/stdio.h ] || echo libc6-dev
  has pkg-config || echo pkg-config
  pkg-config --exists libpcre2-8 2>/dev/null || echo libpcre2-dev
}

has_fuzzer() {
  has clang && [ -n "$(find "$(clang -print-resource-dir)/" -name 'libclang_rt.fuzzer*.a')" ]
}

# Of a server that is the caller's affair, its extensions are, too.
has_cron() {
  [ "$pg_config" != pg_config ] || [ -e "$("$pg_config" --pkglibdir)/pg_cron.so" ]
}

missing_for_tests() {
  has gcc || echo gcc
  has clang || echo clang
  has_fuzzer || echo libclang-rt-dev
  has prove || echo perl
  perl -MIPC::Run -e1 2>/dev/null || echo libipc-run-perl
  has node || echo nodejs
  has shellcheck || echo shellcheck
  has chromium || echo chromium
  /usr/bin/python3 -c 'import jsonschema' 2>/dev/null || echo python3-jsonschema
  has_cron || echo "postgresql-$(server_major)-cron"
  /usr/bin/python3 -c 'import phonenumbers' 2>/dev/null || echo python3-phonenumbers
}

missing_for_bench() {
  pkg-config --exists libhs 2>/dev/null || echo libhyperscan-dev
}

# No package may start a server of its own as it is installed.
install() {
  local quiet=/etc/postgresql-common/createcluster.d/pg_pii.conf status=0
  as_root mkdir -p "${quiet%/*}"
  echo 'create_main_cluster = false' | as_root tee "$quiet" >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends "$@" </dev/null >/dev/null || status=$?
  as_root rm -f "$quiet"
  return $status
}

# $1: what for; $2: package names, a line each.  Lists may be too old to be
# found on the mirror.
require() {
  local names
  [ -n "$2" ] || return 0
  mapfile -t names <<<"$2"
  echo "== installing $1: ${names[*]}"
  if may_install; then
    if install "${names[@]}"; then return; fi
    as_root apt-get update -qq || true
    if install "${names[@]}"; then return; fi
  fi
  echo "== could not install them; as root: apt-get install ${names[*]}" >&2
  return 1
}

case ${1:-} in demo | test | bench) ;; fuzzer)
  has_fuzzer
  exit
  ;;
*)
  sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac

packages=$(missing_needed)
# an image without package lists knows no package
if [ -n "$packages" ] && may_install && [ -z "$(distribution_major)" ]; then
  echo "== apt-get update"
  as_root apt-get update -qq || true
  packages=$(missing_needed)
fi
require 'what is needed' "$packages"
if [ "$1" = test ]; then
  # one by one, so that one that cannot be had costs its own tests only
  for package in $(missing_for_tests); do
    require 'for single tests' "$package" || true
  done
fi
if [ "$1" = bench ]; then
  require 'to compare with' "$(missing_for_bench)"
fi
