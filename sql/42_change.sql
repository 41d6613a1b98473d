
-- ---------------------------------------------------------------------------
-- Floor 4, scan: one table at a time, and which of them have changed
-- ---------------------------------------------------------------------------

CREATE TABLE pii.scanned_table (
	relation oid PRIMARY KEY,
	run_id bigint NOT NULL REFERENCES pii.scan_run ON DELETE CASCADE,
	method text NOT NULL,
	sample_rows integer NOT NULL,
	cut_by jsonb,
	failed boolean NOT NULL,
	fingerprint bigint,
	modifications bigint,
	bytes bigint,
	mark bigint,
	scanned_at timestamptz NOT NULL,
	checked_at timestamptz NOT NULL
);
CREATE INDEX scanned_table_run_id_idx ON pii.scanned_table (run_id);
COMMENT ON TABLE pii.scanned_table IS 'the last scan of each table, and what tells whether it has changed since';
COMMENT ON INDEX pii.scanned_table_run_id_idx IS 'tables whose last scan a run was';
COMMENT ON COLUMN pii.scanned_table.relation IS 'OID of the table';
COMMENT ON COLUMN pii.scanned_table.run_id IS 'run that scanned it';
COMMENT ON COLUMN pii.scanned_table.method IS 'method asked for';
COMMENT ON COLUMN pii.scanned_table.sample_rows IS 'rows a sample aimed at';
COMMENT ON COLUMN pii.scanned_table.cut_by IS 'limits per table that kept the scan from reading what it would have, or "run", if those of the run did; NULL: nothing did';
COMMENT ON COLUMN pii.scanned_table.failed IS 'whether a column could not be read';
COMMENT ON COLUMN pii.scanned_table.fingerprint IS 'hash of its names, types, comments, CHECK constraints, files and partitions, and of the version of pg_pii';
COMMENT ON COLUMN pii.scanned_table.modifications IS 'rows inserted, updated and deleted until the scan began';
COMMENT ON COLUMN pii.scanned_table.bytes IS 'size of its files then, without values stored out of line';
COMMENT ON COLUMN pii.scanned_table.mark IS 'hash of where its rows lay then, if it was small; NULL: not taken';
COMMENT ON COLUMN pii.scanned_table.scanned_at IS 'when the scan began';
COMMENT ON COLUMN pii.scanned_table.checked_at IS 'when a run last saw that it had not changed since';

CREATE FUNCTION pii.relation_bytes(relation oid) RETURNS bigint
	AS 'MODULE_PATHNAME', 'pii_relation_bytes' LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.relation_bytes(oid) IS
'size of the main files of a relation, as pg_relation_size tells it, but without waiting for a lock';
REVOKE ALL ON FUNCTION pii.relation_bytes(oid) FROM PUBLIC;

CREATE FUNCTION pii.table_mark(relation oid) RETURNS bigint
	AS 'MODULE_PATHNAME', 'pii_table_mark' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.table_mark(oid) IS
'hash of where the rows of a table lie and who wrote them: another one once a row is; NULL if the table is locked';
REVOKE ALL ON FUNCTION pii.table_mark(oid) FROM PUBLIC;

CREATE FUNCTION pii.shed_caches() RETURNS void
	AS 'MODULE_PATHNAME', 'pii_shed_caches' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.shed_caches() IS
'called once a table, keeps the session from remembering all of them';
REVOKE ALL ON FUNCTION pii.shed_caches() FROM PUBLIC;

-- The relations that hold the rows of a table: itself, or its leaves.
CREATE FUNCTION pii.leaves(relation oid) RETURNS SETOF oid
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.oid FROM pg_class c WHERE c.oid = $1 AND c.relkind <> 'p'
	UNION ALL
	SELECT p.relid
	FROM pg_class c
	CROSS JOIN LATERAL pg_partition_tree(c.oid) p
	WHERE c.oid = $1 AND c.relkind = 'p' AND p.isleaf AND p.relid <> c.oid
$$;
COMMENT ON FUNCTION pii.leaves(oid) IS
'the table itself, or, of a partitioned one, the partitions that hold its rows';
REVOKE ALL ON FUNCTION pii.leaves(oid) FROM PUBLIC;

