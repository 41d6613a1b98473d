-- Who can read a tagged column: each path, its remedy, and what is left out.
-- test/t/exposure.pl compares with what the server really does.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;

CREATE ROLE regress_pii_owner;
CREATE ROLE regress_pii_group;
CREATE ROLE regress_pii_auditors;
CREATE ROLE regress_pii_alice LOGIN;
CREATE ROLE regress_pii_bob LOGIN;
CREATE ROLE regress_pii_carol LOGIN;
CREATE ROLE regress_pii_dora LOGIN NOINHERIT;
CREATE ROLE "regress_pii_we;ird ""r" LOGIN;
CREATE SCHEMA regress_pii_shop AUTHORIZATION regress_pii_owner;
GRANT CREATE ON SCHEMA regress_pii_shop TO regress_pii_owner;
CREATE TABLE regress_pii_shop.customer (id integer, email text, phone text, total numeric);
CREATE TABLE regress_pii_shop."we;ird ""t" (id integer, "e mail %s" text);
ALTER TABLE regress_pii_shop.customer OWNER TO regress_pii_owner;
ALTER TABLE regress_pii_shop."we;ird ""t" OWNER TO regress_pii_owner;
CALL pii.scan(schemas => '{regress_pii_shop}', method => 'name');
SELECT table_name, column_name, verdict
FROM pii.columns
WHERE table_schema = 'regress_pii_shop'
ORDER BY 1, 2;

-- how many log in as PUBLIC depends on the cluster
CREATE VIEW pg_temp.exposed AS
SELECT table_name, column_name, grantee, path,
	CASE WHEN grantee <> 'PUBLIC' THEN login_roles END AS login_roles,
	severity, remedy
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop'
ORDER BY table_name, column_name, grantee, path COLLATE "C";

-- nobody but the owner
SELECT count(*) FROM pg_temp.exposed;
SELECT * FROM pii.summary WHERE table_schema = 'regress_pii_shop' ORDER BY severity;

-- a grant is no exposure as long as the schema is closed
GRANT SELECT ON regress_pii_shop.customer TO regress_pii_alice;
SELECT count(*) FROM pg_temp.exposed;
GRANT USAGE ON SCHEMA regress_pii_shop TO regress_pii_alice;
SELECT table_name, column_name, grantee, path, login_roles, severity FROM pg_temp.exposed;
REVOKE USAGE ON SCHEMA regress_pii_shop FROM regress_pii_alice;
SELECT count(*) FROM pg_temp.exposed;
REVOKE SELECT ON regress_pii_shop.customer FROM regress_pii_alice;

-- USAGE by one role and SELECT by another add up in their member
GRANT USAGE ON SCHEMA regress_pii_shop TO regress_pii_auditors;
GRANT SELECT ON regress_pii_shop.customer TO regress_pii_group;
SELECT count(*) FROM pg_temp.exposed;
GRANT regress_pii_group, regress_pii_auditors TO regress_pii_bob;
SELECT table_name, column_name, grantee, path, login_roles FROM pg_temp.exposed;
REVOKE regress_pii_group, regress_pii_auditors FROM regress_pii_bob;
REVOKE SELECT ON regress_pii_shop.customer FROM regress_pii_group;

-- every path at once
GRANT USAGE ON SCHEMA regress_pii_shop TO PUBLIC;
GRANT SELECT ON regress_pii_shop.customer TO regress_pii_group;
GRANT regress_pii_group TO regress_pii_alice, regress_pii_dora;
GRANT SELECT (phone) ON regress_pii_shop.customer TO PUBLIC;
GRANT regress_pii_owner TO regress_pii_bob;
GRANT pg_read_all_data TO regress_pii_carol;
GRANT SELECT ON regress_pii_shop.customer TO "regress_pii_we;ird ""r" WITH GRANT OPTION;
SET ROLE "regress_pii_we;ird ""r";
GRANT SELECT ON regress_pii_shop.customer TO regress_pii_auditors;
RESET ROLE;
GRANT SELECT ON regress_pii_shop."we;ird ""t" TO "regress_pii_we;ird ""r";
SELECT table_name, column_name, grantee, path, login_roles, severity FROM pg_temp.exposed;
SELECT severity, columns, tables, exposures, grantees, waived
FROM pii.summary
WHERE table_schema = 'regress_pii_shop'
ORDER BY severity DESC;
SELECT DISTINCT reason COLLATE "C" AS reason
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop'
ORDER BY 1;

