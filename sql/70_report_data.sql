
-- ---------------------------------------------------------------------------
-- Floor 6, policy: what a report tells
-- ---------------------------------------------------------------------------

-- Everything a report says is gathered here, once and by one snapshot, into a
-- jsonb document.  The formats (71 to 74) are pure functions of that document:
-- they read no table, so that a report kept as json can be rendered later.
-- doc/report.schema.json describes the document; what must stay true: names in
-- it are as in the catalogs, unescaped, and no value of a user's table is.

-- Points in time in one form, whatever the session's time zone and datestyle.
CREATE FUNCTION pii.report_time(instant timestamptz) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;
COMMENT ON FUNCTION pii.report_time(timestamptz) IS
'a point in time in ISO 8601, UTC, to the second';
REVOKE ALL ON FUNCTION pii.report_time(timestamptz) FROM PUBLIC;

-- Of one column the kinds of its tag, each with what was counted.  A label
-- names kinds that no scan has found; these have no counts.
CREATE FUNCTION pii.report_kinds(tag pii.tag, findings jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object(
			'kind', t.key,
			'confidence', t.value,
			'verdict', f -> 'verdict',
			'values', f -> 'values',
			'matched', f -> 'matched',
			'whole', f -> 'whole',
			'share', f -> 'share',
			'share_low', f -> 'share_low',
			'share_high', f -> 'share_high',
			'region', f -> 'region') ORDER BY t.key), '[]')
	FROM jsonb_each(tag::jsonb) t
	CROSS JOIN LATERAL (SELECT findings -> t.key) AS g (f)
$$;
COMMENT ON FUNCTION pii.report_kinds(pii.tag, jsonb) IS
'kinds of a tag as a report tells them, with what was counted of each';

-- The scan that pii.columns judged a column by: of the table itself, or of the
-- root of its partition tree.
CREATE FUNCTION pii.report_scan_result(
	relation oid,
	attnum smallint,
	column_name name,
	scanned_at timestamptz
) RETURNS SETOF pii.scan_result
	LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 1
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT r.*
	FROM pii.scan_result r
	WHERE r.scanned_at = $4
		AND r.path IS NULL
		AND (r.relation = $1 AND r.attnum = $2
			OR r.relation = pg_partition_root($1) AND r.column_name = $3)
	LIMIT 1
$$;
COMMENT ON FUNCTION pii.report_scan_result(oid, smallint, name, timestamptz) IS
'the scan that a column is judged by';
REVOKE ALL ON FUNCTION pii.report_scan_result(oid, smallint, name, timestamptz) FROM PUBLIC;

