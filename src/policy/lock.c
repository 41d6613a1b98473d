/*
 * lock.c
 *		pii.gate_lock(): one judgement of a table at a time.
 *
 * A GRANT locks no table.  Of two transactions, one that adds a column and one
 * that lets someone read the table, neither would see the other's half while
 * both are being judged.  The second waits for the first to end, and sees it.
 *
 * What must stay true: the locks are not those that the server itself takes on
 * tables, so that nothing but another judgement waits for them; they are taken
 * in the order of OIDs, so that two judgements never wait for each other.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "storage/lmgr.h"
#include "utils/array.h"

PG_FUNCTION_INFO_V1(pii_gate_lock);

/*
 * pii.gate_lock(class oid, objects oid[], shared boolean) -> void: holds the
 * objects, given in ascending order, until the transaction ends.
 */
Datum
pii_gate_lock(PG_FUNCTION_ARGS)
{
	Oid			class_id = PG_GETARG_OID(0);
	LOCKMODE	mode = PG_GETARG_BOOL(2) ? ShareLock : ExclusiveLock;
	Datum	   *objects;
	int			count;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), OIDOID, sizeof(Oid), true,
					  TYPALIGN_INT, &objects, NULL, &count);
	for (int i = 0; i < count; i++)
		LockDatabaseObject(class_id, DatumGetObjectId(objects[i]), 0, mode);
	PG_RETURN_VOID();
}