-- the two questions; only the roles of this test, others may be there
SELECT * FROM pii.who_can_read('regress_pii_shop.customer', 'email') WHERE role_name ~ '^regress_pii_';
SELECT * FROM pii.who_can_read('regress_pii_shop.customer', 'phone')
WHERE role_name IN ('regress_pii_dora', 'regress_pii_owner');
SELECT table_name, column_name, data_type, verdict, path FROM pii.what_can('regress_pii_bob')
WHERE table_schema = 'regress_pii_shop';
SELECT table_name, column_name, path
FROM pii.what_can('regress_pii_dora')
WHERE table_schema = 'regress_pii_shop';
SELECT * FROM pii.who_can_read('regress_pii_shop.customer', 'e_mail');
SELECT * FROM pii.what_can('regress_pii_nobody');

-- an exposure keeps its identity while others come and go
SELECT exposure_id AS kept
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop' AND column_name = 'email' AND grantee = 'regress_pii_group' \gset
GRANT SELECT ON regress_pii_shop.customer TO regress_pii_dora;
SELECT count(*) FROM pii.exposure WHERE exposure_id = :'kept';
REVOKE SELECT ON regress_pii_shop.customer FROM regress_pii_dora;

-- since when: of what was recorded and has not gone since
CREATE VIEW pg_temp.since AS
SELECT column_name, since
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop' AND since IS NOT NULL;
SELECT count(*) FROM pg_temp.since;
INSERT INTO pii.exposure_seen (exposure_id, opened_at, closed_at, table_schema, table_name, column_name, grantee, path, severity)
SELECT exposure_id, o.opened_at, o.closed_at, table_schema, table_name, column_name, grantee, path, severity
FROM pii.exposure e
CROSS JOIN (VALUES ('2026-01-01'::timestamptz, '2026-02-01'::timestamptz), ('2026-03-01', NULL)) o (opened_at, closed_at)
WHERE e.exposure_id = :'kept';
SELECT column_name, since = '2026-03-01' AS is_since_march FROM pg_temp.since;
UPDATE pii.exposure_seen SET closed_at = '2026-04-01' WHERE exposure_id = :'kept' AND closed_at IS NULL;
SELECT count(*) FROM pg_temp.since;
DELETE FROM pii.exposure_seen WHERE exposure_id = :'kept';

-- trusted roles and their members are not reported; names as in a search path
SET pii.trusted_roles = 'Regress_PII_Group, "regress_pii_we;ird ""r", regress_pii_absent';
SELECT DISTINCT grantee FROM pg_temp.exposed ORDER BY 1;
SELECT exempt FROM pii.who_can_read('regress_pii_shop.customer', 'email') WHERE role_name = 'regress_pii_alice';
RESET pii.trusted_roles;

-- a grant that no role can log in through
CREATE ROLE regress_pii_empty;
GRANT SELECT ON regress_pii_shop.customer TO regress_pii_empty;
SELECT column_name, login_roles, severity FROM pg_temp.exposed WHERE grantee = 'regress_pii_empty';
REVOKE SELECT ON regress_pii_shop.customer FROM regress_pii_empty;
DROP ROLE regress_pii_empty;

-- whoever may become a superuser reads everything
CREATE ROLE regress_pii_boss SUPERUSER;
GRANT regress_pii_boss TO regress_pii_dora;
SELECT column_name, grantee, path, severity
FROM pg_temp.exposed
WHERE path = 'via set role regress_pii_boss';
REVOKE regress_pii_boss FROM regress_pii_dora;
DROP ROLE regress_pii_boss;

