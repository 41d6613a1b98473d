/*
 * phone_plain.c
 *		Values that are a "+" and digits, and nothing else.
 *
 * Most columns of telephone numbers hold little else, so such values are read
 * in one go: without the prefilter, for there is nothing in them to search for,
 * and without a run, for there is but one way to part them.
 *
 * What must stay true: what is decided here is what pii_phone_next() would find
 * in the value, which the unit test holds for generated ones.  That is safe
 * because a "+" with all groups behind it is what is tried first, nothing
 * stands around it that could speak against it, and no date, card or address
 * begins with "+".  Whatever is not as plain is left undecided.
 */
#include "phone.h"

#include <string.h>

#include "phone_run.h"
#include "plan.h"

#define PLAIN_DIGITS (PII_E164_MAX - 1)

/* A value that is nothing but "+" and groups of digits, one sign between. */
typedef struct PlainNumber
{
	uint8_t		digits[PII_PHONE_PLAIN_MAX];	/* 0 to 9 */
	int			count;
	uint32_t	ends;			/* bit i: a group ends behind i digits */
} PlainNumber;

/* Read such a value of at most PII_PHONE_PLAIN_MAX bytes; false if it is another. */
static bool
read_plain(const char *value, size_t length, PlainNumber *plain)
{
	int			count = 0;
	int			groups = 1;

	plain->ends = 0;
	for (size_t at = 1; at < length; at++)
	{
		unsigned	digit = (unsigned char) value[at] - '0';

		if (digit < 10)
		{
			plain->digits[count++] = (uint8_t) digit;
			continue;
		}
		if ((value[at] != ' ' && value[at] != '-' && value[at] != '.') ||
			!pii_is_ascii_digit(value[at - 1]) || at + 1 == length)
			return false;
		groups++;
		plain->ends |= UINT32_C(1) << count;
	}
	plain->count = count;
	return count > 0 && count <= PLAIN_DIGITS && groups <= PHONE_MOST_GROUPS;
}

/*
 * Could some of the groups be a number: those that begin with the "+", or some
 * later ones, which without a region takes the prefix "00"?
 */
static bool
may_part(const PlainNumber *plain)
{
	PiiPlanNumber number;

	for (uint32_t ends = plain->ends; ends != 0; ends &= ends - 1)
	{
		int			end = __builtin_ctz(ends);

		if ((plain->digits[end] == 0 && end + 1 < plain->count &&
			 plain->digits[end + 1] == 0) ||
			pii_phone_is_international(plain->digits, end, &number))
			return true;
	}
	return false;
}

/* Make a match of all of the value. */
static void
fill(const PlainNumber *plain, const PiiPlanNumber *number, size_t length,
	 PiiMatch *match)
{
	memset(match, 0, sizeof(*match));
	match->kind = PII_PHONE;
	match->form = PII_FORM_INTERNATIONAL;
	match->flags = PII_MATCH_WHOLE;
	if (number->mobile)
		match->flags |= PII_MATCH_MOBILE;
	if (pii_phone_is_reserved(number->calling_code, number->national,
							  number->length))
		match->flags |= PII_MATCH_RESERVED;
	match->confidence = phone_international_confidence(PHONE_CONTEXT_ALLOWS,
													   number);
	match->end = length;
	match->region = number->region;
	match->digits[0] = '+';
	for (int i = 0; i < plain->count; i++)
		match->digits[i + 1] = (char) ('0' + plain->digits[i]);
}

/* See phone.h. */
PiiPhonePlain
pii_phone_plain(const char *value, size_t length, PiiRegion region,
				PiiMatch *match)
{
	PlainNumber plain;
	PiiPlanNumber number;

	if (!read_plain(value, length, &plain))
		return PII_PHONE_UNDECIDED;
	if (!pii_phone_is_international(plain.digits, plain.count, &number))
		return region == PII_REGION_NONE && !may_part(&plain) ?
			PII_PHONE_NONE : PII_PHONE_UNDECIDED;
	if (number.national == number.room)
		return PII_PHONE_UNDECIDED;	/* its digits are not those written */
	fill(&plain, &number, length, match);
	return PII_PHONE_FOUND;
}
