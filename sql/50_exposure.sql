
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: who can read a tagged column, and by which path
-- ---------------------------------------------------------------------------

-- Views over the catalogs, computed for all relations at once.  A set of
-- roles is a bit string, one bit a role: what a grant to a group opens to its
-- members is then one "&" away instead of a join, and a thousand roles take
-- 125 bytes.
--
-- What must stay true:
-- 1. A role can SELECT a column exactly if the views say so: the oracle in
--    test/t/exposure.pl compares them with the server, world by world.
-- 2. One more path is one more branch of the UNION ALL in pii.exposure.  Each
--    branch gives table_schema, table_name and relation, so that a filter on
--    one of them reaches the catalogs.
-- 3. Superusers need no grant: no set of heirs holds a role merely because it
--    is a superuser.

CREATE TYPE pii.severity AS ENUM ('none', 'low', 'medium', 'high', 'critical');

COMMENT ON TYPE pii.severity IS
'how bad an exposure is, in rising order';


-- Roles

-- Up to PostgreSQL 15 the member's INHERIT attribute decides for all its
-- memberships.  From 16 each membership has options of its own, and a pair of
-- roles may have several, by different grantors.  The owner of the database
-- is a member of pg_database_owner without a row that says so.
CREATE VIEW pii.membership AS
WITH option AS (
	SELECT m.roleid, m.member, m.grantor, m.admin_option,
		   (to_jsonb(m) ->> 'inherit_option')::boolean AS inherits,
		   (to_jsonb(m) ->> 'set_option')::boolean AS sets
	FROM pg_auth_members m
)
SELECT o.roleid AS role,
	   o.member,
	   bool_or(coalesce(o.inherits, r.rolinherit)) AS inherits,
	   bool_or(coalesce(o.sets, true)) AS sets,
	   string_agg(format('REVOKE %s FROM %s%s%s;',
						 o.roleid::regrole, o.member::regrole,
						 CASE WHEN o.inherits IS NOT NULL
							  THEN ' GRANTED BY ' || o.grantor::regrole END,
						 CASE WHEN o.admin_option THEN ' CASCADE' END),
				  ' ' ORDER BY o.admin_option, o.grantor) AS remedy
FROM option o
JOIN pg_roles r ON r.oid = o.member
GROUP BY o.roleid, o.member
UNION ALL
SELECT r.oid,
	   d.datdba,
	   m.rolinherit OR EXISTS (SELECT FROM option o WHERE o.inherits IS NOT NULL),
	   true,
	   format('ALTER DATABASE %I OWNER TO CURRENT_USER;', d.datname)
FROM pg_database d
JOIN pg_roles m ON m.oid = d.datdba
CROSS JOIN pg_roles r
WHERE d.datname = current_database() AND r.rolname = 'pg_database_owner';

COMMENT ON VIEW pii.membership IS
'direct memberships, with the options of each, whichever way this server keeps them';
COMMENT ON COLUMN pii.membership.inherits IS
'the member has the privileges of the role without SET ROLE';
COMMENT ON COLUMN pii.membership.sets IS
'the member may SET ROLE to the role';
COMMENT ON COLUMN pii.membership.remedy IS
'SQL that ends the membership';
REVOKE ALL ON pii.membership FROM PUBLIC;

CREATE VIEW pii.role_reach AS
WITH RECURSIVE direct AS MATERIALIZED (
	SELECT role, member, inherits, sets FROM pii.membership
), reach AS (
	SELECT oid AS member, oid AS role, true AS inherits, true AS sets
	FROM pg_roles
	UNION
	SELECT r.member, d.role, r.inherits AND d.inherits, r.sets AND d.sets
	FROM reach r
	JOIN direct d ON d.member = r.role
)
SELECT member, role, inherits, sets FROM reach;

COMMENT ON VIEW pii.role_reach IS
'memberships through any number of roles, once for each pair of options that a way gives; every role is a member of itself';
COMMENT ON COLUMN pii.role_reach.inherits IS
'the member has the privileges of the role without SET ROLE';
COMMENT ON COLUMN pii.role_reach.sets IS
'the member may SET ROLE to the role';
REVOKE ALL ON pii.role_reach FROM PUBLIC;

