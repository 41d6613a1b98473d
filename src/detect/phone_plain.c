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

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define PLAIN_DIGITS (PII_E164_MAX - 1)

/* One bit a byte of a value: what its bytes are. */
typedef struct PlainMasks
{
	uint32_t	digit;			/* 0-9 */
	uint32_t	sign;			/* - . and space */
} PlainMasks;

#ifdef __SSE2__

/* Which of sixteen bytes equal c? */
static inline __m128i
equal(__m128i v, char c)
{
	return _mm_cmpeq_epi8(v, _mm_set1_epi8(c));
}

/* What sixteen bytes are. */
static inline PlainMasks
vector_masks(__m128i v)
{
	__m128i		above = _mm_cmpgt_epi8(v, _mm_set1_epi8('0' - 1));
	__m128i		below = _mm_cmplt_epi8(v, _mm_set1_epi8('9' + 1));
	__m128i		sign = _mm_or_si128(equal(v, ' '),
									_mm_or_si128(equal(v, '-'),
												 equal(v, '.')));
	PlainMasks	masks;

	masks.digit = (uint32_t) _mm_movemask_epi8(_mm_and_si128(above, below));
	masks.sign = (uint32_t) _mm_movemask_epi8(sign);
	return masks;
}

/*
 * What the bytes of a value are, of eight to PII_PHONE_PLAIN_MAX: by two loads,
 * of its beginning and its end, which overlap.
 */
static inline PlainMasks
read_masks(const char *value, size_t length)
{
	const __m128i *first = (const __m128i *) value;
	PlainMasks	masks;
	PlainMasks	rest;

	if (length < 16)
	{
		const __m128i *last = (const __m128i *) (value + length - 8);

		masks = vector_masks(_mm_unpacklo_epi64(_mm_loadl_epi64(first),
												_mm_loadl_epi64(last)));
		masks.digit = (masks.digit & 0xFF) | masks.digit >> 8 << (length - 8);
		masks.sign = (masks.sign & 0xFF) | masks.sign >> 8 << (length - 8);
		return masks;
	}
	masks = vector_masks(_mm_loadu_si128(first));
	rest = vector_masks(_mm_loadu_si128((const __m128i *) (value + length - 16)));
	masks.digit |= rest.digit << (length - 16);
	masks.sign |= rest.sign << (length - 16);
	return masks;
}

#else

/* What the bytes of a value are. */
static inline PlainMasks
read_masks(const char *value, size_t length)
{
	PlainMasks	masks = {0, 0};

	for (size_t at = 0; at < length; at++)
	{
		char		byte = value[at];

		masks.digit |= (uint32_t) pii_is_ascii_digit(byte) << at;
		masks.sign |= (uint32_t) (byte == ' ' || byte == '-' ||
								  byte == '.') << at;
	}
	return masks;
}

#endif							/* __SSE2__ */

/* Is each byte behind the "+" a digit, or one sign between two? */
static inline bool
is_plain(const PlainMasks *masks, size_t length)
{
	uint32_t	last = UINT32_C(1) << (length - 1);

	return (masks->digit | masks->sign) == (last | (last - 2)) &&
		(masks->sign & (masks->sign << 1 | last | 2)) == 0;
}

/*
 * Copy the digits, as characters and as numbers.  Returns how many; of more
 * than there is room for, no more than shows that.
 */
static inline int
read_digits(const char *value, uint32_t mask, char *out, uint8_t *digits)
{
	int			count = 0;

	for (; mask != 0 && count <= PLAIN_DIGITS; mask &= mask - 1)
	{
		char		digit = value[__builtin_ctz(mask)];

		out[count] = digit;
		digits[count++] = (uint8_t) (digit - '0');
	}
	return count;
}

/* Could some of the groups be a number that begins with the "+"? */
static bool
may_begin(const uint8_t *digits, uint32_t signs)
{
	PiiPlanNumber number;

	for (int passed = 1; signs != 0; signs &= signs - 1, passed++)
		if (pii_phone_is_international(digits, __builtin_ctz(signs) - passed,
									   &number))
			return true;
	return false;
}

/*
 * Could one begin with a later group?  Where no region is asked for, that takes
 * the prefix "00".
 */
static bool
may_follow(const uint8_t *digits, int count, uint32_t signs, PiiRegion region)
{
	if (region != PII_REGION_NONE)
		return signs != 0;
	for (int passed = 1; signs != 0; signs &= signs - 1, passed++)
	{
		int			at = __builtin_ctz(signs) - passed;

		if (at + 1 < count && digits[at] == 0 && digits[at + 1] == 0)
			return true;
	}
	return false;
}

/* Make a match of all of the value; its digits are there. */
static void
fill(const PiiPlanNumber *number, size_t length, PiiMatch *match)
{
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
	match->start = 0;
	match->end = length;
	match->region = number->region;
	memset(&match->regions, 0, sizeof(match->regions));
}

/* See phone.h. */
PiiPhonePlain
pii_phone_plain(const char *value, size_t length, PiiRegion region,
				PiiMatch *match)
{
	PlainMasks	masks = read_masks(value, length);
	uint8_t		digits[PLAIN_DIGITS + 1];
	int			count;
	PiiPlanNumber number;

	if (!is_plain(&masks, length))
		return PII_PHONE_UNDECIDED;
	count = read_digits(value, masks.digit, match->digits + 1, digits);
	if (count > PLAIN_DIGITS || length - (size_t) count > PHONE_MOST_GROUPS)
		return PII_PHONE_UNDECIDED;
	match->digits[0] = '+';
	match->digits[count + 1] = '\0';
	if (!pii_phone_is_international(digits, count, &number))
		return may_begin(digits, masks.sign) ? PII_PHONE_UNDECIDED :
			may_follow(digits, count, masks.sign, region) ?
			PII_PHONE_LATER : PII_PHONE_NONE;
	if (number.national == number.room)
		return PII_PHONE_UNDECIDED;	/* its digits are not those written */
	fill(&number, length, match);
	return PII_PHONE_FOUND;
}
