/*
 * lineage.c
 *		Which columns the columns of a view, and generated columns, come from.
 *
 * The stored query is walked from each output column down: through joins,
 * subqueries, CTEs, set operations and LATERAL to columns of relations.  Those
 * may be views again; going on from there is left to SQL.
 *
 * What must stay true:
 * 1. A column that can show a value of another is never left out.  Where it is
 *    not known what an expression does, it shows the value.
 * 2. A column of a subquery or CTE is looked at once, however many refer to it:
 *    the work is bounded by the size of the query, not by the ways through it.
 * 3. A recursive CTE is walked again until nothing new is found.
 *
 * What WHERE, GROUP BY or ORDER BY look at is not lineage: a view that selects
 * by a value does not show it.
 */
#include "compat.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "parser/parsetree.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"

#include "exposure/mask.h"
#include "exposure/view.h"

/* A column of a relation that another column comes from. */
typedef struct Source
{
	Oid			relation;
	AttrNumber	attnum;
	PiiEffect	effect;
	const char *note;			/* what masks it, if PII_MASKED */
} Source;

/* A query within the queries around it. */
typedef struct Scope
{
	Query	   *query;
	struct Scope *parent;		/* NULL for the view's own query */
} Scope;

/* An output column of a query; what it is found by comes first. */
typedef struct ColumnKey
{
	Query	   *query;
	int64		number;			/* from 1; wide, so that nothing is padding */
} ColumnKey;

typedef struct Column
{
	ColumnKey	key;
	List	   *sources;		/* of Source */
	int			round;			/* the last in which it was looked at */
	bool		is_open;		/* being looked at: met again, it is recursive */
} Column;

typedef struct Lineage
{
	HTAB	   *columns;		/* of Column */
	int			round;
	bool		has_grown;		/* something new was found in this round */
	bool		is_recursive;
} Lineage;

/* Where a walk is: below which expression of which query, for which column. */
typedef struct Walk
{
	Lineage    *lineage;
	Scope	   *scope;
	Column	   *column;
	PiiEffect	effect;
	const char *note;
} Walk;

/* The one prototype: an expression may hold a query, and so columns again. */
static Column *resolve_column(Lineage *lineage, Scope *scope, int number);

/* A query's scope, in the current memory context. */
static Scope *
make_scope(Query *query, Scope *parent)
{
	Scope	   *scope = palloc(sizeof(Scope));

	scope->query = query;
	scope->parent = parent;
	return scope;
}

/* The scope so many levels up. */
static Scope *
outer_scope(Scope *scope, Index levels)
{
	for (; levels > 0 && scope != NULL; levels--)
		scope = scope->parent;
	if (scope == NULL)
		elog(ERROR, "reference to a query outside of a view");
	return scope;
}

/* A walk below an expression with an effect: the strongest one counts. */
static Walk
walk_below(const Walk *walk, PiiEffect effect, const char *note)
{
	Walk		below = *walk;

	if (effect > below.effect)
	{
		below.effect = effect;
		below.note = note;
	}
	return below;
}

/* Note a source of the walk's column, as it shows most. */
static void
add_source(const Walk *walk, const Source *found)
{
	Walk		below = walk_below(walk, found->effect, found->note);
	Source	   *source;
	ListCell   *cell;

	foreach(cell, walk->column->sources)
	{
		source = lfirst(cell);
		if (source->relation != found->relation ||
			source->attnum != found->attnum)
			continue;
		if (below.effect < source->effect)
		{
			source->effect = below.effect;
			source->note = below.note;
			walk->lineage->has_grown = true;
		}
		return;
	}
	source = palloc(sizeof(Source));
	*source = *found;
	source->effect = below.effect;
	source->note = below.note;
	walk->column->sources = lappend(walk->column->sources, source);
	walk->lineage->has_grown = true;
}

/* The sources of a column of a query within are sources of this one. */
static void
add_column(const Walk *walk, Scope *scope, int number)
{
	Column	   *column = resolve_column(walk->lineage, scope, number);
	ListCell   *cell;

	foreach(cell, column->sources)
		add_source(walk, lfirst(cell));
}

