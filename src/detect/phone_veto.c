/*
 * phone_veto.c
 *		Numbers that are something else: dates, addresses, cards, codes.
 *
 * All of this is judged from the groups of digits alone, so that a value of
 * a column and a number in running text are held to the same rules.  Only
 * national forms are judged: whoever writes "+" means a telephone number.
 */
#include "phone_run.h"

/* A span with its measures taken once. */
typedef struct Layout
{
	int			groups;
	int			digits;
	const uint8_t *digit;
	uint64_t	lengths;		/* of the groups, four bits each: 0x334 */
	uint8_t		length[PHONE_RUN_GROUPS];
	PhoneSeparator separator[PHONE_RUN_GROUPS]; /* after each but the last */
	bool		uniform;		/* all separators are the same */
	bool		spaced;			/* ... and are spaces */
	bool		brackets;
} Layout;

/* Take the measures of a span. */
static void
measure(const PhoneSpan *span, Layout *layout)
{
	layout->groups = phone_span_groups(span);
	layout->digits = phone_span_length(span);
	layout->digit = phone_span_digits(span);
	layout->uniform = true;
	layout->brackets = false;
	layout->lengths = 0;
	for (int i = 0; i < layout->groups; i++)
	{
		const PhoneGroup *group = &span->run->group[span->first + i];

		layout->length[i] = group->count;
		layout->lengths = layout->lengths << 4 |
			(group->count < 15 ? group->count : 15);
		layout->separator[i] = group->after;
		if (i < layout->groups - 1 && group->after != layout->separator[0])
			layout->uniform = false;
		if ((group->opened && i > 0) ||
			(group->closed && i < layout->groups - 1))
			layout->brackets = true;
	}
	layout->spaced = layout->groups > 1 && layout->uniform &&
		layout->separator[0] == PHONE_SEPARATOR_SPACE;
}

/* The value of some digits; of more than nine, a number above all others. */
static int
value_of(const uint8_t *digit, int count)
{
	int			value = 0;

	if (count > 9)
		return 1000000000;
	for (int i = 0; i < count; i++)
		value = value * 10 + digit[i];
	return value;
}

/* A year that people write about. */
static bool
is_year(int value)
{
	return value >= 1800 && value <= 2100;
}

/* Number of a month. */
static bool
is_month(int value)
{
	return value >= 1 && value <= 12;
}

/* Day of a month. */
static bool
is_day(int value)
{
	return value >= 1 && value <= 31;
}

/* Two numbers that are day and month in one order or the other. */
static bool
is_day_and_month(int a, int b)
{
	return (is_day(a) && is_month(b)) || (is_month(a) && is_day(b));
}

/* Eight digits in a row that are a date. */
static bool
is_packed_date(const uint8_t *digit)
{
	if (is_year(value_of(digit, 4)) &&
		is_month(value_of(digit + 4, 2)) && is_day(value_of(digit + 6, 2)))
		return true;
	return value_of(digit + 4, 4) >= 1900 && is_year(value_of(digit + 4, 4)) &&
		is_day_and_month(value_of(digit, 2), value_of(digit + 2, 2));
}

/* Hours, minutes and perhaps seconds in a row. */
static bool
is_packed_time(const uint8_t *digit, int count)
{
	return value_of(digit, 2) < 24 && value_of(digit + 2, 2) < 60 &&
		(count < 6 || value_of(digit + 4, 2) < 62);
}

/* Three groups that are a date, its parts apart. */
static bool
is_split_date(const uint8_t *length, const uint8_t *digit)
{
	int			first = value_of(digit, length[0]);
	int			second = value_of(digit + length[0], length[1]);
	int			third = value_of(digit + length[0] + length[1], length[2]);

	if (length[1] > 2)
		return false;
	if (length[0] == 4 && length[2] <= 2)
		return is_year(first) && is_day_and_month(second, third);
	if (length[0] <= 2 && length[2] == 4)
		return is_year(third) && is_day_and_month(first, second);
	if (length[0] <= 2 && length[2] == 2)
		return is_day_and_month(first, second) ||
			is_day_and_month(second, third);
	return false;
}

