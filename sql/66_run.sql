
-- ---------------------------------------------------------------------------
-- Floor 6, policy: a run of scans, from table to table
-- ---------------------------------------------------------------------------

CREATE FUNCTION pii.begin_run() RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_begin_run' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.begin_run() IS
'takes the lock of the one run that a database has at a time; false if another session holds it, an error where a run could not commit or write';
REVOKE ALL ON FUNCTION pii.begin_run() FROM PUBLIC;

CREATE FUNCTION pii.end_run() RETURNS void
	AS 'MODULE_PATHNAME', 'pii_end_run' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.end_run() IS 'gives back the lock that pii.begin_run() took';
REVOKE ALL ON FUNCTION pii.end_run() FROM PUBLIC;

-- Raise an error for limits that are none.
CREATE FUNCTION pii.check_limits(limits jsonb) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	name text;
BEGIN
	SELECT key INTO name FROM jsonb_each(limits)
	WHERE value <> 'null' AND value::numeric <= 0
	ORDER BY key LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION '% must be greater than zero', name
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'NULL is no limit.';
	END IF;
END
$$;
COMMENT ON FUNCTION pii.check_limits(jsonb) IS 'raises an error if one of these numbers is not positive';

-- Say which run is in the way.
CREATE FUNCTION pii.refuse_run() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	other record;
BEGIN
	SELECT * INTO other FROM pii.progress;
	RAISE EXCEPTION '%', coalesce(format('run %s of pii.scan is in progress', other.run_id), 'another run of pii.scan is in progress')
		USING ERRCODE = 'object_in_use',
			DETAIL = coalesce(format('Process %s began it at %s; %s of %s tables are done.', other.pid,
				date_trunc('second', other.started_at), other.tables_done, other.tables_total), 'It has just begun.'),
			HINT = 'A database has one run at a time.  pii.progress shows how far it is; pg_cancel_backend() ends it, and what it has found stays.';
END
$$;
COMMENT ON FUNCTION pii.refuse_run() IS 'raises the error that another run is in progress';
REVOKE ALL ON FUNCTION pii.refuse_run() FROM PUBLIC;

-- Record a run: its arguments, the stopped run that it goes on with, and what
-- there is to do.  The caller holds the lock, so no other run is alive.
CREATE FUNCTION pii.open_run(
	arguments jsonb,
	relations oid[],
	OUT this_run bigint,
	OUT targets oid[]
)
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
AS $$
DECLARE
	stopped_run bigint;
	same oid[];
	asked record;
BEGIN
	SELECT * INTO asked FROM jsonb_to_record(arguments)
		AS a (method text, sample_rows integer, limits jsonb, changed_only boolean);
	UPDATE pii.scan_run SET outcome = 'lost'
	WHERE outcome IS NULL AND finished_at IS NULL;
	-- the newest of the same arguments, if it was stopped; and if that one went
	-- on with another, the first of them all
	SELECT coalesce(r.resumed_run, r.run_id) INTO stopped_run
	FROM (
		SELECT * FROM pii.scan_run
		WHERE scan_run.arguments - 'budget' = open_run.arguments - 'budget'
		ORDER BY run_id DESC LIMIT 1) r
	WHERE r.finished_at IS NULL;
	INSERT INTO pii.scan_run (method, sample_rows, arguments, resumed_run)
	VALUES (asked.method, asked.sample_rows, arguments, stopped_run)
	RETURNING run_id INTO this_run;

	WITH queue AS MATERIALIZED (
		SELECT * FROM pii.scan_queue(relations, asked.method, asked.sample_rows, asked.limits,
			asked.changed_only, stopped_run) WITH ORDINALITY
	), total AS (
		SELECT coalesce(array_agg(relation ORDER BY ordinality) FILTER (WHERE is_due), '{}') AS due,
			coalesce(array_agg(relation) FILTER (WHERE NOT is_due), '{}') AS same,
			coalesce(sum(rows) FILTER (WHERE is_due), 0) AS rows,
			coalesce(sum(bytes) FILTER (WHERE is_due), 0) AS bytes
		FROM queue
	), noted AS (
		UPDATE pii.scan_run r
		SET tables_total = cardinality(t.due), tables_skipped = cardinality(t.same),
			rows_total = t.rows, bytes_total = t.bytes,
			current_table = t.due[1]::regclass
		FROM total t
		WHERE r.run_id = this_run
	)
	SELECT t.due, t.same INTO targets, same FROM total t;
	IF cardinality(same) > 0 THEN
		UPDATE pii.scanned_table SET checked_at = clock_timestamp()
		WHERE relation = ANY (same);
	END IF;
