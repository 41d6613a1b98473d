
-- ---------------------------------------------------------------------------
-- Floor 6, policy: from what a scan found to what people declare
-- ---------------------------------------------------------------------------

CREATE FUNCTION pii.check_user_table(relation oid) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF EXISTS (SELECT FROM pii.user_table u WHERE u.relation = check_user_table.relation) THEN
		RETURN;
	END IF;
	IF EXISTS (SELECT FROM pg_class WHERE oid = relation) THEN
		RAISE EXCEPTION '"%" is not a table that is scanned', relation::regclass
			USING ERRCODE = 'wrong_object_type',
				DETAIL = 'Views, temporary tables and tables of the system or of extensions are left out.';
	END IF;
	RAISE EXCEPTION 'relation with OID % does not exist', relation
		USING ERRCODE = 'undefined_table';
END
$$;
COMMENT ON FUNCTION pii.check_user_table(oid) IS
'raises an error for what is not in pii.user_table';

CREATE FUNCTION pii.resolve_columns(
	columns text[],
	OUT relation oid,
	OUT attnum smallint
) RETURNS SETOF record
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	identifier text;
	part text[];
BEGIN
	FOREACH identifier IN ARRAY coalesce(columns, '{}') LOOP
		IF identifier IS NULL THEN
			RAISE EXCEPTION 'columns must not contain null values'
				USING ERRCODE = 'null_value_not_allowed';
		END IF;
		part := parse_ident(identifier);
		IF cardinality(part) <> 3 THEN
			RAISE EXCEPTION 'identifier of a column must have three parts: "%"', identifier
				USING ERRCODE = 'invalid_name',
					HINT = 'Write schema.table.column, with double quotes where SQL needs them.';
		END IF;
		SELECT a.attrelid, a.attnum INTO relation, attnum
		FROM pg_namespace n
		JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = part[2]
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = part[3]
		WHERE n.nspname = part[1] AND a.attnum > 0 AND NOT a.attisdropped;
		IF NOT FOUND THEN
			RAISE EXCEPTION 'column "%" does not exist', identifier
				USING ERRCODE = 'undefined_column';
		END IF;
		PERFORM pii.check_user_table(relation);
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION pii.resolve_columns(text[]) IS
'the columns that identifiers of the form schema.table.column name; raises an error for one that names none of a user table';

-- A label beats the scans, so it must hold every kind they found.
CREATE FUNCTION pii.label_for(tag pii.tag, sure real) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT string_agg(CASE WHEN confidence >= sure THEN kind
		ELSE format('%s:%s', kind, confidence) END, ',' ORDER BY kind COLLATE "C")
	FROM unnest(tag::text[]) kind
	CROSS JOIN LATERAL (SELECT tag OPERATOR(pii.->) kind AS confidence) c
$$;
COMMENT ON FUNCTION pii.label_for(pii.tag, real) IS
'the label that declares a tag: kinds of at least that confidence without it, the others with it; NULL for the empty tag';

CREATE FUNCTION pii.check_accept_arguments(
	schemas text[],
	tables regclass[],
	min_confidence real,
	verdicts text[],
	dry_run boolean
) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	wrong text;
BEGIN
	PERFORM pii.check_scan_arguments(schemas, tables, 'auto', NULL);
	PERFORM pii.check_user_table(t) FROM unnest(tables) t;
	IF min_confidence NOT BETWEEN 0 AND 1 THEN
		RAISE EXCEPTION 'min_confidence must be between 0 and 1'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT v INTO wrong FROM unnest(verdicts) v
	WHERE v NOT IN ('pii', 'mixed') IS NOT FALSE LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'unrecognized verdict to accept: %', coalesce('"' || wrong || '"', 'NULL')
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Valid verdicts are "pii" and "mixed"; that a column holds nothing is for a person to say, with pii.label().';
	END IF;
	IF dry_run IS NULL THEN
		RAISE EXCEPTION 'dry_run must not be null'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
