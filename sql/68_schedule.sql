
-- ---------------------------------------------------------------------------
-- Floor 6, policy: runs at set times, by pg_cron
-- ---------------------------------------------------------------------------

-- The statement of a job.  One CALL and nothing else: a procedure that commits
-- must be alone in its string.
CREATE FUNCTION pii.scan_command(arguments jsonb) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format('CALL pii.scan(%s)', coalesce(string_agg(format('%s => %s', a.name,
		CASE jsonb_typeof(a.value)
			WHEN 'array' THEN quote_literal(ARRAY(SELECT jsonb_array_elements_text(a.value))::text)
			WHEN 'string' THEN quote_literal(a.value #>> '{}')
			ELSE a.value #>> '{}' END), ', ' ORDER BY a.place), ''))
	FROM unnest('{schemas,method,sample_rows,include,exclude,max_seconds}'::text[]) WITH ORDINALITY n (name, place)
	JOIN LATERAL (SELECT n.name, n.place, arguments -> n.name AS value) a ON a.value <> 'null'
$$;
COMMENT ON FUNCTION pii.scan_command(jsonb) IS 'the CALL of pii.scan with these arguments';
REVOKE ALL ON FUNCTION pii.scan_command(jsonb) FROM PUBLIC;

-- Of one server all databases share the names of jobs.
CREATE FUNCTION pii.schedule(
	cron text,
	schemas text[] DEFAULT NULL,
	method text DEFAULT 'auto',
	sample_rows integer DEFAULT NULL,
	include text[] DEFAULT NULL,
	exclude text[] DEFAULT NULL,
	max_seconds double precision DEFAULT NULL,
	job_name text DEFAULT 'pg_pii_' || pg_catalog.current_database()
) RETURNS bigint
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	command text;
	statement text;
BEGIN
	IF cron IS NULL OR job_name IS NULL THEN
		RAISE EXCEPTION 'cron and job_name must not be null'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	PERFORM pii.check_scan_arguments(schemas, NULL, method, sample_rows, include, exclude),
		pii.check_limits(jsonb_build_object('max_seconds', max_seconds));
	command := pii.scan_command(jsonb_build_object('schemas', schemas, 'method', nullif(method, 'auto'),
		'sample_rows', sample_rows, 'include', include, 'exclude', exclude, 'max_seconds', max_seconds));
	-- only superusers may name a database, unless granted
	statement := CASE WHEN pii.cron_is_here()
		THEN format('SELECT cron.schedule(%L, %L, %L)', job_name, cron, command)
		ELSE format('SELECT cron.schedule_in_database(%L, %L, %L, %L)', job_name, cron, command, current_database()) END;
	PERFORM pii.require_cron(statement);
	RETURN (SELECT j.value::bigint FROM pii.ask_cron(statement) a, jsonb_each_text(a) j);
END
$$;
COMMENT ON FUNCTION pii.schedule(text, text[], text, integer, text[], text[], double precision, text) IS
'lets pg_cron call pii.scan in this database at the times of a cron expression; returns the number of the job. A job of the same name is replaced';
REVOKE ALL ON FUNCTION pii.schedule(text, text[], text, integer, text[], text[], double precision, text) FROM PUBLIC;

CREATE FUNCTION pii.unschedule(job_name text DEFAULT 'pg_pii_' || pg_catalog.current_database()) RETURNS boolean
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	statement text := format('SELECT cron.unschedule(jobid) FROM cron.job WHERE jobname = %L AND username = current_user', job_name);
BEGIN
	PERFORM pii.require_cron(statement);
	RETURN EXISTS (SELECT FROM pii.ask_cron(statement));
END
$$;
COMMENT ON FUNCTION pii.unschedule(text) IS
'ends a job of pii.schedule; false if the caller has none of that name';
REVOKE ALL ON FUNCTION pii.unschedule(text) FROM PUBLIC;

-- In another database than pg_cron's only what concerns that one, by dblink;
-- without it there is nothing to see.
CREATE FUNCTION pii.list_jobs(
	OUT job_id bigint,
	OUT job_name text,
	OUT cron text,
	OUT command text,
	OUT database text,
	OUT username text,
	OUT active boolean,
	OUT last_status text,
	OUT last_start timestamptz,
	OUT last_end timestamptz,
	OUT last_message text
) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT pii.reaches_cron() THEN
		RETURN;
	END IF;
	RETURN QUERY
		SELECT r.*
		FROM pii.ask_cron(format($query$
			SELECT j.jobid AS job_id, j.jobname AS job_name, j.schedule AS cron, j.command, j.database, j.username,
				j.active, d.status AS last_status, d.start_time AS last_start, d.end_time AS last_end,
				d.return_message AS last_message
			FROM cron.job j
			LEFT JOIN LATERAL (
				SELECT * FROM cron.job_run_details r
				WHERE r.jobid = j.jobid
				ORDER BY r.runid DESC LIMIT 1) d ON true
			WHERE j.command ~* '^\s*CALL\s+pii\.scan' AND (%L OR j.database = %L)
			$query$, pii.cron_is_here(), current_database())) a
		CROSS JOIN LATERAL jsonb_to_record(a) AS r (job_id bigint, job_name text, cron text, command text,
			database text, username text, active boolean, last_status text,
			last_start timestamptz, last_end timestamptz, last_message text)
		ORDER BY r.job_id;
EXCEPTION WHEN undefined_table OR invalid_schema_name THEN
	-- pg_cron is loaded, but not installed there
	RETURN;
END
$$;
COMMENT ON FUNCTION pii.list_jobs() IS 'the rows of pii.jobs';
REVOKE ALL ON FUNCTION pii.list_jobs() FROM PUBLIC;

CREATE VIEW pii.jobs AS
SELECT * FROM pii.list_jobs();
COMMENT ON VIEW pii.jobs IS
'jobs of pg_cron that call pii.scan, and how each went last: in its own database those of all databases, elsewhere, by dblink, those of that one; empty without';
COMMENT ON COLUMN pii.jobs.job_id IS 'number of the job';
COMMENT ON COLUMN pii.jobs.job_name IS 'name of the job';
COMMENT ON COLUMN pii.jobs.cron IS 'when it runs';
COMMENT ON COLUMN pii.jobs.command IS 'what it runs';
COMMENT ON COLUMN pii.jobs.database IS 'database it runs in';
COMMENT ON COLUMN pii.jobs.username IS 'role it runs as';
COMMENT ON COLUMN pii.jobs.active IS 'whether it runs at all';
COMMENT ON COLUMN pii.jobs.last_status IS 'how it went last: succeeded, failed, running ...';
COMMENT ON COLUMN pii.jobs.last_start IS 'when it last began';
COMMENT ON COLUMN pii.jobs.last_end IS 'when it last ended';
COMMENT ON COLUMN pii.jobs.last_message IS 'what the server said then';
REVOKE ALL ON pii.jobs FROM PUBLIC;
