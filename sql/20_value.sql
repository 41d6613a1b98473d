
-- ---------------------------------------------------------------------------
-- Floor 2, profile: functions over one value
-- ---------------------------------------------------------------------------

CREATE FUNCTION pii.find(
	value text,
	kinds text[] DEFAULT NULL,
	region text DEFAULT NULL,
	OUT kind text,
	OUT start integer,
	OUT length integer,
	OUT match text,
	OUT normalized text,
	OUT form text,
	OUT confidence real
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'pii_find' LANGUAGE C IMMUTABLE PARALLEL SAFE
	COST 100 ROWS 1;
COMMENT ON FUNCTION pii.find(text, text[], text) IS
'e-mail addresses and phone numbers in a value, in order; start and length count characters, start from 1; region (ISO 3166) adds national phone numbers';

CREATE FUNCTION pii.has(value text, kind text DEFAULT NULL) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_has' LANGUAGE C IMMUTABLE PARALLEL SAFE
	COST 50;
COMMENT ON FUNCTION pii.has(text, text) IS
'whether a value holds an e-mail address or an international phone number; kind limits it to one of them';

CREATE FUNCTION pii.is_email(value text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_is_email' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	COST 50;
COMMENT ON FUNCTION pii.is_email(text) IS
'whether the whole value is one e-mail address';

CREATE FUNCTION pii.is_phone(value text, region text DEFAULT NULL) RETURNS boolean
	AS 'MODULE_PATHNAME', 'pii_is_phone' LANGUAGE C IMMUTABLE PARALLEL SAFE
	COST 50;
COMMENT ON FUNCTION pii.is_phone(text, text) IS
'whether the whole value is one valid phone number, in international form or, given a region, in its national form';

CREATE FUNCTION pii.normalize(value text, kind text, region text DEFAULT NULL) RETURNS text
	AS 'MODULE_PATHNAME', 'pii_normalize' LANGUAGE C IMMUTABLE PARALLEL SAFE
	COST 50;
COMMENT ON FUNCTION pii.normalize(text, text, text) IS
'normal form of a value that is one match: E.164 for a phone number, lower-case A-label domain for an e-mail address; NULL for any other value';

CREATE FUNCTION pii.redact(
	value text,
	kinds text[] DEFAULT NULL,
	style text DEFAULT 'mask',
	key text DEFAULT NULL,
	region text DEFAULT NULL
) RETURNS text
	AS 'MODULE_PATHNAME', 'pii_redact_value' LANGUAGE C IMMUTABLE PARALLEL SAFE
	COST 100;
COMMENT ON FUNCTION pii.redact(text, text[], text, text, text) IS
'value with its e-mail addresses and phone numbers made unreadable: masked, hashed (HMAC-SHA-256 under key) or replaced by a label';
