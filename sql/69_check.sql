
-- ---------------------------------------------------------------------------
-- Floor 6, policy: is all well?  One row for monitoring
-- ---------------------------------------------------------------------------

CREATE FUNCTION pii.count_of(number bigint, noun text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT number || ' ' || noun || CASE number WHEN 1 THEN '' ELSE 's' END
$$;
COMMENT ON FUNCTION pii.count_of(bigint, text) IS 'a number and a noun, in the plural but for 1';

CREATE FUNCTION pii.check(
	max_age interval DEFAULT '8 days',
	OUT ok boolean,
	OUT violations bigint,
	OUT exposures bigint,
	OUT columns_pii bigint,
	OUT unscanned bigint,
	OUT stale bigint,
	OUT failed bigint,
	OUT oldest_scan interval,
	OUT last_run bigint,
	OUT last_run_at timestamptz,
	OUT last_run_outcome text,
	OUT message text
)
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	-- compiling the exposure view takes longer than answering it
	SET jit = off
AS $$
DECLARE
	problems text;
BEGIN
	-- both at once: to know who can read what is what takes time
	SELECT count(*), count(*) FILTER (WHERE j.breaks_policy) + (SELECT count(*) FROM pii.unread_violation)
	INTO exposures, violations
	FROM pii.judged_exposure j;
	SELECT count(*) FILTER (WHERE c.verdict IN ('pii', 'mixed')),
		-- an empty table may have been scanned, and its columns still be judged by name
		count(*) FILTER (WHERE c.source = 'name' AND s.relation IS NULL),
		count(*) FILTER (WHERE c.stale IS NOT NULL)
	INTO columns_pii, unscanned, stale
	FROM pii.columns c
	JOIN pg_class t ON t.oid = c.relation
	LEFT JOIN pii.scanned_table s
		ON s.relation = CASE WHEN t.relispartition THEN pg_partition_root(c.relation) ELSE c.relation END;
	SELECT count(*) FILTER (WHERE s.failed), date_trunc('second', clock_timestamp() - min(s.checked_at))
	INTO failed, oldest_scan
	FROM pii.scanned_table s
	JOIN pii.user_table u ON u.relation = s.relation;
	SELECT r.run_id, coalesce(r.finished_at, r.last_active_at), r.outcome
	INTO last_run, last_run_at, last_run_outcome
	FROM pii.scan_run r
	WHERE r.outcome IS NOT NULL
	ORDER BY r.run_id DESC LIMIT 1;

	problems := concat_ws('; ',
		CASE WHEN violations > 0 THEN pii.count_of(violations, 'violation') || ' of the policy' END,
		CASE WHEN last_run IS NULL THEN 'no run of pii.scan has ended yet'
			WHEN last_run_at < clock_timestamp() - max_age
			THEN format('the last run of pii.scan ended at %s', date_trunc('second', last_run_at)) END);
	ok := problems = '';
	message := concat_ws('; ',
		CASE WHEN ok THEN 'ok' ELSE 'not ok: ' || problems END,
		pii.count_of(columns_pii, 'column') || ' with personal data',
		pii.count_of(exposures, 'exposure'),
		CASE WHEN unscanned > 0 THEN pii.count_of(unscanned, 'column') || ' not scanned' END,
		CASE WHEN stale > 0 THEN pii.count_of(stale, 'column') || ' stale' END,
		CASE WHEN failed > 0 THEN pii.count_of(failed, 'table') || ' that could not be read' END,
		CASE WHEN last_run_outcome <> 'done' THEN 'the last run was stopped: ' || last_run_outcome END);
END
$$;
COMMENT ON FUNCTION pii.check(interval) IS
'one row for monitoring: ok unless something breaks the policy or no run of pii.scan has ended for max_age; counts, ages, and a line that says it';
REVOKE ALL ON FUNCTION pii.check(interval) FROM PUBLIC;
