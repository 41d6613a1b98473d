\pset footer off
\set QUIET on

\echo
\echo '--- 1. Which columns hold e-mail addresses or phone numbers? -------------------'
\echo
\set ECHO queries
\timing on
CALL pii.scan();
\timing off

\set ECHO none
\echo
\echo '--- 2. What was found, and on what evidence ------------------------------------'
\echo
\set ECHO queries
SELECT table_name, column_name, tag, verdict, regexp_replace(evidence, '; (email|phone):', E'\n\\1:', 'g') AS evidence
FROM pii.columns
WHERE verdict IN ('pii', 'mixed')
ORDER BY table_name, column_name;

-- and what only looks like it
SELECT table_name, column_name, verdict, regexp_replace(evidence, '; (email|phone):', E'\n\\1:', 'g') AS evidence
FROM pii.columns
WHERE column_name IN ('barcode', 'email_verified', 'email_sent_at', 'file_name', 'loyalty_number',
	'order_number', 'package', 'payment_id', 'phone_model', 'picture_url', 'placed_epoch')
ORDER BY table_name, column_name;

\set ECHO none
\echo
\echo '--- 3. Who can read them? -------------------------------------------------------'
\echo
\set ECHO queries
SELECT table_name, column_name, tag, grantee, path, severity, remedy
FROM pii.exposure
ORDER BY table_name, column_name, grantee, path;

SELECT * FROM pii.summary ORDER BY table_schema, severity;

\set ECHO none
\echo
\echo '--- 4. Run a remedy, and look again ---------------------------------------------'
\echo
SELECT remedy AS first_remedy
FROM pii.exposure
WHERE table_name = 'influencer' AND grantee = 'PUBLIC'
ORDER BY column_name LIMIT 1 \gset
\echo :first_remedy
:first_remedy
\echo
\set ECHO queries
SELECT table_name, column_name, grantee, path
FROM pii.exposure
WHERE table_name = 'influencer'
ORDER BY column_name, grantee;
\set ECHO none

\echo
\echo '--- 5. Keep it so: a deploy that opens another hole is refused ------------------'
\echo
\echo 'A pipeline asks before it deploys; nothing of the migration stays.'
\echo
\set ECHO queries
SELECT column_name, tag, grantee, path, severity
FROM pii.check_ddl('ALTER TABLE shop.product_image ADD COLUMN photographer_email text');

\set ECHO none
\echo
\echo 'For those who do not ask there is the gate.'
\echo
\set ECHO queries
SELECT pii.enable_gate();
\set ON_ERROR_STOP off
BEGIN;
ALTER TABLE shop.product_image ADD COLUMN photographer_email text;
COMMIT;
\set ON_ERROR_STOP on

\set ECHO none
\echo
\echo 'The repaired migration passes.'
\echo
\set ECHO queries
BEGIN;
ALTER TABLE shop.product_image ADD COLUMN photographer_email text;
REVOKE SELECT ON shop.product_image FROM analyst;
GRANT SELECT (file_name, bytes, package) ON shop.product_image TO analyst;
COMMIT;

SELECT c.column_name, c.tag, count(e) AS exposures
FROM pii.columns c
LEFT JOIN pii.exposure e USING (relation, attnum)
WHERE c.table_name = 'product_image' AND c.verdict = 'pii'
GROUP BY c.column_name, c.tag;
\set ECHO none
