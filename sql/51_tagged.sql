
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: tagged columns, and those that hold the same values
-- ---------------------------------------------------------------------------

-- What must stay true: everything here is looked up by the OID of a relation.

CREATE TYPE pii.carrier AS (
	attnum smallint,
	source oid,
	source_attnum smallint,
	derived boolean,
	note text,
	how text
);
COMMENT ON TYPE pii.carrier IS
'a column that holds the values of another, or something made of them, and how it comes by them';

-- Of a server of postgres_fdw it can be told that it is this very database.
CREATE FUNCTION pii.foreign_carriers(relation oid) RETURNS SETOF pii.carrier
	LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 1
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT a.attnum, t.oid, s.attnum, false, NULL::text,
		   'read through a foreign server from'
	FROM pg_foreign_table f
	JOIN pg_foreign_server v ON v.oid = f.ftserver
	JOIN pg_foreign_data_wrapper w ON w.oid = v.srvfdw AND w.fdwname = 'postgres_fdw'
	JOIN pg_class b ON b.oid = f.ftrelid
	JOIN pg_namespace bn ON bn.oid = b.relnamespace
	CROSS JOIN LATERAL (
		SELECT max(o.option_value) FILTER (WHERE o.option_name = 'host') AS host,
			   max(o.option_value) FILTER (WHERE o.option_name = 'port') AS port,
			   max(o.option_value) FILTER (WHERE o.option_name = 'dbname') AS dbname,
			   max(o.option_value) FILTER (WHERE o.option_name = 'schema_name') AS schema_name,
			   max(o.option_value) FILTER (WHERE o.option_name = 'table_name') AS table_name
		FROM pg_options_to_table(v.srvoptions || f.ftoptions) o
	) x
	JOIN pg_namespace n ON n.nspname = coalesce(x.schema_name, bn.nspname)
	JOIN pg_class t ON t.relnamespace = n.oid AND t.relname = coalesce(x.table_name, b.relname)
	JOIN pg_attribute a ON a.attrelid = f.ftrelid AND a.attnum > 0 AND NOT a.attisdropped
	JOIN pg_attribute s ON s.attrelid = t.oid
					   AND s.attname = coalesce((SELECT o.option_value
												 FROM pg_options_to_table(a.attfdwoptions) o
												 WHERE o.option_name = 'column_name'),
												a.attname)
	WHERE f.ftrelid = relation
	  AND t.oid <> f.ftrelid
	  AND x.dbname = current_database()
	  AND coalesce(x.port, current_setting('port')) = current_setting('port')
	  AND (coalesce(x.host, '') IN ('', 'localhost', '127.0.0.1', '::1') OR x.host ~ '^/')
$$;
COMMENT ON FUNCTION pii.foreign_carriers(oid) IS
'columns of a foreign table that show a table of this very database';

-- A partition has the tags of its root in pii.columns already; the root takes
-- only what a person has said of a partition.
CREATE FUNCTION pii.direct_carriers(relation oid) RETURNS SETOF pii.carrier
	LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 1
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT l.attnum, l.source::oid, l.source_attnum, l.derived, l.note,
		   'generated from'
	FROM pii.generated_lineage(relation) l
	UNION ALL
	SELECT c.attnum, k.confrelid, c.source_attnum, false, NULL, 'references'
	FROM pg_constraint k
	CROSS JOIN LATERAL unnest(k.conkey, k.confkey) c (attnum, source_attnum)
	WHERE k.conrelid = relation AND k.contype = 'f'
	UNION ALL
	SELECT a.attnum, i.inhparent, p.attnum, false, NULL, 'inherited from'
	FROM pg_inherits i
	JOIN pg_class t ON t.oid = i.inhrelid AND NOT t.relispartition
	JOIN pg_attribute a ON a.attrelid = i.inhrelid AND a.attnum > 0 AND NOT a.attisdropped
	JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attname = a.attname
	WHERE i.inhrelid = relation
	UNION ALL
	SELECT p.attnum, i.inhrelid, a.attnum, false, NULL, 'shows rows of'
	FROM pg_inherits i
	JOIN pg_class t ON t.oid = i.inhrelid
	JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attnum > 0 AND NOT p.attisdropped
	JOIN pg_attribute a ON a.attrelid = i.inhrelid AND a.attname = p.attname
	WHERE i.inhparent = relation
	  AND (NOT t.relispartition
		   OR EXISTS (SELECT
					  FROM pg_seclabel l
					  WHERE l.objoid = i.inhrelid
						AND l.classoid = 'pg_class'::regclass
						AND l.objsubid = a.attnum
						AND l.provider = 'pii'))
	UNION ALL
	SELECT * FROM pii.foreign_carriers(relation)
