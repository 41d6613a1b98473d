
-- ---------------------------------------------------------------------------
-- Floor 2, profile: the type pii.evidence and its aggregates
-- ---------------------------------------------------------------------------

CREATE TYPE pii.evidence;

CREATE FUNCTION pii.evidence_in(cstring) RETURNS pii.evidence
	AS 'MODULE_PATHNAME', 'pii_evidence_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.evidence_in(cstring) IS 'input function of pii.evidence';

CREATE FUNCTION pii.evidence_out(pii.evidence) RETURNS cstring
	AS 'MODULE_PATHNAME', 'pii_evidence_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.evidence_out(pii.evidence) IS 'output function of pii.evidence';

CREATE FUNCTION pii.evidence_recv(internal) RETURNS pii.evidence
	AS 'MODULE_PATHNAME', 'pii_evidence_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.evidence_recv(internal) IS 'binary input function of pii.evidence';

CREATE FUNCTION pii.evidence_send(pii.evidence) RETURNS bytea
	AS 'MODULE_PATHNAME', 'pii_evidence_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.evidence_send(pii.evidence) IS 'binary output function of pii.evidence';

CREATE TYPE pii.evidence (
	INPUT = pii.evidence_in,
	OUTPUT = pii.evidence_out,
	RECEIVE = pii.evidence_recv,
	SEND = pii.evidence_send,
	ALIGNMENT = double,
	STORAGE = extended
);
COMMENT ON TYPE pii.evidence IS
'what was counted in a column: no value nor part of one; the evidence of parts merges into that of the whole';

CREATE FUNCTION pii.evidence_to_jsonb(pii.evidence) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'pii_evidence_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.evidence_to_jsonb(pii.evidence) IS 'evidence as a json object of what is not zero';

CREATE FUNCTION pii.evidence_rows(pii.evidence) RETURNS bigint
	AS 'MODULE_PATHNAME', 'pii_evidence_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.evidence_rows(pii.evidence) IS 'values that an evidence was gathered of, nulls included';

CREATE FUNCTION pii.evidence_nulls(pii.evidence) RETURNS bigint
	AS 'MODULE_PATHNAME', 'pii_evidence_nulls' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.evidence_nulls(pii.evidence) IS 'nulls that an evidence was gathered of';

CREATE CAST (pii.evidence AS jsonb) WITH FUNCTION pii.evidence_to_jsonb(pii.evidence);
COMMENT ON CAST (pii.evidence AS jsonb) IS 'evidence as a json object of what is not zero';

CREATE FUNCTION pii.evidence_combine(pii.evidence, pii.evidence) RETURNS pii.evidence
	AS 'MODULE_PATHNAME', 'pii_evidence_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION pii.evidence_combine(pii.evidence, pii.evidence) IS
'combine function of pii.profile; only within an aggregate';

CREATE AGGREGATE pii.merge(pii.evidence) (
	SFUNC = pii.evidence_combine,
	STYPE = pii.evidence,
	SSPACE = 11264,
	COMBINEFUNC = pii.evidence_combine,
	INITCOND = '{"version":1}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE pii.merge(pii.evidence) IS
'evidence of the whole from that of its parts';

-- One transition function and one aggregate per type, and every built-in
-- string and number type among them or implicitly cast to just one: with
-- anyelement, Citus could not push the aggregate down.
DO LANGUAGE plpgsql $$
DECLARE
	-- type, and the name of its transition function in the library
	arguments CONSTANT pg_catalog.text[] := ARRAY[
		['text', 'text'], ['json', 'text'], ['xml', 'text'], ['jsonb', 'jsonb'],
		['smallint', 'int2'], ['integer', 'int4'], ['bigint', 'int8'],
		['real', 'float4'], ['double precision', 'float8'], ['numeric', 'numeric'],
		['text[]', 'array'], ['json[]', 'array'], ['xml[]', 'array'], ['jsonb[]', 'array'],
		['smallint[]', 'array'], ['integer[]', 'array'], ['bigint[]', 'array'],
		['real[]', 'array'], ['double precision[]', 'array'], ['numeric[]', 'array']];
	argument pg_catalog.text[];
BEGIN
	FOREACH argument SLICE 1 IN ARRAY arguments LOOP
		EXECUTE pg_catalog.format($sql$
			CREATE FUNCTION pii.evidence_add(pii.evidence, %1$s) RETURNS pii.evidence
				AS 'MODULE_PATHNAME', 'pii_evidence_add_%2$s'
				LANGUAGE C IMMUTABLE PARALLEL SAFE;
			COMMENT ON FUNCTION pii.evidence_add(pii.evidence, %1$s) IS
			'transition function of pii.profile; only within an aggregate';

			CREATE AGGREGATE pii.profile(value %1$s) (
				SFUNC = pii.evidence_add,
				STYPE = pii.evidence,
				SSPACE = 11264,
				COMBINEFUNC = pii.evidence_combine,
				INITCOND = '{"version":1}',
				PARALLEL = SAFE
			);
			COMMENT ON AGGREGATE pii.profile(%1$s) IS
			'what a column holds, counted: the first MiB of each value is read';
			$sql$, argument[1], argument[2]);
	END LOOP;
END
$$;
