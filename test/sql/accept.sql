-- accept: what scans found becomes what people declare
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;
RESET client_min_messages;
CREATE SCHEMA regress_accept;
SET search_path = regress_accept, public;
CREATE TABLE person (id int, email text, tel text, note text, both_of text);
INSERT INTO person
SELECT i, 'u' || i || '@pg-pii.org', '+44 20 8366 ' || 1000 + i,
	CASE WHEN i % 20 = 0 THEN 'call +44 20 8366 1177' ELSE 'nothing to add' END,
	CASE WHEN i % 2 = 0 THEN '+44 20 8366 1177' ELSE 'u' || i || '@pg-pii.org' END
FROM generate_series(1, 100) AS i;
CREATE TABLE "we;ird ""t" ("%s"" e-mail" text);
INSERT INTO "we;ird ""t" SELECT 'u' || i || '@pg-pii.org' FROM generate_series(1, 100) AS i;
CREATE TABLE never_scanned (email text);
CREATE VIEW looking AS SELECT email FROM person;
CALL pii.scan('{regress_accept}', tables => '{person,"\"we;ird \"\"t\""}');

-- what it would do, and that it does nothing else
SELECT table_name, column_name, verdict, label, statement, done, note
FROM pii.accept('{regress_accept}');
SELECT count(*) FROM pii.labels WHERE table_schema = 'regress_accept';

-- a confidence that one kind of a column does not reach is kept
SELECT column_name, verdict, label FROM pii.accept(tables => '{person}', verdicts => '{mixed}', min_confidence => 0.5);
SELECT pii.label_for('email:0.99,phone:0.5', 0.9), pii.label_for('email:0.9', 0.9), pii.label_for('none', 0.9);
SELECT count(*) AS all_of_them FROM pii.accept('{regress_accept}', min_confidence => NULL, verdicts => NULL);
SELECT count(*) AS other_schema FROM pii.accept('{public}') WHERE table_schema = 'regress_accept';

-- a list, whatever the confidence and the verdict
SELECT column_name, verdict, current_label, label, done, note
FROM pii.accept(columns => '{regress_accept.person.note,regress_accept.person.id,"regress_accept.\"we;ird \"\"t\".\"%s\"\" e-mail\""}', dry_run => false);
SELECT table_name, column_name, label FROM pii.labels WHERE table_schema = 'regress_accept' ORDER BY table_name COLLATE "C";

-- all; a column that has a label keeps it
SELECT pii.label('person', 'tel', 'none');
SELECT pii.label('person', 'email', 'email; waived until 2030-12-31: newsletter');
SELECT table_name, column_name, current_label, label, done, note
FROM pii.accept('{regress_accept}', verdicts => NULL, dry_run => false);
SELECT table_name, column_name, current_label, label, done, note
FROM pii.accept('{regress_accept}', verdicts => NULL, dry_run => false);

-- a statement shown is the one that does it
SELECT pii.label('"we;ird ""t"', '%s" e-mail', NULL);
SELECT statement FROM pii.accept('{regress_accept}') WHERE table_name <> 'person' AND column_name LIKE '\%%' \gset
:statement
SELECT column_name, label FROM pii.labels WHERE table_name = 'we;ird "t';

-- what the scan said may no longer hold
ALTER TABLE person ALTER COLUMN note TYPE varchar(100);
SELECT pii.label('person', 'note', NULL);
SELECT label, done, note FROM pii.accept(columns => '{regress_accept.person.note}');

-- partitions take the label of their root, but may be named
CREATE TABLE event (k int, email text) PARTITION BY LIST (k);
CREATE TABLE event_1 PARTITION OF event FOR VALUES IN (1);
INSERT INTO event SELECT 1, 'u' || i || '@pg-pii.org' FROM generate_series(1, 100) AS i;
CALL pii.scan(tables => '{event}');
SELECT table_name, column_name, label, done FROM pii.accept('{regress_accept}', dry_run => false) WHERE table_name LIKE 'event%';
SELECT table_name, current_label, label, done, note FROM pii.accept(tables => '{event_1}');

