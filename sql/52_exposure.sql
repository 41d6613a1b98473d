
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: who can read a tagged column, and by which path
-- ---------------------------------------------------------------------------

-- What must stay true: one more path is one more branch of the UNION ALL in
-- pii.exposure.  Each branch gives table_schema, table_name and relation, so
-- that a filter on one of them reaches the catalogs.

-- History, like what scans found: not part of a dump.  At most one row of an
-- exposure is open; it is found by the one index that holds open rows only.
CREATE TABLE pii.exposure_seen (
	exposure_id uuid NOT NULL,
	opened_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	opened_run bigint,
	closed_at timestamptz,
	closed_run bigint,
	table_schema name NOT NULL,
	table_name name NOT NULL,
	column_name name NOT NULL,
	grantee name NOT NULL,
	path text NOT NULL,
	severity pii.severity NOT NULL,
	PRIMARY KEY (exposure_id, opened_at)
);
CREATE UNIQUE INDEX exposure_seen_open_idx ON pii.exposure_seen (exposure_id)
	INCLUDE (opened_at) WHERE closed_at IS NULL;
COMMENT ON TABLE pii.exposure_seen IS
'from which run to which an exposure was there; one that came again has several rows';
COMMENT ON INDEX pii.exposure_seen_open_idx IS 'the exposures that are there';
COMMENT ON COLUMN pii.exposure_seen.exposure_id IS 'exposure_id in pii.exposure';
COMMENT ON COLUMN pii.exposure_seen.opened_at IS 'when it was first recorded';
COMMENT ON COLUMN pii.exposure_seen.opened_run IS 'run of pii.scan that recorded it';
COMMENT ON COLUMN pii.exposure_seen.closed_at IS
'when it was first missed; null as long as it is there';
COMMENT ON COLUMN pii.exposure_seen.closed_run IS 'run of pii.scan that missed it';
COMMENT ON COLUMN pii.exposure_seen.table_schema IS 'schema of the table then';
COMMENT ON COLUMN pii.exposure_seen.table_name IS 'name of the table then';
COMMENT ON COLUMN pii.exposure_seen.column_name IS 'name of the column then';
COMMENT ON COLUMN pii.exposure_seen.grantee IS 'the role that had the path, or PUBLIC';
COMMENT ON COLUMN pii.exposure_seen.path IS 'the path, as in pii.exposure';
COMMENT ON COLUMN pii.exposure_seen.severity IS 'how bad it was when it was last recorded';
REVOKE ALL ON pii.exposure_seen FROM PUBLIC;

