-- pii.evidence and the aggregates
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;
CREATE EXTENSION IF NOT EXISTS citext;
RESET client_min_messages;

-- what is counted
SELECT jsonb_pretty(pii.profile(v)::jsonb - '{sketch,thousands,openings,national,bare,zeroless}'::text[]) AS evidence
FROM (VALUES ('a@pg-pii.org'), (NULL), ('  '), ('see b@pg-pii.org and c@pg-pii.org'),
	('+442083661177'), ('(206) 858-9482'), ('20190520'), ('plain text')) AS t (v);
SELECT pii.profile(v)::jsonb FROM (SELECT NULL::text WHERE false) AS t (v);
SELECT pii.profile(v)::jsonb FROM (VALUES (NULL::text), (NULL)) AS t (v);

-- keys of a document are leaves like its values; what is too long is read in part
SELECT v, pii.profile(v)::jsonb - '{sketch,forms}'::text[] AS evidence
FROM (VALUES ('{"a@pg-pii.org": "b@pg-pii.org", "n": null}'::jsonb)) AS t (v) GROUP BY v;
SELECT pii.profile(repeat('x', 1024 * 1024 + 5) || ' a@pg-pii.org')::jsonb AS evidence;

-- no value can be read back from it
SELECT pii.profile(v)::text ~ 'jo|pg-pii|836' AS leaks
FROM (VALUES ('jo@pg-pii.org'), ('+442083661177'), ('02083661177'), ('2083661177')) AS t (v);

-- text and binary form lose nothing
CREATE TEMP TABLE part AS
SELECT i % 7 AS part, pii.profile(CASE i % 5 WHEN 0 THEN i || '@pg-pii.org'
	WHEN 1 THEN '+44208366' || 1000 + i WHEN 2 THEN (20000000 + i * 3)::text
	WHEN 3 THEN 'note ' || i END) AS evidence
FROM generate_series(1, 3000) i GROUP BY 1;
SELECT bool_and(evidence::text::pii.evidence::text = evidence::text) AS text_form,
	bool_and(evidence::jsonb = evidence::text::jsonb) AS json_form
FROM part;

-- the evidence of parts is that of the whole, in any order
SELECT count(DISTINCT merged) AS answers, bool_and(merged = whole.evidence::text) AS equal
FROM (
	SELECT pii.merge(evidence ORDER BY part)::text AS merged FROM part
	UNION ALL SELECT pii.merge(evidence ORDER BY part DESC)::text FROM part
	UNION ALL SELECT pii.merge(evidence ORDER BY md5(part::text))::text FROM part
) m, (
	SELECT pii.profile(CASE i % 5 WHEN 0 THEN i || '@pg-pii.org'
		WHEN 1 THEN '+44208366' || 1000 + i WHEN 2 THEN (20000000 + i * 3)::text
		WHEN 3 THEN 'note ' || i END) AS evidence
	FROM generate_series(1, 3000) i
) whole;
SELECT pii.merge(e)::jsonb FROM (VALUES (NULL::pii.evidence)) AS t (e);
SELECT pii.merge(evidence) OVER (ORDER BY part)::text = pii.merge(evidence) OVER (ORDER BY part)::text AS window_frame
FROM part ORDER BY part LIMIT 1;

-- every type: without a cast, without ambiguity
CREATE DOMAIN pg_temp.contact AS text CHECK (VALUE <> 'never');
CREATE DOMAIN pg_temp.number AS bigint;
CREATE TEMP TABLE typed (
	t text, v varchar(40), c char(40), n name, ci citext, d pg_temp.contact, j json, b jsonb, x xml,
	i2 smallint, i4 integer, i8 bigint, di pg_temp.number, num numeric, f4 real, f8 double precision,
	ta text[], va varchar[], ca char(40)[], na name[], cia citext[], ja json[], ba jsonb[], xa xml[],
	i2a smallint[], i4a integer[], i8a bigint[], numa numeric[], f4a real[], f8a double precision[]);
