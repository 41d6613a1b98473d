/*
 * statistics.c
 *		pii.read_statistics(): evidence from what ANALYZE has kept of a table.
 *
 * No table is touched, and no lock taken but on catalogs: most common values,
 * histogram bounds and most common elements are values of the column, each
 * counted once.  They are a hundred or so of the values of a column, chosen by
 * how frequent or how evenly spread they are, none wider than 1 kB; so what
 * they show is there, but what they do not show may be there all the same.
 *
 * Who may look follows the view pg_stats: whoever may SELECT the column, and
 * nobody whose rows are filtered by row security.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/syscache.h"

#include "profile/count.h"
#include "scan/readable.h"

/* The slots whose values are values, or elements of values, of the column. */
static const int slot_kinds[] = {
	STATISTIC_KIND_MCV, STATISTIC_KIND_HISTOGRAM, STATISTIC_KIND_MCELEM
};

/*
 * Whether what a slot keeps is text or a number, to be counted as it is.  Of
 * arrays and tsvector that holds for their elements only.
 */
static bool
is_countable(Oid type)
{
	PiiReadAs	as = pii_read_as(type);

	return !OidIsValid(get_element_type(type)) && type != TSVECTOROID &&
		(as == PII_READ_PLAIN || as == PII_READ_TEXT);
}

/* Count the values of one slot, if the column has it. */
static void
count_slot(HeapTuple statistics, int kind, PiiEvidence *evidence)
{
	AttStatsSlot slot;
	Oid			type;
	int			nvalues;

	if (!get_attstatsslot(&slot, statistics, kind, InvalidOid,
						  ATTSTATSSLOT_VALUES))
		return;
	type = getBaseType(slot.valuetype);
	nvalues = is_countable(type) ? slot.nvalues : 0;
	for (int i = 0; i < nvalues; i++)
	{
		PiiCounter	counter;

		pii_count_begin(&counter, evidence);
		pii_count_datum(&counter, slot.values[i], type);
		pii_count_end(&counter);
	}
	free_attstatsslot(&slot);
}

/* Put the evidence of one column into the result, if it has statistics. */
static void
put_column(Oid relation, AttrNumber attnum, bool of_tree,
		   ReturnSetInfo *result)
{
	HeapTuple	statistics = SearchSysCache3(STATRELATTINH,
											 ObjectIdGetDatum(relation),
											 Int16GetDatum(attnum),
											 BoolGetDatum(of_tree));
	PiiEvidence *evidence;
	Datum		values[3];
	bool		nulls[3] = {false};

	if (!HeapTupleIsValid(statistics))
		return;
	evidence = pii_evidence_create(CurrentMemoryContext);
	for (int i = 0; i < (int) lengthof(slot_kinds); i++)
		count_slot(statistics, slot_kinds[i], evidence);
	values[0] = Int16GetDatum(attnum);
	values[1] = Float4GetDatum(((Form_pg_statistic) GETSTRUCT(statistics))->stanullfrac);
	values[2] = PointerGetDatum(evidence);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	pfree(evidence);
	ReleaseSysCache(statistics);
}

/* Whether the column is there, of a type that is read, and may be selected. */
static bool
may_read_statistics(Oid relation, AttrNumber attnum)
{
	HeapTuple	tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relation),
										Int16GetDatum(attnum));
	Form_pg_attribute attribute;
	bool		may_read;

	if (!HeapTupleIsValid(tuple))
		return false;
	attribute = (Form_pg_attribute) GETSTRUCT(tuple);
	may_read = !attribute->attisdropped &&
		pii_read_as(attribute->atttypid) != PII_READ_NOT &&
		(pg_class_aclcheck(relation, GetUserId(), ACL_SELECT) == ACLCHECK_OK ||
		 pg_attribute_aclcheck(relation, attnum, GetUserId(),
							   ACL_SELECT) == ACLCHECK_OK);
	ReleaseSysCache(tuple);
	return may_read;
}

PG_FUNCTION_INFO_V1(pii_read_statistics);

/*
 * pii.read_statistics(relation regclass)
 *		-> setof (attnum smallint, null_share real, evidence pii.evidence)
 */
Datum
pii_read_statistics(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Oid			relation = PG_GETARG_OID(0);
	HeapTuple	tuple;
	AttrNumber	natts;
	bool		of_tree;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", relation)));
	natts = ((Form_pg_class) GETSTRUCT(tuple))->relnatts;
	of_tree = ((Form_pg_class) GETSTRUCT(tuple))->relkind ==
		RELKIND_PARTITIONED_TABLE;
	ReleaseSysCache(tuple);
	if (check_enable_rls(relation, InvalidOid, true) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("statistics of \"%s\" are hidden by row security",
						get_rel_name(relation))));

	for (AttrNumber attnum = 1; attnum <= natts; attnum++)
	{
		CHECK_FOR_INTERRUPTS();
		if (may_read_statistics(relation, attnum))
			put_column(relation, attnum, of_tree, result);
	}
	return (Datum) 0;
}
