
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: roles, and what they are granted
-- ---------------------------------------------------------------------------

-- Views over the catalogs.  A set of roles is a bit string, one bit a role:
-- what a grant to a group opens to its members is then one "&" away instead of
-- a join, and a thousand roles take 125 bytes.
--
-- What must stay true: a role can SELECT a column exactly if the views say so.
-- The oracle in test/t/exposure.pl compares them with the server.

CREATE TYPE pii.severity AS ENUM ('none', 'low', 'medium', 'high', 'critical');

COMMENT ON TYPE pii.severity IS
'how bad an exposure is, in rising order';


-- Roles

DO LANGUAGE plpgsql $$
DECLARE
	name text;
	meaning text;
BEGIN
	FOR name, meaning IN VALUES
		('self', 'the role alone'),
		('owners', 'who owns what the role owns: itself, and for pg_database_owner the owner of the database'),
		('heirs', 'who has the privileges of the role without SET ROLE, itself included; of 0, PUBLIC, everyone'),
		('switchers', 'who may SET ROLE to the role, itself included'),
		('members', 'who is a member of the role, with whatever options, itself included')
	LOOP
		EXECUTE pg_catalog.format($sql$
			CREATE FUNCTION pii.role_%1$s(role oid) RETURNS bit varying
				AS 'MODULE_PATHNAME', 'pii_role_%1$s'
				LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
			COMMENT ON FUNCTION pii.role_%1$s(oid) IS %2$L;
			$sql$, name, meaning || '; one bit a role');
	END LOOP;
END
$$;

CREATE FUNCTION pii.role_number(role oid) RETURNS integer
	AS 'MODULE_PATHNAME', 'pii_role_number'
	LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION pii.role_number(oid) IS
'the bit of a role in sets of roles, counted from 0';