END
$$;
COMMENT ON FUNCTION pii.open_run(jsonb, oid[]) IS
'records a run of pii.scan over these tables, and tells which of them to scan, in order';
REVOKE ALL ON FUNCTION pii.open_run(jsonb, oid[]) FROM PUBLIC;

-- One table of a run, with what is left of the budget; then the run is at the
-- next one.
CREATE FUNCTION pii.scan_step(
	this_run bigint,
	target oid,
	next_target oid,
	OUT share double precision,
	OUT is_spent boolean
)
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	-- values are counted in C: there is nothing to gain
	SET jit = off
AS $$
DECLARE
	run pii.scan_run;
	budget record;
	outcome record;
BEGIN
	SELECT * INTO run FROM pii.scan_run WHERE run_id = this_run;
	SELECT b.rows - run.rows_read AS rows, b.bytes - run.bytes_read AS bytes,
		run.started_at + make_interval(secs => b.seconds) AS deadline
	INTO budget
	FROM jsonb_to_record(run.arguments -> 'budget') AS b (rows bigint, bytes bigint, seconds float8);
	is_spent := coalesce(budget.rows <= 0 OR budget.bytes <= 0 OR clock_timestamp() >= budget.deadline, false);
	IF is_spent THEN
		RETURN;
	END IF;
	PERFORM pii.report_activity(format('pg_pii: table %s of %s, %s',
		run.tables_done + 1, run.tables_total, target::regclass));

	SELECT * INTO outcome
	FROM pii.scan_table(this_run, target, run.method, run.sample_rows, run.arguments -> 'limits',
		budget.rows, budget.bytes, budget.deadline);
	UPDATE pii.scan_run r SET
		tables_done = r.tables_done + 1,
		tables_failed = r.tables_failed + outcome.failed::integer,
		rows_read = r.rows_read + outcome.rows_read,
		bytes_read = r.bytes_read + outcome.bytes_read,
		current_table = next_target::regclass,
		last_active_at = clock_timestamp()
	WHERE r.run_id = this_run
	RETURNING * INTO run;
	PERFORM pii.shed_caches();
	share := pii.done_share(run);
END
$$;
COMMENT ON FUNCTION pii.scan_step(bigint, oid, oid) IS
'scans one table of a run and counts it; tells which share of the run is done, and whether its budget was spent before';
REVOKE ALL ON FUNCTION pii.scan_step(bigint, oid, oid) FROM PUBLIC;

-- What pii.scan was called with, as it is recorded: two runs of the same
-- arguments go on with each other.  Tables that are named are scanned whether
-- they have changed or not, unless the caller says otherwise.
CREATE FUNCTION pii.scan_arguments(
	schemas text[],
	tables regclass[],
	method text,
	sample_rows integer,
	include text[],
	exclude text[],
	changed_only boolean,
	limits jsonb,
	budget jsonb
) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM pii.check_scan_arguments(schemas, tables, method, sample_rows, include, exclude),
		pii.check_limits(limits), pii.check_limits(budget);
	RETURN jsonb_strip_nulls(jsonb_build_object(
		'schemas', schemas,
		'tables', tables::text[],
		'method', method,
		'sample_rows', coalesce(sample_rows, current_setting('pii.sample_rows')::integer),
		'include', include,
		'exclude', exclude,
		'changed_only', coalesce(changed_only, tables IS NULL),
		'limits', (SELECT jsonb_object_agg(regexp_replace(key, '^max_table_', ''), value) FROM jsonb_each(limits)),
		'budget', (SELECT jsonb_object_agg(regexp_replace(key, '^max_', ''), value) FROM jsonb_each(budget))
			|| CASE WHEN budget ->> 'max_seconds' IS NULL AND b.ms > 0
				THEN jsonb_build_object('seconds', b.ms / 1000) ELSE '{}' END))
	FROM (SELECT setting::float8 FROM pg_settings WHERE name = 'pii.scan_budget') b (ms);
END
$$;
COMMENT ON FUNCTION pii.scan_arguments(text[], regclass[], text, integer, text[], text[], boolean, jsonb, jsonb) IS
'checks what pii.scan is called with, and makes one document of it';
REVOKE ALL ON FUNCTION pii.scan_arguments(text[], regclass[], text, integer, text[], text[], boolean, jsonb, jsonb) FROM PUBLIC;

