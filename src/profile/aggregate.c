/*
 * aggregate.c
 *		The aggregates pii.profile and pii.merge: one transition function per
 *		type of argument.
 *
 * The state is pii.evidence itself, a plain varlena that is updated in place
 * in the aggregate's memory context.  It could be faster to carry and hide
 * things in an "internal" state, but then Citus would gather rows instead of
 * counts, and evidence could not be a column.
 *
 * The transition functions keep nothing in fn_extra: Citus calls them with a
 * fresh FmgrInfo per row.
 */
#include "compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "nodes/execnodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

#include "profile/count.h"
#include "profile/text.h"

/* The state of an aggregate at its first value, or in a window. */
static pg_noinline PiiEvidence *
other_state(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("function cannot be called outside an aggregate"),
				 errhint("Use the aggregate pii.profile.")));
	if (PG_ARGISNULL(0))
		return pii_evidence_create(context);
	return pii_evidence_open(PG_GETARG_DATUM(0));
}

/*
 * The state of the aggregate we are called in, to be updated in place.  Nearly
 * always that is no window and has a state; then there is nothing to ask.
 */
static inline PiiEvidence *
aggregate_state(FunctionCallInfo fcinfo)
{
	if (likely(!PG_ARGISNULL(0) && fcinfo->context != NULL &&
			   IsA(fcinfo->context, AggState)))
		return pii_evidence_open(PG_GETARG_DATUM(0));
	return other_state(fcinfo);
}

/*
 * The bytes of a text that can be read where it lies, as nearly all can: it is
 * short, stored in line, and needs no conversion.  NULL if it is another.
 */
static inline const char *
short_text(Datum datum, Size *length)
{
	const struct varlena *value = (const struct varlena *) DatumGetPointer(datum);

	/* a pointer to the toast table has a short header, too */
	if (!VARATT_IS_SHORT(value) || VARATT_IS_EXTERNAL(value) ||
		GetDatabaseEncoding() != PG_UTF8)
		return NULL;
	*length = VARSIZE_SHORT(value) - VARHDRSZ_SHORT;
	return VARDATA_SHORT(value);
}

/* Count text, as much of it as the aggregates read. */
static inline void
count_text(PiiCounter *counter, Datum datum)
{
	Size		length;
	const char *data = short_text(datum, &length);
	PiiText		text;

	if (data != NULL)
	{
		pii_count_leaf(counter, data, length);
		return;
	}
	pii_text_open(datum, PII_EVIDENCE_VALUE_MAX, &text);
	if (text.unread > 0)
	{
		counter->evidence->truncated++;
		counter->evidence->unread += text.unread;
	}
	pii_count_leaf(counter, text.data, text.length);
}

/* Count a text that is the whole value, if it can be read where it lies. */
static inline bool
count_short_text(PiiEvidence *evidence, Datum datum)
{
	Size		length;
	const char *data = short_text(datum, &length);

	if (data == NULL)
		return false;
	pii_count_text(evidence, data, length);
	return true;
}

/* Count what an output function wrote. */
static void
count_cstring(PiiCounter *counter, const char *text)
{
	pii_count_leaf(counter, text, strlen(text));
}

/* Count a whole number. */
static void
count_integer(PiiCounter *counter, int64 number)
{
	char		text[MAXINT8LEN + 1];

	pii_count_leaf(counter, text, pg_lltoa(number, text));
}

/* Count a numeric, as it is written out. */
static void
count_numeric(PiiCounter *counter, Datum datum)
{
	count_cstring(counter,
				  DatumGetCString(DirectFunctionCall1(numeric_out, datum)));
}

/*
 * Count a float.  As numeric it is written without an exponent, the way the
 * number was likely meant.
 */
static void
count_float(PiiCounter *counter, float8 number)
{
	if (isnan(number) || isinf(number))
		count_cstring(counter, "NaN");
	else
		count_numeric(counter, DirectFunctionCall1(float8_numeric,
												   Float8GetDatum(number)));
}

/* Count bytes that are part of a jsonb document. */
static void
count_json_string(PiiCounter *counter, const JsonbValue *value)
{
	PiiText		text;

	pii_text_from_bytes(value->val.string.val, value->val.string.len, &text);
	pii_count_leaf(counter, text.data, text.length);
}

/*
 * Count a jsonb document: its strings, its numbers, and its keys, which may
 * be addresses where objects serve as maps.
 */
static void
count_jsonb(PiiCounter *counter, Jsonb *json)
{
	JsonbIterator *iterator = JsonbIteratorInit(&json->root);
	JsonbIteratorToken token;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
	{
		if (token != WJB_KEY && token != WJB_VALUE && token != WJB_ELEM)
			continue;
		counter->has_keys |= token == WJB_KEY;
		if (value.type == jbvString)
			count_json_string(counter, &value);
		else if (value.type == jbvNumeric)
			count_numeric(counter, NumericGetDatum(value.val.numeric));
	}
}

/*
 * Count one value, or one element of an array, of a base type: text, one that
 * is stored as text, a number, or jsonb.  Inlined, so that nothing is left of
 * the switch where the type is known.
 */
