-- functions over one value
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;
RESET client_min_messages;

-- spans count characters, from 1
SELECT f.*, substr(v, start, length) = match AS exact
FROM (VALUES
	('write to Jo.Doe+list@Mail.Pg-Pii.Com or call +1 (415) 858-6273 x12.'),
	('zażółć gęślą: łukasz@pg-pii.pl, +48 22 820 15 00'),
	('nothing here'), (''), (NULL)) AS t (v), pii.find(v) AS f;

-- kinds and regions
SELECT kind, match FROM pii.find('a@pg-pii.org +442083661177', '{email}');
SELECT kind, match FROM pii.find('a@pg-pii.org +442083661177', '{phone}');
SELECT kind, match FROM pii.find('a@pg-pii.org +442083661177', '{}');
SELECT region, count(f.kind)
FROM (VALUES (NULL), ('GB'), ('gb'), ('US')) AS r (region)
LEFT JOIN LATERAL pii.find('ring 020 8366 1177 tonight', NULL, region) AS f ON true
GROUP BY region ORDER BY region COLLATE "C";
SELECT match, normalized, form FROM pii.find('020 8366 1177', NULL, 'GB');

-- whole values
SELECT v, pii.is_email(v), pii.is_phone(v), pii.has(v), pii.has(v, 'email') AS has_email,
	pii.has(v, 'phone') AS has_phone
FROM (VALUES ('a@pg-pii.org'), (' a@pg-pii.org '), ('to a@pg-pii.org'), ('+442083661177'),
	('+44 20 8366 1177'), ('2083661177'), ('+0000000000'), ('git@github.com:a/b'),
	('pkg@1.2.3'), ('icon@2x.png'), ('@handle'), ('a@localhost'), ('2020-01-31 10:11:12'),
	('3f0c0e2e-9b1f-4c37-8f5e-0c4155552671')) AS t (v);
SELECT pii.is_phone('020 8366 1177', 'GB') AS gb, pii.is_phone('020 8366 1177', 'US') AS us,
	pii.is_phone('4158586273', 'US') AS bare;

-- normal forms
SELECT pii.normalize('Jo.Doe@PG-PII.ORG', 'email') AS email,
	pii.normalize('tel:+44-20-8366-1177', 'phone') AS phone,
	pii.normalize('020 8366 1177', 'phone', 'GB') AS national,
	pii.normalize('to a@pg-pii.org', 'email') AS not_whole,
	pii.normalize('a@pg-pii.org', 'phone') AS other_kind;

-- nulls
SELECT pii.has(NULL), pii.is_email(NULL), pii.is_phone(NULL), pii.normalize(NULL, 'email');

-- bad input lists what is good
\set VERBOSITY terse
SELECT * FROM pii.find('x', '{email,iban}');
SELECT * FROM pii.find('x', '{email,NULL}');
SELECT pii.has('x', 'Email');
SELECT pii.normalize('x', NULL);
SELECT pii.normalize('x', 'fax');
\set VERBOSITY default
SELECT pii.has('x', 'iban');
DO $$
DECLARE
	hint text;
BEGIN
	PERFORM pii.is_phone('x', 'UK');
EXCEPTION WHEN invalid_parameter_value THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RAISE NOTICE '%: % regions, GB among them: %', SQLERRM,
		array_length(string_to_array(hint, ', '), 1) > 200, hint ~ '\mGB\M';
END
$$;

-- an index on an immutable function
CREATE TEMP TABLE contact (v text);
INSERT INTO contact SELECT 'u' || i || '@pg-pii.org' FROM generate_series(1, 100) i;
CREATE INDEX ON contact (pii.normalize(v, 'email'));
SELECT count(*) FROM contact WHERE pii.normalize(v, 'email') = 'u7@pg-pii.org';

-- a long value is read whole
SELECT start, length, match FROM pii.find(repeat('lorem ipsum ', 200000) || 'a@pg-pii.org');
DROP TABLE contact;
