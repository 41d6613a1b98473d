-- pg_pii: which columns hold contact data, and who can read them
-- Generated from the numbered parts in sql/; edit those.

-- complain if the script is sourced in psql rather than by CREATE EXTENSION
\echo Use "CREATE EXTENSION pg_pii" to load this file. \quit

-- A member of the extension, unlike a schema that CREATE EXTENSION makes by
-- itself: dumps leave it out, and DROP EXTENSION takes it along.
CREATE SCHEMA pii;
GRANT USAGE ON SCHEMA pii TO PUBLIC;
COMMENT ON SCHEMA pii IS
'pg_pii: columns that hold e-mail addresses or phone numbers, and who can read them';

-- Labels and settings are known to a backend only once the library is loaded:
-- by shared_preload_libraries, session_preload_libraries, or any C function.
CREATE FUNCTION pii.load() RETURNS void
	AS 'MODULE_PATHNAME', 'pii_load' LANGUAGE C VOLATILE PARALLEL SAFE;
COMMENT ON FUNCTION pii.load() IS
'loads the library, and so the settings, into the session';
