
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: who can read a tagged column, and by which path
-- ---------------------------------------------------------------------------

-- What must stay true:
-- 1. One more path is one more branch of the UNION ALL in pii.exposure.
-- 2. The view is a loop over tagged relations, and what is said of one is
--    looked up by its OID: a filter of whatever form on the relation, its
--    schema or its name costs what it leaves.
-- 3. OFFSET 0 keeps the planner from turning the loop inside out, and what is
--    named in a part of it without need makes that part come after it.

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

-- A grant on a view that shows columns of a relation, to its owner too, and SET
-- ROLE to whom it is granted: who reads the view, by what it reads as its owner
-- and as them.
CREATE VIEW pii.view_way AS
SELECT v.relation,
	   v.view,
	   v.lineage,
	   w.attnum,
	   w.grantee,
	   format('%s via %s%s', w.path, format('%I.%I', n.nspname, r.relname),
			  (SELECT '.' || quote_ident(z.attname)
			   FROM pg_attribute z
			   WHERE z.attrelid = v.view AND z.attnum = w.attnum)) AS path,
	   w.readers,
	   w.switched_to,
	   w.remedy,
	   w.grantee = r.relowner OR w.switched_to IS NOT NULL AS is_beyond,
	   g.is_open
FROM (
	SELECT x.relation, x.view, array_agg(x) AS lineage
	FROM pii.shown x
	GROUP BY x.relation, x.view
) v
JOIN pg_class r ON r.oid = v.view
JOIN pg_namespace n ON n.oid = r.relnamespace
CROSS JOIN LATERAL (
	SELECT pii.role_heirs(to_regrole('pg_read_all_data'))
		   | pii.role_heirs(to_regrole('pg_write_all_data'))
		   | coalesce(bit_or(pii.role_heirs(x.grantee)), pii.role_self(0)) AS users,
		   coalesce(bool_or(x.grantee = 0), false) AS is_open
	FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) x
	WHERE x.privilege_type = 'USAGE'
	OFFSET 0
) u
CROSS JOIN LATERAL (
	SELECT u.users
		   & coalesce(bit_and(CASE WHEN d.reader = 0 THEN h.holders
								   WHEN m.may THEN u.users
								   ELSE pii.role_self(0) END), u.users) AS able,
		   u.is_open AND coalesce(bool_and(m.may), true) AS is_open
	FROM pii.view_need d
	CROSS JOIN LATERAL (
		SELECT CASE WHEN d.reader = 0 THEN false
					ELSE pii.may_select(d.reader, d.relation, d.attnum) END AS may
		OFFSET 0
	) m
	LEFT JOIN LATERAL (
		SELECT pii.role_heirs(to_regrole('pg_read_all_data'))
			   | coalesce(bit_or(pii.role_heirs(x.grantee)), pii.role_self(0)) AS holders
		FROM (
			SELECT coalesce(c.relacl, acldefault('r', c.relowner)) AS acl
			FROM pg_class c
			WHERE c.oid = d.relation
			UNION ALL
			SELECT c.attacl
			FROM pg_attribute c
			WHERE c.attrelid = d.relation
			  AND c.attacl IS NOT NULL
			  AND (d.attnum IS NULL OR c.attnum = d.attnum)) c
		CROSS JOIN LATERAL aclexplode(c.acl) x
		WHERE d.reader = 0 AND x.privilege_type = 'SELECT'
		OFFSET 0
	) h ON true
	WHERE d.view = v.view
	OFFSET 0
) g
CROSS JOIN LATERAL (
	SELECT a.attnum, a.grantee,
		   k.kind || CASE WHEN a.grantee = r.relowner THEN 'owner'
						  WHEN a.attnum IS NULL THEN 'grant'
						  ELSE 'column grant' END AS path,
		   pii.role_heirs(a.grantee) & g.able AS readers,
		   NULL::oid AS switched_to,
		   a.remedy
	FROM pii.read_grant a
	CROSS JOIN (SELECT CASE r.relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END AS kind) k
	WHERE a.relation = v.view
	UNION ALL
	SELECT o.attnum, m.member,
		   'set role ' || m.role::regrole,
		   pii.role_switchers(m.member) & ~d.readers,
		   m.role,
		   m.remedy
	FROM pii.readable o
	CROSS JOIN LATERAL (
		SELECT bit_or(pii.role_heirs(x.grantee)) & g.able AS readers
		FROM aclexplode(o.acl) x
		WHERE x.privilege_type = 'SELECT') d
	CROSS JOIN LATERAL pii.entrances(d.readers, false) m
	WHERE o.relation = v.view AND NOT m.is_superuser
	OFFSET 0
) w;

