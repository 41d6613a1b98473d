
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: other doors, where SELECT is not what the server checks
-- ---------------------------------------------------------------------------

-- What must stay true: what cannot be looked into has a row that says so.

-- The names in a set of roles.
CREATE FUNCTION pii.role_names(roles bit varying) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT string_agg(quote_ident(r.rolname), ', ' ORDER BY r.rolname)
	FROM pg_roles r
	WHERE get_bit(roles, pii.role_number(r.oid)) = 1
$$;
COMMENT ON FUNCTION pii.role_names(bit varying) IS 'the roles of a set, by name';

-- pg_stats asks for the privilege on the column but not on the schema, and
-- shows nothing under row security; the statistics of an expression index are
-- those of the index, which is the owner's and has no row security.  Releases
-- before 2024 left pg_stats_ext_exprs open to everyone, and a cluster keeps the
-- view that it was made with.
CREATE VIEW pii.statistics_door AS
WITH watch AS MATERIALIZED (
	SELECT * FROM pii.watch
), granted AS MATERIALIZED (
	SELECT c.oid::regclass AS catalog,
		   bit_or(pii.role_heirs(x.grantee)) AS roles,
		   -- what was passed on goes with what it comes from
		   string_agg(format('REVOKE SELECT ON %s FROM %s%s;', c.oid::regclass,
							 CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END,
							 CASE WHEN x.is_grantable THEN ' CASCADE' END), ' ')
		   FILTER (WHERE x.grantor = c.relowner) AS remedy
	FROM pg_class c
	CROSS JOIN LATERAL aclexplode(c.relacl) x
	WHERE c.oid IN ('pg_statistic'::regclass, 'pg_statistic_ext_data'::regclass)
	  AND x.privilege_type = 'SELECT'
	  AND x.grantee <> c.relowner
	GROUP BY c.oid
)
SELECT t.table_schema, t.table_name, c.column_name, c.tag, c.verdict,
	   d.name, d.detail, d.remedy, t.relation, c.attnum
