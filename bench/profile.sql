-- Profiling a table: ratios within one run, medians of :runs.  bench/profile.sh
-- calls it.  Each candidate runs in turn with the floor it is held against, so
-- that a change of the machine's pace hits both.
\set ON_ERROR_STOP 1
\pset footer off
SET jit = off;

CREATE FUNCTION pg_temp.milliseconds(query text) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
	start timestamptz := clock_timestamp();
BEGIN
	EXECUTE query;
	RETURN extract(epoch FROM clock_timestamp() - start) * 1000;
END
$$;

-- Both queries in turn, and the median of their ratios.
CREATE FUNCTION pg_temp.compare(what text, query text, floor text, runs integer, target text)
	RETURNS TABLE (measure text, ms numeric, floor_ms numeric, ratio numeric, wanted text)
	LANGUAGE plpgsql AS $$
DECLARE
	mine double precision[];
	theirs double precision[];
BEGIN
	PERFORM pg_temp.milliseconds(query), pg_temp.milliseconds(floor);
	FOR i IN 1 .. runs LOOP
		mine := mine || pg_temp.milliseconds(query);
		theirs := theirs || pg_temp.milliseconds(floor);
	END LOOP;
	RETURN QUERY
	SELECT what, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY m)::numeric, 1),
		round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t)::numeric, 1),
		round(percentile_cont(0.5) WITHIN GROUP (ORDER BY m / t)::numeric, 3), target
	FROM unnest(mine, theirs) AS r (m, t);
END
$$;

CREATE FUNCTION pg_temp.over_columns(expression text) RETURNS text LANGUAGE sql AS $$
	SELECT 'SELECT ' || string_agg(replace(expression, '%', c), ', ') || ' FROM influencer'
	FROM unnest('{user_name,full_name,bio,email,phone,city,picture_url}'::text[]) AS c
$$;

SELECT count(*) AS rows, pg_size_pretty(pg_relation_size('influencer')) AS size FROM influencer;

SET max_parallel_workers_per_gather = 0;
SELECT * FROM pg_temp.compare('profile / sum(octet_length), seven text columns', pg_temp.over_columns('pii.profile(%)'), pg_temp.over_columns('sum(octet_length(%))'), :runs, '<= 2.0')
UNION ALL
SELECT * FROM pg_temp.compare('profile / two regexes per column', pg_temp.over_columns('pii.profile(%)'),
	pg_temp.over_columns($re$count(*) FILTER (WHERE % ~ '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}'), count(*) FILTER (WHERE % ~ '\+?[0-9][0-9 ().-]{7,}[0-9]')$re$), :regex_runs, '<= 0.083');

SELECT c AS column, m.ms, m.floor_ms, m.ratio
FROM unnest('{user_name,full_name,bio,email,phone,city,picture_url,followers,id}'::text[]) AS c,
	pg_temp.compare(c, format('SELECT pii.profile(%I) FROM influencer', c),
		format('SELECT sum(octet_length(%I::text)) FROM influencer', c), :runs, '') AS m;

-- a second process: the same statement, with one worker beside the leader; and
-- the floor, which shows what the machine has to give
SELECT * FROM (
	SELECT set_config('min_parallel_table_scan_size', '0', false), set_config('parallel_setup_cost', '0', false), set_config('max_parallel_workers_per_gather', '0', false)) AS s
\gset
CREATE FUNCTION pg_temp.with_workers(workers integer, query text) RETURNS double precision LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('max_parallel_workers_per_gather', workers::text, false);
	RETURN pg_temp.milliseconds(query);
END
$$;
SELECT what || ', two processes / one' AS measure,
	round(percentile_cont(0.5) WITHIN GROUP (ORDER BY two / one)::numeric, 3) AS ratio, wanted
FROM (
	SELECT what, wanted, pg_temp.with_workers(1, q) AS two, pg_temp.with_workers(0, q) AS one
	FROM generate_series(1, :runs),
		(VALUES ('profile', pg_temp.over_columns('pii.profile(%)'), '<= 0.55'),
			('sum(octet_length)', pg_temp.over_columns('sum(octet_length(%))'), '')) AS v (what, q, wanted)
	OFFSET 0
) AS r
GROUP BY what, wanted
ORDER BY what;
