/*
 * shape.c
 *		What a whole value looks like as a number.
 *
 * The same groups and the same vetoes as in phone.c, without the numbering
 * plan: a column of old, private or mistyped telephone numbers is still
 * written as one.
 */
#include "shape.h"

#include <string.h>

#include "digit.h"
#include "phone_run.h"

#define SHORTEST_PHONE 6
#define LONGEST_PHONE 15
#define LONGEST_DIGITS 19

/* White space of any kind, or what cannot be seen. */
static bool
is_blank(const PiiChar *character)
{
	return character->class == PII_CHAR_SPACE ||
		character->class == PII_CHAR_INVISIBLE ||
		(character->code >= '\t' && character->code <= '\r');
}

/* Is it plain that a byte is no white space, nor part of any? */
static inline bool
is_dark(char byte)
{
	return byte > ' ' && (unsigned char) byte < 0x80;
}

/* Where the first character is that is no white space. */
static size_t
skip_blanks(const char *value, size_t length)
{
	size_t		at = 0;
	PiiChar		character;

	while (at < length && !is_dark(value[at]))
	{
		pii_char_at(value, length, at, &character);
		if (!is_blank(&character))
			break;
		at += character.bytes;
	}
	return at;
}

/* Where the last one ends that is none, and that is behind `start`. */
static size_t
trim(const char *value, size_t start, size_t end)
{
	PiiChar		character;

	while (end > start && !is_dark(value[end - 1]))
	{
		pii_char_before(value, end, &character);
		if (!is_blank(&character))
			break;
		end -= character.bytes;
	}
	return end;
}

/* May a number begin here: with a digit, a bracket or a "+"? */
static bool
begins_number(const char *value, size_t length, size_t at)
{
	PiiChar		first;

	if (at == length)
		return false;
	pii_char_at(value, length, at, &first);
	return first.class == PII_CHAR_DIGIT || first.class == PII_CHAR_OPEN ||
		first.class == PII_CHAR_PLUS;
}

/* Nothing but ASCII digits? */
static bool
is_digits(const char *value, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!pii_is_digit(value[i]))
			return false;
	return length > 0;
}

/* Where the first digit stands, if only a "+" and brackets precede it. */
static size_t
first_digit(const char *value, size_t start, size_t end)
{
	PiiChar		character;

	for (size_t at = start; at < end; at += character.bytes)
	{
		pii_char_at(value, end, at, &character);
		if (character.class == PII_CHAR_DIGIT)
			return at;
		if (character.class != PII_CHAR_PLUS &&
			character.class != PII_CHAR_OPEN && !is_blank(&character))
			break;
	}
	return end;
}

/* Does each bracket close? */
static bool
is_balanced(const PhoneRun *run)
{
	int			depth = 0;

	for (int i = 0; i < run->groups; i++)
		depth += run->group[i].opened - run->group[i].closed;
	return depth == 0;
}

/* Does the run make up all of the value, but for an extension? */
static bool
covers(const char *value, size_t start, size_t end, const PhoneRun *run)
{
	const PhoneGroup *last = &run->group[run->groups - 1];
	char		extension[PHONE_EXTENSION_DIGITS + 1];
	size_t		at = last->close > last->end ? last->close : last->end;

	if (run->cut || run->lead != start || !is_balanced(run))
		return false;
	return at == end ||
		at + pii_phone_extension(value, end, at, extension) == end;
}

/* Keep the digits of a run as those of the value. */
static void
keep_digits(const PhoneRun *run, int digits, PiiShapeClass class,
			PiiShape *shape)
{
	shape->class = class;
	shape->ndigits = digits;
	for (int i = 0; i < digits; i++)
		shape->digits[i] = (char) ('0' + run->digits[i]);
}

/*
 * Read a value that is a "+" and groups of ASCII digits, one space, "-" or "."
 * between each two; false for any other.  The same answer as by reading a run:
 * behind a "+" only the groups' number and those of one digit matter, see
 * pii_phone_is_grouped().
 */
