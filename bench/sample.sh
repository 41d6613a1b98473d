#!/usr/bin/env bash
# What a sampled inspection costs does not depend on the size of the table:
# one table and one a hundred times as large, as a ratio within one run.
#
#   bench/sample.sh [ROWS [RUNS]]      490,000 rows and 100 times as many
#
# 49,000,000 rows take about 13 GB and a quarter of an hour to make.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-490000} runs=${2:-5}
. bench/cluster.sh
"${psql[@]}" -c "ALTER SYSTEM SET max_wal_size = '8GB'" -c 'SELECT pg_reload_conf()' >/dev/null
for database in small large; do
  "${psql[@]}" -c "CREATE DATABASE $database"
  "${psql[@]}" -d "$database" -v rows="$rows" -f bench/leak.sql -c 'VACUUM (FREEZE, ANALYZE) influencer' -c 'CREATE EXTENSION pg_pii'
  rows=$((rows * 100))
done
# the operating system's cache would favour the smaller table; warm both
measure() {
  "${psql[@]}" -At -d "$1" <<'SQL'
CREATE TEMPORARY TABLE took (ms double precision);
DO $$
DECLARE
	start timestamptz := clock_timestamp();
BEGIN
	PERFORM count(*) FROM pii.inspect('influencer', 'sample');
	INSERT INTO took VALUES (extract(epoch FROM clock_timestamp() - start) * 1000);
END
$$;
SELECT ms FROM took;
SQL
}
measure small >/dev/null
measure large >/dev/null
for _ in $(seq "$runs"); do
  echo "$(measure small) $(measure large)"
done >"$dir/times"
# the median of what an awk expression makes of each pair of times
median() {
  awk "{ print $1 }" "$dir/times" | sort -n | sed -n "$(((runs + 1) / 2))p"
}
# shellcheck disable=SC2016 # those are for awk
printf 'sampled inspection: %.1f ms small, %.1f ms a hundred times as large, ratio %.2f (wanted <= 1.5)\n' \
  "$(median '$1')" "$(median '$2')" "$(median '$2 / $1')"
for database in small large; do
  "${psql[@]}" -d "$database" -At -c "SELECT '$database: ' || count(*) || ' rows, ' || pg_size_pretty(pg_relation_size('influencer')) FROM influencer"
done
