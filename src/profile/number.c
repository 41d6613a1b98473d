/*
 * number.c
 *		Counting whole values that are numbers, and numbers found in values.
 *
 * Counts of what a number may be instead of a telephone number (a date, a
 * time, a code with a check digit), of how it is written, and of the regions
 * in which it is valid.  Nothing of a number itself is kept: of the sketches,
 * neither a value nor its absence can be told.
 */
#include "compat.h"

#include "common/hashfn.h"
#include "port/pg_bitutils.h"

#include "detect/digit.h"
#include "detect/plan.h"
#include "profile/count.h"

/* What a value does to a sketch: raise one register to a rank from 1 to 57. */
typedef struct SketchMark
{
	uint8		slot;
	uint8		rank;
} SketchMark;

StaticAssertDecl(PII_SKETCH_REGISTERS == 256, "a register must fit a byte");

/* The mark of a value. */
static inline SketchMark
sketch_mark(const void *value, Size length)
{
	uint64		hash = hash_bytes_extended(value, length, 0);
	uint64		rest = hash / PII_SKETCH_REGISTERS;
	SketchMark	mark;

	mark.slot = hash % PII_SKETCH_REGISTERS;
	mark.rank = rest == 0 ? 57 : pg_rightmost_one_pos64(rest) + 1;
	return mark;
}

/* Leave a mark in a sketch. */
static inline void
raise_register(uint8 *sketch, SketchMark mark)
{
	sketch[mark.slot] = Max(sketch[mark.slot], mark.rank);
}

/* Put a value into the registers from which distinctness is estimated. */
void
pii_add_to_sketch(uint8 *sketch, const void *value, Size length)
{
	raise_register(sketch, sketch_mark(value, Min(length, 256)));
}

/* The number that some digits of a string are. */
static int
number_at(const char *digits, int count)
{
	int			number = 0;

	for (int i = 0; i < count; i++)
		number = number * 10 + (digits[i] - '0');
	return number;
}

/* The number that up to 19 digits are: without the locales of strtoull(). */
static uint64
whole_number(const PiiShape *shape)
{
	uint64		number = 0;

	for (int i = 0; i < shape->ndigits; i++)
		number = number * 10 + (uint64) (shape->digits[i] - '0');
	return number;
}

/* Whether these are a year, month and day that people write about. */
static bool
is_day(int year, int month, int day)
{
	return year >= 1900 && year < 2100 && month >= 1 && month <= 12 &&
		day >= 1 && day <= 31;
}

/*
 * Whether digits are a date or begin with one: YYYYMMDD, whatever is behind
 * it, or DDMMYYYY.
 */
static bool
is_date(const PiiShape *shape)
{
	const char *digits = shape->digits;

	if (shape->ndigits < 8)
		return false;
	if (shape->ndigits == 8 &&
		is_day(number_at(digits + 4, 4), number_at(digits + 2, 2),
			   number_at(digits, 2)))
		return true;
	return is_day(number_at(digits, 4), number_at(digits + 4, 2),
				  number_at(digits + 6, 2));
}

/*
 * Whether digits begin with a day and go on, as the numbers do that many
 * countries give their people, and machines their batches: YYMMDD, DDMMYY or
 * YYYYMMDD.  One in fourteen does by chance; behind a zero most mobile numbers
 * of Japan and Korea do, so that those do not count.
 */
static bool
begins_with_day(const PiiShape *shape)
{
	const char *digits = shape->digits;
	int			first = number_at(digits, 2);
	int			month = number_at(digits + 2, 2);

	if (shape->ndigits < 10 || digits[0] == '0')
		return false;
	return is_day(2000, month, first) ||
		is_day(2000 + first, month, number_at(digits + 4, 2)) ||
		is_date(shape);
}

/*
 * Whether digits stand for no number: 0, one digit repeated, or digits in
 * their order, as people write who have none to give.
 */
bool
pii_is_filler(const PiiShape *shape)
{
	const char *digits = shape->digits;
	int			step;

	if (shape->ndigits < 5)
		return shape->ndigits == 1 && digits[0] == '0';
	step = (digits[1] - digits[0] + 10) % 10;
	if (step != 0 && (step != 1 || shape->ndigits < 7))
		return false;
	for (int i = 1; i < shape->ndigits; i++)
	{
		if ((digits[i] - digits[i - 1] + 10) % 10 != step)
			return false;
	}
	return true;
}

/*
 * Whether a number counts seconds since 1970, or finer ones, 2001 to 2030.
 * Many countries' telephone numbers begin with a digit beyond that.
 */