$$;
COMMENT ON FUNCTION pii.direct_carriers(oid) IS
'columns of a table that hold the values of others: generated, referencing, inherited, seen through the parent, or foreign';

-- What one child holds is not in another child for being seen through the
-- parent.
CREATE FUNCTION pii.carriers(relation oid) RETURNS SETOF pii.carrier
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 1
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY
	WITH RECURSIVE flow AS (
		SELECT d.*, d.how AS last
		FROM pii.direct_carriers(relation) d
		UNION
		SELECT w.attnum, n.source, n.source_attnum, w.derived OR n.derived,
			   coalesce(w.note, n.note), w.how, n.how
		FROM flow w
		CROSS JOIN LATERAL pii.direct_carriers(w.source) n
		WHERE n.attnum = w.source_attnum
		  AND NOT (w.last = 'inherited from' AND n.how = 'shows rows of')
	)
	SELECT DISTINCT f.attnum, f.source, f.source_attnum, f.derived, f.note, f.how
	FROM flow f;
END
$$;
COMMENT ON FUNCTION pii.carriers(oid) IS
'the same through any number of columns';

-- A column that carries, unless a person has said what it holds, has the tag of
-- what it carries.  Read relation by relation, in tagged_relation too: the
-- planner expects few to pass a test by <@, and does not take the loop for a
-- long one.  That is what keeps a server with jit on from compiling for longer
-- than the whole report takes.
CREATE VIEW pii.tagged AS
SELECT c.table_schema, c.table_name, c.column_name, c.data_type,
	   coalesce(s.tag, c.tag) AS tag,
	   coalesce(s.verdict, c.verdict) AS verdict,
	   coalesce(s.evidence, c.evidence) AS evidence,
	   c.waived_until, t.oid AS relation, c.attnum,
	   coalesce(s.derived, false) AS derived,
	   s.note AS masked_by
FROM pg_class t
CROSS JOIN LATERAL (
	-- most tables have nothing of the kind, and are asked no more
	SELECT array_agg(k) AS carriers
	FROM pii.carriers(CASE
		WHEN t.relkind = 'f'
			 OR EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = t.oid)
			 OR t.relhassubclass
			 OR EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'f')
			 OR EXISTS (SELECT
						FROM pg_attrdef d
						JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
						WHERE d.adrelid = t.oid AND a.attgenerated <> '')
		THEN t.oid END) k
	OFFSET 0
) k
CROSS JOIN LATERAL (
	SELECT *, verdict IN ('pii', 'mixed') AND tag::text <> 'none' AS is_tagged
	FROM pii.columns c
	WHERE c.relation = t.oid
	OFFSET 0
) c
LEFT JOIN LATERAL (
	SELECT s.*
	-- the condition on its own, so that nothing is sorted for want of it
	FROM (SELECT WHERE k.carriers IS NOT NULL AND NOT c.is_tagged AND c.source <> 'label' OFFSET 0) can_carry
	CROSS JOIN LATERAL (
		SELECT o.tag, o.verdict, f.derived, f.note,
			   format('%s %I.%I.%I: %s', f.how, o.table_schema, o.table_name, o.column_name, o.evidence) AS evidence
		FROM unnest(k.carriers) f
		CROSS JOIN LATERAL (
			SELECT *
			FROM pii.columns o
			WHERE o.relation = f.source
			  AND o.attnum = f.source_attnum
			  AND o.verdict IN ('pii', 'mixed')
			  AND o.tag::text <> 'none'
			OFFSET 0
		) o
		WHERE f.attnum = c.attnum
		ORDER BY f.note IS NOT NULL, f.derived, o.verdict DESC, f.source, f.source_attnum
		LIMIT 1
	) s
) s ON true
WHERE t.relkind IN ('r', 'p', 'm', 'f')
  AND ARRAY[t.relkind] <@ '{r,p,m,f}'
  AND ARRAY[t.relpersistence] <@ '{p,u}'
  AND (c.is_tagged OR s.tag IS NOT NULL);

