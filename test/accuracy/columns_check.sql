-- what must not get worse
SELECT CASE WHEN measured >= target THEN 'reached' ELSE 'missed' END || format('  %s: %s, at least %s', what, round(measured::numeric, 4), target)
FROM (
	SELECT format('F1 of %s by %s', kind, judged_by) AS what, f1 AS measured, target
	FROM score JOIN (VALUES ('values', 0.955), ('name', 0.95), ('both', 0.98)) AS t (judged_by, target) USING (judged_by)
	WHERE half = :half
	UNION ALL
	SELECT 'calibration of ' || judged_by, 1 - error, 0.97
	FROM calibration_error WHERE half = :half AND judged_by IN ('values', 'both')) AS checks
ORDER BY what COLLATE "C";
