/*
 * value.c
 *		Functions over one value: pii.find, pii.has, pii.is_email,
 *		pii.is_phone, pii.normalize.
 *
 * They are IMMUTABLE: an answer depends on the arguments alone.  They read all
 * of a value, however long.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "detect/plan.h"
#include "profile/interrupt.h"
#include "profile/text.h"
#include "profile/value.h"

/* The kind of that name, or an error that lists the names. */
static PiiKind
kind_from_text(const text *name)
{
	int			kind = pii_kind_by_name(VARDATA_ANY(name),
										VARSIZE_ANY_EXHDR(name));

	if (kind < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized kind: \"%s\"", text_to_cstring(name)),
				 errhint("Valid kinds are \"email\" and \"phone\".")));
	return kind;
}

/* The region of that code, or an error that says what a code is. */
PiiRegion
pii_region_from_text(const text *code)
{
	PiiRegion	region = pii_region_by_code(VARDATA_ANY(code),
											VARSIZE_ANY_EXHDR(code));
	StringInfoData valid;

	if (region >= 0)
		return region;
	initStringInfo(&valid);
	for (PiiRegion i = 0; i < pii_plan_regions(); i++)
		appendStringInfo(&valid, "%s%s", i == 0 ? "" : ", ",
						 pii_region_code(i));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized region: \"%s\"", text_to_cstring(code)),
			 errdetail("A region is an ISO 3166 code."),
			 errhint("Valid regions are %s.", valid.data)));
}

/* The kinds of a text[], a set bit for each. */
uint32
pii_kinds_from_array(ArrayType *array)
{
	Datum	   *names;
	bool	   *nulls;
	int			nnames;
	uint32		kinds = 0;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls,
					  &nnames);
	for (int i = 0; i < nnames; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("kinds must not contain null values")));
		kinds |= PII_KIND_BIT(kind_from_text(DatumGetTextPP(names[i])));
	}
	return kinds;
}

/* Options to look for some kinds by the plan of some region. */
static PiiFindOptions
find_options(uint32 kinds, PiiRegion region)
{
	PiiFindOptions options = {
		.kinds = kinds,
		.region = region,
		.cancelled = pii_interrupt_pending
	};

	return options;
}

/*
 * The next match, after any cancel has been answered.  An interrupt that was
 * seen but could not end the query now leaves the walk unfinished, which must
 * not pass for "no more matches".
 */
static bool
next_match(PiiFinder *finder, PiiMatch *match)
{
	PiiFindStatus status = pii_finder_next(finder, match);

	CHECK_FOR_INTERRUPTS();
	if (status == PII_CANCELLED)
		ereport(ERROR,
				(errcode(ERRCODE_QUERY_CANCELED),
				 errmsg("search for personal data was interrupted")));
	return status == PII_FOUND;
}

/* The normal form of a match, or false if it has none. */
static bool
normal_form(const PiiText *value, const PiiMatch *match, Datum *result)
{
	char		buffer[PII_NORMALIZED_MAX];
	size_t		length = pii_match_normalize(value->data, match, buffer,
											 sizeof(buffer));

	if (length == 0)
		return false;
	*result = PointerGetDatum(pii_text_to_server(buffer, length));
	return true;
}

PG_FUNCTION_INFO_V1(pii_find);

