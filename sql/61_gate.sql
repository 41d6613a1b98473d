
-- ---------------------------------------------------------------------------
-- Floor 6, policy: the gate
-- ---------------------------------------------------------------------------

-- The event trigger notes what DDL touched; the deferred trigger on the queue
-- judges it when the transaction commits.
--
-- What must stay true:
-- 1. Nothing but what this transaction introduced makes it fail.
-- 2. In the mode "warn" nothing here fails a transaction.
-- 3. The event trigger is no member of the extension: a restore runs the
--    whole of a dump before it stands.

-- Rows never outlive their transaction: nothing is lost with a crash.
CREATE UNLOGGED TABLE pii.gate_queue (
	transaction xid8,
	class oid,
	object oid,
	command text,
	PRIMARY KEY (transaction, class, object, command)
);
COMMENT ON TABLE pii.gate_queue IS
'what the DDL of running transactions touched; empty in between';
COMMENT ON COLUMN pii.gate_queue.transaction IS 'the transaction';
COMMENT ON COLUMN pii.gate_queue.class IS 'catalog that the object is in';
COMMENT ON COLUMN pii.gate_queue.object IS 'OID of the object';
COMMENT ON COLUMN pii.gate_queue.command IS 'tag of the command that touched it';
REVOKE ALL ON pii.gate_queue FROM PUBLIC;

-- Who can read a table may depend on the tables that stand beside it in a view.
CREATE FUNCTION pii.gate_relations() RETURNS oid[]
	LANGUAGE sql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH RECURSIVE queued AS (
		SELECT class, object FROM pii.gate_queue WHERE transaction = pg_current_xact_id_if_assigned()
	), function AS (
		SELECT object AS function FROM queued WHERE class = 'pg_proc'::regclass
		UNION
		SELECT p.oid FROM queued q JOIN pg_proc p ON p.pronamespace = q.object
		WHERE q.class = 'pg_namespace'::regclass AND p.prosecdef
	), touched AS (
		SELECT object AS relation FROM queued WHERE class = 'pg_class'::regclass
		UNION
		SELECT c.oid FROM queued q JOIN pg_class c ON c.relnamespace = q.object
		WHERE q.class = 'pg_namespace'::regclass AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
		UNION
		SELECT t.relid FROM queued q
		JOIN pg_publication p ON q.class = 'pg_publication'::regclass AND p.oid = q.object
		CROSS JOIN LATERAL pg_get_publication_tables(p.pubname) t
		UNION
		SELECT r.prrelid FROM queued q
		JOIN pg_publication_rel r ON q.class = 'pg_publication_rel'::regclass AND r.oid = q.object
		UNION
		SELECT c.oid FROM queued q
		JOIN pg_publication_namespace n ON q.class = 'pg_publication_namespace'::regclass AND n.oid = q.object
		JOIN pg_class c ON c.relnamespace = n.pnnspid AND c.relkind IN ('r', 'p')
		UNION
		-- columns of a domain, tables of a composite type
		SELECT a.attrelid FROM queued q
		JOIN pg_attribute a ON q.class = 'pg_type'::regclass AND a.atttypid = q.object AND a.attnum > 0
		UNION
		SELECT c.oid FROM queued q
		JOIN pg_type t ON q.class = 'pg_type'::regclass AND t.oid = q.object
			OR q.class = 'pg_class'::regclass AND t.typrelid = q.object
		JOIN pg_class c ON c.reloftype = t.oid
		UNION
		-- what a function names, or returns rows of
		SELECT CASE d.refclassid WHEN 'pg_class'::regclass THEN d.refobjid ELSE t.typrelid END
		FROM function f
		JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = f.function
		LEFT JOIN pg_type t ON d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid
		WHERE d.refclassid = 'pg_class'::regclass OR t.typrelid <> 0
	), carrier AS (
		-- what could repeat what they hold: as pii.direct_carriers, seen from
		-- the other side
		SELECT relation, false AS is_parent FROM touched
		UNION
		SELECT n.relation, n.is_parent
		FROM carrier c
		CROSS JOIN LATERAL (
			SELECT i.inhrelid, false FROM pg_inherits i
			WHERE i.inhparent = c.relation AND NOT c.is_parent
			UNION ALL
			SELECT i.inhparent, true FROM pg_inherits i WHERE i.inhrelid = c.relation
			UNION ALL
			SELECT k.conrelid, false
			FROM pg_depend d
			JOIN pg_constraint k ON k.oid = d.objid
			WHERE d.classid = 'pg_constraint'::regclass
				AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.relation
				AND k.contype = 'f' AND k.confrelid = c.relation
		) n (relation, is_parent)
	), above AS (
		SELECT relation FROM carrier
		UNION
		SELECT d.view FROM above a JOIN pii.dependent_view d ON d.relation = a.relation
	), around AS (
		SELECT relation FROM above
		UNION
		SELECT d.relation FROM around a JOIN pii.dependent_view d ON d.view = a.relation
	)
	SELECT coalesce(array_agg(u.relation), '{}')
	FROM pii.user_table u
	WHERE u.relation IN (SELECT relation FROM around)
