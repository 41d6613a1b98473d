
-- ---------------------------------------------------------------------------
-- Floor 6, policy: what a transaction has introduced
-- ---------------------------------------------------------------------------

-- The same query by two snapshots, with and without what the transaction has
-- done.  See src/policy/before.c for what must stay true.

CREATE FUNCTION pii.relations_named(schemas name[], tables name[]) RETURNS oid[]
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(array_agg(c.oid), '{}')
	FROM unnest(schemas, tables) t (table_schema, table_name)
	JOIN pg_namespace n ON n.nspname = t.table_schema
	JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = t.table_name
$$;
COMMENT ON FUNCTION pii.relations_named(name[], name[]) IS
'the relations that have these names, each of a schema and a table';
REVOKE ALL ON FUNCTION pii.relations_named(name[], name[]) FROM PUBLIC;

CREATE FUNCTION pii.violations_before(relations oid[], schemas name[], tables name[])
	RETURNS SETOF pii.violations
	AS 'MODULE_PATHNAME', 'pii_violations_before' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.violations_before(oid[], name[], name[]) IS
'the violations on columns of these relations, and of those that had these names, as they were before this transaction changed anything';
REVOKE ALL ON FUNCTION pii.violations_before(oid[], name[], name[]) FROM PUBLIC;

CREATE FUNCTION pii.violations_now(relations oid[]) RETURNS SETOF pii.violations
	AS 'MODULE_PATHNAME', 'pii_violations_now' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.violations_now(oid[]) IS
'the violations on columns of these relations, with what others have committed by now whatever the isolation level';
REVOKE ALL ON FUNCTION pii.violations_now(oid[]) FROM PUBLIC;

CREATE FUNCTION pii.default_exposure_before() RETURNS SETOF pii.default_exposure
	AS 'MODULE_PATHNAME', 'pii_default_exposure_before' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.default_exposure_before() IS
'pii.default_exposure before this transaction changed anything';
REVOKE ALL ON FUNCTION pii.default_exposure_before() FROM PUBLIC;

-- A path stays the same when what it leads through is renamed.
CREATE FUNCTION pii.path_kind(violation pii.violations) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN violation.via IS NULL THEN violation.path
		ELSE regexp_replace(violation.path, ' via .*', '') END
$$;
COMMENT ON FUNCTION pii.path_kind(pii.violations) IS
'the path of a violation without the name of the view it leads through';
REVOKE ALL ON FUNCTION pii.path_kind(pii.violations) FROM PUBLIC;

-- What was there before, at least as bad, was not introduced: under the same
-- names, though what they name may have been made anew; or of the same objects,
-- whatever they are called now.  Nor was a path by SET ROLE that is reported only
-- because a shorter one has gone.
CREATE FUNCTION pii.violations_added(before pii.violations[], after pii.violations[])
	RETURNS SETOF pii.violations
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH earlier AS MATERIALIZED (
		SELECT b.*, pii.path_kind(b) AS kind, r.oid AS role
		FROM unnest(before) b
		LEFT JOIN pg_roles r ON r.rolname = b.grantee
	)
	SELECT v.*
	FROM unnest(after) v
	WHERE NOT EXISTS (
		SELECT FROM earlier b
		WHERE b.exposure_id = v.exposure_id AND b.rule = v.rule
			AND b.severity >= v.severity)
	AND NOT EXISTS (
		SELECT FROM earlier b
		WHERE b.relation = v.relation AND b.attnum = v.attnum AND b.rule = v.rule
			AND b.severity >= v.severity
			AND (b.grantee IS NOT DISTINCT FROM v.grantee
					AND b.via IS NOT DISTINCT FROM v.via
					AND b.kind = pii.path_kind(v)
				OR v.path ~ '^(via )?set role '
					AND (b.grantee = 'PUBLIC' OR pg_has_role(v.grantee, b.role, 'MEMBER'))))
$$;
COMMENT ON FUNCTION pii.violations_added(pii.violations[], pii.violations[]) IS
'of the violations after a change, those that were not there before it';
REVOKE ALL ON FUNCTION pii.violations_added(pii.violations[], pii.violations[]) FROM PUBLIC;

CREATE FUNCTION pii.introduced(relations oid[]) RETURNS SETOF pii.violations
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	violation_now pii.violations[];
BEGIN
	SELECT array_agg(v) INTO violation_now FROM pii.violations_now(relations) v;
	IF violation_now IS NULL THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT * FROM pii.violations_added(
		ARRAY(SELECT b FROM pii.violations_before(relations,
				ARRAY(SELECT table_schema FROM unnest(violation_now)),
				ARRAY(SELECT table_name FROM unnest(violation_now))) b),
		violation_now);
END
$$;
COMMENT ON FUNCTION pii.introduced(oid[]) IS
'the violations on columns of these relations that this transaction introduced';
REVOKE ALL ON FUNCTION pii.introduced(oid[]) FROM PUBLIC;

-- Whoever could read a column, whatever it was taken for, and its label then.
CREATE FUNCTION pii.readers_of(
	relations oid[],
	OUT relation oid,
	OUT attnum smallint,
	OUT label text,
	OUT waived boolean,
	OUT row_security boolean,
	OUT role oid,
	OUT via oid
) RETURNS SETOF record
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH reader AS (
		SELECT r.relation, r.attnum, r.role, NULL::oid AS via
		FROM pii.reader r WHERE r.relation = ANY (relations)
		UNION
		SELECT g.relation, g.attnum, 0, NULL
		FROM pii.read_grant g WHERE g.relation = ANY (relations) AND g.grantee = 0
		UNION
		SELECT r.relation, r.attnum, r.role, r.view
		FROM pii.view_reader_path r WHERE r.relation = ANY (relations)
		UNION
		SELECT x.relation, x.attnum, 0, x.view
		FROM pii.lineage x
		JOIN pii.read_grant g ON g.relation = x.view AND g.grantee = 0
			AND (g.attnum IS NULL OR g.attnum = x.view_attnum)
		WHERE x.relation = ANY (relations)
	)
	SELECT c.relation, c.attnum,
		CASE c.source WHEN 'label' THEN c.evidence END,
		c.waived_until IS NOT NULL,
		t.relrowsecurity, r.role, r.via
	FROM pii.columns c
	JOIN pg_class t ON t.oid = c.relation
	JOIN reader r ON r.relation = c.relation AND (r.attnum IS NULL OR r.attnum = c.attnum)
	WHERE c.relation = ANY (relations)
$$;
COMMENT ON FUNCTION pii.readers_of(oid[]) IS
'the roles that can read each column of these relations, 0 for PUBLIC, and through which view; with the label of the column';
REVOKE ALL ON FUNCTION pii.readers_of(oid[]) FROM PUBLIC;

CREATE FUNCTION pii.readers_before(
	relations oid[],
	OUT relation oid,
	OUT attnum smallint,
	OUT label text,
	OUT waived boolean,
	OUT row_security boolean,
	OUT role oid,
	OUT via oid
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pii_readers_before' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.readers_before(oid[]) IS
'pii.readers_of before this transaction changed anything';
REVOKE ALL ON FUNCTION pii.readers_before(oid[]) FROM PUBLIC;