-- What tables are like now, as far as the catalogs and counters know.  Takes
-- no lock on any of them.
CREATE FUNCTION pii.observe_tables(
	relations oid[],
	OUT relation oid,
	OUT table_schema name,
	OUT table_name name,
	OUT relkind "char",
	OUT fingerprint bigint,
	OUT modifications bigint,
	OUT bytes bigint,
	OUT rows double precision
) RETURNS SETOF record
	-- for its plan, which is kept
	LANGUAGE plpgsql VOLATILE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY
	WITH version AS MATERIALIZED (
		SELECT e.extversion || '|' || coalesce(current_setting('pii.default_region', true), '') AS version
		FROM pg_extension e WHERE e.extname = 'pg_pii'
	)
	SELECT c.oid, n.nspname, c.relname, c.relkind,
		hashtextextended(concat_ws('|', n.nspname, c.relname, (SELECT v.version FROM version v),
			a.columns, a.checks, d.comments, k.checks, s.files), 0),
		s.modifications, coalesce(s.bytes, 0), coalesce(s.rows, 0)
	FROM pg_class c
	JOIN pg_namespace n ON n.oid = c.relnamespace
	CROSS JOIN LATERAL (
		SELECT bit_xor(hashtextextended(l.relfilenode::text, l.oid::bigint)) AS files,
			sum(pg_stat_get_tuples_inserted(l.oid) + pg_stat_get_tuples_updated(l.oid) + pg_stat_get_tuples_deleted(l.oid)
				-- what this session has done and not yet reported
				+ pg_stat_get_xact_tuples_inserted(l.oid) + pg_stat_get_xact_tuples_updated(l.oid)
				+ pg_stat_get_xact_tuples_deleted(l.oid))::bigint AS modifications,
			sum(l.size)::bigint AS bytes,
			-- never analyzed: 40 rows a block
			sum(l.size / current_setting('block_size')::float8
				* CASE WHEN l.reltuples > 0 AND l.relpages > 0 THEN l.reltuples / l.relpages ELSE 40 END) AS rows
		FROM (
			SELECT c.oid, c.relfilenode, c.reltuples, c.relpages, pii.relation_bytes(c.oid) AS size
			WHERE c.relkind <> 'p'
			UNION ALL
			SELECT p.oid, p.relfilenode, p.reltuples, p.relpages, pii.relation_bytes(p.oid)
			FROM pii.leaves(c.oid) leaf
			JOIN pg_class p ON p.oid = leaf
			WHERE c.relkind = 'p') l
	) s
	CROSS JOIN LATERAL (
		SELECT bit_xor(hashtextextended(concat_ws('|', a.attname, a.atttypid, a.atttypmod), a.attnum)) AS columns,
			-- of their domains
			bit_xor((SELECT bit_xor(hashtextextended(t.conbin::text, t.oid::bigint))
				FROM pg_constraint t WHERE t.contypid = a.atttypid AND a.atttypid >= 16384)) AS checks
		FROM pg_attribute a
		WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	) a
	CROSS JOIN LATERAL (
		SELECT bit_xor(hashtextextended(d.description, d.objsubid)) AS comments
		FROM pg_description d
		WHERE d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid > 0
	) d
	CROSS JOIN LATERAL (
		SELECT bit_xor(hashtextextended(k.conbin::text, k.oid::bigint)) AS checks
		FROM pg_constraint k
		WHERE k.conrelid = c.oid AND k.contype = 'c'
	) k
	WHERE c.oid = ANY (relations);
END
$$;
COMMENT ON FUNCTION pii.observe_tables(oid[]) IS
'what tables are like now: their size, and what changes when they do; no table is locked or read';
REVOKE ALL ON FUNCTION pii.observe_tables(oid[]) FROM PUBLIC;

-- Reading where rows lie is for tables of which it costs next to nothing.
CREATE FUNCTION pii.mark_small(relation oid, bytes bigint) RETURNS bigint
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN $2 = 0 THEN 0
		WHEN $2 <= 524288 THEN (
			SELECT CASE WHEN count(*) = count(mark) THEN bit_xor(hashint8extended(mark, leaf::bigint)) END
			FROM (SELECT leaf, pii.table_mark(leaf) AS mark FROM pii.leaves($1) leaf OFFSET 0) m)
	END
$$;
COMMENT ON FUNCTION pii.mark_small(oid, bigint) IS
'the mark of a table of no more than 512 kB, of all its partitions together; NULL of a larger one';
REVOKE ALL ON FUNCTION pii.mark_small(oid, bigint) FROM PUBLIC;

CREATE FUNCTION pii.has_privileges(relation regclass, privileges text[]) RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT bool_and(has_table_privilege($1, p)) FROM unnest($2) p
$$;
COMMENT ON FUNCTION pii.has_privileges(regclass, text[]) IS 'whether the caller has all of these privileges on a table';
REVOKE ALL ON FUNCTION pii.has_privileges(regclass, text[]) FROM PUBLIC;