$$;
COMMENT ON FUNCTION pii.gate_relations() IS
'the tables that the DDL of this transaction may have changed something for: those it touched, what repeats what they hold, and those they share views with';
REVOKE ALL ON FUNCTION pii.gate_relations() FROM PUBLIC;

-- To say what a column holds must always be possible: it exposes nothing that
-- was not exposed.  To take back what a waiver accepted is no such label.
CREATE FUNCTION pii.merely_labelled(introduced pii.violations[]) RETURNS uuid[]
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	labelled oid[];
BEGIN
	SELECT array_agg(DISTINCT v.relation) INTO labelled
	FROM unnest(introduced) v
	JOIN pg_class c ON c.oid = v.relation
	WHERE (pii.parse_label(v.evidence)).tag IS NOT NULL
		AND v.waived_until IS NULL
		-- the label of a partition may be that of a table above it
		AND EXISTS (
			SELECT FROM pii.gate_queue q
			WHERE q.transaction = pg_current_xact_id_if_assigned()
				AND q.class = 'pg_class'::regclass AND q.command = 'SECURITY LABEL'
				AND (q.object = v.relation
					OR q.object IN (SELECT relid FROM pg_partition_ancestors(v.relation))))
		-- who could look into the schema before, is not known now
		AND NOT EXISTS (
			SELECT FROM pii.gate_queue q
			WHERE q.transaction = pg_current_xact_id_if_assigned()
				AND q.class = 'pg_namespace'::regclass AND q.object = c.relnamespace);
	IF labelled IS NULL THEN
		RETURN '{}';
	END IF;
	RETURN ARRAY(
		WITH reader AS MATERIALIZED (
			SELECT * FROM pii.readers_before(labelled)
		)
		SELECT v.exposure_id
		FROM unnest(introduced) v
		LEFT JOIN pg_roles g ON g.rolname = v.grantee AND v.grantee <> 'PUBLIC'
		WHERE v.relation = ANY (labelled)
			AND v.waived_until IS NULL
			AND EXISTS (
				SELECT FROM reader r
				WHERE r.relation = v.relation AND r.attnum = v.attnum
					AND r.label IS DISTINCT FROM v.evidence
					AND NOT r.waived
					AND (v.protection IS NOT NULL OR NOT r.row_security)
					AND r.via IS NOT DISTINCT FROM v.via::oid
					AND (r.role = coalesce(g.oid, 0)
						OR v.path ~ '^(via )?set role ' AND r.role IN (
							SELECT m.role FROM pii.role_reach m WHERE m.member = g.oid AND m.sets))));
END
$$;
COMMENT ON FUNCTION pii.merely_labelled(pii.violations[]) IS
'those of the violations, by exposure_id, that this transaction only made known by a label: the column was as readable before';
REVOKE ALL ON FUNCTION pii.merely_labelled(pii.violations[]) FROM PUBLIC;

-- A table that was filled as it was made holds what its columns' names may not
-- tell.  What cannot be read is judged by its name, and said to be.
CREATE FUNCTION pii.gate_sample() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	filled oid[];
	run bigint;
	target oid;
	outcome record;