INSERT INTO typed
SELECT a, a, a, a, a, a, to_json(a), to_jsonb(a), xmlparse(content a),
	p % 10000, p % 1000000000, p, p, p, p, p,
	ARRAY[a, a], ARRAY[a], ARRAY[a], ARRAY[a], ARRAY[a]::citext[], ARRAY[to_json(a)], ARRAY[to_jsonb(a)], ARRAY[xmlparse(content a)],
	ARRAY[p % 10000]::smallint[], ARRAY[p % 1000000000]::integer[], ARRAY[p], ARRAY[p]::numeric[], ARRAY[p]::real[], ARRAY[p]::double precision[]
FROM (SELECT 'u' || i || '@pg-pii.org' AS a, 4158586273 + i * 1009 AS p FROM generate_series(1, 20) i) s;
SELECT k.key AS column, k.value ->> 'rows' AS rows, coalesce(k.value #>> '{email,matched}', '0') AS emails,
	coalesce(k.value #>> '{email,whole}', '0') AS whole, coalesce(k.value ->> 'digits', '0') AS digits
FROM (SELECT jsonb_build_object(
		't', pii.profile(t)::jsonb, 'v', pii.profile(v)::jsonb, 'c', pii.profile(c)::jsonb, 'n', pii.profile(n)::jsonb,
		'ci', pii.profile(ci)::jsonb, 'd', pii.profile(d)::jsonb, 'j', pii.profile(j)::jsonb, 'b', pii.profile(b)::jsonb,
		'x', pii.profile(x)::jsonb, 'i2', pii.profile(i2)::jsonb, 'i4', pii.profile(i4)::jsonb, 'i8', pii.profile(i8)::jsonb,
		'di', pii.profile(di)::jsonb, 'num', pii.profile(num)::jsonb, 'f4', pii.profile(f4)::jsonb, 'f8', pii.profile(f8)::jsonb,
		'ta', pii.profile(ta)::jsonb, 'va', pii.profile(va)::jsonb, 'ca', pii.profile(ca)::jsonb, 'na', pii.profile(na)::jsonb,
		'cia', pii.profile(cia)::jsonb, 'ja', pii.profile(ja)::jsonb, 'ba', pii.profile(ba)::jsonb, 'xa', pii.profile(xa)::jsonb,
		'i2a', pii.profile(i2a)::jsonb, 'i4a', pii.profile(i4a)::jsonb, 'i8a', pii.profile(i8a)::jsonb, 'numa', pii.profile(numa)::jsonb,
		'f4a', pii.profile(f4a)::jsonb, 'f8a', pii.profile(f8a)::jsonb) AS o FROM typed) t, jsonb_each(o) k
ORDER BY k.key COLLATE "C";
SELECT pii.classify(t) AS t, pii.classify(v) AS v, pii.classify(c) AS c, pii.classify(n) AS n, pii.classify(ci) AS ci,
	pii.classify(d) AS d, pii.classify(ta) AS ta, pii.classify(cia) AS cia FROM typed;
SELECT pii.classify('a@pg-pii.org') AS literal;

-- only within an aggregate
\set VERBOSITY terse
SELECT pii.evidence_add('{"version":1}', 'x'::text);
SELECT pii.evidence_combine('{"version":1}', '{"version":1}');

-- what is not evidence
SELECT '{}'::pii.evidence;
SELECT '[]'::pii.evidence;
SELECT 'x'::pii.evidence;
SELECT '{"version":2}'::pii.evidence;
SELECT '{"version":1,"rows":-1}'::pii.evidence;
SELECT '{"version":1,"rows":"1"}'::pii.evidence;
SELECT '{"version":1,"rows":1.5}'::pii.evidence;
SELECT '{"version":1,"email":3}'::pii.evidence;
SELECT '{"version":1,"sketch":"00"}'::pii.evidence;
\set VERBOSITY default

-- Citus pushes an aggregate down to its shards if the state type is no
-- pseudo-type, the argument types are concrete, and there is a combine function
SELECT p.proname, count(*) AS overloads,
	bool_and(st.typtype <> 'p') AS plain_state,
	bool_and(a.aggcombinefn <> 0) AS combines,
	bool_and(p.proparallel = 's') AS parallel_safe,
	bool_and((SELECT bool_and(t.typtype <> 'p') FROM unnest(p.proargtypes) u JOIN pg_type t ON t.oid = u)) AS concrete
FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_type st ON st.oid = a.aggtranstype
WHERE p.pronamespace = 'pii'::regnamespace GROUP BY 1 ORDER BY 1;
DROP TABLE part, typed;