CREATE FUNCTION pii.memberships(
	in_role oid,
	OUT role oid,
	OUT member oid,
	OUT inherits boolean,
	OUT sets boolean,
	OUT is_superuser boolean,
	OUT remedy text
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pii_memberships'
	LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 2;
COMMENT ON FUNCTION pii.memberships(oid) IS
'direct memberships in a role, or, given null, all of them, with SQL that ends each';

CREATE FUNCTION pii.entrances(
	readers bit varying,
	from_within boolean,
	OUT role oid,
	OUT member oid,
	OUT inherits boolean,
	OUT sets boolean,
	OUT is_superuser boolean,
	OUT remedy text
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pii_entrances'
	LANGUAGE C STABLE STRICT PARALLEL RESTRICTED ROWS 2;
COMMENT ON FUNCTION pii.entrances(bit varying, boolean) IS
'memberships by which SET ROLE makes one of the readers, or a superuser, of a member that is none; or, if asked, of any';

CREATE VIEW pii.membership AS
SELECT role, member, inherits, sets, remedy
FROM pii.memberships(NULL);

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
WITH connected AS MATERIALIZED (
	SELECT bit_or(pii.role_heirs(x.grantee)) AS roles
	FROM pg_database d
	CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x
	WHERE d.datname = current_database() AND x.privilege_type = 'CONNECT'
), trusted AS MATERIALIZED (
	SELECT bit_or(pii.role_members(t.oid)) AS roles
	FROM regexp_matches(current_setting('pii.trusted_roles', true),
						'"((?:[^"]|"")+)"|([^",\s]+)', 'g') AS list (name)
	JOIN pg_roles t ON t.rolname = coalesce(replace(list.name[1], '""', '"'),
											lower(list.name[2]))
)
SELECT r.oid AS role,
	   r.rolname AS role_name,
	   r.number,
	   r.rolcanlogin
	   AND (r.rolsuper OR coalesce(get_bit((SELECT roles FROM connected), r.number) = 1,
								   false)) AS can_login,
	   r.rolsuper AS is_superuser,
	   r.rolbypassrls AS passes_policies,
	   coalesce(get_bit((SELECT roles FROM trusted), r.number) = 1, false) AS is_trusted,
	   pii.role_self(r.oid) AS self,
	   pii.role_owners(r.oid) AS owners,
	   pii.role_heirs(r.oid) AS heirs,
	   pii.role_switchers(r.oid) AS switchers
FROM (SELECT *, pii.role_number(oid) AS number FROM pg_roles OFFSET 0) r
UNION ALL
SELECT 0, 'PUBLIC', NULL, false, false, false, false, NULL, NULL,
	   pii.role_heirs(0),
	   NULL;

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

-- anon takes the names of its policies for names of label providers.
CREATE FUNCTION pii.mask_providers() RETURNS text[]
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT ARRAY['anon'] || regexp_split_to_array(coalesce(current_setting('anon.masking_policies', true), ''), '\s*,\s*')
$$;
COMMENT ON FUNCTION pii.mask_providers() IS
'providers of security labels that mask columns for roles: anon and its policies';

-- One row, for all the report.
CREATE VIEW pii.watch AS
SELECT bit_or(CASE WHEN is_superuser OR is_trusted
					 OR role_name ~ '^pg_' AND NOT can_login
				   THEN self # self ELSE self END) AS watched,
	   bit_or(CASE WHEN can_login THEN self ELSE self # self END) AS logins,
	   EXISTS (SELECT
			   FROM pg_database d
			   CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x
			   WHERE d.datname = current_database()
				 AND x.grantee = 0
				 AND x.privilege_type = 'CONNECT') AS is_open,
	   bit_or(CASE WHEN is_superuser OR passes_policies
				   THEN self ELSE self # self END) AS unbound,
	   bit_or(self # self) AS nobody,
	   bit_or(CASE WHEN role_name = 'pg_read_all_data' THEN heirs
				   ELSE self # self END) AS read_all,
	   bit_or(CASE WHEN role_name IN ('pg_read_all_data', 'pg_write_all_data') THEN heirs
				   ELSE self # self END) AS use_all,
	   bit_or(CASE WHEN r.rolreplication AND can_login THEN self
				   ELSE self # self END) AS replicators,
	   bit_or(CASE WHEN EXISTS (SELECT
								FROM pg_shseclabel l
								WHERE l.objoid = role
								  AND l.classoid = 'pg_authid'::regclass
								  AND l.provider = ANY (pii.mask_providers())
								  AND l.label ~* '^\s*masked\s*$')
				   THEN self ELSE self # self END) AS masked,
	   to_regrole(quote_ident(nullif(current_setting('pgaudit.role', true), '')))::oid AS auditor
FROM pii.audience
JOIN pg_roles r ON r.oid = role;

COMMENT ON VIEW pii.watch IS 'sets of roles that count for every table alike';
COMMENT ON COLUMN pii.watch.watched IS
'whom the report is about: not superusers and trusted roles; a predefined role is nobody by itself';
COMMENT ON COLUMN pii.watch.logins IS 'who can log in to this database';
COMMENT ON COLUMN pii.watch.is_open IS 'whoever is made a role that can log in may connect to this database';
COMMENT ON COLUMN pii.watch.unbound IS 'who is beyond row security';
COMMENT ON COLUMN pii.watch.nobody IS 'the empty set';
COMMENT ON COLUMN pii.watch.read_all IS 'who reads every table';
COMMENT ON COLUMN pii.watch.use_all IS 'who has USAGE on every schema';
COMMENT ON COLUMN pii.watch.replicators IS 'who can log in and has the REPLICATION attribute';
COMMENT ON COLUMN pii.watch.masked IS 'who is shown masked values where anon has a rule';
COMMENT ON COLUMN pii.watch.auditor IS 'the role by whose privileges pgaudit logs; null if there is none';
REVOKE ALL ON pii.watch FROM PUBLIC;


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
CROSS JOIN LATERAL (
	SELECT nspname FROM pg_namespace WHERE oid = t.relnamespace OFFSET 0
) n
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
CROSS JOIN LATERAL (
	SELECT nspname FROM pg_namespace WHERE oid = t.relnamespace OFFSET 0
) n
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
						 CASE WHEN x.is_grantable OR x.grantee = ANY (g.grantees)
							  THEN ' CASCADE' END),
				  ' ' ORDER BY x.is_grantable, x.grantor = o.owner,
				  x.grantor) AS remedy
FROM pii.readable o
CROSS JOIN LATERAL (
	-- who may have passed on a grant on a column of the table
	SELECT array_agg(y.grantee) AS grantees
	FROM pg_attribute c
	CROSS JOIN LATERAL aclexplode(c.attacl) y
	WHERE c.attrelid = o.relation
	  AND c.attacl IS NOT NULL
	  AND o.attnum IS NULL
	  AND y.is_grantable
	OFFSET 0
) g
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
