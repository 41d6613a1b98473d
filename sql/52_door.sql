
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: what hands a column on to who need not be able to read it
-- ---------------------------------------------------------------------------

-- A partition is published with the tables above it, by the names of their
-- columns.  Generated columns, if they are stored, are published from
-- PostgreSQL 18 on, if listed or asked for.  A publication may have a table in
-- several ways, all of which must end.
CREATE VIEW pii.published AS
SELECT t.oid AS relation,
	   a.attnum,
	   p.pubname AS name,
	   concat_ws(', ',
				 CASE WHEN p.puballtables THEN 'all tables' END,
				 CASE WHEN bool_and(w.rows IS NOT NULL)
					  THEN 'rows ' || string_agg(DISTINCT w.rows, ' or ') END) AS detail,
	   string_agg(DISTINCT w.remedy, ' ') AS remedy
FROM pg_class t
CROSS JOIN LATERAL (
	SELECT t.oid
	UNION
	SELECT relid FROM pg_partition_ancestors(t.oid) WHERE t.relispartition
) u (oid)
JOIN pg_class x ON x.oid = u.oid
JOIN pg_namespace n ON n.oid = x.relnamespace
CROSS JOIN pg_publication p
CROSS JOIN LATERAL (
	SELECT r.prattrs AS listed, pg_get_expr(r.prqual, r.prrelid) AS rows,
		   format('ALTER PUBLICATION %I DROP TABLE %I.%I;', p.pubname, n.nspname, x.relname) AS remedy
	FROM pg_publication_rel r
	WHERE r.prrelid = x.oid AND r.prpubid = p.oid
	UNION ALL
	SELECT NULL, NULL, format('ALTER PUBLICATION %I DROP TABLES IN SCHEMA %I;', p.pubname, n.nspname)
	FROM pg_publication_namespace s
	WHERE s.pnnspid = n.oid AND s.pnpubid = p.oid
	UNION ALL
	SELECT NULL, NULL, format('DROP PUBLICATION %I;', p.pubname)
	WHERE p.puballtables
) w
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attribute l ON l.attrelid = x.oid AND l.attname = a.attname
WHERE t.relkind IN ('r', 'p')
  AND t.relpersistence = 'p'
  AND CASE WHEN w.listed IS NOT NULL THEN l.attnum = ANY (w.listed::smallint[])
		   ELSE a.attgenerated::text IN ('', to_jsonb(p) ->> 'pubgencols') END
GROUP BY t.oid, a.attnum, p.oid, p.pubname, p.puballtables;

COMMENT ON VIEW pii.published IS 'columns of tables and the publications that carry them';
COMMENT ON COLUMN pii.published.detail IS 'that all tables are published, or which rows';
COMMENT ON COLUMN pii.published.remedy IS 'SQL that takes the table, its partitioned table or its schema out of the publication';
REVOKE ALL ON pii.published FROM PUBLIC;

-- A body in standard SQL depends on the columns that it names; a function that
-- returns rows, or an array of them, depends on their type.
CREATE VIEW pii.definer_names AS
SELECT d.refobjid AS relation, d.refobjsubid::smallint AS attnum, d.objid AS function
FROM pg_depend d
JOIN pg_proc p ON p.oid = d.objid
WHERE d.classid = 'pg_proc'::regclass
  AND d.refclassid = 'pg_class'::regclass
  AND d.refobjsubid > 0
  AND p.prosecdef
UNION
SELECT t.oid, a.attnum, p.oid
FROM pg_class t
JOIN pg_type y ON y.oid = t.reltype
JOIN pg_depend d ON d.refobjid = ANY (ARRAY[y.oid, y.typarray])
				AND d.refclassid = 'pg_type'::regclass
				AND d.classid = 'pg_proc'::regclass
JOIN pg_proc p ON p.oid = d.objid AND p.prosecdef
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE d.refobjid = p.prorettype
   OR EXISTS (SELECT
			  FROM unnest(p.proallargtypes, p.proargmodes) g (type, mode)
			  WHERE g.type = d.refobjid AND g.mode IN ('o', 'b', 't'));

COMMENT ON VIEW pii.definer_names IS
'columns of tables and views that SECURITY DEFINER functions name, or return rows with';
REVOKE ALL ON pii.definer_names FROM PUBLIC;

-- What a function names may be a view, which is read as its owner again.  Hardly
-- any function reads one: whether there is such is asked before any table is.
CREATE VIEW pii.definer AS
SELECT d.relation,
	   d.attnum,
	   p.oid AS function,
	   f.name,
	   bit_or(pii.role_self(d.subject)) AS subjects,
	   bool_or(d.is_copy) AS is_copy,
	   CASE WHEN bool_and(d.note IS NOT NULL) THEN min(d.note) END AS masked_by,
	   g.grantee,
	   pii.role_heirs(g.grantee) & u.users AS readers,
	   g.grantee = p.proowner AS is_beyond,
	   u.is_open,
	   g.remedy
