/*
 * phone.c
 *		Telephone numbers in text.
 *
 * A value is walked from one group of digits to the next.  From each group on,
 * those spans of groups are tried that can be cut out of the text, best parted
 * and longest first.
 *
 * What must stay true: every group is the first of at most a fixed number of
 * spans, so the cost is linear in the value's length; and the numbers found do
 * not depend on how a caller cuts a value into windows, as long as no window
 * ends between groups that only spaces part.
 */
#include "phone.h"

#include <string.h>

#include "digit.h"
#include "phone_run.h"
#include "plan.h"

#define LONGEST_LEAD 16			/* bytes of "+" and brackets before a digit */
#define LONGEST_CHAIN 64		/* bytes of bound groups looked at together */

/* Which of the spans that begin with one group may be tried. */
typedef struct PhoneEnds
{
	int			count;			/* groups looked at */
	int8_t		parts[PHONE_MOST_GROUPS];	/* how strongly a span that ends
											 * with this group is parted from
											 * what follows; 0 if it may not
											 * end there */
} PhoneEnds;

/*
 * How strongly a span's groups are held apart behind group `at`, seen from
 * within, where `parts` is how strongly that parts spans: an opening bracket
 * parts spans, but not groups of one, and a closing one holds them together.
 */
static int
inner_strength(const PhoneRun *run, int at, int parts)
{
	if (run->group[at].closed > 0 && parts == 1)
		return 0;
	if (at + 1 < run->groups && run->group[at + 1].opened > 0 && parts < 3)
		return 1;
	return parts;
}

/* May a span end with this group, for all that the next byte says? */
static bool
may_end(const PhoneSearch *search, const PhoneGroup *group)
{
	return group->closed > 0 ||
		!phone_is_glued_behind(search->value, search->length, group->end);
}

/*
 * Where may spans end that begin with group `first`?  What parts a span from
 * its neighbours must be stronger than what parts its groups; behind a "+", at
 * least as strong.  False if nowhere.
 */
static bool
find_ends(const PhoneSearch *search, const PhoneRun *run, int first,
		  PhoneEnds *ends)
{
	PhoneSpan	span = {run, first, first};
	bool		plus = phone_span_has_plus(&span);
	int			shortest = plus || search->region != PII_REGION_ANY ?
		PHONE_SHORTEST : PHONE_SHORTEST_ANYWHERE;
	int			before = phone_run_strength(run, first - 1);
	int			inner = 0;
	int			singles = 0;
	bool		found = false;

	ends->count = 0;
	while (span.last < run->groups && ends->count < PHONE_MOST_GROUPS)
	{
		const PhoneGroup *group = &run->group[span.last];
		int			strength = phone_run_strength(run, span.last);
		int			parts = strength;
		int			length;

		if (group->count == PHONE_GROUP_TOO_LONG)
			break;
		singles += group->count == 1;
		length = phone_span_length(&span);
		if (length > PII_PLAN_MAX_DIGITS || (!plus && singles > 2))
			break;
		if (length < shortest || parts < inner ||
			(!plus && parts == inner))
			parts = 0;
		if (parts > 0 && !may_end(search, group))
			parts = 0;
		found = found || parts > 0;
		ends->parts[ends->count++] = (int8_t) parts;
		parts = inner_strength(run, span.last, strength);
		if (parts > inner)
			inner = parts;
		if (!plus && inner >= before)
			break;
		span.last++;
	}
	return found;
}

/* May a span begin with this group, for all that stands before it? */
static bool
may_begin(const PhoneSearch *search, const PhoneRun *run, int first)
{
	PhoneSpan	span = {run, first, first};
	const PhoneGroup *group = &run->group[first];
	bool		plus = phone_span_has_plus(&span);

	if (group->count == PHONE_GROUP_TOO_LONG)
		return false;			/* its digits were not kept */
	if (search->region == PII_REGION_NONE && !plus &&
		run->digits[group->first] != 0)
		return false;
	if (phone_run_strength(run, first - 1) == 0)
		return false;
	return plus || group->opened > 0 ||
		!phone_is_glued_before(search->value, group->start);
}

