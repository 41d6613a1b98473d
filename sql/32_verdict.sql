
-- ---------------------------------------------------------------------------
-- Floor 3, verdict: names and the judge
-- ---------------------------------------------------------------------------

CREATE FUNCTION pii.name_tag(
	column_name text,
	data_type regtype DEFAULT 'text',
	table_name text DEFAULT NULL
) RETURNS pii.tag
	AS 'MODULE_PATHNAME', 'pii_name_tag' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION pii.name_tag(text, regtype, text) IS
'kinds that a column''s name, type and table alone make more likely than not';

CREATE FUNCTION pii.judge(
	evidence pii.evidence,
	column_name text DEFAULT NULL,
	data_type regtype DEFAULT 'text',
	table_name text DEFAULT NULL,
	region text DEFAULT NULL,
	comment text DEFAULT NULL,
	checks text DEFAULT NULL,
	OUT tag pii.tag,
	OUT verdict text,
	OUT confidence real,
	OUT findings jsonb,
	OUT reasons text[]
) RETURNS record
	AS 'MODULE_PATHNAME', 'pii_judge_column' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION pii.judge(pii.evidence, text, regtype, text, text, text, text) IS
'verdict on a column from its evidence (NULL: by its name alone), its name, type and table, the region of its national phone numbers (NULL: inferred), its comment, and its CHECK constraints';

CREATE FUNCTION pii.classify_final(pii.evidence) RETURNS pii.tag
	AS 'MODULE_PATHNAME', 'pii_classify_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.classify_final(pii.evidence) IS 'final function of pii.classify';

-- pii.classify is pii.profile and its verdict in one word, for the same types.
DO LANGUAGE plpgsql $$
DECLARE
	profile pg_catalog.pg_proc;
BEGIN
	FOR profile IN
		SELECT p.* FROM pg_catalog.pg_proc p
		WHERE p.pronamespace OPERATOR(pg_catalog.=) 'pii'::pg_catalog.regnamespace
			AND p.proname OPERATOR(pg_catalog.=) 'profile'
		ORDER BY p.oid
	LOOP
		EXECUTE pg_catalog.format($sql$
			CREATE AGGREGATE pii.classify(value %1$s) (
				SFUNC = pii.evidence_add,
				STYPE = pii.evidence,
				SSPACE = 11264,
				FINALFUNC = pii.classify_final,
				COMBINEFUNC = pii.evidence_combine,
				INITCOND = '{"version":1}',
				PARALLEL = SAFE
			);
			COMMENT ON AGGREGATE pii.classify(%1$s) IS
			'kinds that a column is judged to hold, by its values alone';
			$sql$, pg_catalog.format_type(profile.proargtypes[0], NULL));
	END LOOP;
END
$$;
