/*
 * privilege.c
 *		pii.may_select(): the server's test for SELECT, on the catalogs as the
 *		query sees them.
 *
 * has_column_privilege() reads the caches of the server, which know but the
 * present.  What a transaction has changed is only told from what it found if
 * both can be asked: this reads by the active snapshot.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* Whether an access list lets a role SELECT. */
static bool
acl_allows(Datum acl, Oid role, Oid owner)
{
	return aclmask(DatumGetAclP(acl), role, owner, ACL_SELECT,
				   ACLMASK_ANY) != 0;
}

/*
 * Whether a role may SELECT from a relation as a whole; also gives its owner,
 * or InvalidOid if there is no such relation.
 */
static bool
may_select_relation(Oid role, Oid relation, Oid *owner)
{
	Relation	catalog = table_open(RelationRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		allowed = false;

	*owner = InvalidOid;
	ScanKeyInit(&key, Anum_pg_class_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relation));
	scan = systable_beginscan(catalog, ClassOidIndexId, true,
							  GetActiveSnapshot(), 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool		is_default;
		Datum		acl = heap_getattr(tuple, Anum_pg_class_relacl,
									   RelationGetDescr(catalog), &is_default);

		*owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		if (is_default)
			acl = PointerGetDatum(acldefault(OBJECT_TABLE, *owner));
		allowed = acl_allows(acl, role, *owner);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return allowed;
}

/* Whether a grant on one column, or on any if attnum is 0, lets a role in. */
static bool
may_select_column(Oid role, Oid relation, AttrNumber attnum, Oid owner)
{
	Relation	catalog = table_open(AttributeRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		allowed = false;

	ScanKeyInit(&keys[0], Anum_pg_attribute_attrelid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relation));
	ScanKeyInit(&keys[1], Anum_pg_attribute_attnum, BTEqualStrategyNumber,
				F_INT2EQ, Int16GetDatum(attnum));
	scan = systable_beginscan(catalog, AttributeRelidNumIndexId, true,
							  GetActiveSnapshot(),
							  attnum == InvalidAttrNumber ? 1 : 2, keys);
	while (!allowed && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		is_null;
		Datum		acl = heap_getattr(tuple, Anum_pg_attribute_attacl,
									   RelationGetDescr(catalog), &is_null);

		allowed = !is_null &&
			!((Form_pg_attribute) GETSTRUCT(tuple))->attisdropped &&
			acl_allows(acl, role, owner);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return allowed;
}

PG_FUNCTION_INFO_V1(pii_may_select);

/*
 * pii.may_select(role oid, relation oid, attnum smallint) -> boolean: whether
 * the role has the privilege to SELECT the column, or any if it is null.
 */
Datum
pii_may_select(PG_FUNCTION_ARGS)
{
	Oid			role;
	Oid			relation;
	AttrNumber	attnum = PG_ARGISNULL(2) ? InvalidAttrNumber : PG_GETARG_INT16(2);
	Oid			owner;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	role = PG_GETARG_OID(0);
	relation = PG_GETARG_OID(1);
	if (may_select_relation(role, relation, &owner))
		PG_RETURN_BOOL(true);
	if (!OidIsValid(owner))
		PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(superuser_arg(role) ||
				   has_privs_of_role(role, ROLE_PG_READ_ALL_DATA) ||
				   may_select_column(role, relation, attnum, owner));
}
