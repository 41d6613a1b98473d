-- labels: tags declared by people
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;
RESET client_min_messages;
CREATE SCHEMA regress_label;
SET search_path = regress_label, public;
CREATE TABLE person (id int, email text, phone text, note text);
CREATE VIEW looking AS SELECT email FROM person;
INSERT INTO person SELECT i, 'u' || i || '@pg-pii.org', '+44 20 8366 ' || 1000 + i, 'call +44 20 8366 1177' FROM generate_series(1, 50) i;
SELECT pii.load();

-- what is a label
SECURITY LABEL FOR pii ON COLUMN person.email IS 'email';
SECURITY LABEL FOR pii ON COLUMN person.phone IS 'email:0.5, phone; waived until 2027-01-31: billing export, TICKET-9';
SECURITY LABEL FOR pii ON COLUMN person.note IS 'none';
SECURITY LABEL FOR pii ON COLUMN looking.email IS 'v1: email';
SELECT table_name, column_name, label, tag, waived_until, reason FROM pii.labels WHERE table_schema = 'regress_label' ORDER BY table_name COLLATE "C", attnum;

-- it beats every scan
CALL pii.scan('{regress_label}');
SELECT column_name, tag, verdict, confidence, source, evidence, waived_until FROM pii.columns WHERE table_name = 'person' ORDER BY attnum;

-- and goes with its column: rename, type, drop
DROP VIEW looking;
ALTER TABLE person RENAME COLUMN email TO contact;
ALTER TABLE person ALTER COLUMN contact TYPE varchar(100);
ALTER TABLE person DROP COLUMN note;
SELECT column_name, source FROM pii.columns WHERE table_name = 'person' ORDER BY attnum;
SECURITY LABEL FOR pii ON COLUMN person.phone IS NULL;
SELECT column_name, source FROM pii.columns WHERE table_name = 'person' ORDER BY attnum;

-- a partition takes its parent's, unless it has its own
CREATE TABLE event (k int, who text) PARTITION BY LIST (k);
CREATE TABLE event_1 PARTITION OF event FOR VALUES IN (1) PARTITION BY LIST (k);
CREATE TABLE event_1_1 PARTITION OF event_1 DEFAULT;
CREATE TABLE event_2 (who text, k int);
ALTER TABLE event ATTACH PARTITION event_2 FOR VALUES IN (2);
SELECT pii.label('event', 'who', 'phone');
SELECT pii.label('event_1', 'who', 'none');
SELECT table_name, tag, source FROM pii.columns WHERE column_name = 'who' ORDER BY table_name COLLATE "C";

-- a kind that nothing looks for may be of another release, or a slip
SECURITY LABEL FOR pii ON COLUMN person.phone IS 'fone';
SECURITY LABEL FOR pii ON COLUMN person.phone IS NULL;

-- what is not
SECURITY LABEL FOR pii ON TABLE person IS 'email';
SECURITY LABEL FOR pii ON SCHEMA regress_label IS 'email';
SECURITY LABEL FOR pii ON COLUMN person.phone IS '';
SECURITY LABEL FOR pii ON COLUMN person.phone IS 'Phone';
SECURITY LABEL FOR pii ON COLUMN person.phone IS 'phone;';
SECURITY LABEL FOR pii ON COLUMN person.phone IS 'phone; waived';
SECURITY LABEL FOR pii ON COLUMN person.phone IS 'phone; waived until tomorrow: no';
SECURITY LABEL FOR pii ON COLUMN person.phone IS 'phone; waived until 2027-02-29: no such day';
SECURITY LABEL FOR pii ON COLUMN person.phone IS 'phone; waived until 2027-01-31';
SECURITY LABEL FOR pii ON COLUMN person.phone IS 'phone; waived until 2027-01-31: ';
SECURITY LABEL FOR pii ON COLUMN person.phone IS 'none; waived until 2027-01-31: nothing to waive';
SECURITY LABEL FOR pii ON COLUMN person.phone IS 'v2: phone';
\set VERBOSITY terse
SECURITY LABEL FOR pii ON COLUMN person.phone IS E'phone; waived until 2027-01-31: two\nlines';
DO $$ BEGIN EXECUTE format('SECURITY LABEL FOR pii ON COLUMN regress_label.person.phone IS %L', 'phone; waived until 2027-01-31: ' || repeat('x', 1000)); EXCEPTION WHEN invalid_parameter_value THEN RAISE NOTICE 'too long'; END $$;
SELECT pii.label('person', 'no_such_column', 'email');
SELECT pii.label('person', NULL, 'email');
SELECT pii.parse_label('nonsense here'), pii.parse_label(NULL);

-- who may: the owner, and to lower a tag the officer, if there is one
CREATE ROLE regress_pii_owner;
CREATE ROLE regress_pii_officer;
GRANT USAGE ON SCHEMA regress_label TO regress_pii_owner;
CREATE TABLE owned (email text);
ALTER TABLE owned OWNER TO regress_pii_owner;
SET ROLE regress_pii_owner;
SELECT pii.label('person', 'phone', 'phone');
SELECT pii.label('owned', 'email', 'none');
RESET ROLE;
SET pii.officer_role = 'regress_pii_officer';
SET ROLE regress_pii_owner;
SET pii.officer_role = '';
SELECT pii.label('owned', 'email', 'email');
SELECT pii.label('owned', 'email', 'none');
SELECT pii.label('owned', 'email', 'email; waived until 2027-01-31: because');
SELECT pii.label('owned', 'email', 'phone');
SELECT pii.label('owned', 'email', 'phone,email');
SELECT pii.label('owned', 'email', NULL);
RESET ROLE;
GRANT regress_pii_officer TO regress_pii_owner;
SET ROLE regress_pii_owner;
SELECT pii.label('owned', 'email', 'none');
RESET ROLE;
RESET pii.officer_role;

-- before DROP EXTENSION
SELECT pii.drop_all_labels() AS dropped;
SELECT count(*) FROM pg_seclabel WHERE provider = 'pii';

SET client_min_messages = warning;
DELETE FROM pii.scan_run;
DROP SCHEMA regress_label CASCADE;
DROP ROLE regress_pii_owner, regress_pii_officer;
