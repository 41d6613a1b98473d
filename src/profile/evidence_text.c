/*
 * evidence_text.c
 *		The text and binary forms of pii.evidence, and its cast to jsonb.
 *
 * The text form is a json object of what is not zero, with regions by their
 * ISO code, and loses nothing: Citus ships aggregate states as text, and a
 * later release with another numbering plan can still read it.  The binary
 * form is the same text.
 */
#include "compat.h"

#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"

#include "detect/plan.h"
#include "profile/evidence.h"

#define MEMBER(name) offsetof(PiiEvidence, name)

/* A single count and its name. */
typedef struct CountName
{
	const char *name;
	Size		offset;
} CountName;

static const CountName counts[] = {
	{"rows", MEMBER(rows)},
	{"nulls", MEMBER(nulls)},
	{"empties", MEMBER(empties)},
	{"fillers", MEMBER(fillers)},
	{"bytes", MEMBER(bytes)},
	{"truncated", MEMBER(truncated)},
	{"unread", MEMBER(unread)},
	{"undecided", MEMBER(undecided)},
	{"opaque", MEMBER(opaque)},
	{"prefixed", MEMBER(prefixed)},
	{"addressed", MEMBER(addressed)},
	{"shaped", MEMBER(shaped)},
	{"marked", MEMBER(marked)},
	{"days", MEMBER(days)},
	{"digits", MEMBER(digits)},
	{"dates", MEMBER(dates)},
	{"epochs", MEMBER(epochs)},
	{"check_digits", MEMBER(check_digits)},
	{"luhn", MEMBER(luhn)},
	{"modulo_11", MEMBER(modulo_11)},
	{"worldwide", MEMBER(worldwide)}
};

static const CountName kind_counts[] = {
	{"matched", offsetof(PiiKindEvidence, matched)},
	{"weak", offsetof(PiiKindEvidence, weak)},
	{"whole", offsetof(PiiKindEvidence, whole)},
	{"reserved", offsetof(PiiKindEvidence, reserved)},
	{"matches", offsetof(PiiKindEvidence, matches)},
	{"trust", offsetof(PiiKindEvidence, trust)}
};

/* Counts whose names are numbers. */
typedef struct NumberedName
{
	const char *name;
	Size		offset;
	int			count;
} NumberedName;

static const NumberedName numbered[] = {
	{"written_lengths", MEMBER(written_lengths), PII_DIGIT_LENGTHS},
	{"unknown_lengths", MEMBER(unknown_lengths), PII_DIGIT_LENGTHS},
	{"digit_lengths", MEMBER(digit_lengths), PII_DIGIT_LENGTHS},
	{"leading_digits", MEMBER(leading_digits), 10},
	{"checks", MEMBER(checks), PII_CHECKS}
};

static const NumberedName sketches[] = {
	{"sketch", MEMBER(sketch), PII_SKETCH_REGISTERS},
	{"thousands", MEMBER(thousands), PII_SKETCH_REGISTERS},
	{"openings", MEMBER(openings), PII_OPENING_DEPTHS * PII_SKETCH_REGISTERS}
};

static const char *const region_evidence_names[PII_REGION_EVIDENCES] = {
	"international", "national", "bare", "zeroless"
};

/* The count at a byte offset of a struct. */
#define COUNT_AT(base, offset) ((int64 *) ((char *) (base) + (offset)))

StaticAssertDecl(PII_EVIDENCE_SUMS == lengthof(counts) +
				 3 * PII_DIGIT_LENGTHS + 10 + PII_CHECKS +
				 PII_KINDS * lengthof(kind_counts) + 2 * PII_FORMS +
				 PII_REGION_EVIDENCES * PII_EVIDENCE_REGIONS,
				 "a sum of pii.evidence has no name in its text form");

/* Append `,"name":` or `"name":`, by whether something stands before. */
static void
append_name(StringInfo out, const char *name)
{
	if (out->data[out->len - 1] != '{')
		appendStringInfoChar(out, ',');
	appendStringInfo(out, "\"%s\":", name);
}

/* Append a count, unless it is zero. */
static void
append_count(StringInfo out, const char *name, int64 count)
{
	if (count == 0)
		return;
	append_name(out, name);
	appendStringInfo(out, UINT64_FORMAT, (uint64) count);
}

/* Begin an object of counts; returns what is to be closed. */
static int
open_object(StringInfo out, const char *name)
{
	int			start = out->len;

	append_name(out, name);
	appendStringInfoChar(out, '{');
	return start;
}

/* End an object, or take it back if nothing was put into it. */
static void
close_object(StringInfo out, int start)
{
	if (out->data[out->len - 1] != '{')
	{
		appendStringInfoChar(out, '}');
		return;
	}
	out->len = start;
	out->data[start] = '\0';
}

