/*
 * tag.c
 *		The type pii.tag: text and binary form, and taking it apart.
 *
 * The text form is written into labels, dumps and migrations, so what is
 * accepted here once is accepted for ever:
 *
 *		none
 *		kind [ : confidence ] [ , kind [ : confidence ] ] ...
 *
 * A kind is a lower-case identifier.  It is checked for its form only: a
 * restore reads tags before any table that could list custom kinds has rows.
 */
#include "compat.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "verdict/tag.h"

/* Size in bytes of one stored entry whose kind has `length` bytes. */
#define ENTRY_SIZE(length) (sizeof(uint16) + sizeof(uint8) + (length))

/*
 * Whether the bytes are the name of a kind: a lower-case identifier that fits
 * a name.  "none" is taken by the empty tag.
 */
static bool
kind_is_valid(const char *kind, Size length)
{
	if (length == 0 || length >= NAMEDATALEN)
		return false;
	if (length == 4 && memcmp(kind, "none", 4) == 0)
		return false;
	if (kind[0] < 'a' || kind[0] > 'z')
		return false;
	for (Size i = 1; i < length; i++)
	{
		char		c = kind[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return true;
}

/*
 * Put a kind in its place.  One that is there already keeps the larger
 * confidence.  Returns false when the set is full.
 */
bool
pii_tag_set_add(PiiTagSet *set, const char *kind, Size length, int confidence)
{
	PiiTagEntry entry;
	int			at;

	memset(&entry, 0, sizeof(entry));
	memcpy(entry.kind, kind, length);
	entry.confidence = confidence;

	for (at = 0; at < set->count; at++)
	{
		int			order = strcmp(set->entries[at].kind, entry.kind);

		if (order == 0)
		{
			set->entries[at].confidence =
				Max(set->entries[at].confidence, confidence);
			return true;
		}
		if (order > 0)
			break;
	}
	if (set->count == PII_TAG_MAX_KINDS)
		return false;
	memmove(&set->entries[at + 1], &set->entries[at],
			(set->count - at) * sizeof(PiiTagEntry));
	set->entries[at] = entry;
	set->count++;
	return true;
}

/*
 * Take a stored tag apart.  A value that is not one, which only a broken disk
 * or a hand-made datum can bring, is an error.
 */
void
pii_tag_open(const PiiTag *tag, PiiTagSet *set)
{
	const char *entry = tag->entries;
	const char *end = (const char *) tag + VARSIZE(tag);

	set->count = 0;
	if (tag->version != PII_TAG_VERSION || tag->nkinds > PII_TAG_MAX_KINDS)
		elog(ERROR, "unexpected version or size of a pii.tag");
	for (int i = 0; i < tag->nkinds; i++)
	{
		PiiTagEntry *target = &set->entries[i];
		uint16		confidence;
		uint8		length;

		if (end - entry < (ptrdiff_t) ENTRY_SIZE(0))
			elog(ERROR, "truncated pii.tag");
		memcpy(&confidence, entry, sizeof(confidence));
		memcpy(&length, entry + sizeof(confidence), sizeof(length));
		if (length >= NAMEDATALEN || end - entry < (ptrdiff_t) ENTRY_SIZE(length))
			elog(ERROR, "truncated pii.tag");
		memcpy(target->kind, entry + ENTRY_SIZE(0), length);
		target->kind[length] = '\0';
		target->confidence = confidence;
		entry += ENTRY_SIZE(length);
		set->count++;
	}
}

/* Form the canonical stored tag, in the current memory context. */
PiiTag *
pii_tag_form(const PiiTagSet *set)
{
	Size		size = PII_TAG_HEADER_SIZE;
	PiiTag	   *tag;
	char	   *entry;

	for (int i = 0; i < set->count; i++)
		size += ENTRY_SIZE(strlen(set->entries[i].kind));
	tag = palloc0(size);
	SET_VARSIZE(tag, size);
	tag->version = PII_TAG_VERSION;
	tag->nkinds = set->count;
	entry = tag->entries;
	for (int i = 0; i < set->count; i++)
	{
		uint16		confidence = set->entries[i].confidence;
		uint8		length = strlen(set->entries[i].kind);

		memcpy(entry, &confidence, sizeof(confidence));
		memcpy(entry + sizeof(confidence), &length, sizeof(length));
		memcpy(entry + ENTRY_SIZE(0), set->entries[i].kind, length);
		entry += ENTRY_SIZE(length);
	}
	return tag;
}

/* The first byte at or behind `at` that is no white space. */
static inline const char *
skip_blanks(const char *at)
{
	while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')
		at++;
	return at;
}

/*
 * Read ":confidence" if it stands at *at.  Returns the confidence, one if
 * none is given, or -1 for what is no number from 0 to 1.  Digits and a point
 * only: the form must not depend on a locale or on strtod's hexadecimals.
 */
static int
parse_confidence(const char **at)
{
	const char *start;
	char	   *end;
	double		value;

	*at = skip_blanks(*at);
	if (**at != ':')
		return PII_CONFIDENCE_ONE;
	start = skip_blanks(*at + 1);
	if (strspn(start, "0123456789.") == 0)
		return -1;
	value = strtod(start, &end);
	if ((Size) (end - start) != strspn(start, "0123456789.") ||
		!(value >= 0.0 && value <= 1.0))
		return -1;
	*at = skip_blanks(end);
	return (int) rint(value * PII_CONFIDENCE_ONE);
}

/* Whether the set holds the kind already. */
static bool
set_has_kind(const PiiTagSet *set, const char *kind, Size length)
{
	for (int i = 0; i < set->count; i++)
	{
		if (strlen(set->entries[i].kind) == length &&
			memcmp(set->entries[i].kind, kind, length) == 0)
			return true;
	}
	return false;
}

/*
 * Parse the text form into a set.  Returns NULL, or what is wrong with it as
 * a sentence for errdetail().
 */
const char *
pii_tag_parse(const char *text, PiiTagSet *set)
{
	const char *at = skip_blanks(text);

	set->count = 0;
	if (strncmp(at, "none", 4) == 0 && *skip_blanks(at + 4) == '\0')
		return NULL;
	for (;;)
	{
		const char *kind = at;
		Size		length = strcspn(at, ":, \t\n\r");
		int			confidence;

		if (!kind_is_valid(kind, length))
			return "A kind is a lower-case identifier of at most 63 bytes.";
		if (set_has_kind(set, kind, length))
			return "A kind may be named only once.";
		at += length;
		confidence = parse_confidence(&at);
		if (confidence < 0)
			return "A confidence is a decimal number from 0 to 1.";
		if (!pii_tag_set_add(set, kind, length, confidence))
			return "A tag holds at most 32 kinds.";
		if (*at == '\0')
			return NULL;
		if (*at != ',')
			return "Kinds are separated by commas.";
		at = skip_blanks(at + 1);
	}
}

PG_FUNCTION_INFO_V1(pii_tag_in);

/* pii.tag_in(cstring): the type's input function, with soft errors on 16+. */
Datum
pii_tag_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	PiiTagSet	set;
	const char *problem = pii_tag_parse(text, &set);

	if (problem != NULL)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%s\"",
						"pii.tag", text),
				 errdetail("%s", problem),
				 errhint("Write kinds with their confidence, such as \"email:0.99,phone\", or \"none\".")));
	PG_RETURN_POINTER(pii_tag_form(&set));
}