-- Who may not keep them scans everything each time.
CREATE FUNCTION pii.last_scans() RETURNS SETOF pii.scanned_table
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF pii.has_privileges('pii.scanned_table', '{SELECT,INSERT,UPDATE}') THEN
		RETURN QUERY SELECT * FROM pii.scanned_table;
	END IF;
END
$$;
COMMENT ON FUNCTION pii.last_scans() IS 'pii.scanned_table, for callers that may keep it';
REVOKE ALL ON FUNCTION pii.last_scans() FROM PUBLIC;

-- Whether a method answers no less than another: what the first has found need
-- not be asked again by the second.
CREATE FUNCTION pii.method_covers(method text, sample_rows integer, asked text, asked_rows integer) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_position(methods, $1) >= array_position(methods, $3)
		AND ($1 = 'full' OR $3 IN ('name', 'statistics') OR $2 >= $4)
	FROM (VALUES ('{name,statistics,auto,sample,full}'::text[])) m (methods)
$$;
COMMENT ON FUNCTION pii.method_covers(text, integer, text, integer) IS
'whether a scan by one method and sample answers no less than one by another';

-- Store what inspecting one table found; never fails for a reason of the
-- table's.  What the table is like is noted before it is read: what changes
-- meanwhile has then changed since.
CREATE FUNCTION pii.scan_table(
	run_id bigint,
	relation oid,
	method text,
	sample_rows integer,
	-- what is left of the run, besides the limits on this table
	limits jsonb DEFAULT '{}',
	rows_left bigint DEFAULT NULL,
	bytes_left bigint DEFAULT NULL,
	deadline timestamptz DEFAULT NULL,
	OUT rows_read bigint,
	OUT bytes_read bigint,
	OUT failed boolean
)
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	began timestamptz := clock_timestamp();
	aim integer := coalesce(sample_rows, current_setting('pii.sample_rows')::integer);
	max_rows bigint := least((limits ->> 'rows')::bigint, rows_left);
	max_bytes bigint := least((limits ->> 'bytes')::bigint, bytes_left);
	own_deadline timestamptz := began + make_interval(secs => (limits ->> 'seconds')::float8);
	place record;
	seen record;
	marked bigint;
	state text;
	cut_by jsonb;
BEGIN
	SELECT n.nspname, c.relname, c.relfilenode INTO place
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE c.oid = relation;
	SELECT o.*, CASE method WHEN 'full' THEN 100 ELSE pii.sample_percent(o.rows, o.bytes, aim) END AS percent
	INTO seen FROM pii.observe_tables(ARRAY[relation]) o;
	BEGIN
		marked := pii.mark_small(relation, seen.bytes);
		INSERT INTO pii.scan_result (run_id, relation, attnum, path,
			table_schema, table_name, column_name, data_type, tag, verdict,
			confidence, method, rows_total, rows_read, nulls, findings, reasons,
			error, evidence, filenode, modifications)
		SELECT scan_table.run_id, scan_table.relation, i.attnum, i.path,
			place.nspname, place.relname, i.column_name, i.data_type, i.tag,
			i.verdict, i.confidence, i.method_used, i.rows_total, i.rows_read,
			i.nulls, i.findings, i.reasons, i.error, i.evidence,
			place.relfilenode, pii.modifications(scan_table.relation)
		FROM pii.inspect_evidence(relation::regclass, method, aim,
			max_rows, max_bytes, least(own_deadline, deadline)) i;
		IF NOT FOUND AND NOT EXISTS (SELECT FROM pg_class WHERE oid = relation) THEN
			RAISE undefined_table;
		END IF;
	EXCEPTION WHEN OTHERS THEN
		state := SQLSTATE;
		INSERT INTO pii.scan_result (run_id, relation, attnum, table_schema,
			table_name, column_name, data_type, tag, verdict, confidence,
			method, findings, reasons, error)
		SELECT scan_table.run_id, scan_table.relation, coalesce(a.attnum, 0),
			coalesce(place.nspname, ''),
			coalesce(place.relname, relation::text), coalesce(a.attname, ''),
			coalesce(format_type(a.atttypid, a.atttypmod), ''), 'none',
			'unknown', 0, method, '{}', '{}', pii.describe_error(state)
		-- one row if the table is gone
		FROM (VALUES (relation)) AS v (attrelid)
		LEFT JOIN pg_attribute a ON a.attrelid = v.attrelid
			AND a.attnum > 0 AND NOT a.attisdropped;
	END;
	SELECT coalesce(max(r.rows_read) FILTER (WHERE r.path IS NULL AND r.method <> 'statistics'), 0),
		coalesce(max(seen.bytes * least(1, r.rows_read / nullif(r.rows_total, 0)::float8))
			FILTER (WHERE r.path IS NULL AND r.method <> 'statistics'), 0),
		coalesce(bool_or(r.error IS NOT NULL), false),
		CASE
			WHEN NOT coalesce(bool_or(r.method = 'sample'), false) THEN NULL
			WHEN clock_timestamp() >= deadline
				OR rows_left < seen.rows * seen.percent / 100
				OR bytes_left < seen.bytes * seen.percent / 100 THEN '"run"'
			WHEN clock_timestamp() >= own_deadline
				OR max_rows < seen.rows * seen.percent / 100
				OR max_bytes < seen.bytes * seen.percent / 100 THEN limits
		END
	INTO rows_read, bytes_read, failed, cut_by
	FROM pii.scan_result r
	WHERE r.run_id = scan_table.run_id AND r.relation = scan_table.relation;

	IF NOT pii.has_privileges('pii.scanned_table', '{SELECT,INSERT,UPDATE}') THEN
		RETURN;
	END IF;
	INSERT INTO pii.scanned_table VALUES (relation, run_id, method, aim, cut_by, failed,
		seen.fingerprint, seen.modifications, seen.bytes, marked, began, began)
	ON CONFLICT ON CONSTRAINT scanned_table_pkey DO UPDATE SET
		(run_id, method, sample_rows, cut_by, failed, fingerprint, modifications, bytes, mark, scanned_at, checked_at)
		= (excluded.run_id, excluded.method, excluded.sample_rows, excluded.cut_by, excluded.failed,
			excluded.fingerprint, excluded.modifications, excluded.bytes, excluded.mark,
			excluded.scanned_at, excluded.checked_at);
