
-- ---------------------------------------------------------------------------
-- Floor 6, policy: a report for programs: CSV and SARIF
-- ---------------------------------------------------------------------------

-- Both are complete, however long.

-- A spreadsheet runs what begins like a formula, also behind a separator of
-- another country: an apostrophe keeps it from that.
CREATE FUNCTION pii.report_csv_line(VARIADIC fields text[]) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT string_agg(coalesce('"' || replace(regexp_replace(pii.report_plain(f),
			'(^|[;,|"])(\s*)(?=[=+@\uff1d\uff0b\uff0d\uff20-])', '\1\2''', 'g'), '"', '""') || '"', ''), ',' ORDER BY n)
	FROM unnest(fields) WITH ORDINALITY AS u (f, n)
$$;
COMMENT ON FUNCTION pii.report_csv_line(text[]) IS
'a line of CSV, every field quoted and none a formula; NULL is an empty field';

-- Exposures, then missing labels, then tagged columns that nobody else reads.
CREATE FUNCTION pii.report_csv(document jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH col AS MATERIALIZED (
		SELECT c, n, c ->> 'name' AS name
		FROM jsonb_array_elements(document -> 'columns') WITH ORDINALITY AS x (c, n)
	), line AS (
		SELECT 1 AS part, n, e || '{}' AS row, e ->> 'name' AS name
		FROM jsonb_array_elements(document -> 'exposures') WITH ORDINALITY AS x (e, n)
		UNION ALL
		SELECT 2, n, l || '{"severity": "none", "status": "violation", "path": "no label"}', l ->> 'name'
		FROM jsonb_array_elements(document -> 'missing_labels') WITH ORDINALITY AS x (l, n)
		UNION ALL
		SELECT 3, n, '{"severity": "none"}', name
		FROM col
		WHERE name NOT IN (
			SELECT e ->> 'name' FROM jsonb_array_elements(document -> 'exposures') e
			UNION ALL
			SELECT l ->> 'name' FROM jsonb_array_elements(document -> 'missing_labels') l)
	)
	SELECT 'severity,status,table_schema,table_name,column_name,data_type,kinds,verdict,confidence,source,'
		'scanned_at,grantee,path,login_roles,protection,waived_until,since,remedy,exposure_id'
		|| coalesce(string_agg(E'\n' || pii.report_csv_line(
			l.row ->> 'severity', l.row ->> 'status',
			c ->> 'table_schema', c ->> 'table_name', c ->> 'column_name', c ->> 'data_type',
			(SELECT string_agg(k ->> 'kind', ' ') FROM jsonb_array_elements(c -> 'kinds') k),
			c ->> 'verdict', c ->> 'confidence', c ->> 'source', c ->> 'scanned_at',
			l.row ->> 'grantee', l.row ->> 'path', l.row ->> 'login_roles', l.row ->> 'protection',
			c ->> 'waived_until', l.row ->> 'since', l.row ->> 'remedy', l.row ->> 'exposure_id'),
			'' ORDER BY l.part, l.n), '')
	FROM line l
	JOIN col ON col.name = l.name
$$;
COMMENT ON FUNCTION pii.report_csv(jsonb) IS
'a report as CSV: a line per exposure, per missing label, and per tagged column without either';

-- In the messages of SARIF braces and brackets are markup.
CREATE FUNCTION pii.report_sarif_text(value text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT regexp_replace(regexp_replace(pii.report_plain(value), '([][\\])', '\\\1', 'g'), '([{}])', '\1\1', 'g')
$$;
COMMENT ON FUNCTION pii.report_sarif_text(text) IS 'a text for a message of SARIF';

CREATE FUNCTION pii.report_sarif_rules() RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_agg(jsonb_build_object(
		'id', id,
		'name', name,
		'shortDescription', jsonb_build_object('text', short),
		'fullDescription', jsonb_build_object('text', long),
		'help', jsonb_build_object('text', help),
		'defaultConfiguration', jsonb_build_object('level', level),
		'properties', '{"tags": ["security", "privacy"]}'::jsonb) ORDER BY id)
	FROM (VALUES
		('PII001', 'ExposedColumn', 'error', 'Personal data can be read by an untrusted role.',
			'A role other than the owner, superusers and trusted roles can read a column that holds e-mail addresses or phone numbers.',
			'Run the remedy, trust the role in pii.trusted_roles, accept the severity in pii.policy, or waive it with a label until a day.'),
		('PII002', 'UnlabelledColumn', 'warning', 'A column with personal data has no label.',
			'pii.policy asks for a label on every column that is judged to hold e-mail addresses or phone numbers.',
			'Label the column with its kinds, or with none if it holds nothing of the kind.'),
		('PII003', 'OpenDoor', 'warning', 'Personal data leaves by a door that has no reader to check.',
			'A publication carries the column, or a SECURITY DEFINER function reads it.',
			'Leave the column out of the publication, or revoke EXECUTE on the function.')
	) AS rule (id, name, level, short, long, help)
$$;
COMMENT ON FUNCTION pii.report_sarif_rules() IS 'the rules that results in SARIF refer to';

-- One result.  Code hosts show only what stands in a file, hence the artifact.
CREATE FUNCTION pii.report_sarif_result(
	rule integer,
	level text,
	message text,
	fingerprint text,
	finding jsonb,
	artifact text
) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object(
		'ruleId', 'PII00' || rule + 1,
		'ruleIndex', rule,
		'level', level,
		'message', jsonb_build_object('text', message),
		'locations', jsonb_build_array(jsonb_build_object(
			'physicalLocation', CASE WHEN artifact IS NOT NULL THEN jsonb_build_object(
				'artifactLocation', jsonb_build_object('uri', artifact),
				'region', jsonb_build_object('startLine', 1)) END,
			'logicalLocations', jsonb_build_array(jsonb_build_object(
				'name', coalesce(finding ->> 'column_name', finding ->> 'name'),
				'fullyQualifiedName', finding ->> 'name',
				'kind', 'column')))),
		'partialFingerprints', jsonb_build_object(
			'exposureId/v1', fingerprint,
			'primaryLocationLineHash', fingerprint),
		'suppressions', CASE finding ->> 'status'
			WHEN 'waived' THEN jsonb_build_array(jsonb_build_object('kind', 'external', 'status', 'accepted',
				'justification', 'waived by a label until ' || (finding ->> 'waived_until')))
			WHEN 'accepted' THEN '[{"kind": "external", "status": "accepted", "justification": "accepted by pii.policy"}]' END,
		'properties', finding))
$$;
COMMENT ON FUNCTION pii.report_sarif_result(integer, text, text, text, jsonb, text) IS 'one result in SARIF';

CREATE FUNCTION pii.report_sarif_results(document jsonb, artifact text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_agg(r.result ORDER BY r.rule, r.n), '[]')
	FROM (
		SELECT 0 AS rule, n, pii.report_sarif_result(0,
			CASE e ->> 'severity' WHEN 'low' THEN 'note' WHEN 'medium' THEN 'warning' ELSE 'error' END,
			pii.report_sarif_text(format('%s can read %s (%s): %s. Severity %s: %s.%s',
				e ->> 'grantee', e ->> 'name',
				(SELECT string_agg(k, ', ') FROM jsonb_array_elements_text(e -> 'kinds') k),
				e ->> 'path', e ->> 'severity', e ->> 'reason', ' Remedy: ' || (e ->> 'remedy'))),
			e ->> 'exposure_id', e, artifact) AS result
		FROM jsonb_array_elements(document -> 'exposures') WITH ORDINALITY AS x (e, n)
		UNION ALL
		SELECT 1, n, pii.report_sarif_result(1, 'warning',
			pii.report_sarif_text(format('%s has no label. Remedy: %s', l ->> 'name', l ->> 'remedy')),
			l ->> 'violation_id', l, artifact)
		FROM jsonb_array_elements(document -> 'missing_labels') WITH ORDINALITY AS x (l, n)
		UNION ALL
		SELECT 2, n, pii.report_sarif_result(2, 'warning',
			pii.report_sarif_text(concat_ws(' ', format('%s leaves by %s %s.', d ->> 'name', d ->> 'door', d ->> 'through'),
				'Remedy: ' || (d ->> 'remedy'))),
			md5(concat_ws('|', d ->> 'name', d ->> 'door', d ->> 'through')), d, artifact)
		FROM jsonb_array_elements(document -> 'doors') WITH ORDINALITY AS x (d, n)) r
$$;
COMMENT ON FUNCTION pii.report_sarif_results(jsonb, text) IS 'exposures, missing labels and open doors as results in SARIF';

CREATE FUNCTION pii.report_sarif(document jsonb, artifact text DEFAULT NULL) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_pretty(jsonb_build_object(
		'$schema', 'https://json.schemastore.org/sarif-2.1.0.json',
		'version', '2.1.0',
		'runs', jsonb_build_array(jsonb_build_object(
			'tool', jsonb_build_object('driver', jsonb_build_object(
				'name', 'pg_pii',
				'version', document ->> 'extension_version',
				'rules', pii.report_sarif_rules())),
			'automationDetails', jsonb_build_object('id', format('pg_pii/%s/', document ->> 'database')),
			'invocations', jsonb_build_array(jsonb_build_object(
				'executionSuccessful', true,
				'endTimeUtc', document ->> 'generated_at',
				'toolExecutionNotifications', (
					SELECT coalesce(jsonb_agg(jsonb_build_object('level', 'note', 'message', jsonb_build_object(
						'text', pii.report_sarif_text(format('Not known: %s, for example %s: %s',
							pii.count_of((u ->> 0)::bigint, 'column'), u ->> 2, u ->> 1))))), '[]')
					FROM jsonb_array_elements(pii.report_unjudged_rows(document -> 'unjudged')) u))),
			'columnKind', 'unicodeCodePoints',
			'properties', document -> 'summary',
			'results', pii.report_sarif_results(document, artifact)))))
$$;
COMMENT ON FUNCTION pii.report_sarif(jsonb, text) IS
'a report as SARIF 2.1.0; artifact is a file of the repository for results to point to';
