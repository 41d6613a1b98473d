\echo columns of the half :half
SELECT judged_by, kind, columns, holding, wrong, missed, round(precision::numeric, 4) AS precision,
	round(recall::numeric, 4) AS recall, round(f1::numeric, 4) AS f1, round(right_verdict::numeric, 4) AS right_verdict
FROM score WHERE half = :half
ORDER BY array_position('{values,name,both,misled}', judged_by), kind;
\echo by size, values alone
SELECT kind, CASE WHEN rows < 10 THEN '1 to 9' WHEN rows < 30 THEN '10' WHEN rows < 500 THEN '30 to 200' ELSE '500 and more' END AS rows,
	count(*) AS columns, count(*) FILTER (WHERE holds) AS holding,
	count(*) FILTER (WHERE found AND NOT holds) AS wrong,
	count(*) FILTER (WHERE holds AND NOT found) AS missed
FROM judged WHERE half = :half AND judged_by = 'values'
GROUP BY 1, 2 ORDER BY 1, min(judged.rows);
\echo calibration
SELECT judged_by, bucket, findings, round(claimed::numeric, 3) AS claimed, round(observed::numeric, 3) AS observed
FROM calibration WHERE half = :half AND judged_by IN ('values', 'both')
ORDER BY judged_by DESC, bucket;
SELECT judged_by, round(error::numeric, 4) AS expected_calibration_error
FROM calibration_error WHERE half = :half
ORDER BY array_position('{values,name,both,misled}', judged_by);
