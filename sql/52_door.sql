
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: what hands a column on to who need not be able to read it
-- ---------------------------------------------------------------------------

-- A partition is published with the tables above it, by the names of their
-- columns.  Generated columns are published from PostgreSQL 18 on, if listed or
-- asked for.
CREATE VIEW pii.published AS
SELECT t.oid AS relation,
	   a.attnum,
	   p.pubname AS name,
	   concat_ws(', ',
				 CASE WHEN p.puballtables THEN 'all tables' END,
				 'rows ' || pg_get_expr(r.prqual, r.prrelid)) AS detail,
	   CASE WHEN p.puballtables THEN format('DROP PUBLICATION %I;', p.pubname)
			WHEN r.oid IS NOT NULL
			THEN format('ALTER PUBLICATION %I DROP TABLE %I.%I;', p.pubname, n.nspname, x.relname)
			ELSE format('ALTER PUBLICATION %I DROP TABLES IN SCHEMA %I;', p.pubname, n.nspname)
	   END AS remedy
FROM pg_class t
CROSS JOIN LATERAL (
	SELECT t.oid
	UNION
	SELECT relid FROM pg_partition_ancestors(t.oid) WHERE t.relispartition
) u (oid)
JOIN pg_class x ON x.oid = u.oid
JOIN pg_namespace n ON n.oid = x.relnamespace
CROSS JOIN pg_publication p
LEFT JOIN pg_publication_rel r ON r.prrelid = x.oid AND r.prpubid = p.oid
LEFT JOIN pg_publication_namespace s ON s.pnnspid = n.oid AND s.pnpubid = p.oid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attribute l ON l.attrelid = x.oid AND l.attname = a.attname
WHERE t.relkind IN ('r', 'p')
  AND t.relpersistence = 'p'
  AND (p.puballtables OR r.oid IS NOT NULL OR s.oid IS NOT NULL)
  AND CASE WHEN r.prattrs IS NOT NULL THEN l.attnum = ANY (r.prattrs::smallint[])
		   ELSE a.attgenerated = '' OR to_jsonb(p) ->> 'pubgencols' = 's' END;

COMMENT ON VIEW pii.published IS 'columns of tables and the publications that carry them';
COMMENT ON COLUMN pii.published.detail IS 'that all tables are published, or which rows';
COMMENT ON COLUMN pii.published.remedy IS 'SQL that takes the table, or its partitioned table, out of the publication';
REVOKE ALL ON pii.published FROM PUBLIC;

-- A body in standard SQL depends on the columns that it names; a function that
-- returns rows of a table depends on the type of the rows.
CREATE VIEW pii.definer AS
SELECT d.relation,
	   d.attnum,
	   p.oid AS function,
	   f.name,
	   p.proowner AS owner,
	   g.grantee,
	   pii.role_heirs(g.grantee) & u.users AS readers,
	   string_agg(format(CASE WHEN g.grantor = p.proowner
							  THEN 'REVOKE EXECUTE ON ROUTINE %2$s FROM %3$s%4$s;'
							  ELSE 'SET ROLE %1$s; REVOKE EXECUTE ON ROUTINE %2$s FROM %3$s%4$s; RESET ROLE;' END,
						 g.grantor::regrole, f.name,
						 CASE g.grantee WHEN 0 THEN 'PUBLIC'
										ELSE g.grantee::regrole::text END,
						 CASE WHEN g.is_grantable THEN ' CASCADE' END),
				  ' ' ORDER BY g.is_grantable, g.grantor = p.proowner, g.grantor) AS remedy
FROM (
	SELECT d.refobjid AS relation, d.refobjsubid::smallint AS attnum, d.objid AS function
	FROM pg_depend d
	WHERE d.classid = 'pg_proc'::regclass
	  AND d.refclassid = 'pg_class'::regclass
	  AND d.refobjsubid > 0
	UNION
	SELECT t.oid, a.attnum, d.objid
	FROM pg_class t
	JOIN pg_depend d ON d.refobjid = t.reltype
					AND d.refclassid = 'pg_type'::regclass
					AND d.classid = 'pg_proc'::regclass
	JOIN pg_proc r ON r.oid = d.objid AND r.prorettype = t.reltype
	JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
) d
JOIN pg_proc p ON p.oid = d.function
JOIN pg_namespace n ON n.oid = p.pronamespace
CROSS JOIN LATERAL (
	SELECT format('%I.%I(%s)', n.nspname, p.proname,
				  pg_get_function_identity_arguments(p.oid)) AS name) f
CROSS JOIN LATERAL (
	SELECT pii.role_heirs(to_regrole('pg_read_all_data'))
		   | pii.role_heirs(to_regrole('pg_write_all_data'))
		   | coalesce(bit_or(pii.role_heirs(x.grantee)), pii.role_self(0)) AS users
	FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) x
	WHERE x.privilege_type = 'USAGE') u
CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
WHERE p.prosecdef
  AND p.prorettype <> ALL ('{trigger,event_trigger}'::regtype[])
  AND g.privilege_type = 'EXECUTE'
  AND g.grantee <> p.proowner
  AND pii.may_select(p.proowner, d.relation, d.attnum)
GROUP BY d.relation, d.attnum, p.oid, f.name, g.grantee, u.users;

COMMENT ON VIEW pii.definer IS
'SECURITY DEFINER functions that name a column, or return rows with it, which their owner may read, and who may execute them';
COMMENT ON COLUMN pii.definer.owner IS 'as whom the function reads';
COMMENT ON COLUMN pii.definer.grantee IS 'OID of the role that may execute it; 0 is PUBLIC';
COMMENT ON COLUMN pii.definer.readers IS 'roles that can execute it through this grant';
COMMENT ON COLUMN pii.definer.remedy IS 'SQL that takes the grant back';
REVOKE ALL ON pii.definer FROM PUBLIC;