END
$$;
COMMENT ON FUNCTION pii.check_accept_arguments(text[], regclass[], real, text[], boolean) IS
'raises an error for arguments that pii.accept cannot serve';

-- Columns named are there whatever was found in them.  Partitions take the
-- label of their parent, so they are there only if they or their table are
-- named.
CREATE FUNCTION pii.findings(
	schemas text[],
	tables regclass[],
	columns text[],
	min_confidence real,
	verdicts text[],
	OUT relation oid,
	OUT attnum smallint,
	OUT table_schema name,
	OUT table_name name,
	OUT column_name name,
	OUT verdict text,
	OUT confidence real,
	OUT current_label text,
	OUT label text,
	OUT note text
) RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH named AS MATERIALIZED (
		SELECT relation, attnum FROM pii.resolve_columns(columns)
	), found AS (
		SELECT c.relation, c.attnum, c.table_schema, c.table_name, c.column_name,
			coalesce(s.tag, c.tag) AS tag,
			coalesce(s.verdict, c.verdict) AS verdict,
			coalesce(s.confidence, c.confidence) AS confidence,
			CASE c.source WHEN 'label' THEN c.evidence END AS current_label,
			CASE c.source WHEN 'name' THEN 'judged by its name alone' END AS by_name,
			'stale scan: ' || c.stale AS stale
		FROM pii.columns c
		JOIN pii.user_table t ON t.relation = c.relation
		-- what a label covers up
		LEFT JOIN LATERAL (
			SELECT r.tag, r.verdict, r.confidence
			FROM pii.scan_result r
			WHERE c.source = 'label' AND r.relation = c.relation
				AND r.attnum = c.attnum AND r.path IS NULL AND r.error IS NULL
			ORDER BY r.scanned_at DESC
			LIMIT 1
		) s ON true
		WHERE (schemas IS NULL OR c.table_schema::text = ANY (schemas))
			AND (tables IS NULL OR c.relation = ANY (tables::oid[]))
			AND CASE WHEN columns IS NULL
				THEN tables IS NOT NULL OR NOT t.relispartition
				ELSE EXISTS (SELECT FROM named n
					WHERE n.relation = c.relation AND n.attnum = c.attnum) END
	)
	SELECT relation, attnum, table_schema, table_name, column_name, verdict, confidence, current_label,
		pii.label_for(tag, CASE WHEN columns IS NULL THEN coalesce(min_confidence, 0) ELSE 0 END),
		nullif(concat_ws('; ', by_name, stale), '')
	FROM found
	WHERE columns IS NOT NULL
		OR verdict = ANY (coalesce(verdicts, '{pii,mixed}')) AND confidence >= coalesce(min_confidence, 0)
	ORDER BY table_schema, table_name, attnum
$$;
COMMENT ON FUNCTION pii.findings(text[], regclass[], text[], real, text[]) IS
'what pii.accept would make labels of';

-- Write one label, if the column is still what it was.  Returns NULL, or why
-- it was not written.
CREATE FUNCTION pii.accept_finding(
	relation oid,
	attnum smallint,
	table_schema name,
	table_name name,
	column_name name,
	label text
) RETURNS text
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	place text := format('%I.%I', table_schema, table_name);
BEGIN
	-- the lock that SECURITY LABEL takes, before looking; the server locks
	-- no materialized view and no foreign table on request
	IF EXISTS (SELECT FROM pg_class WHERE oid = relation AND relkind IN ('r', 'p')) THEN
		EXECUTE format('LOCK TABLE ONLY %s IN SHARE UPDATE EXCLUSIVE MODE', place);
	END IF;
	IF EXISTS (SELECT FROM pii.labels l
		WHERE l.relation = accept_finding.relation AND l.attnum = accept_finding.attnum)
	THEN
		RETURN 'labelled meanwhile';
	END IF;
	PERFORM pii.label(place::regclass, column_name, label);
	IF NOT EXISTS (SELECT FROM pii.labels l
		WHERE l.relation = accept_finding.relation AND l.attnum = accept_finding.attnum)
	THEN
		-- another column has taken the name
		RAISE undefined_column;
	END IF;
	RETURN NULL;