/* Try the spans that begin with one group of a run, best parted first. */
static bool
try_group(const PhoneSearch *search, const PhoneRun *run, int first,
		  const PhoneEnds *ends, PiiMatch *match)
{
	PhoneSpan	span = {run, first, first};

	for (int parts = PHONE_STRENGTHS - 1; parts > 0; parts--)
		for (int i = ends->count - 1; i >= 0; i--)
		{
			span.last = first + i;
			if (ends->parts[i] == parts && pii_phone_try(search, &span, match))
				return true;
		}
	return false;
}

/*
 * Is the run as a whole something else, so that no part of it is a number?
 * That takes more than one group: a group on its own is judged with its text.
 */
static bool
is_otherwise(const PhoneSearch *search, PhoneRun *run)
{
	PhoneSpan	span = {run, 0, run->groups - 1};

	if (run->groups == 1 || run->plus || run->cut)
		return false;
	run->cleared = !pii_phone_is_otherwise(&span, search->region >= 0);
	return !run->cleared;
}

/* Eight bytes at once: the high bit of each that is a digit or not ASCII. */
static inline uint64_t
digit_bits(const char *bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t	word;
	uint64_t	low;

	memcpy(&word, bytes, sizeof(word));
	low = word & (ones * 0x7F);
	return (((low + ones * (0x80 - '0')) & ~(low + ones * (0x7F - '9'))) |
			word) & (ones * 0x80);
}

/* The first digit in [from, until), or `until`. */
static size_t
next_digit(const char *value, size_t length, size_t from, size_t until)
{
	size_t		at = from;
	PiiChar		next;

	while (at < until)
	{
		if (length - at >= 8 && digit_bits(value + at) == 0)
		{
			at += 8;
			continue;
		}
		if (pii_is_digit(value[at]))
			return at;
		if ((unsigned char) value[at] < 0x80)
		{
			at++;
			continue;
		}
		pii_char_at(value, length, at, &next);
		if (next.class == PII_CHAR_DIGIT)
			return at;
		at += next.bytes;
	}
	return until;
}

/* Are the next eight bytes all ASCII digits? */
static inline bool
are_digits(const char *bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t	word;

	memcpy(&word, bytes, sizeof(word));
	return (word & (ones * 0xF0)) == ones * '0' &&
		((word + ones * 6) & (ones * 0xF0)) == ones * '0';
}

/* Step over the rest of a group of digits, if `at` is not its beginning. */
static size_t
skip_group(const char *value, size_t length, size_t at)
{
	PiiChar		here;

	if (at == 0 || at >= length)
		return at;
	if ((unsigned char) value[at] < 0x80 && !pii_is_digit(value[at]))
		return at;				/* whatever stands before it */
	pii_char_before(value, at, &here);
	if (here.class != PII_CHAR_DIGIT)
		return at;
	while (at < length)
	{
		if (length - at >= 8 && are_digits(value + at))
		{
			at += 8;
			continue;
		}
		if (pii_is_digit(value[at]))
		{
			at++;
			continue;
		}
		pii_char_at(value, length, at, &here);
		if (here.class != PII_CHAR_DIGIT)
			break;
		at += here.bytes;
	}
	return at;
}

/* Is this byte one at which every run ends? */
static bool
ends_run(char byte)
{
	unsigned char code = (unsigned char) byte;

	return code < 0x80 && (pii_ascii_class[code] == PII_CHAR_OTHER ||
						   pii_ascii_class[code] == PII_CHAR_LETTER ||
						   pii_ascii_class[code] == PII_CHAR_PLUS);
}

/*
 * Where the groups of ASCII digits from `at` end, bound by "-", "." and "/", if
 * nothing of them can be a number, for how few they are or what touches them;
 * else `at`.  Most groups of digits are such, and need no run.
 *
 * No number begins behind a digit and "-" or ".", nor behind one and "/" unless
 * that belongs to digits enough for a number of their own.
 */
