
-- ---------------------------------------------------------------------------
-- Floor 4, scan: what was found, kept without a single value
-- ---------------------------------------------------------------------------

CREATE TABLE pii.scan_run (
	run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	finished_at timestamptz,
	started_by name NOT NULL DEFAULT session_user,
	method text NOT NULL,
	sample_rows integer,
	tables_total integer NOT NULL DEFAULT 0,
	tables_done integer NOT NULL DEFAULT 0,
	tables_failed integer NOT NULL DEFAULT 0,
	tables_skipped integer NOT NULL DEFAULT 0,
	rows_total bigint NOT NULL DEFAULT 0,
	rows_read bigint NOT NULL DEFAULT 0,
	bytes_total bigint NOT NULL DEFAULT 0,
	bytes_read bigint NOT NULL DEFAULT 0,
	arguments jsonb NOT NULL DEFAULT '{}',
	outcome text CHECK (outcome OPERATOR(pg_catalog.=) ANY (ARRAY['done', 'out of budget', 'canceled', 'timed out', 'lost'])),
	resumed_run bigint,
	pid integer DEFAULT pg_catalog.pg_backend_pid(),
	current_table text,
	last_active_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	exposures integer,
	violations integer,
	new_violations integer,
	exposure_mark bigint
);
COMMENT ON TABLE pii.scan_run IS 'runs of pii.scan; one without finished_at is running or was stopped';
COMMENT ON COLUMN pii.scan_run.run_id IS 'number of the run';
COMMENT ON COLUMN pii.scan_run.started_at IS 'when it began';
COMMENT ON COLUMN pii.scan_run.finished_at IS 'when it was done; NULL while it runs, or if it was stopped';
COMMENT ON COLUMN pii.scan_run.started_by IS 'session user that called it';
COMMENT ON COLUMN pii.scan_run.method IS 'method asked for';
COMMENT ON COLUMN pii.scan_run.sample_rows IS 'rows a sample aimed at; NULL: the setting pii.sample_rows';
COMMENT ON COLUMN pii.scan_run.tables_total IS 'tables to scan, without those skipped';
COMMENT ON COLUMN pii.scan_run.tables_done IS 'tables scanned, those that failed included';
COMMENT ON COLUMN pii.scan_run.tables_failed IS 'tables that could not be scanned; scan_result.error says why';
COMMENT ON COLUMN pii.scan_run.tables_skipped IS 'tables not scanned again, because they have not changed since their last scan';
COMMENT ON COLUMN pii.scan_run.rows_total IS 'rows to read, estimated';
COMMENT ON COLUMN pii.scan_run.rows_read IS 'rows read in all';
COMMENT ON COLUMN pii.scan_run.bytes_total IS 'bytes of tables to read, estimated';
COMMENT ON COLUMN pii.scan_run.bytes_read IS 'bytes of tables read in all, without values stored out of line';
COMMENT ON COLUMN pii.scan_run.arguments IS 'what pii.scan was called with';
COMMENT ON COLUMN pii.scan_run.outcome IS 'done, out of budget, canceled, timed out, or lost with its session; NULL while it runs, or if nobody has looked since';
COMMENT ON COLUMN pii.scan_run.resumed_run IS 'first of the stopped runs of the same arguments that it went on with; tables read by them were not read again';
COMMENT ON COLUMN pii.scan_run.pid IS 'process that ran it';
COMMENT ON COLUMN pii.scan_run.current_table IS 'table it is at';
COMMENT ON COLUMN pii.scan_run.last_active_at IS 'when it last finished a table';
COMMENT ON COLUMN pii.scan_run.exposures IS 'rows of pii.exposure at its end';
COMMENT ON COLUMN pii.scan_run.violations IS 'rows of pii.violations at its end';
COMMENT ON COLUMN pii.scan_run.new_violations IS 'how many of them were not there at the end of the run before';
COMMENT ON COLUMN pii.scan_run.exposure_mark IS 'hash over what they came from; the same in the next run: so are they';

