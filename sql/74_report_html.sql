
-- ---------------------------------------------------------------------------
-- Floor 6, policy: a report as one page of HTML
-- ---------------------------------------------------------------------------

-- The page loads nothing and runs nothing: it has no script, and its policy
-- (Content-Security-Policy) would let none run that slipped in by a name.  The
-- filters are form controls whose state its style sheet reads.

-- A name, which may be broken after a dot or an underscore.
CREATE FUNCTION pii.report_html_name(value text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT regexp_replace(pii.report_html_text(value), '([._])(?!$)', '\1<wbr>', 'g')
$$;
COMMENT ON FUNCTION pii.report_html_name(text) IS 'a name for HTML, with places to break the line';

-- Colours in pairs, light and dark, each read on its background at 4.5 : 1 or
-- better; the test of the page measures it.
CREATE FUNCTION pii.report_html_style() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT $css$
:root {
	color-scheme: light dark;
	--paper: #ffffff; --panel: #f5f7f9; --ink: #1c2127; --soft: #56606b; --line: #d5dce3; --link: #0a4fa8;
	--critical: #98183a; --high: #b3470c; --medium: #816300; --low: #52667a; --none: #c5ced7; --good: #1f6b3b; --on: #ffffff;
}
@media (prefers-color-scheme: dark) {
	:root {
		--paper: #11161b; --panel: #1a2027; --ink: #e7eaee; --soft: #a9b4bf; --line: #333d47; --link: #86bbff;
		--critical: #ff8fa3; --high: #f5a267; --medium: #dcbd55; --low: #9db1c4; --none: #45515c; --good: #7fd09b; --on: #14181c;
	}
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
body { margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 74rem; background: var(--paper); color: var(--ink);
	font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible, select:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; padding: 0.5rem 1rem; background: var(--paper); }
h1, h2, h3 { line-height: 1.25; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: clamp(1.6rem, 4vw, 2.3rem); letter-spacing: -0.01em; }
h2 { margin: 3rem 0 0.75rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 1.3rem; }
h3 { margin: 0; font-size: 1rem; }
p { margin: 0.5rem 0; max-width: 46rem; }
.soft, caption, .meta { color: var(--soft); }
.meta { margin: 0.35rem 0 1rem; font-size: 0.9rem; }
code, pre, .name { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.875em; }
.name { overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0; padding: 0; list-style: none; font-size: 0.9rem; }
.verdict { margin: 1.5rem 0; padding: 0.75rem 1rem; max-width: none; border-left: 0.3rem solid var(--good); background: var(--panel); font-size: 1.1rem; }
.verdict.bad { border-color: var(--critical); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: 1px; margin: 0; border: 1px solid var(--line); }
.facts div { display: flex; flex-direction: column; padding: 0.8rem 1rem; box-shadow: 0 0 0 1px var(--line); }
.facts dt { color: var(--soft); font-size: 0.9rem; }
.facts dd { margin: 0; }
.facts .number { font-size: 1.6rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
.facts .remark { color: var(--soft); font-size: 0.85rem; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
caption { padding: 0 0 0.5rem; text-align: left; font-size: 0.9rem; }
th, td { padding: 0.45rem 0.75rem 0.45rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; }
td.number, th.number { padding-right: 1.5rem; text-align: right; font-variant-numeric: tabular-nums; }
caption span { position: sticky; left: 0; display: block; max-width: calc(100vw - 2.5rem); }
td .name, th .name { display: inline-block; min-width: 6rem; }
article th .name { min-width: 3rem; }
article .number { white-space: nowrap; }
.badge { display: inline-block; padding: 0.05rem 0.5rem; border: 1px solid transparent; border-radius: 0.25rem; color: var(--on); font-size: 0.8rem; font-weight: 600; white-space: nowrap; }
.badge.critical { background: var(--critical); } .badge.high { background: var(--high); }
.badge.medium { background: var(--medium); } .badge.low { background: var(--low); }
.badge.none { color: var(--ink); border-color: var(--none); }
.bar, .interval { display: block; width: 100%; min-width: 7rem; overflow: visible; }
.bar { height: 1.3rem; } .interval { height: 0.9rem; margin-top: 0.3rem; }
.bar .critical { fill: var(--critical); } .bar .high { fill: var(--high); } .bar .medium { fill: var(--medium); }
.bar .low { fill: var(--low); } .bar .none { fill: var(--none); }
.bar rect { stroke: var(--paper); stroke-width: 1.5; }
.interval .track { fill: var(--line); } .interval .range { fill: var(--low); } .interval .share { stroke: var(--ink); stroke-width: 2; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 0 0 0.75rem; padding: 0; list-style: none; font-size: 0.85rem; }
.legend svg { width: 0.8rem; height: 0.8rem; min-width: 0; display: inline-block; margin-right: 0.4rem; vertical-align: -0.05rem; }
.filters { display: none; flex-wrap: wrap; gap: 0.5rem 1.25rem; margin: 0.75rem 0 1rem; padding: 0; border: 0; }
@supports selector(:has(a)) { .filters { display: flex; } }
.filters legend { padding: 0; color: var(--soft); font-size: 0.9rem; }
.filters label { display: flex; flex-direction: column; font-size: 0.85rem; color: var(--soft); }
select { font: inherit; max-width: min(16rem, 80vw); padding: 0.3rem 0.5rem; border: 1px solid var(--low); border-radius: 0.25rem; background: var(--paper); color: var(--ink); }
#exposures { counter-reset: shown; }
#exposures tbody tr { counter-increment: shown; }
.shown { color: var(--soft); font-size: 0.9rem; }
.shown::before { content: counter(shown) " "; }
pre { margin: 0.75rem 0; padding: 0.9rem 1rem; border: 1px solid var(--line); background: var(--panel); white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.6; }
pre .soft { user-select: none; }
article { padding: 1rem 0 1.25rem; border-bottom: 1px solid var(--line); scroll-margin-top: 1rem; break-inside: avoid; }
article:target { box-shadow: -0.6rem 0 0 -0.3rem var(--link); }
article ul { margin: 0.5rem 0 0; padding-left: 1.1rem; font-size: 0.9rem; }
article p { max-width: none; font-size: 0.9rem; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.85rem; }
@media (forced-colors: active) { .badge { border-color: currentColor; } }
@media (max-width: 30rem) {
	table { font-size: 0.8rem; }
	th, td, td.number, th.number { padding-right: 0.5rem; }
	thead th { white-space: normal; vertical-align: bottom; }
	article .number { white-space: normal; }
	.bar { min-width: 4rem; }
	#schemas .name { min-width: 3.5rem; }
	.facts { grid-template-columns: 1fr 1fr; }
}
@media print {
	body { max-width: none; padding: 0; font-size: 10pt; }
	nav, .filters, .shown, .skip { display: none !important; }
	.badge, .bar, .interval, .verdict { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
	.scroll { overflow: visible; }
}
$css$
$$;
COMMENT ON FUNCTION pii.report_html_style() IS 'the style sheet of the page';

-- A table in a region of its own, which scrolls sideways where the page is too
-- narrow.  Heads as in pii.report_markdown_table; the first column is the
-- header of its row.
CREATE FUNCTION pii.report_html_table(caption text, heads text[], body jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT concat_ws(E'\n',
		format('<div class="scroll" role="region" aria-label="%s" tabindex="0"><table><caption><span>%1$s</span></caption>', caption),
		(SELECT '<thead><tr>' || string_agg(format('<th scope="col"%s>%s</th>',
				CASE WHEN h LIKE '#%' THEN ' class="number"' END, ltrim(h, '#`')), '' ORDER BY i) || '</tr></thead>'
			FROM unnest(heads) WITH ORDINALITY AS u (h, i)),
		'<tbody>',
		(SELECT string_agg('<tr>' || l.line || '</tr>', E'\n' ORDER BY n)
			FROM jsonb_array_elements(body) WITH ORDINALITY AS x (r, n)
			CROSS JOIN LATERAL (
				SELECT string_agg(format(CASE i WHEN 1 THEN '<th scope="row"%s>%s</th>' ELSE '<td%s>%s</td>' END,
					CASE WHEN h LIKE '#%' THEN ' class="number"' END,
					CASE WHEN h LIKE '`%' THEN '<span class="name">' || pii.report_html_name(r ->> i::integer - 1) || '</span>'
						ELSE pii.report_html_text(r ->> i::integer - 1) END), '' ORDER BY i) AS line
				FROM unnest(heads) WITH ORDINALITY AS u (h, i)) l),
		'</tbody></table></div>')
$$;
COMMENT ON FUNCTION pii.report_html_table(text, text[], jsonb) IS 'a table in HTML';

-- A section with its heading; nothing without a body.
CREATE FUNCTION pii.report_html_section(id text, title text, body text, more text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT concat_ws(E'\n', format('<section id="%s" aria-labelledby="%1$s-title">', id),
		format('<h2 id="%s-title">%s</h2>', id, pii.report_html_text(title)), body,
		'<p class="soft">' || pii.report_html_text(more) || '</p>', '</section>')
	WHERE body IS NOT NULL
$$;
COMMENT ON FUNCTION pii.report_html_section(text, text, text, text) IS 'a section of the page';

CREATE FUNCTION pii.report_html_facts(document jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format(E'<p class="verdict%s">%s</p>\n<dl class="facts">\n%s\n</dl>',
		CASE WHEN (document -> 'summary' ->> 'violations')::bigint > 0 THEN ' bad' END,
		pii.report_html_text(pii.report_verdict(document)),
		string_agg(format('<div><dt>%s</dt><dd class="number">%s</dd><dd class="remark">%s</dd></div>',
			pii.report_html_text(f ->> 0), pii.report_html_text(f ->> 1), pii.report_html_text(f ->> 2)), E'\n' ORDER BY n))
	FROM jsonb_array_elements(pii.report_facts(document)) WITH ORDINALITY AS x (f, n)
$$;
COMMENT ON FUNCTION pii.report_html_facts(jsonb) IS 'the summary on the page';

-- The picture: a bar per schema, as long as it has tagged columns, cut by the
-- worst severity of each.  The numbers stand beside it.
CREATE FUNCTION pii.report_html_schemas(schemas jsonb, max_rows integer) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH part AS (
		SELECT s ->> 'table_schema' AS table_schema, n, p.severity, p.place,
			(s ->> p.severity)::bigint AS columns,
			(s ->> 'tagged')::bigint AS tagged,
			100.0 * (s ->> p.severity)::bigint / max((s ->> 'tagged')::bigint) OVER () AS width
		FROM jsonb_array_elements(schemas) WITH ORDINALITY AS x (s, n)
		CROSS JOIN unnest('{critical,high,medium,low,none}'::text[]) WITH ORDINALITY AS p (severity, place)
		WHERE n <= max_rows
	), bar AS (
		SELECT table_schema, n, tagged,
			string_agg(format('<rect class="%s" x="%s%%" width="%s%%" height="100%%"/>', severity,
				round(start, 3), round(width, 3)), '' ORDER BY place) FILTER (WHERE columns > 0) AS rects,
			string_agg(columns || ' ' || severity, ', ' ORDER BY place) FILTER (WHERE columns > 0) AS says,
			string_agg(format('<td class="number">%s</td>', columns), '' ORDER BY place) AS cells
		FROM (SELECT *, sum(width) OVER (PARTITION BY n ORDER BY place) - width AS start FROM part) p
		GROUP BY table_schema, n, tagged
	)
	SELECT concat_ws(E'\n', '<ul class="legend" aria-hidden="true">',
		(SELECT string_agg(format('<li><svg class="bar"><rect class="%s" width="100%%" height="100%%"/></svg>%1$s</li>', l), '')
			FROM unnest('{critical,high,medium,low,none}'::text[]) l),
		'</ul><div class="scroll" role="region" aria-label="Tagged columns by schema" tabindex="0"><table>',
		'<caption><span>Tagged columns, each counted once, by its worst exposure</span></caption>',
		'<thead><tr><th scope="col">schema</th><th scope="col">columns by severity</th><th scope="col" class="number">critical</th>'
		'<th scope="col" class="number">high</th><th scope="col" class="number">medium</th><th scope="col" class="number">low</th>'
		'<th scope="col" class="number">none</th></tr></thead><tbody>',
		string_agg(format('<tr><th scope="row"><span class="name">%s</span></th><td><svg class="bar" role="img" aria-label="%s">%s</svg></td>%s</tr>',
			pii.report_html_text(table_schema), says, rects, cells), E'\n' ORDER BY n),
		'</tbody></table></div>')
	FROM bar
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION pii.report_html_schemas(jsonb, integer) IS 'severity by schema on the page, as a picture in a table';

-- Values of one key of the exposures, numbered: rows bear key and number as a
-- class, the select of the key its number as a value, and a rule of the style
-- sheet hides rows of other classes.
CREATE FUNCTION pii.report_html_choices(
	exposures jsonb,
	max_rows integer,
	OUT key text,
	OUT value text,
	OUT number bigint
) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 100
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT k.key, v.value, row_number() OVER (PARTITION BY k.key ORDER BY
		CASE WHEN k.key IN ('severity', 'status') THEN min(x.n) END, v.value COLLATE "C")
	FROM jsonb_array_elements(exposures) WITH ORDINALITY AS x (e, n)
	CROSS JOIN unnest('{severity,table_schema,grantee,status}'::text[]) k (key)
	CROSS JOIN LATERAL (SELECT x.e ->> k.key) AS v (value)
	WHERE x.n <= max_rows
	GROUP BY k.key, v.value
$$;
COMMENT ON FUNCTION pii.report_html_choices(jsonb, integer) IS 'what the exposures on the page can be filtered by';

CREATE FUNCTION pii.report_html_filters(exposures jsonb, max_rows integer) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT concat_ws(E'\n', '<fieldset class="filters"><legend>Show exposures of</legend>',
		string_agg(format('<label for="by-%1$s">%2$s<select id="by-%1$s"><option value="">all</option>%3$s</select></label>',
			k.key, k.label, k.options), E'\n' ORDER BY k.place),
		'</fieldset>')
	FROM (
		SELECT l.key, l.label, l.place, string_agg(format('<option value="%s">%s</option>', c.number,
			pii.report_html_text(pii.report_fit(c.value, 60))), '' ORDER BY c.number) AS options
		FROM (VALUES ('severity', 'severity', 1), ('table_schema', 'schema', 2), ('grantee', 'grantee', 3),
			('status', 'status', 4)) AS l (key, label, place)
		JOIN pii.report_html_choices(exposures, max_rows) c ON c.key = l.key
		GROUP BY l.key, l.label, l.place) k
$$;
COMMENT ON FUNCTION pii.report_html_filters(jsonb, integer) IS 'the filters of the exposures on the page';

CREATE FUNCTION pii.report_html_filter_rules(exposures jsonb, max_rows integer) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT string_agg(format('#exposures:has(#by-%1$s [value="%2$s"]:checked) tbody tr:not(.%1$s-%2$s) { display: none; }',
		key, number), E'\n' ORDER BY key, number)
	FROM pii.report_html_choices(exposures, max_rows)
$$;
COMMENT ON FUNCTION pii.report_html_filter_rules(jsonb, integer) IS 'the rules by which the filters hide exposures';

CREATE FUNCTION pii.report_html_exposures(document jsonb, max_rows integer) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH choice AS MATERIALIZED (
		SELECT * FROM pii.report_html_choices(document -> 'exposures', max_rows)
	), target AS MATERIALIZED (
		SELECT c ->> 'name' AS name, n
		FROM jsonb_array_elements(document -> 'columns') WITH ORDINALITY AS x (c, n)
		WHERE n <= max_rows
	), line AS (
		SELECT x.n, format('<tr class="%s"><td>%s</td><th scope="row">%s</th><td><span class="name">%s</span></td>'
				'<td>%s%s</td><td class="number">%s</td><td>%s%s</td></tr>',
			(SELECT string_agg(key || '-' || number, ' ' ORDER BY key) FROM choice WHERE value = x.e ->> key),
			format('<span class="badge %s">%1$s</span>', pii.report_html_text(x.e ->> 'severity')),
			format(CASE WHEN t.n IS NULL THEN '<span class="name">%2$s</span>' ELSE '<a class="name" href="#column-%s">%s</a>' END,
				t.n, pii.report_html_name(x.e ->> 'name')),
			pii.report_html_name(x.e ->> 'grantee'),
			pii.report_html_name(x.e ->> 'path'),
			'<br><span class="soft">' || pii.report_html_text(x.e ->> 'protection') || '</span>',
			pii.report_html_text(x.e ->> 'login_roles'), pii.report_html_text(x.e ->> 'status'),
			CASE x.e ->> 'status' WHEN 'waived'
				THEN '<br><span class="soft">until ' || pii.report_html_text(x.e ->> 'waived_until') || '</span>' END) AS html
		FROM jsonb_array_elements(document -> 'exposures') WITH ORDINALITY AS x (e, n)
		LEFT JOIN target t ON t.name = x.e ->> 'name'
		WHERE x.n <= max_rows
	)
	SELECT concat_ws(E'\n', pii.report_html_filters(document -> 'exposures', max_rows),
		'<div class="scroll" role="region" aria-label="Table of exposures" tabindex="0"><table>',
		'<caption><span>Every path by which someone other than owners, superusers and trusted roles can read a tagged column</span></caption>',
		'<thead><tr><th scope="col">severity</th><th scope="col">column</th><th scope="col">grantee</th><th scope="col">path</th>'
		'<th scope="col" class="number">logins</th><th scope="col">status</th></tr></thead><tbody>',
		string_agg(html, E'\n' ORDER BY n),
		'</tbody></table></div>',
		'<p class="shown">of ' || count(*) || ' shown</p>')
	FROM line
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION pii.report_html_exposures(jsonb, integer) IS 'the exposures on the page, with their filters';

-- Statements to copy; what each closes cannot be selected along with it.
CREATE FUNCTION pii.report_html_remedies(remedies jsonb, max_rows integer) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT '<pre><code>' || string_agg(concat(
		'<span class="soft">-- ' || pii.report_html_text((r ->> 'severity') || ', closes ' || (r ->> 'exposures')) || E'</span>\n',
		pii.report_html_text(r ->> 'remedy')), E'\n' ORDER BY n) || '</code></pre>'
	FROM jsonb_array_elements(remedies) WITH ORDINALITY AS x (r, n)
	WHERE n <= max_rows
$$;
COMMENT ON FUNCTION pii.report_html_remedies(jsonb, integer) IS 'statements on the page';

-- The share of values that hold a kind: the mark, and its interval around it.
CREATE FUNCTION pii.report_html_share(kind jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format('%s<svg class="interval" role="img" aria-label="%1$s"><rect class="track" y="40%%" width="100%%" height="20%%"/>'
		'<rect class="range" x="%s%%" width="%s%%" height="100%%"/><line class="share" x1="%s%%" x2="%4$s%%" y1="0" y2="100%%"/></svg>',
		pii.report_share(kind), low, high - low, share)
	FROM (
		SELECT trim_scale(round(100 * (kind ->> 'share')::numeric, 2)) AS share,
			trim_scale(round(100 * (kind ->> 'share_low')::numeric, 2)) AS low,
			trim_scale(round(100 * (kind ->> 'share_high')::numeric, 2)) AS high) p
	WHERE share IS NOT NULL
$$;
COMMENT ON FUNCTION pii.report_html_share(jsonb) IS 'a share of values and its interval, in words and as a picture';

CREATE FUNCTION pii.report_html_kinds(kinds jsonb, paths jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT concat_ws(E'\n', '<table><thead><tr><th scope="col">kind</th>'
		'<th scope="col">share of values, 95 % interval</th><th scope="col" class="number">hold one</th>'
		'<th scope="col" class="number">confidence</th></tr></thead><tbody>',
		string_agg(format('<tr><th scope="row"><span class="name">%s</span>%s</th><td>%s</td><td class="number">%s</td>'
			'<td class="number">%s</td></tr>',
			concat(pii.report_html_name(p.path) || '<br>', pii.report_html_text(k ->> 'kind')),
			'<br><span class="soft">' || pii.report_html_text(k ->> 'verdict') || '</span>',
			coalesce(pii.report_html_share(k), 'no values were read'),
			pii.report_html_text((k ->> 'matched') || ' of ' || (k ->> 'values')),
			pii.report_html_text(k ->> 'confidence')), E'\n' ORDER BY p.n, k ->> 'kind'),
		'</tbody></table>')
	FROM (
		SELECT NULL AS path, kinds, 0 AS n
		UNION ALL
		SELECT e ->> 'path', e -> 'kinds', n
		FROM jsonb_array_elements(paths) WITH ORDINALITY AS x (e, n)) p
	CROSS JOIN LATERAL jsonb_array_elements(p.kinds) k
$$;
COMMENT ON FUNCTION pii.report_html_kinds(jsonb, jsonb) IS 'what was counted of a column and its json paths, on the page';

CREATE FUNCTION pii.report_html_column(c jsonb, number bigint) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT concat_ws(E'\n', format('<article id="column-%s" aria-labelledby="column-%1$s-name">', number),
		format('<h3 id="column-%s-name" class="name">%s</h3>', number, pii.report_html_name(c ->> 'name')),
		'<p class="soft">' || concat_ws('; ',
			pii.report_html_text(concat_ws('; ', c ->> 'data_type',
				'verdict: ' || (c ->> 'verdict'),
				'source: ' || (c ->> 'source'),
				(c ->> 'rows_read') || ' of about ' || (c ->> 'rows_total') || ' rows read',
				'scanned ' || pii.report_minute(c ->> 'scanned_at'),
				'stale: ' || (c ->> 'stale'))),
			'label: ' || '<span class="name">' || pii.report_html_text(c ->> 'label') || '</span>') || '</p>',
		pii.report_html_kinds(c -> 'kinds', coalesce(nullif(c -> 'paths', 'null'), '[]')),
		(SELECT '<ul>' || string_agg('<li>' || pii.report_html_text(r) || '</li>', '' ORDER BY n) || '</ul>'
			FROM jsonb_array_elements_text(c -> 'reasons') WITH ORDINALITY AS x (r, n)),
		'</article>')
$$;
COMMENT ON FUNCTION pii.report_html_column(jsonb, bigint) IS 'one tagged column on the page: what was counted, and why it was judged so';

-- The sections in their order.
CREATE FUNCTION pii.report_html_sections(
	document jsonb,
	max_rows integer,
	OUT id text,
	OUT title text,
	OUT body text,
	OUT more text
) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	VALUES
		('summary', 'Summary', pii.report_html_facts(document), NULL),
		('schemas', 'Severity by schema', pii.report_html_schemas(document -> 'schemas', max_rows),
			pii.report_more(jsonb_array_length(document -> 'schemas'), max_rows, 'SELECT * FROM pii.summary;')),
		('exposures', 'Exposures', pii.report_html_exposures(document, max_rows),
			pii.report_more(jsonb_array_length(document -> 'exposures'), max_rows, 'SELECT * FROM pii.exposure;')),
		('remedies', 'Remedies', pii.report_html_remedies(document -> 'remedies', max_rows),
			pii.report_more(jsonb_array_length(document -> 'remedies'), max_rows, 'SELECT DISTINCT remedy FROM pii.violations;')),
		('labels', 'Missing labels', pii.report_html_remedies(document -> 'missing_labels', max_rows),
			pii.report_more(jsonb_array_length(document -> 'missing_labels'), max_rows,
				'SELECT remedy FROM pii.violations WHERE rule = ''require_label'';')),
		('drift', pii.report_drift_title(document -> 'drift'), CASE
				WHEN jsonb_array_length(document -> 'drift' -> 'changes') > 0 THEN
					pii.report_html_table('Columns, exposures and labels', '{change,`column,`grantee,what}',
						pii.report_drift_rows(document -> 'drift' -> 'changes', max_rows))
				WHEN document -> 'drift' ->> 'since' IS NOT NULL THEN '<p>Nothing has changed.</p>' END,
			pii.report_more(jsonb_array_length(document -> 'drift' -> 'changes'), max_rows, 'SELECT * FROM pii.drift();')),
		('columns', 'Tagged columns', (
				SELECT string_agg(pii.report_html_column(c, n), E'\n' ORDER BY n)
				FROM jsonb_array_elements(document -> 'columns') WITH ORDINALITY AS x (c, n)
				WHERE n <= max_rows),
			pii.report_more(jsonb_array_length(document -> 'columns'), max_rows, 'SELECT * FROM pii.columns;')),
		('unknown', 'Not known', CASE WHEN jsonb_array_length(document -> 'unjudged') > 0 THEN
				pii.report_html_table('Columns that were scanned and could not be judged', '{why,#columns,`for example}', (
					SELECT jsonb_agg(jsonb_build_array(u -> 1, u -> 0, u -> 2) ORDER BY n)
					FROM jsonb_array_elements(pii.report_unjudged_rows(document -> 'unjudged', max_rows)) WITH ORDINALITY AS x (u, n))) END,
			pii.report_more(jsonb_array_length(pii.report_unjudged_rows(document -> 'unjudged')), max_rows,
				'SELECT * FROM pii.columns WHERE verdict = ''unknown'';')),
		('doors', 'Other doors', CASE WHEN jsonb_array_length(document -> 'doors') > 0 THEN
				pii.report_html_table('Ways out where the server does not check each reader', '{`column,door,`through,detail}',
					pii.report_rows(document -> 'doors', max_rows, 'name', 'door', 'through', 'detail')) END,
			pii.report_more(jsonb_array_length(document -> 'doors'), max_rows, 'SELECT * FROM pii.door;')),
		('policy', 'Policy', CASE WHEN jsonb_array_length(document -> 'policy') > 0 THEN
				pii.report_html_table('What pii.policy accepts and asks for', '{`for,accepts exposures,asks for labels,reason}',
					pii.report_rows(document -> 'policy', max_rows, 'for', 'accepts', 'asks_labels', 'reason')) END,
			pii.report_more(jsonb_array_length(document -> 'policy'), max_rows, 'SELECT * FROM pii.policy;'))
$$;
COMMENT ON FUNCTION pii.report_html_sections(jsonb, integer) IS 'the sections of the page';

CREATE FUNCTION pii.report_html(document jsonb, max_rows integer DEFAULT 500) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH section AS MATERIALIZED (
		SELECT n, id, title, pii.report_html_section(id, title, body, more) AS html
		FROM pii.report_html_sections(document, max_rows) WITH ORDINALITY AS s (id, title, body, more, n)
		WHERE body IS NOT NULL
	), head AS (
		SELECT pii.report_html_text(document ->> 'database') AS database,
			pii.report_html_text(pii.report_minute(document ->> 'generated_at')) AS minute
	)
	SELECT concat_ws(E'\n', '<!DOCTYPE html>', '<html lang="en">', '<head>', '<meta charset="utf-8">',
		'<meta name="viewport" content="width=device-width, initial-scale=1">',
		'<meta http-equiv="Content-Security-Policy" content="default-src ''none''; style-src ''unsafe-inline''">',
		'<meta name="robots" content="noindex">',
		'<meta name="referrer" content="no-referrer">',
		format('<title>Personal data in %s, %s</title>', database, minute),
		'<style>' || pii.report_html_style(), pii.report_html_filter_rules(document -> 'exposures', max_rows), '</style>', '</head>', '<body>',
		'<a class="skip" href="#summary">Skip to the summary</a>', '<header>',
		format('<h1>Personal data in %s</h1>', database),
		format('<p class="meta">%s</p>', concat_ws(' &middot; ', minute,
			'PostgreSQL ' || pii.report_html_text(document ->> 'server_version'),
			'pg_pii ' || pii.report_html_text(document ->> 'extension_version'),
			CASE WHEN (document ->> 'standby')::boolean THEN 'read on a standby' END,
			'schemas ' || (SELECT string_agg(pii.report_html_text(s), ', ')
				FROM jsonb_array_elements_text(nullif(document -> 'scope' -> 'schemas', 'null')) s),
			CASE WHEN (document -> 'scope' ->> 'only_violations')::boolean THEN 'violations only' END)),
		'<nav aria-label="Sections"><ul>' || (SELECT string_agg(format('<li><a href="#%s">%s</a></li>', id, pii.report_html_text(title)), '' ORDER BY n)
			FROM section) || '</ul></nav>', '</header>', '<main>',
		(SELECT string_agg(html, E'\n' ORDER BY n) FROM section), '</main>',
		'<footer><p>Tagged: judged to hold e-mail addresses or phone numbers, as its purpose (pii) or in some values (mixed), or labelled so. '
		'A share speaks of the values that were read; its interval, of all values of the column, where a sample was read. '
		'What is not known is not clean. No value of any table is in this report.</p></footer>', '</body>', '</html>')
	FROM head
$$;
COMMENT ON FUNCTION pii.report_html(jsonb, integer) IS
'a report as one page of HTML that loads and runs nothing, its tables cut after max_rows rows';