COMMENT ON VIEW pii.view_way IS
'ways to read a relation through a view: who has the privilege on the view, and what the view shows';
COMMENT ON COLUMN pii.view_way.lineage IS 'what the view shows of the relation';
COMMENT ON COLUMN pii.view_way.attnum IS 'the column of the view that is granted; null for the view';
COMMENT ON COLUMN pii.view_way.switched_to IS 'the role that reads it, where it takes SET ROLE';
COMMENT ON COLUMN pii.view_way.is_beyond IS 'it counts only for who cannot read without the view';
COMMENT ON COLUMN pii.view_way.is_open IS 'whoever has the privilege can read it, with no other than that of PUBLIC';
REVOKE ALL ON pii.view_way FROM PUBLIC;

CREATE VIEW pii.exposure AS
WITH watch AS MATERIALIZED (
	SELECT * FROM pii.watch
)
SELECT e.exposure_id,
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
	   nullif(concat_ws('; ',
						CASE WHEN e.open THEN NULL
							 WHEN NOT e.admitted THEN 'row security: no policy lets a row through'
							 ELSE 'row security: ' || e.policies END,
						e.rule,
						e.encryption,
						CASE WHEN e.is_audited THEN 'reads are logged by pgaudit' END), '') AS protection,
	   CASE WHEN e.has_no_login OR NOT e.admitted THEN 'low'
			ELSE (ARRAY['low', 'medium', 'high', 'critical']::pii.severity[])
				 [greatest(1, CASE e.verdict WHEN 'pii' THEN 3 ELSE 2 END
							  + (e.emphasis IS NOT NULL)::integer
							  - (NOT e.open)::integer
							  - 2 * (coalesce(e.masked_by, e.mask, e.encryption) IS NOT NULL)::integer)]
	   END AS severity,
	   concat_ws(', ',
				 CASE e.verdict WHEN 'pii' THEN 'the column holds personal data'
					  ELSE 'some values hold personal data' END,
				 e.emphasis,
				 CASE WHEN e.grantee_role IS NULL THEN 'its rows are sent to whoever subscribes'
					  WHEN e.has_no_login THEN 'no role can log in through it' END,
				 CASE WHEN NOT e.open THEN 'row security' END,
				 CASE WHEN e.masked_by IS NOT NULL THEN 'masked by ' || e.masked_by
					  WHEN e.derived THEN 'derived' END,
				 e.mask,
				 e.encryption) AS reason,
	   e.waived_until,
	   (SELECT s.opened_at
		FROM pii.exposure_seen s
		WHERE s.exposure_id = e.exposure_id AND s.closed_at IS NULL) AS since,
	   e.remedy,
	   e.relation,
	   e.attnum,
	   e.via::regclass AS via,
	   e.derived,
	   e.masked_by