END
$$;
COMMENT ON FUNCTION pii.scan_table(bigint, oid, text, integer, jsonb, bigint, bigint, timestamptz) IS
'inspects one table and stores what it found, or why it could not, for a run';
REVOKE ALL ON FUNCTION pii.scan_table(bigint, oid, text, integer, jsonb, bigint, bigint, timestamptz) FROM PUBLIC;

-- Names of schemas, or an error for one that is none.
CREATE FUNCTION pii.check_schemas(schemas text[]) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	missing text;
BEGIN
	IF array_position(schemas, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'schemas must not contain null values'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	SELECT s INTO missing FROM unnest(schemas) s
	WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = s)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'schema "%" does not exist', missing
			USING ERRCODE = 'invalid_schema_name';
	END IF;
END
$$;
COMMENT ON FUNCTION pii.check_schemas(text[]) IS
'raises an error for schemas that are not there';
REVOKE ALL ON FUNCTION pii.check_schemas(text[]) FROM PUBLIC;

-- Refuse what pii.scan cannot do, before a run is recorded.
CREATE FUNCTION pii.check_scan_arguments(
	schemas text[],
	tables regclass[],
	method text,
	sample_rows integer,
	include text[] DEFAULT NULL,
	exclude text[] DEFAULT NULL
) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM pii.check_method(method), pii.check_schemas(schemas);
	IF sample_rows < 1 THEN
		RAISE EXCEPTION 'sample_rows must be greater than zero'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF array_position(tables, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'tables must not contain null values'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF array_position(include, NULL) IS NOT NULL OR array_position(exclude, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'include and exclude must not contain null values'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF EXISTS (SELECT FROM unnest(include || exclude) pattern WHERE pattern ~ '^([^\\]|\\.)*\\$') THEN
		RAISE EXCEPTION 'a pattern of include or exclude must not end with a backslash'
			USING ERRCODE = 'invalid_escape_sequence';
	END IF;
END
$$;
COMMENT ON FUNCTION pii.check_scan_arguments(text[], regclass[], text, integer, text[], text[]) IS
'raises an error for arguments that pii.scan cannot serve';
REVOKE ALL ON FUNCTION pii.check_scan_arguments(text[], regclass[], text, integer, text[], text[]) FROM PUBLIC;

-- Partitions are read through their root; foreign tables only when named.
CREATE FUNCTION pii.scan_targets(
	schemas text[],
	tables regclass[],
	include text[] DEFAULT NULL,
	exclude text[] DEFAULT NULL
) RETURNS oid[]
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(array_agg(t.oid ORDER BY t.full_name COLLATE "C"), '{}')
	FROM (
		SELECT u.relation AS oid, format('%s.%s', u.table_schema, u.table_name) AS full_name
		FROM pii.user_table u
		WHERE tables IS NULL
			AND u.relkind <> 'f' AND NOT u.relispartition
			AND (schemas IS NULL OR u.table_schema::text = ANY (schemas))
		UNION
		SELECT c.oid, format('%s.%s', n.nspname, c.relname)
		FROM unnest(tables) t
		JOIN pg_class c ON c.oid = t
		JOIN pg_namespace n ON n.oid = c.relnamespace
	) t
	WHERE (include IS NULL OR t.full_name LIKE ANY (include))
		AND (exclude IS NULL OR t.full_name NOT LIKE ALL (exclude))
$$;
COMMENT ON FUNCTION pii.scan_targets(text[], regclass[], text[], text[]) IS
'tables that pii.scan goes through: those given, or all user tables of the given schemas, or of all; of them, those whose schema.table is like a pattern of include, if given, and like none of exclude';
REVOKE ALL ON FUNCTION pii.scan_targets(text[], regclass[], text[], text[]) FROM PUBLIC;

-- Which of these tables are to be scanned, and how urgently: never scanned
-- first, then of another shape than before, then the most modified for their
-- size; of the rest those first whose scan is the longest ago.
CREATE FUNCTION pii.scan_queue(
	relations oid[],
	method text,
	sample_rows integer,
	limits jsonb,
	changed_only boolean,
	-- what this stopped run, or one that went on with it, has scanned is not due
	resumed_run bigint,
	OUT relation oid,
	OUT is_due boolean,
	OUT rows bigint,
	OUT bytes bigint
) RETURNS SETOF record
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH compared AS MATERIALIZED (
		SELECT o.*, s.run_id, s.scanned_at, s.mark,
			s.fingerprint IS DISTINCT FROM o.fingerprint AS is_reshaped,
			-- fewer than before: they were reset, by a crash for one
			o.modifications < s.modifications AS is_recounted,
			abs(o.modifications - s.modifications) AS modified,
			coalesce(s.run_id >= resumed_run, false) AS is_resumed,
			NOT s.failed AND (changed_only OR s.run_id >= resumed_run)
				AND (s.cut_by IS NULL OR s.cut_by = limits)
				AND o.relkind <> 'f'
				AND s.fingerprint = o.fingerprint
				AND s.bytes = o.bytes
				AND pii.method_covers(s.method, s.sample_rows, $2, $3) AS seems_unchanged
		FROM pii.observe_tables(relations) o
		LEFT JOIN pii.last_scans() s ON s.relation = o.relation
	), looked AS MATERIALIZED (
		SELECT c.*, c.seems_unchanged AND CASE
			WHEN c.mark IS NOT NULL THEN coalesce(pii.mark_small(c.relation, c.bytes) = c.mark, false)
			-- a run that goes on with another takes what that one has read
			ELSE current_setting('track_counts')::boolean
				AND (c.modified = 0 OR (c.is_recounted AND c.is_resumed))
			END AS is_unchanged
		FROM compared c
	)
	SELECT t.relation, NOT coalesce(l.is_unchanged, false),
		(p.percent / 100 * l.rows)::bigint, (p.percent / 100 * l.bytes)::bigint
	FROM unnest(relations) t (relation)
	LEFT JOIN looked l ON l.relation = t.relation
	CROSS JOIN LATERAL (
		SELECT CASE WHEN $2 IN ('name', 'statistics') THEN 0
			ELSE least(CASE $2 WHEN 'full' THEN 100 ELSE pii.sample_percent(l.rows, l.bytes, $3) END,
				100.0 * (limits ->> 'rows')::bigint / nullif(l.rows, 0),
				100.0 * (limits ->> 'bytes')::bigint / nullif(l.bytes, 0))
			END) p (percent)
	ORDER BY l.run_id IS NULL DESC, l.is_reshaped DESC,
		l.modified / (l.rows + 1) DESC, l.scanned_at, l.table_schema, l.table_name
$$;
COMMENT ON FUNCTION pii.scan_queue(oid[], text, integer, jsonb, boolean, bigint) IS
'tables in the order in which to scan them, whether they are due, and what there is to read of each';
REVOKE ALL ON FUNCTION pii.scan_queue(oid[], text, integer, jsonb, boolean, bigint) FROM PUBLIC;
