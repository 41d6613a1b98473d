
-- ---------------------------------------------------------------------------
-- Floor 6, policy: runs at set times, by pg_cron
-- ---------------------------------------------------------------------------

-- pg_cron is no requirement, and its functions are in one database of the
-- server: all of it is looked up when it is asked for.

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

-- Raise an error that says what to do, unless the functions of pg_cron are in
-- this database.
CREATE FUNCTION pii.require_cron(remedy text) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	place text := current_setting('cron.database_name', true);
BEGIN
	IF to_regprocedure('cron.schedule(text,text,text)') IS NOT NULL THEN
		RETURN;
	END IF;
	IF place IS NULL THEN
		RAISE EXCEPTION 'pg_cron is not loaded in this server'
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = 'Add pg_cron to shared_preload_libraries and restart, or let another scheduler run: psql -c "CALL pii.scan()".';
	ELSIF place = current_database() THEN
		RAISE EXCEPTION 'extension "pg_cron" is not installed in this database'
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = 'Run: CREATE EXTENSION pg_cron;';
	END IF;
	RAISE EXCEPTION 'the jobs of pg_cron are kept in database "%"', place
		USING ERRCODE = 'object_not_in_prerequisite_state',
			HINT = format(E'Run this there:\n%s', remedy);
END
$$;
COMMENT ON FUNCTION pii.require_cron(text) IS
'raises an error that says where pg_cron is and what to run there, unless it is here';
REVOKE ALL ON FUNCTION pii.require_cron(text) FROM PUBLIC;

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
	job bigint;
BEGIN
	IF cron IS NULL OR job_name IS NULL THEN
		RAISE EXCEPTION 'cron and job_name must not be null'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	PERFORM pii.check_scan_arguments(schemas, NULL, method, sample_rows, include, exclude),
		pii.check_limits(jsonb_build_object('max_seconds', max_seconds));
	command := pii.scan_command(jsonb_build_object('schemas', schemas, 'method', nullif(method, 'auto'),
		'sample_rows', sample_rows, 'include', include, 'exclude', exclude, 'max_seconds', max_seconds));
	PERFORM pii.require_cron(format('SELECT cron.schedule_in_database(%L, %L, %L, %L);',
		job_name, cron, command, current_database()));
	EXECUTE 'SELECT cron.schedule($1, $2, $3)' INTO job USING job_name, cron, command;
	RETURN job;
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
	job bigint;
BEGIN
	PERFORM pii.require_cron(format('SELECT cron.unschedule(%L);', job_name));
	EXECUTE 'SELECT jobid FROM cron.job WHERE jobname = $1 AND username = current_user'
	INTO job USING job_name;
	IF job IS NULL THEN
		RETURN false;
	END IF;
	EXECUTE 'SELECT cron.unschedule($1)' USING job;
	RETURN true;
END
$$;
COMMENT ON FUNCTION pii.unschedule(text) IS
'ends a job of pii.schedule; false if the caller has none of that name';
REVOKE ALL ON FUNCTION pii.unschedule(text) FROM PUBLIC;

-- In another database than pg_cron's there is nothing to see.
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
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF to_regclass('cron.job') IS NULL THEN
		RETURN;
	END IF;
	RETURN QUERY EXECUTE $query$
		SELECT j.jobid, j.jobname::text, j.schedule, j.command, j.database, j.username, j.active,
			d.status, d.start_time, d.end_time, d.return_message
		FROM cron.job j
		LEFT JOIN LATERAL (
			SELECT * FROM cron.job_run_details r
			WHERE r.jobid = j.jobid
			ORDER BY r.runid DESC LIMIT 1) d ON true
		WHERE j.command ~* '^\s*CALL\s+pii\.scan'
		ORDER BY j.jobid
	$query$;
END
$$;
COMMENT ON FUNCTION pii.list_jobs() IS 'the rows of pii.jobs';
REVOKE ALL ON FUNCTION pii.list_jobs() FROM PUBLIC;

CREATE VIEW pii.jobs AS
SELECT * FROM pii.list_jobs();
COMMENT ON VIEW pii.jobs IS
'jobs of pg_cron that call pii.scan, in this database and others, and how each went last; empty outside the database of pg_cron';
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