/* A date or the time of one, whole or at either end of the span. */
static bool
is_date(const Layout *layout, bool is_known)
{
	const uint8_t *length = layout->length;
	const uint8_t *digit = layout->digit;
	int			groups = layout->groups;

	if (layout->brackets)
		return false;
	if (groups == 1)
		return (length[0] == 8 && is_packed_date(digit)) ||
			((length[0] == 12 || length[0] == 14) &&
			 value_of(digit, 4) >= 1900 && is_packed_date(digit) &&
			 is_packed_time(digit + 8, length[0] - 8));
	if (groups == 2)
		return length[0] == 8 && (length[1] == 4 || length[1] == 6) &&
			is_packed_date(digit) && is_packed_time(digit + 8, length[1]);
	if (groups < 3 || layout->separator[0] != layout->separator[1])
		return false;
	if (groups == 3)
		return !(layout->spaced && is_known) && is_split_date(length, digit);
	return (length[0] == 4 || length[2] == 4) &&
		layout->separator[2] != layout->separator[1] &&
		is_split_date(length, digit);
}

/* Four octets.  All of two digits is how old French numbers are written. */
static bool
is_ip_address(const Layout *layout)
{
	int			at = 0;
	bool		pairs = true;

	if (layout->groups != 4 || !layout->uniform ||
		layout->separator[0] != PHONE_SEPARATOR_DOT)
		return false;
	for (int i = 0; i < 4; i++)
	{
		if (layout->length[i] > 3 ||
			(layout->length[i] > 1 && layout->digit[at] == 0) ||
			value_of(layout->digit + at, layout->length[i]) > 255)
			return false;
		if (layout->length[i] != 2)
			pairs = false;
		at += layout->length[i];
	}
	return !pairs || value_of(layout->digit, 2) == 10;
}

/*
 * Thousands: groups of three behind a shorter one.  Three of them, or dots
 * behind two digits, are taken for a number only where the region is known.
 */
static bool
is_thousands(const Layout *layout, bool is_known)
{
	bool		dots = layout->uniform &&
		layout->separator[0] == PHONE_SEPARATOR_DOT;

	if (layout->groups < 3 || layout->brackets || layout->length[0] > 3 ||
		layout->digit[0] == 0 || (!dots && (!layout->spaced || is_known)))
		return false;
	for (int i = 1; i < layout->groups; i++)
		if (layout->length[i] != 3)
			return false;
	if (layout->length[0] == 1)
		return true;
	return !is_known && (layout->groups > 3 || (dots && layout->length[0] == 2));
}

/* Decimals and versions: 1234567.89, 1.2.34567. */
static bool
is_decimal(const Layout *layout)
{
	const uint8_t *length = layout->length;

	if (layout->brackets || layout->groups < 2 || !layout->uniform ||
		layout->separator[0] != PHONE_SEPARATOR_DOT)
		return false;
	for (int i = 1; i < layout->groups; i++)
		if (length[i] == 1)
			return true;
	return layout->groups == 2 && (length[0] < 2 || layout->digit[0] != 0);
}

/*
 * Where the region is not known: groupings that some region may know, but that
 * other things have more often.  A trunk prefix speaks for a number.  Twelve
 * digits in fours, EIN, occupation and stock codes, versions.
 */
static bool
is_doubtful(const Layout *layout)
{
	if (layout->brackets || layout->digit[0] == 0 || !layout->uniform)
		return false;
	if (layout->separator[0] == PHONE_SEPARATOR_DASH)
		return layout->lengths == 0x444 || layout->lengths == 0x27 ||
			layout->lengths == 0x24 || layout->lengths == 0x342;
	if (layout->separator[0] == PHONE_SEPARATOR_DOT)
		return layout->groups == 3 && layout->digits <= 7;
	return layout->lengths == 0x444;
}