/* A node of expressions is all that a walk meets; this is the walk itself. */
static bool walk_expression(Node *node, void *context);

/* Columns of a CTE, those that SEARCH and CYCLE add included. */
static void
walk_cte(const RangeTblEntry *entry, int number, Scope *scope,
		 const Walk *walk)
{
	Scope	   *home = outer_scope(scope, entry->ctelevelsup);
	ListCell   *cell;

	foreach(cell, home->query->cteList)
	{
		CommonTableExpr *cte = lfirst_node(CommonTableExpr, cell);
		Query	   *query = castNode(Query, cte->ctequery);
		Scope	   *inner;
		int			count = list_length(query->targetList);
		Walk		below;

		if (strcmp(cte->ctename, entry->ctename) != 0)
			continue;
		inner = make_scope(query, home);
		if (number <= count)
		{
			add_column(walk, inner, number);
			return;
		}
		/* a sequence or path is made of rows */
		below = walk_below(walk, PII_DERIVED, NULL);
		for (int i = 1; i <= count; i++)
			add_column(&below, inner, i);
		return;
	}
	elog(ERROR, "CTE of a view not found");
}

/* One column of functions in FROM, which stand side by side. */
static void
walk_functions(const RangeTblEntry *entry, int number, Walk *walk)
{
	ListCell   *cell;

	foreach(cell, entry->functions)
	{
		RangeTblFunction *function = lfirst_node(RangeTblFunction, cell);

		if (number <= function->funccolcount)
		{
			walk_expression(function->funcexpr, walk);
			return;
		}
		number -= function->funccolcount;
	}
}

/* How many columns a whole row has: of a relation, those it has now. */
static int
row_width(const RangeTblEntry *entry)
{
	if (entry->rtekind == RTE_RELATION)
		return pii_relation_width(entry->relid);
	return list_length(entry->eref->colnames);
}

/* Whether a column of a relation is one no more: it has no type then. */
static bool
is_dropped(const RangeTblEntry *entry, int number)
{
	return entry->rtekind == RTE_RELATION &&
		!OidIsValid(get_atttype(entry->relid, number));
}

/* A column of an entry of a range table; the whole row is all of them. */
static void
walk_entry(RangeTblEntry *entry, int number, Scope *scope, const Walk *walk)
{
	Walk		below = *walk;
	List	   *grouped = GROUP_EXPRESSIONS(entry);
	ListCell   *cell;

	below.scope = scope;
	if (number < 0)
		return;
	if (number == 0)
	{
		below = walk_below(&below, PII_DERIVED, NULL);
		for (int i = 1; i <= row_width(entry); i++)
		{
			if (!is_dropped(entry, i))
				walk_entry(entry, i, scope, &below);
		}
		return;
	}
	if (grouped != NIL)
	{
		walk_expression(list_nth(grouped, number - 1), &below);
		return;
	}
	switch (entry->rtekind)
	{
		case RTE_RELATION:
			add_source(walk, &(Source) {entry->relid, number, PII_KEPT, NULL});
			break;
		case RTE_SUBQUERY:
			add_column(walk, make_scope(entry->subquery, scope), number);
			break;
		case RTE_JOIN:
			walk_expression(list_nth(entry->joinaliasvars, number - 1),
							&below);
			break;
		case RTE_CTE:
			walk_cte(entry, number, scope, walk);
			break;
		case RTE_FUNCTION:
			walk_functions(entry, number, &below);
			break;
		case RTE_TABLEFUNC:
			walk_expression((Node *) entry->tablefunc, &below);
			break;
		case RTE_VALUES:
			foreach(cell, entry->values_lists)
				walk_expression(list_nth(lfirst(cell), number - 1), &below);
			break;
		default:
			/* the others have no columns, or were answered above */
			break;
	}
}