/* Append ":0.99", without closing zeros; a confidence of 1 is left out. */
static void
append_confidence(StringInfo out, int confidence)
{
	int			digits = 4;
	int			fraction = confidence;

	if (confidence == PII_CONFIDENCE_ONE)
		return;
	if (confidence == 0)
	{
		appendStringInfoString(out, ":0");
		return;
	}
	while (fraction % 10 == 0)
	{
		fraction /= 10;
		digits--;
	}
	appendStringInfo(out, ":0.%0*d", digits, fraction);
}

PG_FUNCTION_INFO_V1(pii_tag_out);

/* pii.tag_out(tag): the type's output function. */
Datum
pii_tag_out(PG_FUNCTION_ARGS)
{
	PiiTagSet	set;
	StringInfoData out;

	pii_tag_open(PG_GETARG_PII_TAG_P(0), &set);
	if (set.count == 0)
		PG_RETURN_CSTRING(pstrdup("none"));
	initStringInfo(&out);
	for (int i = 0; i < set.count; i++)
	{
		if (i > 0)
			appendStringInfoChar(&out, ',');
		appendStringInfoString(&out, set.entries[i].kind);
		append_confidence(&out, set.entries[i].confidence);
	}
	PG_RETURN_CSTRING(out.data);
}

/* Report a binary form that no tag_send() wrote. */
pg_noreturn static void
report_invalid_binary(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid binary representation of type %s", "pii.tag"),
			 errdetail("%s", detail)));
}

PG_FUNCTION_INFO_V1(pii_tag_recv);

/*
 * pii.tag_recv(internal): version, number of kinds, then for each its
 * confidence and its name.  Every byte is distrusted; the order is ours.
 */
Datum
pii_tag_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	PiiTagSet	set;
	int			nkinds;

	if (pq_getmsgbyte(message) != PII_TAG_VERSION)
		report_invalid_binary("The version is not supported.");
	nkinds = pq_getmsgbyte(message);
	set.count = 0;
	for (int i = 0; i < nkinds; i++)
	{
		int			confidence = (uint16) pq_getmsgint(message, 2);
		const char *kind = pq_getmsgstring(message);

		if (!kind_is_valid(kind, strlen(kind)))
			report_invalid_binary("A kind is not a lower-case identifier.");
		if (confidence > PII_CONFIDENCE_ONE)
			report_invalid_binary("A confidence is greater than one.");
		if (set_has_kind(&set, kind, strlen(kind)))
			report_invalid_binary("A kind is named twice.");
		if (!pii_tag_set_add(&set, kind, strlen(kind), confidence))
			report_invalid_binary("There are too many kinds.");
	}
	pq_getmsgend(message);
	PG_RETURN_POINTER(pii_tag_form(&set));
}

PG_FUNCTION_INFO_V1(pii_tag_send);

/* pii.tag_send(tag): the binary form that pii_tag_recv() describes. */
Datum
pii_tag_send(PG_FUNCTION_ARGS)
{
	PiiTagSet	set;
	StringInfoData message;

	pii_tag_open(PG_GETARG_PII_TAG_P(0), &set);
	pq_begintypsend(&message);
	pq_sendint8(&message, PII_TAG_VERSION);
	pq_sendint8(&message, set.count);
	for (int i = 0; i < set.count; i++)
	{
		pq_sendint16(&message, set.entries[i].confidence);
		pq_sendstring(&message, set.entries[i].kind);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
