/*
 * tag_ops.c
 *		Operators, order, hash and casts of the type pii.tag.
 *
 * Equality and order see the whole tag, confidences included.  Containment
 * and overlap are about kinds alone: `tag @> 'email'` asks whether the column
 * was judged to hold addresses, however sure that was.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "verdict/tag.h"

/* Index of a kind in the set, or -1. */
static int
find_kind(const PiiTagSet *set, const char *kind)
{
	for (int i = 0; i < set->count; i++)
	{
		if (strcmp(set->entries[i].kind, kind) == 0)
			return i;
	}
	return -1;
}

/*
 * Total order: entry by entry, the kind before its confidence; a tag that
 * runs out first is the lesser.  "none" therefore sorts before all.
 */
static int
compare_tags(const PiiTag *left, const PiiTag *right)
{
	PiiTagSet	a;
	PiiTagSet	b;

	pii_tag_open(left, &a);
	pii_tag_open(right, &b);
	for (int i = 0; i < a.count && i < b.count; i++)
	{
		int			order = strcmp(a.entries[i].kind, b.entries[i].kind);

		if (order == 0)
			order = a.entries[i].confidence - b.entries[i].confidence;
		if (order != 0)
			return order < 0 ? -1 : 1;
	}
	return a.count == b.count ? 0 : a.count < b.count ? -1 : 1;
}

/* The six comparisons differ in their operator alone. */
#define TAG_COMPARISON(name, operator) \
	PG_FUNCTION_INFO_V1(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		PiiTag	   *left = PG_GETARG_PII_TAG_P(0); \
		PiiTag	   *right = PG_GETARG_PII_TAG_P(1); \
		int			order = compare_tags(left, right); \
	\
		PG_FREE_IF_COPY(left, 0); \
		PG_FREE_IF_COPY(right, 1); \
		PG_RETURN_BOOL(order operator 0); \
	} \
	extern int	no_such_variable

TAG_COMPARISON(pii_tag_eq, ==);
TAG_COMPARISON(pii_tag_ne, !=);
TAG_COMPARISON(pii_tag_lt, <);
TAG_COMPARISON(pii_tag_le, <=);
TAG_COMPARISON(pii_tag_gt, >);
TAG_COMPARISON(pii_tag_ge, >=);

PG_FUNCTION_INFO_V1(pii_tag_cmp);

/* pii.tag_cmp(tag, tag): support function of the btree class. */
Datum
pii_tag_cmp(PG_FUNCTION_ARGS)
{
	PiiTag	   *left = PG_GETARG_PII_TAG_P(0);
	PiiTag	   *right = PG_GETARG_PII_TAG_P(1);
	int			order = compare_tags(left, right);

	PG_FREE_IF_COPY(left, 0);
	PG_FREE_IF_COPY(right, 1);
	PG_RETURN_INT32(order);
}

PG_FUNCTION_INFO_V1(pii_tag_hash);

/* pii.tag_hash(tag): equal tags are equal bytes, so their hash is the tag's. */
Datum
pii_tag_hash(PG_FUNCTION_ARGS)
{
	PiiTag	   *tag = PG_GETARG_PII_TAG_P(0);
	Datum		hash = hash_any((unsigned char *) VARDATA(tag),
								VARSIZE(tag) - VARHDRSZ);

	PG_FREE_IF_COPY(tag, 0);
	return hash;
}

PG_FUNCTION_INFO_V1(pii_tag_hash_extended);