-- One row per role and one, with the OID 0, for PUBLIC.
CREATE VIEW pii.audience AS
WITH role AS MATERIALIZED (
	SELECT oid, rolname, rolsuper, rolbypassrls, rolcanlogin, number,
		   set_bit(repeat('0', total)::bit varying, number, 1) AS self
	FROM (SELECT *, row_number() OVER (ORDER BY oid)::integer - 1 AS number,
				 (count(*) OVER ())::integer AS total
		  FROM pg_roles) r
), held AS (
	SELECT r.role,
		   bit_or(m.self) FILTER (WHERE r.inherits) AS heirs,
		   bit_or(m.self) FILTER (WHERE r.sets) AS switchers
	FROM pii.role_reach r
	JOIN role m ON m.oid = r.member
	GROUP BY r.role
), trusted AS MATERIALIZED (
	SELECT t.oid
	FROM regexp_matches(current_setting('pii.trusted_roles', true),
						'"((?:[^"]|"")+)"|([^",\s]+)', 'g') AS list (name)
	JOIN role t ON t.rolname = coalesce(replace(list.name[1], '""', '"'),
										lower(list.name[2]))
)
SELECT r.oid AS role,
	   r.rolname AS role_name,
	   r.number,
	   r.rolcanlogin
	   AND has_database_privilege(r.oid, current_database(), 'CONNECT') AS can_login,
	   r.rolsuper AS is_superuser,
	   r.rolbypassrls AS passes_policies,
	   EXISTS (SELECT FROM trusted t
			   WHERE pg_has_role(r.oid, t.oid, 'MEMBER')) AS is_trusted,
	   r.self,
	   CASE WHEN r.rolname = 'pg_database_owner'
			THEN r.self | (SELECT o.self
						   FROM pg_database d
						   JOIN role o ON o.oid = d.datdba
						   WHERE d.datname = current_database())
			ELSE r.self END AS owners,
	   h.heirs,
	   h.switchers
FROM role r
JOIN held h ON h.role = r.oid
UNION ALL
SELECT 0, 'PUBLIC', NULL, false, false, false, false, NULL, NULL,
	   bit_or(self),
	   NULL
FROM role;

COMMENT ON VIEW pii.audience IS
'whom a grant to a role reaches, as bit strings with one bit for each role; OID 0 is PUBLIC';
COMMENT ON COLUMN pii.audience.number IS 'bit of the role';
COMMENT ON COLUMN pii.audience.can_login IS
'has the LOGIN attribute and may connect to this database';
COMMENT ON COLUMN pii.audience.passes_policies IS 'has the BYPASSRLS attribute';
COMMENT ON COLUMN pii.audience.is_trusted IS
'named in pii.trusted_roles, or a member of one that is';
COMMENT ON COLUMN pii.audience.self IS 'the role alone';
COMMENT ON COLUMN pii.audience.owners IS
'who owns what it owns: itself; for pg_database_owner the owner of the database too';
COMMENT ON COLUMN pii.audience.heirs IS
'roles that have its privileges without SET ROLE, itself included';
COMMENT ON COLUMN pii.audience.switchers IS
'roles that may SET ROLE to it, itself included';
REVOKE ALL ON pii.audience FROM PUBLIC;


-- Privileges

-- A column with grants of its own is an object beside its table: it has the
-- table's grants and its own.
CREATE VIEW pii.readable AS
SELECT n.nspname AS table_schema,
	   t.relname AS table_name,
	   t.oid AS relation,
	   NULL::smallint AS attnum,
	   t.relnamespace AS namespace,
	   t.relowner AS owner,
	   t.relrowsecurity AS row_security,
	   coalesce(t.relacl, acldefault('r', t.relowner)) AS own_acl,
	   coalesce(t.relacl, acldefault('r', t.relowner)) AS acl,
	   format('SELECT ON TABLE %I.%I', n.nspname, t.relname) AS privilege
FROM pg_class t
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE t.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname !~ '^pg_(toast|temp)'
  AND n.nspname <> ALL ('{pg_catalog,information_schema}')
UNION ALL
SELECT n.nspname, t.relname, t.oid, a.attnum, t.relnamespace, t.relowner,
	   t.relrowsecurity,
	   a.attacl,
	   coalesce(t.relacl, acldefault('r', t.relowner)) || a.attacl,
	   format('SELECT (%I) ON TABLE %I.%I', a.attname, n.nspname, t.relname)