BEGIN
	SELECT array_agg(DISTINCT u.relation ORDER BY u.relation) INTO filled
	FROM pii.gate_queue q
	JOIN pii.user_table u ON u.relation = q.object
	WHERE q.transaction = pg_current_xact_id_if_assigned()
		AND q.class = 'pg_class'::regclass
		AND q.command IN ('CREATE TABLE AS', 'SELECT INTO', 'CREATE MATERIALIZED VIEW',
			'REFRESH MATERIALIZED VIEW');
	IF filled IS NULL THEN
		RETURN;
	END IF;
	INSERT INTO pii.scan_run (method, sample_rows, tables_total)
	VALUES ('sample', 1000, cardinality(filled)) RETURNING run_id INTO run;
	FOREACH target IN ARRAY filled LOOP
		SELECT * INTO outcome FROM pii.scan_table(run, target, 'sample', 1000);
		IF outcome.failed THEN
			RAISE WARNING 'the gate cannot read "%": it is judged by the names of its columns', target::regclass;
		END IF;
		-- a name that suggests something is not refuted by nothing
		DELETE FROM pii.scan_result r
		WHERE r.run_id = run AND r.relation = target AND r.verdict = 'unknown';
		UPDATE pii.scan_run s
		SET tables_done = s.tables_done + 1,
			tables_failed = s.tables_failed + outcome.failed::integer,
			rows_read = s.rows_read + outcome.rows_read,
			finished_at = clock_timestamp()
		WHERE s.run_id = run;
	END LOOP;
END
$$;
COMMENT ON FUNCTION pii.gate_sample() IS
'samples the tables that this transaction made or refreshed with data, and keeps what was found as a scan does';
REVOKE ALL ON FUNCTION pii.gate_sample() FROM PUBLIC;

CREATE FUNCTION pii.gate_lock(class oid, objects oid[], shared boolean) RETURNS void
	AS 'MODULE_PATHNAME', 'pii_gate_lock' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.gate_lock(oid, oid[], boolean) IS
'makes other transactions that are judged for the same objects wait for the end of this one';
REVOKE ALL ON FUNCTION pii.gate_lock(oid, oid[], boolean) FROM PUBLIC;

-- Schemas first: who is let into one is let to the tables made meanwhile.
-- Thousands of tables are held by their schemas, for locks are not for free.
CREATE FUNCTION pii.gate_lock_all(relations oid[]) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	are_many boolean := cardinality(relations) > 1000;
BEGIN
	PERFORM pii.gate_lock('pg_namespace'::regclass, ARRAY[s.oid], s.shared)
	FROM (
		SELECT n.oid, NOT are_many AND NOT EXISTS (
			SELECT FROM pii.gate_queue q
			WHERE q.transaction = pg_current_xact_id_if_assigned()
				AND q.class = 'pg_namespace'::regclass AND q.object = n.oid) AS shared
		FROM pg_namespace n
		WHERE n.oid IN (SELECT c.relnamespace FROM pg_class c WHERE c.oid = ANY (relations))
		ORDER BY n.oid
		OFFSET 0
	) s;
	IF NOT are_many THEN
		PERFORM pii.gate_lock('pg_class'::regclass, ARRAY(SELECT unnest(relations) ORDER BY 1), false);
	END IF;
END
$$;
COMMENT ON FUNCTION pii.gate_lock_all(oid[]) IS
'holds tables, and the schemas they are in, until this transaction ends';
REVOKE ALL ON FUNCTION pii.gate_lock_all(oid[]) FROM PUBLIC;

-- Where the policy lets everyone read, the next table may be read.
CREATE FUNCTION pii.gate_defaults() RETURNS SETOF pii.default_exposure
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT e.*
	FROM pii.default_exposure e
	LEFT JOIN pii.policy s ON s.table_schema = e.table_schema
	LEFT JOIN pii.policy d ON d.table_schema IS NULL AND s.allowed IS NULL
	WHERE EXISTS (
			SELECT FROM pii.gate_queue
			WHERE transaction = pg_current_xact_id_if_assigned() AND class = 'pg_default_acl'::regclass)
		AND coalesce(s.no_exposure, d.no_exposure, true)
		AND NOT EXISTS (
			SELECT FROM pii.default_exposure_before() b
			WHERE b.table_schema IS NOT DISTINCT FROM e.table_schema
				AND b.creator = e.creator AND b.grantee = e.grantee)
	ORDER BY e.table_schema NULLS FIRST, e.creator::text COLLATE "C", e.grantee COLLATE "C"
$$;
COMMENT ON FUNCTION pii.gate_defaults() IS
'default privileges that this transaction introduced and that will let someone read the next table';
REVOKE ALL ON FUNCTION pii.gate_defaults() FROM PUBLIC;

