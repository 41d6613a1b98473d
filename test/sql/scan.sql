-- pii.scan, its history, and pii.columns
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;
RESET client_min_messages;
CREATE SCHEMA regress_scan;
CREATE SCHEMA regress_scan_other;
SET search_path = regress_scan, public;

CREATE TABLE customer (id bigint, email text, phone text, note text);
INSERT INTO customer SELECT i, 'u' || i || '@pg-pii.org', '+44 20 8366 ' || 1000 + i, 'note ' || i FROM generate_series(1, 300) i;
CREATE TABLE "odd ""one" (v text, "mail address" text);
INSERT INTO "odd ""one" VALUES ('a@pg-pii.org', NULL), ('b@pg-pii.org', NULL), ('c@pg-pii.org', NULL);
CREATE TABLE regress_scan_other.elsewhere (email text);
CREATE TABLE part (k int, mail text) PARTITION BY LIST (k);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
CREATE TABLE part_2 PARTITION OF part FOR VALUES IN (2);
INSERT INTO part SELECT 1 + i % 2, 'p' || i || '@pg-pii.org' FROM generate_series(1, 100) i;
CREATE TEMP TABLE passing (email text);
CREATE VIEW looking AS SELECT email FROM customer;

-- before any scan, names alone speak, and say so
SELECT table_name, column_name, tag, verdict, source, evidence
FROM pii.columns WHERE table_schema = 'regress_scan' AND verdict = 'pii' ORDER BY table_name COLLATE "C", attnum;

CALL pii.scan('{regress_scan}');
SELECT method, tables_total, tables_done, tables_failed, rows_read, finished_at >= started_at AS finished,
	started_by = session_user AS by_us
FROM pii.scan_run ORDER BY run_id DESC LIMIT 1;
SELECT table_name, column_name, data_type, tag, verdict, source, scanned_at IS NOT NULL AS scanned, stale, evidence
FROM pii.columns WHERE table_schema ~ '^regress_scan' ORDER BY table_schema COLLATE "C", table_name COLLATE "C", attnum;

-- no raw value is stored
SELECT count(*) FROM pii.scan_result r WHERE r::text ~ 'u7|pg-pii|8366|note 7';

-- only some tables; a view and a table in the middle that fails do not stop it
ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
CREATE ROLE regress_pii_scanner;
GRANT USAGE ON SCHEMA regress_scan, regress_scan_other TO regress_pii_scanner;
GRANT SELECT ON customer, "odd ""one" TO regress_pii_scanner;
GRANT SELECT, INSERT, UPDATE ON pii.scan_run, pii.scan_result TO regress_pii_scanner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pii TO regress_pii_scanner;
GRANT EXECUTE ON PROCEDURE pii.scan TO regress_pii_scanner;
GRANT SELECT ON pii.user_table TO regress_pii_scanner;
SET ROLE regress_pii_scanner;
CALL pii.scan(tables => '{customer,looking,"\"odd \"\"one\"",regress_scan_other.elsewhere}');
RESET ROLE;
SELECT tables_total, tables_done, tables_failed FROM pii.scan_run ORDER BY run_id DESC LIMIT 1;
SELECT table_name, column_name, verdict, error, reasons
FROM pii.scan_result WHERE run_id = (SELECT max(run_id) FROM pii.scan_run)
ORDER BY table_name COLLATE "C", attnum;
-- a later failure does not hide what is known
SELECT column_name, tag, verdict, source FROM pii.columns WHERE relation = 'customer'::regclass ORDER BY attnum;

-- foreign tables are read when they are named, and only then
CREATE EXTENSION file_fdw;
CREATE SERVER regress_files FOREIGN DATA WRAPPER file_fdw;
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/sql/scan.sql'
CREATE FOREIGN TABLE remote (line text) SERVER regress_files OPTIONS (filename :'file', format 'text', delimiter E'\x01');
SELECT count(*) FROM unnest(pii.scan_targets('{regress_scan}', NULL)) AS t WHERE t = 'remote'::regclass;
CALL pii.scan(tables => '{remote}');
SELECT table_name, column_name, tag::text[], verdict, source FROM pii.columns WHERE relation = 'remote'::regclass;

-- what a scan said goes stale
ALTER TABLE customer ALTER id TYPE text;
SELECT column_name, stale FROM pii.columns WHERE relation = 'customer'::regclass ORDER BY attnum;
CALL pii.scan(tables => '{customer}');
SELECT column_name, stale FROM pii.columns WHERE relation = 'customer'::regclass AND stale IS NOT NULL;
ALTER TABLE customer RENAME phone TO handset;
SELECT column_name, tag, source FROM pii.columns WHERE relation = 'customer'::regclass AND attnum = 3;
ALTER TABLE customer DROP COLUMN handset;
SELECT count(*) FROM pii.columns WHERE relation = 'customer'::regclass AND attnum = 3;

-- scanning again keeps history
SELECT count(DISTINCT run_id) > 1 AS history FROM pii.scan_result WHERE relation = 'customer'::regclass;
DELETE FROM pii.scan_run;
SELECT count(*) FROM pii.scan_result;

-- bad input
\set SHOW_CONTEXT never
CALL pii.scan('{regress_scan,no_such_schema}');
CALL pii.scan('{NULL}');
CALL pii.scan(tables => '{no_such_table}');
CALL pii.scan(tables => '{NULL}');
CALL pii.scan(method => 'guess');
CALL pii.scan(method => NULL);
CALL pii.scan(sample_rows => 0);
CALL pii.scan('{}');
CALL pii.scan(tables => '{}');
SELECT count(*), sum(tables_total) AS tables FROM pii.scan_run;
BEGIN;
CALL pii.scan('{regress_scan}');
ROLLBACK;

-- everything that is there, at once: nothing of the system's or ours
CALL pii.scan(method => 'name');
SELECT DISTINCT table_schema FROM pii.scan_result WHERE table_schema ~ '^(pii|pg_|information_schema)';

SET client_min_messages = warning;
DELETE FROM pii.scan_run;
DROP OWNED BY regress_pii_scanner;
DROP ROLE regress_pii_scanner;
DROP SCHEMA regress_scan, regress_scan_other CASCADE;