CREATE TABLE pii.scan_result (
	run_id bigint NOT NULL REFERENCES pii.scan_run ON DELETE CASCADE,
	relation oid NOT NULL,
	attnum smallint NOT NULL,
	path text,
	table_schema name NOT NULL,
	table_name name NOT NULL,
	column_name name NOT NULL,
	data_type text NOT NULL,
	tag pii.tag NOT NULL,
	verdict text NOT NULL CHECK (verdict OPERATOR(pg_catalog.=) ANY (ARRAY['pii', 'mixed', 'clean', 'unknown'])),
	confidence real NOT NULL,
	method text NOT NULL,
	rows_total bigint,
	rows_read bigint,
	nulls bigint,
	findings jsonb NOT NULL,
	reasons text[] NOT NULL,
	error text,
	evidence pii.evidence,
	filenode oid,
	modifications bigint,
	scanned_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	gone_at timestamptz,
	UNIQUE NULLS NOT DISTINCT (run_id, relation, attnum, path)
);
CREATE INDEX scan_result_relation_idx ON pii.scan_result (relation, attnum, scanned_at DESC);
COMMENT ON TABLE pii.scan_result IS 'what runs found, one row per column and per path of a json column; no value is ever stored';
COMMENT ON INDEX pii.scan_result_relation_idx IS 'newest results of a column first';
COMMENT ON COLUMN pii.scan_result.run_id IS 'run that found it';
COMMENT ON COLUMN pii.scan_result.relation IS 'OID of the table';
COMMENT ON COLUMN pii.scan_result.attnum IS 'number of the column; 0 where the table as a whole failed';
COMMENT ON COLUMN pii.scan_result.path IS 'path in a json column; NULL for the column as a whole';
COMMENT ON COLUMN pii.scan_result.table_schema IS 'schema of the table then';
COMMENT ON COLUMN pii.scan_result.table_name IS 'name of the table then';
COMMENT ON COLUMN pii.scan_result.column_name IS 'name of the column then';
COMMENT ON COLUMN pii.scan_result.data_type IS 'type of the column then';
COMMENT ON COLUMN pii.scan_result.tag IS 'kinds judged pii or mixed';
COMMENT ON COLUMN pii.scan_result.verdict IS 'verdict of the strongest kind: pii, mixed, clean or unknown';
COMMENT ON COLUMN pii.scan_result.confidence IS 'confidence of the strongest kind';
COMMENT ON COLUMN pii.scan_result.method IS 'method used: name, statistics, sample or full';
COMMENT ON COLUMN pii.scan_result.rows_total IS 'rows of the table, estimated unless all were read';
COMMENT ON COLUMN pii.scan_result.rows_read IS 'rows read';
COMMENT ON COLUMN pii.scan_result.nulls IS 'nulls among them';
COMMENT ON COLUMN pii.scan_result.findings IS 'per kind: verdict, confidence, counts, share with its 95 % interval, forms, region';
COMMENT ON COLUMN pii.scan_result.reasons IS 'why it was judged so';
COMMENT ON COLUMN pii.scan_result.error IS 'why it could not be read';
COMMENT ON COLUMN pii.scan_result.evidence IS 'what was counted; pii.judge(evidence, ...) judges it anew';
COMMENT ON COLUMN pii.scan_result.filenode IS 'file of the table then: another one means it was rewritten';
COMMENT ON COLUMN pii.scan_result.modifications IS 'rows inserted, updated and deleted in the table until then';
COMMENT ON COLUMN pii.scan_result.scanned_at IS 'when it was found';
COMMENT ON COLUMN pii.scan_result.gone_at IS 'when a run first missed the column; NULL as long as it is there';

-- Rows changed in a table, and in its partitions, since counting began.
CREATE FUNCTION pii.modifications(relation oid) RETURNS bigint
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(sum(pg_stat_get_tuples_inserted(l.relid)
		+ pg_stat_get_tuples_updated(l.relid)
		+ pg_stat_get_tuples_deleted(l.relid)), 0)::bigint
	FROM (
		SELECT $1 AS relid
		UNION
		SELECT relid FROM pg_partition_tree($1::regclass) WHERE isleaf
	) l
$$;
COMMENT ON FUNCTION pii.modifications(oid) IS
'rows inserted, updated and deleted in a table and its partitions since its statistics were reset';

-- What pii.columns lists and pii.scan walks: tables of users, not of
-- extensions, nor temporary ones, nor pg_pii's own.
CREATE VIEW pii.user_table AS
SELECT c.oid AS relation, n.nspname AS table_schema, c.relname AS table_name,
	c.relkind, c.relispartition, c.relfilenode
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
WHERE c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,m,f}'::pg_catalog."char"[])
	AND c.relpersistence OPERATOR(pg_catalog.<>) 't'
	AND n.nspname OPERATOR(pg_catalog.<>) ALL ('{pg_catalog,information_schema,pg_toast,pii}'::pg_catalog.name[])
	AND NOT EXISTS (
		SELECT FROM pg_catalog.pg_depend d
		WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
			AND d.objid OPERATOR(pg_catalog.=) c.oid
			AND d.deptype OPERATOR(pg_catalog.=) 'e');
COMMENT ON VIEW pii.user_table IS
'tables that are scanned and reported: not of the system, of extensions, or temporary';

