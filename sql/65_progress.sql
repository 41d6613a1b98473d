
-- ---------------------------------------------------------------------------
-- Floor 6, policy: how far a run is
-- ---------------------------------------------------------------------------

-- A table takes some milliseconds however small it is: as long as reading a
-- quarter of a megabyte.
CREATE FUNCTION pii.done_share(run pii.scan_run) RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN run.tables_total = 0 THEN 1
		ELSE least(1, (run.bytes_read + run.tables_done * 262144.0)
			/ (run.bytes_total + run.tables_total * 262144.0)) END
$$;
COMMENT ON FUNCTION pii.done_share(pii.scan_run) IS
'which share of its work a run has done, by tables and bytes';

-- A run is alive as long as a session holds its lock, which pii.begin_run()
-- took: a run that was killed is not shown.
CREATE VIEW pii.progress AS
SELECT r.run_id,
	r.pid,
	r.started_by,
	r.method,
	r.started_at,
	now.at - r.started_at AS elapsed,
	r.tables_done,
	r.tables_total,
	r.tables_failed,
	r.tables_skipped,
	r.rows_read,
	r.rows_total,
	r.bytes_read,
	r.bytes_total,
	round((100 * s.share)::numeric, 1) AS percent,
	round((r.rows_read / s.seconds)::numeric) AS rows_per_second,
	round((r.bytes_read / s.seconds)::numeric) AS bytes_per_second,
	left_over.remaining,
	date_trunc('second', now.at) + left_over.remaining AS eta,
	r.current_table,
	now.at - r.last_active_at AS current_elapsed
FROM pg_locks l
JOIN pii.scan_run r ON r.pid = l.pid AND r.finished_at IS NULL AND r.outcome IS NULL
CROSS JOIN LATERAL (SELECT clock_timestamp()) now (at)
CROSS JOIN LATERAL (
	SELECT pii.done_share(r),
		greatest(extract(epoch FROM now.at - r.started_at), 0.001)) s (share, seconds)
CROSS JOIN LATERAL (
	SELECT CASE WHEN s.share > 0
		THEN make_interval(secs => round(s.seconds * (1 - s.share) / s.share)) END) left_over (remaining)
WHERE l.locktype = 'advisory' AND l.granted
	AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
	AND (l.classid, l.objid, l.objsubid) = (1885956352::oid, 1::oid, 2);
COMMENT ON VIEW pii.progress IS 'how far the run of pii.scan is that is in progress in this database; no row if none is';
COMMENT ON COLUMN pii.progress.run_id IS 'number of the run';
COMMENT ON COLUMN pii.progress.pid IS 'process that runs it';
COMMENT ON COLUMN pii.progress.started_by IS 'session user that called it';
COMMENT ON COLUMN pii.progress.method IS 'method asked for';
COMMENT ON COLUMN pii.progress.started_at IS 'when it began';
COMMENT ON COLUMN pii.progress.elapsed IS 'how long it has run';
COMMENT ON COLUMN pii.progress.tables_done IS 'tables scanned, those that failed included';
COMMENT ON COLUMN pii.progress.tables_total IS 'tables to scan';
COMMENT ON COLUMN pii.progress.tables_failed IS 'tables that could not be scanned';
COMMENT ON COLUMN pii.progress.tables_skipped IS 'tables that have not changed since their last scan';
COMMENT ON COLUMN pii.progress.rows_read IS 'rows read of the tables that are done';
COMMENT ON COLUMN pii.progress.rows_total IS 'rows to read, estimated';
COMMENT ON COLUMN pii.progress.bytes_read IS 'bytes read of the tables that are done';
COMMENT ON COLUMN pii.progress.bytes_total IS 'bytes to read, estimated';
COMMENT ON COLUMN pii.progress.percent IS 'share of the work that is done, in percent';
COMMENT ON COLUMN pii.progress.rows_per_second IS 'rows read per second so far';
COMMENT ON COLUMN pii.progress.bytes_per_second IS 'bytes read per second so far';
COMMENT ON COLUMN pii.progress.remaining IS 'how long it will still take, if it goes on as so far';
COMMENT ON COLUMN pii.progress.eta IS 'when it will then be done';
COMMENT ON COLUMN pii.progress.current_table IS 'table it is at; NULL: exposures are being recorded';
COMMENT ON COLUMN pii.progress.current_elapsed IS 'how long it has been at it';
REVOKE ALL ON pii.progress FROM PUBLIC;

CREATE FUNCTION pii.describe_progress(this_run bigint) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format('%s of %s tables, %s rows, %s %%, about %s left',
		p.tables_done, p.tables_total, p.rows_read, round(p.percent), p.remaining)
	FROM pii.progress p WHERE p.run_id = this_run
$$;
COMMENT ON FUNCTION pii.describe_progress(bigint) IS 'how far a run is, in a line';
REVOKE ALL ON FUNCTION pii.describe_progress(bigint) FROM PUBLIC;
