
-- ---------------------------------------------------------------------------
-- Floor 6, policy: the end of a run, and what it leaves behind
-- ---------------------------------------------------------------------------

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
