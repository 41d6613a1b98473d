-- Reports: what every format does with names chosen by an enemy, what a fixed
-- document looks like in each, and what is gathered from a live database.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;
SET timezone = 'Asia/Kolkata';
SET datestyle = 'SQL, DMY';
\pset format unaligned
\pset tuples_only on
\set SHOW_CONTEXT never

-- control, invisible and direction changing characters are made visible
SELECT pii.report_plain(E'a\tb\r\nc\x1b[31md\x7f');
SELECT pii.report_plain(U&'invoice\202Egnp.exe \00ADx\200By\FEFFz\0085\2066 \+0E0041.');
SELECT pii.report_plain('plain: ' || U&'\00E4\4E2D\+01F600') = 'plain: ' || U&'\00E4\4E2D\+01F600';
-- long names keep both ends
SELECT pii.report_fit('public.a_table_with_a_long_name.its_column', 20), length(pii.report_fit(repeat('x', 500), 20));
SELECT pii.report_fit('short', 5), pii.report_fit('longer', 1);
-- SQL is broken between words and not in names
SELECT pii.report_wrap('REVOKE SELECT ON TABLE "a table with blanks"."and ""quotes"" in it" FROM "a role";', 40, '  ');
SELECT max(length(l)) FROM regexp_split_to_table(pii.report_wrap(repeat('"' || repeat('a b', 70) || '" x ', 5), 60, '  '), E'\n') l;
-- Markdown: nothing gets out of a code span, or of the cell it stands in
SELECT pii.report_code(v) FROM unnest(ARRAY['a', '`', 'a`b``c', '``` a', 'a|b\|c', '<script>', '@everyone #1', E'a\nb', ' ']) v;
-- CSV: one line, no formula, not behind a quote or a separator either
SELECT pii.report_csv_line('=cmd()', '+1', '-1', '@x', E'\t=1', ' =1', 'a;=1', 'a,"-1"', E'a\nb', 'a-1', NULL, '');
-- SARIF: braces and brackets are markup
SELECT pii.report_sarif_text(E'{0} [x](https://pg-pii.org) \\ \x1b');
-- HTML
SELECT pii.report_html_text('<script>"a" & ''b''</script>'), pii.report_html_name('a.b_c.d_');

-- one document, names of an enemy, every format
CREATE TEMPORARY TABLE document AS
SELECT jsonb_build_object(
	'report', 'pg_pii', 'version', 1, 'extension_version', '1.2.3',
	'generated_at', '2026-01-02T03:04:05Z', 'database', 'shop', 'server_version', '15.1', 'standby', false,
	'scope', '{"schemas": null, "only_violations": false}'::jsonb,
	'scan', '{"run_id": 7, "method": "auto", "outcome": "done", "started_at": "2026-01-01T00:00:00Z", "last_active_at": "2026-01-01T00:10:00Z",
		"tables_total": 4, "tables_done": 4, "tables_failed": 1, "tables_skipped": 0, "rows_read": 4000}'::jsonb,
	'policy', '[{"for": "schema shop", "accepts": "up to low", "asks_labels": "yes", "reason": "=1|<b>"}]'::jsonb,
	'summary', '{"tables": 4, "columns": 20, "tagged": 2, "pii": 1, "mixed": 1, "clean": 16, "unknown": 2, "unscanned": 0,
		"stale": 0, "unlabelled": 1, "exposed": 2, "exposures": 3, "critical": 1, "high": 1, "medium": 0, "low": 1, "waived": 1,
		"violating": 1, "missing_labels": 1, "violations": 2}'::jsonb,
	'schemas', '[{"table_schema": "we;ird \"t\"", "tagged": 2, "critical": 1, "high": 1, "medium": 0, "low": 0, "none": 0}]'::jsonb,
	'exposures', jsonb_build_array(e, e || '{"exposure_id": "00000000-0000-0000-0000-000000000002", "severity": "high",
			"status": "waived", "waived_until": "2030-12-31", "grantee": "@all `x`", "path": "via set role \"<b>\""}',
		e || '{"exposure_id": "00000000-0000-0000-0000-000000000003", "name": "shop.orders.note", "table_schema": "shop",
			"table_name": "orders", "column_name": "note", "severity": "low", "status": "accepted", "protection": "row security: p<1>"}'),
	'missing_labels', '[{"violation_id": "00000000-0000-0000-0000-000000000004", "name": "shop.orders.note", "table_schema": "shop",
		"table_name": "orders", "column_name": "note", "data_type": "text", "kinds": ["phone"], "verdict": "mixed",
		"remedy": "SECURITY LABEL FOR pii ON COLUMN shop.orders.note IS ''phone'';"}]'::jsonb,
	'remedies', jsonb_build_array(jsonb_build_object('severity', 'critical', 'exposures', 1, 'remedy', e ->> 'remedy')),
	'columns', jsonb_build_array(
		e - '{exposure_id,grantee,path,login_roles,severity,reason,status,remedy,derived,masked_by,protection,since}'::text[]
			|| '{"confidence": 1, "source": "label", "label": "email; waived until 2030-12-31: <img src=x onerror=alert(1)>", "scanned_at": null,
				"kinds": [{"kind": "email", "confidence": 1}], "reasons": [], "paths": null}',
		'{"name": "shop.orders.note", "table_schema": "shop", "table_name": "orders", "column_name": "note", "data_type": "jsonb",
			"verdict": "mixed", "confidence": 0.98, "source": "sample", "label": null, "rows_total": 9000, "rows_read": 1000,
			"scanned_at": "2026-01-01T00:01:00Z", "stale": "much modified", "waived_until": null, "reasons": ["phone: 5 of 1000 & more"],
			"kinds": [{"kind": "phone", "confidence": 0.98, "verdict": "mixed", "values": 1000, "matched": 5, "whole": 0,
				"share": 0.005, "share_low": 0.0021, "share_high": 0.0117, "region": "DE"}],
			"paths": [{"path": "$.a<b>", "verdict": "pii", "kinds": [{"kind": "phone", "confidence": 0.99, "verdict": "pii",
				"values": 5, "matched": 5, "whole": 5, "share": 1, "share_low": 0.5655, "share_high": 1}]}]}'::jsonb),
	'unjudged', '[{"name": "shop.orders.a|b", "why": "empty"}, {"name": "shop.orders.c", "why": "empty"}]'::jsonb,
	'doors', '[{"name": "shop.orders.note", "door": "publication", "through": "\"p|<\"", "detail": "all tables", "remedy": "DROP PUBLICATION \"p|<\";"}]'::jsonb,
	'drift', '{"since": "2025-12-31T00:00:00Z", "changes": [
		{"change": "OPENED", "object": "exposure", "name": "shop.orders.note", "grantee": "a|b", "before": null, "after": "low", "detail": "table grant", "at": null},
		{"change": "GONE", "object": "column", "name": "shop.orders.old", "grantee": null, "before": "pii email:0.9", "after": null,
			"detail": "the column is no longer there", "at": null}]}'::jsonb) AS d
