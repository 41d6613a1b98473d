/*
 * utf8.h
 *		Reading UTF-8 that may be anything at all.
 *
 * A value can come from a database of any encoding.  What is not well-formed
 * UTF-8 (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF) has
 * width 0 here and is a barrier to every match.
 */
#ifndef PII_UTF8_H
#define PII_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Is this byte the second or later one of a character? */
static inline int
pii_utf8_is_tail(char byte)
{
	return ((unsigned char) byte & 0xC0) == 0x80;
}

/*
 * Decode the character whose first byte is value[at]; at < length.  Returns
 * its width in bytes, or 0 if it is malformed or cut off.
 */
static inline size_t
pii_utf8_decode(const char *value, size_t length, size_t at, uint32_t *code)
{
	const unsigned char *s = (const unsigned char *) value + at;
	size_t		left = length - at;

	if (s[0] < 0x80)
	{
		*code = s[0];
		return 1;
	}
	if (s[0] < 0xC2 || s[0] > 0xF4)
		return 0;
	if (s[0] < 0xE0)
	{
		if (left < 2 || !pii_utf8_is_tail(value[at + 1]))
			return 0;
		*code = (uint32_t) (s[0] & 0x1F) << 6 | (s[1] & 0x3F);
		return 2;
	}
	if (s[0] < 0xF0)
	{
		if (left < 3 || !pii_utf8_is_tail(value[at + 1]) ||
			!pii_utf8_is_tail(value[at + 2]))
			return 0;
		*code = (uint32_t) (s[0] & 0x0F) << 12 |
			(uint32_t) (s[1] & 0x3F) << 6 | (s[2] & 0x3F);
		return *code < 0x800 || (*code >= 0xD800 && *code <= 0xDFFF) ? 0 : 3;
	}
	if (left < 4 || !pii_utf8_is_tail(value[at + 1]) ||
		!pii_utf8_is_tail(value[at + 2]) || !pii_utf8_is_tail(value[at + 3]))
		return 0;
	*code = (uint32_t) (s[0] & 0x07) << 18 | (uint32_t) (s[1] & 0x3F) << 12 |
		(uint32_t) (s[2] & 0x3F) << 6 | (s[3] & 0x3F);
	return *code < 0x10000 || *code > 0x10FFFF ? 0 : 4;
}

/*
 * Decode the character that ends just before value[at]; at > 0.  Returns its
 * width, or 0 if no well-formed character ends there.
 */
static inline size_t
pii_utf8_decode_before(const char *value, size_t at, uint32_t *code)
{
	size_t		first = at - 1;
	size_t		width;

	while (first > 0 && at - first < 4 && pii_utf8_is_tail(value[first]))
		first--;
	width = pii_utf8_decode(value, at, first, code);
	return width == at - first ? width : 0;
}

/* Write a character as UTF-8; out has room for 4 bytes.  Returns its width. */
static inline size_t
pii_utf8_encode(uint32_t code, char *out)
{
	if (code < 0x80)
	{
		out[0] = (char) code;
		return 1;
	}
	if (code < 0x800)
	{
		out[0] = (char) (0xC0 | code >> 6);
		out[1] = (char) (0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000)
	{
		out[0] = (char) (0xE0 | code >> 12);
		out[1] = (char) (0x80 | (code >> 6 & 0x3F));
		out[2] = (char) (0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (char) (0xF0 | code >> 18);
	out[1] = (char) (0x80 | (code >> 12 & 0x3F));
	out[2] = (char) (0x80 | (code >> 6 & 0x3F));
	out[3] = (char) (0x80 | (code & 0x3F));
	return 4;
}

#endif							/* PII_UTF8_H */
