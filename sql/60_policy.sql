
-- ---------------------------------------------------------------------------
-- Floor 6, policy: what is allowed, and what breaks it
-- ---------------------------------------------------------------------------

-- Without a row nothing is accepted, and no label is asked for.
CREATE TABLE pii.policy (
	table_schema name,
	allowed pii.severity NOT NULL DEFAULT 'none',
	reason text,
	no_exposure boolean NOT NULL DEFAULT true,
	require_label boolean NOT NULL DEFAULT false,
	CONSTRAINT one_policy_per_schema UNIQUE NULLS NOT DISTINCT (table_schema)
);
COMMENT ON TABLE pii.policy IS
'what is asked of columns with personal data, by schema; where there is no row, that nobody untrusted can read them';
COMMENT ON COLUMN pii.policy.table_schema IS
'schema that it is for; null for all that have no row of their own';
COMMENT ON COLUMN pii.policy.allowed IS 'the worst severity of an exposure that is accepted';
COMMENT ON COLUMN pii.policy.reason IS 'why';
COMMENT ON COLUMN pii.policy.no_exposure IS
'rule: no untrusted role may read a column judged pii or mixed, beyond what is allowed';
COMMENT ON COLUMN pii.policy.require_label IS
'rule: a column judged pii or mixed must carry a label';
REVOKE ALL ON pii.policy FROM PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('pii.policy', '');

-- What must stay true: each branch gives relation as it finds it in the
-- catalog, so that a filter on it is answered from there.
CREATE VIEW pii.judged_exposure AS
SELECT e AS exposure,
	   coalesce(s.no_exposure, d.no_exposure, true)
	   AND e.severity > coalesce(s.allowed, d.allowed, 'none')
	   AND (e.waived_until IS NULL OR e.waived_until < current_date) AS breaks_policy
FROM pii.exposure e
LEFT JOIN pii.policy s ON s.table_schema = e.table_schema
LEFT JOIN pii.policy d ON d.table_schema IS NULL AND s.allowed IS NULL;

COMMENT ON VIEW pii.judged_exposure IS
'every exposure, and whether it breaks the policy: for what asks for both at once';
COMMENT ON COLUMN pii.judged_exposure.exposure IS 'row of pii.exposure';
COMMENT ON COLUMN pii.judged_exposure.breaks_policy IS
'whether it is worse than pii.policy accepts, and not waived by a label';
REVOKE ALL ON pii.judged_exposure FROM PUBLIC;

CREATE VIEW pii.unread_violation AS
SELECT md5(format('%I.%I.%I|no label', c.table_schema, c.table_name, c.column_name))::uuid AS exposure_id,
	   c.table_schema, c.table_name, c.column_name, c.data_type, c.tag,
	   c.verdict, c.evidence,
	   NULL::name AS grantee, 'no label' AS path,
	   NULL::integer AS login_roles, NULL::text AS protection,
	   'none'::pii.severity AS severity,
	   'the policy asks for a label on every column with personal data' AS reason,
	   NULL::date AS waived_until, NULL::timestamptz AS since,
	   format('SECURITY LABEL FOR pii ON COLUMN %I.%I.%I IS %L;',
			  c.table_schema, c.table_name, c.column_name,
			  array_to_string(c.tag::text[], ',')) AS remedy,
	   c.relation, c.attnum, NULL::regclass AS via, NULL::boolean AS derived, NULL::text AS masked_by,
	   'require_label' AS rule
FROM pii.columns c
JOIN pg_class t ON t.oid = c.relation
LEFT JOIN pii.policy s ON s.table_schema = c.table_schema
LEFT JOIN pii.policy d ON d.table_schema IS NULL AND s.allowed IS NULL
WHERE coalesce(s.require_label, d.require_label)
  -- asked once, before any column is looked at
  AND EXISTS (SELECT FROM pii.policy WHERE require_label)
  AND c.verdict IN ('pii', 'mixed')
  AND c.tag::text <> 'none'
  AND c.source <> 'label'
  -- a partition takes the label of its root
  AND NOT t.relispartition;

