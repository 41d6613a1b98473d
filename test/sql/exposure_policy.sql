-- What is accepted, and doors that the server does not watch.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;

CREATE ROLE regress_pii_owner;
CREATE ROLE regress_pii_alice LOGIN;
CREATE SCHEMA regress_pii_shop;
GRANT USAGE ON SCHEMA regress_pii_shop TO PUBLIC;
CREATE TABLE regress_pii_shop.customer (id integer PRIMARY KEY, email text, phone text);
ALTER TABLE regress_pii_shop.customer OWNER TO regress_pii_owner;
CALL pii.scan(schemas => '{regress_pii_shop}', method => 'name');
GRANT SELECT (email) ON regress_pii_shop.customer TO PUBLIC;
GRANT SELECT (phone) ON regress_pii_shop.customer TO regress_pii_alice;

-- nothing is accepted, until it is
CREATE VIEW pg_temp.violating AS
SELECT column_name, grantee, severity
FROM pii.violations
WHERE table_schema = 'regress_pii_shop'
ORDER BY column_name;
SELECT * FROM pg_temp.violating;
INSERT INTO pii.policy VALUES (NULL, 'critical', 'a test database');
SELECT * FROM pg_temp.violating;
INSERT INTO pii.policy VALUES ('regress_pii_shop', 'high');
SELECT * FROM pg_temp.violating;
INSERT INTO pii.policy VALUES (NULL, 'low');
UPDATE pii.policy SET allowed = 'medium' WHERE table_schema = 'regress_pii_shop';
SELECT * FROM pg_temp.violating;
-- a waiver holds until its day
SELECT pii.label('regress_pii_shop.customer', 'phone', 'phone; waived until 2999-12-31: a test');
SELECT * FROM pg_temp.violating;
SELECT pii.label('regress_pii_shop.customer', 'phone', 'phone; waived until 2001-01-01: a test');
SELECT * FROM pg_temp.violating;
SELECT pii.label('regress_pii_shop.customer', 'phone', NULL);
DELETE FROM pii.policy;

-- publications; the warning is about wal_level
SET client_min_messages = error;
CREATE PUBLICATION regress_pii_rows FOR TABLE regress_pii_shop.customer (id, email) WHERE (id > 10);
CREATE PUBLICATION regress_pii_schema FOR TABLES IN SCHEMA regress_pii_shop;
CREATE PUBLICATION regress_pii_all FOR ALL TABLES;
CREATE FUNCTION regress_pii_shop.known(integer) RETURNS text
	LANGUAGE sql SECURITY DEFINER
	BEGIN ATOMIC SELECT phone FROM regress_pii_shop.customer WHERE id = $1; END;
CREATE FUNCTION regress_pii_shop.unknown(integer) RETURNS text
	LANGUAGE sql SECURITY DEFINER
	AS 'SELECT phone FROM regress_pii_shop.customer WHERE id = $1';
CREATE VIEW pg_temp.door AS
SELECT column_name, door, name, detail, remedy
FROM pii.door
WHERE table_schema = 'regress_pii_shop'
ORDER BY column_name, door, name;
SELECT * FROM pg_temp.door;
-- each remedy closes its door
DO $$
DECLARE
	sql text;
BEGIN
	LOOP
		SELECT remedy INTO sql FROM pg_temp.door LIMIT 1;
		EXIT WHEN NOT FOUND;
		EXECUTE sql;
	END LOOP;
END
$$;
SELECT count(*) FROM pg_temp.door;
DROP PUBLICATION regress_pii_rows, regress_pii_schema;

-- what will be granted on the next table
ALTER DEFAULT PRIVILEGES FOR ROLE regress_pii_owner GRANT SELECT ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_pii_owner IN SCHEMA regress_pii_shop GRANT ALL ON TABLES TO regress_pii_alice;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_pii_owner GRANT SELECT ON SEQUENCES TO PUBLIC;
CREATE VIEW pg_temp.next AS
SELECT * FROM pii.default_exposure WHERE creator::text = 'regress_pii_owner' ORDER BY grantee;
SELECT * FROM pg_temp.next;
SET pii.trusted_roles = 'regress_pii_alice';
SELECT grantee FROM pg_temp.next;
RESET pii.trusted_roles;
DO $$
DECLARE
	sql text;
BEGIN
	FOR sql IN SELECT remedy FROM pg_temp.next LOOP
		EXECUTE sql;
	END LOOP;
END
$$;
SELECT count(*) FROM pg_temp.next;

DROP VIEW pg_temp.violating, pg_temp.door, pg_temp.next;
DROP SCHEMA regress_pii_shop CASCADE;
DROP OWNED BY regress_pii_owner, regress_pii_alice;
DROP ROLE regress_pii_owner, regress_pii_alice;