EXCEPTION
	WHEN invalid_schema_name OR undefined_table OR undefined_column OR wrong_object_type THEN
		RETURN 'dropped or renamed meanwhile';
	WHEN lock_not_available THEN
		RETURN 'lock not available in time';
	WHEN insufficient_privilege THEN
		RETURN 'permission denied';
END
$$;
COMMENT ON FUNCTION pii.accept_finding(oid, smallint, name, name, name, text) IS
'labels one column for pii.accept; NULL, or why not';

CREATE FUNCTION pii.accept(
	schemas text[] DEFAULT NULL,
	tables regclass[] DEFAULT NULL,
	columns text[] DEFAULT NULL,
	min_confidence real DEFAULT 0.9,
	verdicts text[] DEFAULT '{pii}',
	dry_run boolean DEFAULT true,
	OUT table_schema name,
	OUT table_name name,
	OUT column_name name,
	OUT verdict text,
	OUT confidence real,
	OUT current_label text,
	OUT label text,
	OUT statement text,
	OUT done boolean,
	OUT note text
) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found record;
	missing text;
	owner regrole;
BEGIN
	PERFORM pii.check_accept_arguments(schemas, tables, min_confidence, verdicts, dry_run);
	FOR found IN SELECT * FROM pii.findings(schemas, tables, columns, min_confidence, verdicts) LOOP
		table_schema := found.table_schema;
		table_name := found.table_name;
		column_name := found.column_name;
		verdict := found.verdict;
		confidence := found.confidence;
		current_label := found.current_label;
		label := found.label;
		statement := NULL;
		done := false;
		note := found.note;
		IF label IS NULL THEN
			note := concat_ws('; ', 'nothing was found in it', note);
		ELSIF current_label IS NOT NULL THEN
			SELECT string_agg(kind, ', ' ORDER BY kind COLLATE "C") INTO missing
			FROM unnest(label::pii.tag::text[]) kind
			WHERE NOT (SELECT tag FROM pii.parse_label(current_label)) OPERATOR(pii.?) kind;
			done := missing IS NULL;
			note := concat_ws('; ', 'already labelled' || coalesce(', without ' || missing, ''), note);
		ELSE
			statement := format('SELECT pii.label(%L, %L, %L);',
				format('%I.%I', table_schema, table_name), column_name, label);
			SELECT c.relowner INTO owner FROM pg_class c WHERE c.oid = found.relation;
			IF NOT pg_has_role(owner, 'USAGE') THEN
				note := concat_ws('; ', format('%s has to label it', owner), note);
			ELSIF NOT dry_run THEN
				missing := pii.accept_finding(found.relation, found.attnum,
					table_schema, table_name, column_name, label);
				done := missing IS NULL;
				note := concat_ws('; ', missing, note);
			END IF;
		END IF;
		note := nullif(note, '');
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION pii.accept(text[], regclass[], text[], real, text[], boolean) IS
'turns what scans found into labels: of the given schemas and tables the findings of at least that confidence and of those verdicts, or the columns named, whatever their confidence; shows what it would do unless dry_run is false; a column that has a label keeps it';

REVOKE ALL ON FUNCTION
	pii.check_user_table(oid),
	pii.resolve_columns(text[]),
	pii.check_accept_arguments(text[], regclass[], real, text[], boolean),
	pii.findings(text[], regclass[], text[], real, text[]),
	pii.accept_finding(oid, smallint, name, name, name, text),
	pii.accept(text[], regclass[], text[], real, text[], boolean)
FROM PUBLIC;