FROM (VALUES (jsonb_build_object(
	'exposure_id', '00000000-0000-0000-0000-000000000001',
	'name', '"we;ird ""t""".' || '"<script>alert(1)</script>|`' || E'\n' || '".' || '"=cmd() {0} [x](y)"',
	'table_schema', 'we;ird "t"', 'table_name', E'<script>alert(1)</script>|`\n', 'column_name', '=cmd() {0} [x](y)',
	'data_type', 'text', 'kinds', '["email"]'::jsonb, 'verdict', 'pii', 'grantee', 'PUBLIC', 'path', 'table grant',
	'derived', NULL, 'masked_by', NULL, 'login_roles', 12, 'protection', NULL, 'severity', 'critical', 'reason', 'every role has it',
	'status', 'violation', 'waived_until', NULL, 'since', '2026-01-01T00:00:00Z',
	'remedy', 'REVOKE SELECT ON TABLE "we;ird ""t"""."<script>alert(1)</script>|`' || E'\n' || '" FROM PUBLIC;'))) AS v (e);

SELECT pii.report_text(d) FROM document;
SELECT pii.report_markdown(d) FROM document;
SELECT pii.report_csv(d) FROM document;
SELECT pii.report_sarif(d, 'db/schema.sql')::jsonb #> '{runs,0,results}' FROM document;
SELECT pii.report_sarif(d)::jsonb #> '{runs,0,results,0,locations}' FROM document;
SELECT s.id, s.title, s.body, s.more FROM document, pii.report_html_sections(d, 500) s;
SELECT pii.report_html_filter_rules(d -> 'exposures', 500) FROM document;
SELECT regexp_replace(pii.report_html(d), '<style>.*</style>|<main>.*</main>', '...', 'g') FROM document;

-- a document that was tampered with brings no markup either
SELECT f, report ~ '<script|<img|onerror=1>' AS taken
FROM (
	SELECT regexp_replace(d::text, '"(critical|high|low|violation|waived|accepted|pii|mixed|label|sample|auto|done|publication|OPENED|1.2.3|15.1|2026-01-02T03:04:05Z)"',
		'"<script>|<img src=x onerror=1>\\n"', 'g')::jsonb AS d
	FROM document) t,
LATERAL (VALUES
	('markdown', regexp_replace(regexp_replace(pii.report_markdown(d), '\n```sql\n.*?\n```\n', '', 'g'), '``.*?``|`[^`\n]*`', '', 'g')),
	('html', pii.report_html(d))) AS r (f, report);

-- cut tables say what they leave out
SELECT l FROM document, regexp_split_to_table(pii.report_text(d, 1), E'\n') l WHERE l ~ '^  and [0-9]+ more';
SELECT l FROM document, regexp_split_to_table(pii.report_markdown(d, 1), E'\n') l WHERE l ~ '^and [0-9]+ more';
SELECT m[1] FROM document, regexp_matches(pii.report_html(d, 1), '<p class="soft">(and [^<]*)</p>', 'g') m;

