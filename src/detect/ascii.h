/*
 * ascii.h
 *		Characters of ASCII, whatever the locale: unlike those of <ctype.h>.
 */
#ifndef PII_ASCII_H
#define PII_ASCII_H

#include <stdbool.h>

/* Is this a letter, of either case? */
static inline bool
pii_is_letter(char c)
{
	return (unsigned char) ((c | 0x20) - 'a') < 26;
}

/* Is this a decimal digit? */
static inline bool
pii_is_digit(char c)
{
	return (unsigned char) (c - '0') < 10;
}

/* Is this one or the other? */
static inline bool
pii_is_alnum(char c)
{
	return pii_is_letter(c) || pii_is_digit(c);
}

/* Is this white space, line ends included? */
static inline bool
pii_is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A letter in lower case; other bytes as they are. */
static inline char
pii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
}

#endif							/* PII_ASCII_H */
