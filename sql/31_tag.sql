-- ---------------------------------------------------------------------------
-- Floor 3, verdict: the type pii.tag
-- ---------------------------------------------------------------------------

CREATE TYPE pii.tag;

CREATE FUNCTION pii.tag_in(cstring) RETURNS pii.tag
	AS 'MODULE_PATHNAME', 'pii_tag_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_in(cstring) IS 'input function of pii.tag';

CREATE FUNCTION pii.tag_out(pii.tag) RETURNS cstring
	AS 'MODULE_PATHNAME', 'pii_tag_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_out(pii.tag) IS 'output function of pii.tag';

CREATE FUNCTION pii.tag_recv(internal) RETURNS pii.tag
	AS 'MODULE_PATHNAME', 'pii_tag_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_recv(internal) IS 'binary input function of pii.tag';

CREATE FUNCTION pii.tag_send(pii.tag) RETURNS bytea
	AS 'MODULE_PATHNAME', 'pii_tag_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_send(pii.tag) IS 'binary output function of pii.tag';

CREATE TYPE pii.tag (
	INPUT = pii.tag_in,
	OUTPUT = pii.tag_out,
	RECEIVE = pii.tag_recv,
	SEND = pii.tag_send,
	STORAGE = extended
);
COMMENT ON TYPE pii.tag IS
'kinds of personal data a column is judged to hold, each with a confidence: email:0.99,phone:0.41; none is the reviewed empty tag';

-- comparison and hashing

CREATE FUNCTION pii.tag_eq(pii.tag, pii.tag) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_tag_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_eq(pii.tag, pii.tag) IS 'implementation of = operator';

CREATE FUNCTION pii.tag_ne(pii.tag, pii.tag) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_tag_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_ne(pii.tag, pii.tag) IS 'implementation of <> operator';

CREATE FUNCTION pii.tag_lt(pii.tag, pii.tag) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_tag_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_lt(pii.tag, pii.tag) IS 'implementation of < operator';

CREATE FUNCTION pii.tag_le(pii.tag, pii.tag) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_tag_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_le(pii.tag, pii.tag) IS 'implementation of <= operator';

CREATE FUNCTION pii.tag_gt(pii.tag, pii.tag) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_tag_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_gt(pii.tag, pii.tag) IS 'implementation of > operator';

CREATE FUNCTION pii.tag_ge(pii.tag, pii.tag) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_tag_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_ge(pii.tag, pii.tag) IS 'implementation of >= operator';

CREATE FUNCTION pii.tag_cmp(pii.tag, pii.tag) RETURNS integer
	AS 'MODULE_PATHNAME', 'pii_tag_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_cmp(pii.tag, pii.tag) IS 'order of two tags: -1, 0 or 1';

CREATE FUNCTION pii.tag_hash(pii.tag) RETURNS integer
	AS 'MODULE_PATHNAME', 'pii_tag_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_hash(pii.tag) IS 'hash of a tag';

