-- pii.drift, pii.check, and the history they read
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;
RESET client_min_messages;
\pset null -
CREATE SCHEMA regress_drift;
CREATE SCHEMA regress_drift_other;
SET search_path = regress_drift, public;
CREATE ROLE regress_drift_reader LOGIN;
GRANT USAGE ON SCHEMA regress_drift, regress_drift_other TO regress_drift_reader;

-- before anything was scanned
SELECT ok, violations, last_run, message FROM pii.check();
SELECT * FROM pii.drift();

CREATE TABLE customer (id int, email text, note text, phone text);
INSERT INTO customer SELECT i, 'u' || i || '@pg-pii.org', 'note ' || i, '+1 212 736 ' || 1000 + i FROM generate_series(1, 200) i;
CREATE TABLE reviewed (email text, token text);
INSERT INTO reviewed SELECT 'u' || i || '@pg-pii.org', md5(i::text) FROM generate_series(1, 200) i;
CREATE TABLE leaving (email text);
INSERT INTO leaving SELECT 'u' || i || '@pg-pii.org' FROM generate_series(1, 50) i;
CREATE TABLE remade (email text);
INSERT INTO remade SELECT 'u' || i || '@pg-pii.org' FROM generate_series(1, 50) i;
CREATE TABLE regress_drift_other.account (email text);
INSERT INTO regress_drift_other.account SELECT 'u' || i || '@pg-pii.org' FROM generate_series(1, 50) i;
GRANT SELECT ON leaving TO regress_drift_reader;
GRANT SELECT ON regress_drift_other.account TO regress_drift_reader;

CALL pii.scan();
SELECT max(run_id) AS first_run FROM pii.scan_run \gset
-- a first run brings everything
SELECT change, object, table_name, column_name, grantee, before, regexp_replace(after, '[\d.]{3,}', '9') AS after FROM pii.drift();
-- and nothing has changed since
SELECT count(*) FROM pii.drift(:first_run);
SELECT count(*) FROM pii.drift(now());

-- a label against its data, both ways, and one that fits
SELECT pii.label('reviewed', 'email', 'none');
SELECT pii.label('reviewed', 'token', 'email');
SELECT pii.label('customer', 'email', 'email');
SELECT change, object, table_name, column_name, before, regexp_replace(after, '[\d.]{3,}', '9') AS after, detail FROM pii.drift(:first_run);

-- columns that come, change and go; a table made anew under its name
UPDATE customer SET note = 'call ' || phone || ' or write to w' || id || '@pg-pii.org' WHERE id % 2 = 0;
UPDATE customer SET phone = '+44 20 8366 ' || 1000 + id;
ALTER TABLE customer ADD COLUMN mobile text;
UPDATE customer SET mobile = '+44 7400 12' || 1000 + id;
DROP TABLE leaving;
DROP TABLE remade;
CREATE TABLE remade (email text);
INSERT INTO remade SELECT 'u' || i || '@pg-pii.org' FROM generate_series(1, 60) i;
ALTER TABLE regress_drift_other.account RENAME TO holder;
GRANT SELECT (email) ON customer TO regress_drift_reader;
-- before the next run, what is gone is seen already
SELECT change, table_name, column_name, before, after FROM pii.drift(:first_run) WHERE change = 'GONE';
-- a run over one schema closes nothing in another
CALL pii.scan('{regress_drift}');
SELECT change, object, table_name, column_name, grantee, regexp_replace(before, '[\d.]{3,}', '9') AS before, regexp_replace(after, '[\d.]{3,}', '9') AS after, detail
FROM pii.drift(:first_run) WHERE change <> 'NEW'
UNION ALL
SELECT change, object, table_name, column_name, grantee, before, regexp_replace(after, '[\d.]{3,}', '9'), NULL
FROM pii.drift(:first_run) WHERE change = 'NEW';
-- the same in the words of the other two
SELECT (SELECT count(*) FROM pii.drift(:'first_run')) = count(*) AS by_text,
	(SELECT count(*) FROM pii.drift((SELECT finished_at FROM pii.scan_run WHERE run_id = :first_run))) = count(*) AS by_time,
	(SELECT count(*) FROM pii.drift('1 hour')) > count(*) AS by_interval
