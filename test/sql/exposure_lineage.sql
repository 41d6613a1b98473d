-- What views show of tagged columns, and who can read it there.
-- test/t/exposure.pl compares with what the server really does.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;

CREATE ROLE regress_pii_owner;
CREATE ROLE regress_pii_reporter LOGIN;
CREATE ROLE regress_pii_alice LOGIN;
CREATE ROLE regress_pii_bob LOGIN NOINHERIT;
CREATE SCHEMA regress_pii_shop;
CREATE SCHEMA regress_pii_report;
GRANT USAGE ON SCHEMA regress_pii_report TO PUBLIC;
CREATE TABLE regress_pii_shop.customer (id integer, email text, phone text, note text, gone text);
CREATE TABLE regress_pii_shop.orders (id integer, customer_id integer, contact_email text);
ALTER TABLE regress_pii_shop.customer DROP COLUMN gone;
ALTER TABLE regress_pii_shop.customer OWNER TO regress_pii_owner;
ALTER TABLE regress_pii_shop.orders OWNER TO regress_pii_owner;
SET search_path = regress_pii_report, regress_pii_shop;

CREATE FUNCTION pg_temp.lineage(view regclass)
RETURNS TABLE (shown name, source text, derived boolean, note text)
LANGUAGE sql AS $$
	SELECT v.attname, l.source || '.' || s.attname, l.derived, l.note
	FROM pii.view_lineage(view) l
	JOIN pg_attribute v ON v.attrelid = view AND v.attnum = l.attnum
	JOIN pg_attribute s ON s.attrelid = l.source AND s.attnum = l.source_attnum
	ORDER BY l.attnum, l.source::text COLLATE "C", l.source_attnum
$$;

-- every way to name a column
CREATE VIEW plain AS SELECT * FROM customer;
SELECT * FROM pg_temp.lineage('plain');
CREATE VIEW cast_only AS
SELECT email::varchar(20) AS a, email::name AS b, email COLLATE "C" AS c FROM customer;
SELECT * FROM pg_temp.lineage('cast_only');
CREATE VIEW nested AS
SELECT s.mail, t.n
FROM (SELECT c.email AS mail, c.id FROM (SELECT * FROM customer) c) s
CROSS JOIN LATERAL (SELECT o.contact_email || s.mail AS n FROM orders o WHERE o.customer_id = s.id) t;
SELECT * FROM pg_temp.lineage('nested');
CREATE VIEW joined AS
SELECT email, x.phone, y.note, z.value, w.word
FROM customer x
FULL JOIN customer y USING (email)
CROSS JOIN LATERAL (VALUES (x.phone), (y.note)) z (value)
CROSS JOIN LATERAL regexp_split_to_table(y.note, ' ') WITH ORDINALITY w (word, number);
SELECT * FROM pg_temp.lineage('joined');
CREATE VIEW combined AS
SELECT email AS value, 1 AS number FROM customer
UNION ALL
(SELECT phone, 2 FROM customer INTERSECT SELECT contact_email, 3 FROM orders)
EXCEPT
SELECT note, 4 FROM customer;
SELECT * FROM pg_temp.lineage('combined');
CREATE VIEW with_queries AS
WITH a AS (SELECT email AS value FROM customer),
	b AS (WITH a AS (SELECT phone AS value FROM customer) SELECT a.value FROM a),
	unused AS (SELECT note FROM customer)
SELECT a.value AS outer_a, b.value AS inner_a,
	(SELECT c.note FROM customer c WHERE c.email = a.value LIMIT 1) AS one,
	ARRAY(SELECT d.phone FROM customer d) AS several,
	EXISTS (SELECT d.phone FROM customer d) AS any_row,
	a.value IN (SELECT contact_email FROM orders) AS is_known
FROM a, b;
SELECT * FROM pg_temp.lineage('with_queries');
-- the last column to get a source gets it from the first: one round is too few
CREATE VIEW recursive_columns AS
WITH RECURSIVE r (a, b, c) AS (
	SELECT 'x'::text, 'x'::text, email FROM customer
	UNION
	SELECT b || c, a, c FROM r WHERE a <> b
) CYCLE b SET is_cycle USING way
SELECT a, b, c, is_cycle, way::text FROM r;
SELECT * FROM pg_temp.lineage('recursive_columns');
CREATE VIEW whole_row AS SELECT c FROM customer c;
SELECT * FROM pg_temp.lineage('whole_row');
-- a row is all columns that the table has by now
ALTER TABLE customer ADD COLUMN mobile text;
SELECT count(*) FROM pg_temp.lineage('whole_row');
ALTER TABLE customer DROP COLUMN mobile;
CREATE VIEW grouped AS
SELECT email, upper(phone) AS phone, count(*), grouping(email) AS total
FROM customer
GROUP BY ROLLUP (email, upper(phone));
SELECT * FROM pg_temp.lineage('grouped');