/* Identifiers of which the grouping alone tells: SSN, ZIP+4, CEP, CPF, CNPJ. */
static bool
is_identifier(const Layout *layout)
{
	if (layout->brackets || layout->groups < 2)
		return false;
	if (layout->uniform && layout->separator[0] == PHONE_SEPARATOR_DASH)
		return layout->lengths == 0x324 || layout->lengths == 0x54 ||
			layout->lengths == 0x53;
	if (layout->lengths == 0x3332)
		return layout->separator[2] == PHONE_SEPARATOR_DASH;
	if (layout->lengths == 0x2333)
		return layout->separator[0] == PHONE_SEPARATOR_DOT &&
			layout->separator[2] == PHONE_SEPARATOR_SLASH;
	return layout->lengths == 0x23342 &&
		layout->separator[2] == PHONE_SEPARATOR_SLASH;
}

/*
 * One number over another: no trunk prefix, and no area code before a longer
 * number either.
 */
static bool
is_fraction(const Layout *layout)
{
	return layout->groups == 2 && !layout->brackets &&
		layout->separator[0] == PHONE_SEPARATOR_SLASH &&
		layout->digit[0] != 0 && layout->length[0] < 7 &&
		(layout->length[0] > 4 || layout->length[1] < 6);
}

/* Two decimals, each with three places or more: a point on the earth. */
static bool
is_position(const Layout *layout)
{
	return layout->groups == 4 &&
		layout->separator[0] == PHONE_SEPARATOR_DOT &&
		layout->separator[2] == PHONE_SEPARATOR_DOT &&
		layout->separator[1] != PHONE_SEPARATOR_DOT &&
		layout->length[1] >= 3 && layout->length[1] == layout->length[3] &&
		layout->length[0] <= 3 && layout->length[2] <= 3;
}

/* Two ends of a range: 1990-1995, 10000-20000. */
static bool
is_range(const Layout *layout)
{
	int			length = layout->length[0];
	int			low;
	int			high;

	if (layout->groups != 2 || layout->length[1] != length || length > 9 ||
		layout->brackets ||
		(layout->separator[0] != PHONE_SEPARATOR_DASH &&
		 layout->separator[0] != PHONE_SEPARATOR_MIXED &&
		 layout->separator[0] != PHONE_SEPARATOR_SLASH))
		return false;
	low = value_of(layout->digit, length);
	high = value_of(layout->digit + length, length);
	if (length == 4 && is_year(low) && is_year(high) && low <= high)
		return true;
	return low < high && low % 100 == 0 && high % 100 == 0;
}

/* Does the last digit complete Luhn's sum? */
static bool
has_luhn_digit(const uint8_t *digit, int count)
{
	int			sum = 0;

	for (int i = 0; i < count; i++)
	{
		int			value = digit[count - 1 - i];

		if (i % 2 == 1)
			value = value > 4 ? value * 2 - 9 : value * 2;
		sum += value;
	}
	return sum % 10 == 0;
}

/* Is this the beginning of a payment card's number? */
static bool
has_card_issuer(const uint8_t *digit, int count)
{
	int			two = value_of(digit, 2);
	int			four = value_of(digit, 4);

	if (two == 34 || two == 37)
		return count == 15;
	if (two == 36 || two == 38 || two == 39 || (four >= 3000 && four <= 3059))
		return count >= 14;
	if (digit[0] == 4)
		return count == 13 || count == 16 || count == 19;
	return count >= 16 &&
		((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720) ||
		 two == 62 || four == 6011 || two == 64 || two == 65 ||
		 (four >= 3528 && four <= 3589) || two == 50 ||
		 (two >= 56 && two <= 58) || two == 60 || two == 63 || two == 67);
}

/* A payment card: in fours, as 4-6-5, or in one piece. */
static bool
is_card(const Layout *layout)
{
	bool		fours = layout->groups >= 4 && layout->uniform;

	for (int i = 0; i < layout->groups - 1; i++)
		if (layout->length[i] != 4)
			fours = false;
	if (fours && layout->digits >= 15 && layout->digits <= 19)
		return true;
	if (layout->digits < 13 || layout->digits > 19 ||
		!has_card_issuer(layout->digit, layout->digits) ||
		!has_luhn_digit(layout->digit, layout->digits))
		return false;
	return layout->groups == 1 || layout->lengths == 0x465 ||
		layout->lengths == 0x464;
}

