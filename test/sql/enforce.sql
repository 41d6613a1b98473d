-- enforce and check_ddl: the gate's judgement without the gate
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;
RESET client_min_messages;
CREATE SCHEMA regress_enforce;
CREATE SCHEMA regress_enforce_clean;
SET search_path = regress_enforce, public;
CREATE ROLE regress_pii_reader LOGIN;
CREATE ROLE regress_pii_dev;
GRANT USAGE ON SCHEMA regress_enforce, regress_enforce_clean TO regress_pii_reader;
CREATE TABLE account (id int, full_name text);
CREATE TABLE old (email text);
GRANT SELECT ON account, old TO regress_pii_reader;
CREATE TABLE regress_enforce_clean.thing (id int, size numeric);
\pset null -

-- enforce: the message of the gate, in autocommit or in a block
\set VERBOSITY terse
CALL pii.enforce('{regress_enforce}');
\echo :LAST_ERROR_SQLSTATE
CALL pii.enforce('{regress_enforce,regress_enforce_clean}', level => 'warning');
\echo :SQLSTATE
\set VERBOSITY default
CALL pii.enforce('{regress_enforce_clean}');
BEGIN;
REVOKE SELECT ON old FROM regress_pii_reader;
CALL pii.enforce('{regress_enforce}');
ROLLBACK;
CALL pii.enforce('{}');
\set SHOW_CONTEXT never
CALL pii.enforce('{no_such_schema}');
CALL pii.enforce('{NULL}');
CALL pii.enforce('{regress_enforce}', level => 'panic');
CALL pii.enforce('{regress_enforce}', level => NULL);

-- check_ddl: what the migration would leave, and was not there before
CREATE FUNCTION pg_temp.check_ddl(sql text) RETURNS TABLE (v text, grantee text, path text, severity text, remedy text)
BEGIN ATOMIC
	SELECT format('%s.%s %s', table_name, column_name, tag::text[]), grantee, path, severity, remedy FROM pii.check_ddl(sql);
END;
SELECT * FROM pg_temp.check_ddl('ALTER TABLE account ADD COLUMN email text');
SELECT * FROM pg_temp.check_ddl('ALTER TABLE account ADD COLUMN email text; REVOKE SELECT ON account FROM regress_pii_reader');
SELECT * FROM pg_temp.check_ddl('ALTER TABLE account ADD COLUMN email text; SECURITY LABEL FOR pii ON COLUMN account.email IS ''none''');
SELECT * FROM pg_temp.check_ddl('ALTER TABLE account RENAME COLUMN full_name TO phone');
SELECT * FROM pg_temp.check_ddl('ALTER TABLE old RENAME TO older; ALTER TABLE older ADD COLUMN size int');
SELECT * FROM pg_temp.check_ddl('GRANT SELECT ON old TO PUBLIC');
SELECT * FROM pg_temp.check_ddl('DROP TABLE old; CREATE TABLE old (email text); GRANT SELECT (email) ON old TO regress_pii_reader');
SELECT * FROM pg_temp.check_ddl('CREATE VIEW shown AS SELECT email FROM old; GRANT SELECT ON shown TO PUBLIC');
SELECT via FROM pii.check_ddl('CREATE VIEW shown AS SELECT email FROM old; GRANT SELECT ON shown TO PUBLIC');
SELECT * FROM pg_temp.check_ddl($$
	-- several statements, and what a statement may hold
	CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
	SELECT 1 AS a, ';' AS b INTO into_table;
	DO 'BEGIN CREATE TABLE made_by_do (phone text); GRANT SELECT ON made_by_do TO regress_pii_reader; END';
	CREATE TYPE mood AS ENUM ('sad'); ALTER TYPE mood ADD VALUE 'ok';
	TABLE pg_class;
$$);
-- a table that the migration fills is sampled; what it leaves empty is judged by its name
SELECT * FROM pg_temp.check_ddl($$
	CREATE TABLE copied AS SELECT i, 'u' || i || '@pg-pii.org' AS c1, NULL::text AS email FROM generate_series(1, 100) i;
	CREATE TABLE parted (k int, c2 text) PARTITION BY LIST (k);
	CREATE TABLE part PARTITION OF parted DEFAULT;
	INSERT INTO parted SELECT i, '+44 20 8366 ' || 1000 + i FROM generate_series(1, 100) i;
	CREATE MATERIALIZED VIEW counted AS SELECT c1 AS c3 FROM copied;
	GRANT SELECT ON copied, parted, counted TO regress_pii_reader;
$$);
-- nothing of it stays
SELECT count(*) FROM pii.scan_result WHERE table_schema = 'regress_enforce';
SELECT relname FROM pg_class WHERE relnamespace = 'regress_enforce'::regnamespace ORDER BY relname COLLATE "C";

-- it runs under the caller's search path, and what it sets is set back
SET search_path = regress_enforce_clean;
SELECT table_schema, table_name FROM pii.check_ddl('CREATE TABLE here (email text); GRANT SELECT ON here TO regress_pii_reader');
SELECT table_schema, table_name FROM pii.check_ddl('SET search_path = regress_enforce; CREATE TABLE here (email text); GRANT SELECT ON here TO regress_pii_reader');
SHOW search_path;
SET search_path = regress_enforce, public;
SELECT count(*) FROM pii.check_ddl('SET ROLE regress_pii_dev; SET work_mem = 64');
SELECT count(*) FROM pii.check_ddl('SET SESSION AUTHORIZATION regress_pii_dev; RESET ROLE');
SELECT session_user = current_user AS set_back, current_setting('work_mem');

