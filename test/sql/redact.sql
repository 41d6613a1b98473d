-- pii.redact
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_pii;
RESET client_min_messages;

SELECT style, pii.redact('Jo.Doe@mail.pg-pii.org, jo@x.fr; +44 20 8366 1177', style => style, key => 'secret') AS redacted
FROM unnest('{mask,hash,label}'::text[]) AS style;
SELECT pii.redact('a@pg-pii.org +442083661177', '{phone}', 'label') AS phone,
	pii.redact('a@pg-pii.org +442083661177', '{email}', 'label') AS email,
	pii.redact('020 8366 1177', style => 'label') AS no_region,
	pii.redact('020 8366 1177', style => 'label', region => 'GB') AS region,
	pii.redact('') AS empty, pii.redact(NULL) AS null, pii.redact('a@pg-pii.org', NULL, NULL) AS default_style;

-- the same address hashes to the same letters however it was written, under one key
SELECT pii.redact('jo@pg-pii.org', style => 'hash', key => 'k') = pii.redact('jo@PG-PII.org', style => 'hash', key => 'k') AS same,
	pii.redact('jo@pg-pii.org', style => 'hash', key => 'k') = pii.redact('jo@pg-pii.org', style => 'hash', key => 'l') AS other_key,
	pii.redact('+44 20 8366 1177', style => 'hash', key => 'k') = pii.redact('tel:+442083661177', style => 'hash', key => 'k') AS phones;
-- HMAC-SHA-256 itself, in the letters a to p for 0 to f
SELECT pii.redact('+44 20 8366 1177', style => 'hash', key => 'k') =
	'<phone:' || translate(left(h, 32), '0123456789abcdef', 'abcdefghijklmnop') || '>' AS hmac
FROM (
	SELECT encode(sha256(o || sha256(i || convert_to('+442083661177', 'UTF8'))), 'hex') AS h
	FROM (SELECT string_agg(set_byte('\x00', 0, get_byte(k, n) # 54), '' ORDER BY n) AS i,
			string_agg(set_byte('\x00', 0, get_byte(k, n) # 92), '' ORDER BY n) AS o
		FROM (SELECT convert_to('k', 'UTF8') || decode(repeat('00', 63), 'hex') AS k) AS key, generate_series(0, 63) AS n) AS pads
) AS hash;

-- nothing is left to be found, whatever stands next to what; and once is enough
SELECT count(*) AS values, count(*) FILTER (WHERE EXISTS (SELECT FROM pii.find(r, region => 'US'))) AS left_over,
	count(*) FILTER (WHERE pii.redact(r, style => style, region => 'US') <> r) AS changed_again
FROM (
	SELECT style, pii.redact(string_agg(piece, '' ORDER BY i), style => style, region => 'US') AS r
	FROM (SELECT n, i, style, (ARRAY['a@pg-pii.org', '+14158586273', '4158586273', '(415) 858-6273', ' ', ',', '@', 'x', '.com', '+', '1', '%40', 'name (at) pg-pii (dot) org', '"', '<', '>', '-', ':', '/', E'\n'])
			[1 + (n * 7919 + i * 104729 + n * i * 31) % 20] AS piece
		FROM generate_series(1, 400) AS n, generate_series(1, 9) AS i, unnest('{mask,label}'::text[]) AS style) AS pieces
	GROUP BY n, style
) AS redacted;

-- bad input
\set SHOW_CONTEXT never
SELECT pii.redact('a@pg-pii.org', style => 'hash');
SELECT pii.redact('a@pg-pii.org', style => 'hash', key => '');
SELECT pii.redact('x', style => 'blank');
SELECT pii.redact('x', '{name}');