CREATE VIEW pii.exposure AS
WITH audience AS MATERIALIZED (
	SELECT * FROM pii.audience
), membership AS MATERIALIZED (
	SELECT * FROM pii.membership
), watch AS MATERIALIZED (
	-- whom the report is about (a predefined role is nobody by itself), who
	-- can log in, and who is beyond row security
	SELECT bit_or(CASE WHEN is_superuser OR is_trusted
						 OR role_name ~ '^pg_' AND NOT can_login
					   THEN self # self ELSE self END) AS watched,
		   bit_or(CASE WHEN can_login THEN self ELSE self # self END) AS logins,
		   bit_or(CASE WHEN is_superuser OR passes_policies
					   THEN self ELSE self # self END) AS unbound,
		   bit_or(self # self) AS nobody
	FROM audience
), place AS MATERIALIZED (
	-- by schema and owner of a relation: who may look into the schema, and
	-- for whom reading would be exposure
	SELECT ARRAY[u.namespace, o.role] AS place, u.users,
		   (SELECT watched FROM watch) & ~o.owners AS others
	FROM (SELECT DISTINCT relnamespace, relowner FROM pg_class) t
	JOIN audience o ON o.role = t.relowner
	JOIN (
		SELECT n.oid AS namespace, bit_or(a.heirs) AS users
		FROM pg_namespace n
		CROSS JOIN LATERAL (
			SELECT grantee
			FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner)))
			WHERE privilege_type = 'USAGE'
			UNION ALL
			SELECT role
			FROM audience
			WHERE role_name IN ('pg_read_all_data', 'pg_write_all_data')) x
		JOIN audience a ON a.role = x.grantee
		GROUP BY n.oid) u ON u.namespace = t.relnamespace
), heir AS MATERIALIZED (
	-- who inherits from an owner; the one member of pg_database_owner is as
	-- much the owner, and what counts is who inherits from that role
	SELECT m.role AS owner, m.member, m.role, m.remedy
	FROM membership m
	JOIN audience a ON a.role = m.role
	WHERE m.inherits AND a.role_name <> 'pg_database_owner'
	UNION ALL
	SELECT d.role, m.member, m.role, m.remedy
	FROM membership d
	JOIN audience a ON a.role = d.role
	JOIN membership m ON m.role = d.member
	WHERE d.inherits AND m.inherits AND a.role_name = 'pg_database_owner'
), door AS MATERIALIZED (
	-- memberships that open something to SET ROLE only
	SELECT m.member, m.role, m.remedy, i.switchers, i.number AS inside,
		   o.self AS outside_self, o.number AS outside, o.is_superuser
	FROM membership m
	JOIN audience i ON i.role = m.member
	JOIN audience o ON o.role = m.role
	WHERE m.sets
	  AND NOT i.is_superuser
	  AND CASE WHEN o.is_superuser THEN 0 ELSE get_bit(o.heirs, i.number) END = 0
), policy AS MATERIALIZED (
	-- whom the policies of a table admit, admit to all rows, and restrict
	SELECT p.polrelid AS relation,
		   bit_or(a.heirs) FILTER (WHERE p.polpermissive AND q.qual IS NOT NULL) AS admitted,
		   bit_or(a.heirs) FILTER (WHERE p.polpermissive AND q.qual = 'true') AS open,
		   bit_or(a.heirs) FILTER (WHERE NOT p.polpermissive AND q.qual <> 'true') AS restricted,
		   string_agg(DISTINCT quote_ident(p.polname), ', ') AS names
	FROM pg_policy p
	CROSS JOIN LATERAL pg_get_expr(p.polqual, p.polrelid) q (qual)
	CROSS JOIN LATERAL unnest(p.polroles) r (role)
	JOIN audience a ON a.role = r.role
	WHERE p.polcmd IN ('r', '*')
	GROUP BY p.polrelid
)
SELECT i.exposure_id,
	   e.table_schema,
	   e.table_name,
	   e.column_name,
	   e.data_type,
	   e.tag,
	   e.verdict,
	   e.evidence,
	   e.grantee,
	   e.path,
	   e.login_roles,
	   e.protection,
	   (CASE WHEN e.login_roles = 0 OR NOT e.admitted THEN 'low'
			 ELSE (ARRAY['low', 'medium', 'high', 'critical'])
				  [greatest(1, CASE e.verdict WHEN 'pii' THEN 3 ELSE 2 END
							   + (e.emphasis IS NOT NULL)::integer
							   - (e.protection IS NOT NULL)::integer
							   - 2 * (e.masked_by IS NOT NULL)::integer)]
		END)::pii.severity AS severity,
	   concat_ws(', ',
				 CASE e.verdict WHEN 'pii' THEN 'the column holds personal data'
					  ELSE 'some values hold personal data' END,
				 e.emphasis,
				 CASE WHEN e.login_roles = 0 THEN 'no role can log in through it' END,
				 CASE WHEN e.protection IS NOT NULL THEN 'row security' END,
				 CASE WHEN e.masked_by IS NOT NULL THEN 'masked by ' || e.masked_by
					  WHEN e.derived THEN 'derived' END) AS reason,
	   e.waived_until,
	   (SELECT s.opened_at
		FROM pii.exposure_seen s
		WHERE s.exposure_id = i.exposure_id AND s.closed_at IS NULL) AS since,
	   e.remedy,
	   e.relation,
	   e.attnum,
	   e.via::regclass AS via,
	   e.derived,
	   e.masked_by
FROM (
	SELECT t.table_schema, t.table_name, c.column_name, c.data_type, c.tag,
		   c.verdict, c.evidence, c.waived_until, c.relation, c.attnum,
		   CASE WHEN p.grantee = 0 THEN 'PUBLIC'
				ELSE pg_get_userbyid(p.grantee) END AS grantee,
		   p.grantee AS grantee_role,
		   p.path, p.emphasis, p.remedy,
		   p.via, f.derived, f.masked_by,
		   bit_count(w.readers & (SELECT logins FROM watch))::integer AS login_roles,
		   s.admitted,
		   CASE WHEN s.open THEN NULL
				WHEN NOT s.admitted THEN 'row security: no policy lets a row through'
				ELSE 'row security: ' || y.names END AS protection
	FROM (
		-- a row per table, so that the tags are looked up once however many
		-- paths lead to it
		SELECT table_schema, table_name, relation, array_agg(c) AS columns
		FROM pii.columns c
		WHERE verdict IN ('pii', 'mixed')
		  AND tag::text <> 'none'
		GROUP BY table_schema, table_name, relation
	) t
	JOIN (
		-- a grant to a role or to PUBLIC, on the table or the column
		SELECT g.table_schema, g.table_name, g.relation, g.attnum,
			   false AS together, g.grantee,
			   CASE WHEN g.attnum IS NULL THEN 'table grant'
					ELSE 'column grant' END AS path,
			   CASE WHEN g.grantee = 0 THEN 'every role has it' END AS emphasis,
			   a.heirs & l.users & l.others AS readers,
			   NULL::bit varying AS subjects,
			   g.remedy,
			   NULL::oid AS via, NULL::smallint AS via_attnum,
			   NULL::pii.lineage[] AS lineage,
			   false AS beyond, NULL::integer AS outside
		FROM pii.read_grant g
		JOIN audience a ON a.role = g.grantee
		JOIN place l ON l.place = ARRAY[g.namespace, g.owner]
		WHERE g.grantee <> g.owner

		UNION ALL
		-- membership in the owner, who has the privilege like anyone else
		SELECT o.table_schema, o.table_name, o.relation, o.attnum,
			   true, m.member,
			   'membership in owner ' || m.role::regrole, NULL,
			   a.heirs & l.users & l.others,
			   NULL,
			   m.remedy,
			   NULL, NULL, NULL, false, NULL
		FROM pii.readable o
		JOIN heir m ON m.owner = o.owner
		JOIN audience a ON a.role = m.member
		JOIN place l ON l.place = ARRAY[o.namespace, o.owner]
		WHERE EXISTS (SELECT
					  FROM aclexplode(o.acl) x
					  WHERE x.grantee = o.owner AND x.privilege_type = 'SELECT')

		UNION ALL
		-- membership in the role that reads everything
		SELECT o.table_schema, o.table_name, o.relation, o.attnum,
			   false, m.member,
			   'pg_read_all_data', NULL,
			   a.heirs & l.others,
			   NULL,
			   m.remedy,
			   NULL, NULL, NULL, false, NULL
		FROM pii.readable o
		CROSS JOIN membership m
		JOIN audience r ON r.role = m.role AND r.role_name = 'pg_read_all_data'
		JOIN audience a ON a.role = m.member
		JOIN place l ON l.place = ARRAY[o.namespace, o.owner]
		WHERE m.inherits AND o.attnum IS NULL

		UNION ALL
		-- SET ROLE to someone who can read, by someone who otherwise cannot,
		-- or would only see the rows that policies leave
		SELECT d.table_schema, d.table_name, d.relation, d.attnum,
			   true, m.member,
			   'via set role ' || m.role::regrole,
			   CASE WHEN m.is_superuser THEN 'it leads to a superuser' END,
			   m.switchers & d.others
			   & CASE WHEN m.is_superuser OR d.row_security THEN m.switchers
					  ELSE ~d.direct END,
			   m.outside_self,
			   m.remedy,
			   NULL, NULL, NULL, false, NULL
		FROM (
			SELECT o.table_schema, o.table_name, o.relation, o.attnum,
				   o.row_security, l.others,
				   coalesce(bit_or(a.heirs & l.users), (SELECT nobody FROM watch))
				   | (SELECT heirs FROM audience
					  WHERE role_name = 'pg_read_all_data') AS direct
			FROM pii.readable o
			LEFT JOIN LATERAL aclexplode(o.acl) x ON x.privilege_type = 'SELECT'
			LEFT JOIN audience a ON a.role = x.grantee
			JOIN place l ON l.place = ARRAY[o.namespace, o.owner]
			GROUP BY o.table_schema, o.table_name, o.relation, o.attnum,
					 o.row_security, l.others) d
		JOIN door m ON CASE WHEN m.is_superuser THEN 1
							WHEN d.row_security OR get_bit(d.direct, m.inside) = 0
							THEN get_bit(d.direct, m.outside) END = 1

		UNION ALL
		-- a view that shows it: to whom it is granted, its owner, and who can
		-- SET ROLE to them
		SELECT v.table_schema, v.table_name, v.relation, NULL,
			   false, w.grantee,
			   format('%s via %s%s', w.path, v.name,
					  (SELECT '.' || quote_ident(z.attname)
					   FROM pg_attribute z
					   WHERE z.attrelid = v.view AND z.attnum = w.attnum)), w.emphasis,
			   w.readers & l.others,
			   w.subjects, w.remedy,
			   v.view, w.attnum, v.lineage, w.beyond, w.outside
		FROM (
			SELECT x.table_schema, x.table_name, x.relation, x.view,
				   array_agg(x) AS lineage,
				   t.relnamespace, t.relowner,
				   r.relnamespace AS view_namespace, r.relowner AS view_owner,
				   format('%I.%I', n.nspname, r.relname) AS name,
				   CASE r.relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END AS kind
			FROM pii.lineage x
			JOIN pg_class t ON t.oid = x.relation
			JOIN pg_class r ON r.oid = x.view
			JOIN pg_namespace n ON n.oid = r.relnamespace
			GROUP BY x.table_schema, x.table_name, x.relation, x.view,
					 t.relnamespace, t.relowner, r.relnamespace, r.relowner,
					 n.nspname, r.relname, r.relkind
			OFFSET 0) v
		JOIN place l ON l.place = ARRAY[v.relnamespace, v.relowner]
		JOIN place u ON u.place = ARRAY[v.view_namespace, v.view_owner]
		CROSS JOIN LATERAL (
			-- who may, by what the view reads as its owner and as them
			SELECT u.users
				   & coalesce(bit_and(CASE WHEN n.reader = 0 THEN h.holders
										   WHEN pii.may_select(n.reader, n.relation, n.attnum)
										   THEN u.users
										   ELSE u.users # u.users END), u.users) AS able
			FROM pii.view_need n
			LEFT JOIN LATERAL (
				SELECT coalesce(bit_or(a.heirs), (SELECT nobody FROM watch))
					   | (SELECT heirs FROM audience WHERE role_name = 'pg_read_all_data') AS holders
				FROM (
					SELECT coalesce(c.relacl, acldefault('r', c.relowner)) AS acl
					FROM pg_class c
					WHERE c.oid = n.relation
					UNION ALL
					SELECT c.attacl
					FROM pg_attribute c
					WHERE c.attrelid = n.relation
					  AND c.attacl IS NOT NULL
					  AND (n.attnum IS NULL OR c.attnum = n.attnum)) c
				CROSS JOIN LATERAL aclexplode(c.acl) x
				JOIN audience a ON a.role = x.grantee
				WHERE n.reader = 0 AND x.privilege_type = 'SELECT') h ON true
			WHERE n.view = v.view) g
		CROSS JOIN LATERAL (
			SELECT r.attnum, r.grantee,
				   v.kind || CASE WHEN r.grantee = r.owner THEN 'owner'
								  WHEN r.attnum IS NULL THEN 'grant'
								  ELSE 'column grant' END AS path,
				   CASE WHEN r.grantee = 0 THEN 'every role has it' END AS emphasis,
				   a.heirs & g.able AS readers,
				   NULL::bit varying AS subjects,
				   r.remedy,
				   r.grantee = r.owner AS beyond,
				   NULL::integer AS outside
			FROM pii.read_grant r
			JOIN audience a ON a.role = r.grantee
			WHERE r.relation = v.view
			UNION ALL
			SELECT o.attnum, m.member,
				   'set role ' || m.role::regrole,
				   NULL,
				   m.switchers & ~d.readers,
				   m.outside_self,
				   m.remedy,
				   true,
				   m.outside
			FROM pii.readable o
			CROSS JOIN LATERAL (
				SELECT bit_or(a.heirs) & g.able AS readers
				FROM aclexplode(o.acl) x
				JOIN audience a ON a.role = x.grantee
				WHERE x.privilege_type = 'SELECT') d
			JOIN door m ON CASE WHEN NOT m.is_superuser AND get_bit(d.readers, m.inside) = 0
								THEN get_bit(d.readers, m.outside) END = 1
			WHERE o.relation = v.view) w
	) p ON p.relation = t.relation
	   AND p.table_schema = t.table_schema
	   AND p.table_name = t.table_name
	CROSS JOIN LATERAL unnest(t.columns) c
	JOIN pg_class r ON r.oid = p.relation
	JOIN pg_attribute a ON a.attrelid = c.relation AND a.attnum = c.attnum
	LEFT JOIN policy y ON y.relation = p.relation
	CROSS JOIN LATERAL (
		-- what a view shows of the column, at most, and as whom it is read
		SELECT count(*) > 0 AS shows,
			   bool_and(x.derived) AS derived,
			   CASE WHEN bool_and(x.note IS NOT NULL) THEN min(x.note) END AS masked_by,
			   coalesce(bool_or(x.is_copy), false) AS is_copy,
			   bool_or(x.reader = 0) AS as_asked,
			   bit_or(o.self) AS subjects
		FROM unnest(p.lineage) x
		LEFT JOIN audience o ON o.role = x.reader AND x.reader <> 0
		WHERE p.via IS NOT NULL
		  AND x.attnum = c.attnum
		  AND CASE WHEN p.via_attnum IS NOT NULL THEN x.view_attnum = p.via_attnum
				   ELSE p.outside IS NULL
						OR NOT EXISTS (SELECT
									   FROM pg_attribute z
									   WHERE z.attrelid = p.via
										 AND z.attnum = x.view_attnum
										 AND z.attacl IS NOT NULL) END) f
	CROSS JOIN LATERAL (
		-- some paths count only for those who have no shorter one
		SELECT CASE WHEN NOT p.beyond THEN p.readers
					WHEN p.outside IS NULL THEN p.readers & ~d.direct
					WHEN get_bit(d.direct, p.outside) = 0 THEN p.readers & ~d.direct
					ELSE p.readers # p.readers END AS readers
		FROM (SELECT) one
		LEFT JOIN LATERAL (
			SELECT coalesce(bit_or(i.heirs & l.users), (SELECT nobody FROM watch))
				   | (SELECT heirs FROM audience WHERE role_name = 'pg_read_all_data') AS direct
			FROM aclexplode(coalesce(r.relacl, acldefault('r', r.relowner)) || a.attacl) x
			JOIN audience i ON i.role = x.grantee
			JOIN place l ON l.place = ARRAY[r.relnamespace, r.relowner]
			WHERE p.beyond AND x.privilege_type = 'SELECT') d ON true) w
	CROSS JOIN LATERAL (
		-- as whom the rows are read, and who of them no policy concerns
		SELECT CASE WHEN p.via IS NULL OR f.as_asked
					THEN coalesce(p.subjects, w.readers) | coalesce(f.subjects, (SELECT nobody FROM watch))
					ELSE f.subjects END AS subjects,
			   (SELECT unbound FROM watch)
			   | CASE WHEN r.relforcerowsecurity THEN (SELECT nobody FROM watch)
					  ELSE (SELECT heirs FROM audience WHERE role = r.relowner) END AS unbound) v
	CROSS JOIN LATERAL (
		SELECT NOT r.relrowsecurity
			   OR f.is_copy
			   OR bit_count(v.subjects & v.unbound) > 0
			   OR coalesce(bit_count(v.subjects & y.admitted), 0) > 0 AS admitted,
			   NOT r.relrowsecurity
			   OR f.is_copy
			   OR bit_count(v.subjects & v.unbound) > 0
			   OR coalesce(bit_count(v.subjects & y.open
									 & ~coalesce(y.restricted, y.open # y.open)), 0) > 0 AS open) s
	WHERE bit_count(w.readers) > 0
	  AND (p.via IS NULL OR f.shows)
	  -- a path that depends on all grants together is given for the table and
	  -- for each column with grants of its own; any other adds up
	  AND (p.attnum = c.attnum
		   OR p.attnum IS NULL AND (NOT p.together OR a.attacl IS NULL))
) e
CROSS JOIN LATERAL (
	SELECT md5(concat_ws('|', format('%I.%I.%I', e.table_schema, e.table_name, e.column_name),
						 CASE WHEN e.grantee_role = 0 THEN 'PUBLIC'
							  ELSE quote_ident(e.grantee) END,
						 e.path))::uuid AS exposure_id
) i;

COMMENT ON VIEW pii.exposure IS
'every path by which someone other than the owner, superusers and trusted roles can read a tagged column';
COMMENT ON COLUMN pii.exposure.exposure_id IS
'the same as long as column, grantee and path keep their names';
COMMENT ON COLUMN pii.exposure.evidence IS 'why the column is tagged';
COMMENT ON COLUMN pii.exposure.grantee IS
'the role that was given the path, or PUBLIC; its members have it too';
COMMENT ON COLUMN pii.exposure.path IS
'table grant, column grant, membership in owner x, pg_read_all_data, or via set role x';
COMMENT ON COLUMN pii.exposure.login_roles IS
'how many roles can log in to this database and read through this path';
COMMENT ON COLUMN pii.exposure.protection IS
'what holds back rows from everyone who comes this way; null if nothing does';
COMMENT ON COLUMN pii.exposure.reason IS 'why the severity is what it is';
COMMENT ON COLUMN pii.exposure.waived_until IS
'until when a label accepts exposures of this column';
COMMENT ON COLUMN pii.exposure.since IS
'when a scan first recorded the path, if it has been there ever since; null if none has';
COMMENT ON COLUMN pii.exposure.remedy IS 'SQL that closes this path';
COMMENT ON COLUMN pii.exposure.via IS 'the view or materialized view that shows the column; null for the table itself';
COMMENT ON COLUMN pii.exposure.derived IS 'the view shows an expression over the column';
COMMENT ON COLUMN pii.exposure.masked_by IS 'what keeps the expression from showing the value; null if nothing is known to';
REVOKE ALL ON pii.exposure FROM PUBLIC;

CREATE VIEW pii.summary AS
SELECT c.table_schema,
	   coalesce(e.severity, 'none') AS severity,
	   count(DISTINCT (c.relation, c.attnum)) AS columns,
	   count(DISTINCT c.relation) AS tables,
	   count(e.exposure_id) AS exposures,
	   count(DISTINCT e.grantee) AS grantees,
	   count(e.exposure_id) FILTER (WHERE e.waived_until >= current_date) AS waived
FROM pii.columns c
LEFT JOIN pii.exposure e ON e.table_schema = c.table_schema
						AND e.relation = c.relation
						AND e.attnum = c.attnum
WHERE c.verdict IN ('pii', 'mixed')
  AND c.tag::text <> 'none'
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


-- The two questions of an auditor

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
	), able AS MATERIALIZED (
		SELECT c.table_schema, c.table_name, c.column_name, c.data_type,
			   c.tag, c.verdict, c.relation, c.attnum, r.role, r.path, r.view
		FROM pii.columns c
		JOIN (
			SELECT relation, attnum, role, path, NULL::oid AS view
			FROM pii.reader
			WHERE role IN (SELECT self.role FROM self)
			UNION ALL
			SELECT relation, attnum, role, path, view
			FROM pii.view_reader_path
			WHERE role IN (SELECT self.role FROM self)) r
		ON r.relation = c.relation
		   AND (r.attnum IS NULL OR r.attnum = c.attnum)
		WHERE c.verdict IN ('pii', 'mixed')
		  AND c.tag::text <> 'none'
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