COMMENT ON VIEW pii.tagged IS
'columns whose verdict is pii or mixed, and those that carry the values of one';
COMMENT ON COLUMN pii.tagged.evidence IS 'why the column is tagged; of one that carries, where from';
COMMENT ON COLUMN pii.tagged.derived IS 'it is generated by an expression over the column that is tagged';
COMMENT ON COLUMN pii.tagged.masked_by IS 'what keeps the expression from showing the value; null if nothing is known to';
REVOKE ALL ON pii.tagged FROM PUBLIC;

CREATE VIEW pii.tagged_relation AS
SELECT n.nspname AS table_schema,
	   t.relname AS table_name,
	   t.oid AS relation,
	   t.relkind = 'm' AS is_copy,
	   t.relowner AS owner,
	   t.relnamespace AS namespace,
	   s.namespace_acl,
	   coalesce(t.relacl, acldefault('r', t.relowner)) AS acl,
	   t.relrowsecurity AS row_security,
	   t.relforcerowsecurity AS forces_row_security,
	   c.columns
FROM pg_class t
JOIN pg_namespace n ON n.oid = t.relnamespace
CROSS JOIN LATERAL (
	-- the condition again, so that no table of another schema is looked into
	SELECT coalesce(n.nspacl, acldefault('n', n.nspowner)) AS namespace_acl
	WHERE n.oid = t.relnamespace
	OFFSET 0
) s
CROSS JOIN LATERAL (
	SELECT array_agg(g) AS columns
	FROM pii.tagged g
	WHERE g.relation = t.oid AND s.namespace_acl IS NOT NULL
	OFFSET 0
) c
WHERE t.relkind IN ('r', 'p', 'm', 'f')
  AND ARRAY[t.relkind] <@ '{r,p,m,f}'
  AND ARRAY[t.relpersistence] <@ '{p,u}'
  AND c.columns IS NOT NULL;

COMMENT ON VIEW pii.tagged_relation IS
'relations with tagged columns, and what it takes to know who reads them';
COMMENT ON COLUMN pii.tagged_relation.is_copy IS 'it is a materialized view';
COMMENT ON COLUMN pii.tagged_relation.namespace_acl IS 'grants on the schema';
COMMENT ON COLUMN pii.tagged_relation.acl IS 'grants on the relation';
COMMENT ON COLUMN pii.tagged_relation.columns IS 'the tagged columns';
REVOKE ALL ON pii.tagged_relation FROM PUBLIC;

-- Columns of a copy that are tagged, or that a person has labelled, speak for
-- themselves.
CREATE VIEW pii.shown AS
SELECT *
FROM pii.lineage x
WHERE x.copy IS NULL
   OR NOT EXISTS (SELECT
				  FROM pii.columns c
				  WHERE c.relation = x.copy
					AND c.attnum = x.copy_attnum
					AND (c.source = 'label'
						 OR c.verdict IN ('pii', 'mixed') AND c.tag::text <> 'none'));

COMMENT ON VIEW pii.shown IS
'pii.lineage without what comes from a materialized view whose own column is tagged or labelled';
REVOKE ALL ON pii.shown FROM PUBLIC;
