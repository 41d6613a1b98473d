
-- ---------------------------------------------------------------------------
-- Floor 6, policy: what has changed
-- ---------------------------------------------------------------------------

-- A verdict and its kinds in one word or two, as pii.drift shows them.
CREATE FUNCTION pii.describe_verdict(verdict text, tag pii.tag) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT $1 || coalesce(' ' || nullif($2::text, 'none'), '')
$$;
COMMENT ON FUNCTION pii.describe_verdict(text, pii.tag) IS
'a verdict and its kinds in one text, such as "pii email:0.99"';

-- In what two verdicts on one column differ enough to be told: kinds, a
-- confidence by 0.2, a share by more than chance explains, a region.
CREATE FUNCTION pii.describe_change(
	old_verdict text,
	old_tag pii.tag,
	old_confidence real,
	old_findings jsonb,
	new_verdict text,
	new_tag pii.tag,
	new_confidence real,
	new_findings jsonb
) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT nullif(concat_ws('; ',
		CASE WHEN old_verdict <> new_verdict
			THEN format('verdict: %s, was %s', new_verdict, old_verdict) END,
		CASE WHEN NOT (old_tag::text[] @> new_tag::text[] AND old_tag::text[] <@ new_tag::text[])
			THEN format('kinds: %s, were %s',
				coalesce(nullif(array_to_string(new_tag::text[], ', '), ''), 'none'),
				coalesce(nullif(array_to_string(old_tag::text[], ', '), ''), 'none')) END,
		CASE WHEN abs(old_confidence - new_confidence) >= 0.2
			THEN format('confidence: %s, was %s', round(new_confidence::numeric, 2), round(old_confidence::numeric, 2)) END,
		(
			SELECT string_agg(nullif(concat_ws('; ',
				-- neither share within the other's interval, and not by a hair
				CASE WHEN abs(n.share - o.share) >= 0.02
					AND n.share NOT BETWEEN o.share_low AND o.share_high
					AND o.share NOT BETWEEN n.share_low AND n.share_high
				THEN format('share of %s: %s %%, was %s %%', kind,
					round((100 * n.share)::numeric, 1), round((100 * o.share)::numeric, 1)) END,
				CASE WHEN n.region <> o.region
				THEN format('region of %s: %s, was %s', kind, n.region, o.region) END), ''), '; ' ORDER BY kind)
			FROM jsonb_object_keys(new_findings) kind
			CROSS JOIN LATERAL jsonb_to_record(old_findings -> kind)
				AS o (share float8, share_low float8, share_high float8, region text)
			CROSS JOIN LATERAL jsonb_to_record(new_findings -> kind)
				AS n (share float8, share_low float8, share_high float8, region text)
		)), '')
$$;
COMMENT ON FUNCTION pii.describe_change(text, pii.tag, real, jsonb, text, pii.tag, real, jsonb) IS
'in what two verdicts on one column differ: verdict, kinds, confidence, share, region; NULL if in nothing worth telling';

-- The result that speaks for each column at a moment, as pii.columns chooses
-- it: one that read values, and of those the newest.  A scan that failed does
-- not hide what was known.
CREATE FUNCTION pii.results_at(moment timestamptz) RETURNS SETOF pii.scan_result
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT DISTINCT ON (r.relation, r.attnum) r.*
	FROM pii.scan_result r
	WHERE r.path IS NULL AND r.attnum > 0 AND r.scanned_at <= moment
		AND (r.gone_at IS NULL OR r.gone_at > moment)
	ORDER BY r.relation, r.attnum, r.rows_read IS NULL, r.error IS NOT NULL, r.scanned_at DESC
$$;
COMMENT ON FUNCTION pii.results_at(timestamptz) IS
'for each column the result that spoke for it at a moment';
REVOKE ALL ON FUNCTION pii.results_at(timestamptz) FROM PUBLIC;