-- A partition without a label of its own takes the nearest above it.  A function
-- rather than a part of the view, as few columns ask and the planner would take
-- all for asking.  It reads the catalogs by the snapshot of the query, which
-- pg_partition_ancestors() does not: the gate asks for what was before.
CREATE FUNCTION pii.inherited_label(partition oid, column_name name) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 1
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH RECURSIVE above AS (
		SELECT i.inhparent AS relation, 1 AS distance
		FROM pg_inherits i WHERE i.inhrelid = partition
		UNION ALL
		SELECT i.inhparent, b.distance + 1
		FROM above b
		JOIN pg_class c ON c.oid = b.relation AND c.relispartition
		JOIN pg_inherits i ON i.inhrelid = b.relation
	)
	SELECT l.label
	FROM above b
	JOIN pg_attribute a ON a.attrelid = b.relation AND a.attname = column_name
	JOIN pg_seclabel l ON l.objoid = b.relation
		AND l.objsubid = a.attnum
		AND l.classoid = 'pg_class'::regclass
		AND l.provider = 'pii'
	ORDER BY b.distance
	LIMIT 1
$$;
COMMENT ON FUNCTION pii.inherited_label(oid, name) IS
'the label that a column of a partition has from the nearest table above it that has one';

-- What is kept of the columns of a table is read by the table, not column by
-- column: one look into each catalog for all of them.
CREATE VIEW pii.columns AS
SELECT t.table_schema,
	t.table_name,
	a.attname AS column_name,
	pg_catalog.format_type(a.atttypid, a.atttypmod) AS data_type,
	COALESCE(l.tag, n.tag, a.tag) AS tag,
	CASE
		WHEN l.tag IS NULL THEN COALESCE(n.verdict, a.verdict)
		WHEN l.tag OPERATOR(pii.=) 'none' THEN 'clean'
		ELSE 'pii'
	END AS verdict,
	CASE
		WHEN l.tag IS NULL THEN COALESCE(n.confidence, a.confidence)
		WHEN l.tag OPERATOR(pii.=) 'none' THEN 0::pg_catalog.float4
		ELSE 1::pg_catalog.float4
	END AS confidence,
	CASE
		WHEN l.tag IS NOT NULL THEN 'label'
		WHEN n.tag IS NOT NULL THEN 'name'
		ELSE a.method
	END AS source,
	CASE
		WHEN l.tag IS NOT NULL THEN given.label
		WHEN a.tag IS NULL THEN 'not scanned'
		ELSE COALESCE(a.error, pg_catalog.array_to_string(ARRAY(
			-- of a tagged column, what speaks for its tag
			SELECT reason FROM pg_catalog.unnest(a.reasons) reason
			WHERE a.verdict OPERATOR(pg_catalog.<>) ALL ('{pii,mixed}')
				OR a.tag OPERATOR(pii.?) pg_catalog.split_part(reason, ':', 1)
				OR reason OPERATOR(pg_catalog.~) '^partition '), '; '))
	END AS evidence,
	a.scanned_at,
	a.stale,
	l.waived_until,
	t.relation,
	a.attnum
