/*
 * view.c
 *		What a view and a generated column are made of, read from the catalog,
 *		and what it takes to be allowed to run a view.
 *
 * What must stay true: nothing here opens or locks a relation.  The stored
 * query is all there is to know, and a report on ten thousand tables must not
 * stand in the way of one that is being altered.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_rewrite.h"
#include "funcapi.h"
#include "nodes/bitmapset.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_relation.h"
#include "rewrite/rewriteSupport.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "exposure/view.h"

/*
 * The query of a view or materialised view, in the current memory context; or
 * NULL for any other relation, and for one that is gone.  It is read by the
 * active snapshot, not from the caches: so the past of a transaction can be
 * asked for.
 */
Query *
pii_view_query(Oid view)
{
	Relation	catalog = table_open(RewriteRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	Query	   *query = NULL;

	ScanKeyInit(&keys[0], Anum_pg_rewrite_ev_class, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(view));
	ScanKeyInit(&keys[1], Anum_pg_rewrite_rulename, BTEqualStrategyNumber,
				F_NAMEEQ, CStringGetDatum(ViewSelectRuleName));
	scan = systable_beginscan(catalog, RewriteRelRulenameIndexId, true,
							  GetActiveSnapshot(), 2, keys);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool		is_null;
		Datum		action = heap_getattr(tuple, Anum_pg_rewrite_ev_action,
										  RelationGetDescr(catalog), &is_null);

		if (is_null)
			elog(ERROR, "null action of a view's rule");
		query = linitial_node(Query, (List *) stringToNode(TextDatumGetCString(action)));
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return query;
}

/* Whether a column is generated; one that is gone by now is not. */
static bool
is_generated(Oid relation, AttrNumber attnum)
{
	HeapTuple	tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relation),
										Int16GetDatum(attnum));
	bool		generated;

	if (!HeapTupleIsValid(tuple))
		return false;
	generated = ((Form_pg_attribute) GETSTRUCT(tuple))->attgenerated != '\0';
	ReleaseSysCache(tuple);
	return generated;
}

/* The expressions of a relation's generated columns, as a query's targets. */
static List *
generated_targets(Oid relation)
{
	Relation	catalog = table_open(AttrDefaultRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *targets = NIL;

	ScanKeyInit(&key, Anum_pg_attrdef_adrelid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relation));
	scan = systable_beginscan(catalog, AttrDefaultIndexId, true,
							  GetActiveSnapshot(), 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		AttrNumber	attnum = ((Form_pg_attrdef) GETSTRUCT(tuple))->adnum;
		Datum		expression;
		bool		is_null;

		if (!is_generated(relation, attnum))
			continue;
		expression = heap_getattr(tuple, Anum_pg_attrdef_adbin,
								  RelationGetDescr(catalog), &is_null);
		if (is_null)
			elog(ERROR, "null expression of a generated column");
		targets = lappend(targets,
						  makeTargetEntry(stringToNode(TextDatumGetCString(expression)),
										  attnum, NULL, false));
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return targets;
}

/*
 * A query over a relation that gives its generated columns, each with its own
 * number; or NULL if it has none.
 */
Query *
pii_generated_query(Oid relation)
{
	List	   *targets = generated_targets(relation);
	Query	   *query;
	RangeTblEntry *entry;

	if (targets == NIL)
		return NULL;
	entry = makeNode(RangeTblEntry);
	entry->rtekind = RTE_RELATION;
	entry->relid = relation;
	query = makeNode(Query);
	query->commandType = CMD_SELECT;
	query->rtable = list_make1(entry);
	query->targetList = targets;
	return query;
}

/* How many columns a relation has, dropped ones included. */
int
pii_relation_width(Oid relation)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	int			width;

	if (!HeapTupleIsValid(tuple))
		return 0;
	width = ((Form_pg_class) GETSTRUCT(tuple))->relnatts;
	ReleaseSysCache(tuple);
	return width;
}