-- What columns were then and are now.  A table that was dropped and made anew
-- under its name is the same table, and one that was renamed is, too.
CREATE FUNCTION pii.column_drift(
	since timestamptz,
	OUT change text,
	OUT table_schema name,
	OUT table_name name,
	OUT column_name name,
	OUT before text,
	OUT after text,
	OUT detail text,
	OUT at timestamptz
) RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH present AS MATERIALIZED (
		SELECT r.*
		FROM pii.results_at('infinity') r
		JOIN pii.user_table u ON u.relation = r.relation
		JOIN pg_attribute a ON a.attrelid = r.relation AND a.attnum = r.attnum AND NOT a.attisdropped
	), past AS MATERIALIZED (
		SELECT r.*, coalesce(p.relation, n.relation, r.relation) AS same_relation,
			CASE WHEN p.relation IS NOT NULL THEN p.attnum
				ELSE coalesce(n.attnum, r.attnum) END AS same_attnum
		FROM pii.results_at(since) r
		LEFT JOIN present p ON (p.relation, p.attnum) = (r.relation, r.attnum)
		LEFT JOIN present n ON p.relation IS NULL
			AND (n.table_schema, n.table_name, n.column_name) = (r.table_schema, r.table_name, r.column_name)
	)
	SELECT CASE WHEN o.relation IS NULL THEN 'NEW' WHEN n.relation IS NULL THEN 'GONE' ELSE 'CHANGED' END,
		coalesce(n.table_schema, o.table_schema),
		coalesce(n.table_name, o.table_name),
		coalesce(n.column_name, o.column_name),
		pii.describe_verdict(o.verdict, o.tag),
		pii.describe_verdict(n.verdict, n.tag),
		CASE
			WHEN o.relation IS NULL THEN coalesce(n.error, array_to_string(n.reasons, '; '))
			WHEN n.relation IS NULL THEN 'the column is no longer there'
			ELSE pii.describe_change(o.verdict, o.tag, o.confidence, o.findings,
				n.verdict, n.tag, n.confidence, n.findings)
		END,
		CASE WHEN n.relation IS NULL THEN coalesce(o.gone_at, now()) ELSE n.scanned_at END
	FROM past o
	FULL JOIN present n ON (n.relation, n.attnum) = (o.same_relation, o.same_attnum)
	WHERE o.relation IS NULL OR n.relation IS NULL
		OR (n.scanned_at > since AND pii.describe_change(o.verdict, o.tag, o.confidence, o.findings,
			n.verdict, n.tag, n.confidence, n.findings) IS NOT NULL)
$$;
COMMENT ON FUNCTION pii.column_drift(timestamptz) IS
'columns whose scans say other than they did: NEW, CHANGED or GONE';
REVOKE ALL ON FUNCTION pii.column_drift(timestamptz) FROM PUBLIC;

-- Labels that the values speak against.  Empty columns, and those that only
-- statistics or names were asked about, speak against nothing.
CREATE FUNCTION pii.label_drift(
	OUT table_schema name,
	OUT table_name name,
	OUT column_name name,
	OUT before text,
	OUT after text,
	OUT detail text,
	OUT at timestamptz
) RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH labelled AS MATERIALIZED (
		SELECT c.*, CASE WHEN t.relispartition THEN pg_partition_root(c.relation)::oid ELSE c.relation END AS scanned
		FROM pii.columns c
		JOIN pg_class t ON t.oid = c.relation
		WHERE c.source = 'label'
	)
	SELECT c.table_schema, c.table_name, c.column_name, c.evidence,
		pii.describe_verdict(r.verdict, r.tag),
		concat_ws('; ',
			(SELECT string_agg(format('labelled %s, and no value of %s holds one', kind, r.findings -> kind ->> 'values'), '; ')
				FROM unnest(c.tag::text[]) kind
				WHERE r.method <> 'statistics'
					AND (r.findings -> kind ->> 'matched')::bigint = 0
					AND (r.findings -> kind ->> 'values')::bigint > 0),
			(SELECT string_agg(format('not labelled %s, and %s of %s values hold one', kind,
					r.findings -> kind ->> 'matched', r.findings -> kind ->> 'values'), '; ')
				FROM unnest(r.tag::text[]) kind
				WHERE NOT kind = ANY (c.tag::text[])
					AND (r.findings -> kind ->> 'matched')::bigint > 0)),
		r.scanned_at
	FROM labelled c
	JOIN pii.results_at('infinity') r ON r.relation = c.scanned AND r.column_name = c.column_name
	WHERE r.method IN ('statistics', 'sample', 'full')
$$;
COMMENT ON FUNCTION pii.label_drift() IS
'labelled columns with what their values say beside it; detail is empty where they agree';
REVOKE ALL ON FUNCTION pii.label_drift() FROM PUBLIC;

