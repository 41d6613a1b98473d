-- Doors that have several ways, or lie behind a view; and that the remedy of
-- each door closes it.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;

CREATE ROLE regress_pii_alice LOGIN;
CREATE ROLE regress_pii_bob LOGIN;
CREATE ROLE regress_pii_owner;
CREATE SCHEMA regress_pii_shop;
GRANT USAGE ON SCHEMA regress_pii_shop TO PUBLIC;
SET search_path = regress_pii_shop;

CREATE VIEW pg_temp.exposed AS
SELECT table_name, column_name, grantee, path, severity, derived, masked_by, protection
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop'
ORDER BY table_name COLLATE "C", column_name COLLATE "C", grantee, path COLLATE "C";
-- what is left after a remedy, which is then undone: nothing of this exposure
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
CREATE FUNCTION pg_temp.shut(door text, name text, remedy text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	gone boolean;
BEGIN
	EXECUTE remedy;
	SELECT count(*) = 0 INTO gone
	FROM pii.door d
	WHERE (d.door, d.name) = (shut.door, shut.name)
	  AND coalesce(d.table_schema, 'regress_pii_shop') = 'regress_pii_shop';
	RAISE EXCEPTION USING ERRCODE = 'PIIOK', MESSAGE = gone;
EXCEPTION WHEN SQLSTATE 'PIIOK' THEN
	RETURN gone;
END
$$;
CREATE VIEW pg_temp.closed AS
SELECT count(*) AS rows, count(DISTINCT exposure_id) AS exposures,
	   bool_and(pg_temp.close(exposure_id, remedy)) AS all_closed
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop';
CREATE VIEW pg_temp.shut AS
SELECT door, name, count(*) AS columns, bool_and(pg_temp.shut(door, name, remedy)) AS shut
FROM pii.door
WHERE table_schema = 'regress_pii_shop'
   OR name ~ 'regress_pii_shop'
GROUP BY door, name
ORDER BY door, name COLLATE "C";

-- a publication that has a partition in more than one way has it once
CREATE TABLE person (id integer, k1 text) PARTITION BY LIST (id);
CREATE TABLE person_1 PARTITION OF person FOR VALUES IN (1);
SELECT pii.label('person', 'k1', 'email');
SET client_min_messages = error;
CREATE PUBLICATION regress_pii_all FOR ALL TABLES;
CREATE PUBLICATION "regress_pii;both" FOR TABLE person, TABLES IN SCHEMA regress_pii_shop;
CREATE PUBLICATION regress_pii_rows FOR TABLE person WHERE (id = 1), person_1 WHERE (id > 0)
	WITH (publish_via_partition_root);
SET client_min_messages = warning;
SELECT table_name, path, protection FROM pg_temp.exposed;
SELECT table_name, name, detail, remedy FROM pii.door WHERE table_schema = 'regress_pii_shop' ORDER BY 1, 2;
SELECT * FROM pg_temp.closed;
SELECT * FROM pg_temp.shut;
DROP PUBLICATION regress_pii_all, "regress_pii;both", regress_pii_rows;
DROP TABLE person;

-- functions: through views, by arrays and parameters of the type of a row
CREATE TABLE person (id integer, k1 text, k2 text);
SELECT pii.label('person', 'k1', 'email');
CREATE VIEW shows AS SELECT k1 AS a, k2 AS b FROM person;
CREATE VIEW hides AS SELECT md5(a) AS a, b FROM shows;
CREATE MATERIALIZED VIEW copies AS SELECT a FROM shows;
CREATE VIEW asks WITH (security_invoker) AS SELECT a FROM shows;
CREATE FUNCTION f_view() RETURNS text SECURITY DEFINER BEGIN ATOMIC SELECT min(a) FROM regress_pii_shop.shows; END;
CREATE FUNCTION f_view_other() RETURNS text SECURITY DEFINER BEGIN ATOMIC SELECT min(b) FROM regress_pii_shop.shows; END;
CREATE FUNCTION f_view_rows() RETURNS SETOF shows LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN; END';
CREATE FUNCTION f_view_masked() RETURNS text SECURITY DEFINER BEGIN ATOMIC SELECT min(a) FROM regress_pii_shop.hides; END;
CREATE FUNCTION f_copy() RETURNS text SECURITY DEFINER BEGIN ATOMIC SELECT min(a) FROM regress_pii_shop.copies; END;
CREATE FUNCTION f_asks() RETURNS text SECURITY DEFINER BEGIN ATOMIC SELECT min(a) FROM regress_pii_shop.asks; END;
CREATE FUNCTION f_array() RETURNS person[] LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN NULL; END';
CREATE FUNCTION f_out(OUT who person, OUT n integer) LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN n := 1; END';
CREATE FUNCTION f_table() RETURNS TABLE (who person, n integer) LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN; END';
CREATE FUNCTION f_in(who person) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN 1; END';
CREATE FUNCTION f_hides_rows() RETURNS SETOF hides LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN; END';
CREATE TABLE plain (id integer);
CREATE FUNCTION f_other_rows() RETURNS SETOF plain LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN; END';
CREATE FUNCTION called() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE FUNCTION f_calls() RETURNS text SECURITY DEFINER BEGIN ATOMIC SELECT regress_pii_shop.called(); END;
SELECT * FROM pg_temp.exposed;
SELECT column_name, name, detail FROM pii.door WHERE name ~ 'regress_pii_shop' ORDER BY name COLLATE "C";
SELECT * FROM pg_temp.closed;
SELECT * FROM pg_temp.shut;
-- no superuser is needed to be told
GRANT SELECT ON pii.exposure, pii.door TO regress_pii_bob;
SET ROLE regress_pii_bob;
SELECT count(*) FROM pii.exposure WHERE path ~ 'f_view';
SELECT count(*) FROM pii.door WHERE name ~ 'f_view';
RESET ROLE;
REVOKE SELECT ON pii.exposure, pii.door FROM regress_pii_bob;
-- the view reads as its owner, and the function as its own, who needs the view
CREATE ROLE regress_pii_weak;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER FUNCTION f_view() OWNER TO regress_pii_weak;
ALTER FUNCTION f_copy() OWNER TO regress_pii_weak;
ALTER FUNCTION f_asks() OWNER TO regress_pii_weak;
SELECT path FROM pg_temp.exposed WHERE path ~ 'f_(view|copy|asks)\(';
GRANT SELECT ON asks, shows, copies TO regress_pii_weak;
SELECT path, severity, protection FROM pg_temp.exposed WHERE path ~ 'f_(view|copy|asks)\(';
-- a view that asks is not enough where it may not read what lies behind
ALTER VIEW shows SET (security_invoker);
SELECT path FROM pg_temp.exposed WHERE path ~ 'f_(view|copy|asks)\(';
GRANT SELECT ON person TO regress_pii_weak;
SELECT path, severity, protection FROM pg_temp.exposed WHERE path ~ 'f_(view|copy|asks)\(' AND grantee = 'PUBLIC';
-- to the owner of a function it is a door if it has no other
REVOKE SELECT ON shows, asks, copies FROM regress_pii_weak;
ALTER TABLE person DISABLE ROW LEVEL SECURITY;
DROP VIEW shows CASCADE;
CREATE SCHEMA regress_pii_open;
CREATE FUNCTION regress_pii_open.f() RETURNS text SECURITY DEFINER BEGIN ATOMIC SELECT k1 FROM regress_pii_shop.person; END;
ALTER FUNCTION regress_pii_open.f() OWNER TO regress_pii_weak;
REVOKE EXECUTE ON FUNCTION regress_pii_open.f() FROM PUBLIC;
GRANT USAGE ON SCHEMA regress_pii_open TO regress_pii_weak;
SELECT grantee, path FROM pg_temp.exposed WHERE path ~ 'open';
REVOKE USAGE ON SCHEMA regress_pii_shop FROM PUBLIC;
SELECT grantee, path FROM pg_temp.exposed WHERE path ~ 'open';
GRANT USAGE ON SCHEMA regress_pii_open TO PUBLIC;
GRANT EXECUTE ON FUNCTION regress_pii_open.f() TO regress_pii_alice;
SET ROLE regress_pii_alice;
SELECT count(regress_pii_open.f());
RESET ROLE;
SELECT grantee, path FROM pg_temp.exposed WHERE path ~ 'open';
SELECT name, detail FROM pii.door WHERE name ~ 'regress_pii_open';
SELECT * FROM pg_temp.closed;
-- the same of a view that it may read, had it the schema
CREATE VIEW shows AS SELECT k1 FROM person;
GRANT SELECT ON shows TO regress_pii_weak;
CREATE FUNCTION regress_pii_open.v() RETURNS text SECURITY DEFINER BEGIN ATOMIC SELECT k1 FROM regress_pii_shop.shows; END;
ALTER FUNCTION regress_pii_open.v() OWNER TO regress_pii_weak;
REVOKE EXECUTE ON FUNCTION regress_pii_open.v() FROM PUBLIC;
SET ROLE regress_pii_weak;
SELECT count(regress_pii_open.v());
RESET ROLE;
SELECT grantee, path FROM pg_temp.exposed WHERE path ~ 'open.v';
GRANT USAGE ON SCHEMA regress_pii_shop TO PUBLIC;
SELECT grantee, path FROM pg_temp.exposed WHERE path ~ 'open.v|shows';
DROP VIEW shows CASCADE;
DROP SCHEMA regress_pii_open CASCADE;
DROP FUNCTION f_array(), f_out(), f_table(), f_in(person), f_other_rows(), called() CASCADE;
DROP OWNED BY regress_pii_weak;
DROP ROLE regress_pii_weak;

-- statistics: the remedies of all kinds
INSERT INTO person SELECT n, 'a' || n % 3 || '@example.com', 'b' || n % 3 FROM generate_series(1, 200) n;
ALTER TABLE person OWNER TO regress_pii_owner;
CREATE STATISTICS person_pair (mcv) ON k1, k2 FROM person;
CREATE STATISTICS person_made ON (lower(k1)), (upper(k2)) FROM person;
CREATE STATISTICS person_else ON (lower(k2)), (upper(k2)) FROM person;
CREATE INDEX person_lower ON person (id, lower(k1));
ANALYZE person;
-- a member of the owner that has lost the schema is shown them all the same
REVOKE USAGE ON SCHEMA regress_pii_shop FROM PUBLIC;
GRANT regress_pii_owner TO regress_pii_alice;
GRANT SELECT ON pg_statistic TO regress_pii_bob;
GRANT SELECT ON pg_statistic_ext_data TO regress_pii_bob WITH GRANT OPTION;
SET ROLE regress_pii_bob;
GRANT SELECT ON pg_statistic_ext_data TO regress_pii_alice;
RESET ROLE;
SELECT name, columns, shut FROM pg_temp.shut WHERE door = 'statistics';
SET ROLE regress_pii_alice;
SELECT tablename, attname FROM pg_stats WHERE tablename IN ('person', 'person_lower') AND attname IN ('k1', 'lower') ORDER BY 1;
SELECT statistics_name, most_common_vals IS NOT NULL AS shown FROM pg_stats_ext WHERE tablename = 'person' ORDER BY 1;
RESET ROLE;
-- with the schema it has no need of them, but for what row security hides
GRANT USAGE ON SCHEMA regress_pii_shop TO PUBLIC;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
SELECT name FROM pii.door WHERE door = 'statistics' AND table_schema = 'regress_pii_shop' ORDER BY 1;
ALTER TABLE person FORCE ROW LEVEL SECURITY;
SELECT name, columns, shut FROM pg_temp.shut WHERE door = 'statistics';
REVOKE SELECT ON pg_statistic, pg_statistic_ext_data FROM regress_pii_bob CASCADE;

RESET search_path;
DROP VIEW pg_temp.exposed, pg_temp.closed, pg_temp.shut;
DROP OWNED BY regress_pii_alice, regress_pii_bob;
DROP SCHEMA regress_pii_shop CASCADE;
DROP ROLE regress_pii_alice, regress_pii_bob, regress_pii_owner;
