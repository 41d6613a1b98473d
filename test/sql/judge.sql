-- verdicts: telephone numbers or chance, and what is not known
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;
RESET client_min_messages;

-- Values only; the name says nothing.  Numbers come from a fixed linear
-- congruence, so that every run sees the same.
CREATE TEMP TABLE number AS
SELECT i, (i * 6364136223::bigint + 1442695) % 10000019 AS r FROM generate_series(1, 2000) i;
CREATE TEMP VIEW sample (what, evidence) AS
SELECT 'US numbers', pii.profile((ARRAY['212', '415', '303', '617', '972'])[1 + i % 5] || 2000000 + r % 8000000) FROM number
UNION ALL SELECT 'US numbers written', pii.profile(format('(415) %s-%s', 200 + r % 790, lpad((r % 9973)::text, 4, '0'))) FROM number
UNION ALL SELECT 'Indian mobile numbers', pii.profile((ARRAY[70, 79, 81, 88, 90, 94, 98, 99])[1 + i % 8] * 100000000::bigint + r * 9) FROM number
UNION ALL SELECT 'random ten digits', pii.profile((r * 999)::text || lpad((r % 1000)::text, 3, '0')) FROM number
UNION ALL SELECT 'Swiss numbers without their zero', pii.profile((ARRAY[76, 77, 78, 79, 44, 22, 31])[1 + i % 7] * 10000000::bigint + 2000000 + r * 7919 % 6000000) FROM number
UNION ALL SELECT 'numbers of three countries without plus', pii.profile((ARRAY['336', '4477', '49151'])[1 + i % 3] || 12000000 + r * 8) FROM number
UNION ALL SELECT 'French numbers written', pii.profile(regexp_replace((ARRAY['014', '033', '047', '061', '062', '067', '076'])[1 + i % 7] || 1000000 + r * 8 % 9000000, '(..)(?=.)', '\1 ', 'g')) FROM number
UNION ALL SELECT 'numbers of nobody in brackets', pii.profile(format('(%s) %s-%s', 100 + r % 900, 100 + r % 890, lpad((r % 9973)::text, 4, '0'))) FROM number
UNION ALL SELECT 'numbers in notes', pii.profile(CASE WHEN i % 20 = 0 THEN format('rang (%s) %s-%s twice', (ARRAY[212, 415, 303])[1 + i / 20 % 3], 200 + r % 700, lpad((r % 9973)::text, 4, '0')) ELSE 'no answer ' || i END) FROM number
UNION ALL SELECT 'invoices by year', pii.profile('2019-' || lpad(i::text, 7, '0')) FROM number
UNION ALL SELECT 'codes in two groups', pii.profile(lpad((r % 100)::text, 2, '0') || '-' || lpad((r * 7 % 9999991)::text, 7, '0')) FROM number
UNION ALL SELECT 'one code behind 00', pii.profile(CASE WHEN i = 9 THEN '00442083661177' ELSE 71000000000000 + r * 999983 || '' END) FROM number
UNION ALL SELECT 'addresses inside a firm', pii.profile('u' || i || '@mail.firm.local') FROM number
UNION ALL SELECT 'addresses in lists', pii.profile(i || '@pg-pii.org; Jane Doe <jd' || i || '@pg-pii.org>') FROM number
UNION ALL SELECT 'user names', pii.profile('user' || i || CASE WHEN i % 3 = 0 THEN '@pg-pii.org' ELSE '' END) FROM number
UNION ALL SELECT 'icons', pii.profile('icon' || i || '@2x.png') FROM number
UNION ALL SELECT 'sequence', pii.profile(i) FROM number
UNION ALL SELECT 'block of ten digits', pii.profile(4158580000 + i * 3) FROM number
UNION ALL SELECT 'seconds since 1970', pii.profile(1558310400 + r) FROM number
UNION ALL SELECT 'YYYYMMDD', pii.profile(to_char('2001-01-01'::date + (r % 9000)::int, 'YYYYMMDD')) FROM number
UNION ALL SELECT 'one value', pii.profile(4158586273) FROM number
UNION ALL SELECT 'sizes', pii.profile((r * r) % (10 ^ (2 + r % 9))::bigint) FROM number
UNION ALL SELECT 'hashes', pii.profile(md5(i::text)) FROM number
UNION ALL SELECT 'addresses', pii.profile(i || '@pg-pii.org') FROM number
UNION ALL SELECT 'addresses of examples', pii.profile(i || '@example.com') FROM number
UNION ALL SELECT 'one address in prose', pii.profile(CASE WHEN i = 77 THEN 'mail a@pg-pii.org' ELSE 'note ' || i END) FROM number
UNION ALL SELECT 'names', pii.profile('Jane Doe ' || i) FROM number
UNION ALL SELECT 'nothing', pii.profile(NULL::text) FROM number
UNION ALL SELECT 'codes of one beginning', pii.profile('2023' || lpad((r % 999983)::text, 6, '0')) FROM number
UNION ALL SELECT 'tax numbers with their check digit', pii.profile(n || (s % 11)::text) FROM (
	SELECT n, 6 * substr(n, 1, 1)::int + 5 * substr(n, 2, 1)::int + 7 * substr(n, 3, 1)::int + 2 * substr(n, 4, 1)::int
		+ 3 * substr(n, 5, 1)::int + 4 * substr(n, 6, 1)::int + 5 * substr(n, 7, 1)::int + 6 * substr(n, 8, 1)::int + 7 * substr(n, 9, 1)::int AS s
	FROM (SELECT (600000000 + r * 17)::text AS n FROM number) d) t WHERE s % 11 < 10