FROM pg_attribute a
JOIN pg_class t ON t.oid = a.attrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE a.attacl IS NOT NULL
  AND a.attnum > 0
  AND NOT a.attisdropped
  AND t.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname !~ '^pg_(toast|temp)'
  AND n.nspname <> ALL ('{pg_catalog,information_schema}');

COMMENT ON VIEW pii.readable IS
'what SELECT can be granted on: every user relation, and each column that has grants of its own';
COMMENT ON COLUMN pii.readable.attnum IS 'the column; null for the relation';
COMMENT ON COLUMN pii.readable.own_acl IS 'the grants made on exactly this object';
COMMENT ON COLUMN pii.readable.acl IS
'all grants that count here: of a column, those of its table too';
COMMENT ON COLUMN pii.readable.privilege IS 'what GRANT and REVOKE call it';
REVOKE ALL ON pii.readable FROM PUBLIC;

-- One row per object and grantee.  Grants by someone other than the owner can
-- only be revoked in that role's name; a grantee who may grant has perhaps
-- done so, and REVOKE refuses to leave such grants behind; REVOKE on a table
-- takes the grants on its columns too, and their dependents.  The order keeps a
-- CASCADE from taking a grant that a later statement is about.
CREATE VIEW pii.read_grant AS
SELECT o.table_schema, o.table_name, o.relation, o.attnum,
	   o.namespace, o.owner, x.grantee,
	   string_agg(format(CASE WHEN x.grantor = o.owner
							  THEN 'REVOKE %2$s FROM %3$s%4$s;'
							  ELSE 'SET ROLE %1$s; REVOKE %2$s FROM %3$s%4$s; RESET ROLE;' END,
						 x.grantor::regrole, o.privilege,
						 CASE WHEN x.grantee = 0 THEN 'PUBLIC'
							  ELSE x.grantee::regrole::text END,
						 CASE WHEN x.is_grantable OR EXISTS (
							 SELECT
							 FROM pg_attribute c
							 CROSS JOIN LATERAL aclexplode(c.attacl) y
							 WHERE c.attrelid = o.relation
							   AND c.attacl IS NOT NULL
							   AND o.attnum IS NULL
							   AND y.grantee = x.grantee
							   AND y.is_grantable) THEN ' CASCADE' END),
				  ' ' ORDER BY x.is_grantable, x.grantor = o.owner,
				  x.grantor) AS remedy
FROM pii.readable o
CROSS JOIN LATERAL aclexplode(o.own_acl) x
WHERE x.privilege_type = 'SELECT'
GROUP BY o.table_schema, o.table_name, o.relation, o.attnum,
		 o.namespace, o.owner, x.grantee;

COMMENT ON VIEW pii.read_grant IS
'grants of SELECT on user relations and their columns';
COMMENT ON COLUMN pii.read_grant.attnum IS 'the column; null for the relation';
COMMENT ON COLUMN pii.read_grant.grantee IS 'OID of the role; 0 is PUBLIC';
COMMENT ON COLUMN pii.read_grant.remedy IS 'SQL that takes the grant back';
REVOKE ALL ON pii.read_grant FROM PUBLIC;


-- Exposure

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
SELECT md5(concat_ws('|', format('%I.%I.%I', e.table_schema, e.table_name, e.column_name),
					 CASE WHEN e.grantee_role = 0 THEN 'PUBLIC'
						  ELSE quote_ident(e.grantee) END,
					 e.path))::uuid AS exposure_id,
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
				  [CASE e.verdict WHEN 'pii' THEN 3 ELSE 2 END
				   + (e.emphasis IS NOT NULL)::integer
				   - (e.protection IS NOT NULL)::integer]
		END)::pii.severity AS severity,
	   concat_ws(', ',
				 CASE e.verdict WHEN 'pii' THEN 'the column holds personal data'
					  ELSE 'some values hold personal data' END,
				 e.emphasis,
				 CASE WHEN e.login_roles = 0 THEN 'no role can log in through it' END,
				 CASE WHEN e.protection IS NOT NULL THEN 'row security' END) AS reason,
	   e.waived_until,
	   e.since,
	   e.remedy,
	   e.relation,
	   e.attnum
