
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: which columns views show, and what reading them takes
-- ---------------------------------------------------------------------------

-- What must stay true: a stored query is looked at only if something depends
-- on the relation that is asked about.  A filter on it reaches pg_depend.

CREATE FUNCTION pii.view_lineage(
	view regclass,
	OUT attnum smallint,
	OUT source regclass,
	OUT source_attnum smallint,
	OUT derived boolean,
	OUT note text
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pii_view_lineage'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION pii.view_lineage(regclass) IS
'where the columns of a view come from: as they are, derived, or masked by what the note says';

CREATE FUNCTION pii.generated_lineage(
	relation regclass,
	OUT attnum smallint,
	OUT source regclass,
	OUT source_attnum smallint,
	OUT derived boolean,
	OUT note text
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pii_generated_lineage'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 1;
COMMENT ON FUNCTION pii.generated_lineage(regclass) IS
'where the generated columns of a table come from, as pii.view_lineage has it for a view';

CREATE FUNCTION pii.view_reads(
	view regclass,
	OUT relation regclass,
	OUT attnum smallint
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pii_view_reads'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION pii.view_reads(regclass) IS
'the columns that must be SELECTable for the query of a view to run; a null column stands for any';

-- The condition of the server: the table, or the column; or any column.
CREATE FUNCTION pii.may_select(role oid, relation oid, attnum smallint) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_may_select'
	LANGUAGE C STABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION pii.may_select(oid, oid, smallint) IS
'whether a role has the privilege to SELECT a column, or, if it is null, any column';

-- A security_invoker view reads as whoever asks, also where another view
-- stands before it; any other as its owner.
CREATE VIEW pii.view_reader AS
SELECT v.oid AS view,
	   v.relkind = 'm' AS is_copy,
	   CASE WHEN EXISTS (SELECT
						 FROM pg_options_to_table(v.reloptions) o
						 WHERE o.option_name = 'security_invoker'
						   AND o.option_value::boolean)
			THEN 0 ELSE v.relowner END AS reader
FROM pg_class v
WHERE v.relkind IN ('v', 'm');

COMMENT ON VIEW pii.view_reader IS
'as whom a view reads its relations';
COMMENT ON COLUMN pii.view_reader.is_copy IS
'a materialized view: what it shows was read before';
COMMENT ON COLUMN pii.view_reader.reader IS
'OID of the role; 0 is whoever asks';
REVOKE ALL ON pii.view_reader FROM PUBLIC;

CREATE VIEW pii.dependent_view AS
SELECT d.refobjid AS relation, r.ev_class AS view
FROM pg_depend d
JOIN pg_rewrite r ON r.oid = d.objid
WHERE d.classid = 'pg_rewrite'::regclass
  AND d.refclassid = 'pg_class'::regclass
  AND r.rulename = '_RETURN'
  AND r.ev_class <> d.refobjid;

COMMENT ON VIEW pii.dependent_view IS
'views and the relations in their queries, once for each column that they name';
REVOKE ALL ON pii.dependent_view FROM PUBLIC;

-- Each view is analysed once for a table, however many ways lead to it.
CREATE VIEW pii.lineage AS
SELECT n.nspname AS table_schema,
	   t.relname AS table_name,
	   t.oid AS relation,
	   f.attnum,
	   f.view,
	   f.view_attnum,
	   f.derived,
	   f.note,
	   f.reader,
	   f.copy IS NOT NULL AS is_copy,
	   f.copy,
	   f.copy_attnum
FROM pg_class t
JOIN pg_namespace n ON n.oid = t.relnamespace
CROSS JOIN LATERAL (
	WITH RECURSIVE reach AS (
		SELECT d.view
		FROM pii.dependent_view d
		WHERE d.relation = t.oid
		UNION
		SELECT d.view
		FROM reach r
		JOIN pii.dependent_view d ON d.relation = r.view
	), step AS MATERIALIZED (
		SELECT l.source::oid AS source, l.source_attnum, r.view, l.attnum,
			   l.derived, l.note, v.reader, v.is_copy
		FROM reach r
		JOIN pii.view_reader v ON v.view = r.view
		CROSS JOIN LATERAL pii.view_lineage(r.view) l
	), flow AS (
		SELECT s.source_attnum AS attnum, s.view, s.attnum AS view_attnum,
			   s.derived, s.note, s.reader,
			   CASE WHEN s.is_copy THEN s.view END AS copy,
			   CASE WHEN s.is_copy THEN s.attnum END AS copy_attnum
		FROM step s
		WHERE s.source = t.oid
		UNION
		SELECT f.attnum, s.view, s.attnum,
			   f.derived OR s.derived, coalesce(f.note, s.note),
			   f.reader,
			   coalesce(f.copy, CASE WHEN s.is_copy THEN s.view END),
			   CASE WHEN f.copy IS NOT NULL THEN f.copy_attnum
					WHEN s.is_copy THEN s.attnum END
		FROM flow f
		JOIN step s ON s.source = f.view AND s.source_attnum = f.view_attnum
	)
	SELECT * FROM flow
) f
WHERE t.relkind IN ('r', 'p', 'f', 'm')
  AND t.oid IN (SELECT relation FROM pii.dependent_view);

COMMENT ON VIEW pii.lineage IS
'columns of tables and the columns of views that show them, through any number of views';
COMMENT ON COLUMN pii.lineage.relation IS 'OID of the table';
COMMENT ON COLUMN pii.lineage.attnum IS 'the column';
COMMENT ON COLUMN pii.lineage.view IS 'OID of the view or materialized view';
COMMENT ON COLUMN pii.lineage.view_attnum IS 'the column of the view';
COMMENT ON COLUMN pii.lineage.derived IS 'an expression stands between them';
COMMENT ON COLUMN pii.lineage.note IS 'what keeps the value from being seen; null if nothing is known to';
COMMENT ON COLUMN pii.lineage.reader IS 'as whom the table is read; 0 is whoever asks';
COMMENT ON COLUMN pii.lineage.is_copy IS 'a materialized view lies between them';
COMMENT ON COLUMN pii.lineage.copy IS 'the first materialized view on the way';
COMMENT ON COLUMN pii.lineage.copy_attnum IS 'its column';
REVOKE ALL ON pii.lineage FROM PUBLIC;

-- Schemas do not count: the query found its relations when it was stored.
CREATE VIEW pii.view_need AS
SELECT c.oid AS view, x.relation, x.attnum, x.reader
FROM pg_class c
CROSS JOIN LATERAL (
	WITH RECURSIVE reach AS (
		SELECT c.oid AS view
		UNION
		SELECT w.oid
		FROM reach r
		CROSS JOIN LATERAL pii.view_reads(r.view) n
		JOIN pg_class w ON w.oid = n.relation AND w.relkind = 'v'
	)
	SELECT DISTINCT n.relation::oid AS relation, n.attnum, v.reader
	FROM reach r
	JOIN pii.view_reader v ON v.view = r.view
	CROSS JOIN LATERAL pii.view_reads(r.view) n
) x
WHERE c.relkind = 'v';

COMMENT ON VIEW pii.view_need IS
'the SELECT privileges that reading a view takes beside the one on it, and as whom; none for a materialized view';
COMMENT ON COLUMN pii.view_need.attnum IS 'the column; null for any';
COMMENT ON COLUMN pii.view_need.reader IS 'who needs it; 0 is whoever asks';
REVOKE ALL ON pii.view_need FROM PUBLIC;
