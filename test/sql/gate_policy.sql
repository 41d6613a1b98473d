-- What the policy asks of a deploy, schema by schema.
SET client_min_messages = warning;
\set VERBOSITY terse
CREATE EXTENSION IF NOT EXISTS pg_pii;
CREATE ROLE regress_pii_app LOGIN;
CREATE SCHEMA regress_pii_shop;
CREATE SCHEMA regress_pii_hr;
GRANT USAGE ON SCHEMA regress_pii_shop, regress_pii_hr TO PUBLIC;
SELECT pii.enable_gate();

-- a label on every column with personal data, whoever reads it
INSERT INTO pii.policy (table_schema, require_label) VALUES ('regress_pii_hr', true);
CREATE TABLE regress_pii_shop.person (id integer, email text);
CREATE TABLE regress_pii_hr.person (id integer, email text, phone text);
BEGIN;
CREATE TABLE regress_pii_hr.person (id integer, email text, phone text);
SECURITY LABEL FOR pii ON COLUMN regress_pii_hr.person.email IS 'email';
COMMIT;
BEGIN;
CREATE TABLE regress_pii_hr.person (id integer, email text, phone text);
SECURITY LABEL FOR pii ON COLUMN regress_pii_hr.person.email IS 'email';
SECURITY LABEL FOR pii ON COLUMN regress_pii_hr.person.phone IS 'none';
COMMIT;
GRANT SELECT ON regress_pii_hr.person TO regress_pii_app;
-- a partition takes the label of its root
BEGIN;
CREATE TABLE regress_pii_hr.log (id integer, email text) PARTITION BY RANGE (id);
SECURITY LABEL FOR pii ON COLUMN regress_pii_hr.log.email IS 'email';
COMMIT;
CREATE TABLE regress_pii_hr.log_1 PARTITION OF regress_pii_hr.log FOR VALUES FROM (1) TO (9);
-- a table that moves comes under the policy of its new schema
CREATE TABLE regress_pii_shop.contact (id integer, email text);
ALTER TABLE regress_pii_shop.contact SET SCHEMA regress_pii_hr;
-- taking a label away leaves none
SECURITY LABEL FOR pii ON COLUMN regress_pii_hr.person.phone IS NULL;
SELECT table_name, column_name, grantee, path, rule, remedy FROM pii.violations
WHERE table_schema LIKE 'regress_pii_%' ORDER BY 1, 2;

-- labels without a word about readers, severities that are accepted
UPDATE pii.policy SET no_exposure = false WHERE table_schema = 'regress_pii_hr';
GRANT SELECT ON regress_pii_hr.person TO regress_pii_app;
INSERT INTO pii.policy (table_schema, allowed) VALUES ('regress_pii_shop', 'high');
GRANT SELECT ON regress_pii_shop.person TO regress_pii_app;
GRANT SELECT ON regress_pii_shop.person TO PUBLIC;
-- both at once: each way out that is shown passes by itself
UPDATE pii.policy SET no_exposure = true WHERE table_schema = 'regress_pii_hr';
\set VERBOSITY default
BEGIN;
CREATE TABLE regress_pii_hr.guest (id integer, email text, mobile_phone text);
GRANT SELECT (email) ON regress_pii_hr.guest TO regress_pii_app;
SELECT regexp_replace(hint, '\d{4}-\d\d-\d\d', 'DATE', 'g') AS hint
FROM pii.describe_violations(ARRAY(SELECT v FROM pii.violations v WHERE v.table_name = 'guest'));
SAVEPOINT s;
REVOKE SELECT (email) ON TABLE regress_pii_hr.guest FROM regress_pii_app;
SECURITY LABEL FOR pii ON COLUMN regress_pii_hr.guest.email IS 'email';
SECURITY LABEL FOR pii ON COLUMN regress_pii_hr.guest.mobile_phone IS 'phone';
CALL pii.check_now();
ROLLBACK TO s;
SECURITY LABEL FOR pii ON COLUMN regress_pii_hr.guest.email IS 'email; waived until 2999-12-31: reason';
SECURITY LABEL FOR pii ON COLUMN regress_pii_hr.guest.mobile_phone IS 'phone';
CALL pii.check_now();
ROLLBACK;
\set VERBOSITY terse

-- one schema, one policy
INSERT INTO pii.policy (table_schema, allowed) VALUES ('regress_pii_shop', 'low');
INSERT INTO pii.policy (no_exposure) VALUES (false);
INSERT INTO pii.policy (require_label) VALUES (true);

-- many columns, one error, of bounded length
BEGIN;
DO $$
BEGIN
	FOR i IN 1 .. 60 LOOP
		EXECUTE format('CREATE TABLE regress_pii_hr.many_%s (email text, phone text)', i);
	END LOOP;
END
$$;
SELECT length(message) < 400 AS message_is_short, length(detail) < 20000 AS detail_is_short,
	length(hint) < 40000 AS hint_is_short, substring(message FROM ' and .*') AS rest,
	substring(detail FROM '\nand .*') AS more
FROM pii.describe_violations(ARRAY(SELECT v FROM pii.violations v WHERE v.table_name LIKE 'many%'));
COMMIT;
SELECT * FROM pii.describe_violations('{}');
SELECT * FROM pii.describe_violations(NULL);
SELECT pii.raise_violations('{}', 'never');
SELECT pii.raise('loud', 'x');
SELECT pii.raise(NULL, 'x');
SELECT pii.raise('error', NULL);
SELECT pii.raise('error', 'x', state => '42P01');
SELECT pii.raise('error', 'x', state => NULL);

DELETE FROM pii.policy;
SELECT pii.disable_gate();
DROP SCHEMA regress_pii_shop, regress_pii_hr CASCADE;
DROP ROLE regress_pii_app;
