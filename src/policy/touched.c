/*
 * touched.c
 *		What a command touched, as the server has collected it.
 *
 * pg_event_trigger_ddl_commands() gives no OID for GRANT; the collected command
 * behind its row has the list.
 *
 * What must stay true: nothing here locks a relation.  A GRANT locks none
 * either, and must not begin to wait for those who do.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_default_acl.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "policy/touched.h"

/* The table that a policy is on. */
static Oid
policy_relation(Oid policy)
{
	Relation	catalog = table_open(PolicyRelationId, AccessShareLock);
	HeapTuple	tuple = get_catalog_object_by_oid(catalog,
												  Anum_pg_policy_oid,
												  policy);
	Oid			relation = HeapTupleIsValid(tuple) ?
		((Form_pg_policy) GETSTRUCT(tuple))->polrelid : InvalidOid;

	table_close(catalog, AccessShareLock);
	return relation;
}

/* Whether a function runs with the rights of its owner. */
static bool
is_security_definer(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	bool		is_definer;

	if (!HeapTupleIsValid(tuple))
		return false;
	is_definer = ((Form_pg_proc) GETSTRUCT(tuple))->prosecdef;
	ReleaseSysCache(tuple);
	return is_definer;
}

/* Keep of functions those that hand on what their owner may read. */
static bool
touched_functions(List *functions, PiiTouched *touched)
{
	ListCell   *cell;

	touched->class_id = ProcedureRelationId;
	touched->objects = NIL;
	foreach(cell, functions)
	{
		if (is_security_definer(lfirst_oid(cell)))
			touched->objects = lappend_oid(touched->objects, lfirst_oid(cell));
	}
	return touched->objects != NIL;
}

/*
 * What a GRANT opened.  Taking away opens nothing, and only SELECT reads.
 * Granted columns are those of their table.
 */
static bool
touched_by_grant(const InternalGrant *grant, PiiTouched *touched)
{
	if (!grant->is_grant)
		return false;
	touched->objects = grant->objects;
	switch (grant->objtype)
	{
		case OBJECT_TABLE:
			touched->class_id = RelationRelationId;
			return grant->all_privs || (grant->privileges & ACL_SELECT) != 0 ||
				grant->col_privs != NIL;
		case OBJECT_SCHEMA:
			touched->class_id = NamespaceRelationId;
			return grant->all_privs || (grant->privileges & ACL_USAGE) != 0;
		case OBJECT_FUNCTION:
		case OBJECT_PROCEDURE:
		case OBJECT_ROUTINE:
			return touched_functions(grant->objects, touched);
		default:
			/* nothing else holds columns */
			return false;
	}
}

/* What a command touched that has one object. */
static bool
touched_by_simple(const CollectedCommand *command, PiiTouched *touched)
{
	Oid			object = command->d.simple.address.objectId;

	touched->class_id = command->d.simple.address.classId;
	if (touched->class_id == ProcedureRelationId)
		return touched_functions(list_make1_oid(object), touched);
	if (touched->class_id == PolicyRelationId)
	{
		touched->class_id = RelationRelationId;
		object = policy_relation(object);
	}
	touched->objects = list_make1_oid(object);
	return OidIsValid(object);
}

/*
 * What ALTER DEFAULT PRIVILEGES did to tables; which ones are to be found by a
 * look at all of them.
 */
static bool
touched_by_default(const CollectedCommand *command, PiiTouched *touched)
{
	touched->class_id = DefaultAclRelationId;
	touched->objects = list_make1_oid(InvalidOid);
	return command->d.defprivs.objtype == OBJECT_TABLE;
}

/*
 * What a collected command touched; false if nothing that matters.  The list
 * may be the command's own.
 */
bool
pii_touched_by(const CollectedCommand *command, PiiTouched *touched)
{
	memset(touched, 0, sizeof(*touched));
	switch (command->type)
	{
		case SCT_Simple:
			return touched_by_simple(command, touched);
		case SCT_AlterTable:
			/* of a table that another statement makes or alters */
			touched->class_id = RelationRelationId;
			touched->objects = list_make1_oid(command->d.alterTable.objectId);
			return true;
		case SCT_Grant:
			return touched_by_grant(command->d.grant.istmt, touched);
		case SCT_AlterDefaultPrivileges:
			return touched_by_default(command, touched);
		case SCT_AlterOpFamily:
		case SCT_CreateOpClass:
		case SCT_AlterTSConfig:
			return false;
	}
	return false;
}

