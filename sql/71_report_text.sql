
-- ---------------------------------------------------------------------------
-- Floor 6, policy: a report as plain text
-- ---------------------------------------------------------------------------

-- Names are chosen by users, who may be hostile: every format shows them
-- through pii.report_plain, and escapes what is special to it after that.

-- Control characters could drive a terminal, and invisible or direction
-- changing ones make a name look like another: shown as what they are, by
-- control pictures and replacement characters where the encoding has them.
CREATE FUNCTION pii.report_plain(value text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- C1, soft hyphen, Arabic letter mark, Hangul and Mongolian blanks, zero
	-- width, separators, bidirectional controls, BOM, annotations, tags
	unseen CONSTANT text := '[\u0080-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e'
		'\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]';
BEGIN
	IF getdatabaseencoding() <> 'UTF8' THEN
		RETURN regexp_replace(value, '[\x01-\x1f\x7f]', '?', 'g');
	END IF;
	IF value ~ unseen THEN
		value := regexp_replace(value, unseen, chr(65533), 'g');
	END IF;
	IF value ~ '[\x01-\x1f\x7f]' THEN
		value := (SELECT translate(value, string_agg(chr(n), '' ORDER BY n) || chr(127),
				string_agg(chr(9216 + n), '' ORDER BY n) || chr(9249))
			FROM generate_series(1, 31) n);
	END IF;
	RETURN value;
END
$$;
COMMENT ON FUNCTION pii.report_plain(text) IS
'a text with control, invisible and direction changing characters made visible';

-- Markdown takes HTML too, so this is for both.
CREATE FUNCTION pii.report_html_text(value text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT replace(replace(replace(replace(replace(pii.report_plain(value),
		'&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;')
$$;
COMMENT ON FUNCTION pii.report_html_text(text) IS
'a text for HTML, between tags or in a quoted attribute';

-- Both ends of a long name tell more than its beginning alone.
CREATE FUNCTION pii.report_fit(value text, width integer) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	plain CONSTANT text := pii.report_plain(value);
	ellipsis text := '...';
	kept integer;
BEGIN
	IF length(plain) <= width THEN
		RETURN plain;
	END IF;
	IF getdatabaseencoding() = 'UTF8' THEN
		ellipsis := chr(8230);
	END IF;
	kept := greatest(width - length(ellipsis), 0);
	RETURN left(plain, kept - kept / 2) || ellipsis || right(plain, kept / 2);
END
$$;
COMMENT ON FUNCTION pii.report_fit(text, integer) IS
'a text made plain and cut in its middle to so many characters';

-- Break SQL between words, never inside a quoted name; a word that is longer
-- than a line is cut, and then is no valid name any more.
CREATE FUNCTION pii.report_wrap(value text, width integer, indent text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	room CONSTANT integer := width - length(indent);
	word text;
	line text := '';
	lines text[] := '{}';
BEGIN
	FOR word IN
		SELECT pii.report_fit(m[1], room)
		FROM regexp_matches(pii.report_plain(value), '((?:"[^"]*"|[^\s"]|")+)', 'g') m
	LOOP
		IF line = '' THEN
			line := word;
		ELSIF length(line) + 1 + length(word) <= room THEN
			line := line || ' ' || word;
		ELSE
			lines := lines || line;
			line := word;
		END IF;
	END LOOP;
	RETURN indent || array_to_string(lines || line, E'\n' || indent);
END
$$;
COMMENT ON FUNCTION pii.report_wrap(text, integer, text) IS
'a text made plain and broken into indented lines of at most so many characters';

-- A table as text.  Columns are as wide as what is in them; as long as the
-- whole is too wide, the widest gives way.  Columns of numbers stand right.
CREATE FUNCTION pii.report_table(heads text[], body jsonb, width integer) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	columns CONSTANT integer := cardinality(heads);
	widths integer[];
	numeric_columns boolean[];
	result text;
BEGIN
	SELECT array_agg(greatest(length(heads[n]), m.longest) ORDER BY n), array_agg(m.numeric ORDER BY n)
	INTO widths, numeric_columns
	FROM generate_series(1, columns) n
	CROSS JOIN LATERAL (
		SELECT coalesce(max(length(pii.report_plain(r ->> n - 1))), 0) AS longest,
			coalesce(bool_and(r ->> n - 1 ~ '^[0-9]*$'), false) AS numeric
		FROM jsonb_array_elements(body) r) m;
	WHILE (SELECT sum(w) FROM unnest(widths) w) + 2 * columns > width LOOP
		widths[array_position(widths, (SELECT max(w) FROM unnest(widths) w))] :=
			(SELECT max(w) FROM unnest(widths) w) - 1;
	END LOOP;

	SELECT string_agg(rtrim('  ' || l.line), E'\n' ORDER BY r.row)
	INTO result
	FROM (
		SELECT 0 AS row, to_jsonb(heads) AS cells
		UNION ALL
		SELECT 1, jsonb_agg(repeat('-', w)) FROM unnest(widths) w
		UNION ALL
		SELECT 1 + n, b FROM jsonb_array_elements(body) WITH ORDINALITY AS x (b, n)) r
	CROSS JOIN LATERAL (
		SELECT string_agg(CASE WHEN numeric_columns[n] THEN lpad(f.cell, widths[n])
				ELSE rpad(f.cell, widths[n]) END, '  ' ORDER BY n) AS line
		FROM generate_series(1, columns) n
		CROSS JOIN LATERAL (SELECT coalesce(pii.report_fit(r.cells ->> n - 1, widths[n]), '')) AS f (cell)) l;
	RETURN result;
END
$$;
COMMENT ON FUNCTION pii.report_table(text[], jsonb, integer) IS
'a table as text, at most so many characters wide';

-- Of one kind the share of values that hold it, with its 95 % interval.
CREATE FUNCTION pii.report_share(kind jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format('%s %% (%s to %s)', p.share, p.low, p.high)
	FROM (
		SELECT trim_scale(round(100 * (kind ->> 'share')::numeric, 2)) AS share,
			trim_scale(round(100 * (kind ->> 'share_low')::numeric, 2)) AS low,
			trim_scale(round(100 * (kind ->> 'share_high')::numeric, 2)) AS high) p
	WHERE p.share IS NOT NULL
$$;
COMMENT ON FUNCTION pii.report_share(jsonb) IS
'the share of values that hold a kind, with its 95 % interval; NULL where none were read';

-- Where a table of a report stops, it says how much it leaves out.
CREATE FUNCTION pii.report_more(total bigint, max_rows integer, place text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format('and %s more: %s', total - max_rows, place)
	WHERE total > max_rows
$$;
COMMENT ON FUNCTION pii.report_more(bigint, integer, text) IS
'how many rows a table leaves out, and where they are; NULL if none';

-- '2026-11-22 12:10 UTC' for what pii.report_time wrote.
CREATE FUNCTION pii.report_minute(instant text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT replace(left(instant, 16), 'T', ' ') || ' UTC'
$$;
COMMENT ON FUNCTION pii.report_minute(text) IS 'a point in time of a report, to the minute, for readers';

-- The sentence that a reader who reads no further should have read.
CREATE FUNCTION pii.report_verdict(document jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN s.columns = 0 THEN 'There are no columns of user tables to report on.'
		ELSE concat_ws(' ',
			CASE WHEN document ->> 'scan' IS NULL
				THEN 'Never scanned: this rests on names and labels alone. Run CALL pii.scan();' END,
			CASE WHEN s.violations = 0
				THEN format('No violations, of %s.', pii.count_of(s.exposures, 'exposure'))
				ELSE format('%s: %s.', pii.count_of(s.violations, 'violation'), concat_ws('; ',
					CASE WHEN s.violating > 0
						THEN format('of %s %s worse than pii.policy accepts, and not waived',
							pii.count_of(s.exposures, 'exposure'),
							CASE s.violating WHEN 1 THEN '1 is' ELSE s.violating || ' are' END) END,
					CASE WHEN s.missing_labels > 0
						THEN pii.count_of(s.missing_labels, 'column') || ' without the label it asks for' END)) END,
			CASE WHEN s.unknown > 0
				THEN format('Of %s nothing is known.', pii.count_of(s.unknown, 'column')) END)
		END
	FROM jsonb_to_record(document -> 'summary') AS s (columns bigint, violations bigint,
		violating bigint, missing_labels bigint, exposures bigint, unknown bigint)
$$;
COMMENT ON FUNCTION pii.report_verdict(jsonb) IS 'the outcome of a report in one or two sentences';

-- The summary as rows of name, number and remark.
CREATE FUNCTION pii.report_facts(document jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_build_array(
		jsonb_build_array('Tagged columns', s.tagged, format(
			'of %s in %s; %s by purpose, %s in part', pii.count_of(s.columns, 'column'),
			pii.count_of(s.tables, 'table'), s.pii, s.mixed)),
		jsonb_build_array('Exposed columns', s.exposed,
			'can be read by others than owners, superusers and trusted roles'),
		jsonb_build_array('Exposures', s.exposures, format(
			'%s critical, %s high, %s medium, %s low', s.critical, s.high, s.medium, s.low)),
		jsonb_build_array('Violations', s.violations, format(
			'%s neither accepted nor waived, %s missing',
			pii.count_of(s.violating, 'exposure'), pii.count_of(s.missing_labels, 'label'))),
		jsonb_build_array('Waived', s.waived, 'exposures that a label accepts until a day'),
		jsonb_build_array('Not known', s.unknown, format(
			'empty, unreadable, or of a type that is not read; %s never scanned', s.unscanned)),
		jsonb_build_array('Unlabelled', s.unlabelled, 'tagged, and not reviewed by a person'),
		jsonb_build_array('Stale', s.stale, 'changed since their scan'),
		jsonb_build_array('Last scan', coalesce('run ' || r.run_id, 'never'), CASE WHEN r.run_id IS NOT NULL
			THEN format('%s, %s, %s; %s of %s, %s failed, %s unchanged', r.method,
				coalesce(r.outcome, 'running'), pii.report_minute(r.last_active_at), r.tables_done,
				pii.count_of(r.tables_total, 'table'), r.tables_failed, r.tables_skipped) END))
	FROM jsonb_to_record(document -> 'summary') AS s (tables bigint, columns bigint, tagged bigint,
		pii bigint, mixed bigint, unknown bigint, unscanned bigint, stale bigint, unlabelled bigint,
		exposed bigint, exposures bigint, critical bigint, high bigint, medium bigint, low bigint,
		waived bigint, violating bigint, missing_labels bigint, violations bigint)
	LEFT JOIN jsonb_to_record(nullif(document -> 'scan', 'null')) AS r (run_id bigint, method text, outcome text,
		last_active_at text, tables_total bigint, tables_done bigint, tables_failed bigint, tables_skipped bigint) ON true
$$;
COMMENT ON FUNCTION pii.report_facts(jsonb) IS 'the summary of a report as rows of name, number and remark';

-- The first rows of a section of a document, as rows of cells for a table.
CREATE FUNCTION pii.report_rows(section jsonb, max_rows integer, VARIADIC keys text[]) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_agg(c.cells ORDER BY x.n), '[]')
	FROM jsonb_array_elements(section) WITH ORDINALITY AS x (e, n)
	CROSS JOIN LATERAL (
		SELECT jsonb_agg(x.e ->> k ORDER BY o) FROM unnest(keys) WITH ORDINALITY AS u (k, o)) AS c (cells)
	WHERE x.n <= max_rows
$$;
COMMENT ON FUNCTION pii.report_rows(jsonb, integer, text[]) IS
'the first rows of a section of a report, as arrays of what is under the given keys';

-- Tagged columns as rows of cells, one per kind: column, kind, verdict,
-- confidence, share with its interval, and what it was read by.
CREATE FUNCTION pii.report_kind_rows(columns jsonb, max_rows integer) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_array(c ->> 'name', k ->> 'kind',
			coalesce(k ->> 'verdict', c ->> 'verdict'), k ->> 'confidence', pii.report_share(k),
			c ->> 'source') ORDER BY x.n, k ->> 'kind'), '[]')
	FROM jsonb_array_elements(columns) WITH ORDINALITY AS x (c, n)
	CROSS JOIN LATERAL jsonb_array_elements(c -> 'kinds') k
	WHERE x.n <= max_rows
$$;
COMMENT ON FUNCTION pii.report_kind_rows(jsonb, integer) IS
'the first tagged columns of a report, as arrays of cells, one per kind';

-- Columns that could not be judged, a row per reason: whole types are not read,
-- and no reader wants them one by one.
CREATE FUNCTION pii.report_unjudged_rows(unjudged jsonb, max_rows integer DEFAULT 2147483647) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_array(w.columns, w.why, w.example)
		ORDER BY w.columns DESC, w.why COLLATE "C"), '[]')
	FROM (
		SELECT count(*) AS columns, u ->> 'why' AS why, min((u ->> 'name') COLLATE "C") AS example
		FROM jsonb_array_elements(unjudged) u
		GROUP BY u ->> 'why'
		ORDER BY count(*) DESC, (u ->> 'why') COLLATE "C"
		LIMIT max_rows
	) w
$$;
COMMENT ON FUNCTION pii.report_unjudged_rows(jsonb, integer) IS
'columns of a report that could not be judged, as arrays of their number, why, and one of them';

-- 'Changes since 2026-11-22 12:10 UTC'.
CREATE FUNCTION pii.report_drift_title(drift jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce('Changes since ' || pii.report_minute(drift ->> 'since'), 'What calls for attention')
$$;
COMMENT ON FUNCTION pii.report_drift_title(jsonb) IS 'the title of what has changed';

-- What has changed as rows of cells: change, column, grantee, and what it is
-- now, or was where it is gone.
CREATE FUNCTION pii.report_drift_rows(changes jsonb, max_rows integer) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_array(d ->> 'change', d ->> 'name', d ->> 'grantee',
		concat_ws(': ', coalesce(d ->> 'after', 'was ' || (d ->> 'before')), d ->> 'detail')) ORDER BY n), '[]')
	FROM jsonb_array_elements(changes) WITH ORDINALITY AS x (d, n)
	WHERE n <= max_rows
$$;
COMMENT ON FUNCTION pii.report_drift_rows(jsonb, integer) IS
'the first changes of a report, as arrays of cells';

-- Statements one below the other, to be copied into psql.
CREATE FUNCTION pii.report_remedy_lines(remedies jsonb, max_rows integer, width integer) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT string_agg(concat_ws(E'\n', '  -- ' || pii.report_plain((r ->> 'severity') || ', closes ' || (r ->> 'exposures')),
		pii.report_wrap(r ->> 'remedy', width, '  ')), E'\n' ORDER BY n)
	FROM jsonb_array_elements(remedies) WITH ORDINALITY AS x (r, n)
	WHERE n <= max_rows
$$;
COMMENT ON FUNCTION pii.report_remedy_lines(jsonb, integer, integer) IS
'the first remedies of a report, each with what it closes as a comment';

-- The sections in their order: title, number of rows there are, the table or
-- lines, and what tells the rest.
CREATE FUNCTION pii.report_text_sections(
	document jsonb,
	max_rows integer,
	width integer,
	OUT title text,
	OUT total bigint,
	OUT body text,
	OUT place text
) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	VALUES
		('Tagged columns by schema and worst exposure', jsonb_array_length(document -> 'schemas')::bigint,
			pii.report_table('{schema,tagged,critical,high,medium,low,none}', pii.report_rows(document -> 'schemas',
				max_rows, 'table_schema', 'tagged', 'critical', 'high', 'medium', 'low', 'none'), width),
			'SELECT * FROM pii.summary;'),
		('Exposures, worst first', jsonb_array_length(document -> 'exposures'),
			pii.report_table('{severity,column,grantee,path,logins,status}', pii.report_rows(document -> 'exposures',
				max_rows, 'severity', 'name', 'grantee', 'path', 'login_roles', 'status'), width),
			'SELECT * FROM pii.exposure;'),
		('Remedies, worst first', jsonb_array_length(document -> 'remedies'),
			pii.report_remedy_lines(document -> 'remedies', max_rows, width),
			'SELECT DISTINCT remedy FROM pii.exposure;'),
		('Labels that pii.policy asks for and that are missing', jsonb_array_length(document -> 'missing_labels'),
			pii.report_remedy_lines(document -> 'missing_labels', max_rows, width),
			'SELECT remedy FROM pii.violations WHERE rule = ''require_label'';'),
		(pii.report_drift_title(document -> 'drift'), jsonb_array_length(document -> 'drift' -> 'changes'),
			pii.report_table('{change,column,grantee,what}',
				pii.report_drift_rows(document -> 'drift' -> 'changes', max_rows), width),
			'SELECT * FROM pii.drift();'),
		('Tagged columns and what was read of them', jsonb_array_length(document -> 'columns'),
			pii.report_table('{column,kind,verdict,confidence,"share of values (95 %)","read by"}',
				pii.report_kind_rows(document -> 'columns', max_rows), width),
			'SELECT * FROM pii.columns;'),
		('Scanned and not known', jsonb_array_length(pii.report_unjudged_rows(document -> 'unjudged')),
			pii.report_table('{columns,why,"for example"}',
				pii.report_unjudged_rows(document -> 'unjudged', max_rows), width),
			'SELECT * FROM pii.columns WHERE verdict = ''unknown'';'),
		('Other doors, where the server does not check each reader', jsonb_array_length(document -> 'doors'),
			pii.report_table('{column,door,through,detail}', pii.report_rows(document -> 'doors',
				max_rows, 'name', 'door', 'through', 'detail'), width),
			'SELECT * FROM pii.door;'),
		('What pii.policy says', jsonb_array_length(document -> 'policy'),
			pii.report_table('{for,"accepts exposures","asks for labels",reason}', pii.report_rows(document -> 'policy',
				max_rows, 'for', 'accepts', 'asks_labels', 'reason'), width),
			'SELECT * FROM pii.policy;')
$$;
COMMENT ON FUNCTION pii.report_text_sections(jsonb, integer, integer) IS 'the sections of a report as text';

CREATE FUNCTION pii.report_text(document jsonb, max_rows integer DEFAULT 50) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT concat_ws(E'\n',
		pii.report_fit(format('pg_pii report on database %s, %s', document ->> 'database',
			pii.report_minute(document ->> 'generated_at')), w),
		repeat('=', w),
		pii.report_wrap(pii.report_verdict(document), w, ''),
		'',
		pii.report_table('{Summary,"",""}', pii.report_facts(document), w),
		(SELECT string_agg(concat_ws(E'\n', '', s.title, '', s.body,
				'  ' || pii.report_more(s.total, max_rows, s.place)), E'\n')
			FROM pii.report_text_sections(document, max_rows, w) s
			WHERE s.total > 0))
	FROM (VALUES (100)) AS width (w)
$$;
COMMENT ON FUNCTION pii.report_text(jsonb, integer) IS
'a report as plain text of at most 100 columns, its tables cut after max_rows rows';
