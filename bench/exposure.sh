#!/usr/bin/env bash
# How long pii.exposure takes, as ratios within one run.
#
#   bench/exposure.sh [TABLES [RUNS]]   10,000 tables, medians of 5 by default
#
# Two databases, the second with ten times the tables of the first, and a
# thousand roles; on a throw-away cluster, removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
tables=${1:-10000} runs=${2:-5}
. bench/cluster.sh

# Print a measure of a database in milliseconds: the median of the runs.
# $1: database, $2: runs, $3: the query.
median() {
  "${psql[@]}" -At -d "$1" <<SQL
SET jit = ${jit:-off};
CREATE TEMPORARY TABLE took (ms double precision);
DO \$bench\$
DECLARE
	began timestamptz;
BEGIN
	FOR run IN 1 .. $2 LOOP
		began := clock_timestamp();
		EXECUTE \$query\$ $3 \$query\$;
		INSERT INTO took
		SELECT 1000 * extract(epoch FROM clock_timestamp() - began);
	END LOOP;
END
\$bench\$;
SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)) FROM took;
SQL
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

for size in $((tables / 10)) "$tables"; do
  createdb "size_$size"
  "${psql[@]}" -d "size_$size" -v tables="$size" -f bench/exposure.sql
done
large=size_$tables
small=size_$((tables / 10))
all='SELECT count(e::text) FROM pii.exposure e'
schema="$all WHERE table_schema = 's3'"
few="$all WHERE relation = ANY ('{s3.t301,s3.t302,s3.t303}'::regclass[])"
columns="SELECT count(c::text) FROM pii.columns c WHERE verdict IN ('pii', 'mixed')"
# What one writes without the view: each column for each role, here of one
# schema only; of all columns, and of the tagged ones where they are known.
naive="SELECT count((r.rolname, a.attrelid, a.attnum)::text)
  FROM pg_attribute a
  JOIN pg_class t ON t.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
  CROSS JOIN pg_roles r
  WHERE n.nspname = 's3'
    AND t.relkind = 'r'
    AND a.attnum > 0
    AND has_schema_privilege(r.oid, n.oid, 'USAGE')
    AND has_column_privilege(r.oid, t.oid, a.attnum, 'SELECT')"

"${psql[@]}" -d "$large" <<'SQL'
SELECT (SELECT count(*) FROM pii.columns) AS columns,
	   (SELECT count(*) FROM pii.columns WHERE verdict IN ('pii', 'mixed')) AS tagged,
	   (SELECT count(*) FROM pg_roles) AS roles,
	   (SELECT count(*) FROM pii.role_reach) AS memberships_in_all,
	   (SELECT count(*) FROM pg_views WHERE schemaname ~ '^s[0-9]') AS views,
	   (SELECT count(*) FROM pii.exposure) AS exposures,
	   (SELECT count(*) FROM pii.exposure WHERE via IS NOT NULL) AS via_views;
SQL
whole=$(median "$large" "$runs" "$all")
tenth=$(median "$small" "$runs" "$all")
one=$(median "$large" "$runs" "$schema")
three=$(median "$large" "$runs" "$few")
tags=$(median "$large" "$runs" "$columns")
cross=$(median "$large" "$runs" "$naive")
cross_tagged=$(median "$large" "$runs" "$naive AND a.attname = 'email'")
with_jit=$(jit=on median "$large" "$runs" "$all")
schema_with_jit=$(jit=on median "$large" "$runs" "$schema")
printf '%-52s %8s ms\n' \
  "whole view, $tables tables" "$whole" \
  "  of which pii.columns" "$tags" \
  "whole view, $((tables / 10)) tables" "$tenth" \
  "one schema of a hundred tables" "$one" \
  "three tables" "$three" \
  "  has_column_privilege, all columns there" "$cross" \
  "  has_column_privilege, tagged columns there" "$cross_tagged" \
  "whole view, with jit" "$with_jit" \
  "one schema, with jit" "$schema_with_jit"
printf '%-52s %8s\n' \
  "ten times the columns / once" "$(ratio "$whole" "$tenth")" \
  "has_column_privilege of all columns / the view" "$(ratio "$cross" "$one")" \
  "has_column_privilege of tagged columns / the view" "$(ratio "$cross_tagged" "$one")"
