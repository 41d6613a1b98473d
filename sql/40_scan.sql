
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

CREATE FUNCTION pii.read_evidence(
	relation regclass,
	percent double precision,
	OUT attnum smallint,
	OUT path text,
	OUT evidence pii.evidence
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pii_read_evidence' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION pii.read_evidence(regclass, double precision) IS
'evidence of every readable column of a relation, and of every path of its json columns, from a sample of blocks or, at 100 percent, all rows; reads as the owner where the caller may';
REVOKE ALL ON FUNCTION pii.read_evidence(regclass, double precision) FROM PUBLIC;

-- How many rows a relation has and how many of its blocks a sample takes:
-- from the statistics of the last ANALYZE, scaled to the present size, as the
-- planner does; 100 percent where the whole is little more than the sample.
CREATE FUNCTION pii.plan_sample(
	relation regclass,
	sample_rows integer,
	OUT rows_total bigint,
	OUT percent double precision
)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH leaf AS (
		SELECT c.reltuples, c.relpages,
			pg_relation_size(c.oid) / current_setting('block_size')::bigint AS blocks
		FROM pg_class c
		WHERE c.oid = $1 AND c.relkind <> 'p'
		UNION ALL
		SELECT c.reltuples, c.relpages,
			pg_relation_size(c.oid) / current_setting('block_size')::bigint
		FROM pg_partition_tree($1) p
		JOIN pg_class c ON c.oid = p.relid
		WHERE p.isleaf AND p.relid <> $1
	), total AS (
		SELECT coalesce(sum(blocks), 0) AS blocks,
			-- never analyzed: 40 rows a block
			coalesce(sum(CASE WHEN reltuples > 0 AND relpages > 0
				THEN blocks * (reltuples / relpages)
				ELSE blocks * 40 END), 0) AS rows
		FROM leaf
	)
	SELECT rows::bigint,
		CASE WHEN rows <= sample_rows * 1.5 OR blocks <= 60 THEN 100
			-- never fewer than about 30 blocks: rows of a block are alike
			ELSE least(100, greatest(100.0 * sample_rows / rows, 3000.0 / blocks))
		END::double precision
	FROM total
$$;
COMMENT ON FUNCTION pii.plan_sample(regclass, integer) IS
'estimated rows of a table, and the share of its blocks, in percent, that a sample of so many rows takes';

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

-- pii.inspect, with the evidence.  One row per column and json path.
CREATE FUNCTION pii.inspect_evidence(
	relation regclass,
	method text,
	sample_rows integer,
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
	gathered jsonb;
	failure text;
	table_name name;
	kind "char";
BEGIN
	PERFORM pii.load();
	IF relation IS NULL OR method IS NULL THEN
		RAISE EXCEPTION 'relation and method must not be null'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF method NOT IN ('auto', 'name', 'sample', 'full') THEN
		RAISE EXCEPTION 'unrecognized method: "%"', method
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Valid methods are "auto", "name", "sample" and "full".';
	END IF;
	sample_rows := coalesce(sample_rows, current_setting('pii.sample_rows')::integer);
	IF sample_rows < 1 THEN
		RAISE EXCEPTION 'sample_rows must be greater than zero'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT c.relname, c.relkind INTO table_name, kind
	FROM pg_class c WHERE c.oid = relation;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'relation with OID % does not exist', relation::oid
			USING ERRCODE = 'undefined_table';
	END IF;
	IF kind NOT IN ('r', 'p', 'm', 'f', 'v') THEN
		RAISE EXCEPTION '"%" is not a table', relation
			USING ERRCODE = 'wrong_object_type',
				HINT = 'Tables, partitioned tables, materialized views and foreign tables are inspected; views by name.';
	END IF;

	method_used := CASE method WHEN 'auto' THEN 'sample' ELSE method END;
	SELECT p.rows_total, p.percent INTO rows_total, percent
	FROM pii.plan_sample(relation, sample_rows) p;
	IF method_used = 'full' OR kind = 'f' THEN
		percent := 100;
	END IF;
	IF kind = 'f' THEN
		rows_total := NULL;
	END IF;
	IF method_used = 'sample' AND percent >= 100 AND kind <> 'f' THEN
		method_used := 'full';
	END IF;
	IF method_used <> 'name' THEN
		BEGIN
			SELECT jsonb_agg(jsonb_build_object('n', r.attnum, 'p', r.path, 'e', r.evidence::text))
			INTO gathered
			FROM pii.read_evidence(relation, percent) r;
		EXCEPTION
			WHEN wrong_object_type THEN
				RAISE;
			WHEN OTHERS THEN
				failure := pii.describe_error(SQLSTATE);
		END;
	END IF;

	FOR attnum, column_name, data_type, path, evidence,
		tag, verdict, confidence, findings, reasons, error IN
		SELECT a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
			g.path, g.evidence, j.tag, j.verdict, j.confidence, j.findings,
			CASE WHEN method_used = 'name' OR g.evidence IS NOT NULL
				THEN j.reasons
				ELSE ARRAY[CASE
					WHEN failure IS NOT NULL THEN 'not read: ' || failure
					WHEN pii.is_readable(a.atttypid)
					THEN 'not read: permission denied for the column'
					ELSE format('not read: a scan does not read values of type %s',
						format_type(a.atttypid, NULL)) END]
			END,
			CASE WHEN failure IS NOT NULL THEN failure
				WHEN method_used <> 'name' AND g.evidence IS NULL AND pii.is_readable(a.atttypid)
				THEN 'permission denied for the column'
			END
		FROM pg_attribute a
		LEFT JOIN LATERAL (
			SELECT e ->> 'p' AS path, (e ->> 'e')::pii.evidence AS evidence
			FROM jsonb_array_elements(gathered) e
			WHERE (e ->> 'n')::smallint = a.attnum
		) g ON true
		CROSS JOIN LATERAL pii.judge(
			g.evidence,
			coalesce(substring(g.path FROM '([^.\[\]*~$"]+)["\[\]*~]*$'), a.attname::text),
			CASE WHEN g.path IS NULL THEN a.atttypid ELSE 'text'::regtype END,
			table_name::text,
			nullif(current_setting('pii.default_region', true), '')) j
		WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
		ORDER BY a.attnum, g.path COLLATE "C" NULLS FIRST
	LOOP
		IF method_used <> 'name' AND evidence IS NULL THEN
			tag := 'none';
			verdict := 'unknown';
		END IF;
		IF evidence IS NULL THEN
			rows_read := NULL;
			nulls := NULL;
		ELSE
			rows_read := coalesce((evidence::jsonb ->> 'rows')::bigint, 0);
			nulls := coalesce((evidence::jsonb ->> 'nulls')::bigint, 0);
			IF percent >= 100 AND path IS NULL THEN
				rows_total := rows_read;
			END IF;
		END IF;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION pii.inspect_evidence(regclass, text, integer) IS
'pii.inspect, with the evidence each verdict was judged from';
REVOKE ALL ON FUNCTION pii.inspect_evidence(regclass, text, integer) FROM PUBLIC;

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
'what each column of a table holds, judged by its name and its values: one row per column, and per path of a json column; method is auto, name, sample or full';
REVOKE ALL ON FUNCTION pii.inspect(regclass, text, integer) FROM PUBLIC;
