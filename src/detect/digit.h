/*
 * digit.h
 *		What a character is to somebody who reads a telephone number.
 *
 * ASCII is decided by one table look-up.  Other scripts' decimal digits,
 * hyphens, spaces and brackets count as their ASCII counterparts; marks that
 * cannot be seen (direction, joiners, variation selectors) count as nothing.
 * Bytes that are not UTF-8 are barriers, one byte each.
 */
#ifndef PII_DIGIT_H
#define PII_DIGIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ascii.h"

typedef enum PiiCharClass
{
	PII_CHAR_OTHER = 0,
	PII_CHAR_DIGIT,
	PII_CHAR_SPACE,				/* within a line */
	PII_CHAR_DASH,
	PII_CHAR_DOT,
	PII_CHAR_SLASH,
	PII_CHAR_OPEN,				/* ( or [ */
	PII_CHAR_CLOSE,
	PII_CHAR_PLUS,
	PII_CHAR_LETTER,			/* Latin: other scripts glue numbers to words */
	PII_CHAR_INVISIBLE
} PiiCharClass;

typedef struct PiiChar
{
	PiiCharClass class;
	int			digit;			/* 0 to 9 for a digit */
	int			bytes;			/* length of the character, at least 1 */
	uint32_t	code;			/* code point; the byte where it is invalid */
} PiiChar;

extern const uint8_t pii_ascii_class[128];

/* Decode one character that is not ASCII. */
extern void pii_char_decode(const char *value, size_t length, size_t at,
							PiiChar *out);

/* The character at `at`, which must be below `length`. */
static inline void
pii_char_at(const char *value, size_t length, size_t at, PiiChar *out)
{
	unsigned char byte = (unsigned char) value[at];

	if (byte < 0x80)
	{
		out->class = (PiiCharClass) pii_ascii_class[byte];
		out->digit = byte - '0';
		out->bytes = 1;
		out->code = byte;
	}
	else
		pii_char_decode(value, length, at, out);
}

/* Value of a decimal digit of any script but ASCII's, or -1. */
extern int	pii_digit_value(uint32_t code);

/* The character that ends right before `at`, which must not be 0. */
extern void pii_char_before(const char *value, size_t at, PiiChar *out);

#endif							/* PII_DIGIT_H */
