#!/usr/bin/env bash
# A throw-away server that touches nothing else on the machine.
#
#   test/server.sh copy DIR     copy the checkout, without what git ignores,
#                               to DIR/tree
#   test/server.sh stage DIR    the same, build there, and install into a
#                               private copy of the server's installation
#                               below DIR
#   test/server.sh start DIR    start a new cluster there and print the
#                               environment to reach it (eval it)
#   test/server.sh stop DIR     stop it; the folder stays
#   test/server.sh remove DIR   stop it and remove the folder
#
# PostgreSQL finds its libraries and its share folder relative to its own
# binary.  A copy of the binaries beside links to the rest is a full server of
# its own, into which `make install DESTDIR=DIR/root` needs no privilege.
# PG_CONFIG chooses the server.  Root drops to an unprivileged user.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
pg_config=${PG_CONFIG:-pg_config}

usage() {
  sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

# The user that runs the server: initdb refuses root.
server_user() {
  if [ "$(id -u)" -ne 0 ]; then id -un
  elif id postgres >/dev/null 2>&1; then echo postgres
  else echo nobody
  fi
}

as_server_user() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && runuser -u "$(server_user)" -- "$@")
  else
    "$@"
  fi
}

# git refuses a checkout that belongs to another user; without git or .git
# everything there is source.
source_files() {
  git -c safe.directory='*' ls-files -z --cached --others --exclude-standard 2>/dev/null ||
    find . -name .git -prune -o -type f -print0
}

# Objects of an earlier copy stay, so that make builds only what changed.
copy() {
  mkdir -p "$1/tree"
  find "$1/tree" -type f ! -name '*.o' ! -name '*.bc' -delete
  (cd "$here" && source_files | tar -c --null --ignore-failed-read -T - -f -) |
    tar -x -C "$1/tree" -f -
}

stage() {
  local root=$1/root kind from
  mkdir -p "$root"
  for kind in bindir pkglibdir sharedir; do
    from=$("$pg_config" --$kind)
    mkdir -p "$root$from"
    if [ "$kind" = bindir ]; then
      cp -a "$from/." "$root$from/"
    else
      cp -as "$from/." "$root$from/" 2>/dev/null || cp -a "$from/." "$root$from/"
    fi
  done
  # what is installed on the machine must not be mistaken for this build
  find "$root" -name 'pg_pii*' -exec rm -rf {} +
  copy "$1"
  make -C "$1/tree" -s PG_CONFIG="$pg_config" all install DESTDIR="$root" >&2
}

# An ephemeral port that nothing listens on.
free_port() {
  perl -MIO::Socket::INET -e '
    my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => 0) or die $!;
    print $s->sockport'
}

# The programs of a staged server.  Not by way of pg_config: in the environment
# that start prints, that is the staged one.
programs() {
  dirname "$(find "$1/root" -path '*/bin/pg_ctl')"
}

start() {
  local dir=$1 bin port
  bin=$(programs "$dir")
  port=${PII_PORT:-$(free_port)}
  mkdir -p "$dir/socket" "$dir/data"
  chmod 755 "$dir"
  chown "$(server_user)" "$dir/socket" "$dir/data"
  as_server_user "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 \
    --no-locale -N >/dev/null
  cat >> "$dir/data/postgresql.conf" <<CONF
port = $port
listen_addresses = ''
unix_socket_directories = '$dir/socket'
fsync = off
full_page_writes = off
shared_buffers = '${PII_SHARED_BUFFERS:-128MB}'
max_prepared_transactions = 10
CONF
  as_server_user "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/data/server.log" start >/dev/null
  echo "export PGHOST='$dir/socket' PGPORT=$port PGUSER=postgres PGDATABASE=postgres"
  echo "export PATH='$bin':\"\$PATH\""
}

stop() {
  local bin
  [ -f "$1/data/postmaster.pid" ] || return 0
  bin=$(programs "$1")
  as_server_user "$bin/pg_ctl" -D "$1/data" -m immediate -w stop >/dev/null
}

[ $# -eq 2 ] || usage
case $2 in /*) ;; *) set -- "$1" "$PWD/$2" ;; esac
case $1 in
  copy | stage | start | stop) "$1" "$2" ;;
  remove) stop "$2"; rm -rf "$2" ;;
  *) usage ;;
esac