/* Put one privilege into the result; 0 stands for any column at all. */
static void
put_privilege(ReturnSetInfo *result, Oid relation, AttrNumber attnum)
{
	Datum		values[2];
	bool		nulls[2] = {false, attnum == 0};

	values[0] = ObjectIdGetDatum(relation);
	values[1] = Int16GetDatum(attnum);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* A whole row takes the privilege on each column that there is now. */
static void
put_whole_row(ReturnSetInfo *result, Oid relation)
{
	int			width = pii_relation_width(relation);

	for (AttrNumber attnum = 1; attnum <= width; attnum++)
	{
		/* a dropped column has no type */
		if (OidIsValid(get_atttype(relation, attnum)))
			put_privilege(result, relation, attnum);
	}
}

/* The privileges that one entry of a range table asks for. */
static void
put_relation(ReturnSetInfo *result, Oid relation,
			 const RTEPermissionInfo *permissions)
{
	int			member = -1;

	if ((permissions->requiredPerms & ACL_SELECT) == 0)
		return;
	if (bms_is_empty(permissions->selectedCols))
		put_privilege(result, relation, 0);
	while ((member = bms_next_member(permissions->selectedCols, member)) >= 0)
	{
		AttrNumber	attnum = member + FirstLowInvalidHeapAttributeNumber;

		if (attnum == InvalidAttrNumber)
			put_whole_row(result, relation);
		else
			put_privilege(result, relation, attnum);
	}
}

/* The columns that the server computes whether they are asked for or not. */
static List *
fixed_targets(const Query *query)
{
	List	   *fixed = NIL;
	ListCell   *cell;

	foreach(cell, query->targetList)
	{
		TargetEntry *target = lfirst_node(TargetEntry, cell);

		if (target->resjunk || target->ressortgroupref != 0)
			fixed = lappend(fixed, target);
	}
	return fixed;
}

/*
 * Whether the server computes all columns of a CTE, asked for or not: it does
 * of one that it cannot take for a subquery.
 */
static bool
is_computed_whole(const CommonTableExpr *cte)
{
	switch (cte->ctematerialized)
	{
		case CTEMaterializeAlways:
			return true;
		case CTEMaterializeNever:
			return cte->cterecursive;
		case CTEMaterializeDefault:
			break;
	}
	return cte->cterecursive || cte->cterefcount > 1;
}

/* The prototype: a CTE is walked as its own, before what stands around it. */
static bool walk_query(Node *node, void *result);

/* Walk the CTEs of a query.  One that nothing refers to is never planned. */
static void
walk_ctes(const Query *query, void *result)
{
	ListCell   *cell;

	foreach(cell, query->cteList)
	{
		CommonTableExpr *cte = lfirst_node(CommonTableExpr, cell);

		if (cte->cterefcount == 0)
			continue;
		walk_query(cte->ctequery, result);
		if (is_computed_whole(cte))
			expression_tree_walker((Node *) castNode(Query, cte->ctequery)->targetList,
								   walk_query, result);
	}
}

/*
 * Walk a query and all within it.  The server does not plan, and so never
 * checks, a CTE that nothing refers to, nor a subquery in a column that is not
 * asked for.  The latter counts as not needed: rather is a view said to show
 * too much than too little.
 */
static bool
walk_query(Node *node, void *result)
{
	Query	   *query = (Query *) node;
	Query		rest;
	ListCell   *cell;

	if (node == NULL)
		return false;
	if (!IsA(node, Query))
		return expression_tree_walker(node, walk_query, result);
	foreach(cell, query->rtable)
	{
		RangeTblEntry *entry = lfirst_node(RangeTblEntry, cell);

		if (entry->rtekind == RTE_RELATION)
			put_relation(result, entry->relid,
						 QUERY_PERMISSIONS(query, entry));
	}
	walk_ctes(query, result);
	rest = *query;
	rest.targetList = fixed_targets(query);
	return query_tree_walker(&rest, walk_query, result,
							 QTW_IGNORE_CTE_SUBQUERIES |
							 QTW_IGNORE_JOINALIASES);
}

PG_FUNCTION_INFO_V1(pii_view_reads);

/*
 * pii.view_reads(regclass) -> setof (relation regclass, attnum smallint): the
 * columns that one must be allowed to SELECT for the view's query to run.
 */
Datum
pii_view_reads(PG_FUNCTION_ARGS)
{
	Query	   *query = pii_view_query(PG_GETARG_OID(0));

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	walk_query((Node *) query, fcinfo->resultinfo);
	return (Datum) 0;
}
