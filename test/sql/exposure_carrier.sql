-- Columns that hold the values of a tagged one: generated, inherited,
-- referencing, copied, foreign; and what masks or encrypts a column.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;

CREATE ROLE regress_pii_alice LOGIN;
CREATE ROLE regress_pii_bob LOGIN;
CREATE SCHEMA regress_pii_shop;
GRANT USAGE ON SCHEMA regress_pii_shop TO PUBLIC;
SET search_path = regress_pii_shop;

CREATE VIEW pg_temp.exposed AS
SELECT table_name, column_name, grantee, path, severity, derived, masked_by
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop'
ORDER BY table_name, column_name, grantee, path COLLATE "C";
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
CREATE VIEW pg_temp.closed AS
SELECT count(*) > 0 AS some, bool_and(pg_temp.close(exposure_id, remedy)) AS all_closed
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop';

-- generated columns: what is made of a tagged column, unless it shows nothing
CREATE TABLE person (
	id integer PRIMARY KEY,
	email text,
	k1 text GENERATED ALWAYS AS (lower(email)) STORED,
	k2 text GENERATED ALWAYS AS (md5(email)) STORED,
	k3 text GENERATED ALWAYS AS (email) STORED,
	k4 integer GENERATED ALWAYS AS (id + 1) STORED
);
SELECT pii.label('person', 'email', 'email');
SELECT attnum, source, source_attnum, derived, note FROM pii.generated_lineage('person') ORDER BY 1;
SELECT count(*) FROM pii.generated_lineage('pg_class');
GRANT SELECT (k1, k2, k3, k4) ON person TO regress_pii_alice;
SELECT * FROM pg_temp.exposed;
SELECT column_name, verdict, evidence FROM pii.tagged WHERE relation = 'person'::regclass ORDER BY attnum;
CREATE VIEW upon AS SELECT k1 AS a, k2 AS b FROM person;
GRANT SELECT ON upon TO regress_pii_bob;
SELECT * FROM pg_temp.exposed WHERE grantee = 'regress_pii_bob';
SELECT * FROM pg_temp.closed;
-- a person's word stands
SELECT pii.label('person', 'k1', 'none');
SELECT column_name FROM pg_temp.exposed WHERE grantee = 'regress_pii_alice';
DROP TABLE person CASCADE;

-- inheritance: from the parent, and from a child to who reads the parent; not
-- from one child to another
CREATE TABLE parent (id integer, k1 text, k2 text);
CREATE TABLE one () INHERITS (parent);
CREATE TABLE two () INHERITS (parent);
SELECT pii.label('parent', 'k1', 'email'), pii.label('one', 'k2', 'phone');
GRANT SELECT ON one TO regress_pii_alice;
GRANT SELECT ON two TO regress_pii_bob;
GRANT SELECT ON parent TO PUBLIC;
SELECT table_name, column_name, grantee FROM pg_temp.exposed;
SELECT table_name, column_name, evidence FROM pii.tagged WHERE table_schema = 'regress_pii_shop' ORDER BY 1, 2;
SELECT * FROM pg_temp.closed;
DROP TABLE parent CASCADE;

-- partitions, granted apart; and a partition that alone is labelled
CREATE TABLE parent (id integer, k1 text, k2 text) PARTITION BY RANGE (id);
CREATE TABLE one PARTITION OF parent FOR VALUES FROM (0) TO (10);
CREATE TABLE two PARTITION OF parent FOR VALUES FROM (10) TO (20);
SELECT pii.label('parent', 'k1', 'email'), pii.label('one', 'k2', 'phone');
GRANT SELECT ON one TO regress_pii_alice;
GRANT SELECT ON two TO regress_pii_bob;
GRANT SELECT ON parent TO PUBLIC;
SELECT table_name, column_name, grantee FROM pg_temp.exposed;
SELECT * FROM pg_temp.closed;
DROP TABLE parent CASCADE;

-- foreign keys, through one another, and in a circle
CREATE TABLE person (k1 text PRIMARY KEY, k2 text UNIQUE);
CREATE TABLE visit (who text UNIQUE REFERENCES person);
CREATE TABLE bill (who text REFERENCES visit (who));
ALTER TABLE person ADD FOREIGN KEY (k2) REFERENCES person (k2);
SELECT pii.label('person', 'k1', 'email');
GRANT SELECT ON visit, bill TO regress_pii_alice;
SELECT table_name, column_name, grantee, severity FROM pg_temp.exposed;
SELECT table_name, column_name, evidence FROM pii.tagged WHERE table_schema = 'regress_pii_shop' ORDER BY 1, 2;
SELECT * FROM pg_temp.closed;
DROP TABLE person, visit, bill;

