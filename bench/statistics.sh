#!/usr/bin/env bash
# What the method "statistics" costs, held against the ANALYZE that keeps them.
#
#   bench/statistics.sh [TABLES [ROWS]]     100 tables of 100 columns, 10,000 rows
set -euo pipefail
cd "$(dirname "$0")/.."
tables=${1:-100} rows=${2:-10000}
PII_SHARED_BUFFERS=2GB
. bench/cluster.sh
"${psql[@]}" -c 'CREATE EXTENSION pg_pii' -c 'ALTER SYSTEM SET autovacuum = off' -c 'SELECT pg_reload_conf()' >/dev/null
for i in $(seq "$tables"); do
  echo "CREATE TABLE t$i AS SELECT $(for c in $(seq 25); do
    printf "%si || '@mail%s.pg-pii.com' AS a%s, 'note ' || i %% 1000 AS b%s, i * %s AS c%s, md5(i::text) AS d%s" \
      "$([ "$c" -eq 1 ] || echo ', ')" "$c" "$c" "$c" "$c" "$c" "$c"
  done) FROM generate_series(1, $rows) AS i;"
done | "${psql[@]}"
"${psql[@]}" -At <<SQL
CREATE TEMPORARY TABLE took (what text, ms double precision);
DO \$\$
DECLARE
	began timestamptz;
BEGIN
	began := clock_timestamp();
	FOR i IN 1 .. $tables LOOP
		EXECUTE format('ANALYZE t%s', i);
	END LOOP;
	INSERT INTO took VALUES ('analyze', extract(epoch FROM clock_timestamp() - began) * 1000);
	FOR run IN 1 .. 5 LOOP
		began := clock_timestamp();
		FOR i IN 1 .. $tables LOOP
			PERFORM count(*) FROM pii.inspect(('t' || i)::regclass, 'statistics');
		END LOOP;
		INSERT INTO took VALUES ('statistics', extract(epoch FROM clock_timestamp() - began) * 1000);
	END LOOP;
END
\$\$;
SELECT format('%s columns: ANALYZE %s ms, method statistics %s ms (median of 5), ratio 1/%s (wanted 1/100)', $tables * 100, round(a), round(s), round(a / s))
FROM (SELECT max(ms) FILTER (WHERE what = 'analyze')::numeric AS a, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE what = 'statistics')::numeric AS s FROM took) AS m;
SELECT count(*) FILTER (WHERE 'email' = ANY (tag::text[])) || ' of 25 e-mail columns found in t1' FROM pii.inspect('t1', 'statistics');
SQL
