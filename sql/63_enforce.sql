
-- ---------------------------------------------------------------------------
-- Floor 6, policy: the gate's judgement without the gate
-- ---------------------------------------------------------------------------

CREATE PROCEDURE pii.enforce(schemas text[] DEFAULT NULL, level text DEFAULT 'error')
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET jit = off
AS $$
DECLARE
	found pii.violations[];
	looked record;
BEGIN
	PERFORM pii.check_scan_arguments(schemas, NULL, 'auto', NULL);
	IF level IS NULL OR level NOT IN ('error', 'warning') THEN
		RAISE EXCEPTION 'unrecognized level: %', coalesce('"' || level || '"', 'NULL')
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Valid levels are "error" and "warning".';
	END IF;
	found := ARRAY(SELECT v FROM pii.violations v
		WHERE schemas IS NULL OR v.table_schema = ANY (schemas::name[]));
	PERFORM pii.raise_violations(found, level);
	IF found = '{}' THEN
		SELECT count(*) AS columns,
			count(*) FILTER (WHERE c.verdict IN ('pii', 'mixed')) AS tagged,
			count(*) FILTER (WHERE c.source = 'name') AS by_name
		INTO looked
		FROM pii.columns c
		WHERE schemas IS NULL OR c.table_schema = ANY (schemas::name[]);
		RAISE NOTICE 'no violations in % column%', looked.columns, CASE looked.columns WHEN 1 THEN '' ELSE 's' END
			USING DETAIL = format('With personal data: %s.  Judged by the name alone: %s.',
				looked.tagged, looked.by_name);
	END IF;
END
$$;
COMMENT ON PROCEDURE pii.enforce(text[], text) IS
'raises what is in pii.violations, for all schemas or those given, as one error or warning of SQLSTATE PII01: for a pipeline without the gate';

CREATE FUNCTION pii.run_ddl(sql text) RETURNS void
	AS 'MODULE_PATHNAME', 'pii_run_ddl' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.run_ddl(text) IS
'runs the statements of a text in the current transaction; runs none if one could not be rolled back with it';

-- Names are all there is to judge an empty table by.  One that the text has
-- filled is sampled, and its empty columns are left to their names.
CREATE FUNCTION pii.sample_new_tables(known oid[]) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	filled oid[];
	this_run bigint;
BEGIN
	filled := ARRAY(
		SELECT u.relation FROM pii.user_table u
		WHERE u.relkind <> 'f' AND NOT u.relispartition AND u.relation <> ALL (known)
			AND EXISTS (
				SELECT FROM (
					SELECT u.relation AS leaf
					UNION ALL
					SELECT relid FROM pg_partition_tree(u.relation)) l
				WHERE pg_relation_size(leaf) > 0));
	IF filled = '{}' THEN
		RETURN;
	END IF;
	INSERT INTO pii.scan_run (method, tables_total) VALUES ('sample', cardinality(filled))
	RETURNING run_id INTO this_run;
	PERFORM pii.scan_table(this_run, t, 'sample', NULL) FROM unnest(filled) t;
	DELETE FROM pii.scan_result WHERE run_id = this_run AND verdict = 'unknown';
END
$$;
COMMENT ON FUNCTION pii.sample_new_tables(oid[]) IS
'scans a sample of every table that holds something and is not among those known, for a transaction that will be rolled back';

-- pii.check_ddl, with the search path that the text is to run under.
CREATE FUNCTION pii.check_ddl_under(sql text, path text) RETURNS SETOF pii.violations
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
AS $$
DECLARE
	before pii.violations[];
	added pii.violations[];
	caller text := current_setting('role');
	session text := current_setting('session_authorization');
	known oid[];
	ran boolean := false;
BEGIN
	IF sql IS NULL THEN
		RAISE EXCEPTION 'sql must not be null'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF NOT pg_has_role((SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE') THEN
		RAISE EXCEPTION 'must be owner of database %', current_database()
			USING ERRCODE = 'insufficient_privilege';
	END IF;
	before := ARRAY(SELECT v FROM pii.violations v);
	known := ARRAY(SELECT relation FROM pii.user_table);
	BEGIN
		PERFORM set_config('search_path', path, true);
		PERFORM pii.run_ddl(sql);
		-- the text may have changed all of these
		PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
		IF current_setting('session_authorization') <> session THEN
			PERFORM set_config('session_authorization', session, true);
		END IF;
		IF current_setting('role') <> caller THEN
			PERFORM set_config('role', caller, true);
		END IF;
		IF to_regclass('pii.violations') IS NULL THEN
			RAISE EXCEPTION 'the migration drops extension "pg_pii", which is to judge it'
				USING ERRCODE = 'object_not_in_prerequisite_state';
		END IF;
		PERFORM pii.sample_new_tables(known);
		added := ARRAY(SELECT a FROM pii.violations_added(before, ARRAY(SELECT v FROM pii.violations v)) a);
		ran := true;
		RAISE EXCEPTION 'rolled back' USING ERRCODE = 'triggered_action_exception';
	EXCEPTION WHEN triggered_action_exception THEN
		IF NOT ran THEN
			RAISE;
		END IF;
	END;
	RETURN QUERY
		-- a view that the text made is gone
		SELECT (CASE WHEN a.via IS NULL OR EXISTS (SELECT FROM pg_class WHERE oid = a.via) THEN a
			ELSE jsonb_populate_record(a, '{"via": null}') END).*
		FROM unnest(added) a
		ORDER BY a.table_schema, a.table_name, a.attnum, a.severity DESC,
			a.grantee COLLATE "C", a.path COLLATE "C";
END
$$;
COMMENT ON FUNCTION pii.check_ddl_under(text, text) IS
'pii.check_ddl, with the search path that the text is to run under';

-- No SET here: the caller's search path is the one that the text runs under.
CREATE FUNCTION pii.check_ddl(sql text) RETURNS SETOF pii.violations
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $$
	SELECT * FROM pii.check_ddl_under(sql, pg_catalog.current_setting('search_path'))
$$;
COMMENT ON FUNCTION pii.check_ddl(text) IS
'runs a migration, rolls it back, and returns the violations that it would leave and that are not there now';

REVOKE ALL ON FUNCTION
	pii.run_ddl(text),
	pii.sample_new_tables(oid[]),
	pii.check_ddl_under(text, text),
	pii.check_ddl(text)
FROM PUBLIC;
REVOKE ALL ON PROCEDURE pii.enforce(text[], text) FROM PUBLIC;