-- a copy whose column is tagged itself speaks for itself, and for what is made of it
CREATE TABLE person (id integer, k1 text);
SELECT pii.label('person', 'k1', 'email');
CREATE MATERIALIZED VIEW copy AS SELECT id, k1 AS c1 FROM person;
CREATE VIEW upon AS SELECT c1 FROM copy;
GRANT SELECT ON copy, upon TO regress_pii_alice;
SELECT * FROM pg_temp.exposed;
SELECT pii.label('copy', 'c1', 'email');
SELECT * FROM pg_temp.exposed;
SELECT * FROM pg_temp.closed;
DROP TABLE person CASCADE;

-- publications and functions
CREATE TABLE person (id integer, k1 text, k2 text);
SELECT pii.label('person', 'k1', 'email');
SET client_min_messages = error;
CREATE PUBLICATION regress_pii_all FOR TABLE person (id, k1);
CREATE PUBLICATION regress_pii_none FOR TABLE person (id, k2);
SET client_min_messages = warning;
CREATE FUNCTION body() RETURNS SETOF text SECURITY DEFINER BEGIN ATOMIC SELECT k1 FROM regress_pii_shop.person; END;
CREATE FUNCTION other_column() RETURNS SETOF text SECURITY DEFINER BEGIN ATOMIC SELECT k2 FROM regress_pii_shop.person; END;
CREATE FUNCTION result() RETURNS SETOF person LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN QUERY EXECUTE $q$SELECT * FROM person$q$; END';
CREATE FUNCTION dynamic() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN EXECUTE $q$SELECT k1 FROM person$q$; END';
CREATE FUNCTION invoker() RETURNS SETOF person LANGUAGE sql AS 'SELECT * FROM person';
REVOKE EXECUTE ON FUNCTION body() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION body() TO regress_pii_alice;
SELECT column_name, grantee, path, severity, remedy
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop'
ORDER BY path COLLATE "C";
SELECT column_name, door, name, detail
FROM pii.door
WHERE table_schema = 'regress_pii_shop' OR name ~ 'regress_pii_shop'
ORDER BY name COLLATE "C", column_name;
SELECT * FROM pg_temp.closed;
SELECT string_agg(DISTINCT remedy, ' ') AS remedies FROM pii.door WHERE name ~ 'regress_pii' \gset
BEGIN;
:remedies
SELECT count(*) FROM pii.door WHERE name ~ 'regress_pii';
ROLLBACK;
-- what the owner may not read, the function does not show
CREATE ROLE regress_pii_weak;
ALTER FUNCTION body() OWNER TO regress_pii_weak;
ALTER FUNCTION result() OWNER TO regress_pii_weak;
SELECT path FROM pg_temp.exposed WHERE path ~ 'function';
DROP PUBLICATION regress_pii_all, regress_pii_none;
DROP FUNCTION body(), result(), other_column(), dynamic(), invoker();
DROP ROLE regress_pii_weak;

-- foreign tables: of this database, or of who knows where
CREATE EXTENSION postgres_fdw;
DO $$
BEGIN
	EXECUTE format('CREATE SERVER regress_pii_me FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname %L)', current_database());
END
$$;
CREATE SERVER regress_pii_other FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db.example', dbname 'elsewhere');
CREATE USER MAPPING FOR PUBLIC SERVER regress_pii_me OPTIONS (user 'we;ird "u', password 'never shown');
CREATE USER MAPPING FOR regress_pii_alice SERVER regress_pii_other;
CREATE FOREIGN TABLE back (f1 text OPTIONS (column_name 'k1'), k2 text) SERVER regress_pii_me OPTIONS (table_name 'person');
CREATE FOREIGN TABLE away (email text) SERVER regress_pii_other;
CREATE FOREIGN TABLE unknown (f1 text) SERVER regress_pii_other;
GRANT SELECT ON back TO regress_pii_alice;
SELECT table_name, column_name, evidence FROM pii.tagged WHERE table_schema = 'regress_pii_shop' AND table_name = 'back';
SELECT * FROM pg_temp.exposed WHERE table_name = 'back';
SELECT table_name, column_name, name, detail, remedy FROM pii.door WHERE door = 'foreign table' ORDER BY name COLLATE "C";
SELECT * FROM pg_temp.closed;
-- no superuser is needed to be told
GRANT SELECT ON pii.door TO regress_pii_bob;
SET ROLE regress_pii_bob;
SELECT count(*) FROM pii.door WHERE door = 'foreign table';
RESET ROLE;
REVOKE SELECT ON pii.door FROM regress_pii_bob;
SELECT string_agg(DISTINCT remedy, ' ') AS remedies FROM pii.door WHERE door = 'foreign table' \gset
:remedies
SELECT count(*) FROM pii.door WHERE door = 'foreign table';
DROP EXTENSION postgres_fdw CASCADE;