FROM (
	SELECT n.relation, n.attnum, n.function, o.proowner AS subject,
		   true AS is_direct, false AS is_copy, NULL::text AS note
	FROM pii.definer_names n
	JOIN pg_proc o ON o.oid = n.function
	WHERE pii.may_select(o.proowner, n.relation, n.attnum)
	UNION ALL
	SELECT t.oid, x.attnum, x.function, x.subject, x.is_direct, x.is_copy, x.note
	FROM pg_class t
	CROSS JOIN LATERAL (
		SELECT x.attnum, o.oid AS function,
			   CASE x.reader WHEN 0 THEN o.proowner ELSE x.reader END AS subject,
			   NOT has_schema_privilege(o.proowner, v.relnamespace, 'USAGE') AS is_direct,
			   x.is_copy,
			   -- what a string makes of rows is not known
			   CASE WHEN o.prosqlbody IS NOT NULL THEN x.note END AS note
		FROM pii.shown x
		JOIN pg_class v ON v.oid = x.view
		JOIN pii.definer_names n ON n.relation = x.view AND n.attnum = x.view_attnum
		JOIN pg_proc o ON o.oid = n.function
		WHERE x.relation = t.oid
		  AND pii.may_select(o.proowner, x.view, x.view_attnum)
		  AND NOT EXISTS (
			SELECT
			FROM pii.view_need d
			WHERE d.view = x.view
			  AND NOT pii.may_select(CASE d.reader WHEN 0 THEN o.proowner ELSE d.reader END,
									 d.relation, d.attnum))
		OFFSET 0
	) x
	WHERE t.relkind IN ('r', 'p', 'm', 'f')
	  AND ARRAY[t.relkind] <@ '{r,p,m,f}'
	  AND (SELECT EXISTS (SELECT
						  FROM pii.definer_names n
						  JOIN pg_class v ON v.oid = n.relation
						  WHERE v.relkind IN ('v', 'm')))
) d
JOIN pg_proc p ON p.oid = d.function
JOIN pg_namespace n ON n.oid = p.pronamespace
CROSS JOIN LATERAL (
	SELECT format('%I.%I(%s)', n.nspname, p.proname,
				  pg_get_function_identity_arguments(p.oid)) AS name) f
CROSS JOIN LATERAL (
	SELECT pii.role_heirs(to_regrole('pg_read_all_data'))
		   | pii.role_heirs(to_regrole('pg_write_all_data'))
		   | coalesce(bit_or(pii.role_heirs(x.grantee)), pii.role_self(0)) AS users,
		   coalesce(bool_or(x.grantee = 0), false) AS is_open
	FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) x
	WHERE x.privilege_type = 'USAGE') u
CROSS JOIN LATERAL (
	SELECT x.grantee,
		   string_agg(format(CASE WHEN x.grantor = p.proowner
								  THEN 'REVOKE EXECUTE ON ROUTINE %2$s FROM %3$s%4$s;'
								  ELSE 'SET ROLE %1$s; REVOKE EXECUTE ON ROUTINE %2$s FROM %3$s%4$s; RESET ROLE;' END,
							 x.grantor::regrole, f.name,
							 CASE x.grantee WHEN 0 THEN 'PUBLIC'
											ELSE x.grantee::regrole::text END,
							 CASE WHEN x.is_grantable THEN ' CASCADE' END),
					  ' ' ORDER BY x.is_grantable, x.grantor = p.proowner, x.grantor) AS remedy
	FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
	WHERE x.privilege_type = 'EXECUTE'
	GROUP BY x.grantee
) g
WHERE p.prorettype <> ALL ('{trigger,event_trigger}'::regtype[])
GROUP BY d.relation, d.attnum, p.oid, f.name, g.grantee, g.remedy, p.proowner, u.users, u.is_open
-- an owner who may read the view has that path
HAVING g.grantee <> p.proowner OR bool_or(d.is_direct);

COMMENT ON VIEW pii.definer IS
'SECURITY DEFINER functions that name a column, or return rows with it, or those of a view that shows it, which their owner may read, and who may execute them';
COMMENT ON COLUMN pii.definer.subjects IS 'as whom the column is read: the owner of the function, or of the view';
COMMENT ON COLUMN pii.definer.is_copy IS 'it is read from a materialized view';
COMMENT ON COLUMN pii.definer.masked_by IS 'what keeps the view from showing the value; null if nothing is known to';
COMMENT ON COLUMN pii.definer.grantee IS 'OID of the role that may execute it; 0 is PUBLIC';
COMMENT ON COLUMN pii.definer.readers IS 'roles that can execute it through this grant';
COMMENT ON COLUMN pii.definer.is_beyond IS 'the owner has it, for whom it counts only if it cannot read otherwise';
COMMENT ON COLUMN pii.definer.is_open IS 'everybody has USAGE on the schema of the function';
COMMENT ON COLUMN pii.definer.remedy IS 'SQL that takes the grant back';
REVOKE ALL ON pii.definer FROM PUBLIC;