UNION ALL SELECT 'persons by their birthday', pii.profile(to_char(date '1950-01-01' + (r % 18000)::int, 'YYMMDD') || '-' || lpad((r % 9973)::text, 4, '0')) FROM number
UNION ALL SELECT 'numbers among zeros', pii.profile(CASE WHEN i % 3 = 0 THEN (ARRAY[2129250000, 4158580000, 3038610000, 6178680000])[1 + i % 4] + r % 1000000 ELSE 0 END) FROM number
UNION ALL SELECT 'numbers among placeholders', pii.profile(CASE WHEN i % 4 = 0 THEN '+49 151 2' || lpad((r % 9999991)::text, 7, '0') ELSE (ARRAY['N/A', '-', 'unknown'])[1 + i % 3] END) FROM number
UNION ALL SELECT 'nothing but placeholders', pii.profile((ARRAY['N/A', '-', 'none'])[1 + i % 3]) FROM number
UNION ALL SELECT 'one address', pii.profile(i || '@pg-pii.org') FROM number WHERE i = 1
UNION ALL SELECT 'three addresses', pii.profile(i || '@pg-pii.org') FROM number WHERE i <= 3
UNION ALL SELECT 'three numbers', pii.profile('+44 20 8366 117' || i) FROM number WHERE i <= 3
UNION ALL SELECT 'addresses among nulls', pii.profile(CASE WHEN i % 500 = 0 THEN i || '@pg-pii.org' END) FROM number
UNION ALL SELECT 'empty', pii.profile(' ') FROM number
UNION ALL SELECT 'masked', pii.profile('***-***-' || lpad((r % 9973)::text, 4, '0')) FROM number
UNION ALL SELECT 'very long', pii.profile(repeat('x', 1100000)) FROM generate_series(1, 3);
SELECT what, j.tag::text[] AS kinds, j.verdict, j.confidence >= 0.5 AS likely, j.findings #>> '{phone,region}' AS region
FROM sample, pii.judge(evidence) AS j ORDER BY what COLLATE "C";

-- a name can tip the balance, or the type forbid it
SELECT v.name, v.type, j.tag::text[] AS kinds, j.verdict
FROM (VALUES ('email', 'text'), ('email', 'boolean'), ('telefono_casa', 'text'), ('email_verified', 'text'),
	('x', 'text'), ('phone', 'bigint'), ('email', 'bigint')) AS v (name, type),
	pii.judge(NULL, v.name, v.type::regtype) AS j;
SELECT n.column_name, pii.name_tag(n.column_name, 'text', n.table_name)::text[] AS kinds
FROM (VALUES ('user_email', NULL), ('emailAddress', NULL), ('PHONE_NUMBER', NULL), ('correo_electronico', NULL),
	('microphone', NULL), ('phone_count', NULL), ('id', NULL), ('value', 'email_addresses'), (NULL, 'phones')) AS n (column_name, table_name);

-- a region that is given is the one judged by
SELECT j.findings #>> '{phone,region}' AS region, j.verdict
FROM sample, pii.judge(evidence, region => 'IN') AS j WHERE what = 'Indian mobile numbers';
\set VERBOSITY terse
SELECT pii.judge(NULL, region => 'XX');
\set VERBOSITY default

-- what the definition of a column says, read one by one and by inspection
CREATE DOMAIN regress_mailish AS text CHECK (value ~ '^[^@]+@');
CREATE TABLE regress_described (id int, a text CHECK (a ~ '@'), b text, c regress_mailish, email text,
	d text, e text, gone text, CHECK (d || e ~ '@'));
ALTER TABLE regress_described DROP COLUMN gone;
COMMENT ON COLUMN regress_described.b IS 'Phone number';
SELECT a.attname, n.tag, n.verdict, (n.tag::text, n.verdict, n.confidence) IS NOT DISTINCT FROM (i.tag::text, i.verdict, i.confidence) AS as_inspected
FROM pg_attribute a
CROSS JOIN LATERAL pii.judge_name(a.attrelid, a.attnum, a.attname, a.atttypid, 'regress_described') n
JOIN pii.inspect('regress_described', 'name') i ON i.column_name = a.attname
WHERE a.attrelid = 'regress_described'::regclass
ORDER BY a.attnum;
SELECT n.* FROM pii.judge_name('regress_described', 99::smallint, 'email', 'text', 'gone') n;
SELECT n.* FROM pii.judge_name(0, 1::smallint, 'email', 0, 'gone') n;
SELECT c.column_name, c.tag FROM pii.columns c WHERE c.relation = 'regress_described'::regclass ORDER BY attnum;
DROP TABLE regress_described;
DROP DOMAIN regress_mailish;

-- nothing known
SELECT j.* FROM pii.judge(NULL) AS j;
SELECT j.verdict, j.reasons FROM pii.judge('{"version":1}') AS j;
DROP VIEW sample;
DROP TABLE number;
