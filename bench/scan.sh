#!/usr/bin/env bash
# What a nightly run costs: the first, one after which nothing has changed, one
# after a little has; how much memory it takes from table to table; and what is
# lost when its process is killed.
#
#   bench/scan.sh [TABLES [DATA [ROWS [LARGE]]]]
#
# 5,000 tables of 20 columns, of which 200 hold 20,000 rows and one of those 5
# million.  300 20 2000 50000 takes a minute.
set -euo pipefail
cd "$(dirname "$0")/.."
tables=${1:-5000} data=${2:-200} rows=${3:-20000} large=${4:-5000000}
PII_SHARED_BUFFERS=1GB
. bench/cluster.sh
"${psql[@]}" -c 'CREATE EXTENSION pg_pii' -c 'ALTER SYSTEM SET autovacuum = off' -c 'SELECT pg_reload_conf()' >/dev/null

# What an application's tables look like.
columns='id bigint, created_at timestamptz, email text, phone text, note text, city text, url text,
  amount numeric, status text, token text, a1 text, a2 text, a3 int, a4 int, a5 text, a6 boolean, a7 date, a8 text, a9 bigint, a10 text'
values() {
  echo "SELECT i, now(), 'user' || i || '@mail' || i % 50 || '.com', '+4420' || 70000000 + i % 9000000, 'called twice about order ' || i,
    'London', 'https://shop.pg-pii.org/' || i, i * 1.5, 'open', md5(i::text), 'x', 'y', i, i, 'z', true, current_date, 'w', i, 'v'
    FROM generate_series(1, $1) i"
}
for i in $(seq "$tables"); do
  echo "CREATE TABLE t$i ($columns);"
  if [ "$i" -eq 1 ]; then echo "INSERT INTO t$i $(values "$large");"
  elif [ "$i" -le "$data" ]; then echo "INSERT INTO t$i $(values "$rows");"
  fi
done | "${psql[@]}"
"${psql[@]}" -c 'CREATE ROLE reporting LOGIN' -c 'GRANT SELECT ON t1, t2, t3 TO reporting' -c 'VACUUM ANALYZE' -c CHECKPOINT

newest() { "${psql[@]}" -Atc "SELECT $1 FROM pii.scan_run ORDER BY run_id DESC LIMIT 1"; }

# What a process has allocated, in kB.
allocated() { awk '/RssAnon/ { print $2 }' "/proc/$1/status" 2>/dev/null || true; }

# Run one scan in a session of its own, and say how long it took.  $1: what for.
# Meanwhile its memory is read: what it had after some tables, at the last one,
# and at the end of the session.
run() {
  local name=$1 pid='' kb first='' last=''
  shift
  { echo "CALL pii.scan($*);"; printf '%s\n' '\! touch '"$dir/done" '\! sleep 2'; } | "${psql[@]}" 2>"$dir/notices" &
  while [ ! -e "$dir/done" ]; do
    sleep 0.5
    if [ -z "$pid" ]; then pid=$("${psql[@]}" -Atc 'SELECT pid FROM pii.progress WHERE tables_done > 50'); continue; fi
    kb=$(allocated "$pid")
    if [ -n "$("${psql[@]}" -Atc 'SELECT 1 FROM pii.progress WHERE tables_done < tables_total')" ]; then
      first=${first:-$kb} last=$kb
    fi
  done
  if [ -n "$pid" ]; then kb=$(allocated "$pid"); fi
  wait
  rm "$dir/done"
  took=$(newest "round(extract(epoch FROM finished_at - started_at) * 1000)")
  newest "format('%-32s %7s ms: %s tables scanned, %s skipped, %s rows read', '$name', $took, tables_done, tables_skipped, rows_read)"
  if [ -n "$last" ]; then
    echo "  memory: $((first / 1024)) MB after the first tables, $(((last - first) / 1024)) MB more at the last, $(((kb - first) / 1024)) MB more when exposures were recorded"
  fi
}

run 'first run'
first_took=$took
run 'nothing has changed'
unchanged_took=$took
echo "  ratio to the first: $(awk "BEGIN { printf \"%.1f\", 100 * $unchanged_took / $first_took }") % (wanted 5)"
"${psql[@]}" -c "DO \$\$ BEGIN FOR i IN 1 .. greatest($tables / 100, 1) LOOP
  EXECUTE format('INSERT INTO t%s (email) SELECT ''new'' || i || ''@mail.com'' FROM generate_series(1, 100) i', 1 + i * ($tables / greatest($tables / 100, 1)) - 1);
END LOOP; END \$\$"
run '1 % of the tables have changed'

# Killed in mid-run.
"${psql[@]}" -c 'CALL pii.scan(changed_only => false)' >/dev/null 2>&1 &
until [ "$(newest "tables_done > $tables / 2 AND finished_at IS NULL")" = t ]; do sleep 0.2; done
kill -9 "$("${psql[@]}" -Atc 'SELECT pid FROM pii.progress')"
wait
sleep 2 # until the server notices
until psql -XAtc 'SELECT 1' >/dev/null 2>&1; do sleep 0.5; done
killed=$(newest tables_done)
stored=$("${psql[@]}" -Atc 'SELECT count(DISTINCT relation) FROM pii.scan_result WHERE run_id = (SELECT max(run_id) FROM pii.scan_run)')
echo "killed after $killed tables, of which $stored are there"
run 'the next run' 'changed_only => false'