-- One reading of pii.columns gives the counts, the tagged columns in full, and
-- those that were scanned and could not be judged.
CREATE FUNCTION pii.report_columns(schemas text[]) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET jit = off
AS $$
BEGIN
	RETURN (
		WITH c AS MATERIALIZED (
			SELECT *,
				verdict IN ('pii', 'mixed') AND tag::text <> 'none' AS tagged,
				format('%I.%I.%I', table_schema, table_name, column_name) AS name
			FROM pii.columns
			WHERE schemas IS NULL OR table_schema = ANY (schemas::name[])
		)
		SELECT jsonb_build_object(
			'counts', jsonb_build_object(
				'tables', count(DISTINCT c.relation),
				'columns', count(*),
				'tagged', count(*) FILTER (WHERE tagged),
				'pii', count(*) FILTER (WHERE tagged AND c.verdict = 'pii'),
				'mixed', count(*) FILTER (WHERE tagged AND c.verdict = 'mixed'),
				'clean', count(*) FILTER (WHERE c.verdict = 'clean'),
				'unknown', count(*) FILTER (WHERE c.verdict = 'unknown'),
				'unscanned', count(*) FILTER (WHERE c.scanned_at IS NULL AND c.source <> 'label'),
				'stale', count(*) FILTER (WHERE c.stale IS NOT NULL),
				'unlabelled', count(*) FILTER (WHERE tagged AND c.source <> 'label')),
			'tagged', coalesce(jsonb_agg(jsonb_build_object(
				'name', name,
				'table_schema', c.table_schema,
				'table_name', c.table_name,
				'column_name', c.column_name,
				'data_type', c.data_type,
				'verdict', c.verdict,
				'confidence', c.confidence,
				'source', c.source,
				'label', CASE WHEN c.source = 'label' THEN c.evidence END,
				'kinds', pii.report_kinds(c.tag, r.findings),
				'reasons', to_jsonb(coalesce(r.reasons, '{}')),
				'rows_total', r.rows_total,
				'rows_read', r.rows_read,
				'scanned_at', pii.report_time(c.scanned_at),
				'stale', c.stale,
				'waived_until', c.waived_until,
				'paths', p.paths)
				ORDER BY c.table_schema, c.table_name, c.attnum) FILTER (WHERE tagged), '[]'),
			'unjudged', coalesce(jsonb_agg(jsonb_build_object(
				'name', name,
				'table_schema', c.table_schema,
				'table_name', c.table_name,
				'column_name', c.column_name,
				'data_type', c.data_type,
				'why', c.evidence)
				ORDER BY c.table_schema, c.table_name, c.attnum)
				FILTER (WHERE c.verdict = 'unknown' AND c.scanned_at IS NOT NULL), '[]'))
		FROM c
		LEFT JOIN LATERAL pii.report_scan_result(c.relation, c.attnum, c.column_name, c.scanned_at) r ON tagged
		LEFT JOIN LATERAL (
			SELECT jsonb_agg(jsonb_build_object('path', s.path, 'verdict', s.verdict,
				'kinds', pii.report_kinds(s.tag, s.findings)) ORDER BY s.path COLLATE "C") AS paths
			FROM pii.scan_result s
			WHERE s.run_id = r.run_id AND s.relation = r.relation AND s.attnum = r.attnum
				AND s.path IS NOT NULL AND s.verdict IN ('pii', 'mixed')
		) p ON tagged);
END
$$;
COMMENT ON FUNCTION pii.report_columns(text[]) IS
'columns as a report tells them: counts, those tagged, those that could not be judged';
REVOKE ALL ON FUNCTION pii.report_columns(text[]) FROM PUBLIC;

-- Exposures, worst first, each with whether it is waived, accepted by
-- pii.policy, or a violation.
CREATE FUNCTION pii.report_exposures(schemas text[]) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET jit = off
AS $$
BEGIN
	RETURN (
		SELECT coalesce(jsonb_agg(jsonb_build_object(
			'exposure_id', e.exposure_id,
			'name', format('%I.%I.%I', e.table_schema, e.table_name, e.column_name),
			'table_schema', e.table_schema,
			'table_name', e.table_name,
			'column_name', e.column_name,
			'data_type', e.data_type,
			'kinds', to_jsonb(e.tag::text[]),
			'verdict', e.verdict,
			'grantee', e.grantee,
			'path', e.path,
			'derived', e.derived,
			'masked_by', e.masked_by,
			'login_roles', e.login_roles,
			'protection', e.protection,
			'severity', e.severity,
			'reason', e.reason,
			'status', CASE WHEN e.waived_until >= current_date THEN 'waived'
				WHEN j.breaks_policy THEN 'violation' ELSE 'accepted' END,
			'waived_until', e.waived_until,
			'since', pii.report_time(e.since),
			'remedy', e.remedy)
			ORDER BY e.severity DESC, e.table_schema, e.table_name, e.attnum,
				e.grantee, e.path COLLATE "C"), '[]')
		FROM pii.judged_exposure j
		CROSS JOIN LATERAL (SELECT (j.exposure).* OFFSET 0) e
		WHERE schemas IS NULL OR e.table_schema = ANY (schemas::name[]));
END
$$;
COMMENT ON FUNCTION pii.report_exposures(text[]) IS
'exposures as a report tells them, worst first';
REVOKE ALL ON FUNCTION pii.report_exposures(text[]) FROM PUBLIC;