FROM (
	SELECT s.exposure_id,
		   t.table_schema, t.table_name, c.column_name, c.data_type, c.tag,
		   c.verdict, c.evidence, c.waived_until, t.relation, c.attnum,
		   s.grantee, p.grantee AS grantee_role,
		   p.path, p.emphasis, p.remedy, p.via,
		   CASE WHEN p.derived IS NULL THEN nullif(c.derived, false)
				ELSE p.derived OR c.derived END AS derived,
		   coalesce(p.masked_by, c.masked_by) AS masked_by,
		   s.login_roles,
		   -- of PUBLIC, the next role will
		   s.login_roles = 0
		   AND (p.grantee <> 0 OR p.grantee = 0 AND NOT w.is_open) AS has_no_login,
		   NOT s.holds OR s.admits AS admitted,
		   NOT s.holds OR s.opens AS open,
		   y.names AS policies,
		   b.rule, b.encryption, b.is_audited,
		   CASE WHEN p.via IS NULL AND b.rule IS NOT NULL
					 AND bit_count(p.subjects & ~w.masked) = 0
				THEN 'all its readers see it masked' END AS mask
	FROM pii.tagged_relation t
	CROSS JOIN watch w
	CROSS JOIN LATERAL (
		-- who may look into the schema, and for whom reading is exposure
		SELECT w.use_all | coalesce(bit_or(pii.role_heirs(x.grantee)), w.nobody) AS users,
			   coalesce(bool_or(x.grantee = 0), false) AS is_open,
			   w.watched & ~pii.role_owners(t.owner) AS others
		FROM aclexplode(t.namespace_acl) x
		WHERE x.privilege_type = 'USAGE'
		OFFSET 0
	) l
	CROSS JOIN LATERAL (
		-- whom the policies admit, admit to all rows, restrict, and bar; and
		-- whom none of them concerns
		SELECT bit_or(pii.role_heirs(r.role)) FILTER (WHERE p.polpermissive AND q.qual <> 'false') AS admitted,
			   bit_or(pii.role_heirs(r.role)) FILTER (WHERE p.polpermissive AND q.qual = 'true') AS open,
			   bit_or(pii.role_heirs(r.role)) FILTER (WHERE NOT p.polpermissive AND q.qual <> 'true') AS restricted,
			   bit_or(pii.role_heirs(r.role)) FILTER (WHERE NOT p.polpermissive AND q.qual = 'false') AS barred,
			   string_agg(DISTINCT quote_ident(p.polname), ', ') AS names,
			   w.unbound | CASE WHEN t.forces_row_security THEN w.nobody
								ELSE pii.role_heirs(t.owner) END AS unbound
		FROM pg_policy p
		-- as it is kept: what it names may be gone where the gate asks for before
		CROSS JOIN LATERAL (SELECT CASE
			WHEN p.polqual::text ~ '^\{CONST :consttype 16 .* :constvalue 1 \[ (0 )*1 (0 )*\]\}$' THEN 'true'
			WHEN p.polqual::text ~ '^\{CONST :consttype 16 .* :constvalue (<>|1 \[ (0 )+\])\}$' THEN 'false'
			ELSE p.polqual::text END) q (qual)
		CROSS JOIN LATERAL unnest(p.polroles) r (role)
		WHERE p.polrelid = t.relation
		  AND p.polcmd IN ('r', '*')
		  AND t.row_security
		OFFSET 0
	) y
	CROSS JOIN LATERAL (
		SELECT array_agg(x) AS ways
		FROM pii.view_way x
		-- most relations have no view, and are asked no more
		WHERE x.relation = t.relation
		  AND EXISTS (SELECT FROM pii.dependent_view d WHERE d.relation = t.relation)
		  AND t.columns IS NOT NULL
		OFFSET 0
	) v
	CROSS JOIN LATERAL (
		SELECT array_agg(x) AS ways
		FROM pii.definer x
		WHERE x.relation = t.relation AND t.columns IS NOT NULL
		OFFSET 0
	) f
	CROSS JOIN LATERAL unnest(t.columns) c
	CROSS JOIN LATERAL (
		SELECT format('%I.%I.%I', t.table_schema, t.table_name, c.column_name) AS full_name,
			   t.acl || a.attacl AS acl,
			   (SELECT g.rule FROM pii.mask_rule g
				WHERE g.relation = t.relation AND g.attnum = a.attnum) AS rule,
			   (SELECT g.encryption FROM pii.encrypted g
				WHERE g.relation = t.relation AND g.attnum = a.attnum) AS encryption,
			   EXISTS (SELECT
					   FROM aclexplode(t.acl || a.attacl) x
					   WHERE x.grantee = w.auditor AND x.privilege_type = 'SELECT') AS is_audited
		FROM pg_attribute a
		WHERE a.attrelid = t.relation AND a.attnum = c.attnum
		OFFSET 0
	) b
	CROSS JOIN LATERAL (
		-- who reads the column itself
		SELECT w.read_all | coalesce(bit_or(pii.role_heirs(x.grantee)) & l.users, w.nobody) AS readers,
			   coalesce(bool_or(x.grantee = t.owner), false) AS has_owner
		FROM aclexplode(b.acl) x
		WHERE x.privilege_type = 'SELECT'
		OFFSET 0
	) d
	CROSS JOIN LATERAL (
		-- a grant to a role or to PUBLIC, on the table or the column
		SELECT g.grantee,
			   CASE WHEN t.is_copy THEN 'materialized view ' ELSE CASE WHEN g.attnum IS NULL THEN 'table ' ELSE '' END END
			   || CASE WHEN g.attnum IS NULL THEN 'grant' ELSE 'column grant' END AS path,
			   CASE WHEN g.grantee = 0 THEN 'every role has it' END AS emphasis,
			   r.readers, r.readers AS subjects,
			   g.remedy,
			   NULL::oid AS via, NULL::boolean AS derived, NULL::text AS masked_by,
			   false AS is_copy, l.is_open
		FROM pii.read_grant g
		CROSS JOIN LATERAL (
			SELECT pii.role_heirs(g.grantee) & l.users & l.others AS readers) r
		WHERE g.relation = t.relation
		  AND (g.attnum IS NULL OR g.attnum = c.attnum)
		  AND g.grantee <> t.owner

		UNION ALL
		-- membership in the owner, who has the privilege like anyone else; the
		-- one member of pg_database_owner is as much the owner, and what counts
		-- is who inherits from that role
		SELECT m.member,
			   'membership in owner ' || m.role::regrole, NULL,
			   r.readers, r.readers,
			   m.remedy,
			   NULL, NULL, NULL, false, false
		FROM pii.memberships(t.owner) o
		CROSS JOIN LATERAL (
			SELECT o.member, o.role, o.inherits, o.remedy
			WHERE o.role <> to_regrole('pg_database_owner')
			UNION ALL
			SELECT i.member, i.role, i.inherits, i.remedy
			FROM pii.memberships(o.member) i
			WHERE o.role = to_regrole('pg_database_owner') AND o.inherits) m
		CROSS JOIN LATERAL (
			SELECT pii.role_heirs(m.member) & l.users & l.others AS readers) r
		WHERE d.has_owner AND m.inherits

		UNION ALL
		-- membership in the role that reads everything
		SELECT m.member, 'pg_read_all_data', NULL,
			   r.readers, r.readers,
			   m.remedy,
			   NULL, NULL, NULL, false, false
		FROM pii.memberships(to_regrole('pg_read_all_data')) m
		CROSS JOIN LATERAL (
			SELECT pii.role_heirs(m.member) & l.others AS readers) r
		WHERE m.inherits

		UNION ALL
		-- SET ROLE to someone who can read, by someone who otherwise cannot,
		-- or would only see the rows that policies leave
		SELECT m.member,
			   'via set role ' || m.role::regrole,
			   CASE WHEN m.is_superuser THEN 'it leads to a superuser' END,
			   pii.role_switchers(m.member) & l.others
			   & CASE WHEN m.is_superuser OR t.row_security THEN w.watched
					  ELSE ~d.readers END,
			   pii.role_self(m.role),
			   m.remedy,
			   NULL, NULL, NULL, false, false
		FROM pii.entrances(d.readers, t.row_security) m

		UNION ALL
		-- a view that shows it; to its owner and after SET ROLE it matters only
		-- where there is no shorter path
		SELECT x.grantee, x.path,
			   CASE WHEN x.grantee = 0 THEN 'every role has it' END,
			   r.readers,
			   CASE WHEN f.as_asked
					THEN coalesce(f.subjects, w.nobody)
						 | CASE WHEN x.switched_to IS NULL THEN r.readers
								ELSE pii.role_self(x.switched_to) END
					ELSE f.subjects END,
			   x.remedy,
			   x.view, f.derived, f.masked_by, f.is_copy, x.is_open
		FROM unnest(v.ways) x
		CROSS JOIN LATERAL (
			-- what it shows of the column, at most, and as whom it is read
			SELECT bool_and(o.derived) AS derived,
				   CASE WHEN bool_and(o.note IS NOT NULL) THEN min(o.note) END AS masked_by,
				   bool_or(o.is_copy) AS is_copy,
				   bool_or(o.reader = 0) AS as_asked,
				   bit_or(pii.role_self(o.reader)) FILTER (WHERE o.reader <> 0) AS subjects
			FROM unnest(x.lineage) o
			WHERE o.attnum = c.attnum
			  AND CASE WHEN x.attnum IS NOT NULL THEN o.view_attnum = x.attnum
					   ELSE x.switched_to IS NULL
							OR NOT EXISTS (SELECT
										   FROM pg_attribute z
										   WHERE z.attrelid = x.view
											 AND z.attnum = o.view_attnum
											 AND z.attacl IS NOT NULL) END
			OFFSET 0
		) f
		CROSS JOIN LATERAL (
			SELECT x.readers & l.others
				   & CASE WHEN NOT x.is_beyond THEN w.watched
						  WHEN get_bit(d.readers, pii.role_number(x.switched_to)) = 1 THEN w.nobody
						  ELSE ~d.readers END AS readers) r
		WHERE f.derived IS NOT NULL

		UNION ALL
		-- a function that reads it as its owner, or through a view as the view's;
		-- to its owner it matters only where there is no shorter path
		SELECT x.grantee, 'security definer function ' || x.name,
			   CASE WHEN x.grantee = 0 THEN 'every role has it' END,
			   x.readers & l.others & CASE WHEN x.is_beyond THEN ~d.readers ELSE w.watched END,
			   x.subjects,
			   x.remedy,
			   NULL, true, x.masked_by, x.is_copy, x.is_open
		FROM unnest(f.ways) x
		WHERE x.attnum = c.attnum

		UNION ALL
		-- whoever subscribes to a publication; the roles that may are those
		-- with the REPLICATION attribute, and what they get is not looked at
		SELECT NULL, 'publication ' || quote_ident(x.name), NULL,
			   w.replicators & l.others, w.unbound,
			   x.remedy,
			   NULL, NULL, NULL, true, false
		FROM pii.published x
		WHERE x.relation = t.relation AND x.attnum = c.attnum
		OFFSET 0
	) p
	CROSS JOIN LATERAL (
		-- what it is called, who can log in, and what row security does to as
		-- whom the rows are read
		SELECT g.grantee,
			   md5(concat_ws('|', b.full_name,
							 CASE WHEN p.grantee = 0 THEN g.grantee ELSE quote_ident(g.grantee) END,
							 p.path))::uuid AS exposure_id,
			   bit_count(p.readers & w.logins)::integer AS login_roles,
			   t.row_security AND NOT p.is_copy
			   AND bit_count(p.subjects & y.unbound) = 0 AS holds,
			   t.row_security
			   AND coalesce(bit_count(p.subjects & y.admitted
									  & ~coalesce(y.barred, w.nobody)), 0) > 0 AS admits,
			   t.row_security
			   AND coalesce(bit_count(p.subjects & y.open
									  & ~coalesce(y.restricted, w.nobody)), 0) > 0 AS opens
		FROM (SELECT CASE WHEN p.grantee = 0 THEN 'PUBLIC'
						  WHEN p.grantee IS NULL THEN 'subscribers'
						  ELSE pg_get_userbyid(p.grantee) END AS grantee) g
		OFFSET 0
	) s
	-- who subscribes need be no role here, and PUBLIC is whoever comes, too
	WHERE bit_count(p.readers) > 0
	   OR p.grantee IS NULL
	   OR p.grantee = 0 AND p.is_open
) e;

