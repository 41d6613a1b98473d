-- pii.inspect: every type, every kind of relation, every reason not to know
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;
CREATE EXTENSION IF NOT EXISTS citext;
RESET client_min_messages;
CREATE SCHEMA regress_inspect;
SET search_path = regress_inspect, public;

-- columns of every sort
CREATE TYPE mood AS ENUM ('a@pg-pii.org', 'fine');
CREATE TYPE pair AS (a text, b text);
CREATE DOMAIN contact AS citext;
CREATE TABLE person (
	id bigint, email text, c2 varchar(40), c3 contact, telefono text, number bigint, note text,
	doc jsonb, tags text[], verified boolean, born date, blob bytea, key uuid, m mood, p pair, e text, secret text);
INSERT INTO person
SELECT i, 'u' || i || '@pg-pii.org', 'V' || i || '@PG-PII.ORG', 'w' || i || '@pg-pii.org',
	'+44 20 8366 ' || 1000 + i, (ARRAY[4158580000, 2129250000, 3038610000, 6178680000, 9178320000])[1 + i % 5] + i * 7919 % 1000000,
	CASE WHEN i % 100 = 0 THEN 'call +44 20 8366 1177' ELSE 'nothing of note ' || i END,
	jsonb_build_object('id', i, 'contact', jsonb_build_object('mail', 'x' || i || '@pg-pii.org'), 'phones', jsonb_build_array('+442083661177', '+442083661178')),
	ARRAY['y' || i || '@pg-pii.org', 'z' || i || '@pg-pii.org'], true, '2019-05-20', '\x00', md5(i::text)::uuid, 'fine', ('u@pg-pii.org', '')::pair, NULL,
	encode(sha256(i::text::bytea), 'hex')
FROM generate_series(1, 500) i;
SELECT column_name, path, data_type, tag, verdict, method_used, rows_total, rows_read, nulls
FROM pii.inspect('person');
SELECT column_name, path, jsonb_pretty(findings) AS findings FROM pii.inspect('person') WHERE column_name = 'note';
SELECT column_name, path, array_to_string(reasons, E'\n') AS reasons FROM pii.inspect('person');

-- by name alone no value is read
SELECT column_name, tag, verdict, method_used, rows_read FROM pii.inspect('person', 'name') WHERE verdict = 'pii';

-- ... but all that the catalog tells of it
CREATE DOMAIN mail_address AS text;
CREATE TABLE described (d mail_address, c text CHECK (c ~ '^[^@]+@[^@]+$'), k text, k2 text, n text CHECK (length(n) > 3));
COMMENT ON COLUMN described.k IS 'e-mail address of the customer';
COMMENT ON COLUMN described.k2 IS 'whether the phone is verified';
SELECT column_name, tag::text[], verdict FROM pii.inspect('described', 'name');