/* A reference to a column. */
static void
walk_variable(const Var *variable, const Walk *walk)
{
	Scope	   *scope = outer_scope(walk->scope, variable->varlevelsup);

	walk_entry(rt_fetch(variable->varno, scope->query->rtable),
			   variable->varattno, scope, walk);
}

/*
 * A query in an expression: its one column is the value, unless it is only
 * asked whether there is such a row.
 */
static void
walk_sublink(SubLink *sublink, const Walk *walk)
{
	Scope	   *scope = make_scope(castNode(Query, sublink->subselect),
								   walk->scope);
	Walk		below;

	switch (sublink->subLinkType)
	{
		case EXPR_SUBLINK:
			add_column(walk, scope, 1);
			break;
		case ARRAY_SUBLINK:
			below = walk_below(walk, PII_DERIVED, NULL);
			add_column(&below, scope, 1);
			break;
		case EXISTS_SUBLINK:
			break;
		case ALL_SUBLINK:
		case ANY_SUBLINK:
		case ROWCOMPARE_SUBLINK:
			below = walk_below(walk, PII_MASKED, "test");
			walk_expression(sublink->testexpr, &below);
			for (int i = 1; i <= list_length(scope->query->targetList); i++)
				add_column(&below, scope, i);
			break;
		case MULTIEXPR_SUBLINK:
		case CTE_SUBLINK:
			/* neither stands in a view */
			break;
	}
}

/* CASE shows its results; of its conditions, how they came out. */
static void
walk_case(const CaseExpr *expression, const Walk *walk)
{
	Walk		result = walk_below(walk, PII_DERIVED, NULL);
	Walk		condition = walk_below(walk, PII_MASKED, "test");
	ListCell   *cell;

	walk_expression((Node *) expression->arg, &condition);
	foreach(cell, expression->args)
	{
		CaseWhen   *branch = lfirst_node(CaseWhen, cell);

		walk_expression((Node *) branch->expr, &condition);
		walk_expression((Node *) branch->result, &result);
	}
	walk_expression((Node *) expression->defresult, &result);
}

/* Walk an expression down to the columns in it. */
static bool
walk_expression(Node *node, void *context)
{
	Walk	   *walk = context;
	Walk		below;
	PiiEffect	effect;
	const char *note = NULL;

	if (node == NULL || IsA(node, GroupingFunc))
		return false;
	/* what an aggregate is only ordered by */
	if (IsA(node, TargetEntry) && ((TargetEntry *) node)->resjunk)
		return false;
	if (IsA(node, Var))
	{
		walk_variable((Var *) node, walk);
		return false;
	}
	if (IsA(node, SubLink))
	{
		walk_sublink((SubLink *) node, walk);
		return false;
	}
	if (IsA(node, CaseExpr))
	{
		walk_case((CaseExpr *) node, walk);
		return false;
	}
	effect = pii_expression_effect(node, &note);
	below = walk_below(walk, effect, note);
	/* by what rows are filtered is not what is shown of them */
	if (IsA(node, Aggref))
		return walk_expression((Node *) ((Aggref *) node)->aggdirectargs, &below) ||
			walk_expression((Node *) ((Aggref *) node)->args, &below);
	if (IsA(node, WindowFunc))
		return walk_expression((Node *) ((WindowFunc *) node)->args, &below);
	return expression_tree_walker(node, walk_expression, &below);
}

/*
 * A column of UNION, INTERSECT or EXCEPT is that of each of its queries, but
 * for what EXCEPT takes away.
 */
static void
walk_set_operation(Node *node, int number, const Walk *walk)
{
	check_stack_depth();
	if (IsA(node, SetOperationStmt))
	{
		SetOperationStmt *operation = (SetOperationStmt *) node;

		walk_set_operation(operation->larg, number, walk);
		if (operation->op != SETOP_EXCEPT)
			walk_set_operation(operation->rarg, number, walk);
		return;
	}
	walk_entry(rt_fetch(castNode(RangeTblRef, node)->rtindex,
						walk->scope->query->rtable),
			   number, walk->scope, walk);
}