-- A procedure that commits can have neither SECURITY DEFINER nor a SET clause:
-- every name and operator below is qualified instead.  Nor can it commit in a
-- block that catches an error; so the block is around one table.
CREATE PROCEDURE pii.scan(
	schemas text[] DEFAULT NULL,
	tables regclass[] DEFAULT NULL,
	method text DEFAULT 'auto',
	sample_rows integer DEFAULT NULL,
	include text[] DEFAULT NULL,
	exclude text[] DEFAULT NULL,
	changed_only boolean DEFAULT NULL,
	max_table_rows bigint DEFAULT NULL,
	max_table_bytes bigint DEFAULT NULL,
	max_table_seconds double precision DEFAULT NULL,
	max_rows bigint DEFAULT NULL,
	max_bytes bigint DEFAULT NULL,
	max_seconds double precision DEFAULT NULL
)
	LANGUAGE plpgsql
AS $$
DECLARE
	run pg_catalog.record;
	step pg_catalog.record;
	ending pg_catalog.text := 'done';
	said_at pg_catalog.timestamptz := pg_catalog.clock_timestamp();
	said_share pg_catalog.float8 := 0;
	waited pg_catalog.interval;
BEGIN
	IF NOT pii.begin_run() THEN
		PERFORM pii.refuse_run();
	END IF;
	SELECT * INTO run FROM pii.open_run(
		pii.scan_arguments(schemas, tables, method, sample_rows, include, exclude, changed_only,
			pg_catalog.jsonb_build_object('max_table_rows', max_table_rows,
				'max_table_bytes', max_table_bytes, 'max_table_seconds', max_table_seconds),
			pg_catalog.jsonb_build_object('max_rows', max_rows,
				'max_bytes', max_bytes, 'max_seconds', max_seconds)),
		pii.scan_targets(schemas, tables, include, exclude));
	COMMIT;

	FOR number IN 1 .. pg_catalog.cardinality(run.targets) LOOP
		BEGIN
			SELECT * INTO step FROM pii.scan_step(run.this_run, run.targets[number],
				run.targets[number OPERATOR(pg_catalog.+) 1]);
		EXCEPTION WHEN query_canceled THEN
			ending := 'canceled';
		END;
		IF ending OPERATOR(pg_catalog.=) 'canceled' THEN
			EXIT;
		END IF;
		COMMIT;
		IF step.is_spent THEN
			ending := 'out of budget';
			EXIT;
		END IF;
		waited := pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) said_at;
		IF waited OPERATOR(pg_catalog.>=) '5 s' AND (waited OPERATOR(pg_catalog.>=) '1 min'
			OR step.share OPERATOR(pg_catalog.>=) (said_share OPERATOR(pg_catalog.+) 0.1::pg_catalog.float8)) THEN
			RAISE NOTICE '%', pii.describe_progress(run.this_run);
			said_at := pg_catalog.clock_timestamp();
			said_share := step.share;
		END IF;
	END LOOP;

	IF ending OPERATOR(pg_catalog.<>) 'canceled' THEN
		BEGIN
			PERFORM pii.close_run(run.this_run, ending);
		EXCEPTION WHEN query_canceled THEN
			ending := 'canceled';
		END;
	END IF;
	IF ending OPERATOR(pg_catalog.=) 'canceled' THEN
		ending := pii.stop_run(run.this_run);
		COMMIT;
		RAISE EXCEPTION 'run % of pii.scan was stopped: %', run.this_run, ending
			USING ERRCODE = 'query_canceled',
				HINT = 'What it has found stays.  Another CALL with the same arguments goes on where it ended.';
	END IF;
	COMMIT;
	PERFORM pii.end_run();
END
$$;
COMMENT ON PROCEDURE pii.scan(text[], regclass[], text, integer, text[], text[], boolean, bigint, bigint, double precision, bigint, bigint, double precision) IS
'inspects tables one by one and stores what it finds in pii.scan_result, with a commit after each; skips what has not changed, goes on where a stopped run ended, ends within its budget, and records at its end who can read what was found';
REVOKE ALL ON PROCEDURE pii.scan(text[], regclass[], text, integer, text[], text[], boolean, bigint, bigint, double precision, bigint, bigint, double precision) FROM PUBLIC;