-- who may
CREATE ROLE regress_pii_owner;
CREATE ROLE regress_pii_other;
GRANT USAGE ON SCHEMA regress_accept TO regress_pii_owner, regress_pii_other;
GRANT SELECT ON ALL TABLES IN SCHEMA pii TO regress_pii_owner, regress_pii_other;
CREATE TABLE owned (email text);
ALTER TABLE owned OWNER TO regress_pii_owner;
SET ROLE regress_pii_other;
SELECT * FROM pii.accept();
RESET ROLE;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pii TO regress_pii_owner, regress_pii_other;
SELECT pii.label('person', 'email', NULL);
SET ROLE regress_pii_owner;
SELECT table_name, label, done, note FROM pii.accept(columns => '{regress_accept.owned.email,regress_accept.person.email}', dry_run => false);
RESET ROLE;
-- the owner, once the schema is closed
SELECT pii.label('owned', 'email', NULL);
REVOKE USAGE ON SCHEMA regress_accept FROM regress_pii_owner;
SET ROLE regress_pii_owner;
SELECT table_name, label, done, note FROM pii.accept(columns => '{regress_accept.owned.email}', dry_run => false);
RESET ROLE;

-- what it cannot serve
\set VERBOSITY terse
SELECT * FROM pii.accept('{no_such_schema}');
SELECT * FROM pii.accept('{NULL}');
SELECT * FROM pii.accept(tables => '{looking}');
SELECT * FROM pii.accept(tables => '{pg_class}');
SELECT * FROM pii.accept(tables => '{1}');
SELECT * FROM pii.accept(tables => '{NULL}');
SELECT * FROM pii.accept(columns => '{email}');
SELECT * FROM pii.accept(columns => '{a.b.c.d}');
SELECT * FROM pii.accept(columns => '{regress_accept.person.}');
SELECT * FROM pii.accept(columns => '{regress_accept.person.no_such_column}');
SELECT * FROM pii.accept(columns => '{regress_accept.person.ctid}');
SELECT * FROM pii.accept(columns => '{regress_accept.looking.email}');
SELECT * FROM pii.accept(columns => '{NULL}');
SELECT * FROM pii.accept(columns => '{}');
SELECT * FROM pii.accept(min_confidence => 1.5);
SELECT * FROM pii.accept(min_confidence => 'NaN');
SELECT * FROM pii.accept(verdicts => '{clean}');
SELECT * FROM pii.accept(verdicts => '{NULL}');
SELECT * FROM pii.accept(dry_run => NULL);
BEGIN READ ONLY;
SELECT count(*) > 0 AS shows FROM pii.accept('{regress_accept}', verdicts => NULL);
SELECT * FROM pii.accept('{regress_accept}', columns => '{regress_accept.person.email}', dry_run => false);
ROLLBACK;

-- a column that has gone, or has given its name away, since it was looked at
SELECT pii.accept_finding('owned'::regclass, 1::smallint, 'regress_accept', 'owned', 'gone', 'email');
SELECT pii.accept_finding('owned'::regclass, 1::smallint, 'regress_accept', 'gone', 'email', 'email');
SELECT pii.accept_finding('owned'::regclass, 2::smallint, 'regress_accept', 'owned', 'email', 'email');
SELECT pii.accept_finding('person'::regclass, 1::smallint, 'regress_accept', 'owned', 'email', 'email');
SELECT pii.accept_finding('person'::regclass, 5::smallint, 'regress_accept', 'person', 'both_of', 'email');
SELECT table_name, column_name, label FROM pii.labels WHERE table_name IN ('owned', 'person') ORDER BY table_name COLLATE "C", attnum;

SET client_min_messages = warning;
SELECT pii.drop_all_labels() > 0 AS dropped;
DELETE FROM pii.scan_run;
REVOKE ALL ON ALL TABLES IN SCHEMA pii FROM regress_pii_owner, regress_pii_other;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA pii FROM regress_pii_owner, regress_pii_other;
DROP SCHEMA regress_accept CASCADE;
DROP ROLE regress_pii_owner, regress_pii_other;