static bool
read_plain(const char *value, size_t length, PiiShape *shape)
{
	bool		grouped = true;
	int			groups = 0;
	int			singles = 0;
	int			digits = 0;
	int			count = 0;		/* of the present group */

	memset(shape, 0, sizeof(*shape));
	for (size_t at = 1; at <= length; at++)
	{
		char		byte = at < length ? value[at] : ' ';

		if (pii_is_digit(byte))
		{
			if (digits < LONGEST_PHONE)
				shape->digits[digits] = byte;
			digits++;
			count++;
			continue;
		}
		if (count == 0 || (byte != ' ' && byte != '-' && byte != '.'))
			return false;
		if (count == 1)
		{
			bool		last = groups > 0 && at == length;
			bool		switchboard = last && groups < 3 &&
				value[at - 2] == '-' && value[at - 1] == '0';

			singles++;
			grouped = grouped && (switchboard || (groups < 3 && !last));
		}
		groups++;
		count = 0;
	}
	if (grouped && groups <= 7 && singles <= 2 &&
		digits >= SHORTEST_PHONE && digits <= LONGEST_PHONE)
	{
		shape->class = PII_SHAPE_PHONE;
		shape->ndigits = digits;
	}
	else
		memset(shape->digits, 0, sizeof(shape->digits));
	return true;
}

/* See shape.h. */
void
pii_shape(const char *value, size_t length, PiiShape *shape)
{
	size_t		start;
	size_t		end;
	size_t		at;
	PhoneRun	run;
	PhoneSpan	span;
	int			digits;

	if (length > 1 && value[0] == '+' && read_plain(value, length, shape))
		return;
	memset(shape, 0, sizeof(*shape));
	start = skip_blanks(value, length);
	if (!begins_number(value, length, start))
		return;
	end = trim(value, start, length);
	if (is_digits(value + start, end - start))
	{
		if (end - start > LONGEST_DIGITS)
			return;
		shape->class = PII_SHAPE_DIGITS;
		shape->ndigits = (int) (end - start);
		memcpy(shape->digits, value + start, end - start);
		return;
	}
	at = first_digit(value, start, end);
	if (at == end)
		return;
	pii_phone_run(value, end, at, &run);
	if (!covers(value, start, end, &run))
		return;
	if (run.groups == 1 && !run.plus && run.group[0].start == start &&
		run.group[0].end == end)
	{
		if (run.group[0].count <= LONGEST_DIGITS)
			keep_digits(&run, run.group[0].count, PII_SHAPE_DIGITS, shape);
		return;
	}
	span.run = &run;
	span.first = 0;
	span.last = run.groups - 1;
	digits = phone_span_length(&span);
	if (digits < SHORTEST_PHONE || digits > LONGEST_PHONE ||
		!pii_phone_is_grouped(&span) ||
		(run.groups == 1 && run.group[0].opened > 0 && !run.plus) ||
		(!run.plus && pii_phone_is_otherwise(&span, false)))
		return;
	keep_digits(&run, digits, PII_SHAPE_PHONE, shape);
}

/* See shape.h.  Brackets that stay open are no shape, but may be a number. */
bool
pii_shape_national(const char *value, size_t length, PiiShape *shape)
{
	int			depth = 0;
	int			digits = 0;

	memset(shape, 0, sizeof(*shape));
	for (size_t at = 0; at < length; at++)
	{
		unsigned char byte = (unsigned char) value[at];

		if (pii_is_digit(value[at]))
		{
			if (digits == LONGEST_PHONE)
				return false;
			shape->digits[digits++] = value[at];
			continue;
		}
		if (byte >= 0x80)
			return false;
		depth += pii_ascii_class[byte] == PII_CHAR_OPEN;
		depth -= pii_ascii_class[byte] == PII_CHAR_CLOSE;
	}
	shape->class = PII_SHAPE_PHONE;
	shape->ndigits = digits;
	return depth == 0;
}
