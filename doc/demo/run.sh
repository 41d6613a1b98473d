#!/usr/bin/env bash
# The whole story on a throw-away cluster: installs what is missing, builds,
# loads a demonstration database, scans it, shows who can read what was found,
# and refuses a deploy that would open another hole.
# The cluster keeps running for a look around and says how to remove it.
# `make demo` calls this; PII_DEMO_ROWS sets the size of the larger table.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
cd "$here"

test/packages.sh demo
dir=$(mktemp -d "${TMPDIR:-/tmp}/pg_pii-demo.XXXXXX")
chmod 755 "$dir"
trap 'test/server.sh remove "$dir"' EXIT

echo "== building pg_pii for $("${PG_CONFIG:-pg_config}" --version)"
test/server.sh stage "$dir"
echo "== starting a cluster of its own in $dir"
connection=$(test/server.sh start "$dir")
eval "$connection"
export PGDATABASE=demo PGCLIENTENCODING=UTF8 PAGER=
psql=(psql -X -q -v ON_ERROR_STOP=1)

"${psql[@]}" -d postgres -c 'CREATE DATABASE demo'
echo "== loading the demonstration database"
"${psql[@]}" -v rows="${PII_DEMO_ROWS:-200000}" -f bench/leak.sql -f doc/demo/shop.sql
"${psql[@]}" -c 'CREATE EXTENSION pg_pii'
"${psql[@]}" -f doc/demo/story.sql 2>&1

trap - EXIT
cat <<TEXT

--- Look further ---------------------------------------------------------------

  $(command -v psql) -h $PGHOST -p $PGPORT -U postgres demo

  SELECT * FROM pii.inspect('influencer', 'full');
  SELECT * FROM pii.find('call +49 151 23456789 or write to jo@example.org');
  \\d+ pii.exposure

Remove it all:

  $here/test/server.sh remove $dir

TEXT