-- Columns that lack the label that pii.policy asks for.
CREATE FUNCTION pii.report_missing_labels(schemas text[]) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET jit = off
AS $$
BEGIN
	RETURN (
		SELECT coalesce(jsonb_agg(jsonb_build_object(
			'violation_id', v.exposure_id,
			'name', format('%I.%I.%I', v.table_schema, v.table_name, v.column_name),
			'table_schema', v.table_schema,
			'table_name', v.table_name,
			'column_name', v.column_name,
			'data_type', v.data_type,
			'kinds', to_jsonb(v.tag::text[]),
			'verdict', v.verdict,
			'remedy', v.remedy)
			ORDER BY v.table_schema, v.table_name, v.attnum), '[]')
		FROM pii.unread_violation v
		WHERE schemas IS NULL OR v.table_schema = ANY (schemas::name[]));
END
$$;
COMMENT ON FUNCTION pii.report_missing_labels(text[]) IS
'columns without the label that the policy asks for, as a report tells them';
REVOKE ALL ON FUNCTION pii.report_missing_labels(text[]) FROM PUBLIC;

-- Tagged columns of each schema, each counted once, by its worst exposure.
CREATE FUNCTION pii.report_schemas(columns jsonb, exposures jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH worst AS (
		SELECT e ->> 'name' AS name, max((e ->> 'severity')::pii.severity) AS severity
		FROM jsonb_array_elements(exposures) e
		GROUP BY 1
	), schema AS (
		SELECT c ->> 'table_schema' AS table_schema,
			count(*) AS tagged,
			count(*) FILTER (WHERE w.severity = 'critical') AS critical,
			count(*) FILTER (WHERE w.severity = 'high') AS high,
			count(*) FILTER (WHERE w.severity = 'medium') AS medium,
			count(*) FILTER (WHERE w.severity = 'low') AS low,
			count(*) FILTER (WHERE w.severity IS NULL) AS none
		FROM jsonb_array_elements(columns) c
		LEFT JOIN worst w ON w.name = c ->> 'name'
		GROUP BY 1
	)
	SELECT coalesce(jsonb_agg(to_jsonb(s)
		ORDER BY s.critical DESC, s.high DESC, s.medium DESC, s.low DESC, s.table_schema COLLATE "C"), '[]')
	FROM schema s
$$;
COMMENT ON FUNCTION pii.report_schemas(jsonb, jsonb) IS
'tagged columns by schema and worst exposure, the worst schema first';

-- What ends the violations, each statement once: one often closes several paths.
CREATE FUNCTION pii.report_remedies(exposures jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object(
			'severity', r.severity,
			'exposures', r.exposures,
			'remedy', r.remedy)
			ORDER BY r.severity DESC, r.exposures DESC, r.remedy COLLATE "C"), '[]')
	FROM (
		SELECT e ->> 'remedy' AS remedy,
			max((e ->> 'severity')::pii.severity) AS severity,
			count(*) AS exposures
		FROM jsonb_array_elements(exposures) e
		WHERE e ->> 'remedy' IS NOT NULL
			AND e ->> 'status' = 'violation'
		GROUP BY 1
	) r
$$;
COMMENT ON FUNCTION pii.report_remedies(jsonb) IS
'statements that end violations, with the worst and the number of the exposures that each closes';

-- Publications and functions of pii.door.
CREATE FUNCTION pii.report_doors(schemas text[]) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET jit = off
AS $$
BEGIN
	RETURN (
		SELECT coalesce(jsonb_agg(jsonb_build_object(
			'name', format('%I.%I.%I', d.table_schema, d.table_name, d.column_name),
			'door', d.door,
			'through', d.name,
			'detail', d.detail,
			'remedy', d.remedy)
			ORDER BY d.table_schema, d.table_name, d.attnum, d.door, d.name COLLATE "C"), '[]')
		FROM pii.door d
		WHERE schemas IS NULL OR d.table_schema = ANY (schemas::name[]));