-- Nothing is exposed yet: never more than a warning.
CREATE FUNCTION pii.warn_of_defaults(found pii.default_exposure[]) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT pii.raise('warning', 'default privileges will let others read the next tables',
		string_agg(format('%s will read the tables that %s creates %s.', f.grantee, f.creator,
			coalesce('in schema ' || quote_ident(f.table_schema), 'in any schema')), E'\n' ORDER BY f.number),
		E'The gate will refuse tables with personal data that are so readable.  Take it back, if it is not meant:\n  '
			|| string_agg(f.remedy, E'\n  ' ORDER BY f.number),
		'PII03')
	FROM unnest(found) WITH ORDINALITY f (table_schema, creator, grantee, remedy, number)
	WHERE f.number <= 20
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION pii.warn_of_defaults(pii.default_exposure[]) IS
'raises one warning of SQLSTATE PII03 about these default privileges, if there are any';
REVOKE ALL ON FUNCTION pii.warn_of_defaults(pii.default_exposure[]) FROM PUBLIC;

CREATE FUNCTION pii.gate_judge(
	OUT refused pii.violations[],
	OUT known pii.violations[],
	OUT opened pii.default_exposure[]
)
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	relations oid[] := pii.gate_relations();
	introduced pii.violations[];
	labelled uuid[];
BEGIN
	PERFORM pii.gate_lock_all(relations);
	PERFORM pii.gate_sample();
	introduced := ARRAY(SELECT v FROM pii.introduced(relations) v);
	labelled := pii.merely_labelled(introduced);
	SELECT array_agg(v) FILTER (WHERE v.exposure_id <> ALL (labelled)),
		array_agg(v) FILTER (WHERE v.exposure_id = ANY (labelled))
	INTO refused, known
	FROM unnest(introduced) v;
	opened := ARRAY(SELECT o FROM pii.gate_defaults() o);
	DELETE FROM pii.gate_queue WHERE transaction = pg_current_xact_id_if_assigned();
END
$$;
COMMENT ON FUNCTION pii.gate_judge() IS
'judges what the DDL of this transaction touched since it was judged last: violations that it introduced, those that it has merely made known, and default privileges that will lead to more';
REVOKE ALL ON FUNCTION pii.gate_judge() FROM PUBLIC;

-- All rows of the transaction are judged when the first one fires.  A failure
-- of the gate itself is told apart from what it is there for.
CREATE FUNCTION pii.gate_check() RETURNS trigger
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	-- what is compiled here runs once
	SET jit = off
AS $$
DECLARE
	mode text := current_setting('pii.gate');
	judged record;
	problem text;
	state text;
BEGIN
	IF NOT EXISTS (SELECT FROM pii.gate_queue WHERE transaction = pg_current_xact_id_if_assigned()) THEN
		RETURN NULL;
	END IF;
	IF mode = 'off' THEN
		DELETE FROM pii.gate_queue WHERE transaction = pg_current_xact_id_if_assigned();
		PERFORM pii.gate_passed();
		RETURN NULL;
	END IF;
	BEGIN
		judged := pii.gate_judge();
	EXCEPTION WHEN OTHERS OR query_canceled THEN
		IF mode = 'block' AND SQLSTATE = '57014' THEN
			RAISE;
		END IF;
		problem := SQLERRM;
		state := SQLSTATE;
	END;
	IF problem IS NOT NULL THEN
		PERFORM pii.raise(CASE mode WHEN 'warn' THEN 'warning' ELSE 'error' END,
			'the gate cannot judge this transaction',
			format('%s (SQLSTATE %s)', problem, state),
			'A superuser can pass it with SET pii.gate = off, or take it away with DROP EVENT TRIGGER pii_gate.',
			'PII02');
		RETURN NULL;
	END IF;
	PERFORM pii.warn_of_defaults(judged.opened);
	PERFORM pii.raise('warning', d.message, d.detail, d.hint)
	FROM pii.describe_violations(judged.known) d
	WHERE d.message IS NOT NULL;
	PERFORM pii.raise(CASE mode WHEN 'warn' THEN 'warning' ELSE 'error' END, d.message, d.detail,
		CASE mode WHEN 'warn' THEN d.hint
			ELSE E'Run the transaction again, with one of these in it.\n' || d.hint END)
	FROM pii.describe_violations(judged.refused) d
	WHERE d.message IS NOT NULL;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION pii.gate_check() IS
'trigger on pii.gate_queue: judges the transaction when it commits';
REVOKE ALL ON FUNCTION pii.gate_check() FROM PUBLIC;