FROM pii.user_table t
CROSS JOIN LATERAL (
	SELECT DISTINCT ON (a.attnum) a.attname, a.atttypid, a.atttypmod, a.attnum, own.label,
		s.tag, s.verdict, s.confidence, s.method, s.reasons, s.error, s.scanned_at, g.stale,
		s.tag IS NULL
			OR s.verdict OPERATOR(pg_catalog.=) 'unknown'
				AND COALESCE(((s.findings OPERATOR(pg_catalog.->) 'email') OPERATOR(pg_catalog.->>) 'values')::pg_catalog.int8, 0)
					OPERATOR(pg_catalog.=) 0 AS untold
	FROM pg_catalog.pg_attribute a
	LEFT JOIN pg_catalog.pg_seclabel own ON own.objoid OPERATOR(pg_catalog.=) t.relation
		AND own.objsubid OPERATOR(pg_catalog.=) a.attnum
		AND own.classoid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
		AND own.provider OPERATOR(pg_catalog.=) 'pii'
	LEFT JOIN (
		SELECT own.*, own.attnum AS column_number
		FROM pii.scan_result own
		WHERE own.relation OPERATOR(pg_catalog.=) t.relation
			AND own.path IS NULL
		UNION ALL
		-- what was read through the root of a partition tree holds for its leaves
		SELECT tree.*, x.attnum
		FROM pii.scan_result tree
		JOIN pg_catalog.pg_attribute x ON x.attrelid OPERATOR(pg_catalog.=) t.relation
			AND x.attname OPERATOR(pg_catalog.=) tree.column_name
		WHERE t.relispartition
			AND tree.relation OPERATOR(pg_catalog.=) pg_catalog.pg_partition_root(t.relation)
			AND tree.path IS NULL
	) s ON s.column_number OPERATOR(pg_catalog.=) a.attnum
	CROSS JOIN LATERAL (SELECT CASE
		WHEN s.data_type OPERATOR(pg_catalog.<>) pg_catalog.format_type(a.atttypid, a.atttypmod)
			THEN 'type changed'
		WHEN s.filenode OPERATOR(pg_catalog.<>) t.relfilenode AND s.relation OPERATOR(pg_catalog.=) t.relation
			THEN 'rewritten'
		WHEN s.modifications IS NOT NULL AND (CASE
				WHEN t.relkind OPERATOR(pg_catalog.=) 'p' OR s.relation OPERATOR(pg_catalog.<>) t.relation
				THEN pii.modifications(s.relation)
				ELSE (pg_catalog.pg_stat_get_tuples_inserted(t.relation)
					OPERATOR(pg_catalog.+) pg_catalog.pg_stat_get_tuples_updated(t.relation))
					OPERATOR(pg_catalog.+) pg_catalog.pg_stat_get_tuples_deleted(t.relation)
			END OPERATOR(pg_catalog.-) s.modifications)
			OPERATOR(pg_catalog.>) ((s.rows_total OPERATOR(pg_catalog./) 5) OPERATOR(pg_catalog.+) 1000)
			THEN 'much modified'
		END AS stale) g
	WHERE a.attrelid OPERATOR(pg_catalog.=) t.relation
		AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
	-- values that were read, then why they could not be, then the name
	ORDER BY a.attnum,
		s.rows_read IS NULL,
		s.method OPERATOR(pg_catalog.=) 'name',
		g.stale IS NOT NULL,
		s.method OPERATOR(pg_catalog.=) 'statistics' AND s.verdict OPERATOR(pg_catalog.=) 'unknown',
		s.method OPERATOR(pg_catalog.=) 'statistics',
		s.method OPERATOR(pg_catalog.=) 'sample',
		s.rows_read IS NULL AND s.error IS NULL,
		s.scanned_at DESC
	OFFSET 0
) a
LEFT JOIN LATERAL (SELECT COALESCE(a.label,
	CASE WHEN t.relispartition THEN pii.inherited_label(t.relation, a.attname) END) AS label
) given ON true
LEFT JOIN LATERAL pii.parse_label(given.label) l ON true
CROSS JOIN LATERAL (
	-- judged in the list of a SELECT, as a row each would need a table in FROM;
	-- of no name, nothing
	SELECT pii.judge_name(t.relation, a.attnum,
		CASE WHEN l.tag IS NULL AND a.untold THEN a.attname END,
		a.atttypid, t.table_name) AS judged
	OFFSET 0
) by_name
LEFT JOIN LATERAL (
	SELECT (by_name.judged).tag, (by_name.judged).verdict, (by_name.judged).confidence
	-- where there was nothing to read, a name still says what is to come
	WHERE a.tag IS NULL OR (by_name.judged).verdict OPERATOR(pg_catalog.=) 'pii'
) n ON true;
COMMENT ON VIEW pii.columns IS
'every user column with its current tag: from its label, else from its best scan that still holds, or, where no value was there to be read, from its name, comment and constraints';
COMMENT ON COLUMN pii.columns.table_schema IS 'schema of the table';
COMMENT ON COLUMN pii.columns.table_name IS 'name of the table';
COMMENT ON COLUMN pii.columns.column_name IS 'name of the column';
COMMENT ON COLUMN pii.columns.data_type IS 'type of the column';
COMMENT ON COLUMN pii.columns.tag IS 'kinds judged pii or mixed';
COMMENT ON COLUMN pii.columns.verdict IS 'pii, mixed, clean or unknown';
COMMENT ON COLUMN pii.columns.confidence IS 'confidence of the strongest kind';
COMMENT ON COLUMN pii.columns.source IS 'what the tag comes from: label, full, sample, statistics or name';
COMMENT ON COLUMN pii.columns.evidence IS 'why it was judged so, or why it could not be read; the label, if a person judged it';
COMMENT ON COLUMN pii.columns.scanned_at IS 'when it was scanned; NULL: never';
COMMENT ON COLUMN pii.columns.stale IS 'why the scan may no longer hold: type changed, rewritten, much modified';
COMMENT ON COLUMN pii.columns.waived_until IS 'day until which its exposure is accepted, by its label';
COMMENT ON COLUMN pii.columns.relation IS 'OID of the table';
COMMENT ON COLUMN pii.columns.attnum IS 'number of the column';
