-- evidence of each column, and what the judge makes of it
SET work_mem = '256MB';
CREATE TABLE evidence AS
SELECT v.id, pii.profile(v.value) AS evidence
FROM corpus_value v JOIN corpus_column c USING (id)
WHERE c.data_type NOT IN ('jsonb', 'text[]', 'integer[]')
GROUP BY v.id
UNION ALL
SELECT v.id, pii.profile(v.value::jsonb)
FROM corpus_value v JOIN corpus_column c USING (id)
WHERE c.data_type = 'jsonb'::regtype
GROUP BY v.id
UNION ALL
SELECT v.id, pii.profile(v.value::text[])
FROM corpus_value v JOIN corpus_column c USING (id)
WHERE c.data_type IN ('text[]', 'integer[]')
GROUP BY v.id;

-- One row per column, kind and what it was judged by.  Of a name alone only
-- what a column is for can be expected: free text is left out.
CREATE TABLE judged AS
SELECT c.id, c.family, c.half, c.rows, judged_by, kind, truth,
	truth <> 'none' AS holds,
	f ->> 'verdict' AS verdict,
	f ->> 'verdict' IN ('pii', 'mixed') AS found,
	(f ->> 'confidence')::float8 AS confidence
FROM corpus_column c
JOIN evidence e USING (id)
CROSS JOIN LATERAL (VALUES
	('values', e.evidence, c.neutral),
	('name', NULL, c.telling),
	('both', e.evidence, c.telling),
	('misled', e.evidence, c.misleading)) AS way (judged_by, evidence, column_name)
CROSS JOIN LATERAL pii.judge(way.evidence, way.column_name, c.data_type) AS j
CROSS JOIN LATERAL (VALUES ('email', c.email), ('phone', c.phone)) AS kinds (kind, truth)
CROSS JOIN LATERAL (SELECT j.findings -> kind AS f) AS finding
WHERE judged_by <> 'name' OR truth IN ('pii', 'none');

-- the two kinds apart and together
CREATE VIEW score AS
SELECT half, judged_by, coalesce(kind, 'both kinds') AS kind,
	count(*) AS columns,
	count(*) FILTER (WHERE holds) AS holding,
	count(*) FILTER (WHERE found AND NOT holds) AS wrong,
	count(*) FILTER (WHERE holds AND NOT found) AS missed,
	count(*) FILTER (WHERE found AND holds)::float8 / nullif(count(*) FILTER (WHERE found), 0) AS precision,
	count(*) FILTER (WHERE found AND holds)::float8 / nullif(count(*) FILTER (WHERE holds), 0) AS recall,
	2.0 * count(*) FILTER (WHERE found AND holds) / nullif(count(*) FILTER (WHERE found) + count(*) FILTER (WHERE holds), 0) AS f1,
	-- of the holding ones found, those where the verdict is the right one
	(count(*) FILTER (WHERE holds AND found AND (truth = verdict OR truth = 'some')))::float8
		/ nullif(count(*) FILTER (WHERE holds AND found), 0) AS right_verdict
FROM judged
GROUP BY half, judged_by, GROUPING SETS ((kind), ());

-- what was claimed, and what came true
CREATE VIEW calibration AS
SELECT half, judged_by, least(floor(confidence * 10) / 10, 0.9) AS bucket,
	count(*) AS findings, avg(confidence) AS claimed, avg(holds::int) AS observed
FROM judged
GROUP BY half, judged_by, bucket;

CREATE VIEW calibration_error AS
SELECT half, judged_by, sum(findings * abs(claimed - observed)) / sum(findings) AS error
FROM calibration
GROUP BY half, judged_by;