-- statistics: who has the table but not the schema, and row security
INSERT INTO person SELECT n, 'a' || n % 3 || '@example.com' FROM generate_series(1, 100) n;
CREATE INDEX person_lower ON person (lower(k1));
CREATE STATISTICS person_pair (mcv) ON k1, k2 FROM person;
ANALYZE person;
GRANT SELECT ON person TO regress_pii_alice;
REVOKE USAGE ON SCHEMA regress_pii_shop FROM PUBLIC;
SELECT column_name, door, name, detail, remedy FROM pii.door WHERE table_schema = 'regress_pii_shop' AND detail ~ 'regress_pii' ORDER BY name COLLATE "C";
SET ROLE regress_pii_alice;
SELECT count(*) > 0 AS shown FROM pg_stats WHERE schemaname = 'regress_pii_shop' AND attname = 'k1' AND most_common_vals IS NOT NULL;
RESET ROLE;
SELECT string_agg(DISTINCT remedy, ' ') AS remedies FROM pii.door WHERE door = 'statistics' AND name = 'pg_stats' \gset
BEGIN;
:remedies
SELECT count(*) FROM pii.door WHERE name = 'pg_stats';
ROLLBACK;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
GRANT pg_read_all_data TO regress_pii_bob;
SELECT column_name, name, detail, remedy FROM pii.door WHERE table_schema = 'regress_pii_shop' AND detail ~ 'regress_pii' ORDER BY name COLLATE "C";
SET ROLE regress_pii_bob;
SELECT count(*) FROM person;
SELECT count(*) > 0 AS shown FROM pg_stats WHERE tablename = 'person_lower' AND most_common_vals IS NOT NULL;
RESET ROLE;
SELECT remedy FROM pii.door WHERE table_schema = 'regress_pii_shop' AND detail ~ 'regress_pii' \gset
:remedy
ANALYZE person;
SELECT name FROM pii.door WHERE table_schema = 'regress_pii_shop' AND detail ~ 'regress_pii';
REVOKE pg_read_all_data FROM regress_pii_bob;
GRANT SELECT ON pg_statistic TO regress_pii_bob;
SELECT column_name, name, detail, remedy FROM pii.door WHERE table_schema = 'regress_pii_shop' AND detail ~ 'regress_pii' ORDER BY name COLLATE "C";
REVOKE SELECT ON pg_statistic FROM regress_pii_bob;
SELECT count(*) FROM pii.door WHERE table_schema = 'regress_pii_shop' AND detail ~ 'regress_pii';
ALTER TABLE person DISABLE ROW LEVEL SECURITY;
GRANT USAGE ON SCHEMA regress_pii_shop TO PUBLIC;
DROP TABLE person;

-- protection: encryption, auditing; labels of others need their provider, so
-- their rows are put there by hand
CREATE TABLE person (id integer, k1 bytea, k2 text, k3 text);
SELECT pii.label('person', 'k1', 'email'), pii.label('person', 'k2', 'email'), pii.label('person', 'k3', 'email');
GRANT SELECT ON person TO regress_pii_alice;
CREATE VIEW pg_temp.protected AS
SELECT column_name, grantee, protection, severity, reason
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop'
ORDER BY column_name, grantee;
SELECT column_name, protection, severity FROM pg_temp.protected;
SET allow_system_table_mods = on;
INSERT INTO pg_seclabel VALUES
	('person'::regclass, 'pg_class'::regclass, 3, 'anon', 'MASKED WITH FUNCTION anon.fake_email()'),
	('person'::regclass, 'pg_class'::regclass, 4, 'anon', 'NOT MASKED');
SELECT * FROM pg_temp.protected WHERE column_name <> 'k1';
INSERT INTO pg_shseclabel VALUES ('regress_pii_alice'::regrole, 'pg_authid'::regclass, 'anon', 'MASKED');
SELECT * FROM pg_temp.protected WHERE column_name <> 'k1';
GRANT SELECT ON person TO regress_pii_bob;
SELECT * FROM pg_temp.protected WHERE column_name = 'k2';
DELETE FROM pg_seclabel WHERE provider = 'anon';
DELETE FROM pg_shseclabel WHERE provider = 'anon';
RESET allow_system_table_mods;
CREATE ROLE regress_pii_audit;
GRANT SELECT (k2) ON person TO regress_pii_audit;
SET pgaudit.role = 'regress_pii_audit';
SELECT column_name, grantee, protection, severity FROM pg_temp.protected WHERE column_name <> 'k1';
RESET pgaudit.role;
DROP OWNED BY regress_pii_audit;
DROP ROLE regress_pii_audit;

RESET search_path;
DROP VIEW pg_temp.exposed, pg_temp.closed, pg_temp.protected;
DROP OWNED BY regress_pii_alice, regress_pii_bob;
DROP SCHEMA regress_pii_shop CASCADE;
DROP ROLE regress_pii_alice, regress_pii_bob;