END
$$;
COMMENT ON FUNCTION pii.report_doors(text[]) IS
'publications that carry tagged columns and functions that read them, as a report tells them';
REVOKE ALL ON FUNCTION pii.report_doors(text[]) FROM PUBLIC;

-- What the last run changed, or what has changed since a moment.  After a first
-- run, without a moment, there is nothing to compare with: what is left then is
-- what calls for attention whenever it began.
CREATE FUNCTION pii.report_drift(schemas text[], since timestamptz) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET jit = off
AS $$
BEGIN
	IF since IS NULL THEN
		SELECT r.started_at INTO since
		FROM pii.scan_run r
		WHERE r.outcome IS NOT NULL AND r.finished_at IS NOT NULL
			AND EXISTS (
				SELECT FROM pii.scan_run p
				WHERE p.run_id < r.run_id AND p.outcome IS NOT NULL AND p.finished_at IS NOT NULL)
		ORDER BY r.run_id DESC
		LIMIT 1;
	END IF;
	RETURN (
		SELECT jsonb_build_object(
			'since', pii.report_time(since),
			'changes', coalesce(jsonb_agg(jsonb_build_object(
				'change', d.change,
				'object', d.object,
				'name', format('%I.%I.%I', d.table_schema, d.table_name, d.column_name),
				'grantee', d.grantee,
				'before', d.before,
				'after', d.after,
				'detail', d.detail,
				'at', pii.report_time(d.at)) ORDER BY d.ordinality), '[]'))
		FROM pii.drift(coalesce(since, now())) WITH ORDINALITY AS d
		WHERE schemas IS NULL OR d.table_schema = ANY (schemas::name[]));
END
$$;
COMMENT ON FUNCTION pii.report_drift(text[], timestamptz) IS
'what has changed, as a report tells it';
REVOKE ALL ON FUNCTION pii.report_drift(text[], timestamptz) FROM PUBLIC;

-- What is being reported on: this database, now, after that scan.
CREATE FUNCTION pii.report_head(schemas text[]) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_build_object(
		'report', 'pg_pii',
		'version', 1,
		'extension_version', (SELECT extversion FROM pg_extension WHERE extname = 'pg_pii'),
		'generated_at', pii.report_time(now()),
		'database', current_database(),
		'server_version', split_part(current_setting('server_version'), ' ', 1),
		'standby', pg_is_in_recovery(),
		'scope', jsonb_build_object('schemas', schemas, 'only_violations', false),
		'scan', (
			SELECT jsonb_build_object(
				'run_id', r.run_id,
				'method', r.method,
				'outcome', r.outcome,
				'started_at', pii.report_time(r.started_at),
				'last_active_at', pii.report_time(coalesce(r.finished_at, r.last_active_at)),
				'tables_total', r.tables_total,
				'tables_done', r.tables_done,
				'tables_failed', r.tables_failed,
				'tables_skipped', r.tables_skipped,
				'rows_read', r.rows_read)
			FROM pii.scan_run r
			-- the gate, too, notes what it samples, without an outcome
			WHERE r.outcome IS NOT NULL OR r.finished_at IS NULL
			ORDER BY r.run_id DESC
			LIMIT 1),
		'policy', (
			SELECT coalesce(jsonb_agg(jsonb_build_object(
				'for', coalesce('schema ' || quote_ident(p.table_schema), 'other schemas'),
				'accepts', CASE WHEN NOT p.no_exposure THEN 'all'
					WHEN p.allowed = 'none' THEN 'none' ELSE 'up to ' || p.allowed END,
				'asks_labels', CASE WHEN p.require_label THEN 'yes' ELSE 'no' END,
				'reason', p.reason) ORDER BY p.table_schema NULLS LAST), '[]')
			FROM pii.policy p))
