
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: other doors, where the server does not check each reader
-- ---------------------------------------------------------------------------

-- Who receives a publication, or what a function makes of what it reads, is
-- not in the catalogs.  Hence views of their own: pii.exposure stays exact.

CREATE VIEW pii.door AS
SELECT c.table_schema, c.table_name, c.column_name, c.tag, c.verdict,
	   d.door, d.name, d.detail, d.remedy, c.relation, c.attnum
FROM pii.columns c
JOIN (
	SELECT t.oid AS relation, a.attnum,
		   'publication' AS door,
		   quote_ident(p.pubname) AS name,
		   concat_ws(', ',
					 CASE WHEN p.puballtables THEN 'all tables' END,
					 'rows ' || r.rowfilter) AS detail,
		   CASE WHEN p.puballtables THEN format('DROP PUBLICATION %I;', p.pubname)
				WHEN EXISTS (SELECT
							 FROM pg_publication_rel x
							 WHERE x.prpubid = p.oid AND x.prrelid = t.oid)
				THEN format('ALTER PUBLICATION %I DROP TABLE %I.%I;',
							p.pubname, n.nspname, t.relname)
				WHEN EXISTS (SELECT
							 FROM pg_publication_namespace x
							 WHERE x.pnpubid = p.oid AND x.pnnspid = n.oid)
				THEN format('ALTER PUBLICATION %I DROP TABLES IN SCHEMA %I;',
							p.pubname, n.nspname) END AS remedy
	FROM pg_publication_tables r
	JOIN pg_publication p ON p.pubname = r.pubname
	JOIN pg_namespace n ON n.nspname = r.schemaname
	JOIN pg_class t ON t.relnamespace = n.oid AND t.relname = r.tablename
	JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = ANY (r.attnames)
	UNION ALL
	SELECT d.refobjid, d.refobjsubid,
		   'security definer function',
		   p.oid::regprocedure::text,
		   'executed by ' || string_agg(DISTINCT x.grantee_name, ', '),
		   format('REVOKE EXECUTE ON FUNCTION %s FROM %s;', p.oid::regprocedure,
				  string_agg(DISTINCT x.grantee_name, ', '))
	FROM pg_proc p
	JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
					AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
	CROSS JOIN LATERAL (
		SELECT CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END AS grantee_name
		FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
		WHERE g.grantee <> p.proowner AND g.privilege_type = 'EXECUTE') x
	WHERE p.prosecdef AND p.prosqlbody IS NOT NULL
	GROUP BY d.refobjid, d.refobjsubid, p.oid
) d ON d.relation = c.relation AND d.attnum = c.attnum
WHERE c.verdict IN ('pii', 'mixed')
  AND c.tag::text <> 'none';

COMMENT ON VIEW pii.door IS
'publications that carry a tagged column, and SECURITY DEFINER functions whose body, in standard SQL, names one';
COMMENT ON COLUMN pii.door.door IS 'publication or security definer function';
COMMENT ON COLUMN pii.door.name IS 'name of the publication or function';
COMMENT ON COLUMN pii.door.detail IS 'the rows that are published, or who may execute the function';
COMMENT ON COLUMN pii.door.remedy IS
'SQL that closes it; null where it is the publication of a partition through its root';
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
