/*
 * count.c
 *		Counting one value into the evidence of its column.
 *
 * This is the inner loop of every scan.  A value is one or more leaves: the
 * text itself, the elements of an array, the strings and numbers of a json
 * document.  It counts once in every sum, however many leaves it has.
 *
 * National and bare numbers are looked for in every region's plan at once:
 * which region the column is of is for the judge to say, from the counts.
 */
#include "compat.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "detect/shape.h"
#include "profile/evidence.h"
#include "profile/interrupt.h"

/* Shortest value that can look encrypted or hashed. */
#define OPAQUE_MIN 24

/* Count a null. */
void
pii_count_null(PiiEvidence *evidence)
{
	evidence->rows++;
	evidence->nulls++;
}

/* Begin to count one value that is not null. */
void
pii_count_begin(PiiCounter *counter, PiiEvidence *evidence)
{
	memset(counter, 0, sizeof(*counter));
	counter->evidence = evidence;
	counter->blank = true;
}

/* Put a value into the registers from which distinctness is estimated. */
static void
add_to_sketch(uint8 *sketch, const void *value, Size length)
{
	uint64		hash = hash_bytes_extended(value, Min(length, 256), 0);
	uint8	   *slot = &sketch[hash % PII_SKETCH_REGISTERS];
	uint64		rest = hash / PII_SKETCH_REGISTERS;
	uint8		rank = rest == 0 ? 57 : pg_rightmost_one_pos64(rest) + 1;

	*slot = Max(*slot, rank);
}

/* Whether eight digits are a day, written YYYYMMDD. */
static bool
is_date(uint64 number)
{
	int			year = number / 10000;
	int			month = number / 100 % 100;
	int			day = number % 100;

	return year >= 1900 && year < 2100 && month >= 1 && month <= 12 &&
		day >= 1 && day <= 31;
}

/* Whether a number counts seconds or milliseconds since 1970, 1990 to 2037. */
static bool
is_epoch(uint64 number)
{
	const uint64 earliest = UINT64CONST(631152000);
	const uint64 latest = UINT64CONST(2145916800);

	return (number >= earliest && number < latest) ||
		(number >= earliest * 1000 && number < latest * 1000);
}

/* Whether the last digit checks the others, as in EAN, UPC and GTIN. */
static bool
has_check_digit(const PiiShape *shape)
{
	int			sum = 0;

	if (shape->ndigits < 12 || shape->ndigits > 14)
		return false;
	for (int i = 0; i < shape->ndigits; i++)
	{
		bool		tripled = (shape->ndigits - i) % 2 == 0;

		sum += (shape->digits[i] - '0') * (tripled ? 3 : 1);
	}
	return sum % 10 == 0;
}

/* Count a leaf that is nothing but digits. */
static void
count_digits(PiiEvidence *evidence, const PiiShape *shape)
{
	uint64		number = strtoull(shape->digits, NULL, 10);
	uint64		thousand = number / 1000;

	evidence->digits++;
	evidence->digit_lengths[shape->ndigits]++;
	evidence->leading_digits[shape->digits[0] - '0']++;
	evidence->dates += shape->ndigits == 8 && is_date(number);
	evidence->epochs += is_epoch(number);
	evidence->check_digits += has_check_digit(shape);
	add_to_sketch(evidence->thousands, &thousand, sizeof(thousand));
}

/* Count where a phone number is valid. */
static void
count_regions(PiiEvidence *evidence, const PiiMatch *match)
{
	int64	   *counts;

	if (match->form == PII_FORM_NATIONAL)
		counts = evidence->regions[PII_REGIONS_NATIONAL];
	else if (match->form != PII_FORM_BARE)
	{
		if (match->region >= 0)
			evidence->regions[PII_REGIONS_INTERNATIONAL][match->region]++;
		return;
	}
	else if (match->flags & PII_MATCH_WHOLE)
		counts = evidence->regions[PII_REGIONS_BARE];
	else
		return;

	if (match->region >= 0)
	{
		counts[match->region]++;
		return;
	}
	for (int word = 0; word < PII_REGION_WORDS; word++)
	{
		uint64		bits = match->regions.word[word];

		for (; bits != 0; bits &= bits - 1)
			counts[word * 64 + pg_rightmost_one_pos64(bits)]++;
	}
}