COMMENT ON VIEW pii.unread_violation IS
'what breaks the policy though nobody can read it for that: columns that miss the label it asks for';
REVOKE ALL ON pii.unread_violation FROM PUBLIC;

CREATE VIEW pii.violations AS
SELECT (j.exposure).*, 'no_exposure' AS rule
FROM pii.judged_exposure j
WHERE j.breaks_policy
UNION ALL
SELECT * FROM pii.unread_violation;

COMMENT ON VIEW pii.violations IS
'what breaks the policy now: exposures worse than it accepts and not waived by a label, and columns that miss the label it asks for';
COMMENT ON COLUMN pii.violations.grantee IS 'who can read the column; null where only a label is missing';
COMMENT ON COLUMN pii.violations.path IS 'how the grantee can; or "no label"';
COMMENT ON COLUMN pii.violations.remedy IS 'SQL that ends this violation';
COMMENT ON COLUMN pii.violations.rule IS 'the rule of pii.policy that it breaks: no_exposure or require_label';
REVOKE ALL ON pii.violations FROM PUBLIC;

CREATE FUNCTION pii.violations_of(relations oid[]) RETURNS SETOF pii.violations
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
AS $$
	SELECT * FROM pii.violations WHERE relation = ANY (relations)
$$;
COMMENT ON FUNCTION pii.violations_of(oid[]) IS 'the violations on columns of these relations';
REVOKE ALL ON FUNCTION pii.violations_of(oid[]) FROM PUBLIC;