/* Append counts whose names are numbers: digit lengths, leading digits. */
static void
append_numbered(StringInfo out, const char *name, const int64 *values,
				int nvalues)
{
	int			object = open_object(out, name);
	char		number[12];

	for (int i = 0; i < nvalues; i++)
	{
		pg_ltoa(i, number);
		append_count(out, number, values[i]);
	}
	close_object(out, object);
}

/* Append counts by form. */
static void
append_forms(StringInfo out, const char *name, const int64 *values)
{
	int			object = open_object(out, name);

	for (int i = 0; i < PII_FORMS; i++)
		append_count(out, pii_form_name(i), values[i]);
	close_object(out, object);
}

/* Append counts by region. */
static void
append_regions(StringInfo out, const char *name, const int64 *values)
{
	int			object = open_object(out, name);

	for (PiiRegion region = 0; region < pii_plan_regions(); region++)
		append_count(out, pii_region_code(region), values[region]);
	close_object(out, object);
}

/* Append the counts of one kind. */
static void
append_kind(StringInfo out, PiiKind kind, const PiiKindEvidence *values)
{
	int			object = open_object(out, pii_kind_name(kind));

	for (int i = 0; i < (int) lengthof(kind_counts); i++)
		append_count(out, kind_counts[i].name,
					 *COUNT_AT(values, kind_counts[i].offset));
	close_object(out, object);
}

/* Append the registers of a sketch as hexadecimal, if any is set. */
static void
append_sketch(StringInfo out, const char *name, const uint8 *sketch,
			  int registers)
{
	int			set = 0;

	while (set < registers && sketch[set] == 0)
		set++;
	if (set == registers)
		return;
	append_name(out, name);
	appendStringInfoChar(out, '"');
	enlargeStringInfo(out, 2 * registers);
	out->len += hex_encode((const char *) sketch, registers,
						   out->data + out->len);
	out->data[out->len] = '\0';
	appendStringInfoChar(out, '"');
}

/* The text form, in the current memory context. */
static char *
evidence_to_text(const PiiEvidence *evidence)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "{\"version\":%d", PII_EVIDENCE_VERSION);
	for (int i = 0; i < (int) lengthof(counts); i++)
		append_count(&out, counts[i].name,
					 *COUNT_AT(evidence, counts[i].offset));
	for (int i = 0; i < (int) lengthof(numbered); i++)
		append_numbered(&out, numbered[i].name,
						COUNT_AT(evidence, numbered[i].offset),
						numbered[i].count);
	for (int kind = 0; kind < PII_KINDS; kind++)
		append_kind(&out, kind, &evidence->kinds[kind]);
	append_forms(&out, "forms", evidence->forms);
	append_forms(&out, "whole_forms", evidence->whole_forms);
	for (int i = 0; i < PII_REGION_EVIDENCES; i++)
		append_regions(&out, region_evidence_names[i], evidence->regions[i]);
	for (int i = 0; i < (int) lengthof(sketches); i++)
		append_sketch(&out, sketches[i].name,
					  (const uint8 *) evidence + sketches[i].offset,
					  sketches[i].count);
	appendStringInfoChar(&out, '}');
	return out.data;
}

/* Report text that evidence_to_text() did not write. */
pg_noreturn static void
report_invalid_text(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s", "pii.evidence"),
			 errdetail("%s", detail)));
}

/* The value of a key, or NULL. */
static JsonbValue *
find_value(JsonbContainer *object, const char *key)
{
	return getKeyJsonValueFromContainer(object, key, strlen(key), NULL);
}

/* The count at a key, zero if there is none. */
static int64
read_count(JsonbContainer *object, const char *key)
{
	JsonbValue *value = find_value(object, key);
	char	   *digits;
	char	   *end;
	uint64		count;

	if (value == NULL)
		return 0;
	if (value->type != jbvNumeric)
		report_invalid_text("A count is not a number.");
	digits = DatumGetCString(DirectFunctionCall1(numeric_out,
												 NumericGetDatum(value->val.numeric)));
	errno = 0;
	count = strtoull(digits, &end, 10);
	if (digits[0] == '-' || *end != '\0' || errno != 0)
		report_invalid_text("A count is not a whole number from 0 to 2^64-1.");
	return (int64) count;
}

/* The object at a key, or NULL if there is none. */
static JsonbContainer *
read_object(JsonbContainer *object, const char *key)
{
	JsonbValue *value = find_value(object, key);

	if (value == NULL)
		return NULL;
	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		report_invalid_text("A member is not an object of counts.");
	return value->val.binary.data;
}