-- row security: what holds rows back from all who come this way
ALTER TABLE regress_pii_shop.customer ENABLE ROW LEVEL SECURITY;
CREATE VIEW pg_temp.protected AS
SELECT grantee, path, protection, severity
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop' AND table_name = 'customer' AND column_name = 'email'
ORDER BY grantee, path COLLATE "C";
SELECT * FROM pg_temp.protected;
CREATE POLICY own ON regress_pii_shop.customer FOR SELECT TO regress_pii_group USING (id = 1);
SELECT * FROM pg_temp.protected;
CREATE POLICY everything ON regress_pii_shop.customer TO PUBLIC USING (true);
SELECT * FROM pg_temp.protected;
CREATE POLICY less ON regress_pii_shop.customer AS RESTRICTIVE TO PUBLIC USING (id > 1);
SELECT * FROM pg_temp.protected;
ALTER ROLE regress_pii_carol BYPASSRLS;
SELECT * FROM pg_temp.protected WHERE grantee = 'regress_pii_carol';
ALTER ROLE regress_pii_carol NOBYPASSRLS;
DROP POLICY own ON regress_pii_shop.customer;
DROP POLICY everything ON regress_pii_shop.customer;
DROP POLICY less ON regress_pii_shop.customer;
ALTER TABLE regress_pii_shop.customer DISABLE ROW LEVEL SECURITY;

-- each remedy closes its path; PostgreSQL 16 names the grantor of a membership
SELECT DISTINCT grantee, regexp_replace(remedy, ' GRANTED BY \w+', '') COLLATE "C" AS remedy
FROM pg_temp.exposed
ORDER BY 1, 2;
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
SELECT count(*), bool_and(pg_temp.close(exposure_id, remedy)) AS all_closed
FROM pii.exposure
WHERE table_schema = 'regress_pii_shop';
-- and once for good, one path after the other
DO $$
DECLARE
	sql text;
BEGIN
	LOOP
		SELECT remedy INTO sql FROM pg_temp.exposed LIMIT 1;
		EXIT WHEN NOT FOUND;
		EXECUTE sql;
	END LOOP;
END
$$;
SELECT count(*) FROM pg_temp.exposed;
SELECT * FROM pii.who_can_read('regress_pii_shop.customer', 'email') WHERE role_name ~ '^regress_pii_';

-- an auditor needs no superuser, only the views; nobody else gets them
SET ROLE regress_pii_auditors;
SELECT count(*) FROM pii.exposure;
SELECT * FROM pii.who_can_read('regress_pii_shop.customer', 'email');
RESET ROLE;
GRANT SELECT ON pii.exposure, pii.summary TO regress_pii_auditors;
GRANT SELECT ON pii.tagged, pii.reader, pii.view_reader_path, pii.lineage, pii.view_need, pii.role_reach, pii.audience TO regress_pii_auditors;
GRANT EXECUTE ON FUNCTION pii.who_can_read(regclass, name), pii.what_can(regrole) TO regress_pii_auditors;
GRANT SELECT ON regress_pii_shop.customer TO regress_pii_alice;
SET ROLE regress_pii_auditors;
SELECT column_name, grantee, path FROM pii.exposure WHERE table_schema = 'regress_pii_shop' ORDER BY 1;
SELECT severity, exposures FROM pii.summary WHERE table_schema = 'regress_pii_shop' ORDER BY 1;
SELECT * FROM pii.who_can_read('regress_pii_shop.customer', 'email') WHERE role_name ~ '^regress_pii_';
SELECT table_name, column_name, path
FROM pii.what_can('regress_pii_alice')
WHERE table_schema = 'regress_pii_shop';
RESET ROLE;

DROP VIEW pg_temp.exposed, pg_temp.protected, pg_temp.since;
DROP OWNED BY regress_pii_auditors;
DROP SCHEMA regress_pii_shop CASCADE;
DROP ROLE regress_pii_owner, regress_pii_group, regress_pii_auditors,
	regress_pii_alice, regress_pii_bob, regress_pii_carol, regress_pii_dora,
	"regress_pii_we;ird ""r";