static bool
is_epoch(uint64 number)
{
	const uint64 earliest = UINT64CONST(1000000000);
	const uint64 latest = UINT64CONST(1900000000);

	for (uint64 unit = 1; unit <= 1000000; unit *= 1000)
	{
		if (number >= earliest * unit && number < latest * unit)
			return true;
	}
	return false;
}

/* Whether the last digit checks the others, as in EAN, UPC and GTIN. */
static bool
has_check_digit(const PiiShape *shape)
{
	int			sum = 0;

	if (shape->ndigits != 8 && (shape->ndigits < 12 || shape->ndigits > 14))
		return false;
	for (int i = 0; i < shape->ndigits; i++)
	{
		bool		tripled = (shape->ndigits - i) % 2 == 0;

		sum += (shape->digits[i] - '0') * (tripled ? 3 : 1);
	}
	return sum % 10 == 0;
}

/*
 * The rest of the sum that is none when the last digit checks the others as in
 * card and device numbers.
 */
static int
luhn_rest(const PiiShape *shape)
{
	static const uint8 doubled[] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
	int			sum = 0;

	for (int i = 0; i < shape->ndigits; i++)
	{
		int			digit = shape->digits[i] - '0';

		sum += (shape->ndigits - i) % 2 == 0 ? doubled[digit] : digit;
	}
	return sum % 10;
}

/*
 * Whether the last digit checks the others modulo 11, as in ISBN-10 and many
 * countries' numbers of persons and firms.
 */
static bool
passes_modulo_11(const PiiShape *shape)
{
	int			sum = 0;

	for (int i = 0; i < shape->ndigits; i++)
		sum += (shape->digits[i] - '0') * (shape->ndigits - i);
	return shape->ndigits >= 8 && sum % 11 == 0;
}

/*
 * The mark of the first digits of a number, which are the number `opening`.
 * There are so few beginnings, and so many numbers, that each is hashed but
 * once; what is kept is the same in every backend.
 */
static inline SketchMark
opening_mark(const char *digits, int count, int opening)
{
	static SketchMark marks[111110];	/* of one digit, two, ..., five */
	static const int first[] = {0, 0, 10, 110, 1110, 11110};
	SketchMark *mark = &marks[first[count] + opening];

	if (mark->rank == 0)
		*mark = sketch_mark(digits, count);
	return *mark;
}

/*
 * Note how a number begins, behind the zero of a trunk prefix: that decides
 * whether it is valid.  Long ones may begin with a calling code.
 */
static void
count_opening(PiiEvidence *evidence, const char *digits, int ndigits)
{
	int			last = ndigits > 10 ? 5 : 4;
	int			opening = 0;

	if (ndigits < 6)
		return;
	digits += digits[0] == '0';
	for (int count = 1; count <= last; count++)
	{
		opening = opening * 10 + (digits[count - 1] - '0');
		if (count < PII_OPENING_DEPTHS || count == last)
			raise_register(evidence->openings[Min(count, PII_OPENING_DEPTHS) - 1],
						   opening_mark(digits, count, opening));
	}
}

/* Note which numbers lie close to each other. */
static void
count_position(PiiEvidence *evidence, const PiiShape *shape)
{
	uint64		thousand = whole_number(shape) / 1000;

	pii_add_to_sketch(evidence->thousands, &thousand, sizeof(thousand));
}

/* Add one to the count of each region of a set. */
static void
count_region_set(int64 *counts, const PiiRegionSet *regions)
{
	for (int word = 0; word < PII_REGION_WORDS; word++)
	{
		for (uint64 bits = regions->word[word]; bits != 0; bits &= bits - 1)
			counts[word * 64 + pg_rightmost_one_pos64(bits)]++;
	}
}

/*
 * Count where digits are valid in ways that are no number in a text but may
 * well be in a column: although one in ten has the check digit of a bar code
 * or a card, behind a plus sign that was left out, and behind the zero that a
 * column of numbers cannot keep.
 */
static void
count_plans(PiiEvidence *evidence, const PiiShape *shape, bool matched)
{
	uint8		digits[PII_DIGIT_LENGTHS + 1] = {0};
	PiiRegionSet regions;
	PiiPlanNumber number;

	if (shape->ndigits < 7 || shape->ndigits > 15)
		return;
	for (int i = 0; i < shape->ndigits; i++)
		digits[i + 1] = shape->digits[i] - '0';
	if (!matched &&
		pii_plan_dial_anywhere(digits + 1, shape->ndigits, &regions) > 0)
		count_region_set(evidence->regions[PII_REGIONS_BARE], &regions);
	if (shape->digits[0] == '0')
		return;
	if (pii_plan_international(digits + 1, shape->ndigits, &number))
		evidence->worldwide++;
	if (pii_plan_dial_anywhere(digits, shape->ndigits + 1, &regions) > 0)
		count_region_set(evidence->regions[PII_REGIONS_ZEROLESS], &regions);
}