-- a sample is the same sample every time, and smaller than the table
CREATE TABLE large AS SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'u' || i || '@pg-pii.org' END AS v, repeat('x', 200) AS filler
FROM generate_series(1, 30000) i;
ANALYZE large;
SELECT method_used, rows_total, rows_read BETWEEN 500 AND 4000 AS sampled, tag, verdict, (findings #>> '{email,share}')::real
FROM pii.inspect('large', 'sample', 1000) WHERE column_name = 'v';
SELECT a.rows_read = b.rows_read AND a.findings = b.findings AS same
FROM pii.inspect('large', 'sample', 1000) a JOIN pii.inspect('large', 'sample', 1000) b USING (column_name) WHERE column_name = 'v';
-- blocks from all over the table, in number what was asked for, all for 100
SELECT p AS percent, count(l.id) BETWEEN 30000 * p / 100 * 0.9 AND 30000 * p / 100 * 1.1 AS rows, min(l.id) < 60 * 100 / p AS from_the_start, max(l.id) > 30000 - 60 * 100 / p AS to_the_end
FROM unnest('{1,10,50,100}'::float8[]) AS p, LATERAL (SELECT id FROM large TABLESAMPLE pii.blocks (p) REPEATABLE (1)) AS l GROUP BY p ORDER BY p;
SELECT count(*) > 0 AS at_least_a_block FROM large TABLESAMPLE pii.blocks (0.0001);
SELECT count(*) FROM (SELECT id FROM large TABLESAMPLE pii.blocks (10) REPEATABLE (1) EXCEPT SELECT id FROM large TABLESAMPLE pii.blocks (10) REPEATABLE (1)) AS differing;
SELECT count(*) FROM large TABLESAMPLE pii.blocks (101);
SELECT count(*) FROM large TABLESAMPLE pii.blocks ('NaN');
SELECT method_used, rows_read, nulls FROM pii.inspect('large', 'full') WHERE column_name = 'v';

-- statistics: values that ANALYZE has kept, the table itself untouched
SELECT column_name, tag::text[], verdict, rows_total, rows_read > 50 AS read, nulls, reasons[cardinality(reasons)] AS last_reason
FROM pii.inspect('large', 'statistics');
BEGIN;
LOCK TABLE large IN ACCESS EXCLUSIVE MODE;
SELECT relation::regclass, mode FROM pg_locks, LATERAL (SELECT count(*) FROM pii.inspect('large', 'statistics')) s
WHERE pid = pg_backend_pid() AND relation = 'large'::regclass ORDER BY mode;
ROLLBACK;
-- auto reads no more of what they settle
SELECT column_name, tag::text[], verdict, method_used, rows_read BETWEEN 500 AND 4000 AS sampled
FROM pii.inspect('large', 'auto', 1000);

-- types that are read in other ways
CREATE EXTENSION hstore;
CREATE TYPE address AS (street text, mail text);
CREATE TABLE other_types (h hstore, c address, s tsvector, deep person[], m mood);
INSERT INTO other_types
SELECT hstore(ARRAY['mail', 'n'], ARRAY['h' || i || '@pg-pii.org', i::text]), ('Way ' || i, 'c' || i || '@pg-pii.org')::address,
	to_tsvector('simple', 'write to s' || i || '@pg-pii.org'), NULL, 'fine'
FROM generate_series(1, 200) i;
SELECT column_name, path, tag::text[], verdict, array_to_string(reasons, E'\n') AS reasons FROM pii.inspect('other_types');
ANALYZE other_types;
SELECT column_name, tag::text[], verdict FROM pii.inspect('other_types', 'statistics');

-- one address in many rows is mixed, not averaged away, nor the purpose
UPDATE large SET v = NULL;
UPDATE large SET v = 'see a@pg-pii.org' WHERE id = 777;
SELECT tag::text[], verdict, findings #>> '{email,matched}' AS matched FROM pii.inspect('large', 'full') WHERE column_name = 'v';

-- odd names
CREATE TABLE "we;ird ""t" ("%s" text, "a"" b; DROP TABLE person; --" text, "E-Mail" text);
INSERT INTO "we;ird ""t" SELECT 'a@pg-pii.org', 'x', 'b@pg-pii.org' FROM generate_series(1, 20);
SELECT column_name, tag::text[], verdict FROM pii.inspect('"we;ird ""t"');

-- empty tables, no columns, dropped columns
CREATE TABLE empty (email text, x text);
SELECT column_name, tag, verdict, rows_read, reasons FROM pii.inspect('empty');
CREATE TABLE no_columns ();
SELECT count(*) FROM pii.inspect('no_columns');
ALTER TABLE person DROP COLUMN c2;
SELECT count(*) AS c2 FROM pii.inspect('person', 'full') WHERE column_name ~ 'c2|dropped';

-- partitions are read through their root, inheritance children are not
CREATE TABLE event (at date, who text) PARTITION BY RANGE (at);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2019-01-01') TO ('2020-01-01');
CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
INSERT INTO event SELECT '2019-06-01'::date + i, 'p' || i || '@pg-pii.org' FROM generate_series(1, 400) i;
SELECT column_name, tag::text[], verdict, rows_read FROM pii.inspect('event') WHERE column_name = 'who';
-- a partition that differs is named
CREATE TABLE event_3 PARTITION OF event FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
INSERT INTO event SELECT '2021-01-01'::date + i, '+44 20 8366 ' || 1000 + i FROM generate_series(1, 100) i;
SELECT column_name, tag::text[], verdict, rows_read, array_to_string(reasons, E'\n') AS reasons FROM pii.inspect('event') WHERE column_name = 'who';
CREATE TABLE nothing_yet (at date, who text) PARTITION BY RANGE (at);
SELECT column_name, verdict, rows_read FROM pii.inspect('nothing_yet');
CREATE TABLE child () INHERITS (empty);
INSERT INTO child VALUES ('c@pg-pii.org', '');
SELECT column_name, verdict FROM pii.inspect('empty');

-- materialized views are tables; views and the rest are not
CREATE MATERIALIZED VIEW copy AS SELECT email FROM person;
SELECT column_name, tag::text[], verdict, rows_read FROM pii.inspect('copy');
CREATE VIEW looking AS SELECT email FROM person;
SELECT column_name, tag::text[], verdict FROM pii.inspect('looking', 'name');
\set SHOW_CONTEXT never
SELECT * FROM pii.inspect('looking');
CREATE SEQUENCE counter;
SELECT * FROM pii.inspect('counter');
CREATE INDEX person_email_idx ON person (email);
SELECT * FROM pii.inspect('person_email_idx');

-- bad input
SELECT * FROM pii.inspect('no_such_table');
SELECT * FROM pii.inspect(NULL);
SELECT * FROM pii.inspect('person', 'guess');
SELECT * FROM pii.inspect('person', NULL);
SELECT * FROM pii.inspect('person', 'sample', 0);
SELECT * FROM pii.inspect(0);
SELECT * FROM pii.read_evidence('person', 0);
SELECT * FROM pii.read_evidence('person', 'NaN');

-- row security that hides rows, and missing privileges: unknown, with why
CREATE ROLE regress_pii_reader;
GRANT USAGE ON SCHEMA regress_inspect TO regress_pii_reader;
GRANT SELECT (id, email) ON person TO regress_pii_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pii TO regress_pii_reader;
CREATE TABLE guarded (email text);
INSERT INTO guarded SELECT 'g' || i || '@pg-pii.org' FROM generate_series(1, 20) i;
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON guarded TO regress_pii_reader;
ANALYZE guarded;
SET ROLE regress_pii_reader;
SELECT column_name, tag::text[], verdict, rows_read, reasons FROM pii.inspect('person') WHERE column_name IN ('id', 'email', 'note');
SELECT column_name, tag::text[], verdict, reasons, error FROM pii.inspect('guarded');
SELECT column_name, tag::text[], verdict, error FROM pii.inspect('guarded', 'statistics');
SELECT column_name, tag::text[], verdict, reasons, error FROM pii.inspect('empty');
RESET ROLE;
SELECT column_name, tag::text[], verdict FROM pii.inspect('guarded');
SELECT column_name, tag::text[], verdict FROM pii.inspect('guarded', 'statistics');

-- a json document, path by path
SELECT * FROM pii.json_leaves('{"a": {"b c": [1, "x", {"d": null}]}, "jo@pg-pii.org": true, "e": false, "": "y"}');
SELECT * FROM pii.json_leaves('"scalar"');
SELECT * FROM pii.json_leaves('[]');
SELECT * FROM pii.json_leaves(NULL);

SET client_min_messages = warning;
DROP SCHEMA regress_inspect CASCADE;
DROP OWNED BY regress_pii_reader;
DROP ROLE regress_pii_reader;
