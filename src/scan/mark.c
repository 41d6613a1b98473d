/*
 * mark.c
 *		Has a table changed?  What the counters of the server cannot say yet.
 *
 * Sessions report what they modified with a delay of seconds, and the counters
 * may be reset.  For a table of a few blocks it costs less to look: a mark is a
 * hash over where its visible rows lie and which transaction put them there,
 * and it differs whenever a row came, went or was changed.
 *
 * None of this waits for a lock: a table that is locked has no mark, and a
 * table without a mark counts as changed.
 */
#include "compat.h"

#include <sys/stat.h>

#include "access/heapam.h"
#include "access/relation.h"
#include "access/tableam.h"
#include "catalog/pg_class.h"
#include "common/hashfn.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* Tables opened until the caches are shed: some 8 kB each stay in them. */
#define TABLES_TO_SHED 200

/*
 * Forget what the caches hold of the tables opened so far.  A session that
 * goes through every table of a database would else keep a copy of its whole
 * catalog.
 */
static void
shed_caches(void)
{
	static int	tables = 0;

	if (++tables < TABLES_TO_SHED)
		return;
	tables = 0;
	InvalidateSystemCaches();
}

PG_FUNCTION_INFO_V1(pii_shed_caches);

/* pii.shed_caches() -> void: called once a table. */
Datum
pii_shed_caches(PG_FUNCTION_ARGS)
{
	shed_caches();
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(pii_relation_bytes);

/*
 * pii.relation_bytes(oid) -> bigint: size of a relation's main fork, 0 if it
 * has none.  As pg_relation_size(), which waits for a lock, but for the files
 * themselves.
 */
Datum
pii_relation_bytes(PG_FUNCTION_ARGS)
{
	int64		bytes = 0;
	char	   *path;

	LOCAL_FCINFO(path_call, 1);

	InitFunctionCallInfoData(*path_call, NULL, 1, InvalidOid, NULL, NULL);
	path_call->args[0].value = PG_GETARG_DATUM(0);
	path_call->args[0].isnull = false;
	path = (char *) DatumGetPointer(pg_relation_filepath(path_call));
	if (path_call->isnull)
		PG_RETURN_INT64(0);
	path = text_to_cstring((text *) path);
	for (int segment = 0;; segment++)
	{
		struct stat file;
		char	   *name = segment == 0 ? path : psprintf("%s.%d", path, segment);

		if (stat(name, &file) < 0)
			break;
		bytes += file.st_size;
	}
	PG_RETURN_INT64(bytes);
}

/* The mark of an open table. */
static uint64
mark_table(Relation relation)
{
	TupleTableSlot *slot = table_slot_create(relation, NULL);
	TableScanDesc scan = table_beginscan(relation, GetActiveSnapshot(), 0,
										 NULL);
	uint64		mark = 0;

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		bool		isnull;
		TransactionId writer =
			DatumGetTransactionId(slot_getsysattr(slot,
												  MinTransactionIdAttributeNumber,
												  &isnull));

		CHECK_FOR_INTERRUPTS();
		mark = hash_combine64(mark, hash_bytes_uint32_extended(writer,
															   ItemPointerGetBlockNumber(&slot->tts_tid)));
		mark = hash_combine64(mark, ItemPointerGetOffsetNumber(&slot->tts_tid));
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	return mark;
}

PG_FUNCTION_INFO_V1(pii_table_mark);

/*
 * pii.table_mark(oid) -> bigint: differs once a row of the table does.  NULL
 * if it is locked or gone, or not kept as the server keeps tables.
 */
Datum
pii_table_mark(PG_FUNCTION_ARGS)
{
	Oid			relid = PG_GETARG_OID(0);
	Relation	relation;
	uint64		mark;

	shed_caches();
	if (!ConditionalLockRelationOid(relid, AccessShareLock))
		PG_RETURN_NULL();
	relation = try_relation_open(relid, NoLock);
	if (relation == NULL)
	{
		UnlockRelationOid(relid, AccessShareLock);
		PG_RETURN_NULL();
	}
	if ((relation->rd_rel->relkind != RELKIND_RELATION &&
		 relation->rd_rel->relkind != RELKIND_MATVIEW) ||
		relation->rd_tableam != GetHeapamTableAmRoutine())
	{
		relation_close(relation, AccessShareLock);
		PG_RETURN_NULL();
	}
	mark = mark_table(relation);
	relation_close(relation, AccessShareLock);
	PG_RETURN_INT64(mark);
}