CREATE FUNCTION pii.tag_hash_extended(pii.tag, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'pii_tag_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_hash_extended(pii.tag, bigint) IS 'hash of a tag, with a seed';

CREATE OPERATOR pii.= (
	LEFTARG = pii.tag, RIGHTARG = pii.tag, FUNCTION = pii.tag_eq,
	COMMUTATOR = OPERATOR(pii.=), NEGATOR = OPERATOR(pii.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR pii.= (pii.tag, pii.tag) IS 'equal, confidences included';

CREATE OPERATOR pii.<> (
	LEFTARG = pii.tag, RIGHTARG = pii.tag, FUNCTION = pii.tag_ne,
	COMMUTATOR = OPERATOR(pii.<>), NEGATOR = OPERATOR(pii.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR pii.<> (pii.tag, pii.tag) IS 'not equal';

CREATE OPERATOR pii.< (
	LEFTARG = pii.tag, RIGHTARG = pii.tag, FUNCTION = pii.tag_lt,
	COMMUTATOR = OPERATOR(pii.>), NEGATOR = OPERATOR(pii.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR pii.< (pii.tag, pii.tag) IS 'less than';

CREATE OPERATOR pii.<= (
	LEFTARG = pii.tag, RIGHTARG = pii.tag, FUNCTION = pii.tag_le,
	COMMUTATOR = OPERATOR(pii.>=), NEGATOR = OPERATOR(pii.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR pii.<= (pii.tag, pii.tag) IS 'less than or equal';

CREATE OPERATOR pii.> (
	LEFTARG = pii.tag, RIGHTARG = pii.tag, FUNCTION = pii.tag_gt,
	COMMUTATOR = OPERATOR(pii.<), NEGATOR = OPERATOR(pii.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR pii.> (pii.tag, pii.tag) IS 'greater than';

CREATE OPERATOR pii.>= (
	LEFTARG = pii.tag, RIGHTARG = pii.tag, FUNCTION = pii.tag_ge,
	COMMUTATOR = OPERATOR(pii.<=), NEGATOR = OPERATOR(pii.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR pii.>= (pii.tag, pii.tag) IS 'greater than or equal';

CREATE OPERATOR FAMILY pii.tag_ops USING btree;
COMMENT ON OPERATOR FAMILY pii.tag_ops USING btree IS 'order of tags';

CREATE OPERATOR CLASS pii.tag_ops DEFAULT FOR TYPE pii.tag USING btree FAMILY pii.tag_ops AS
	OPERATOR 1 pii.<, OPERATOR 2 pii.<=, OPERATOR 3 pii.=,
	OPERATOR 4 pii.>=, OPERATOR 5 pii.>,
	FUNCTION 1 pii.tag_cmp(pii.tag, pii.tag);
COMMENT ON OPERATOR CLASS pii.tag_ops USING btree IS 'order of tags: kinds first, then confidences';

CREATE OPERATOR FAMILY pii.tag_ops USING hash;
COMMENT ON OPERATOR FAMILY pii.tag_ops USING hash IS 'hashing of tags';

CREATE OPERATOR CLASS pii.tag_ops DEFAULT FOR TYPE pii.tag USING hash FAMILY pii.tag_ops AS
	OPERATOR 1 pii.=,
	FUNCTION 1 pii.tag_hash(pii.tag),
	FUNCTION 2 pii.tag_hash_extended(pii.tag, bigint);
COMMENT ON OPERATOR CLASS pii.tag_ops USING hash IS 'hashing of tags';

-- kinds

CREATE FUNCTION pii.tag_contains(pii.tag, pii.tag) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_tag_contains' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_contains(pii.tag, pii.tag) IS 'implementation of @> operator';

CREATE FUNCTION pii.tag_contained(pii.tag, pii.tag) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_tag_contained' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_contained(pii.tag, pii.tag) IS 'implementation of <@ operator';

CREATE FUNCTION pii.tag_overlaps(pii.tag, pii.tag) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_tag_overlaps' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_overlaps(pii.tag, pii.tag) IS 'implementation of && operator';

CREATE FUNCTION pii.tag_union(pii.tag, pii.tag) RETURNS pii.tag
	AS 'MODULE_PATHNAME', 'pii_tag_union' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_union(pii.tag, pii.tag) IS 'implementation of || operator';

CREATE FUNCTION pii.tag_confidence(pii.tag, text) RETURNS real
	AS 'MODULE_PATHNAME', 'pii_tag_confidence' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_confidence(pii.tag, text) IS 'implementation of -> operator';

CREATE FUNCTION pii.tag_exists(pii.tag, text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_tag_exists' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_exists(pii.tag, text) IS 'implementation of ? operator';

CREATE OPERATOR pii.@> (
	LEFTARG = pii.tag, RIGHTARG = pii.tag, FUNCTION = pii.tag_contains,
	COMMUTATOR = OPERATOR(pii.<@), RESTRICT = contsel, JOIN = contjoinsel
);
COMMENT ON OPERATOR pii.@> (pii.tag, pii.tag) IS 'contains every kind of';

CREATE OPERATOR pii.<@ (
	LEFTARG = pii.tag, RIGHTARG = pii.tag, FUNCTION = pii.tag_contained,
	COMMUTATOR = OPERATOR(pii.@>), RESTRICT = contsel, JOIN = contjoinsel
);
COMMENT ON OPERATOR pii.<@ (pii.tag, pii.tag) IS 'has no kind but those of';

CREATE OPERATOR pii.&& (
	LEFTARG = pii.tag, RIGHTARG = pii.tag, FUNCTION = pii.tag_overlaps,
	COMMUTATOR = OPERATOR(pii.&&), RESTRICT = contsel, JOIN = contjoinsel
);
COMMENT ON OPERATOR pii.&& (pii.tag, pii.tag) IS 'has a kind in common with';

CREATE OPERATOR pii.|| (
	LEFTARG = pii.tag, RIGHTARG = pii.tag, FUNCTION = pii.tag_union,
	COMMUTATOR = OPERATOR(pii.||)
);
COMMENT ON OPERATOR pii.|| (pii.tag, pii.tag) IS 'kinds of both, each with its larger confidence';

CREATE OPERATOR pii.-> (
	LEFTARG = pii.tag, RIGHTARG = text, FUNCTION = pii.tag_confidence
);
COMMENT ON OPERATOR pii.-> (pii.tag, text) IS 'confidence of a kind, NULL if the tag does not hold it';

CREATE OPERATOR pii.? (
	LEFTARG = pii.tag, RIGHTARG = text, FUNCTION = pii.tag_exists,
	RESTRICT = contsel, JOIN = contjoinsel
);
COMMENT ON OPERATOR pii.? (pii.tag, text) IS 'holds the kind';

-- casts

CREATE FUNCTION pii.tag_to_jsonb(pii.tag) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'pii_tag_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_to_jsonb(pii.tag) IS 'kinds and their confidences as a json object';

CREATE FUNCTION pii.tag_to_array(pii.tag) RETURNS text[]
	AS 'MODULE_PATHNAME', 'pii_tag_to_array' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pii.tag_to_array(pii.tag) IS 'kinds as an array';

CREATE CAST (pii.tag AS jsonb) WITH FUNCTION pii.tag_to_jsonb(pii.tag);
COMMENT ON CAST (pii.tag AS jsonb) IS 'kinds and their confidences as a json object';
CREATE CAST (pii.tag AS text[]) WITH FUNCTION pii.tag_to_array(pii.tag);
COMMENT ON CAST (pii.tag AS text[]) IS 'kinds as an array';
