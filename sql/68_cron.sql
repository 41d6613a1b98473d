
-- ---------------------------------------------------------------------------
-- Floor 6, policy: the database where pg_cron keeps its jobs
-- ---------------------------------------------------------------------------

-- pg_cron is no requirement, and its functions are in one database of the
-- server.  From the others the way there is dblink, no requirement either: what
-- there is of both is looked up when it is asked for.

CREATE FUNCTION pii.cron_is_here() RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT to_regprocedure('cron.schedule(text,text,text)') IS NOT NULL
$$;
COMMENT ON FUNCTION pii.cron_is_here() IS 'whether the functions of pg_cron are in this database';
REVOKE ALL ON FUNCTION pii.cron_is_here() FROM PUBLIC;

-- Of the extension, not of whoever names a function so.
CREATE FUNCTION pii.dblink_schema() RETURNS name
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT n.nspname
	FROM pg_extension e
	JOIN pg_namespace n ON n.oid = e.extnamespace
	WHERE e.extname = 'dblink'
$$;
COMMENT ON FUNCTION pii.dblink_schema() IS 'where the functions of dblink are; null if they are not in this database';
REVOKE ALL ON FUNCTION pii.dblink_schema() FROM PUBLIC;

-- A view of jobs shows none where this is false; pii.require_cron() says why.
-- The setting is hidden from a role that may not read all of them.
CREATE FUNCTION pii.reaches_cron() RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT pii.cron_is_here()
		OR pii.dblink_schema() IS NOT NULL
			AND EXISTS (SELECT FROM pg_settings
				WHERE name = 'cron.database_name' AND setting <> current_database())
$$;
COMMENT ON FUNCTION pii.reaches_cron() IS 'whether pg_cron is here, or there is a way to where it is';
REVOKE ALL ON FUNCTION pii.reaches_cron() FROM PUBLIC;

-- Raise an error that says what to do, unless there is a way.
CREATE FUNCTION pii.require_cron(remedy text) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	place text;
BEGIN
	IF pii.reaches_cron() THEN
		RETURN;
	END IF;
	place := current_setting('cron.database_name', true);
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
			HINT = format(E'Run this there:\n%s;\nOr let pg_pii do so from here: CREATE EXTENSION dblink;', remedy);
END
$$;
COMMENT ON FUNCTION pii.require_cron(text) IS
'raises an error that says where pg_cron is and what to run there, unless it is here or dblink leads to it';
REVOKE ALL ON FUNCTION pii.require_cron(text) FROM PUBLIC;

-- To this very server, as the caller.  What is not said here libpq would take
-- from the environment of the server.  A wait over there cannot be cancelled
-- from here, so it has an end of its own.
CREATE FUNCTION pii.cron_connection() RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT string_agg(format($q$%s='%s'$q$, keyword, regexp_replace(value, $q$['\\]$q$, $q$\\\&$q$, 'g')), ' ')
	FROM (
		-- the first of a list of names, each of which may be in double quotes
		SELECT (regexp_match(current_setting('unix_socket_directories'), $q$^\s*(?:"((?:[^"]|"")*)"|([^",]*[^",\s]))$q$))
	) d (first)
	CROSS JOIN LATERAL (
		SELECT coalesce(replace(first[1], '""', '"'), first[2]) AS socket
	) s
	CROSS JOIN LATERAL (VALUES
		('host', CASE WHEN s.socket ~ '^[/@]' THEN s.socket
			ELSE coalesce(current_setting('data_directory') || '/' || s.socket, 'localhost') END),
		('port', current_setting('port')),
		('dbname', current_setting('cron.database_name')),
		('user', current_user::text),
		('application_name', 'pg_pii'),
		('connect_timeout', '10'),
		('options', '-c search_path=pg_catalog,pg_temp -c statement_timeout=10s')
	) c (keyword, value)
$$;
COMMENT ON FUNCTION pii.cron_connection() IS 'connection string to where pg_cron keeps its jobs';
REVOKE ALL ON FUNCTION pii.cron_connection() FROM PUBLIC;

-- The connection would stay until the end of the session; one that a cancelled
-- call has left is in the way of the next.
CREATE FUNCTION pii.leave_cron() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	EXECUTE format('SELECT %1$I.dblink_disconnect($1) WHERE $1 = ANY (%1$I.dblink_get_connections())',
		pii.dblink_schema()) USING 'pg_pii'::text;
END
$$;
COMMENT ON FUNCTION pii.leave_cron() IS 'closes the connection to where pg_cron keeps its jobs, if it is open';
REVOKE ALL ON FUNCTION pii.leave_cron() FROM PUBLIC;

-- dblink_connect() takes from others than superusers only connections with a
-- password, which there is none to give; dblink_connect_u() takes them from
-- those who may call it, and leaves the decision to pg_hba.conf.
CREATE FUNCTION pii.ask_cron_elsewhere(statement text) RETURNS SETOF jsonb
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	connection constant text := 'pg_pii';
	place name := pii.dblink_schema();
	problem text;
BEGIN
	PERFORM pii.leave_cron();
	EXECUTE format('SELECT %I.%I($1, $2)', place,
		CASE WHEN has_function_privilege(format('%I.dblink_connect_u(text, text)', place), 'EXECUTE')
			THEN 'dblink_connect_u' ELSE 'dblink_connect' END)
	USING connection, pii.cron_connection();
	RETURN QUERY EXECUTE format('SELECT r.row FROM %I.dblink($1, $2) AS r (row jsonb)', place)
	USING connection, format('SELECT to_jsonb(r) FROM (%s) r', statement);
	PERFORM pii.leave_cron();
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS problem = PG_EXCEPTION_DETAIL;
	PERFORM pii.leave_cron();
	RAISE EXCEPTION '%', SQLERRM
		USING ERRCODE = SQLSTATE,
			DETAIL = coalesce(nullif(problem, ''), format('It came by dblink, as role "%s".', current_user)),
			HINT = format(E'What was to run in database "%s":\n%s;', current_setting('cron.database_name'), statement);
END
$$;
COMMENT ON FUNCTION pii.ask_cron_elsewhere(text) IS
'the rows of a statement, run by dblink where pg_cron keeps its jobs; an error holds the statement, to run it by hand';
REVOKE ALL ON FUNCTION pii.ask_cron_elsewhere(text) FROM PUBLIC;

CREATE FUNCTION pii.ask_cron(statement text) RETURNS SETOF jsonb
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF pii.cron_is_here() THEN
		RETURN QUERY EXECUTE format('SELECT to_jsonb(r) FROM (%s) r', statement);
	ELSE
		RETURN QUERY SELECT pii.ask_cron_elsewhere(statement);
	END IF;
END
$$;
COMMENT ON FUNCTION pii.ask_cron(text) IS 'the rows of a statement, run where pg_cron keeps its jobs';
REVOKE ALL ON FUNCTION pii.ask_cron(text) FROM PUBLIC;