/* Count one match of a leaf. */
static void
count_match(PiiCounter *counter, const PiiMatch *match)
{
	PiiEvidence *evidence = counter->evidence;
	uint32		bit = PII_KIND_BIT(match->kind);

	evidence->kinds[match->kind].matches++;
	counter->forms |= 1u << match->form;
	if (match->form == PII_FORM_BARE)
		counter->weak |= bit;
	else
		counter->matched |= bit;
	if (!(match->flags & PII_MATCH_RESERVED))
		counter->unreserved |= bit;
	if (match->flags & PII_MATCH_WHOLE)
	{
		counter->whole[match->kind]++;
		counter->whole_forms |= 1u << match->form;
	}
	if (match->kind == PII_PHONE)
		count_regions(evidence, match);
}

/*
 * Whether a leaf looks encrypted, hashed or encoded: long, of the letters of
 * base64 or hexadecimal alone, and with digits among its letters.
 */
static bool
is_opaque(const char *text, Size length)
{
	int			digits = 0;
	int			letters = 0;

	if (length < OPAQUE_MIN)
		return false;
	length = Min(length, 128);
	for (Size i = 0; i < length; i++)
	{
		unsigned char c = text[i];

		if (c >= '0' && c <= '9')
			digits++;
		else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
			letters++;
		else if (c != '+' && c != '/' && c != '=' && c != '\\' &&
				 c != '$' && c != '.')
			return false;
	}
	return digits * 20 >= (int) length && letters * 8 >= (int) length;
}

/* Whether a leaf has no character but white space. */
static bool
is_blank(const char *text, Size length)
{
	for (Size i = 0; i < length; i++)
	{
		if (text[i] != ' ' && text[i] != '\t' && text[i] != '\n' &&
			text[i] != '\r' && text[i] != '\f' && text[i] != '\v')
			return false;
	}
	return true;
}

/*
 * Count one leaf of the value: UTF-8, or bytes of which the invalid ones
 * match nothing.  May be interrupted.
 */
void
pii_count_leaf(PiiCounter *counter, const char *text, Size length)
{
	static const PiiFindOptions options = {
		.kinds = PII_ALL_KINDS,
		.region = PII_REGION_ANY,
		.cancelled = pii_interrupt_pending
	};
	PiiEvidence *evidence = counter->evidence;
	PiiFinder	finder;
	PiiMatch	match;
	PiiShape	shape;
	PiiFindStatus status;
	bool		noteworthy = false;

	evidence->bytes += length;
	if (counter->blank && is_blank(text, length))
		return;
	counter->blank = false;
	counter->leaves++;

	pii_finder_begin(&finder, &options, text, length);
	while ((status = pii_finder_next(&finder, &match)) == PII_FOUND)
	{
		count_match(counter, &match);
		noteworthy = true;
	}
	CHECK_FOR_INTERRUPTS();
	if (status == PII_CANCELLED)
		evidence->undecided++;

	/* what stands beside other members of an object is not the value */
	shape.class = PII_SHAPE_NONE;
	if (!counter->has_keys)
		pii_shape(text, length, &shape);
	if (shape.class == PII_SHAPE_DIGITS)
		count_digits(evidence, &shape);
	else if (shape.class == PII_SHAPE_PHONE)
		evidence->shaped++;
	if (noteworthy || shape.class != PII_SHAPE_NONE)
		add_to_sketch(evidence->sketch, text, length);
	else if (is_opaque(text, length))
		evidence->opaque++;
}

/* Add what the leaves of the value amount to. */
void
pii_count_end(PiiCounter *counter)
{
	PiiEvidence *evidence = counter->evidence;

	evidence->rows++;
	if (counter->blank)
	{
		evidence->empties++;
		return;
	}
	if ((counter->matched | counter->weak) == 0)
		return;
	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		PiiKindEvidence *counts = &evidence->kinds[kind];
		uint32		bit = PII_KIND_BIT(kind);

		if (counter->matched & bit)
			counts->matched++;
		else if (counter->weak & bit)
			counts->weak++;
		else
			continue;
		if (!(counter->unreserved & bit))
			counts->reserved++;
		if (counter->whole[kind] == counter->leaves)
			counts->whole++;
	}
	for (int form = 0; form < PII_FORMS; form++)
	{
		if (counter->forms & (1u << form))
			evidence->forms[form]++;
		if (counter->leaves == 1 && (counter->whole_forms & (1u << form)))
			evidence->whole_forms[form]++;
	}
}