/*
 * The tables that this transaction took a policy from, or gave another in its
 * place.  What is dropped is not among the collected commands, and most of what
 * takes policies along names none: their rows in the catalog tell, as long as
 * the transaction runs.
 */
static List *
unpoliced_relations(void)
{
	List	   *relations = NIL;
	Relation	catalog = table_open(PolicyRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(catalog, InvalidOid, false,
										  SnapshotAny, 0, NULL);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		HeapTupleHeader header = tuple->t_data;
		Oid			relation = ((Form_pg_policy) GETSTRUCT(tuple))->polrelid;

		CHECK_FOR_INTERRUPTS();
		if ((header->t_infomask & HEAP_XMAX_INVALID) == 0 &&
			TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetUpdateXid(header)))
			relations = list_append_unique_oid(relations, relation);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return relations;
}

/*
 * The table or view that ALTER EXTENSION adds or drops; invalid for a member of
 * another kind.
 */
static Oid
member_relation(const AlterExtensionContentsStmt *statement)
{
	switch (statement->objtype)
	{
		case OBJECT_FOREIGN_TABLE:
		case OBJECT_MATVIEW:
		case OBJECT_TABLE:
		case OBJECT_VIEW:
			return RangeVarGetRelid(makeRangeVarFromNameList(castNode(List, statement->object)),
									NoLock, true);
		default:
			return InvalidOid;
	}
}

/*
 * The relation that a statement has made under a name; invalid, if it is gone
 * already.  A temporary one of that name would be found first.
 */
Oid
pii_made_relation(const RangeVar *name)
{
	Oid			relation = get_relname_relid(name->relname,
											 RangeVarGetCreationNamespace(name));

	/* a view of temporary tables is temporary, whatever it was said to be */
	return OidIsValid(relation) ? relation :
		RangeVarGetRelid(name, NoLock, true);
}

/*
 * What ALTER TABLE touched: the table, what has ceased to be a partition of it,
 * and is not below it any more, and what has lost a policy that named a column.
 */
static List *
altered_relations(const AlterTableStmt *statement)
{
	Oid			relation = RangeVarGetRelid(statement->relation, NoLock, true);
	List	   *relations = list_make1_oid(relation);
	ListCell   *cell;

	foreach(cell, statement->cmds)
	{
		AlterTableCmd *part = lfirst_node(AlterTableCmd, cell);

		if (part->behavior == DROP_CASCADE)
			relations = list_concat_unique_oid(relations,
											   unpoliced_relations());
		if (part->subtype == AT_DetachPartition ||
			part->subtype == AT_DetachPartitionFinalize)
			relations = lappend_oid(relations,
									RangeVarGetRelid(castNode(PartitionCmd, part->def)->name,
													 NoLock, true));
	}
	return relations;
}

/*
 * What a statement touched, where that is known without the collected commands,
 * which are dear; false if it is not.
 */
bool
pii_touched_by_statement(Node *statement, PiiTouched *touched)
{
	memset(touched, 0, sizeof(*touched));
	touched->class_id = RelationRelationId;
	switch (nodeTag(statement))
	{
		case T_CreateStmt:
			touched->are_made = true;
			touched->objects = list_make1_oid(pii_made_relation(((CreateStmt *) statement)->relation));
			return true;
		case T_ViewStmt:
			touched->are_made = !((ViewStmt *) statement)->replace;
			touched->objects = list_make1_oid(pii_made_relation(((ViewStmt *) statement)->view));
			return true;
		case T_AlterTableStmt:
			touched->objects = altered_relations((AlterTableStmt *) statement);
			return true;
		case T_DropStmt:
		case T_DropOwnedStmt:
			touched->objects = unpoliced_relations();
			return true;
		case T_AlterExtensionContentsStmt:
			touched->objects = list_make1_oid(member_relation((AlterExtensionContentsStmt *) statement));
			return true;
		default:
			return false;
	}
}
