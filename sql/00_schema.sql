-- pg_pii: which columns hold contact data, and who can read them
-- Generated from the numbered parts in sql/; edit those.

-- complain if the script is sourced in psql rather than by CREATE EXTENSION
\echo Use "CREATE EXTENSION pg_pii" to load this file. \quit

COMMENT ON SCHEMA pii IS
'pg_pii: columns that hold e-mail addresses or phone numbers, and who can read them';