static pg_attribute_always_inline void
count_datum(PiiCounter *counter, Datum datum, Oid type)
{
	switch (type)
	{
		case INT2OID:
			count_integer(counter, DatumGetInt16(datum));
			break;
		case INT4OID:
			count_integer(counter, DatumGetInt32(datum));
			break;
		case INT8OID:
			count_integer(counter, DatumGetInt64(datum));
			break;
		case FLOAT4OID:
			count_float(counter, DatumGetFloat4(datum));
			break;
		case FLOAT8OID:
			count_float(counter, DatumGetFloat8(datum));
			break;
		case NUMERICOID:
			count_numeric(counter, datum);
			break;
		case JSONBOID:
			count_jsonb(counter, DatumGetJsonbP(datum));
			break;
		case NAMEOID:
			count_cstring(counter, NameStr(*DatumGetName(datum)));
			break;
		default:				/* text and all that is stored as text is */
			count_text(counter, datum);
	}
}

/* See evidence.h. */
void
pii_count_datum(PiiCounter *counter, Datum datum, Oid type)
{
	count_datum(counter, datum, type);
}

/* What every transition function does with its second argument. */
static pg_attribute_always_inline Datum
add_datum(FunctionCallInfo fcinfo, Oid type)
{
	PiiEvidence *evidence = aggregate_state(fcinfo);
	PiiCounter	counter;

	if (PG_ARGISNULL(1))
		pii_count_null(evidence);
	else if (type != TEXTOID || !count_short_text(evidence, PG_GETARG_DATUM(1)))
	{
		pii_count_begin(&counter, evidence);
		count_datum(&counter, PG_GETARG_DATUM(1), type);
		pii_count_end(&counter);
	}
	PG_RETURN_POINTER(evidence);
}

PG_FUNCTION_INFO_V1(pii_evidence_add_text);

/* pii.evidence_add(evidence, text), and json and xml */
Datum
pii_evidence_add_text(PG_FUNCTION_ARGS)
{
	return add_datum(fcinfo, TEXTOID);
}

PG_FUNCTION_INFO_V1(pii_evidence_add_jsonb);

/* pii.evidence_add(evidence, jsonb) */
Datum
pii_evidence_add_jsonb(PG_FUNCTION_ARGS)
{
	return add_datum(fcinfo, JSONBOID);
}

PG_FUNCTION_INFO_V1(pii_evidence_add_int2);

/* pii.evidence_add(evidence, smallint) */
Datum
pii_evidence_add_int2(PG_FUNCTION_ARGS)
{
	return add_datum(fcinfo, INT2OID);
}

PG_FUNCTION_INFO_V1(pii_evidence_add_int4);

/* pii.evidence_add(evidence, integer) */
Datum
pii_evidence_add_int4(PG_FUNCTION_ARGS)
{
	return add_datum(fcinfo, INT4OID);
}

PG_FUNCTION_INFO_V1(pii_evidence_add_int8);

/* pii.evidence_add(evidence, bigint) */
Datum
pii_evidence_add_int8(PG_FUNCTION_ARGS)
{
	return add_datum(fcinfo, INT8OID);
}

PG_FUNCTION_INFO_V1(pii_evidence_add_float4);

/* pii.evidence_add(evidence, real) */
Datum
pii_evidence_add_float4(PG_FUNCTION_ARGS)
{
	return add_datum(fcinfo, FLOAT4OID);
}

PG_FUNCTION_INFO_V1(pii_evidence_add_float8);

/* pii.evidence_add(evidence, double precision) */
Datum
pii_evidence_add_float8(PG_FUNCTION_ARGS)
{
	return add_datum(fcinfo, FLOAT8OID);
}

PG_FUNCTION_INFO_V1(pii_evidence_add_numeric);

/* pii.evidence_add(evidence, numeric) */
Datum
pii_evidence_add_numeric(PG_FUNCTION_ARGS)
{
	return add_datum(fcinfo, NUMERICOID);
}

PG_FUNCTION_INFO_V1(pii_evidence_add_array);

/*
 * pii.evidence_add(evidence, array): the elements are leaves of one value, so
 * that an array of addresses is as much an address column as a plain one.
 */
Datum
pii_evidence_add_array(PG_FUNCTION_ARGS)
{
	PiiEvidence *evidence = aggregate_state(fcinfo);
	ArrayIterator iterator;
	ArrayType  *array;
	PiiCounter	counter;
	Datum		element;
	bool		isnull;

	if (PG_ARGISNULL(1))
	{
		pii_count_null(evidence);
		PG_RETURN_POINTER(evidence);
	}
	array = PG_GETARG_ARRAYTYPE_P(1);
	iterator = array_create_iterator(array, 0, NULL);
	pii_count_begin(&counter, evidence);
	while (array_iterate(iterator, &element, &isnull))
	{
		if (!isnull)
			pii_count_datum(&counter, element, ARR_ELEMTYPE(array));
	}
	array_free_iterator(iterator);
	pii_count_end(&counter);
	PG_RETURN_POINTER(evidence);
}

PG_FUNCTION_INFO_V1(pii_evidence_combine);

/*
 * pii.evidence_combine(evidence, evidence): the combine function of
 * pii.profile and the transition function of pii.merge.
 */
Datum
pii_evidence_combine(PG_FUNCTION_ARGS)
{
	PiiEvidence *evidence = aggregate_state(fcinfo);

	if (!PG_ARGISNULL(1))
		pii_evidence_merge(evidence, pii_evidence_open(PG_GETARG_DATUM(1)));
	PG_RETURN_POINTER(evidence);
}