/* Does the last digit complete the sum of an EAN (GTIN-8 to -14)? */
static bool
has_ean_digit(const uint8_t *digit, int count)
{
	int			sum = 0;

	for (int i = 0; i < count; i++)
		sum += digit[count - 1 - i] * (i % 2 == 1 ? 3 : 1);
	return sum % 10 == 0;
}

/* Does the last digit complete the sum of an ISBN-10? */
static bool
has_isbn_digit(const uint8_t *digit)
{
	int			sum = 0;

	for (int i = 0; i < 10; i++)
		sum += (10 - i) * digit[i];
	return sum % 11 == 0;
}

/* A CAS number of a chemical: its last digit is a weighted sum. */
static bool
is_chemical(const Layout *layout)
{
	int			digits = layout->digits;
	int			sum = 0;

	if (layout->groups != 3 || !layout->uniform ||
		layout->separator[0] != PHONE_SEPARATOR_DASH ||
		layout->length[1] != 2 || layout->length[2] != 1)
		return false;
	for (int i = 1; i < digits; i++)
		sum += i * layout->digit[digits - 1 - i];
	return sum % 10 == layout->digit[digits - 1];
}

/* Bar codes and book numbers. */
static bool
is_article(const Layout *layout)
{
	const uint8_t *digit = layout->digit;

	if (layout->digits == 13 && has_ean_digit(digit, 13) &&
		(layout->groups == 1 || value_of(digit, 3) == 978 ||
		 value_of(digit, 3) == 979))
		return true;
	if (layout->digits == 14 && layout->groups == 1)
		return has_ean_digit(digit, 14);
	return layout->digits == 10 && layout->groups == 4 &&
		layout->uniform && layout->length[3] == 1 && has_isbn_digit(digit);
}

/* All digits the same. */
static bool
is_filler(const Layout *layout)
{
	const uint8_t *digit = layout->digit;

	for (int i = 1; i < layout->digits; i++)
		if (digit[i] != digit[0])
			return false;
	return true;
}

/* See phone_run.h. */
bool
pii_phone_is_otherwise(const PhoneSpan *span, bool is_known)
{
	Layout		layout;

	measure(span, &layout);
	return is_date(&layout, is_known) || is_ip_address(&layout) ||
		is_thousands(&layout, is_known) || is_decimal(&layout) ||
		is_identifier(&layout) || is_fraction(&layout) ||
		(!is_known && is_doubtful(&layout)) ||
		is_position(&layout) || is_range(&layout) || is_card(&layout) ||
		is_article(&layout) || is_chemical(&layout) || is_filler(&layout);
}

/*
 * See phone_run.h.  A single digit stands only where a trunk prefix, a calling
 * code or a short area code stands, or for a switchboard ("12345-0"); brackets
 * pair; at most two kinds of separators besides spaces occur; and nobody goes on
 * from small groups to a very long one.
 */
bool
pii_phone_is_grouped(const PhoneSpan *span)
{
	const PhoneGroup *group = &span->run->group[span->first];
	int			groups = phone_span_groups(span);
	int			depth = phone_span_has_lead(span);
	int			singles = 0;
	unsigned	kinds = 0;

	for (int i = 0; i < groups; i++)
	{
		depth += i == 0 ? 0 : group[i].opened;
		if (depth > 1)
			return false;
		if (i > 2 && group[i].count > 7 && !span->run->plus)
			return false;
		if (group[i].count == 1)
		{
			bool		switchboard = i == groups - 1 && i > 0 &&
				(group[i - 1].after == PHONE_SEPARATOR_MIXED ||
				 (group[i - 1].after == PHONE_SEPARATOR_DASH && i < 3)) &&
				span->run->digits[group[i].first] == 0;

			singles++;
			if (!switchboard && (i > 2 || (i == groups - 1 && i > 0)))
				return false;
		}
		if (i == groups - 1)
			break;
		depth -= group[i].closed;
		if (depth < 0)
			return false;
		if (group[i].after != PHONE_SEPARATOR_SPACE &&
			group[i].after != PHONE_SEPARATOR_NONE)
			kinds |= 1u << group[i].after;
	}
	kinds &= kinds - 1;
	kinds &= kinds - 1;			/* two of them are gone */
	return groups <= 7 && singles <= 2 && kinds == 0;
}
