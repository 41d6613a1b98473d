
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

CREATE FUNCTION pii.report_activity(activity text) RETURNS void
	AS 'MODULE_PATHNAME', 'pii_report_activity' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.report_activity(text) IS
'shows an activity behind the statement in pg_stat_activity, until the next statement';
REVOKE ALL ON FUNCTION pii.report_activity(text) FROM PUBLIC;

-- Violations that were there at the end of the last run: what is not here is
-- new.
CREATE TABLE pii.violation_seen (
	exposure_id uuid PRIMARY KEY,
	since_run bigint NOT NULL
);
COMMENT ON TABLE pii.violation_seen IS 'violations that the last run of pii.scan found';
COMMENT ON COLUMN pii.violation_seen.exposure_id IS 'exposure_id in pii.violations';
COMMENT ON COLUMN pii.violation_seen.since_run IS 'run that found it first';
REVOKE ALL ON pii.violation_seen FROM PUBLIC;

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

-- Refuse what pii.scan cannot do, before a run is recorded.
CREATE FUNCTION pii.check_scan_arguments(
	schemas text[],
	tables regclass[],
	method text,
	sample_rows integer,
	include text[] DEFAULT NULL,
	exclude text[] DEFAULT NULL
) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	missing text;
BEGIN
	PERFORM pii.check_method(method);
	IF sample_rows < 1 THEN
		RAISE EXCEPTION 'sample_rows must be greater than zero'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF array_position(schemas, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'schemas must not contain null values'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	SELECT s INTO missing FROM unnest(schemas) s
	WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = s)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'schema "%" does not exist', missing
			USING ERRCODE = 'invalid_schema_name';
	END IF;
	IF array_position(tables, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'tables must not contain null values'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF array_position(include, NULL) IS NOT NULL OR array_position(exclude, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'include and exclude must not contain null values'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF EXISTS (SELECT FROM unnest(include || exclude) pattern WHERE pattern ~ '^([^\\]|\\.)*\\$') THEN
		RAISE EXCEPTION 'a pattern of include or exclude must not end with a backslash'
			USING ERRCODE = 'invalid_escape_sequence';
	END IF;
END
$$;
COMMENT ON FUNCTION pii.check_scan_arguments(text[], regclass[], text, integer, text[], text[]) IS
'raises an error for arguments that pii.scan cannot serve';
REVOKE ALL ON FUNCTION pii.check_scan_arguments(text[], regclass[], text, integer, text[], text[]) FROM PUBLIC;

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

-- The exposures and violations that are there now, beside those that were when
-- a run last looked; and a notification if violations are new: their ids.  All
-- of them, whatever the run scanned: they come and go by GRANT.
CREATE FUNCTION pii.record_exposures(
	this_run bigint,
	OUT exposures bigint,
	OUT violations bigint,
	OUT new_violations bigint
)
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	present pii.exposure[];
	broken uuid[];
	fresh uuid[];
BEGIN
	-- asked once, which is what takes time; by EXECUTE, so that the session does
	-- not keep the plan, which is megabytes
	EXECUTE 'SELECT array_agg(j.exposure), array_agg((j.exposure).exposure_id) FILTER (WHERE j.breaks_policy)
		FROM pii.judged_exposure j'
	INTO present, broken;
	EXECUTE 'SELECT $1 || array_agg(v.exposure_id) FROM pii.unread_violation v'
	INTO broken USING broken;

	UPDATE pii.exposure_seen s
	SET closed_at = clock_timestamp(), closed_run = this_run
	WHERE s.closed_at IS NULL
		AND NOT EXISTS (SELECT FROM unnest(present) p WHERE p.exposure_id = s.exposure_id);
	UPDATE pii.exposure_seen s SET severity = p.severity
	FROM unnest(present) p
	WHERE p.exposure_id = s.exposure_id AND s.closed_at IS NULL AND p.severity <> s.severity;
	INSERT INTO pii.exposure_seen (exposure_id, opened_run, table_schema, table_name, column_name, grantee, path, severity)
	SELECT p.exposure_id, this_run, p.table_schema, p.table_name, p.column_name, p.grantee, p.path, p.severity
	FROM unnest(present) p
	ON CONFLICT (exposure_id) WHERE closed_at IS NULL DO NOTHING;

	DELETE FROM pii.violation_seen s WHERE s.exposure_id <> ALL (coalesce(broken, '{}'));
	WITH opened AS (
		INSERT INTO pii.violation_seen (exposure_id, since_run)
		SELECT id, this_run FROM unnest(broken) id
		ON CONFLICT DO NOTHING
		RETURNING exposure_id
	)
	SELECT array_agg(exposure_id ORDER BY exposure_id) INTO fresh FROM opened;

	exposures := coalesce(cardinality(present), 0);
	violations := coalesce(cardinality(broken), 0);
	new_violations := coalesce(cardinality(fresh), 0);
	IF new_violations > 0 THEN
		-- as many ids as a notification has room for
		PERFORM pg_notify('pii', jsonb_build_object('run', this_run, 'violations', violations,
			'new_violations', new_violations, 'exposure_ids', fresh[1:100])::text);
	END IF;
END
$$;
COMMENT ON FUNCTION pii.record_exposures(bigint) IS
'records for a run which exposures have opened and closed and which of them break the policy, and notifies channel pii if violations are new';
REVOKE ALL ON FUNCTION pii.record_exposures(bigint) FROM PUBLIC;

-- Who can read what hangs on the catalogs, on what pg_pii keeps besides what
-- scans found, on two settings and the day.  As long as none of that has
-- changed, and no table, there is no need to ask again.
CREATE FUNCTION pii.exposure_mark() RETURNS bigint
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN count(*) = count(m.mark)
		THEN hashtextextended(concat_ws('|', bit_xor(hashint8extended(m.mark, m.oid::bigint)), current_date,
			current_setting('pii.trusted_roles'), current_setting('pii.default_region')), 0) END
	FROM (
		SELECT c.oid, pii.table_mark(c.oid) AS mark
		FROM pg_class c
		WHERE c.relkind = 'r'
			AND (c.relnamespace = 'pg_catalog'::regnamespace
				AND c.relname NOT IN ('pg_statistic', 'pg_statistic_ext_data', 'pg_largeobject', 'pg_shdepend')
				OR c.relnamespace = 'pii'::regnamespace
				AND c.relname NOT IN ('scan_run', 'scan_result', 'scanned_table'))
		OFFSET 0) m
$$;
COMMENT ON FUNCTION pii.exposure_mark() IS
'hash over everything that exposures and violations come from, other than the tables themselves; NULL if a catalog is locked';
REVOKE ALL ON FUNCTION pii.exposure_mark() FROM PUBLIC;

-- The run before, if it saw the same: nothing was to be scanned in the whole
-- database since, and the mark is the same.
CREATE FUNCTION pii.same_as_before(run pii.scan_run, mark bigint) RETURNS pii.scan_run
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT b.*
	FROM (
		SELECT r.* FROM pii.scan_run r
		WHERE r.run_id < run.run_id AND r.exposures IS NOT NULL
		ORDER BY r.run_id DESC LIMIT 1) b
	WHERE b.exposure_mark = mark
		AND run.tables_total = 0
		AND NOT run.arguments ?| '{schemas,tables,include,exclude}'
		-- and nothing was scanned in between
		AND NOT EXISTS (SELECT FROM pii.scan_result s WHERE s.run_id > b.run_id)
$$;
COMMENT ON FUNCTION pii.same_as_before(pii.scan_run, bigint) IS
'the last run that recorded exposures, if they must be the same now; else NULL';
REVOKE ALL ON FUNCTION pii.same_as_before(pii.scan_run, bigint) FROM PUBLIC;

-- Mark the results of columns that are gone, and forget what is older than
-- pii.retention.  What stays: of each column that is there the newest result by
-- each method, of which pii.columns chooses; and the runs that left something.
CREATE FUNCTION pii.prune_history() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	oldest timestamptz := now() - nullif(current_setting('pii.retention'), '')::interval;
BEGIN
	UPDATE pii.scan_result r SET gone_at = clock_timestamp()
	WHERE r.gone_at IS NULL
		AND NOT EXISTS (SELECT FROM pg_attribute a
			WHERE a.attrelid = r.relation AND a.attnum = r.attnum AND NOT a.attisdropped);
	DELETE FROM pii.scanned_table s
	WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = s.relation);
	IF oldest IS NULL THEN
		RETURN;
	END IF;
	DELETE FROM pii.scan_result r
	WHERE r.scanned_at < oldest
		AND (r.gone_at < oldest
			OR (r.gone_at IS NULL AND EXISTS (
				SELECT FROM pii.scan_result n
				WHERE n.relation = r.relation AND n.attnum = r.attnum
					AND n.method = r.method
					AND (n.error IS NULL OR r.error IS NOT NULL)
					AND n.run_id > r.run_id)));
	DELETE FROM pii.exposure_seen e WHERE e.closed_at < oldest;
	DELETE FROM pii.scan_run r
	WHERE r.started_at < oldest
		AND NOT EXISTS (SELECT FROM pii.scan_result s WHERE s.run_id = r.run_id)
		AND NOT EXISTS (SELECT FROM pii.scanned_table t WHERE t.run_id = r.run_id);
END
$$;
COMMENT ON FUNCTION pii.prune_history() IS
'forgets results, exposures and runs older than pii.retention, but never the newest result of a column';
REVOKE ALL ON FUNCTION pii.prune_history() FROM PUBLIC;

-- Whether the caller may do what the end of a run takes, besides scanning.
CREATE FUNCTION pii.may_close_run() RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT pii.has_privileges('pii.judged_exposure', '{SELECT}')
		AND pii.has_privileges('pii.unread_violation', '{SELECT}')
		AND pii.has_privileges('pii.exposure_seen', '{SELECT,INSERT,UPDATE,DELETE}')
		AND pii.has_privileges('pii.violation_seen', '{SELECT,INSERT,DELETE}')
		AND pii.has_privileges('pii.scanned_table', '{SELECT,DELETE}')
		AND pii.has_privileges('pii.scan_result', '{SELECT,UPDATE,DELETE}')
		AND pii.has_privileges('pii.scan_run', '{SELECT,UPDATE,DELETE}')
$$;
COMMENT ON FUNCTION pii.may_close_run() IS
'whether the caller may record exposures and prune the history';
REVOKE ALL ON FUNCTION pii.may_close_run() FROM PUBLIC;

-- The end of a run that went through its tables.  What fails here is said, but
-- takes nothing away from what was scanned.
CREATE FUNCTION pii.close_run(this_run bigint, outcome text) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	-- compiling the exposure view takes longer than answering it
	SET jit = off
AS $$
DECLARE
	run pii.scan_run;
	mark bigint;
	recorded record;
BEGIN
	PERFORM pii.report_activity('pg_pii: who can read what was found');
	IF pii.may_close_run() THEN
		BEGIN
			PERFORM pii.prune_history();
			SELECT * INTO run FROM pii.scan_run r WHERE r.run_id = this_run;
			mark := pii.exposure_mark();
			SELECT b.exposures::bigint, b.violations::bigint, 0::bigint AS new_violations INTO recorded
			FROM pii.same_as_before(run, mark) b
			WHERE b.run_id IS NOT NULL;
			IF NOT FOUND THEN
				SELECT * INTO recorded FROM pii.record_exposures(this_run);
				-- what was recorded just now is part of it
				mark := pii.exposure_mark();
			END IF;
			UPDATE pii.scan_run SET exposures = recorded.exposures, violations = recorded.violations,
				new_violations = recorded.new_violations, exposure_mark = mark
			WHERE run_id = this_run;
		EXCEPTION WHEN OTHERS THEN
			RAISE WARNING 'exposures could not be recorded: %', pii.describe_error(SQLSTATE);
		END;
	END IF;
	UPDATE pii.scan_run SET outcome = close_run.outcome,
		finished_at = clock_timestamp(), current_table = NULL
	WHERE run_id = this_run;
	PERFORM pii.report_activity(NULL);
END
$$;
COMMENT ON FUNCTION pii.close_run(bigint, text) IS
'ends a run: exposures are recorded, old history is forgotten, violations are notified';
REVOKE ALL ON FUNCTION pii.close_run(bigint, text) FROM PUBLIC;

-- The end of a run that was stopped.  A time-out and a cancel have one
-- SQLSTATE, and messages in the language of the server; the clock tells.
CREATE FUNCTION pii.stop_run(this_run bigint) RETURNS text
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	UPDATE pii.scan_run
	SET outcome = CASE WHEN clock_timestamp() >= statement_timestamp() + t.setting
			AND t.setting > '0' THEN 'timed out' ELSE 'canceled' END,
		current_table = NULL
	FROM (SELECT make_interval(secs => setting::float8 / 1000) FROM pg_settings
		WHERE name = 'statement_timeout') t (setting)
	WHERE run_id = this_run
	RETURNING outcome
$$;
COMMENT ON FUNCTION pii.stop_run(bigint) IS
'records that a run was stopped, and tells whether by a time-out or a cancel';
REVOKE ALL ON FUNCTION pii.stop_run(bigint) FROM PUBLIC;

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