-- what is left of the value
CREATE FUNCTION md5(text, integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE VIEW made_of AS
SELECT lower(email) AS lowered,
	md5(email) AS hashed,
	regress_pii_report.md5(email, 1) AS not_hashed,
	encode(sha256(convert_to(email, 'UTF8')), 'hex') AS hashed_within,
	pii.redact(email) AS redacted,
	length(email) AS characters,
	email IS NOT NULL AS is_set,
	email LIKE '%@example.com' AS is_example,
	CASE WHEN phone IS NULL THEN email ELSE '-' END AS either,
	CASE email WHEN 'a' THEN 1 ELSE 2 END AS compared,
	coalesce(md5(email), email) AS at_most,
	count(email) OVER () AS counted,
	lag(email) OVER (ORDER BY id) AS before,
	42 AS constant
FROM customer;
SELECT * FROM pg_temp.lineage('made_of');
CREATE VIEW aggregated AS
SELECT count(email), max(email), string_agg(phone, ',' ORDER BY email), bool_or(note IS NULL),
	max(id) FILTER (WHERE note = 'x') AS filtered
FROM customer;
SELECT * FROM pg_temp.lineage('aggregated');

-- nothing for what is no view
SELECT count(*) FROM pii.view_lineage('customer');
SELECT count(*) FROM pii.view_lineage(0);
SELECT count(*) FROM pii.view_lineage(NULL);
SELECT count(*) FROM pii.view_reads('customer');

-- what it takes to read one
SELECT relation, attname
FROM pii.view_reads('with_queries') r
LEFT JOIN pg_attribute a ON a.attrelid = r.relation AND a.attnum = r.attnum
ORDER BY 1, 2;
CREATE VIEW counted AS SELECT count(*) FROM customer;
SELECT * FROM pii.view_reads('counted');

-- a subquery in a column that nobody asks for takes nothing, unless its CTE is
-- made whole
CREATE VIEW inlined AS
WITH c AS (SELECT id, (SELECT max(email) FROM customer) AS most FROM orders) SELECT id FROM c;
CREATE VIEW kept_apart AS
WITH c AS MATERIALIZED (SELECT id, (SELECT max(email) FROM customer) AS most FROM orders) SELECT id FROM c;
CREATE VIEW asked_twice AS
WITH c AS (SELECT id, (SELECT max(email) FROM customer) AS most FROM orders) SELECT a.id FROM c a JOIN c b USING (id);
SELECT v, array_agg(DISTINCT r.relation ORDER BY r.relation) AS reads
FROM unnest('{inlined,kept_apart,asked_twice}'::regclass[]) v
CROSS JOIN LATERAL pii.view_reads(v) r
GROUP BY v
ORDER BY v;
CREATE ROLE regress_pii_weak;
GRANT USAGE ON SCHEMA regress_pii_shop, regress_pii_report TO regress_pii_weak;
GRANT SELECT ON orders, inlined, kept_apart, asked_twice TO regress_pii_weak;
ALTER VIEW inlined SET (security_invoker);
ALTER VIEW kept_apart SET (security_invoker);
ALTER VIEW asked_twice SET (security_invoker);
SET ROLE regress_pii_weak;
SELECT count(*) FROM inlined;
SELECT count(*) FROM kept_apart;
SELECT count(*) FROM asked_twice;
RESET ROLE;
DROP OWNED BY regress_pii_weak;
DROP ROLE regress_pii_weak;
DROP VIEW inlined, kept_apart, asked_twice;

-- through any number of views
CREATE MATERIALIZED VIEW copy AS SELECT mail, lower(n) AS n FROM nested;
CREATE VIEW upon_copy AS SELECT md5(mail) AS hash, n FROM copy;
SELECT l.view::regclass, v.attname, a.attname AS source, l.derived, l.note, l.is_copy
FROM pii.lineage l
JOIN pg_attribute a ON a.attrelid = l.relation AND a.attnum = l.attnum
JOIN pg_attribute v ON v.attrelid = l.view AND v.attnum = l.view_attnum
WHERE l.relation = 'customer'::regclass
	AND l.view IN ('nested'::regclass, 'copy'::regclass, 'upon_copy'::regclass)
ORDER BY l.view::regclass::text COLLATE "C", l.view_attnum;

-- exposure
CALL pii.scan(schemas => '{regress_pii_shop}', method => 'name');
CREATE VIEW pg_temp.exposed AS
SELECT column_name, grantee, path, severity, derived, masked_by, protection, remedy
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop' AND table_name = 'customer'
ORDER BY column_name, grantee, path COLLATE "C";
SELECT count(*) FROM pg_temp.exposed;
GRANT SELECT ON plain TO regress_pii_alice;
GRANT SELECT (hashed, redacted), SELECT (lowered) ON made_of TO regress_pii_alice;
GRANT SELECT ON upon_copy TO PUBLIC;
SELECT column_name, grantee, path, severity, derived, masked_by, remedy FROM pg_temp.exposed;
SELECT * FROM pii.who_can_read('customer', 'email') WHERE role_name IN ('regress_pii_alice', 'regress_pii_bob');
SELECT table_name, column_name, path FROM pii.what_can('regress_pii_alice') WHERE table_schema = 'regress_pii_shop';
REVOKE SELECT ON upon_copy FROM PUBLIC;

-- as its owner the view reads nothing that the owner may not
ALTER VIEW made_of OWNER TO regress_pii_reporter;
SELECT path FROM pg_temp.exposed WHERE path ~ 'made_of';
GRANT SELECT ON customer TO regress_pii_reporter;
-- and its owner reads by it, not having the schema
SELECT grantee, path, remedy FROM pg_temp.exposed WHERE path ~ 'made_of' AND column_name = 'email';

-- as the one who asks: a path for who may not look into the schema
CREATE VIEW asking WITH (security_invoker = on) AS SELECT email FROM customer;
GRANT SELECT ON asking TO regress_pii_alice;
SELECT path FROM pg_temp.exposed WHERE path ~ 'asking';
GRANT SELECT ON customer TO regress_pii_alice;
SELECT path, remedy FROM pg_temp.exposed WHERE path ~ 'asking';
-- also behind a view that reads as its owner
CREATE VIEW upon_asking AS SELECT * FROM asking;
REVOKE SELECT ON asking FROM regress_pii_alice;
GRANT SELECT ON upon_asking TO regress_pii_alice, regress_pii_bob;
SELECT grantee, path FROM pg_temp.exposed WHERE path ~ 'asking';

-- SET ROLE to who reads by a view
GRANT regress_pii_alice TO regress_pii_bob;
SELECT grantee, path, remedy
FROM (SELECT grantee, path, regexp_replace(remedy, ' GRANTED BY \w+', '') AS remedy FROM pg_temp.exposed) e
WHERE grantee = 'regress_pii_bob'
GROUP BY 1, 2, 3
ORDER BY path COLLATE "C";

-- row security holds for the one as whom the view reads; not for a copy
ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON copy TO regress_pii_alice;
SELECT grantee, path, protection FROM pg_temp.exposed WHERE column_name = 'email' AND path !~ 'set role';
ALTER VIEW plain OWNER TO regress_pii_owner;
SELECT grantee, path, protection FROM pg_temp.exposed WHERE column_name = 'email' AND path ~ 'plain' AND path !~ 'set role';
ALTER TABLE customer DISABLE ROW LEVEL SECURITY;

-- each remedy closes its path
CREATE FUNCTION pg_temp.close(id uuid, remedy text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	gone boolean;
BEGIN
	EXECUTE remedy;
	SELECT count(*) = 0 INTO gone FROM pii.exposure WHERE exposure_id = id;
	RAISE EXCEPTION USING ERRCODE = 'PIIOK', MESSAGE = gone;
EXCEPTION WHEN SQLSTATE 'PIIOK' THEN
	RETURN gone;
END
$$;
SELECT count(*) > 10 AS several, bool_and(pg_temp.close(exposure_id, remedy)) AS all_closed
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop';

RESET search_path;
DROP VIEW pg_temp.exposed;
DROP SCHEMA regress_pii_shop, regress_pii_report CASCADE;
DROP ROLE regress_pii_owner, regress_pii_reporter, regress_pii_alice, regress_pii_bob;
