/*
 * phone_extension.c
 *		The extension behind a telephone number: x12, ext. 12, #12, ;ext=12.
 *
 * The forms are those libphonenumber reads, with its limits: the vaguer the
 * mark, the fewer digits may follow.
 */
#include "phone_run.h"

#include "digit.h"

/*
 * A mark; lower case, longer ones before their beginnings.  The first is the
 * one that a gap may not take the semicolon from.
 */
typedef struct Mark
{
	const char *text;
	uint8_t		size;			/* its bytes */
	uint8_t		digits;			/* how many may follow */
} Mark;

#define MARK(text, digits) {text, sizeof(text) - 1, digits}

static const Mark marks[] = {
	MARK(";ext=", 15),
	MARK("extension", 15),
	MARK("extensi\xC3\xB3n", 15),
	MARK("extensi\xC3\xB2n", 15),
	MARK("durchwahl", 8),
	MARK("poste", 8),
	MARK("anexo", 8),
	MARK("\xD0\xB4\xD0\xBE\xD0\xB1", 15),
	MARK("\xE8\xBD\xAC", 8),
	MARK("\xE8\xBD\x89", 8),
	MARK("\xE5\x88\x86\xE6\x9C\xBA", 8),
	MARK("\xE5\x86\x85\xE7\xB7\x9A", 8),
	MARK("extn", 15),
	MARK("xtn", 15),
	MARK("ext", 15),
	MARK("int", 8),
	MARK("\xEF\xBC\xA5\xEF\xBC\xB8\xEF\xBC\xB4", 15),
	MARK("\xEF\xBD\x85\xEF\xBD\x98\xEF\xBD\x94", 15),
	MARK("x", 8),
	MARK("\xEF\xBD\x98", 8),
	MARK("\xEF\xBC\xB8", 8),
	MARK("#", 6),
	MARK("\xEF\xBC\x83", 6)
};

/*
 * May a mark begin with this byte?  To ask this first spares nearly all numbers
 * the walk through the list.
 */
static bool
begins_mark(char byte)
{
	switch (byte)
	{
		case ';':
		case '#':
		case '\xD0':
		case '\xE5':
		case '\xE8':
		case '\xEF':
			return true;
	}
	return phone_letter_begins_mark(byte);
}

/* Does the text at `at` begin with a mark, in either case? */
static bool
has_mark(const char *value, size_t length, size_t at, const Mark *mark)
{
	if (length - at < mark->size)
		return false;
	for (size_t i = 0; i < mark->size; i++)
		if (value[at + i] != mark->text[i] &&
			!(pii_is_letter(value[at + i]) &&
			  (value[at + i] | 0x20) == mark->text[i]))
			return false;
	return true;
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
			  !has_mark(value, length, at, &marks[0]))))
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

	if (mark_at == length || !begins_mark(value[mark_at]))
		return 0;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
	{
		size_t		end;
		int			count = 0;

		if (!has_mark(value, length, mark_at, &marks[i]))
			continue;
		end = skip_point(value, length, mark_at + marks[i].size);
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