-- nothing is wider than it may be, however long the names are
SELECT max(length(l)) FROM document, regexp_split_to_table(pii.report_text(replace(replace(d::text,
	'orders', repeat('orders', 30)), 'PUBLIC', repeat(U&'\4E2D', 63))::jsonb), E'\n') l;

-- what is refused
SELECT pii.report('pdf');
SELECT pii.report(NULL);
SELECT pii.report(schemas => '{nowhere}');
SELECT pii.report(schemas => ARRAY['public', NULL]);
SELECT pii.report('sarif', artifact => 'a file.sql');

-- from a live database: names as they are, each exposure with its status
CREATE ROLE regress_pii_reader LOGIN;
CREATE SCHEMA "we;ird ""t""";
CREATE TABLE "we;ird ""t""".people (id int, email text, phone text, note text, born date);
INSERT INTO "we;ird ""t""".people
SELECT i, 'user' || i || '@pg-pii.org', '+49 30 90182' || 100 + i, 'nothing to see', '2000-01-01' FROM generate_series(1, 200) i;
GRANT USAGE ON SCHEMA "we;ird ""t""" TO regress_pii_reader;
GRANT SELECT ON "we;ird ""t""".people TO regress_pii_reader;
SELECT l FROM regexp_split_to_table(pii.report(schemas => '{"we;ird \"t\""}'), E'\n') l WHERE l ~ 'Not known|Tagged columns  ';

CALL pii.scan(schemas => '{"we;ird \"t\""}');
SELECT (d -> 'summary') - '{stale}'::text[] FROM pii.report_data('{"we;ird \"t\""}') d;
SELECT e ->> 'name', e ->> 'severity', e ->> 'status', e ->> 'remedy'
FROM pii.report_data('{"we;ird \"t\""}') d, jsonb_array_elements(d -> 'exposures') e;
SELECT c ->> 'name', c ->> 'source', k - '{region}'::text[]
FROM pii.report_data('{"we;ird \"t\""}') d, jsonb_array_elements(d -> 'columns') c, jsonb_array_elements(c -> 'kinds') k;
SELECT u FROM pii.report_data('{"we;ird \"t\""}') d, jsonb_array_elements(d -> 'unjudged') u;

-- a waiver, an acceptance, a missing label; and violations alone
SELECT pii.label('"we;ird ""t""".people', 'phone', 'phone; waived until 2100-12-31: support, TICKET-9');
INSERT INTO pii.policy (table_schema, allowed, require_label, reason) VALUES ('we;ird "t"', 'medium', true, 'test');
SELECT e ->> 'name', e ->> 'status'
FROM pii.report_data('{"we;ird \"t\""}') d, jsonb_array_elements(d -> 'exposures') e;
SELECT d -> 'missing_labels' -> 0 ->> 'remedy', d -> 'policy' FROM pii.report_data('{"we;ird \"t\""}') d;
SELECT d #>> '{summary,exposures}', jsonb_array_length(d -> 'exposures'), jsonb_array_length(d -> 'columns'), d #> '{scope,only_violations}'
FROM pii.report_data('{"we;ird \"t\""}', only_violations => true) d;
UPDATE pii.policy SET allowed = 'critical', require_label = false WHERE reason = 'test';
SELECT pii.report_verdict(pii.report_data('{"we;ird \"t\""}'));

-- drift since a moment
SELECT d #> '{drift,changes}' = '[]' FROM pii.report_data('{"we;ird \"t\""}', since => now()) d;
ALTER TABLE "we;ird ""t""".people ADD COLUMN mail text DEFAULT 'a@pg-pii.org';
CALL pii.scan(schemas => '{"we;ird \"t\""}');
SELECT c ->> 'change', c ->> 'name' FROM pii.report_data('{"we;ird \"t\""}') d, jsonb_array_elements(d #> '{drift,changes}') c
WHERE c ->> 'object' = 'column' ORDER BY c ->> 'name';

-- no value of a table is in any format
SELECT f, pii.report(f, '{"we;ird \"t\""}') ~* 'user1|@pg-pii|90182|nothing to see'
FROM unnest('{text,markdown,json,sarif,csv,html}'::text[]) f;

-- a schema without tables
CREATE SCHEMA regress_pii_empty;
SELECT l FROM regexp_split_to_table(pii.report(schemas => '{regress_pii_empty}'), E'\n') WITH ORDINALITY AS t (l, n) WHERE n = 3;
SELECT f, length(pii.report(f, '{regress_pii_empty}')) > 100 FROM unnest('{text,markdown,json,sarif,csv,html}'::text[]) f;

DROP SCHEMA regress_pii_empty;
DROP SCHEMA "we;ird ""t""" CASCADE;
DROP ROLE regress_pii_reader;
DELETE FROM pii.policy WHERE reason = 'test';
DELETE FROM pii.scan_run;
