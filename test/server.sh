#!/usr/bin/env bash
# A throw-away server that touches nothing else on the machine.
#
#   test/server.sh stage DIR    build, and install into a private copy of the
#                               server's installation below DIR
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
  sed -n '2,14s/^# \{0,1\}//p' "$0" >&2
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
  make -C "$here" -s PG_CONFIG="$pg_config" all >&2
  make -C "$here" -s PG_CONFIG="$pg_config" install DESTDIR="$root" >&2
}

# An ephemeral port that nothing listens on.
free_port() {
  perl -MIO::Socket::INET -e '
    my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => 0) or die $!;
    print $s->sockport'
}

start() {
  local dir=$1 bin port
  bin=$dir/root$("$pg_config" --bindir)
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
  local bin=$1/root$("$pg_config" --bindir)
  [ -f "$1/data/postmaster.pid" ] || return 0
  as_server_user "$bin/pg_ctl" -D "$1/data" -m immediate -w stop >/dev/null
}

[ $# -eq 2 ] || usage
case $2 in /*) ;; *) set -- "$1" "$PWD/$2" ;; esac
case $1 in
  stage) stage "$2" ;;
  start) start "$2" ;;
  stop) stop "$2" ;;
  remove) stop "$2"; rm -rf "$2" ;;
  *) usage ;;
esac
