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
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_type.h"
#include "commands/comment.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "verdict/judge.h"

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

/* Whether a constraint of a table is on one column alone. */
static bool
is_on_column(Relation constraints, HeapTuple tuple, AttrNumber attnum)
{
	bool		isnull;
	Datum		keys = heap_getattr(tuple, Anum_pg_constraint_conkey,
									RelationGetDescr(constraints), &isnull);
	ArrayType  *array;

	if (isnull)
		return false;
	array = DatumGetArrayTypeP(keys);
	return ARR_NDIM(array) == 1 && ARR_DIMS(array)[0] == 1 &&
		((int16 *) ARR_DATA_PTR(array))[0] == attnum;
}

/*
 * Append the CHECK constraints on one column of a table, or on a domain, whose
 * OID is in the given column of pg_constraint.
 */
static void
append_checks(StringInfo checks, AttrNumber owner_column, Oid index, Oid owner,
			  AttrNumber attnum)
{
	Relation	constraints = table_open(ConstraintRelationId,
										 AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, owner_column, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(owner));
	scan = systable_beginscan(constraints, index, true, NULL, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_constraint constraint =
			(Form_pg_constraint) GETSTRUCT(tuple);

		if (constraint->contype == CONSTRAINT_CHECK &&
			(attnum == InvalidAttrNumber ||
			 is_on_column(constraints, tuple, attnum)))
			append_definition(checks, constraint->oid);
	}
	systable_endscan(scan);
	table_close(constraints, AccessShareLock);
}

/* Judge a column by what the catalogs say of it. */
static void
judge_described(Form_pg_class relation, Form_pg_attribute attribute,
				PiiFinding findings[PII_KINDS])
{
	PiiColumnFacts facts = {.region = PII_REGION_NONE};
	PiiNameScore score;
	StringInfoData checks;

	initStringInfo(&checks);
	if (relation->relchecks > 0)
		append_checks(&checks, Anum_pg_constraint_conrelid,
					  ConstraintRelidTypidNameIndexId, relation->oid,
					  attribute->attnum);
	if (get_typtype(attribute->atttypid) == TYPTYPE_DOMAIN)
		append_checks(&checks, Anum_pg_constraint_contypid,
					  ConstraintTypidIndexId, attribute->atttypid,
					  InvalidAttrNumber);
	pii_score_described(NameStr(attribute->attname),
						NameStr(relation->relname), attribute->atttypid,
						GetComment(relation->oid, RelationRelationId,
								   attribute->attnum),
						checks.data, &score);
	facts.name = &score;
	pii_judge(NULL, &facts, findings);
}

PG_FUNCTION_INFO_V1(pii_judge_name);

/*
 * pii.judge_name(relation regclass, attnum smallint)
 *		-> (tag, verdict, confidence); NULLs for what is no column.
 */
Datum
pii_judge_name(PG_FUNCTION_ARGS)
{
	HeapTuple	relation = SearchSysCache1(RELOID, PG_GETARG_DATUM(0));
	HeapTuple	attribute = SearchSysCache2(ATTNUM, PG_GETARG_DATUM(0),
											PG_GETARG_DATUM(1));
	PiiFinding	findings[PII_KINDS];
	const PiiFinding *strongest;
	TupleDesc	descriptor;
	Datum		values[3] = {0};
	bool		nulls[3] = {true, true, true};

	if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (HeapTupleIsValid(relation) && HeapTupleIsValid(attribute))
	{
		judge_described((Form_pg_class) GETSTRUCT(relation),
						(Form_pg_attribute) GETSTRUCT(attribute), findings);
		strongest = pii_strongest_finding(findings);
		values[0] = PointerGetDatum(pii_findings_tag(findings));
		values[1] = CStringGetTextDatum(pii_verdict_name(strongest->verdict));
		values[2] = Float4GetDatum((float4) strongest->confidence);
		memset(nulls, false, sizeof(nulls));
	}
	if (HeapTupleIsValid(relation))
		ReleaseSysCache(relation);
	if (HeapTupleIsValid(attribute))
		ReleaseSysCache(attribute);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(descriptor),
											 values, nulls));
}