/* pii.find(value text, kinds text[], region text) -> setof record */
Datum
pii_find(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	PiiFindOptions options;
	PiiFinder	finder;
	PiiMatch	match;
	PiiText		value;
	Size		counted = 0;
	int			position = 1;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	options = find_options(PG_ARGISNULL(1) ? PII_ALL_KINDS :
						   pii_kinds_from_array(PG_GETARG_ARRAYTYPE_P(1)),
						   PG_ARGISNULL(2) ? PII_REGION_NONE :
						   pii_region_from_text(PG_GETARG_TEXT_PP(2)));
	if (PG_ARGISNULL(0))
		return (Datum) 0;

	pii_text_open(PG_GETARG_DATUM(0), PII_TEXT_WHOLE, &value);
	pii_finder_begin(&finder, &options, value.data, value.length);
	while (next_match(&finder, &match))
	{
		Size		length = match.end - match.start;
		Datum		values[7];
		bool		nulls[7] = {false};

		position += pii_text_characters(value.data + counted,
										match.start - counted);
		counted = match.start;
		values[0] = CStringGetTextDatum(pii_kind_name(match.kind));
		values[1] = Int32GetDatum(position);
		values[2] = Int32GetDatum(pii_text_characters(value.data + match.start,
													  length));
		values[3] = PointerGetDatum(pii_text_to_server(value.data + match.start,
													   length));
		nulls[4] = !normal_form(&value, &match, &values[4]);
		values[5] = CStringGetTextDatum(pii_form_name(match.form));
		values[6] = Float4GetDatum(match.confidence);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* Whether a value has a match of the kinds; a whole one if so asked. */
static bool
has_match(Datum datum, uint32 kinds, PiiRegion region, bool whole,
		  PiiText *value, PiiMatch *match)
{
	PiiFindOptions options = find_options(kinds, region);
	PiiFinder	finder;

	pii_text_open(datum, PII_TEXT_WHOLE, value);
	pii_finder_begin(&finder, &options, value->data, value->length);
	while (next_match(&finder, match))
	{
		if (!whole || (match->flags & PII_MATCH_WHOLE))
			return true;
	}
	return false;
}

PG_FUNCTION_INFO_V1(pii_has);

/* pii.has(value text, kind text) -> boolean */
Datum
pii_has(PG_FUNCTION_ARGS)
{
	uint32		kinds = PG_ARGISNULL(1) ? PII_ALL_KINDS :
		PII_KIND_BIT(kind_from_text(PG_GETARG_TEXT_PP(1)));
	PiiText		value;
	PiiMatch	match;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(has_match(PG_GETARG_DATUM(0), kinds, PII_REGION_NONE, false,
							 &value, &match));
}

PG_FUNCTION_INFO_V1(pii_is_email);

/* pii.is_email(text) -> boolean: whether the whole value is one address. */
Datum
pii_is_email(PG_FUNCTION_ARGS)
{
	PiiText		value;
	PiiMatch	match;

	PG_RETURN_BOOL(has_match(PG_GETARG_DATUM(0), PII_KIND_BIT(PII_EMAIL),
							 PII_REGION_NONE, true, &value, &match));
}

PG_FUNCTION_INFO_V1(pii_is_phone);

/* pii.is_phone(value text, region text) -> boolean: is the whole value one? */
Datum
pii_is_phone(PG_FUNCTION_ARGS)
{
	PiiRegion	region = PG_ARGISNULL(1) ? PII_REGION_NONE :
		pii_region_from_text(PG_GETARG_TEXT_PP(1));
	PiiText		value;
	PiiMatch	match;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(has_match(PG_GETARG_DATUM(0), PII_KIND_BIT(PII_PHONE),
							 region, true, &value, &match));
}

PG_FUNCTION_INFO_V1(pii_normalize);

/*
 * pii.normalize(value text, kind text, region text) -> text: the normal form
 * of a value that is one match of the kind, else NULL.
 */
Datum
pii_normalize(PG_FUNCTION_ARGS)
{
	PiiRegion	region = PII_REGION_NONE;
	PiiKind		kind;
	PiiText		value;
	PiiMatch	match;
	Datum		result;

	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("kind must not be null"),
				 errhint("Valid kinds are \"email\" and \"phone\".")));
	kind = kind_from_text(PG_GETARG_TEXT_PP(1));
	if (!PG_ARGISNULL(2))
		region = pii_region_from_text(PG_GETARG_TEXT_PP(2));
	if (PG_ARGISNULL(0) ||
		!has_match(PG_GETARG_DATUM(0), PII_KIND_BIT(kind), region, true,
				   &value, &match) ||
		!normal_form(&value, &match, &result))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(result);
}