-- the gate, where it stands, has nothing to judge
SET client_min_messages = warning;
SELECT pii.enable_gate();
SELECT count(*) FROM pii.check_ddl('ALTER TABLE account ADD COLUMN email text');
SELECT count(*) FROM pii.gate_queue;
SELECT pii.disable_gate();
RESET client_min_messages;

-- what fails says where; a block goes on from a savepoint
\set SHOW_CONTEXT errors
BEGIN;
SAVEPOINT before;
SELECT pii.check_ddl(E'CREATE TABLE a (i int);\n\n/* two /* deep; */ */ ALTER TABLE no_such_table ADD COLUMN i int');
ROLLBACK TO before;
SELECT pii.check_ddl('CREATE TABEL a (i int)');
ROLLBACK TO before;
SELECT pii.check_ddl(E'COMMENT ON TABLE a IS ''\u00e9t\u00e9'';\n\\i more.sql');
ROLLBACK TO before;
SELECT count(*) FROM pii.check_ddl('CREATE TABLE a (i int)');
COMMIT;
SELECT pii.check_ddl('CREATE TABLE a (i int CHECK (i > 0)); INSERT INTO a VALUES (1), (nothing)');
SELECT pii.check_ddl('DO ''BEGIN RAISE triggered_action_exception; END''');
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SELECT pii.check_ddl('DROP EXTENSION pg_pii CASCADE');
RESET client_min_messages;
SELECT count(*) FROM pii.check_ddl('');
SELECT count(*) FROM pii.check_ddl(' ; -- nothing');
SELECT pii.check_ddl(NULL);
\set SHOW_CONTEXT errors

-- what cannot be rolled back, or run in a transaction, is refused before anything runs
\set VERBOSITY terse
SELECT pii.check_ddl('SELECT pg_sleep(100); VACUUM old');
SELECT pii.check_ddl('BEGIN; CREATE TABLE a (i int); COMMIT');
SELECT pii.check_ddl('SAVEPOINT s');
SELECT pii.check_ddl('CREATE INDEX CONCURRENTLY ON old (email)');
SELECT pii.check_ddl('DROP INDEX CONCURRENTLY no_such_index');
SELECT pii.check_ddl('REINDEX INDEX CONCURRENTLY no_such_index');
SELECT pii.check_ddl('REINDEX (CONCURRENTLY) TABLE old');
SELECT pii.check_ddl('REINDEX SCHEMA regress_enforce');
SELECT pii.check_ddl('ALTER TABLE old DETACH PARTITION older CONCURRENTLY');
SELECT pii.check_ddl('CLUSTER');
SELECT pii.check_ddl('DISCARD ALL');
SELECT pii.check_ddl('CREATE DATABASE regress_none');
SELECT pii.check_ddl('DROP DATABASE regress_none');
SELECT pii.check_ddl('ALTER DATABASE regress_none SET TABLESPACE pg_default');
SELECT pii.check_ddl('CREATE TABLESPACE regress_none LOCATION ''/nowhere''');
SELECT pii.check_ddl('DROP TABLESPACE regress_none');
SELECT pii.check_ddl('ALTER SYSTEM SET work_mem = 64');
SELECT pii.check_ddl('CREATE SUBSCRIPTION s CONNECTION '''' PUBLICATION p');
SELECT pii.check_ddl('ALTER SUBSCRIPTION s DISABLE');
SELECT pii.check_ddl('DROP SUBSCRIPTION s');
SELECT pii.check_ddl('COPY old FROM STDIN');
SELECT pii.check_ddl('COPY old TO STDOUT');
SELECT pii.check_ddl('COPY old TO ''/nowhere''');
SELECT pii.check_ddl('COPY old FROM PROGRAM ''true''');
\set VERBOSITY default
SELECT pii.check_ddl('VACUUM old');
SELECT pii.check_ddl('COMMIT');
SELECT pii.check_ddl('COPY old FROM STDIN');
SELECT pii.check_ddl('CREATE PROCEDURE commits() LANGUAGE plpgsql AS ''BEGIN COMMIT; END''; CALL commits()');
-- and what merely looks like it is not
SELECT count(*) FROM pii.check_ddl('CREATE INDEX i ON old (email); REINDEX TABLE old; REINDEX (CONCURRENTLY off) INDEX i;
	CLUSTER old USING i; ANALYZE old; ALTER TABLE old ADD PRIMARY KEY (email); DISCARD PLANS');

-- who may: the owner of the database, with nothing but rights of its own
SET ROLE regress_pii_dev;
SELECT pii.check_ddl('SELECT 1');
CALL pii.enforce();
SELECT pii.run_ddl('SELECT 1');
RESET ROLE;
GRANT SELECT ON ALL TABLES IN SCHEMA pii TO regress_pii_dev;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA pii TO regress_pii_dev;
SET ROLE regress_pii_dev;
SET client_min_messages = error;
CALL pii.enforce('{regress_enforce_clean}');
RESET client_min_messages;
\set VERBOSITY sqlstate
SELECT pii.check_ddl('SELECT 1');
RESET ROLE;
\set VERBOSITY terse
CREATE MATERIALIZED VIEW restricted AS SELECT table_name FROM pii.check_ddl('SELECT 1');

SET client_min_messages = warning;
REVOKE ALL ON ALL TABLES IN SCHEMA pii FROM regress_pii_dev;
REVOKE ALL ON ALL ROUTINES IN SCHEMA pii FROM regress_pii_dev;
DROP SCHEMA regress_enforce, regress_enforce_clean CASCADE;
DROP ROLE regress_pii_reader, regress_pii_dev;