static size_t
skip_hopeless(const char *value, size_t length, size_t at)
{
	bool		begins = !phone_is_glued_before(value, at);
	size_t		end = at;
	size_t		digits = 0;		/* since the last slash */

	for (;;)
	{
		while (end < length && pii_is_digit(value[end]))
		{
			end++;
			digits++;
		}
		if (end == length || ends_run(value[end]))
			break;
		if (length - end < 2 || !pii_is_digit(value[end + 1]) ||
			end - at > LONGEST_CHAIN)
			return at;
		if (value[end] == '/' && !begins && digits < PHONE_LIST_DIGITS)
			digits = 0;
		else if (value[end] != '-' && value[end] != '.')
			return at;
		end++;
	}
	if (!begins || digits < PHONE_SHORTEST ||
		phone_is_glued_behind(value, length, end))
		return end;
	return at;
}

/*
 * Could any group in [from, limit) begin a number in international form?  That
 * takes a "+", or a group whose first digit is a zero and whose second is not
 * from 1 to 9; where neither is, no run need be read.  Signs beyond ASCII
 * are left for a closer look.
 */
static bool
may_be_international(const char *value, size_t length, size_t from,
					 size_t limit)
{
	bool		in_group = false;

	for (size_t at = from; at < limit; at++)
	{
		unsigned char byte;

		while (in_group && limit - at >= 8 && are_digits(value + at))
			at += 8;
		if (at >= limit)
			break;
		byte = value[at];
		if (byte == '+' || byte >= 0x80)
			return true;
		if (!pii_is_digit(byte))
		{
			in_group = false;
			continue;
		}
		if (!in_group && byte == '0' &&
			(at + 1 >= length || value[at + 1] < '1' || value[at + 1] > '9'))
			return true;
		in_group = true;
	}
	return false;
}

/* See phone.h. */
bool
pii_phone_next(const char *value, size_t length, size_t from, size_t until,
			   PiiRegion region, PiiMatch *match)
{
	PhoneSearch search = {value, length, region};
	size_t		limit = length - until > LONGEST_LEAD ?
		until + LONGEST_LEAD : length;
	size_t		at = skip_group(value, limit, from);
	PhoneRun	run;

	if (region == PII_REGION_NONE &&
		!may_be_international(value, length, at, limit))
		return false;
	while ((at = next_digit(value, length, at, limit)) < limit)
	{
		size_t		behind = skip_hopeless(value, length, at);
		bool		judged = false;
		int			group;

		if (behind > at)
		{
			at = behind;
			continue;
		}
		pii_phone_run(value, length, at, &run);
		if (run.lead >= until)
			return false;
		group = run.lead < from ? 1 : 0;
		for (; group < run.groups; group++)
		{
			PhoneEnds	ends;

			if (group > 0 && run.group[group].open >= until)
				return false;
			if (group > 0 && run.cut && group >= PHONE_RUN_GROUPS / 2)
				break;
			if (!may_begin(&search, &run, group) ||
				!find_ends(&search, &run, group, &ends))
				continue;
			if (!judged && is_otherwise(&search, &run))
			{
				group = run.groups;
				break;
			}
			judged = true;
			if (try_group(&search, &run, group, &ends, match))
				return true;
		}
		at = group < run.groups ? run.group[group].start :
			skip_group(value, limit, run.end);
	}
	return false;
}

/* See phone.h. */
size_t
pii_phone_normalize(const char *value, const PiiMatch *match, char *out,
					size_t size)
{
	size_t		used = strlen(match->digits);
	char		extension[PHONE_EXTENSION_DIGITS + 1];
	size_t		at;

	if (match->digits[0] != '+' || size < PII_PHONE_NORMALIZED_MAX)
		return 0;
	memcpy(out, match->digits, used);
	if (!(match->flags & PII_MATCH_EXTENSION))
		return used;
	for (at = match->end; at > match->start; at--)
		if (pii_phone_extension(value, match->end, at - 1, extension) ==
			match->end - (at - 1))
		{
			size_t		count = strlen(extension);

			memcpy(out + used, ";ext=", 5);
			memcpy(out + used + 5, extension, count);
			return used + 5 + count;
		}
	return used;
}