CREATE FUNCTION pii.drift(
	since timestamptz,
	OUT change text,
	OUT object text,
	OUT table_schema name,
	OUT table_name name,
	OUT column_name name,
	OUT grantee name,
	OUT before text,
	OUT after text,
	OUT detail text,
	OUT at timestamptz
) RETURNS SETOF record
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH told AS (
		SELECT 1 AS rank, 'OPENED' AS change, 'exposure' AS object, e.table_schema, e.table_name, e.column_name,
			e.grantee, NULL AS before, e.severity::text AS after, e.path AS detail, e.opened_at AS at
		FROM pii.exposure_seen e
		WHERE e.opened_at > since
		UNION ALL
		SELECT 2, 'CLOSED', 'exposure', e.table_schema, e.table_name, e.column_name,
			e.grantee, e.severity::text, NULL, e.path, e.closed_at
		FROM pii.exposure_seen e
		WHERE e.closed_at > since
		UNION ALL
		SELECT 3, 'DISAGREES', 'label', l.table_schema, l.table_name, l.column_name,
			NULL, l.before, l.after, l.detail, l.at
		FROM pii.label_drift() l
		WHERE l.detail <> ''
		UNION ALL
		SELECT CASE WHEN coalesce(c.after, c.before) ~ '^(pii|mixed)' THEN 4 ELSE 5 END,
			c.change, 'column', c.table_schema, c.table_name, c.column_name,
			NULL, c.before, c.after, c.detail, c.at
		FROM pii.column_drift(since) c
		UNION ALL
		SELECT 6, 'STALE', 'column', c.table_schema, c.table_name, c.column_name,
			NULL, pii.describe_verdict(c.verdict, c.tag), NULL, c.stale, c.scanned_at
		FROM pii.columns c
		WHERE c.stale IS NOT NULL
	)
	SELECT t.change, t.object, t.table_schema, t.table_name, t.column_name,
		t.grantee, t.before, t.after, t.detail, t.at
	FROM told t
	ORDER BY t.rank, t.table_schema, t.table_name, t.column_name, t.grantee, t.change, t.detail COLLATE "C"
$$;
COMMENT ON FUNCTION pii.drift(timestamptz) IS
'what has changed since a moment: columns NEW, CHANGED or GONE, exposures OPENED or CLOSED; and what calls for attention whenever it began: labels that DISAGREE with the values, results that are STALE';
REVOKE ALL ON FUNCTION pii.drift(timestamptz) FROM PUBLIC;

CREATE FUNCTION pii.drift(
	since_run bigint DEFAULT NULL,
	OUT change text,
	OUT object text,
	OUT table_schema name,
	OUT table_name name,
	OUT column_name name,
	OUT grantee name,
	OUT before text,
	OUT after text,
	OUT detail text,
	OUT at timestamptz
) RETURNS SETOF record
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	moment timestamptz;
BEGIN
	IF since_run IS NULL THEN
		-- before the newest run that was done
		SELECT r.started_at INTO moment FROM pii.scan_run r
		WHERE r.finished_at IS NOT NULL
		ORDER BY r.run_id DESC LIMIT 1;
	ELSE
		SELECT coalesce(r.finished_at, r.last_active_at) INTO moment FROM pii.scan_run r
		WHERE r.run_id = since_run;
		IF NOT FOUND THEN
			RAISE EXCEPTION 'run % is not in the history', since_run
				USING ERRCODE = 'undefined_object',
					HINT = 'SELECT run_id, started_at FROM pii.scan_run lists the runs that are.';
		END IF;
	END IF;
	RETURN QUERY SELECT * FROM pii.drift(moment);
END
$$;
COMMENT ON FUNCTION pii.drift(bigint) IS
'what has changed since a run of pii.scan ended, or, without a number, what the last one brought';
REVOKE ALL ON FUNCTION pii.drift(bigint) FROM PUBLIC;

-- An untyped literal arrives here, whichever of the two it means.
CREATE FUNCTION pii.drift(
	since text,
	OUT change text,
	OUT object text,
	OUT table_schema name,
	OUT table_name name,
	OUT column_name name,
	OUT grantee name,
	OUT before text,
	OUT after text,
	OUT detail text,
	OUT at timestamptz
) RETURNS SETOF record
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	moment timestamptz;
BEGIN
	IF since ~ '^\s*[0-9]{1,18}\s*$' THEN
		RETURN QUERY SELECT * FROM pii.drift(since::bigint);
		RETURN;
	END IF;
	BEGIN
		moment := since::timestamptz;
	EXCEPTION WHEN data_exception THEN
		BEGIN
			moment := now() - since::interval;
		EXCEPTION WHEN data_exception THEN
			RAISE EXCEPTION 'not a moment, an interval or the number of a run: "%"', since
				USING ERRCODE = 'invalid_parameter_value',
					HINT = 'For example: ''2026-01-31'', ''7 days'', or 12.';
		END;
	END;
	RETURN QUERY SELECT * FROM pii.drift(moment);
END
$$;
COMMENT ON FUNCTION pii.drift(text) IS
'what has changed since a moment, for an interval such as 7 days, or since a run of pii.scan';
REVOKE ALL ON FUNCTION pii.drift(text) FROM PUBLIC;
