/*
 * phone_run.c
 *		Groups of digits with what stands between them.
 *
 * What must stay true: a run looks at no more than a few hundred bytes, so that
 * all runs of a value together cost time linear in its length.
 */
#include "phone_run.h"

#include <string.h>

#include "digit.h"
#include "plan.h"

#define LONGEST_GROUP PII_PLAN_MAX_DIGITS
#define LONGEST_SEPARATOR 5		/* characters that can be seen */

/* Walk back from the first digit over brackets and at most one "+". */
static void
find_lead(const char *value, PhoneRun *run)
{
	PhoneGroup *group = &run->group[0];
	size_t		at = group->start;
	PiiChar		before;

	run->lead = at;
	group->open = at;
	/* most stand behind nothing, or what is no lead */
	if (at == 0 || pii_is_letter(value[at - 1]))
		return;
	while (at > 0 && group->start - at < 16)
	{
		pii_char_before(value, at, &before);
		if (before.class == PII_CHAR_OPEN && group->opened < 2)
		{
			if (group->opened++ == 0)
				group->open = at - before.bytes;
		}
		else if (before.class == PII_CHAR_PLUS && !run->plus)
		{
			run->plus = true;
			run->plus_at = at - before.bytes;
		}
		else if (before.class != PII_CHAR_SPACE &&
				 before.class != PII_CHAR_INVISIBLE)
			break;
		at -= before.bytes;
		if (before.class == PII_CHAR_OPEN || before.class == PII_CHAR_PLUS)
			run->lead = at;
	}
}

/*
 * Read on in a group of which the digits up to `at` are read: what follows is
 * not of ASCII, or too much.
 */
static size_t
read_on(const char *value, size_t length, size_t at, PhoneRun *run, int count)
{
	PhoneGroup *group = &run->group[run->groups];
	int			used = group->first;
	PiiChar		next;

	while (at < length)
	{
		pii_char_at(value, length, at, &next);
		if (next.class == PII_CHAR_DIGIT)
		{
			if (count == LONGEST_GROUP || used + count == PHONE_RUN_DIGITS)
			{
				group->count = PHONE_GROUP_TOO_LONG;
				return group->end;
			}
			run->digits[used + count++] = (uint8_t) next.digit;
			group->end = at + next.bytes;
		}
		else if (next.class != PII_CHAR_INVISIBLE || at - group->end >= 32)
			break;
		at += next.bytes;
	}
	group->count = (uint8_t) count;
	return group->end;
}

/*
 * Read the digits from `at` into the next group; returns where they end.  Of
 * an overlong group no more is read than shows that it is.
 */
static size_t
read_group(const char *value, size_t length, size_t at, PhoneRun *run)
{
	PhoneGroup *group = &run->group[run->groups];
	uint8_t    *digits = run->digits + group->first;
	size_t		start = at;
	size_t		stop = PHONE_RUN_DIGITS - group->first;

	if (stop > LONGEST_GROUP)
		stop = LONGEST_GROUP;
	stop = length - at > stop ? at + stop : length;
	for (; at < stop && pii_is_digit(value[at]); at++)
		*digits++ = (uint8_t) (value[at] - '0');
	group->end = at;
	group->count = (uint8_t) (at - start);
	if (at == length || ((unsigned char) value[at] < 0x80 &&
						 !pii_is_digit(value[at])))
		return at;
	return read_on(value, length, at, run, group->count);
}

/* How a separator of these characters is called. */
static PhoneSeparator
name_separator(int spaces, int dashes, int dots, int slashes, int brackets)
{
	if (dashes + dots + slashes > 1 && !(dashes == 2 && dots + slashes == 0))
		return PHONE_SEPARATOR_END;
	if (dashes + dots + slashes > 0 && spaces > 0)
		return PHONE_SEPARATOR_MIXED;
	if (dashes > 0)
		return PHONE_SEPARATOR_DASH;
	if (dots > 0)
		return PHONE_SEPARATOR_DOT;
	if (slashes > 0)
		return PHONE_SEPARATOR_SLASH;
	if (spaces > 0)
		return PHONE_SEPARATOR_SPACE;
	return brackets > 0 ? PHONE_SEPARATOR_NONE : PHONE_SEPARATOR_END;
}

/*
 * Read what stands between the group just read and the next one, for which
 * `next_group` notes the opening brackets.  Returns where the next group
 * starts; group->after is PHONE_SEPARATOR_END if there is none.
 */
static size_t
read_separator(const char *value, size_t length, PhoneGroup *group,
			   PhoneGroup *next_group)
{
	int			count[PII_CHAR_INVISIBLE + 1] = {0};
	int			seen = 0;
	size_t		at = group->end;
	PiiChar		next;

	group->after = PHONE_SEPARATOR_END;
	group->close = group->end;
	group->closed = 0;
	next_group->opened = 0;
	next_group->open = 0;
	if (length - at > 1 && pii_is_digit(value[at + 1]) &&
		(value[at] == ' ' || value[at] == '-' || value[at] == '.'))
	{
		group->after = value[at] == ' ' ? PHONE_SEPARATOR_SPACE :
			value[at] == '-' ? PHONE_SEPARATOR_DASH : PHONE_SEPARATOR_DOT;
		next_group->open = at + 1;
		return at + 1;
	}
	while (at < length && seen <= LONGEST_SEPARATOR && at - group->end < 32)
	{
		pii_char_at(value, length, at, &next);
		switch (next.class)
		{
			case PII_CHAR_DIGIT:
				group->after =
					name_separator(count[PII_CHAR_SPACE], count[PII_CHAR_DASH],
								   count[PII_CHAR_DOT], count[PII_CHAR_SLASH],
								   group->closed + next_group->opened);
				if (next_group->opened == 0)
					next_group->open = at;
				return at;
			case PII_CHAR_CLOSE:
				if (next_group->opened > 0)
					return at;
				group->closed++;
				group->close = at + next.bytes;
				break;
			case PII_CHAR_OPEN:
				next_group->open = at;
				next_group->opened++;
				break;
			case PII_CHAR_SPACE:
			case PII_CHAR_DASH:
			case PII_CHAR_DOT:
			case PII_CHAR_SLASH:
			case PII_CHAR_INVISIBLE:
				count[next.class]++;
				break;
			case PII_CHAR_OTHER:
			case PII_CHAR_PLUS:
			case PII_CHAR_LETTER:
				return at;
		}
		if (next.class != PII_CHAR_INVISIBLE)
			seen++;
		at += next.bytes;
	}
	return at;
}

/* See phone_run.h. */
void
pii_phone_run(const char *value, size_t length, size_t at, PhoneRun *run)
{
	PhoneGroup *group = &run->group[0];

	run->plus = false;
	run->cut = false;
	run->cleared = false;
	run->groups = 0;
	group->start = at;
	group->first = 0;
	group->opened = 0;
	find_lead(value, run);
	for (;;)
	{
		PhoneGroup	overflow;
		bool		last = run->groups == PHONE_RUN_GROUPS - 1;
		size_t		next;

		run->end = read_group(value, length, group->start, run);
		run->groups++;
		if (group->count == PHONE_GROUP_TOO_LONG)
		{
			group->after = PHONE_SEPARATOR_END;
			group->close = group->end;
			group->closed = 0;
			run->cut = true;
			return;
		}
		next = read_separator(value, length, group,
							  last ? &overflow : group + 1);
		if (group->after == PHONE_SEPARATOR_END)
			return;
		if (last)
		{
			run->cut = true;
			return;
		}
		group[1].start = next;
		group[1].first = group->first + group->count;
		group++;
	}
}
