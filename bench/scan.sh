#!/usr/bin/env bash
# What a nightly run costs: the first, one after which nothing has changed, one
# after a little has; what it remembers; and what is lost when it is killed.
#
#   bench/scan.sh [TABLES [DATA [ROWS [LARGE]]]]
#
# 5,000 tables, of which 200 hold 20,000 rows each and one of those 5 million.
# TABLES 300, DATA 20, ROWS 2000, LARGE 50000 is a test of minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
tables=${1:-5000} data=${2:-200} rows=${3:-20000} large=${4:-5000000}
PII_SHARED_BUFFERS=1GB
. bench/cluster.sh
"${psql[@]}" -c 'CREATE EXTENSION pg_pii' -c 'ALTER SYSTEM SET autovacuum = off' \
  -c 'ALTER SYSTEM SET max_locks_per_transaction = 512' -c 'SELECT pg_reload_conf()' >/dev/null

# Twenty columns each, of the names that an application has.
columns='id bigint, created_at timestamptz, email text, phone text, note text, city text, url text, amount numeric, status text, token text, a1 text, a2 text, a3 int, a4 int, a5 text, a6 boolean, a7 date, a8 text, a9 bigint, a10 text'
value() {
  echo "SELECT i, now(), 'user' || i || '@mail' || i % 50 || '.com', '+4420' || 70000000 + i, 'called twice about order ' || i, 'London', 'https://shop.pg-pii.org/' || i, i * 1.5, 'open', md5(i::text), 'x', 'y', i, i, 'z', true, current_date, 'w', i, 'v' FROM generate_series(1, $1) i"
}
for i in $(seq "$tables"); do
  echo "CREATE TABLE t$i ($columns);"
  if [ "$i" -eq 1 ]; then echo "INSERT INTO t$i $(value "$large");"
  elif [ "$i" -le "$data" ]; then echo "INSERT INTO t$i $(value "$rows");"; fi
done | "${psql[@]}"
"${psql[@]}" -c 'CREATE ROLE reporting LOGIN' -c 'GRANT SELECT ON t1, t2, t3 TO reporting' -c 'VACUUM ANALYZE' -c CHECKPOINT

# Run one scan in a session of its own, and say what it did, how long it took
# and what the session held at its end above what it held before.  $1: what
# for; the rest: arguments of pii.scan.
run() {
  local what=$1 began ended
  shift
  began=$(date +%s%N)
  "${psql[@]}" -At > "$dir/memory" <<SQL
SELECT 1 FROM pii.scan_run, pii.load() LIMIT 1;
SELECT pg_backend_pid() \gset
\setenv PID :pg_backend_pid
\! grep RssAnon /proc/\$PID/status
CALL pii.scan($*);
\! grep RssAnon /proc/\$PID/status
SELECT sum(total_bytes) / 1024 FROM pg_backend_memory_contexts;
SQL
  ended=$(date +%s%N)
  took=$(((ended - began) / 1000000))
  awk -v what="$what" -v took="$took" '/RssAnon/ { kb[++n] = $2 } END { printf "%-34s %8d ms   memory %+.1f MB", what, took, (kb[2] - kb[1]) / 1024 }' "$dir/memory"
  "${psql[@]}" -Atc "SELECT format('   run %s: %s scanned, %s skipped, %s rows, %s', run_id, tables_done, tables_skipped, rows_read, outcome) FROM pii.scan_run ORDER BY run_id DESC LIMIT 1"
}

run 'first run'
first=$took
run 'second run, unchanged'
second=$took
"${psql[@]}" -c "DO \$\$ BEGIN FOR i IN 1 .. greatest($tables / 100, 1) LOOP EXECUTE format('INSERT INTO t%s (email) SELECT ''new'' || i || ''@mail.com'' FROM generate_series(1, 100) i', $data - i + 1); END LOOP; END \$\$"
run 'after a change in 1 % of tables'
echo "unchanged ÷ first: $((100 * second / first)) % (wanted 5)"