/*
 * The sources of an output column of a query: all of them, or, while the
 * column is still being looked at, those found so far.
 */
static Column *
resolve_column(Lineage *lineage, Scope *scope, int number)
{
	ColumnKey	key = {scope->query, number};
	Column	   *column;
	TargetEntry *target;
	Walk		walk;
	bool		found;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	column = hash_search(lineage->columns, &key, HASH_ENTER, &found);
	if (!found)
	{
		column->sources = NIL;
		column->round = 0;
		column->is_open = false;
	}
	lineage->is_recursive |= column->is_open;
	if (column->round == lineage->round)
		return column;
	column->round = lineage->round;
	column->is_open = true;
	walk = (Walk) {lineage, scope, column, PII_KEPT, NULL};
	target = get_tle_by_resno(scope->query->targetList, number);
	if (scope->query->setOperations != NULL)
		walk_set_operation(scope->query->setOperations, number, &walk);
	else if (target != NULL)
		walk_expression((Node *) target->expr, &walk);
	column->is_open = false;
	return column;
}

/* Put the sources of one column of the view into the result. */
static void
put_column(ReturnSetInfo *result, const Column *column)
{
	ListCell   *cell;

	foreach(cell, column->sources)
	{
		Source	   *source = lfirst(cell);
		Datum		values[5];
		bool		nulls[5] = {false};

		values[0] = Int16GetDatum((int16) column->key.number);
		values[1] = ObjectIdGetDatum(source->relation);
		values[2] = Int16GetDatum(source->attnum);
		values[3] = BoolGetDatum(source->effect != PII_KEPT);
		nulls[4] = source->effect != PII_MASKED;
		values[4] = nulls[4] ? (Datum) 0 : CStringGetTextDatum(source->note);
		tuplestore_putvalues(result->setResult, result->setDesc, values,
							 nulls);
	}
}

/* Resolve all output columns, as often as a recursive query asks for. */
static void
resolve_view(Lineage *lineage, Scope *scope)
{
	HASHCTL		control = {0};
	ListCell   *cell;

	control.keysize = sizeof(ColumnKey);
	control.entrysize = sizeof(Column);
	control.hcxt = CurrentMemoryContext;
	lineage->columns = hash_create("columns of a view's queries", 64, &control,
								   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	do
	{
		lineage->round++;
		lineage->has_grown = false;
		foreach(cell, scope->query->targetList)
			resolve_column(lineage, scope,
						   lfirst_node(TargetEntry, cell)->resno);
	} while (lineage->is_recursive && lineage->has_grown);
}

/* Put all that the columns of a query come from into the result. */
static Datum
put_lineage(FunctionCallInfo fcinfo, Query *query)
{
	Scope		scope = {query, NULL};
	Lineage		lineage = {0};
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (query == NULL)
		return (Datum) 0;
	resolve_view(&lineage, &scope);
	foreach(cell, query->targetList)
	{
		TargetEntry *target = lfirst_node(TargetEntry, cell);

		if (!target->resjunk)
			put_column((ReturnSetInfo *) fcinfo->resultinfo,
					   resolve_column(&lineage, &scope, target->resno));
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(pii_view_lineage);

/*
 * pii.view_lineage(regclass) -> setof (attnum smallint, source regclass,
 * source_attnum smallint, derived boolean, note text): nothing for a relation
 * that is no view.
 */
Datum
pii_view_lineage(PG_FUNCTION_ARGS)
{
	return put_lineage(fcinfo, pii_view_query(PG_GETARG_OID(0)));
}

PG_FUNCTION_INFO_V1(pii_generated_lineage);

/*
 * pii.generated_lineage(regclass) -> the same of the generated columns of a
 * table; the source is the table itself.
 */
Datum
pii_generated_lineage(PG_FUNCTION_ARGS)
{
	return put_lineage(fcinfo, pii_generated_query(PG_GETARG_OID(0)));
}
