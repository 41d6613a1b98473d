#!/usr/bin/env bash
# What the gate costs, as ratios within one run.
#
#   bench/gate.sh [STATEMENTS [RUNS]]   2,000 statements, medians of 7 by default
#
# The same unrelated DDL in a database without the extension and in one with the
# gate in the mode block, statement by statement; and a transaction that touches
# 500 tables.
# On a throw-away cluster, removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
statements=${1:-2000} runs=${2:-7}
. bench/cluster.sh

# A migration of one's everyday: tables, columns, keys, indexes, views, names.
for ((i = 0; i < statements; i += 10)); do
  cat <<SQL
CREATE TABLE item_$i (id integer PRIMARY KEY, title text NOT NULL, price numeric CHECK (price > 0), made_at timestamptz DEFAULT now());
CREATE TABLE item_part_$i (id bigint GENERATED ALWAYS AS IDENTITY, item_id integer REFERENCES item_$i, amount integer);
ALTER TABLE item_$i ADD COLUMN weight double precision;
ALTER TABLE item_$i ALTER COLUMN weight SET DEFAULT 1;
CREATE INDEX item_part_${i}_idx ON item_part_$i (item_id);
ALTER TABLE item_part_$i RENAME COLUMN amount TO quantity;
CREATE VIEW item_view_$i AS SELECT i.title, p.quantity FROM item_$i i JOIN item_part_$i p ON p.item_id = i.id;
DROP VIEW item_view_$i;
DROP TABLE item_part_$i;
DROP TABLE item_$i;
SQL
done >"$dir/unrelated.sql"

median() { sort -n | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }

createdb without
createdb gated
"${psql[@]}" -d gated -c 'CREATE EXTENSION pg_pii; SELECT pii.enable_gate()' >/dev/null
# With the client on another processor, as it mostly is, and on the same one,
# where nothing is waited for but the work itself.
for where in 'client elsewhere' 'client on the same processor'; do
  pin=()
  if [ "$where" != 'client elsewhere' ]; then pin=(taskset -c 0); fi
  { read -r without; read -r gated; } < <("${pin[@]}" bench/paired.pl "$dir/unrelated.sql" "$runs" without gated)
  printf '%-52s %10s µs\n' "$statements unrelated statements, $where" "$without" \
    '  with the gate in the mode block' "$gated"
  printf '%-52s %10s\n' '  ratio' "$(ratio "$gated" "$without")"
done

# Five hundred tables in one transaction: what its commit takes.  Columns that
# nobody reads, and grants of which every one is reported.
"${psql[@]}" -d gated >/dev/null <<'SQL'
CREATE ROLE reader LOGIN;
CREATE SCHEMA many;
GRANT USAGE ON SCHEMA many TO reader;
DO $$
BEGIN
	FOR i IN 1 .. 500 LOOP
		EXECUTE format('CREATE TABLE many.t%s (id integer, email text, phone text, a text, b text, c numeric)', i);
	END LOOP;
END
$$;
SQL

# Milliseconds of the commit.  $1: what is done to each table.
commit_of() {
  "${psql[@]}" -d gated 2>/dev/null <<SQL | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | tail -1
BEGIN;
DO \$\$
BEGIN
	FOR i IN 1 .. 500 LOOP
		EXECUTE replace(\$q\$ $1 \$q\$, '%', i::text);
	END LOOP;
END
\$\$;
SET LOCAL pii.gate = warn;
\timing on
COMMIT;
SQL
}

for ((run = 0; run < runs; run++)); do
  commit_of "ALTER TABLE many.t% ADD COLUMN email_$run text" >>"$dir/columns"
  commit_of 'GRANT SELECT ON many.t% TO reader' >>"$dir/grants"
  "${psql[@]}" -d gated -c 'REVOKE SELECT ON ALL TABLES IN SCHEMA many FROM reader'
done
printf '%-52s %10.0f ms\n' 'check of 500 tables with a new column' "$(median <"$dir/columns")" \
  'check of 500 tables granted, 1,000 columns reported' "$(median <"$dir/grants")"