FROM pii.tagged_relation t
CROSS JOIN watch w
CROSS JOIN LATERAL unnest(t.columns) c
CROSS JOIN LATERAL (
	SELECT coalesce(bit_or(pii.role_heirs(x.grantee)), w.nobody) AS users,
		   w.watched & ~pii.role_owners(t.owner) AS others
	FROM aclexplode(t.namespace_acl) x
	WHERE x.privilege_type = 'USAGE'
) l
CROSS JOIN LATERAL (
	SELECT 'pg_stats' AS name,
		   'common values, shown without USAGE on the schema to ' || pii.role_names(r.roles) AS detail,
		   (SELECT string_agg(g.remedy, ' ')
			FROM (
				SELECT g.grantee, g.remedy
				FROM pii.read_grant g
				WHERE g.relation = t.relation
				  AND (g.attnum IS NULL OR g.attnum = c.attnum)
				  AND g.grantee <> t.owner
				UNION ALL
				SELECT m.member, m.remedy
				FROM pii.memberships(t.owner) m
				WHERE m.inherits) g
			WHERE bit_count(pii.role_heirs(g.grantee) & r.roles) > 0) AS remedy
	FROM (
		SELECT bit_or(pii.role_heirs(g.grantee)) & l.others & ~(l.users | w.use_all)
			   & CASE WHEN t.row_security THEN w.unbound ELSE w.watched END AS roles
		FROM pii.read_grant g
		WHERE g.relation = t.relation AND (g.attnum IS NULL OR g.attnum = c.attnum)
	) r
	WHERE bit_count(r.roles) > 0
	  AND EXISTS (SELECT FROM pg_statistic s
				  WHERE s.starelid = t.relation AND s.staattnum = c.attnum
					AND 0 < ANY (ARRAY[s.stakind1, s.stakind2, s.stakind3]))
	UNION ALL
	SELECT g.catalog::text,
		   'all statistics, shown to ' || pii.role_names(g.roles & w.watched),
		   g.remedy
	FROM granted g
	WHERE bit_count(g.roles & w.watched) > 0
	UNION ALL
	SELECT format('expression index %I.%I', t.table_schema, b.relname),
		   'common values of the expression, shown in pg_stats whatever row security and the schema say to '
		   || pii.role_names(r.roles),
		   -- statistics that are there stay until the index goes
		   format('DROP INDEX %1$I.%2$I; %3$s; ALTER INDEX %1$I.%2$I ALTER COLUMN %4$s SET STATISTICS 0;',
				  t.table_schema, b.relname, pg_get_indexdef(i.indexrelid), k.number)
	FROM pg_index i
	JOIN pg_class b ON b.oid = i.indexrelid
	CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY k (attnum, number)
	CROSS JOIN LATERAL (
		SELECT (pii.role_heirs(t.owner) | w.read_all) & l.others
			   & ~((l.users | w.use_all)
				   & CASE WHEN NOT t.row_security THEN w.watched
						  WHEN t.forces_row_security THEN w.unbound
						  ELSE w.unbound | pii.role_heirs(t.owner) END) AS roles) r
	WHERE i.indrelid = t.relation
	  AND k.attnum = 0
	  AND bit_count(r.roles) > 0
	  AND EXISTS (SELECT FROM pg_depend d
				  WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
					AND d.refclassid = 'pg_class'::regclass AND d.refobjid = t.relation
					AND d.refobjsubid = c.attnum)
	  AND EXISTS (SELECT FROM pg_statistic s
				  WHERE s.starelid = i.indexrelid AND s.staattnum = k.number)
	UNION ALL
	SELECT format('extended statistics %I.%I', n.nspname, e.stxname),
		   CASE WHEN x.is_open THEN 'values of its expressions, shown in pg_stats_ext_exprs to everyone'
				ELSE 'common values, shown in pg_stats_ext to who has the privileges of the owner' END,
		   format('DROP STATISTICS %I.%I;', n.nspname, e.stxname)
	FROM pg_statistic_ext e
	JOIN pg_namespace n ON n.oid = e.stxnamespace
	CROSS JOIN LATERAL (
		SELECT e.stxexprs IS NOT NULL
			   AND pg_get_viewdef('pg_stats_ext_exprs'::regclass) !~ 'pg_has_role|has_column_privilege' AS is_open) x
	WHERE e.stxrelid = t.relation
	  AND (x.is_open OR bit_count(pii.role_heirs(t.owner) & l.others & ~(l.users | w.use_all)) > 0)
	  AND EXISTS (SELECT FROM pg_depend d
				  WHERE d.classid = 'pg_statistic_ext'::regclass AND d.objid = e.oid
					AND d.refclassid = 'pg_class'::regclass AND d.refobjid = t.relation
					AND d.refobjsubid = c.attnum)
	  AND EXISTS (SELECT FROM pg_statistic_ext_data s WHERE s.stxoid = e.oid)
) d;

COMMENT ON VIEW pii.statistics_door IS
'statistics that show values of a tagged column to someone who cannot read it';
COMMENT ON COLUMN pii.statistics_door.name IS 'the view or catalog, index or statistics object';
COMMENT ON COLUMN pii.statistics_door.detail IS 'what is shown, and to whom';
COMMENT ON COLUMN pii.statistics_door.remedy IS 'SQL that ends it';
REVOKE ALL ON pii.statistics_door FROM PUBLIC;

