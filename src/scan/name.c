/*
 * name.c
 *		pii.judge_name(): the verdict on a column by what the catalogs say of it.
 *
 * Its name, type and table, its comment, and the CHECK constraints on it and on
 * its domain, as pii.inspect weighs them with the method "name", but one column
 * at a time and without its reasons: what a view over all columns can afford.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_description.h"
#include "catalog/pg_type.h"
#include "commands/comment.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "scan/name.h"
#include "verdict/judge.h"

/* The comment on a column; of number 0, that on the table. */
typedef struct Comment
{
	int			attnum;
	char	   *text;
} Comment;

/* What pii.judge_name() knows from one call to the next. */
typedef struct TableNotes
{
	TupleDesc	result;			/* type of what it returns */
	MemoryContext context;		/* of the comments */
	Oid			relation;		/* the table that the rest is about */
	List	   *comments;
	bool		has_checks;		/* CHECK constraints */
} TableNotes;

/* Append a constraint's definition, if it is still there. */
static void
append_definition(StringInfo checks, Oid constraint)
{
	LOCAL_FCINFO(call, 1);
	Datum		definition;

	InitFunctionCallInfoData(*call, NULL, 1, InvalidOid, NULL, NULL);
	call->args[0].value = ObjectIdGetDatum(constraint);
	call->args[0].isnull = false;
	definition = pg_get_constraintdef(call);
	if (!call->isnull)
		appendStringInfo(checks, "%s ", TextDatumGetCString(definition));
}

/*
 * The column that a constraint of a table is on, if it is on one alone; 0 if
 * not.
 */
AttrNumber
pii_checked_column(Relation constraints, HeapTuple tuple)
{
	bool		isnull;
	Datum		keys = heap_getattr(tuple, Anum_pg_constraint_conkey,
									RelationGetDescr(constraints), &isnull);
	ArrayType  *array;

	if (isnull)
		return InvalidAttrNumber;
	array = DatumGetArrayTypeP(keys);
	return ARR_NDIM(array) == 1 && ARR_DIMS(array)[0] == 1 ?
		((int16 *) ARR_DATA_PTR(array))[0] : InvalidAttrNumber;
}

/*
 * Append the CHECK constraints on one column of a table, or on a domain, whose
 * OID is in the given column of pg_constraint.
 */
static void
append_checks(StringInfo checks, AttrNumber owner_column, Oid index, Oid owner,
			  AttrNumber attnum, Snapshot snapshot)
{
	Relation	constraints = table_open(ConstraintRelationId,
										 AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, owner_column, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(owner));
	scan = systable_beginscan(constraints, index, true, snapshot, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_constraint constraint =
			(Form_pg_constraint) GETSTRUCT(tuple);

		if (constraint->contype == CONSTRAINT_CHECK &&
			(attnum == InvalidAttrNumber ||
			 pii_checked_column(constraints, tuple) == attnum))
			append_definition(checks, constraint->oid);
	}
	systable_endscan(scan);
	table_close(constraints, AccessShareLock);
}

/* Whether a table has CHECK constraints; not, if it is gone. */
static bool
has_checks(Oid relation)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	bool		found;

	if (!HeapTupleIsValid(tuple))
		return false;
	found = ((Form_pg_class) GETSTRUCT(tuple))->relchecks > 0;
	ReleaseSysCache(tuple);
	return found;
}

/*
 * The CHECK constraints on a column, if its table has any, and on the domain it
 * is of, by a snapshot; NULL for the catalogs as they are now.
 */
static char *
checks_on(Oid relation, AttrNumber attnum, Oid type, bool table_has_checks,
		  Snapshot snapshot)
{
	StringInfoData checks;

	initStringInfo(&checks);
	if (table_has_checks)
		append_checks(&checks, Anum_pg_constraint_conrelid,
					  ConstraintRelidTypidNameIndexId, relation, attnum,
					  snapshot);
	if (get_typtype(type) == TYPTYPE_DOMAIN)
		append_checks(&checks, Anum_pg_constraint_contypid,
					  ConstraintTypidIndexId, type, InvalidAttrNumber,
					  snapshot);
	return checks.data;
}

/*
 * Whether a column would be judged to hold a kind by all that the catalogs say
 * of it, as they are now.
 */
bool
pii_definition_suggests(Oid relation, AttrNumber attnum, const char *column,
						Oid type, const char *table)
{
	PiiNameScore score;

	pii_score_described(column, table, type,
						GetComment(relation, RelationRelationId, attnum),
						checks_on(relation, attnum, type, has_checks(relation),
								  NULL),
						&score);
	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		if (score.logit[kind] > 0)
			return true;
	}
	return false;
}

