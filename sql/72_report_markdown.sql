
-- ---------------------------------------------------------------------------
-- Floor 6, policy: a report as Markdown, for a comment on a pull request
-- ---------------------------------------------------------------------------

-- Whatever a user can choose stands in a code span, where nothing is markup, a
-- mention or a link.  The fence is longer than any run of backticks inside;
-- only the pipe, which would end a table's cell, is escaped.
CREATE FUNCTION pii.report_code(value text, width integer DEFAULT 80) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT f.fence || p.pad || replace(t.plain, '|', '\|') || p.pad || f.fence
	FROM (VALUES (pii.report_fit(value, width))) AS t (plain)
	CROSS JOIN LATERAL (
		SELECT repeat('`', 1 + coalesce(max(length(m[1])), 0)) AS fence
		FROM regexp_matches(t.plain, '(`+)', 'g') m) f
	-- a backtick at an end would join the fence; of a pair of blanks, each
	-- loses one
	CROSS JOIN LATERAL (VALUES (CASE WHEN t.plain ~ '^[` ]|[` ]$' THEN ' ' ELSE '' END)) AS p (pad)
	WHERE t.plain <> ''
$$;
COMMENT ON FUNCTION pii.report_code(text, integer) IS
'a text as a code span of Markdown that is safe in a table''s cell; NULL for the empty text';

-- heads tells what to do with a column: "`name": a code span; "#name": a
-- number, to the right; else as it is, where it is but words and numbers.
CREATE FUNCTION pii.report_markdown_table(heads text[], body jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT concat_ws(E'\n',
		(SELECT '| ' || string_agg(ltrim(h, '#`'), ' | ' ORDER BY n) || ' |'
			FROM unnest(heads) WITH ORDINALITY AS u (h, n)),
		(SELECT '|' || string_agg(CASE WHEN h LIKE '#%' THEN '--:' ELSE '---' END, '|' ORDER BY n) || '|'
			FROM unnest(heads) WITH ORDINALITY AS u (h, n)),
		(SELECT string_agg('| ' || l.line || ' |', E'\n' ORDER BY n)
			FROM jsonb_array_elements(body) WITH ORDINALITY AS x (r, n)
			CROSS JOIN LATERAL (
				SELECT string_agg(coalesce(CASE
						WHEN h LIKE '`%' OR r ->> i::integer - 1 ~ '[^A-Za-z0-9 ,.:;()%-]'
						THEN pii.report_code(r ->> i::integer - 1)
						ELSE r ->> i::integer - 1 END, ''), ' | ' ORDER BY i) AS line
				FROM unnest(heads) WITH ORDINALITY AS u (h, i)) l))
$$;
COMMENT ON FUNCTION pii.report_markdown_table(text[], jsonb) IS 'a table in Markdown';

-- Statements as a block of code, its fence longer than any inside.
CREATE FUNCTION pii.report_markdown_sql(remedies jsonb, max_rows integer) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT f.fence || E'sql\n' || t.lines || E'\n' || f.fence
	FROM (
		SELECT string_agg(pii.report_plain(r ->> 'remedy'), E'\n' ORDER BY n) AS lines
		FROM jsonb_array_elements(remedies) WITH ORDINALITY AS x (r, n)
		WHERE n <= max_rows) t
	CROSS JOIN LATERAL (
		SELECT repeat('`', greatest(3, 1 + max(length(m[1])))) AS fence
		FROM regexp_matches(t.lines, '(`+)', 'g') m) f
$$;
COMMENT ON FUNCTION pii.report_markdown_sql(jsonb, integer) IS
'the first remedies of a report as a block of code in Markdown';

-- The sections in their order; all but the first two are folded away.
CREATE FUNCTION pii.report_markdown_sections(
	document jsonb,
	max_rows integer,
	OUT title text,
	OUT total bigint,
	OUT body text,
	OUT place text
) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	VALUES
		('Remedies', jsonb_array_length(document -> 'remedies')::bigint,
			pii.report_markdown_sql(document -> 'remedies', max_rows),
			'`SELECT DISTINCT remedy FROM pii.exposure;`'),
		('Missing labels', jsonb_array_length(document -> 'missing_labels'),
			pii.report_markdown_sql(document -> 'missing_labels', max_rows),
			'`SELECT remedy FROM pii.violations WHERE rule = ''require_label'';`'),
		(pii.report_drift_title(document -> 'drift'), jsonb_array_length(document -> 'drift' -> 'changes'),
			pii.report_markdown_table('{change,`column,`grantee,`what}',
				pii.report_drift_rows(document -> 'drift' -> 'changes', max_rows)),
			'`SELECT * FROM pii.drift();`'),
		('Tagged columns', jsonb_array_length(document -> 'columns'),
			pii.report_markdown_table('{`column,`kind,verdict,#confidence,#share of values (95 %),read by}',
				pii.report_kind_rows(document -> 'columns', max_rows)),
			'`SELECT * FROM pii.columns;`'),
		('Scanned and not known', jsonb_array_length(pii.report_unjudged_rows(document -> 'unjudged')),
			pii.report_markdown_table('{#columns,`why,`for example}',
				pii.report_unjudged_rows(document -> 'unjudged', max_rows)),
			'`SELECT * FROM pii.columns WHERE verdict = ''unknown'';`'),
		('Other doors', jsonb_array_length(document -> 'doors'),
			pii.report_markdown_table('{`column,door,`through,`detail}', pii.report_rows(document -> 'doors',
				max_rows, 'name', 'door', 'through', 'detail')),
			'`SELECT * FROM pii.door;`')
$$;
COMMENT ON FUNCTION pii.report_markdown_sections(jsonb, integer) IS 'the folded sections of a report in Markdown';

CREATE FUNCTION pii.report_markdown(document jsonb, max_rows integer DEFAULT 30) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT concat_ws(E'\n\n',
		'## Personal data in ' || pii.report_code(document ->> 'database'),
		'**' || pii.report_verdict(document) || '**',
		pii.report_markdown_table('{Summary,"# "," "}', pii.report_facts(document)),
		(SELECT concat_ws(E'\n\n', '### Exposures',
				pii.report_markdown_table('{severity,`column,`grantee,`path,#logins,status}',
					pii.report_rows(document -> 'exposures', max_rows,
						'severity', 'name', 'grantee', 'path', 'login_roles', 'status')),
				pii.report_more(n, max_rows, '`SELECT * FROM pii.exposure;`'))
			FROM jsonb_array_length(document -> 'exposures') n
			WHERE n > 0),
		(SELECT string_agg(concat_ws(E'\n\n',
				format('<details><summary>%s: %s</summary>', pii.report_html_text(s.title), s.total),
				s.body, pii.report_more(s.total, max_rows, s.place), '</details>'), E'\n\n')
			FROM pii.report_markdown_sections(document, max_rows) s
			WHERE s.total > 0),
		'<sub>' || pii.report_html_text(format('pg_pii %s, PostgreSQL %s, %s', document ->> 'extension_version',
			document ->> 'server_version', pii.report_minute(document ->> 'generated_at'))) || '</sub>')
$$;
COMMENT ON FUNCTION pii.report_markdown(jsonb, integer) IS
'a report as Markdown, short enough for a comment, its tables cut after max_rows rows';