COMMENT ON VIEW pii.exposure IS
'every path by which someone other than the owner, superusers and trusted roles can read a tagged column';
COMMENT ON COLUMN pii.exposure.exposure_id IS
'the same as long as column, grantee and path keep their names';
COMMENT ON COLUMN pii.exposure.evidence IS 'why the column is tagged';
COMMENT ON COLUMN pii.exposure.grantee IS
'the role that was given the path, or PUBLIC; its members have it too; of a publication, subscribers';
COMMENT ON COLUMN pii.exposure.path IS
'table grant, column grant, membership in owner x, pg_read_all_data, via set role x, one of these through a view, security definer function f, or publication p';
COMMENT ON COLUMN pii.exposure.login_roles IS
'how many roles can log in to this database and read through this path';
COMMENT ON COLUMN pii.exposure.protection IS
'what holds back rows from everyone who comes this way, or masks or encrypts values; that reads are logged; null if there is nothing';
COMMENT ON COLUMN pii.exposure.reason IS 'why the severity is what it is';
COMMENT ON COLUMN pii.exposure.waived_until IS
'until when a label accepts exposures of this column';
COMMENT ON COLUMN pii.exposure.since IS
'when a scan first recorded the path, if it has been there ever since; null if none has';
COMMENT ON COLUMN pii.exposure.remedy IS 'SQL that closes this path';
COMMENT ON COLUMN pii.exposure.via IS 'the view or materialized view that shows the column; null for the table itself';
COMMENT ON COLUMN pii.exposure.derived IS 'what is shown is an expression over the column; null for the table itself';
COMMENT ON COLUMN pii.exposure.masked_by IS 'what keeps the expression from showing the value; null if nothing is known to';
REVOKE ALL ON pii.exposure FROM PUBLIC;

