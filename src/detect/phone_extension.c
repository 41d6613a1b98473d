/*
 * phone_extension.c
 *		The extension behind a telephone number: x12, ext. 12, #12, ;ext=12.
 *
 * The forms are those libphonenumber reads, with its limits: the vaguer the
 * mark, the fewer digits may follow.
 */
#include "phone_run.h"

#include <string.h>

#include "digit.h"

/* A mark; lower case, longer ones before their beginnings. */
typedef struct Mark
{
	const char *text;
	int			digits;			/* how many may follow */
} Mark;

static const Mark marks[] = {
	{";ext=", 15},
	{"extension", 15},
	{"extensi\xC3\xB3n", 15},
	{"extensi\xC3\xB2n", 15},
	{"durchwahl", 8},
	{"poste", 8},
	{"anexo", 8},
	{"\xD0\xB4\xD0\xBE\xD0\xB1", 15},
	{"\xE8\xBD\xAC", 8},
	{"\xE8\xBD\x89", 8},
	{"\xE5\x88\x86\xE6\x9C\xBA", 8},
	{"\xE5\x86\x85\xE7\xB7\x9A", 8},
	{"extn", 15},
	{"xtn", 15},
	{"ext", 15},
	{"int", 8},
	{"\xEF\xBC\xA5\xEF\xBC\xB8\xEF\xBC\xB4", 15},
	{"\xEF\xBD\x85\xEF\xBD\x98\xEF\xBD\x94", 15},
	{"x", 8},
	{"\xEF\xBD\x98", 8},
	{"\xEF\xBC\xB8", 8},
	{"#", 6},
	{"\xEF\xBC\x83", 6}
};

/* Length of the text at `at` if it is `mark` in either case, else 0. */
static size_t
match_mark(const char *value, size_t length, size_t at, const char *mark)
{
	size_t		size = strlen(mark);

	if (length - at < size)
		return 0;
	for (size_t i = 0; i < size; i++)
		if (value[at + i] != mark[i] &&
			!(pii_is_ascii_letter(value[at + i]) &&
			  (value[at + i] | 0x20) == mark[i]))
			return 0;
	return size;
}

/* Step over spaces, and over one comma or semicolon among them. */
static size_t
skip_gap(const char *value, size_t length, size_t at)
{
	PiiChar		next;
	bool		comma = false;

	for (int seen = 0; at < length && seen < 4; seen++)
	{
		pii_char_at(value, length, at, &next);
		if (!comma &&
			(next.code == ',' ||
			 (next.code == ';' &&
			  match_mark(value, length, at, ";ext=") == 0)))
			comma = true;
		else if (next.class != PII_CHAR_SPACE &&
				 next.class != PII_CHAR_INVISIBLE && next.code != '(')
			break;
		at += next.bytes;
	}
	return at;
}

/* Step over what may stand between a mark and its digits. */
static size_t
skip_point(const char *value, size_t length, size_t at)
{
	PiiChar		next;

	for (int seen = 0; at < length && seen < 4; seen++)
	{
		pii_char_at(value, length, at, &next);
		if (next.class != PII_CHAR_SPACE && next.code != '.' &&
			next.code != ':' && next.code != '#' && next.code != '-' &&
			next.class != PII_CHAR_INVISIBLE)
			break;
		at += next.bytes;
	}
	return at;
}

/* See phone_run.h. */
size_t
pii_phone_extension(const char *value, size_t length, size_t at, char *out)
{
	size_t		mark_at = skip_gap(value, length, at);
	PiiChar		next;

	if (mark_at == length)
		return 0;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
	{
		size_t		size = match_mark(value, length, mark_at, marks[i].text);
		size_t		end;
		int			count = 0;

		if (size == 0)
			continue;
		end = skip_point(value, length, mark_at + size);
		while (end < length)
		{
			pii_char_at(value, length, end, &next);
			if (next.class != PII_CHAR_DIGIT)
				break;
			if (count >= marks[i].digits)
				return 0;
			out[count++] = (char) ('0' + next.digit);
			end += next.bytes;
		}
		out[count] = '\0';
		if (count == 0)
			continue;
		if (end < length && (next.class == PII_CHAR_LETTER || next.code == '_'))
			return 0;
		return end - at;
	}
	return 0;
}