FROM (
	SELECT t.table_schema, t.table_name, c.column_name, c.data_type, c.tag,
		   c.verdict, c.evidence, c.waived_until, c.relation, c.attnum,
		   CASE WHEN p.grantee = 0 THEN 'PUBLIC'
				ELSE pg_get_userbyid(p.grantee) END AS grantee,
		   p.grantee AS grantee_role,
		   p.path, p.emphasis, p.remedy,
		   NULL::timestamptz AS since,
		   bit_count(p.readers & (SELECT logins FROM watch))::integer AS login_roles,
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
			   g.remedy
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
			   m.remedy
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
			   m.remedy
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
			   m.remedy
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
	) p ON p.relation = t.relation
	   AND p.table_schema = t.table_schema
	   AND p.table_name = t.table_name
	CROSS JOIN LATERAL unnest(t.columns) c
	JOIN pg_class r ON r.oid = p.relation
	JOIN pg_attribute a ON a.attrelid = c.relation AND a.attnum = c.attnum
	LEFT JOIN policy y ON y.relation = p.relation
	CROSS JOIN LATERAL (
		-- as whom the rows are read, and who of them no policy concerns
		SELECT coalesce(p.subjects, p.readers) AS subjects,
			   (SELECT unbound FROM watch)
			   | CASE WHEN r.relforcerowsecurity THEN (SELECT nobody FROM watch)
					  ELSE (SELECT heirs FROM audience WHERE role = r.relowner) END AS unbound) v
	CROSS JOIN LATERAL (
		SELECT NOT r.relrowsecurity
			   OR bit_count(v.subjects & v.unbound) > 0
			   OR coalesce(bit_count(v.subjects & y.admitted), 0) > 0 AS admitted,
			   NOT r.relrowsecurity
			   OR bit_count(v.subjects & v.unbound) > 0
			   OR coalesce(bit_count(v.subjects & y.open
									 & ~coalesce(y.restricted, y.open # y.open)), 0) > 0 AS open) s
	WHERE bit_count(p.readers) > 0
	  -- a path that depends on all grants together is given for the table and
	  -- for each column with grants of its own; any other adds up
	  AND (p.attnum = c.attnum
		   OR p.attnum IS NULL AND (NOT p.together OR a.attacl IS NULL))
) e;

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
COMMENT ON COLUMN pii.exposure.since IS 'when the path was first recorded; null if never';
COMMENT ON COLUMN pii.exposure.remedy IS 'SQL that closes this path';
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
	), able AS (
		SELECT d.role, d.path
		FROM direct d
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
	WITH able AS MATERIALIZED (
		SELECT c.table_schema, c.table_name, c.column_name, c.data_type,
			   c.tag, c.verdict, c.relation, c.attnum, r.role, r.path
		FROM pii.columns c
		JOIN pii.reader r ON r.relation = c.relation
						 AND (r.attnum IS NULL OR r.attnum = c.attnum)
		WHERE c.verdict IN ('pii', 'mixed')
		  AND c.tag::text <> 'none'
		  AND r.role IN (SELECT s.role
						 FROM pii.role_reach s
						 WHERE s.member = what_can.role AND s.sets)
	)
	SELECT a.table_schema, a.table_name, a.column_name, a.data_type,
		   a.tag, a.verdict, p.path
	FROM able a
	CROSS JOIN LATERAL (
		SELECT CASE WHEN a.role = what_can.role THEN a.path
					ELSE 'via set role ' || a.role::regrole END) p (path)
	WHERE a.role = what_can.role
	   OR NOT EXISTS (SELECT
					  FROM able d
					  WHERE d.relation = a.relation
						AND d.attnum = a.attnum
						AND d.role = what_can.role)
	GROUP BY a.table_schema, a.table_name, a.column_name, a.data_type,
			 a.tag, a.verdict, a.attnum, p.path
	ORDER BY a.table_schema, a.table_name, a.attnum, p.path COLLATE "C"
$$;

COMMENT ON FUNCTION pii.what_can(regrole) IS
'the tagged columns that a role can read, and by which path';
REVOKE ALL ON FUNCTION pii.what_can(regrole) FROM PUBLIC;
