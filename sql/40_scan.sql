
-- ---------------------------------------------------------------------------
-- Floor 4, scan: reading a relation
-- ---------------------------------------------------------------------------

CREATE FUNCTION pii.json_leaves(document jsonb, OUT path text, OUT value text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pii_json_leaves' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	COST 100 ROWS 10;
COMMENT ON FUNCTION pii.json_leaves(jsonb) IS
'strings and numbers of a json document with their paths, such as $.phones[*].number; a key that is itself a value stands at .*~';

CREATE FUNCTION pii.is_readable(data_type regtype) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_is_readable' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.is_readable(regtype) IS
'whether a scan reads columns of the type: those that can hold text or a number, and without running code of a user''s';

CREATE FUNCTION pii.blocks(internal) RETURNS tsm_handler
	AS 'MODULE_PATHNAME', 'pii_blocks' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.blocks(internal) IS
'table sampling method: TABLESAMPLE pii.blocks (percent) takes one block at random of every stretch of the table, at the cost of the blocks it reads';

CREATE FUNCTION pii.blocks_until(internal) RETURNS tsm_handler
	AS 'MODULE_PATHNAME', 'pii_blocks_until' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.blocks_until(internal) IS
'table sampling method: TABLESAMPLE pii.blocks_until (percent, deadline) as pii.blocks, until the deadline; what was read by then is spread over the table';

CREATE FUNCTION pii.read_evidence(
	relation regclass,
	percent double precision,
	columns smallint[] DEFAULT NULL,
	deadline timestamptz DEFAULT NULL,
	OUT attnum smallint,
	OUT leaf oid,
	OUT path text,
	OUT evidence pii.evidence
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pii_read_evidence' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.read_evidence(regclass, double precision, smallint[], timestamptz) IS
'evidence of every readable column of a relation, by leaf if it is partitioned, and of every path of its json columns, from a sample of blocks or, at 100 percent, all rows, as far as it gets until the deadline; reads as the owner where the caller may';
REVOKE ALL ON FUNCTION pii.read_evidence(regclass, double precision, smallint[], timestamptz) FROM PUBLIC;

CREATE FUNCTION pii.read_statistics(
	relation regclass,
	OUT attnum smallint,
	OUT null_share real,
	OUT evidence pii.evidence
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pii_read_statistics' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.read_statistics(regclass) IS
'evidence of the values that ANALYZE has kept of each column, and the share of nulls; no table is touched';
REVOKE ALL ON FUNCTION pii.read_statistics(regclass) FROM PUBLIC;

-- The share of its blocks, in percent, that a sample of a table takes: all of
-- them where that is little more, and never fewer than about 30, because the
-- rows of a block are alike.
CREATE FUNCTION pii.sample_percent(rows double precision, bytes bigint, sample_rows integer) RETURNS double precision
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN rows <= sample_rows * 1.5 OR bytes <= 60 * block THEN 100
		ELSE least(100, greatest(100.0 * sample_rows / rows, 3000.0 * block / bytes))
		END
	FROM (SELECT current_setting('block_size')::bigint) s (block)
$$;
COMMENT ON FUNCTION pii.sample_percent(double precision, bigint, integer) IS
'share of the blocks of a table, in percent, that a sample of so many rows takes';
REVOKE ALL ON FUNCTION pii.sample_percent(double precision, bigint, integer) FROM PUBLIC;

-- How many rows a relation has and how many of its blocks a sample takes:
-- from the statistics of the last ANALYZE, scaled to the present size, as the
-- planner does; 100 percent where the whole is little more than the sample.
CREATE FUNCTION pii.plan_sample(
	relation regclass,
	sample_rows integer,
	OUT rows_total bigint,
	OUT percent double precision,
	OUT bytes bigint
)
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	WITH leaf AS (
		SELECT c.reltuples, c.relpages,
			pg_relation_size(c.oid) / current_setting('block_size')::bigint AS blocks
		FROM pg_class c
		WHERE c.oid = relation AND c.relkind <> 'p'
		UNION ALL
		SELECT c.reltuples, c.relpages,
			pg_relation_size(c.oid) / current_setting('block_size')::bigint
		FROM pg_partition_tree(relation) p
		JOIN pg_class c ON c.oid = p.relid
		WHERE p.isleaf AND p.relid <> relation
	), total AS (
		SELECT coalesce(sum(blocks), 0) AS blocks,
			-- never analyzed: 40 rows a block
			coalesce(sum(CASE WHEN reltuples > 0 AND relpages > 0
				THEN blocks * (reltuples / relpages)
				ELSE blocks * 40 END), 0) AS rows
		FROM leaf
	)
	SELECT t.rows, pii.sample_percent(t.rows, t.bytes, sample_rows), t.bytes
	INTO rows_total, percent, bytes
	FROM (SELECT rows, (blocks * current_setting('block_size')::bigint)::bigint AS bytes FROM total) t;
END
$$;
COMMENT ON FUNCTION pii.plan_sample(regclass, integer) IS
'estimated rows of a table, its size in bytes, and the share of its blocks, in percent, that a sample of so many rows takes';

REVOKE ALL ON FUNCTION pii.plan_sample(regclass, integer) FROM PUBLIC;

-- What went wrong, without the server's message: that may quote a value.
CREATE FUNCTION pii.describe_error(state text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN state = '42501' THEN 'permission denied, or row security hides rows'
		WHEN state = '42P01' THEN 'relation was dropped meanwhile'
		WHEN state = '55P03' THEN 'lock not available in time'
		WHEN state = '57014' THEN 'canceled or timed out'
		WHEN state = '42809' THEN 'relation cannot be read'
		WHEN state = '0A000' THEN 'not supported'
		WHEN state LIKE '22%' THEN 'a value could not be read'
		WHEN state LIKE '53%' OR state LIKE '54%' THEN 'out of resources or over a limit'
		WHEN state LIKE 'XX%' THEN 'data corrupted or internal error'
		ELSE 'could not be read'
	END || ' (SQLSTATE ' || state || ')'
$$;
COMMENT ON FUNCTION pii.describe_error(text) IS
'what an SQLSTATE met by a scan means; the server''s own message may quote a value and is never kept';

-- The names of methods, or an error that lists them.
CREATE FUNCTION pii.check_method(method text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF method IS NULL OR method NOT IN ('auto', 'name', 'statistics', 'sample', 'full') THEN
		RAISE EXCEPTION 'unrecognized method: %', coalesce('"' || method || '"', 'NULL')
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Valid methods are "auto", "name", "statistics", "sample" and "full".';
	END IF;
END
$$;
COMMENT ON FUNCTION pii.check_method(text) IS
'raises an error for what is not a method of pii.inspect';

-- What was gathered of one relation, by whichever method: the arrays of
-- pii.inspect_evidence as rows.  A leaf of a partitioned table that holds other
-- kinds than the whole is named.
CREATE FUNCTION pii.judge_gathered(
	relation regclass,
	attnums smallint[],
	leaves oid[],
	paths text[],
	evidences pii.evidence[],
	OUT attnum smallint,
	OUT path text,
	OUT evidence pii.evidence,
	OUT tag pii.tag,
	OUT verdict text,
	OUT confidence real,
	OUT findings jsonb,
	OUT reasons text[]
) RETURNS SETOF record
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH setting AS (
		SELECT nullif(current_setting('pii.default_region', true), '') AS region,
			c.relname::text AS table_name
		FROM pg_class c WHERE c.oid = relation
	), part AS (
		SELECT u.* FROM unnest(attnums, leaves, paths, evidences) u (attnum, leaf, path, evidence)
	), whole AS (
		SELECT p.attnum, p.path, pii.merge(p.evidence) AS evidence
		FROM part p GROUP BY p.attnum, p.path
		UNION ALL
		-- nothing gathered: judged by the name
		SELECT a.attnum, NULL, NULL
		FROM pg_attribute a
		WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
			AND a.attnum <> ALL (coalesce(attnums, '{}'))
	), checked AS (
		-- CHECK constraints on one column alone, and on its domain
		SELECT c.attnum, string_agg(pg_get_constraintdef(c.oid), ' ' ORDER BY c.oid) AS checks
		FROM (
			SELECT conkey[1] AS attnum, oid FROM pg_constraint
			WHERE conrelid = relation AND contype = 'c' AND cardinality(conkey) = 1
			UNION ALL
			SELECT a.attnum, c.oid
			FROM pg_attribute a
			JOIN pg_type t ON t.oid = a.atttypid AND t.typtype = 'd'
			JOIN pg_constraint c ON c.contypid = t.oid AND c.contype = 'c'
			WHERE a.attrelid = relation AND a.attnum > 0
		) c
		GROUP BY c.attnum
	), judged AS (
		SELECT w.attnum, w.path, w.evidence, n.name, n.type, n.comment, n.checks, j.*
		FROM whole w
		CROSS JOIN setting s
		JOIN pg_attribute a ON a.attrelid = relation AND a.attnum = w.attnum
		LEFT JOIN checked k ON k.attnum = w.attnum
		-- the last key of a path is its name
		CROSS JOIN LATERAL (SELECT
			coalesce(substring(w.path FROM '([^.\[\]*~$"]+)["\[\]*~]*$'), a.attname::text) AS name,
			CASE WHEN w.path IS NULL THEN a.atttypid ELSE 'text'::regtype END AS type,
			CASE WHEN w.path IS NULL THEN col_description(relation, w.attnum) END AS comment,
			CASE WHEN w.path IS NULL THEN k.checks END AS checks) n
		CROSS JOIN LATERAL pii.judge(w.evidence, n.name, n.type, s.table_name, s.region, n.comment, n.checks) j
	), of_leaf AS MATERIALIZED (
		SELECT p.attnum, p.leaf, p.evidence FROM part p
		WHERE p.leaf IS NOT NULL AND p.path IS NULL
	), differing AS (
		SELECT g.attnum, array_agg(format('partition %s differs: %s, %s', p.leaf::regclass, j.verdict, j.tag)
			ORDER BY p.leaf::regclass::text) AS reasons
		FROM judged g
		JOIN of_leaf p ON p.attnum = g.attnum
		CROSS JOIN setting s
		CROSS JOIN LATERAL pii.judge(p.evidence, g.name, g.type, s.table_name, s.region, g.comment, g.checks) j
		WHERE g.path IS NULL
			AND j.verdict <> 'unknown' AND j.tag::text[] <> g.tag::text[]
		GROUP BY g.attnum
	)
	SELECT g.attnum, g.path, g.evidence, g.tag, g.verdict, g.confidence,
		g.findings, g.reasons || CASE WHEN g.path IS NULL THEN d.reasons END
	FROM judged g
	LEFT JOIN differing d USING (attnum);
END
$$;
COMMENT ON FUNCTION pii.judge_gathered(regclass, smallint[], oid[], text[], pii.evidence[]) IS
'verdicts on the columns of a relation from the evidence gathered of them, leaf by leaf and path by path';

REVOKE ALL ON FUNCTION pii.judge_gathered(regclass, smallint[], oid[], text[], pii.evidence[]) FROM PUBLIC;

CREATE FUNCTION pii.judge_name(
	relation regclass,
	attnum smallint,
	column_name name,
	data_type regtype,
	table_name name,
	OUT tag pii.tag,
	OUT verdict text,
	OUT confidence real
) RETURNS record
	AS 'MODULE_PATHNAME', 'pii_judge_name' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.judge_name(regclass, smallint, name, regtype, name) IS
'verdict on a column by its name, type and table, its comment, and the CHECK constraints on it and its domain: what pii.inspect(relation, ''name'') says';

-- pii.inspect, with the evidence.  One row per column and json path.
CREATE FUNCTION pii.inspect_evidence(
	relation regclass,
	method text,
	sample_rows integer,
	max_rows bigint DEFAULT NULL,
	max_bytes bigint DEFAULT NULL,
	deadline timestamptz DEFAULT NULL,
	OUT attnum smallint,
	OUT column_name name,
	OUT path text,
	OUT data_type text,
	OUT tag pii.tag,
	OUT verdict text,
	OUT confidence real,
	OUT method_used text,
	OUT rows_total bigint,
	OUT rows_read bigint,
	OUT nulls bigint,
	OUT findings jsonb,
	OUT reasons text[],
	OUT error text,
	OUT evidence pii.evidence
) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	percent double precision;
	kind "char";
	failure text;
	rows_known bigint;
	bytes bigint;
	late boolean := false;
	-- what was gathered, one element per column, leaf and path
	attnums smallint[];
	leaves oid[];
	paths text[];
	evidences pii.evidence[];
	-- what statistics say, one element per column; and which of that suffices
	kept_attnums smallint[];
	kept_nulls real[];
	kept_evidences pii.evidence[];
	settled smallint[] := '{}';
	readable boolean;
BEGIN
	PERFORM pii.load();
	IF relation IS NULL OR method IS NULL THEN
		RAISE EXCEPTION 'relation and method must not be null'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	PERFORM pii.check_method(method);
	sample_rows := coalesce(sample_rows, current_setting('pii.sample_rows')::integer);
	IF sample_rows < 1 THEN
		RAISE EXCEPTION 'sample_rows must be greater than zero'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT c.relkind INTO kind FROM pg_class c WHERE c.oid = relation;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'relation with OID % does not exist', relation::oid
			USING ERRCODE = 'undefined_table';
	END IF;
	IF kind NOT IN ('r', 'p', 'm', 'f', 'v') THEN
		RAISE EXCEPTION '"%" is not a table', relation
			USING ERRCODE = 'wrong_object_type',
				HINT = 'Tables, partitioned tables, materialized views and foreign tables are inspected; views by name.';
	END IF;

	SELECT p.rows_total, p.percent, p.bytes INTO rows_known, percent, bytes
	FROM pii.plan_sample(relation, sample_rows) p;
	IF method = 'full' OR kind = 'f' THEN
		percent := 100;
	END IF;
	-- at least a block: nothing is known of a table of which nothing is read
	percent := greatest(least(percent, 100.0 * max_rows / nullif(rows_known, 0),
		100.0 * max_bytes / nullif(bytes, 0)), 1e-6);
	IF kind = 'f' THEN
		rows_known := NULL;
	END IF;

	BEGIN
		IF method = 'statistics' OR (method = 'auto' AND percent < 100) THEN
			SELECT array_agg(s.attnum), array_agg(s.null_share), array_agg(s.evidence)
			INTO kept_attnums, kept_nulls, kept_evidences
			FROM pii.read_statistics(relation) s;
		END IF;
		IF method = 'auto' AND percent < 100 THEN
			-- enough distinct values, and nearly all of them nothing else
			SELECT coalesce(array_agg(j.attnum), '{}') INTO settled
			FROM pii.judge_gathered(relation, kept_attnums, NULL, NULL, kept_evidences) j
			WHERE j.verdict = 'pii' AND j.confidence >= 0.99
				AND pii.evidence_rows(j.evidence) >= 50
				AND EXISTS (SELECT FROM jsonb_each(j.findings) f
					WHERE (f.value ->> 'whole')::bigint >= 0.95 * (f.value ->> 'values')::bigint);
		END IF;
		IF method IN ('auto', 'sample', 'full') THEN
			SELECT array_agg(r.attnum), array_agg(r.leaf), array_agg(r.path), array_agg(r.evidence)
			INTO attnums, leaves, paths, evidences
			FROM pii.read_evidence(relation, percent, (
				SELECT array_agg(a.attnum) FROM pg_attribute a
				WHERE a.attrelid = relation AND a.attnum > 0 AND a.attnum <> ALL (settled)), deadline) r;
			late := coalesce(clock_timestamp() >= deadline, false);
		END IF;
		IF method = 'statistics' THEN
			attnums := kept_attnums;
			evidences := kept_evidences;
		END IF;
		-- what statistics say goes beside what was read
		FOR attnum, evidence IN
			SELECT k.* FROM unnest(kept_attnums, kept_evidences) k (attnum, evidence)
			WHERE k.attnum = ANY (settled)
		LOOP
			attnums := attnums || attnum;
			leaves := leaves || NULL::oid;
			paths := paths || NULL::text;
			evidences := evidences || evidence;
		END LOOP;
	EXCEPTION
		WHEN wrong_object_type THEN
			RAISE;
		WHEN OTHERS THEN
			failure := pii.describe_error(SQLSTATE);
	END;

	IF percent >= 100 AND NOT late THEN
		-- every row was read: no estimate is needed
		SELECT coalesce(max(r.rows), rows_known) INTO rows_known
		FROM (SELECT sum(pii.evidence_rows(e.evidence))::bigint AS rows
			FROM unnest(attnums, paths, evidences) e (attnum, path, evidence)
			WHERE e.path IS NULL AND method IN ('auto', 'sample', 'full')
			GROUP BY e.attnum) r;
	END IF;

	FOR attnum, column_name, data_type, readable, path, evidence, tag, verdict, confidence, findings, reasons, error IN
		SELECT a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), pii.is_readable(a.atttypid),
			j.path, j.evidence, j.tag, j.verdict, j.confidence, j.findings, j.reasons,
			CASE
				WHEN failure IS NOT NULL THEN failure
				WHEN method IN ('auto', 'sample', 'full') AND j.evidence IS NULL AND pii.is_readable(a.atttypid)
				THEN 'permission denied for the column'
			END
		FROM pii.judge_gathered(relation, attnums, leaves, paths, evidences) j
		JOIN pg_attribute a ON a.attrelid = relation AND a.attnum = j.attnum
		ORDER BY a.attnum, j.path COLLATE "C" NULLS FIRST
	LOOP
		rows_total := rows_known;
		rows_read := pii.evidence_rows(evidence);
		nulls := pii.evidence_nulls(evidence);
		method_used := CASE
			WHEN method IN ('name', 'statistics') THEN method
			WHEN attnum = ANY (settled) THEN 'statistics'
			WHEN percent >= 100 AND NOT late THEN 'full'
			ELSE 'sample' END;
		IF method_used = 'statistics' THEN
			nulls := rows_total * kept_nulls[array_position(kept_attnums, attnum)];
		END IF;
		IF method_used <> 'name' AND evidence IS NULL THEN
			tag := 'none';
			verdict := 'unknown';
			reasons := ARRAY['not read: ' || CASE
				WHEN error IS NOT NULL THEN error
				WHEN NOT readable THEN format('a scan does not read values of type %s', data_type)
				ELSE 'no statistics are kept, or they may not be read; ANALYZE keeps some' END];
		ELSIF method_used = 'statistics' AND verdict = 'clean' THEN
			verdict := 'unknown';
			reasons := reasons || 'statistics show none, and keep too few values to rule it out'::text;
		ELSIF late AND method_used = 'sample' THEN
			reasons := reasons || format('reading ended at its time limit after %s rows', rows_read);
		END IF;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION pii.inspect_evidence(regclass, text, integer, bigint, bigint, timestamptz) IS
'pii.inspect, with the evidence each verdict was judged from, of so many rows and bytes at most and as far as it gets until the deadline';
REVOKE ALL ON FUNCTION pii.inspect_evidence(regclass, text, integer, bigint, bigint, timestamptz) FROM PUBLIC;

CREATE FUNCTION pii.inspect(
	relation regclass,
	method text DEFAULT 'auto',
	sample_rows integer DEFAULT NULL
) RETURNS TABLE (
	column_name name,
	path text,
	data_type text,
	tag pii.tag,
	verdict text,
	confidence real,
	method_used text,
	rows_total bigint,
	rows_read bigint,
	nulls bigint,
	findings jsonb,
	reasons text[],
	error text
)
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT i.column_name, i.path, i.data_type, i.tag, i.verdict, i.confidence,
		i.method_used, i.rows_total, i.rows_read, i.nulls, i.findings,
		i.reasons, i.error
	FROM pii.inspect_evidence($1, $2, $3) i
$$;
COMMENT ON FUNCTION pii.inspect(regclass, text, integer) IS
'what each column of a table holds, judged by its name and its values: one row per column, and per path of a json column; method is auto, name, statistics, sample or full';
REVOKE ALL ON FUNCTION pii.inspect(regclass, text, integer) FROM PUBLIC;