CREATE CONSTRAINT TRIGGER gate_check AFTER INSERT ON pii.gate_queue
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pii.gate_check();
COMMENT ON TRIGGER gate_check ON pii.gate_queue IS 'judges the transaction when it commits';

CREATE FUNCTION pii.gate_passed() RETURNS void
	AS 'MODULE_PATHNAME', 'pii_gate_passed' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.gate_passed() IS
'counts a command that was not judged, for the server log';
REVOKE ALL ON FUNCTION pii.gate_passed() FROM PUBLIC;

CREATE FUNCTION pii.gate_collect() RETURNS event_trigger
	AS 'MODULE_PATHNAME', 'pii_gate_collect' LANGUAGE C;
COMMENT ON FUNCTION pii.gate_collect() IS
'event trigger on ddl_command_end: notes what a command touched; pii.enable_gate() creates it';
REVOKE ALL ON FUNCTION pii.gate_collect() FROM PUBLIC;

CREATE FUNCTION pii.enable_gate() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM pii.load();
	PERFORM pii.disable_gate();
	-- of a transaction that others have ended
	DELETE FROM pii.gate_queue WHERE transaction < pg_snapshot_xmin(pg_current_snapshot());
	CREATE EVENT TRIGGER pii_gate ON ddl_command_end
		WHEN TAG IN (
			'ALTER DEFAULT PRIVILEGES', 'ALTER DOMAIN', 'ALTER EXTENSION', 'ALTER FOREIGN TABLE',
			'ALTER FUNCTION', 'ALTER MATERIALIZED VIEW', 'ALTER POLICY',
			'ALTER PROCEDURE', 'ALTER PUBLICATION', 'ALTER ROUTINE',
			'ALTER SCHEMA', 'ALTER TABLE', 'ALTER TYPE', 'ALTER VIEW', 'COMMENT',
			'CREATE FOREIGN TABLE', 'CREATE FUNCTION', 'CREATE MATERIALIZED VIEW',
			'CREATE POLICY', 'CREATE PROCEDURE', 'CREATE PUBLICATION',
			'CREATE RULE', 'CREATE SCHEMA', 'CREATE TABLE', 'CREATE TABLE AS',
			'CREATE VIEW', 'DROP OWNED', 'DROP POLICY', 'GRANT',
			-- with CASCADE, they may take a policy along
			'DROP ACCESS METHOD', 'DROP AGGREGATE', 'DROP COLLATION',
			'DROP DOMAIN', 'DROP EXTENSION', 'DROP FOREIGN DATA WRAPPER',
			'DROP FOREIGN TABLE', 'DROP FUNCTION', 'DROP LANGUAGE',
			'DROP MATERIALIZED VIEW', 'DROP OPERATOR', 'DROP PROCEDURE',
			'DROP ROUTINE', 'DROP SCHEMA', 'DROP SEQUENCE', 'DROP SERVER',
			'DROP TABLE', 'DROP TEXT SEARCH CONFIGURATION',
			'DROP TEXT SEARCH DICTIONARY', 'DROP TYPE', 'DROP VIEW',
			'IMPORT FOREIGN SCHEMA', 'REFRESH MATERIALIZED VIEW',
			'SECURITY LABEL', 'SELECT INTO')
		EXECUTE FUNCTION pii.gate_collect();
	COMMENT ON EVENT TRIGGER pii_gate IS
		'the gate of pg_pii: refuses DDL that leaves personal data unprotected; pii.disable_gate() takes it away';
END
$$;
COMMENT ON FUNCTION pii.enable_gate() IS
'creates the event trigger pii_gate: from now on DDL is judged when its transaction commits, as pii.gate says';
REVOKE ALL ON FUNCTION pii.enable_gate() FROM PUBLIC;

CREATE FUNCTION pii.disable_gate() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'pii_gate') THEN
		DROP EVENT TRIGGER pii_gate;
	END IF;
END
$$;
COMMENT ON FUNCTION pii.disable_gate() IS
'drops the event trigger pii_gate, if there is one: DDL is judged no more';
REVOKE ALL ON FUNCTION pii.disable_gate() FROM PUBLIC;

CREATE PROCEDURE pii.check_now()
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	SET CONSTRAINTS pii.gate_check IMMEDIATE;
	SET CONSTRAINTS pii.gate_check DEFERRED;
END
$$;
COMMENT ON PROCEDURE pii.check_now() IS
'judges at once what the DDL of this transaction has touched so far, instead of at its commit';
