/*
 * suspect.c
 *		Whether a relation could hold personal data, without judging it.
 *
 * A transaction is judged at its commit with the whole of pii.exposure; that is
 * worth its time only where a column could be tagged at all.  Definitions and
 * labels are asked here; what scans have found, where the queue is written.
 *
 * What must stay true: nothing here locks a relation, and a column that
 * pii.columns would show as tagged is never passed over.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/objectaddress.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_seclabel.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "rewrite/rewriteSupport.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "policy/suspect.h"
#include "scan/name.h"

/*
 * The relations that a view's query reads, itself aside.  Its dependencies name
 * them; to read the query itself would take several times as long.
 */
static List *
view_relations(Oid view)
{
	List	   *relations = NIL;
	Oid			rule = get_rewrite_oid(view, ViewSelectRuleName, true);
	Relation	catalog;
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	if (!OidIsValid(rule))
		return NIL;
	catalog = table_open(DependRelationId, AccessShareLock);
	ScanKeyInit(&keys[0], Anum_pg_depend_classid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(RewriteRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_objid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(rule));
	scan = systable_beginscan(catalog, DependDependerIndexId, true, NULL, 2,
							  keys);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend depend = (Form_pg_depend) GETSTRUCT(tuple);

		if (depend->refclassid == RelationRelationId &&
			depend->refobjid != view)
			relations = list_append_unique_oid(relations, depend->refobjid);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return relations;
}

/*
 * A relation, and those whose tags are its own or that it shows: below a view,
 * through any number of views, and above and below a partition.
 */
List *
pii_related_relations(Oid relation)
{
	List	   *related = list_make1_oid(relation);

	/* the list grows as the views in it are looked into */
	for (int i = 0; i < list_length(related); i++)
	{
		Oid			next = list_nth_oid(related, i);

		CHECK_FOR_INTERRUPTS();
		if (get_rel_relkind(next) == RELKIND_VIEW)
			related = list_concat_unique_oid(related, view_relations(next));
	}
	if (get_rel_relispartition(relation))
		related = list_concat_unique_oid(related,
										 get_partition_ancestors(relation));
	if (get_rel_relkind(relation) != RELKIND_VIEW && has_subclass(relation))
		related = list_concat_unique_oid(related,
										 find_all_inheritors(relation, NoLock,
															 NULL));
	return related;
}

/* Whether the definition of any column suggests personal data. */
bool
pii_relation_suggests(Oid relation)
{
	char	   *table = get_rel_name(relation);
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	int			width;

	if (!HeapTupleIsValid(tuple))
		return false;
	width = ((Form_pg_class) GETSTRUCT(tuple))->relnatts;
	ReleaseSysCache(tuple);
	for (AttrNumber attnum = 1; attnum <= width; attnum++)
	{
		char	   *column = get_attname(relation, attnum, true);
		Oid			type = get_atttype(relation, attnum);

		/* a dropped column has neither */
		if (column != NULL && OidIsValid(type) &&
			pii_definition_suggests(relation, attnum, column, type, table))
			return true;
	}
	return false;
}

/* Whether a person has labelled any column. */
static bool
has_label(Oid relation)
{
	Relation	catalog = table_open(SecLabelRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;

	ScanKeyInit(&keys[0], Anum_pg_seclabel_objoid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relation));
	ScanKeyInit(&keys[1], Anum_pg_seclabel_classoid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(RelationRelationId));
	scan = systable_beginscan(catalog, SecLabelObjectIndexId, true, NULL, 2,
							  keys);
	while (!found && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		is_null;
		Datum		provider = heap_getattr(tuple, Anum_pg_seclabel_provider,
											RelationGetDescr(catalog),
											&is_null);

		found = !is_null && strcmp(TextDatumGetCString(provider), "pii") == 0;
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return found;
}

/*
 * Whether the name of a column, or a person, says that it holds some.  The
 * columns of a view are what they show.
 */
bool
pii_relation_suspect(Oid relation)
{
	return get_rel_relkind(relation) != RELKIND_VIEW &&
		(pii_relation_suggests(relation) || has_label(relation));
}

/* The relation that a rule is on. */
static Oid
rule_relation(Oid rule)
{
	Relation	catalog = table_open(RewriteRelationId, AccessShareLock);
	HeapTuple	tuple = get_catalog_object_by_oid(catalog,
												  Anum_pg_rewrite_oid,
												  rule);
	Oid			relation = HeapTupleIsValid(tuple) ?
		((Form_pg_rewrite) GETSTRUCT(tuple))->ev_class : InvalidOid;

	table_close(catalog, AccessShareLock);
	return relation;
}

/*
 * Whether any view reads a relation.  Who is let to the relation may then be
 * let to others through a view that reads as whoever asks.
 */
bool
pii_has_views(Oid relation)
{
	Relation	catalog = table_open(DependRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;

	ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(RelationRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relation));
	scan = systable_beginscan(catalog, DependReferenceIndexId, true, NULL, 2,
							  keys);
	/* the rule of a view depends on the view itself */
	while (!found && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend depend = (Form_pg_depend) GETSTRUCT(tuple);

		found = depend->classid == RewriteRelationId &&
			rule_relation(depend->objid) != relation;
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return found;
}
