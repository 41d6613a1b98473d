/*
 * run.c
 *		What pii.scan needs of the server while it runs: to know that it may
 *		commit, to be the only one, and to be seen at work.
 *
 * One run at a time goes through a database.  The lock that says so is an
 * advisory lock of the session, because a run commits after each table; so it
 * is not the server that releases it when the run ends in an error but the
 * callback below.
 */
#include "compat.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "access/xact.h"
#include "access/xlog.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/lock.h"
#include "tcop/tcopprot.h"
#include "utils/backend_status.h"
#include "utils/builtins.h"

/* The two keys of the advisory lock; pii.progress looks for them in pg_locks. */
#define RUN_LOCK_SPACE 0x70696900	/* "pii" */
#define RUN_LOCK_SCAN 1

/* Whether this session holds the lock. */
static bool is_running = false;

/* The lock that a run holds in its database. */
static LOCKTAG
run_lock(void)
{
	LOCKTAG		tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, RUN_LOCK_SPACE, RUN_LOCK_SCAN, 2);
	return tag;
}

/* Give the lock back, if this session holds it. */
static void
release_run_lock(void)
{
	LOCKTAG		tag = run_lock();

	if (!is_running)
		return;
	is_running = false;
	LockRelease(&tag, ExclusiveLock, true);
}

/*
 * An XactCallback: a transaction that aborts under a run is the end of the
 * run, since it handles what it can in subtransactions.
 */
static void
end_of_transaction(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_ABORT)
		release_run_lock();
}

/* Refuse to run where a run could not commit, or not write. */
static void
check_may_run(void)
{
	if (RecoveryInProgress())
		ereport(ERROR,
				(errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
				 errmsg("cannot execute pii.scan during recovery"),
				 errdetail("A scan stores what it finds, and a standby stores nothing of its own."),
				 errhint("Call pii.scan on the primary; its results arrive here.  pii.inspect reads tables on a standby as well.")));
	if (!SPI_inside_nonatomic_context())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("pii.scan cannot run inside a transaction block"),
				 errdetail("It commits after each table."),
				 errhint("Send CALL pii.scan() by itself: not between BEGIN and COMMIT, not with other statements in one string, not from a function.  pii.inspect runs anywhere.")));
	if (XactReadOnly)
		ereport(ERROR,
				(errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
				 errmsg("cannot execute pii.scan in a read-only transaction"),
				 errhint("Set default_transaction_read_only to off for it.  pii.inspect runs in read-only transactions.")));
}

PG_FUNCTION_INFO_V1(pii_begin_run);

/*
 * pii.begin_run() -> boolean: whether this session may now run a scan; false
 * if another one does.  To be called by a procedure before its first write.
 */
Datum
pii_begin_run(PG_FUNCTION_ARGS)
{
	static bool registered = false;
	LOCKTAG		tag = run_lock();

	check_may_run();
	if (!registered)
	{
		RegisterXactCallback(end_of_transaction, NULL);
		registered = true;
	}
	/* a run within a run of the same session is one too many as well */
	if (is_running ||
		LockAcquire(&tag, ExclusiveLock, true, true) == LOCKACQUIRE_NOT_AVAIL)
		PG_RETURN_BOOL(false);
	is_running = true;
	PG_RETURN_BOOL(true);
}

/*
 * Give free memory back to the system.  The plan of the exposure view takes
 * tens of megabytes for a moment, and glibc keeps what is freed below anything
 * still in use: a session that stays would hold it to its end.
 */
static void
return_memory(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

PG_FUNCTION_INFO_V1(pii_end_run);

/* pii.end_run() -> void: lets the next one run. */
Datum
pii_end_run(PG_FUNCTION_ARGS)
{
	release_run_lock();
	return_memory();
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(pii_report_activity);

/*
 * pii.report_activity(text) -> void: shows what a run is at behind its
 * statement in pg_stat_activity, NULL: nothing.  The next statement replaces
 * it, so nothing has to be restored after an error.
 */
Datum
pii_report_activity(PG_FUNCTION_ARGS)
{
	const char *statement = debug_query_string ? debug_query_string : "";

	if (!PG_ARGISNULL(0))
		statement = psprintf("%s /* %s */", statement,
							 text_to_cstring(PG_GETARG_TEXT_PP(0)));
	pgstat_report_activity(STATE_RUNNING, statement);
	PG_RETURN_VOID();
}
