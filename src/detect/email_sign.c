/*
 * email_sign.c
 *		The at-sign and other characters as URLs, JSON and HTML write them.
 */
#include "email_parts.h"

#define ESCAPE_MAX 9			/* "&#00064;" and a little */

/* The value of a hexadecimal digit, or -1. */
static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = pii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Read n hexadecimal digits; false if they are not all there. */
static bool
read_hex(const PiiText *text, size_t at, int n, uint32_t *code)
{
	*code = 0;
	for (; n > 0; n--, at++)
	{
		int			digit = hex(pii_byte(text, at));

		if (digit < 0)
			return false;
		*code = *code << 4 | (uint32_t) digit;
	}
	return true;
}

/* Read "&#64;", "&#x40;" or "&commat;". */
static size_t
read_entity(const PiiText *text, size_t at, uint32_t *code)
{
	size_t		start = at;
	uint32_t	base = 10;

	if (pii_word_at(text, at, "&commat;", 8))
	{
		*code = '@';
		return 8;
	}
	if (pii_byte(text, at + 1) != '#')
		return 0;
	at += 2;
	if (pii_lower(pii_byte(text, at)) == 'x')
	{
		base = 16;
		at++;
	}
	for (*code = 0; at - start < ESCAPE_MAX; at++)
	{
		int			digit = hex(pii_byte(text, at));

		if (digit < 0 || (uint32_t) digit >= base)
			break;
		*code = *code * base + (uint32_t) digit;
	}
	return pii_byte(text, at) == ';' && *code != 0 ? at + 1 - start : 0;
}

/*
 * Read an ASCII character written as %XX, \u00XX, \xXX or an HTML character
 * reference.  Returns the width of the escape, 0 if there is none.
 */
size_t
pii_escape_at(const PiiText *text, size_t at, uint32_t *code)
{
	size_t		width = 0;

	switch (pii_byte(text, at))
	{
		case '%':
			width = read_hex(text, at + 1, 2, code) ? 3 : 0;
			break;
		case '\\':
			if (pii_byte(text, at + 1) == 'u')
				width = read_hex(text, at + 2, 4, code) ? 6 : 0;
			else if (pii_byte(text, at + 1) == 'x')
				width = read_hex(text, at + 2, 2, code) ? 4 : 0;
			break;
		case '&':
			width = read_entity(text, at, code);
			break;
	}
	return width > 0 && *code < 0x80 ? width : 0;
}

/* The same for an escape that ends right before a place. */
size_t
pii_escape_before(const PiiText *text, size_t at, uint32_t *code)
{
	static const size_t widths[] = {3, 6, 4};
	static const char first[] = {'%', '\\', '\\'};
	size_t		i;

	if (pii_byte_before(text, at) == ';')
	{
		for (i = 4; i <= ESCAPE_MAX && i <= at; i++)
			if (text->bytes[at - i] == '&')
				return pii_escape_at(text, at - i, code) == i ? i : 0;
		return 0;
	}
	if (hex(pii_byte_before(text, at)) < 0)
		return 0;
	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		if (at >= widths[i] && text->bytes[at - widths[i]] == first[i] &&
			pii_escape_at(text, at - widths[i], code) == widths[i])
			return widths[i];
	return 0;
}

/*
 * Is there an at-sign here: itself, its full-width or small form, or an escape
 * of it?
 */
bool
pii_sign_read(const PiiText *text, size_t at, PiiSign *sign)
{
	uint32_t	code;
	size_t		width;

	sign->start = at;
	sign->encoded = true;
	if (text->bytes[at] == '@')
	{
		sign->encoded = false;
		sign->end = at + 1;
		return true;
	}
	if (text->bytes[at] == (char) 0xEF)
	{
		if (text->length - at < 3 ||
			(memcmp(text->bytes + at, "\xEF\xBC\xA0", 3) != 0 &&
			 memcmp(text->bytes + at, "\xEF\xB9\xAB", 3) != 0))
			return false;
		sign->end = at + 3;
		return true;
	}
	width = pii_escape_at(text, at, &code);
	sign->end = at + width;
	return width > 0 && code == '@';
}