/* The comments on the columns of a table, by a snapshot. */
static List *
read_comments(Oid relation, Snapshot snapshot)
{
	Relation	descriptions = table_open(DescriptionRelationId,
										  AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *comments = NIL;

	ScanKeyInit(&keys[0], Anum_pg_description_objoid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relation));
	ScanKeyInit(&keys[1], Anum_pg_description_classoid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(RelationRelationId));
	scan = systable_beginscan(descriptions, DescriptionObjIndexId, true,
							  snapshot, 2, keys);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		isnull;
		Datum		value = heap_getattr(tuple, Anum_pg_description_description,
										RelationGetDescr(descriptions), &isnull);
		Comment    *comment;

		if (isnull)
			continue;
		comment = palloc(sizeof(Comment));
		comment->attnum = ((Form_pg_description) GETSTRUCT(tuple))->objsubid;
		comment->text = TextDatumGetCString(value);
		comments = lappend(comments, comment);
	}
	systable_endscan(scan);
	table_close(descriptions, AccessShareLock);
	return comments;
}

/*
 * What is kept between the calls of a query.  A table is read at the first
 * call for it: the columns of one are asked for one after the other.
 */
static TableNotes *
get_notes(FunctionCallInfo fcinfo, Oid relation)
{
	TableNotes *notes = fcinfo->flinfo->fn_extra;
	MemoryContext before;

	if (notes == NULL)
	{
		before = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		notes = palloc0(sizeof(TableNotes));
		if (get_call_result_type(fcinfo, NULL, &notes->result) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		BlessTupleDesc(notes->result);
		notes->context = AllocSetContextCreate(CurrentMemoryContext,
											   "pg_pii comments",
											   ALLOCSET_SMALL_SIZES);
		MemoryContextSwitchTo(before);
		fcinfo->flinfo->fn_extra = notes;
	}
	else if (notes->relation == relation)
		return notes;
	notes->relation = InvalidOid;
	MemoryContextReset(notes->context);
	before = MemoryContextSwitchTo(notes->context);
	notes->comments = read_comments(relation, GetActiveSnapshot());
	MemoryContextSwitchTo(before);
	notes->has_checks = has_checks(relation);
	notes->relation = relation;
	return notes;
}

/* The comment on a column, or NULL. */
static const char *
comment_on(const TableNotes *notes, AttrNumber attnum)
{
	ListCell   *cell;

	foreach(cell, notes->comments)
	{
		const Comment *comment = lfirst(cell);

		if (comment->attnum == attnum)
			return comment->text;
	}
	return NULL;
}

PG_FUNCTION_INFO_V1(pii_judge_name);

/*
 * pii.judge_name(relation regclass, attnum smallint, column_name name,
 *				  data_type regtype, table_name name)
 *		-> (tag, verdict, confidence)
 *
 * The names and the type are the caller's, as its snapshot has them, and by that
 * comments and constraints are read: the gate asks for what they were before its
 * transaction renamed or described anything.
 */
Datum
pii_judge_name(PG_FUNCTION_ARGS)
{
	Oid			relation = PG_GETARG_OID(0);
	AttrNumber	attnum = PG_GETARG_INT16(1);
	Oid			type = PG_GETARG_OID(3);
	const TableNotes *notes = get_notes(fcinfo, relation);
	PiiColumnFacts facts = {.region = PII_REGION_NONE};
	PiiFinding	findings[PII_KINDS];
	PiiNameScore score;
	const PiiFinding *strongest;
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	/* of a type that is gone by now, nothing can be told */
	if (!SearchSysCacheExists1(TYPEOID, ObjectIdGetDatum(type)))
		type = TEXTOID;
	pii_score_described(NameStr(*PG_GETARG_NAME(2)),
						NameStr(*PG_GETARG_NAME(4)), type,
						comment_on(notes, attnum),
						checks_on(relation, attnum, type, notes->has_checks,
								  GetActiveSnapshot()),
						&score);
	facts.name = &score;
	pii_judge(NULL, &facts, findings);
	strongest = pii_strongest_finding(findings);
	values[0] = PointerGetDatum(pii_findings_tag(findings));
	values[1] = CStringGetTextDatum(pii_verdict_name(strongest->verdict));
	values[2] = Float4GetDatum((float4) strongest->confidence);
	return HeapTupleGetDatum(heap_form_tuple(notes->result, values, nulls));
}
