
-- ---------------------------------------------------------------------------
-- Floor 4, scan: tags declared by people
-- ---------------------------------------------------------------------------

CREATE FUNCTION pii.parse_label(
	label text,
	OUT tag pii.tag,
	OUT waived_until date,
	OUT reason text
) RETURNS record
	AS 'MODULE_PATHNAME', 'pii_parse_label' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.parse_label(text) IS
'a label of the provider pii taken apart; NULLs if it is none';

CREATE VIEW pii.labels AS
SELECT n.nspname AS table_schema,
	c.relname AS table_name,
	a.attname AS column_name,
	l.label,
	p.tag,
	p.waived_until,
	p.reason,
	c.oid AS relation,
	a.attnum
FROM pg_catalog.pg_seclabel l
JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) l.objoid
JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid
	AND a.attnum OPERATOR(pg_catalog.=) l.objsubid
CROSS JOIN LATERAL pii.parse_label(l.label) p
WHERE l.provider OPERATOR(pg_catalog.=) 'pii'
	AND l.classoid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass;
COMMENT ON VIEW pii.labels IS 'columns that a person has labelled';
COMMENT ON COLUMN pii.labels.table_schema IS 'schema of the table';
COMMENT ON COLUMN pii.labels.table_name IS 'name of the table';
COMMENT ON COLUMN pii.labels.column_name IS 'name of the column';
COMMENT ON COLUMN pii.labels.label IS 'the label as it was given';
COMMENT ON COLUMN pii.labels.tag IS 'kinds it declares; none: reviewed, holds nothing';
COMMENT ON COLUMN pii.labels.waived_until IS 'day until which exposure of the column is accepted';
COMMENT ON COLUMN pii.labels.reason IS 'why it is accepted';
COMMENT ON COLUMN pii.labels.relation IS 'OID of the table';
COMMENT ON COLUMN pii.labels.attnum IS 'number of the column';

CREATE FUNCTION pii.label(relation regclass, column_name name, label text) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF relation IS NULL OR column_name IS NULL THEN
		RAISE EXCEPTION 'relation and column_name must not be null'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	PERFORM pii.load();
	EXECUTE format('SECURITY LABEL FOR pii ON COLUMN %s.%I IS %L', relation, column_name, label);
END
$$;
COMMENT ON FUNCTION pii.label(regclass, name, text) IS
'SECURITY LABEL FOR pii ON COLUMN, where the library is not preloaded; a NULL label removes it';

CREATE FUNCTION pii.drop_all_labels() RETURNS bigint
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	labelled record;
	dropped bigint := 0;
BEGIN
	FOR labelled IN SELECT l.relation, l.column_name FROM pii.labels l LOOP
		PERFORM pii.label(labelled.relation, labelled.column_name, NULL);
		dropped := dropped + 1;
	END LOOP;
	RETURN dropped;
END
$$;
COMMENT ON FUNCTION pii.drop_all_labels() IS
'removes every label of the provider pii and says how many: to be run before DROP EXTENSION, or later dumps cannot be restored without it';
REVOKE ALL ON FUNCTION pii.drop_all_labels() FROM PUBLIC;