/* Count a leaf that is nothing but digits. */
void
pii_count_digits(PiiEvidence *evidence, const PiiShape *shape, bool matched)
{
	int			luhn = luhn_rest(shape);

	evidence->digits++;
	evidence->digit_lengths[shape->ndigits]++;
	evidence->leading_digits[shape->digits[0] - '0']++;
	evidence->dates += is_date(shape);
	evidence->days += begins_with_day(shape);
	evidence->epochs += shape->digits[0] != '0' &&
		is_epoch(whole_number(shape));
	evidence->check_digits += has_check_digit(shape);
	evidence->luhn += shape->ndigits >= 8 && luhn == 0;
	evidence->modulo_11 += passes_modulo_11(shape);
	pii_count_checks(evidence, shape, luhn);
	count_opening(evidence, shape->digits, shape->ndigits);
	count_position(evidence, shape);
	count_plans(evidence, shape, matched);
}

/*
 * Whether a number is punctuated as little but telephone numbers is: with a
 * plus sign, a bracket, the letters of an extension, or in the groups 3-3-4
 * joined by hyphens or dots.
 */
static bool
is_marked(const char *text, Size length)
{
	int			groups = 0;		/* lengths of the groups, as decimal digits */
	int			digits = 0;		/* in the present group */

	for (Size i = 0; i <= length; i++)
	{
		char		c = i < length ? text[i] : '-';

		if (c >= '0' && c <= '9')
			digits++;
		else if (c == '+' || c == '(' || (c >= 'a' && c <= 'z') ||
				 (c >= 'A' && c <= 'Z'))
			return true;
		else if (c == '-' || c == '.')
		{
			groups = Min(groups, 10000) * 10 + Min(digits, 9);
			digits = 0;
		}
		else
			groups = 10000;
	}
	return groups == 334 || groups == 1334;
}

/* Count a leaf that is punctuated as telephone numbers are. */
void
pii_count_shaped(PiiEvidence *evidence, const char *text, Size length,
				 const PiiShape *shape, bool matched)
{
	evidence->shaped++;
	evidence->marked += is_marked(text, length);
	evidence->days += begins_with_day(shape);
	count_position(evidence, shape);
	if (!matched)
	{
		evidence->unknown_lengths[shape->ndigits]++;
		count_opening(evidence, shape->digits, shape->ndigits);
	}
}

/*
 * Count a match in national form: how long it is as written, and where it is
 * valid.  With an extension the length would mislead.
 */
static void
count_written(PiiEvidence *evidence, const char *text, const PiiMatch *match)
{
	char		digits[PII_DIGIT_LENGTHS];
	int			ndigits = 0;
	PiiChar		next;

	if (match->flags & PII_MATCH_EXTENSION)
		return;
	for (Size i = match->start; i < match->end; i += next.bytes)
	{
		next.bytes = 1;
		if ((unsigned char) text[i] < 0x80)
		{
			if (pii_is_digit(text[i]) && ndigits < (int) sizeof(digits))
				digits[ndigits++] = text[i];
			continue;
		}
		pii_char_at(text, match->end, i, &next);
		if (next.class == PII_CHAR_DIGIT && ndigits < (int) sizeof(digits))
			digits[ndigits++] = '0' + next.digit;
	}
	if (ndigits == 0 || ndigits == (int) sizeof(digits))
		return;
	evidence->written_lengths[ndigits]++;
	count_opening(evidence, digits, ndigits);
	if (match->region >= 0)
		evidence->regions[PII_REGIONS_NATIONAL][match->region]++;
	else
		count_region_set(evidence->regions[PII_REGIONS_NATIONAL],
						 &match->regions);
}

/* Count where a telephone number found in `text` is valid. */
void
pii_count_phone(PiiEvidence *evidence, const char *text,
				const PiiMatch *match)
{
	int64	   *counts = evidence->regions[match->form == PII_FORM_BARE ?
										   PII_REGIONS_BARE :
										   PII_REGIONS_INTERNATIONAL];

	if (match->form == PII_FORM_NATIONAL ||
		(match->form == PII_FORM_BARE && !pii_match_is_weak(match)))
		count_written(evidence, text, match);
	else if (match->form == PII_FORM_BARE && !(match->flags & PII_MATCH_WHOLE))
		return;
	else if (match->region >= 0)
		counts[match->region]++;
	else if (match->form == PII_FORM_BARE)
		count_region_set(counts, &match->regions);
}