-- A mapping lets whoever may read the foreign table read as the remote user.
-- The password is not looked at.
CREATE VIEW pii.foreign_door AS
SELECT f.ftrelid AS relation,
	   format('%I.%I', n.nspname, t.relname) AS name,
	   format('reads on server %I (%s) as %s', v.srvname, w.fdwname,
			  coalesce(string_agg(format('%s for %s',
										 coalesce('user ' || quote_ident(o.option_value), 'whom the server chooses'),
										 CASE m.umuser WHEN 0 THEN 'PUBLIC' ELSE m.umuser::regrole::text END),
								  ', ' ORDER BY m.umuser) FILTER (WHERE m.oid IS NOT NULL),
					   'itself: there is no user mapping')) AS detail,
	   coalesce(string_agg(format('DROP USER MAPPING FOR %s SERVER %I;',
								  CASE m.umuser WHEN 0 THEN 'PUBLIC' ELSE m.umuser::regrole::text END,
								  v.srvname), ' ' ORDER BY m.umuser) FILTER (WHERE m.oid IS NOT NULL),
				format('DROP FOREIGN TABLE %I.%I;', n.nspname, t.relname)) AS remedy,
	   EXISTS (SELECT FROM pii.foreign_carriers(f.ftrelid)) AS is_own
FROM pg_foreign_table f
JOIN pg_class t ON t.oid = f.ftrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_foreign_server v ON v.oid = f.ftserver
JOIN pg_foreign_data_wrapper w ON w.oid = v.srvfdw
LEFT JOIN pg_user_mapping m ON m.umserver = v.oid
LEFT JOIN LATERAL (
	SELECT option_value FROM pg_options_to_table(m.umoptions) WHERE option_name = 'user'
) o ON true
GROUP BY f.ftrelid, n.nspname, t.relname, v.srvname, w.fdwname
-- postgres_fdw lets nobody in without one
HAVING w.fdwname <> 'postgres_fdw' OR count(m.oid) > 0;

COMMENT ON VIEW pii.foreign_door IS 'foreign tables, and as whom they are read';
COMMENT ON COLUMN pii.foreign_door.is_own IS 'it shows a table of this database';
REVOKE ALL ON pii.foreign_door FROM PUBLIC;

-- Table by table, as in pii.exposure: the planner expects one tagged column and
-- would look for all doors anew for each of them.
CREATE VIEW pii.door AS
SELECT t.table_schema, t.table_name, c.column_name, c.tag, c.verdict,
	   d.door, d.name, d.detail, d.remedy, t.relation, c.attnum
FROM pii.tagged_relation t
CROSS JOIN LATERAL (
	SELECT p.attnum, 'publication' AS door,
		   quote_ident(p.name) AS name, p.detail, p.remedy
	FROM pii.published p
	WHERE p.relation = t.relation
	UNION ALL
	SELECT f.attnum, 'security definer function',
		   f.name,
		   'executed by ' || string_agg(CASE f.grantee WHEN 0 THEN 'PUBLIC'
											ELSE f.grantee::regrole::text END, ', '),
		   string_agg(f.remedy, ' ')
	FROM pii.definer f
	WHERE f.relation = t.relation AND NOT f.is_beyond
	GROUP BY f.attnum, f.name
	UNION ALL
	SELECT a.attnum, 'foreign table', f.name, f.detail, f.remedy
	FROM pii.foreign_door f
	JOIN pg_attribute a ON a.attrelid = f.relation AND a.attnum > 0
	WHERE f.relation = t.relation
	OFFSET 0
) d
JOIN LATERAL unnest(t.columns) c ON c.attnum = d.attnum
UNION ALL
SELECT s.table_schema, s.table_name, s.column_name, s.tag, s.verdict,
	   'statistics', s.name, s.detail, s.remedy, s.relation, s.attnum
FROM pii.statistics_door s
UNION ALL
SELECT n.nspname, t.relname, NULL, NULL, 'unknown', 'foreign table', f.name,
	   f.detail || '; not analysed: what it holds is known once it is scanned by name',
	   f.remedy, f.relation, NULL
FROM pii.foreign_door f
JOIN pg_class t ON t.oid = f.relation
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE NOT f.is_own
  AND NOT EXISTS (SELECT FROM pii.tagged c WHERE c.relation = f.relation OFFSET 0)
UNION ALL
SELECT NULL, NULL, NULL, NULL, 'unknown', 'security definer function', f.name,
	   format('executed by %s; not analysed: %s', x.grantees, b.unknown),
	   x.remedy, NULL, NULL
FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang
JOIN pg_namespace n ON n.oid = p.pronamespace
CROSS JOIN LATERAL (
	SELECT format('%I.%I(%s)', n.nspname, p.proname,
				  pg_get_function_identity_arguments(p.oid)) AS name) f
CROSS JOIN LATERAL (
	SELECT string_agg(CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END, ', ') AS grantees,
		   format('REVOKE EXECUTE ON ROUTINE %s FROM %s;', f.name,
				  string_agg(CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END, ', ')) AS remedy
	FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
	JOIN pii.audience a ON a.role = x.grantee
	WHERE x.privilege_type = 'EXECUTE'
	  AND x.grantee <> p.proowner
	  AND NOT a.is_superuser
	  AND NOT a.is_trusted) x
CROSS JOIN LATERAL (
	SELECT CASE WHEN p.prosqlbody IS NULL THEN format('a body in %s is a string', l.lanname)
				ELSE 'it calls ' || string_agg(DISTINCT d.refobjid::regprocedure::text, ', ') END AS unknown
	FROM pg_depend d
	WHERE d.classid = 'pg_proc'::regclass
	  AND d.objid = p.oid
	  AND d.refclassid = 'pg_proc'::regclass
	  AND p.prosqlbody IS NOT NULL) b
WHERE p.prosecdef
  AND b.unknown IS NOT NULL
  AND x.grantees IS NOT NULL
  AND p.prorettype <> ALL ('{trigger,event_trigger}'::regtype[])
  AND n.nspname <> ALL ('{pg_catalog,information_schema}')
  AND NOT EXISTS (SELECT FROM pg_depend d
				  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  AND p.oid NOT IN (SELECT d.function
					FROM pii.definer d
					CROSS JOIN LATERAL (
						SELECT FROM pii.tagged c
						WHERE c.relation = d.relation AND c.attnum = d.attnum
						OFFSET 0) c);

COMMENT ON VIEW pii.door IS
'what hands a tagged column on without a check of each reader: publications, SECURITY DEFINER functions, statistics, foreign tables; and what of it could not be looked into';
COMMENT ON COLUMN pii.door.column_name IS 'the tagged column; null where it is not known which';
COMMENT ON COLUMN pii.door.verdict IS 'of the column; unknown for what is not analysed';
COMMENT ON COLUMN pii.door.door IS
'publication, security definer function, statistics, or foreign table';
COMMENT ON COLUMN pii.door.name IS 'name of the publication, function, statistics or foreign table';
COMMENT ON COLUMN pii.door.detail IS 'who comes through, and to what; "not analysed" where that is not known';
COMMENT ON COLUMN pii.door.remedy IS 'SQL that closes it';
REVOKE ALL ON pii.door FROM PUBLIC;

CREATE VIEW pii.default_exposure AS
SELECT n.nspname AS table_schema,
	   d.defaclrole::regrole AS creator,
	   CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(x.grantee) END AS grantee,
	   format('ALTER DEFAULT PRIVILEGES FOR ROLE %s%s REVOKE SELECT ON TABLES FROM %s;',
			  d.defaclrole::regrole, ' IN SCHEMA ' || quote_ident(n.nspname),
			  CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END) AS remedy
FROM pg_default_acl d
LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
CROSS JOIN LATERAL aclexplode(d.defaclacl) x
LEFT JOIN pii.audience a ON a.role = x.grantee
WHERE d.defaclobjtype = 'r'
  AND x.privilege_type = 'SELECT'
  AND x.grantee <> d.defaclrole
  AND NOT coalesce(a.is_superuser OR a.is_trusted, false);

COMMENT ON VIEW pii.default_exposure IS
'default privileges that will let someone read the next table';
COMMENT ON COLUMN pii.default_exposure.table_schema IS
'schema that they are for; null for all';
COMMENT ON COLUMN pii.default_exposure.creator IS 'whose tables they are for';
COMMENT ON COLUMN pii.default_exposure.remedy IS 'SQL that ends them; what they granted stays';
REVOKE ALL ON pii.default_exposure FROM PUBLIC;
