
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: roles, and what they are granted
-- ---------------------------------------------------------------------------

-- Views over the catalogs, computed for all relations at once.  A set of
-- roles is a bit string, one bit a role: what a grant to a group opens to its
-- members is then one "&" away instead of a join, and a thousand roles take
-- 125 bytes.
--
-- What must stay true:
-- 1. A role can SELECT a column exactly if the views say so: the oracle in
--    test/t/exposure.pl compares them with the server, world by world.
-- 2. Superusers need no grant: no set of heirs holds a role merely because it
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