/* Read an object of counts whose names are numbers. */
static void
read_numbered(JsonbContainer *object, const char *key, int64 *values,
			  int nvalues)
{
	JsonbContainer *members = read_object(object, key);
	char		name[12];

	for (int i = 0; members != NULL && i < nvalues; i++)
	{
		pg_ltoa(i, name);
		values[i] = read_count(members, name);
	}
}

/* Read an object of counts by form. */
static void
read_forms(JsonbContainer *object, const char *key, int64 *values)
{
	JsonbContainer *members = read_object(object, key);

	for (int i = 0; members != NULL && i < PII_FORMS; i++)
		values[i] = read_count(members, pii_form_name(i));
}

/* Read an object of counts by region; regions that are no more are left out. */
static void
read_regions(JsonbContainer *object, const char *key, int64 *values)
{
	JsonbContainer *members = read_object(object, key);

	for (PiiRegion region = 0;
		 members != NULL && region < pii_plan_regions();
		 region++)
		values[region] = read_count(members, pii_region_code(region));
}

/* Read the registers of a sketch. */
static void
read_sketch(JsonbContainer *object, const char *key, uint8 *sketch,
			int registers)
{
	JsonbValue *value = find_value(object, key);

	if (value == NULL)
		return;
	if (value->type != jbvString ||
		value->val.string.len != 2 * registers)
		report_invalid_text("A sketch is not a string of two hexadecimal digits for each of its registers.");
	hex_decode(value->val.string.val, value->val.string.len, (char *) sketch);
	for (int i = 0; i < registers; i++)
	{
		if (sketch[i] > 64)
			report_invalid_text("A register of a sketch is out of range.");
	}
}

/* Parse the text form. */
static PiiEvidence *
evidence_from_text(char *text)
{
	Jsonb	   *json = DatumGetJsonbP(DirectFunctionCall1(jsonb_in,
														  CStringGetDatum(text)));
	JsonbContainer *object = &json->root;
	PiiEvidence *evidence = pii_evidence_create(CurrentMemoryContext);

	if (!JB_ROOT_IS_OBJECT(json))
		report_invalid_text("It is not a json object.");
	if (read_count(object, "version") != PII_EVIDENCE_VERSION)
		report_invalid_text("Its version is not supported.");
	for (int i = 0; i < (int) lengthof(counts); i++)
		*COUNT_AT(evidence, counts[i].offset) = read_count(object,
														   counts[i].name);
	for (int i = 0; i < (int) lengthof(numbered); i++)
		read_numbered(object, numbered[i].name,
					  COUNT_AT(evidence, numbered[i].offset),
					  numbered[i].count);
	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		JsonbContainer *members = read_object(object, pii_kind_name(kind));

		for (int i = 0; members != NULL && i < (int) lengthof(kind_counts); i++)
			*COUNT_AT(&evidence->kinds[kind], kind_counts[i].offset) =
				read_count(members, kind_counts[i].name);
	}
	read_forms(object, "forms", evidence->forms);
	read_forms(object, "whole_forms", evidence->whole_forms);
	for (int i = 0; i < PII_REGION_EVIDENCES; i++)
		read_regions(object, region_evidence_names[i], evidence->regions[i]);
	for (int i = 0; i < (int) lengthof(sketches); i++)
		read_sketch(object, sketches[i].name,
					(uint8 *) evidence + sketches[i].offset,
					sketches[i].count);
	return evidence;
}

PG_FUNCTION_INFO_V1(pii_evidence_in);

/* pii.evidence_in(cstring): the type's input function. */
Datum
pii_evidence_in(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(evidence_from_text(PG_GETARG_CSTRING(0)));
}

PG_FUNCTION_INFO_V1(pii_evidence_out);

/* pii.evidence_out(evidence): the type's output function. */
Datum
pii_evidence_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(evidence_to_text(pii_evidence_open(PG_GETARG_DATUM(0))));
}

PG_FUNCTION_INFO_V1(pii_evidence_recv);

/* pii.evidence_recv(internal): the text form, as jsonb has it. */
Datum
pii_evidence_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			length;
	char	   *text = pq_getmsgtext(message,
									 message->len - message->cursor,
									 &length);

	PG_RETURN_POINTER(evidence_from_text(text));
}

PG_FUNCTION_INFO_V1(pii_evidence_send);

/* pii.evidence_send(evidence): the text form. */
Datum
pii_evidence_send(PG_FUNCTION_ARGS)
{
	char	   *text = evidence_to_text(pii_evidence_open(PG_GETARG_DATUM(0)));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendtext(&message, text, strlen(text));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

PG_FUNCTION_INFO_V1(pii_evidence_to_jsonb);

/* CAST (evidence AS jsonb) */
Datum
pii_evidence_to_jsonb(PG_FUNCTION_ARGS)
{
	char	   *text = evidence_to_text(pii_evidence_open(PG_GETARG_DATUM(0)));

	return DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
}
