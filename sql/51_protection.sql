
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: what masks or encrypts the values of a column
-- ---------------------------------------------------------------------------

-- A rule on the table counts for all its columns that have none of their own.
CREATE VIEW pii.mask_rule AS
SELECT a.attrelid AS relation,
	   a.attnum,
	   format('%s masks it for masked roles: %s', l.provider, l.label) AS rule
FROM pg_attribute a
CROSS JOIN LATERAL (
	SELECT l.provider, l.label
	FROM pg_seclabel l
	WHERE l.objoid = a.attrelid
	  AND l.classoid = 'pg_class'::regclass
	  AND l.objsubid IN (0, a.attnum)
	  AND l.provider = ANY (pii.mask_providers())
	ORDER BY l.objsubid DESC, l.provider <> 'anon', l.provider
	LIMIT 1
) l
WHERE a.attnum > 0
  AND NOT a.attisdropped
  AND l.label ~* '^\s*masked\s';

COMMENT ON VIEW pii.mask_rule IS 'columns that anon masks, by a label on the column or its table';
COMMENT ON COLUMN pii.mask_rule.rule IS 'the label, and whose it is';
REVOKE ALL ON pii.mask_rule FROM PUBLIC;

CREATE VIEW pii.encrypted AS
SELECT x.relation, x.attnum, x.encryption
FROM (
	SELECT a.attrelid AS relation, a.attnum,
		   CASE WHEN 'bytea'::regtype IN (y.oid, y.typbasetype) THEN 'stored as bytea'
				WHEN EXISTS (SELECT
							 FROM pg_seclabel l
							 WHERE l.objoid = a.attrelid
							   AND l.classoid = 'pg_class'::regclass
							   AND l.objsubid = a.attnum
							   AND l.provider = 'pgsodium'
							   AND l.label ~* '^\s*encrypt\s')
				THEN 'encrypted by pgsodium'
				WHEN (SELECT array_to_string(r.reasons, ' ')
					  FROM pii.scan_result r
					  WHERE r.relation = a.attrelid AND r.attnum = a.attnum AND r.path IS NULL
					  ORDER BY r.scanned_at DESC
					  LIMIT 1) ~ 'values look encrypted'
				THEN 'values look encrypted' END AS encryption
	FROM pg_attribute a
	JOIN pg_type y ON y.oid = a.atttypid
	WHERE a.attnum > 0
) x
WHERE x.encryption IS NOT NULL;

COMMENT ON VIEW pii.encrypted IS
'columns whose values are not in the clear, by their type, a label of pgsodium, or what a scan has seen';
COMMENT ON COLUMN pii.encrypted.encryption IS 'what speaks for it';
REVOKE ALL ON pii.encrypted FROM PUBLIC;
