-- The gate: what a transaction's DDL leaves is judged when it commits.
SET client_min_messages = warning;
\set VERBOSITY terse
CREATE EXTENSION IF NOT EXISTS pg_pii;
CREATE ROLE regress_pii_app LOGIN;
CREATE ROLE regress_pii_developer LOGIN;
CREATE SCHEMA regress_pii_shop;
GRANT USAGE ON SCHEMA regress_pii_shop TO PUBLIC;
GRANT CREATE ON SCHEMA regress_pii_shop TO regress_pii_developer;

-- nothing is judged before it is enabled
CREATE TABLE regress_pii_shop.old (id integer, email text);
GRANT SELECT ON regress_pii_shop.old TO PUBLIC;
SELECT pii.enable_gate();
SHOW pii.gate;

-- a developer has no privilege on anything of ours, and is judged all the same
SET ROLE regress_pii_developer;
CREATE TABLE regress_pii_shop.customer (id integer, email text, phone text);
GRANT SELECT ON regress_pii_shop.customer TO regress_pii_app;
GRANT SELECT (id) ON regress_pii_shop.customer TO regress_pii_app;
GRANT INSERT ON regress_pii_shop.customer TO regress_pii_app;
GRANT SELECT (phone) ON regress_pii_shop.customer TO PUBLIC;

-- the transaction is judged as a whole, whatever its order
BEGIN;
GRANT SELECT ON regress_pii_shop.customer TO regress_pii_app;
REVOKE SELECT ON regress_pii_shop.customer FROM regress_pii_app;
COMMIT;
BEGIN;
GRANT SELECT ON regress_pii_shop.customer TO regress_pii_app;
SECURITY LABEL FOR pii ON COLUMN regress_pii_shop.customer.email IS 'none';
COMMIT;
BEGIN;
SAVEPOINT s;
GRANT SELECT ON regress_pii_shop.customer TO PUBLIC;
ROLLBACK TO s;
COMMIT;
BEGIN;
SECURITY LABEL FOR pii ON COLUMN regress_pii_shop.customer.email IS 'none';
SECURITY LABEL FOR pii ON COLUMN regress_pii_shop.customer.phone IS 'phone; waived until 2999-12-31: a test';
GRANT SELECT ON regress_pii_shop.customer TO regress_pii_app;
COMMIT;

-- what it says in full
RESET ROLE;
CREATE FUNCTION pg_temp.refusal(sql text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE sql;
	CALL pii.check_now();
EXCEPTION WHEN SQLSTATE 'PII01' THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
		hint = PG_EXCEPTION_HINT;
	RETURN NEXT message;
	RETURN NEXT detail;
	RETURN NEXT replace(hint, to_char(current_date + 90, 'YYYY-MM-DD'), 'YYYY-MM-DD');
END
$$;
\pset format unaligned
\pset tuples_only on
SELECT pg_temp.refusal('CREATE TABLE regress_pii_shop.guest (id integer, email text, mobile_phone text); GRANT SELECT ON regress_pii_shop.guest TO regress_pii_app, PUBLIC');
\pset format aligned
\pset tuples_only off

-- only what a transaction introduces blocks it
ALTER TABLE regress_pii_shop.old ADD COLUMN note integer;
ALTER TABLE regress_pii_shop.old ADD COLUMN phone text;
ALTER TABLE regress_pii_shop.old RENAME TO older;
GRANT SELECT ON regress_pii_shop.older TO regress_pii_app;
REVOKE SELECT ON regress_pii_shop.older FROM PUBLIC;

-- modes
SET pii.gate = warn;
GRANT SELECT ON regress_pii_shop.older TO regress_pii_app;
REVOKE SELECT ON regress_pii_shop.older FROM regress_pii_app;
SET pii.gate = off;
GRANT SELECT ON regress_pii_shop.older TO regress_pii_app;
REVOKE SELECT ON regress_pii_shop.older FROM regress_pii_app;
RESET pii.gate;
SET pii.gate = 'never';
SET ROLE regress_pii_developer;
SET pii.gate = off;
SELECT pii.disable_gate();
RESET ROLE;
SELECT pii.gate_collect();
SELECT pii.gate_check();

-- the queue is empty, and the gate can go
SELECT * FROM pii.gate_queue;
SELECT pii.enable_gate();
SELECT pii.disable_gate();
SELECT pii.disable_gate();
GRANT SELECT ON regress_pii_shop.older TO PUBLIC;
DROP SCHEMA regress_pii_shop CASCADE;
DROP ROLE regress_pii_app, regress_pii_developer;
