#!/usr/bin/env bash
# `make test` on other major versions of PostgreSQL.
#
#   test/matrix.sh 17 18
#
# Each version runs inside the Debian release that ships it: 15 bookworm,
# 17 trixie, 18 sid, unpacked by debootstrap into PII_MATRIX_DIR (by default
# /var/tmp/pg_pii-matrix) and used again the next time.  PII_DEBIAN_MIRROR names
# a mirror other than debootstrap's own.  Needs root, or sudo.  The log of each
# stays beside its folder; the last line adds them up.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
dir=${PII_MATRIX_DIR:-/var/tmp/pg_pii-matrix}
mirror=${PII_DEBIAN_MIRROR:-}

usage() {
  sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

release_of() {
  case $1 in
    15) echo bookworm ;;
    17) echo trixie ;;
    18) echo sid ;;
    *) echo "no Debian release with PostgreSQL $1 is known here" >&2; return 1 ;;
  esac
}

# $1: major version, $2: folder
unpack() {
  local release
  if [ -x "$2/usr/bin/make" ]; then return; fi
  release=$(release_of "$1")
  command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap
  echo "== PostgreSQL $1: debootstrap $release into $2"
  # shellcheck disable=SC2086 # without a mirror there is no argument
  debootstrap --variant=minbase --include=make "$release" "$2" $mirror >"$2.log" 2>&1 || {
    tail "$2.log"
    return 1
  }
  # a mirror that stands still is good enough
  echo 'Acquire::Check-Valid-Until "false";' >"$2/etc/apt/apt.conf.d/pg_pii"
}

# The checkout, and the sample databases beside it.
copy_in() {
  rm -rf "$1/build"
  mkdir -p "$1/build/shared"
  "$here/test/server.sh" copy "$1/build"
  if [ -d "$here/../shared/data" ]; then
    cp -r "$here/../shared/data" "$1/build/shared/"
  fi
}

# Mounts and processes of its own, so that both are gone when it ends.  Where
# the devices may not be bound, those that debootstrap made have to do.
run_inside() {
  cp /etc/resolv.conf "$1/etc/resolv.conf"
  # shellcheck disable=SC2016 # expanded inside
  unshare --mount --pid --fork --kill-child -- bash -c '
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev" || mount -t tmpfs tmpfs "$1/dev/shm"
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 CI="${CI:-}" \
      chroot "$1" make --no-print-directory -C /build/tree test' bash "$1" </dev/null
}

[ $# -gt 0 ] || usage
for major in "$@"; do release_of "$major" >/dev/null; done
if [ "$(id -u)" -ne 0 ]; then
  exec sudo env PII_MATRIX_DIR="$dir" PII_DEBIAN_MIRROR="$mirror" "$0" "$@"
fi

mkdir -p "$dir"
passed=0 failed=0 skipped=0
for major in "$@"; do
  root=$dir/$major
  unpack "$major" "$root"
  copy_in "$root"
  echo "== PostgreSQL $major: make test; log in $root.log"
  status=0
  run_inside "$root" >"$root.log" 2>&1 || status=$?
  last=$(grep -E '^[0-9]+ passed, ' "$root.log" | tail -1 || true)
  echo "== PostgreSQL $major: ${last:-no test ran}"
  if [[ ! $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
    tail -40 "$root.log"
    failed=$((failed + 1))
    continue
  fi
  passed=$((passed + BASH_REMATCH[1]))
  failed=$((failed + BASH_REMATCH[2]))
  skipped=$((skipped + ${BASH_REMATCH[4]:-0}))
  if [ "$status" -ne 0 ]; then grep -v " 0 failed " "$root.log" | sed -n '1,200p'; fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
