
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: how many there are, and the two questions of an auditor
-- ---------------------------------------------------------------------------

CREATE VIEW pii.summary AS
SELECT c.table_schema,
	   coalesce(e.severity, 'none') AS severity,
	   count(DISTINCT (c.relation, c.attnum)) AS columns,
	   count(DISTINCT c.relation) AS tables,
	   count(e.exposure_id) AS exposures,
	   count(DISTINCT e.grantee) AS grantees,
	   count(e.exposure_id) FILTER (WHERE e.waived_until >= current_date) AS waived
FROM pii.tagged c
LEFT JOIN pii.exposure e ON e.table_schema = c.table_schema
						AND e.relation = c.relation
						AND e.attnum = c.attnum
GROUP BY c.table_schema, coalesce(e.severity, 'none');

COMMENT ON VIEW pii.summary IS
'tagged columns and their exposures, by schema and severity';
COMMENT ON COLUMN pii.summary.severity IS
'"none" counts the tagged columns without an exposure';
COMMENT ON COLUMN pii.summary.columns IS
'columns with an exposure of this severity; one column may count under several';
COMMENT ON COLUMN pii.summary.waived IS
'exposures of columns whose label carries a waiver that has not expired';
REVOKE ALL ON pii.summary FROM PUBLIC;

-- One row per object, role and path, without SET ROLE.  Superusers appear
-- once, as such.  Filter on relation or role: unfiltered it is the product.
CREATE VIEW pii.reader AS
SELECT g.table_schema, g.table_name, g.relation, g.attnum,
	   r.member AS role,
	   CASE WHEN g.grantee = 0 THEN 'PUBLIC'
			WHEN g.grantee <> r.member THEN
				 CASE WHEN g.grantee = g.owner THEN 'membership in owner '
					  ELSE 'membership in ' END || g.grantee::regrole
			WHEN g.grantee = g.owner THEN 'owner'
			WHEN g.attnum IS NULL THEN 'table grant'
			ELSE 'column grant' END AS path
FROM pii.read_grant g
JOIN (
	SELECT member, role FROM pii.role_reach WHERE inherits
	UNION ALL
	SELECT oid, 0 FROM pg_roles) r ON r.role = g.grantee
JOIN pg_roles m ON m.oid = r.member AND NOT m.rolsuper
WHERE has_schema_privilege(m.oid, g.namespace, 'USAGE')
UNION ALL
SELECT o.table_schema, o.table_name, o.relation, o.attnum,
	   r.member, 'pg_read_all_data'
FROM pii.readable o
CROSS JOIN pii.role_reach r
JOIN pg_roles a ON a.oid = r.role AND a.rolname = 'pg_read_all_data'
JOIN pg_roles m ON m.oid = r.member AND NOT m.rolsuper
WHERE r.inherits AND o.attnum IS NULL
UNION ALL
SELECT o.table_schema, o.table_name, o.relation, o.attnum,
	   m.oid, 'superuser'
FROM pii.readable o
JOIN pg_roles m ON m.rolsuper
WHERE o.attnum IS NULL;

COMMENT ON VIEW pii.reader IS
'which role can read which relation or column without SET ROLE, and by which path';
COMMENT ON COLUMN pii.reader.attnum IS 'the column; null for all columns';
REVOKE ALL ON pii.reader FROM PUBLIC;

-- The same through a view.  Superusers and those who read everything need no
-- view, and are left out.
CREATE VIEW pii.view_reader_path AS
SELECT x.table_schema, x.table_name, x.relation, x.attnum, x.view, r.role,
	   format('%s via %I.%I', regexp_replace(r.path, '^(table|column) ', ''),
			  r.table_schema, r.table_name) AS path
FROM pii.lineage x
JOIN pii.reader r ON r.relation = x.view
				 AND (r.attnum IS NULL OR r.attnum = x.view_attnum)
WHERE r.path NOT IN ('superuser', 'pg_read_all_data')
  AND NOT EXISTS (
	SELECT
	FROM pii.view_need n
	WHERE n.view = x.view
	  AND NOT pii.may_select(CASE n.reader WHEN 0 THEN r.role ELSE n.reader END,
							 n.relation, n.attnum));

COMMENT ON VIEW pii.view_reader_path IS
'which role can read which column through a view without SET ROLE, and by which path';
REVOKE ALL ON pii.view_reader_path FROM PUBLIC;

-- Every role, exempt or not: an auditor asks for all of them.  Predefined
-- roles are left out, nobody is one.
CREATE FUNCTION pii.who_can_read(relation regclass, column_name name,
								 OUT role_name name, OUT can_login boolean,
								 OUT path text, OUT exempt text)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
STRICT
PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	number smallint;
	owner oid;