/* pii.tag_hash_extended(tag, seed): the 64-bit hash for hash partitioning. */
Datum
pii_tag_hash_extended(PG_FUNCTION_ARGS)
{
	PiiTag	   *tag = PG_GETARG_PII_TAG_P(0);
	Datum		hash = hash_any_extended((unsigned char *) VARDATA(tag),
										 VARSIZE(tag) - VARHDRSZ,
										 PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(tag, 0);
	return hash;
}

/* Whether every kind of `inner` is one of `outer`. */
static bool
contains_kinds(const PiiTag *outer, const PiiTag *inner)
{
	PiiTagSet	a;
	PiiTagSet	b;

	pii_tag_open(outer, &a);
	pii_tag_open(inner, &b);
	for (int i = 0; i < b.count; i++)
	{
		if (find_kind(&a, b.entries[i].kind) < 0)
			return false;
	}
	return true;
}

PG_FUNCTION_INFO_V1(pii_tag_contains);

/* tag @> tag */
Datum
pii_tag_contains(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(contains_kinds(PG_GETARG_PII_TAG_P(0),
								  PG_GETARG_PII_TAG_P(1)));
}

PG_FUNCTION_INFO_V1(pii_tag_contained);

/* tag <@ tag */
Datum
pii_tag_contained(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(contains_kinds(PG_GETARG_PII_TAG_P(1),
								  PG_GETARG_PII_TAG_P(0)));
}

PG_FUNCTION_INFO_V1(pii_tag_overlaps);

/* tag && tag: whether some kind is in both. */
Datum
pii_tag_overlaps(PG_FUNCTION_ARGS)
{
	PiiTagSet	a;
	PiiTagSet	b;

	pii_tag_open(PG_GETARG_PII_TAG_P(0), &a);
	pii_tag_open(PG_GETARG_PII_TAG_P(1), &b);
	for (int i = 0; i < b.count; i++)
	{
		if (find_kind(&a, b.entries[i].kind) >= 0)
			PG_RETURN_BOOL(true);
	}
	PG_RETURN_BOOL(false);
}

PG_FUNCTION_INFO_V1(pii_tag_union);

/* tag || tag: the kinds of both, each with its larger confidence. */
Datum
pii_tag_union(PG_FUNCTION_ARGS)
{
	PiiTagSet	a;
	PiiTagSet	b;

	pii_tag_open(PG_GETARG_PII_TAG_P(0), &a);
	pii_tag_open(PG_GETARG_PII_TAG_P(1), &b);
	for (int i = 0; i < b.count; i++)
	{
		PiiTagEntry *entry = &b.entries[i];

		if (!pii_tag_set_add(&a, entry->kind, strlen(entry->kind),
							 entry->confidence))
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("a tag cannot hold more than %d kinds",
							PII_TAG_MAX_KINDS)));
	}
	PG_RETURN_POINTER(pii_tag_form(&a));
}

PG_FUNCTION_INFO_V1(pii_tag_confidence);

/* tag -> kind: the confidence of a kind, NULL if the tag does not hold it. */
Datum
pii_tag_confidence(PG_FUNCTION_ARGS)
{
	PiiTagSet	set;
	int			at;

	pii_tag_open(PG_GETARG_PII_TAG_P(0), &set);
	at = find_kind(&set, text_to_cstring(PG_GETARG_TEXT_PP(1)));
	if (at < 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT4((float4) set.entries[at].confidence / PII_CONFIDENCE_ONE);
}

PG_FUNCTION_INFO_V1(pii_tag_exists);

/* tag ? kind */
Datum
pii_tag_exists(PG_FUNCTION_ARGS)
{
	PiiTagSet	set;

	pii_tag_open(PG_GETARG_PII_TAG_P(0), &set);
	PG_RETURN_BOOL(find_kind(&set,
							 text_to_cstring(PG_GETARG_TEXT_PP(1))) >= 0);
}

/* A confidence as a number without closing zeros. */
static Numeric
confidence_to_numeric(int confidence)
{
	Numeric		scaled = int64_div_fast_to_numeric(confidence, 4);

	return DatumGetNumeric(DirectFunctionCall1(numeric_trim_scale,
											   NumericGetDatum(scaled)));
}

PG_FUNCTION_INFO_V1(pii_tag_to_jsonb);

/* CAST (tag AS jsonb): an object of kinds and their confidences. */
Datum
pii_tag_to_jsonb(PG_FUNCTION_ARGS)
{
	PiiTagSet	set;
	JsonbParseState *state = NULL;

	pii_tag_open(PG_GETARG_PII_TAG_P(0), &set);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < set.count; i++)
	{
		JsonbValue	item;

		item.type = jbvString;
		item.val.string.val = set.entries[i].kind;
		item.val.string.len = strlen(set.entries[i].kind);
		pushJsonbValue(&state, WJB_KEY, &item);
		item.type = jbvNumeric;
		item.val.numeric = confidence_to_numeric(set.entries[i].confidence);
		pushJsonbValue(&state, WJB_VALUE, &item);
	}
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT,
													   NULL)));
}

PG_FUNCTION_INFO_V1(pii_tag_to_array);

/* CAST (tag AS text[]): its kinds. */
Datum
pii_tag_to_array(PG_FUNCTION_ARGS)
{
	PiiTagSet	set;
	Datum		kinds[PII_TAG_MAX_KINDS];

	pii_tag_open(PG_GETARG_PII_TAG_P(0), &set);
	for (int i = 0; i < set.count; i++)
		kinds[i] = CStringGetTextDatum(set.entries[i].kind);
	PG_RETURN_ARRAYTYPE_P(construct_array(kinds, set.count, TEXTOID, -1, false,
										  TYPALIGN_INT));
}