FROM pii.drift(:first_run);
-- no longer news after the run that told it
SELECT change, table_name, column_name FROM pii.drift((SELECT max(run_id) FROM pii.scan_run));

-- an exposure that closes; a failed scan is no change
REVOKE SELECT (email) ON customer FROM regress_drift_reader;
CREATE ROLE regress_drift_outsider;
CALL pii.scan('{regress_drift}', method => 'name', changed_only => false);
SELECT change, object, table_name, column_name, grantee, before, after, detail FROM pii.drift() WHERE change <> 'DISAGREES';

-- violations: none are new the second time
SELECT run_id - :first_run AS run, exposures, violations, new_violations FROM pii.scan_run WHERE run_id >= :first_run ORDER BY run_id;
SELECT ok, violations, exposures, columns_pii, unscanned, stale, failed, oldest_scan < '1 h' AS fresh, last_run_outcome, message FROM pii.check();
REVOKE SELECT ON regress_drift_other.holder FROM regress_drift_reader;
SELECT ok, violations, message FROM pii.check();
SELECT ok, regexp_replace(message, ' at [^;]*', ' at ...') FROM pii.check('0 s');
-- a table that nobody has scanned yet, and one that has changed since
CREATE TABLE fresh (email text, n int);
SELECT unscanned, message FROM pii.check();

-- history: what is too old goes, but never the newest of a column, nor the
-- newest that says something if a later one failed
WITH failed AS (
	INSERT INTO pii.scan_run (method, sample_rows, outcome, finished_at) VALUES ('full', 100, 'done', now()) RETURNING run_id
)
INSERT INTO pii.scan_result (run_id, relation, attnum, table_schema, table_name, column_name, data_type, tag, verdict, confidence, method, findings, reasons, error)
SELECT f.run_id, r.relation, r.attnum, r.table_schema, r.table_name, r.column_name, r.data_type, 'none', 'unknown', 0, r.method, '{}', '{}', 'lock not available in time (SQLSTATE 55P03)'
FROM failed f, (SELECT DISTINCT ON (relation) * FROM pii.scan_result WHERE table_name = 'customer' AND column_name = 'email' AND method = 'full' ORDER BY relation, run_id DESC) r;
UPDATE pii.scan_run SET started_at = started_at - interval '2 years', finished_at = finished_at - interval '2 years';
UPDATE pii.scan_result SET scanned_at = scanned_at - interval '2 years', gone_at = gone_at - interval '2 years';
UPDATE pii.exposure_seen SET opened_at = opened_at - interval '2 years', closed_at = closed_at - interval '2 years'
WHERE table_name <> 'customer';
CALL pii.scan('{regress_drift_other}');
SELECT table_name, column_name, method, count(*), bool_and(gone_at IS NULL) AS is_there
FROM pii.scan_result WHERE table_schema ~ '^regress_drift'
GROUP BY table_name, column_name, method
ORDER BY table_name COLLATE "C", column_name COLLATE "C", method;
SELECT table_name, column_name, tag::text[], source FROM pii.columns
WHERE table_schema = 'regress_drift' ORDER BY table_name COLLATE "C", attnum;
SELECT count(*) AS exposures_that_closed FROM pii.exposure_seen WHERE closed_at IS NOT NULL;
-- kept for ever
SET pii.retention = '';
UPDATE pii.scan_result SET scanned_at = scanned_at - interval '200 years';
SELECT count(*) AS results FROM pii.scan_result \gset
CALL pii.scan('{regress_drift_other}');
SELECT count(*) - :results AS gone FROM pii.scan_result;
RESET pii.retention;

-- bad input
\set SHOW_CONTEXT never
SET pii.retention = 'a while';
SET pii.retention = '-1 day';
SET pii.retention = '90 d';
SHOW pii.retention;
RESET pii.retention;
SELECT * FROM pii.drift(0);
SELECT * FROM pii.drift('some day');
SELECT * FROM pii.drift(NULL::timestamptz);

SET client_min_messages = warning;
DELETE FROM pii.scan_run;
DELETE FROM pii.exposure_seen;
DELETE FROM pii.violation_seen;
DROP SCHEMA regress_drift, regress_drift_other CASCADE;
DROP ROLE regress_drift_reader, regress_drift_outsider;