BEGIN
	SELECT a.attnum, t.relowner INTO number, owner
	FROM pg_attribute a
	JOIN pg_class t ON t.oid = a.attrelid
	WHERE a.attrelid = who_can_read.relation
	  AND a.attname = who_can_read.column_name
	  AND a.attnum > 0
	  AND NOT a.attisdropped;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('column "%s" of relation %s does not exist',
							 who_can_read.column_name, who_can_read.relation);
	END IF;

	RETURN QUERY
	WITH direct AS MATERIALIZED (
		SELECT DISTINCT r.role, r.path
		FROM pii.reader r
		WHERE r.relation = who_can_read.relation
		  AND (r.attnum IS NULL OR r.attnum = number)
	), shown AS MATERIALIZED (
		SELECT DISTINCT r.role, r.path, r.view
		FROM pii.view_reader_path r
		WHERE r.relation = who_can_read.relation
		  AND r.attnum = number
	), able AS (
		SELECT d.role, d.path
		FROM direct d
		UNION ALL
		SELECT s.role, s.path
		FROM shown s
		UNION ALL
		SELECT DISTINCT r.member,
			   format('set role %s via %s', r.role::regrole, s.view::regclass)
		FROM pii.role_reach r
		JOIN shown s ON s.role = r.role
		WHERE r.sets
		  AND NOT EXISTS (SELECT FROM direct d WHERE d.role IN (r.member, r.role))
		  AND NOT EXISTS (SELECT FROM shown o WHERE (o.role, o.view) = (r.member, s.view))
		UNION ALL
		SELECT DISTINCT r.member, 'via set role ' || r.role::regrole
		FROM pii.role_reach r
		WHERE r.sets
		  AND r.role IN (SELECT d.role FROM direct d)
		  AND NOT EXISTS (SELECT FROM direct d WHERE d.role = r.member)
	)
	SELECT a.role_name, a.can_login, b.path,
		   CASE WHEN a.is_superuser THEN 'superuser'
				WHEN get_bit(o.owners, a.number) = 1 THEN 'owner'
				WHEN a.is_trusted THEN 'trusted' END
	FROM able b
	JOIN pii.audience a ON a.role = b.role
	JOIN pii.audience o ON o.role = owner
	WHERE a.can_login OR a.role_name !~ '^pg_'
	ORDER BY a.role_name, b.path COLLATE "C";
END
$$;

COMMENT ON FUNCTION pii.who_can_read(regclass, name) IS
'each role that can read a column, by which path, and why it is exempt from the report if it is';
REVOKE ALL ON FUNCTION pii.who_can_read(regclass, name) FROM PUBLIC;

CREATE FUNCTION pii.what_can(role regrole,
							 OUT table_schema name, OUT table_name name,
							 OUT column_name name, OUT data_type text,
							 OUT tag pii.tag, OUT verdict text, OUT path text)
RETURNS SETOF record
LANGUAGE sql
STABLE
STRICT
PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH self AS MATERIALIZED (
		SELECT DISTINCT s.role
		FROM pii.role_reach s
		WHERE s.member = what_can.role AND s.sets
	), tagged AS MATERIALIZED (
		SELECT * FROM pii.tagged
	), direct AS MATERIALIZED (
		SELECT relation, attnum, role, path, table_schema, table_name
		FROM pii.reader
		WHERE role IN (SELECT self.role FROM self)
	), lineage AS MATERIALIZED (
		SELECT * FROM pii.lineage
	), way AS MATERIALIZED (
		SELECT relation, attnum, role, path, NULL::oid AS view
		FROM direct
		UNION ALL
		-- as pii.view_reader_path, which the planner would have every role's
		-- grants looked through for, table by table
		SELECT x.relation, x.attnum, r.role,
			   format('%s via %I.%I', regexp_replace(r.path, '^(table|column) ', ''),
					  r.table_schema, r.table_name), x.view
		FROM lineage x
		JOIN direct r ON r.relation = x.view
					 AND (r.attnum IS NULL OR r.attnum = x.view_attnum)
		WHERE r.path NOT IN ('superuser', 'pg_read_all_data')
		  AND NOT EXISTS (
			SELECT
			FROM pii.view_need n
			WHERE n.view = x.view
			  AND NOT pii.may_select(CASE n.reader WHEN 0 THEN r.role ELSE n.reader END,
									 n.relation, n.attnum)
			OFFSET 0)
	), able AS MATERIALIZED (
		SELECT c.table_schema, c.table_name, c.column_name, c.data_type,
			   c.tag, c.verdict, c.relation, c.attnum, r.role, r.path, r.view
		FROM tagged c
		JOIN way r
		ON r.relation = c.relation
		   AND (r.attnum IS NULL OR r.attnum = c.attnum)
	)
	SELECT a.table_schema, a.table_name, a.column_name, a.data_type,
		   a.tag, a.verdict, p.path
	FROM able a
	CROSS JOIN LATERAL (
		SELECT CASE WHEN a.role = what_can.role THEN a.path
					WHEN a.view IS NULL THEN 'via set role ' || a.role::regrole
					ELSE format('set role %s via %s', a.role::regrole, a.view::regclass)
			   END) p (path)
	WHERE a.role = what_can.role
	   OR NOT EXISTS (SELECT
					  FROM able d
					  WHERE d.relation = a.relation
						AND d.attnum = a.attnum
						AND CASE WHEN d.view IS NULL
								 THEN d.role = what_can.role
									  OR d.role = a.role AND a.view IS NOT NULL
								 ELSE d.role = what_can.role AND d.view = a.view END)
	GROUP BY a.table_schema, a.table_name, a.column_name, a.data_type,
			 a.tag, a.verdict, a.attnum, p.path
	ORDER BY a.table_schema, a.table_name, a.attnum, p.path COLLATE "C"
$$;

COMMENT ON FUNCTION pii.what_can(regrole) IS
'the tagged columns that a role can read, and by which path';
REVOKE ALL ON FUNCTION pii.what_can(regrole) FROM PUBLIC;