$$;
COMMENT ON FUNCTION pii.report_head(text[]) IS
'database, time, scope, last scan and policy, as a report tells them';
REVOKE ALL ON FUNCTION pii.report_head(text[]) FROM PUBLIC;

-- The counts of columns, and those of their exposures.
CREATE FUNCTION pii.report_summary(counts jsonb, exposures jsonb, missing_labels jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT counts || jsonb_build_object(
		'exposed', count(DISTINCT e ->> 'name'),
		'exposures', count(*),
		'critical', count(*) FILTER (WHERE e ->> 'severity' = 'critical'),
		'high', count(*) FILTER (WHERE e ->> 'severity' = 'high'),
		'medium', count(*) FILTER (WHERE e ->> 'severity' = 'medium'),
		'low', count(*) FILTER (WHERE e ->> 'severity' = 'low'),
		'waived', count(*) FILTER (WHERE e ->> 'status' = 'waived'),
		'violating', count(*) FILTER (WHERE e ->> 'status' = 'violation'),
		'missing_labels', jsonb_array_length(missing_labels),
		'violations', count(*) FILTER (WHERE e ->> 'status' = 'violation') + jsonb_array_length(missing_labels))
	FROM jsonb_array_elements(exposures) e
$$;
COMMENT ON FUNCTION pii.report_summary(jsonb, jsonb, jsonb) IS 'the counts of a report';

-- Of a document what breaks the policy; the counts still speak of all.
CREATE FUNCTION pii.report_only_violations(document jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH violation AS MATERIALIZED (
		SELECT e, n
		FROM jsonb_array_elements(document -> 'exposures') WITH ORDINALITY AS x (e, n)
		WHERE e ->> 'status' = 'violation'
	), list AS (
		SELECT coalesce(jsonb_agg(e ORDER BY n), '[]') AS exposures FROM violation
	)
	SELECT document || jsonb_build_object(
		'scope', document -> 'scope' || '{"only_violations": true}',
		'exposures', list.exposures,
		'remedies', pii.report_remedies(list.exposures),
		'columns', (
			SELECT coalesce(jsonb_agg(c ORDER BY n), '[]')
			FROM jsonb_array_elements(document -> 'columns') WITH ORDINALITY AS x (c, n)
			WHERE c -> 'name' IN (
				SELECT e -> 'name' FROM violation
				UNION ALL
				SELECT l -> 'name' FROM jsonb_array_elements(document -> 'missing_labels') l)))
	FROM list
$$;
COMMENT ON FUNCTION pii.report_only_violations(jsonb) IS
'a report without the exposures that the policy accepts, and without columns that break nothing';

CREATE FUNCTION pii.report_data(
	schemas text[] DEFAULT NULL,
	since timestamptz DEFAULT NULL,
	only_violations boolean DEFAULT false
) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	columns jsonb;
	exposures jsonb;
	missing_labels jsonb;
	document jsonb;
BEGIN
	PERFORM pii.check_schemas(schemas);
	columns := pii.report_columns(schemas);
	exposures := pii.report_exposures(schemas);
	missing_labels := pii.report_missing_labels(schemas);
	document := pii.report_head(schemas) || jsonb_build_object(
		'summary', pii.report_summary(columns -> 'counts', exposures, missing_labels),
		'schemas', pii.report_schemas(columns -> 'tagged', exposures),
		'exposures', exposures,
		'missing_labels', missing_labels,
		'remedies', pii.report_remedies(exposures),
		'columns', columns -> 'tagged',
		'unjudged', columns -> 'unjudged',
		'doors', pii.report_doors(schemas),
		'drift', pii.report_drift(schemas, since));
	RETURN CASE WHEN only_violations THEN pii.report_only_violations(document) ELSE document END;
END
$$;
COMMENT ON FUNCTION pii.report_data(text[], timestamptz, boolean) IS
'what a report tells, as one document: doc/report.schema.json describes it; drift is counted from since, or from the run before the last';
REVOKE ALL ON FUNCTION pii.report_data(text[], timestamptz, boolean) FROM PUBLIC;
