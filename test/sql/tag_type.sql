-- pii.tag: form, order, operators, casts
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;
RESET client_min_messages;
SET search_path = public, pii;

-- input and output: one canonical form
SELECT input, input::pii.tag AS tag
FROM (VALUES
	('none'), (' none '), ('email'), ('email:1'), ('email:0.99'), ('email:0.5000'),
	('phone,email'), (' phone : 0.41 , email:0.99 '), ('email:0'), ('email:.5'),
	('email:0.00004'), ('email:0.99999'), ('national_id:0.25,email')) AS v (input);

-- what is not a tag
SELECT ''::pii.tag;
SELECT 'email,'::pii.tag;
SELECT 'email phone'::pii.tag;
SELECT 'email:'::pii.tag;
SELECT 'email:1.1'::pii.tag;
SELECT 'email:-0.1'::pii.tag;
SELECT 'email:nan'::pii.tag;
SELECT 'email:0x1'::pii.tag;
SELECT 'email:0.1.2'::pii.tag;
SELECT 'email:1e-1'::pii.tag;
SELECT 'Email'::pii.tag;
SELECT 'none,email'::pii.tag;
SELECT 'email,email'::pii.tag;
SELECT '1st'::pii.tag;
SELECT repeat('a', 63)::pii.tag IS NOT NULL AS longest_kind;
SELECT repeat('a', 64)::pii.tag;
SELECT string_agg('k' || i, ',')::pii.tag IS NOT NULL AS most_kinds FROM generate_series(1, 32) i;
SELECT string_agg('k' || i, ',')::pii.tag FROM generate_series(1, 33) i;

-- binary form
CREATE TEMP TABLE tags (tag pii.tag);
INSERT INTO tags VALUES ('none'), ('email'), ('email:0.5'), ('email:0.5,phone'), ('phone:0.41');
SELECT tag, encode(pii.tag_send(tag), 'hex') FROM tags ORDER BY tag;

-- order
SELECT tag FROM tags ORDER BY tag DESC;
SELECT a.tag, b.tag, a.tag < b.tag AS lt, a.tag <= b.tag AS le, a.tag = b.tag AS eq,
	a.tag <> b.tag AS ne, a.tag >= b.tag AS ge, a.tag > b.tag AS gt, pii.tag_cmp(a.tag, b.tag)
FROM tags a, tags b WHERE a.tag = 'email:0.5' ORDER BY b.tag;
SELECT count(DISTINCT tag) FROM (SELECT tag FROM tags UNION ALL SELECT tag FROM tags) t;
SELECT pii.tag_hash('email:0.50,phone') = pii.tag_hash('phone:1,email:.5') AS same,
	pii.tag_hash_extended('email', 0) <> pii.tag_hash_extended('email', 1) AS seeded;

-- an index of either kind serves the operator
CREATE TEMP TABLE many (tag pii.tag);
INSERT INTO many SELECT ('email:' || i / 1000.0)::pii.tag FROM generate_series(0, 999) i;
CREATE INDEX many_btree ON many (tag);
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT count(*) FROM many WHERE tag > 'email:0.5';
DROP INDEX many_btree;
CREATE INDEX many_hash ON many USING hash (tag);
SELECT tag FROM many WHERE tag = 'email:0.25';
RESET enable_seqscan;
RESET enable_bitmapscan;
SET enable_nestloop = off;
SELECT count(*) FROM many a JOIN many b USING (tag);
RESET enable_nestloop;

-- kinds
SELECT t.tag, t.tag @> 'email' AS contains, t.tag <@ 'email,phone' AS contained,
	t.tag && 'phone' AS overlaps, t.tag || 'email:0.7' AS joined,
	t.tag -> 'email' AS confidence, t.tag ? 'phone' AS has
FROM tags t ORDER BY t.tag;
SELECT 'none'::pii.tag <@ 'none' AS none_in_none, 'none'::pii.tag @> 'email' AS none_has_email;

-- casts
SELECT tag::jsonb AS as_jsonb, tag::text[] AS as_array, tag::text AS as_text FROM tags t ORDER BY t.tag;

DROP TABLE tags, many;
