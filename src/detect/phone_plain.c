/*
 * phone_plain.c
 *		Values that are digits, with a "+" in front or without, and nothing else.
 *
 * Most columns of telephone numbers hold little else, so such values are read
 * in one go: without the prefilter, for there is nothing in them to search for,
 * and without a walk over them, for there is but one way to part them.
 *
 * What must stay true: what is decided here is what pii_phone_next() would find
 * in the value, which the unit test holds for generated ones.  That is safe
 * because all groups together are what is tried first, and nothing stands around
 * them that could speak against it.  No date, card or address begins with "+";
 * of other values it is asked whether they are such.  Whatever is not as plain
 * is left undecided.
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

		masks.digit |= (uint32_t) pii_is_digit(byte) << at;
		masks.sign |= (uint32_t) (byte == ' ' || byte == '-' ||
								  byte == '.') << at;
	}
	return masks;
}

#endif							/* __SSE2__ */

/*
 * Is each byte a digit, or one sign between two, but for the "+" in front where
 * `plus` is 1 and not 0?
 */
static inline bool
is_plain(const PlainMasks *masks, size_t length, uint32_t plus)
{
	uint32_t	last = UINT32_C(1) << (length - 1);
	uint32_t	signs = masks->sign | plus;

	return (masks->digit | signs) == (last | (last - 1)) &&
		(masks->sign & (signs << 1 | last | 1)) == 0;
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

/* How a group that ends with this sign is parted from the next. */
static inline PhoneSeparator
separator_of(char sign)
{
	return sign == ' ' ? PHONE_SEPARATOR_SPACE :
		sign == '-' ? PHONE_SEPARATOR_DASH : PHONE_SEPARATOR_DOT;
}

/*
 * Make of a plain value without "+" the run that pii_phone_run() would read;
 * false if a search would not begin with all of it.
 */
static bool
make_run(const char *value, size_t length, uint32_t signs, PhoneRun *run)
{
	int			singles = 0;
	int			digits = 0;
	size_t		start = 0;

	run->plus = run->cut = run->cleared = false;
	run->lead = 0;
	run->end = length;
	run->groups = 0;
	for (; start < length; signs &= signs - 1)
	{
		PhoneGroup *group = &run->group[run->groups];
		size_t		end = signs == 0 ? length : (size_t) __builtin_ctz(signs);

		if (run->groups++ == PHONE_MOST_GROUPS ||
			digits + (int) (end - start) > PII_PLAN_MAX_DIGITS)
			return false;
		group->open = group->start = start;
		group->close = group->end = end;
		group->first = (uint8_t) digits;
		group->count = (uint8_t) (end - start);
		group->opened = group->closed = 0;
		group->after = end == length ? PHONE_SEPARATOR_END :
			separator_of(value[end]);
		singles += group->count == 1;
		for (; start < end; start++)
			run->digits[digits++] = (uint8_t) (value[start] - '0');
		start = end + 1;
	}
	return digits >= PHONE_SHORTEST && singles <= 2;
}

/* Tell what a plain value without "+" is: a national number, or behind "00". */
static PiiPhonePlain
judge_run(const char *value, size_t length, uint32_t signs, PiiRegion region,
		  PiiMatch *match)
{
	PhoneSearch search = {value, length, region};
	PhoneRun	run;
	PhoneSpan	span = {&run, 0, 0};

	if (region == PII_REGION_NONE || !make_run(value, length, signs, &run))
		return PII_PHONE_UNDECIDED;
	span.last = run.groups - 1;
	if (run.groups > 1)
	{
		if (pii_phone_is_otherwise(&span, region >= 0))
			return PII_PHONE_NONE;
		run.cleared = true;
	}
	if (pii_phone_try(&search, &span, match))
		return PII_PHONE_FOUND;
	return run.groups == 1 ? PII_PHONE_NONE : PII_PHONE_UNDECIDED;
}

/* See phone.h. */
PiiPhonePlain
pii_phone_plain(const char *value, size_t length, PiiRegion region,
				PiiMatch *match)
{
	PlainMasks	masks = read_masks(value, length);
	uint32_t	plus = value[0] == '+';
	uint8_t		digits[PLAIN_DIGITS + 1];
	int			count;
	PiiPlanNumber number;

	if (!is_plain(&masks, length, plus))
		return PII_PHONE_UNDECIDED;
	if (!plus)
		return judge_run(value, length, masks.sign, region, match);
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
		return PII_PHONE_UNDECIDED; /* its digits are not those written */
	fill(&number, length, match);
	return PII_PHONE_FOUND;
}