-- Every text is bounded.  The bound is far: what a refused transaction would
-- have left can be looked up nowhere else.  What stands behind "or" passes by
-- itself.
CREATE FUNCTION pii.describe_violations(
	found pii.violations[],
	OUT message text,
	OUT detail text,
	OUT hint text
)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH broken AS (
		SELECT format('%I.%I.%I', f.table_schema, f.table_name, f.column_name) AS name,
			f.tag, f.evidence, f.rule, f.remedy,
			f.grantee || ' (' || f.path || ')' AS reader,
			dense_rank() OVER of_column AS reader_number,
			-- a partition may be published by itself and with its root
			row_number() OVER (
				PARTITION BY f.relation, f.attnum, f.rule, f.grantee, f.path
				ORDER BY f.severity DESC) = 1 AS is_first,
			dense_rank() OVER (ORDER BY f.table_schema, f.table_name, f.attnum, f.relation) AS number
		FROM unnest(found) f
		WINDOW of_column AS (
			PARTITION BY f.relation, f.attnum
			ORDER BY f.severity DESC, f.grantee COLLATE "C", f.path COLLATE "C")
	), col AS (
		SELECT b.number, b.name,
			array_to_string(b.tag::text[], ',') AS kinds,
			(SELECT string_agg(format('%s %s', t.key, round(t.value::numeric, 2)), ', ' ORDER BY t.key COLLATE "C")
				FROM jsonb_each_text(b.tag::jsonb) t) AS confidences,
			CASE
				WHEN (pii.parse_label(b.evidence)).tag IS NOT NULL THEN 'as labelled'
				WHEN b.evidence = 'not scanned' THEN 'by its name'
				ELSE left(b.evidence, 200)
			END AS evidence,
			string_agg(b.reader, ', ' ORDER BY b.reader_number)
				FILTER (WHERE b.rule = 'no_exposure' AND b.is_first AND b.reader_number <= 5) AS readers,
			count(*) FILTER (WHERE b.rule = 'no_exposure' AND b.is_first) - 5 AS more_readers,
			bool_or(b.rule = 'require_label') AS lacks_label
		FROM broken b
		WHERE b.number <= 100
		GROUP BY b.number, b.name, b.tag, b.evidence
	), total AS (
		SELECT max(number) AS columns, max(number) - 100 AS more,
			bool_or(rule = 'no_exposure') AS is_exposed
		FROM broken
	), remedy AS (
		SELECT b.rule, b.remedy, min(b.number) AS number
		FROM broken b
		WHERE b.number <= 100 AND b.remedy IS NOT NULL
		GROUP BY b.rule, b.remedy
		ORDER BY min(b.number), b.remedy COLLATE "C"
		LIMIT 300
	)
	SELECT 'personal data is not protected in '
			|| CASE t.columns WHEN 1 THEN 'column ' ELSE t.columns || ' columns: ' END
			|| (SELECT string_agg(c.name, ', ' ORDER BY c.number) FROM col c WHERE c.number <= 5)
			|| CASE WHEN t.columns > 5 THEN ' and ' || t.columns - 5 || ' more' ELSE '' END,
		(SELECT string_agg(format('%s holds %s (%s): %s.', c.name, c.confidences, c.evidence,
				concat_ws('; ',
					'readable by ' || c.readers
						|| CASE WHEN c.more_readers > 0 THEN ' and ' || c.more_readers || ' more' ELSE '' END,
					CASE WHEN c.lacks_label THEN 'it has no label, and the policy asks for one' END)),
				E'\n' ORDER BY c.number)
			FROM col c)
			|| CASE WHEN t.more > 0 THEN format(E'\nand %s more columns.', t.more) ELSE '' END,
		concat_ws(E'\n',
			'Close the path:' || (
				SELECT string_agg(E'\n  ' || r.remedy, '' ORDER BY r.number, r.remedy COLLATE "C")
				FROM remedy r WHERE r.rule = 'no_exposure'),
			CASE WHEN bool_and(c.readers IS NULL) THEN 'Label it:' ELSE 'and label it:' END || (
				SELECT string_agg(E'\n  ' || r.remedy, '' ORDER BY r.number, r.remedy COLLATE "C")
				FROM remedy r WHERE r.rule = 'require_label'),
			'or say that it holds nothing of the kind:' || string_agg(
				format(E'\n  SECURITY LABEL FOR pii ON COLUMN %s IS %L;', c.name, 'none'), '' ORDER BY c.number),
			'or accept it until a day, for a reason:' || string_agg(
				format(E'\n  SECURITY LABEL FOR pii ON COLUMN %s IS %L;', c.name,
					c.kinds || CASE WHEN c.readers IS NULL THEN ''
						ELSE to_char(current_date + 90, '"; waived until "YYYY-MM-DD": reason"') END),
				'' ORDER BY c.number) FILTER (WHERE t.is_exposed))
	FROM total t CROSS JOIN col c
	GROUP BY t.columns, t.more, t.is_exposed
$$;
COMMENT ON FUNCTION pii.describe_violations(pii.violations[]) IS
'one error about these violations: what they are, and the SQL that would end them; nulls if there are none';
REVOKE ALL ON FUNCTION pii.describe_violations(pii.violations[]) FROM PUBLIC;

CREATE FUNCTION pii.raise(
	level text,
	message text,
	detail text DEFAULT NULL,
	hint text DEFAULT NULL,
	state text DEFAULT 'PII01'
) RETURNS void
	AS 'MODULE_PATHNAME', 'pii_raise' LANGUAGE C VOLATILE PARALLEL SAFE;
COMMENT ON FUNCTION pii.raise(text, text, text, text, text) IS
'raises an error, or a warning, of an SQLSTATE of ours: PII01 where personal data is unprotected';
REVOKE ALL ON FUNCTION pii.raise(text, text, text, text, text) FROM PUBLIC;

CREATE FUNCTION pii.raise_violations(found pii.violations[], level text DEFAULT 'error') RETURNS void
	LANGUAGE sql VOLATILE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT pii.raise(level, d.message, d.detail, d.hint)
	FROM pii.describe_violations(found) d
	WHERE d.message IS NOT NULL
$$;
COMMENT ON FUNCTION pii.raise_violations(pii.violations[], text) IS
'raises one error, or one warning, of SQLSTATE PII01 about these violations, if there are any';
REVOKE ALL ON FUNCTION pii.raise_violations(pii.violations[], text) FROM PUBLIC;
