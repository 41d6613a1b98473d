/*
 * shape.h
 *		What a whole value looks like as a number, whether or not any plan
 *		knows it.
 *
 * Columns of telephone numbers hold old, private and mistyped ones; the judge
 * weighs how they are written as well as whether they are valid.
 */
#ifndef PII_SHAPE_H
#define PII_SHAPE_H

#include "detect.h"
#include "digit.h"

typedef enum PiiShapeClass
{
	PII_SHAPE_NONE,				/* not a number as a person writes one */
	PII_SHAPE_DIGITS,			/* nothing but 1 to 19 digits, no sign */
	PII_SHAPE_PHONE				/* 6 to 15 digits punctuated as telephone
								 * numbers are, and not as dates, times,
								 * decimals, money, IP addresses, card or
								 * social security numbers, postal or product
								 * codes */
} PiiShapeClass;

typedef struct PiiShape
{
	PiiShapeClass class;
	int			ndigits;		/* digits in all */
	char		digits[20];		/* those digits, ASCII, NUL-ended */
} PiiShape;

/* Classify a whole value; white space around it does not count. */
extern void pii_shape(const char *value, size_t length, PiiShape *shape);

/*
 * The same for a value that is, from its first byte to its last, a number in
 * national form that was found by the plans of all regions, without extension.
 * To be found it had to pass what pii_shape() asks, so it need not be read
 * again; false for those few that do.
 */
extern bool pii_shape_national(const char *value, size_t length,
							   PiiShape *shape);

/*
 * Could a value of at least one byte be anything but PII_SHAPE_NONE?  Its first
 * byte rules most of them out.
 */
static inline bool
pii_may_have_shape(const char *value)
{
	unsigned char first = (unsigned char) value[0];

	return first >= 0x80 || first <= ' ' ||
		pii_ascii_class[first] == PII_CHAR_DIGIT ||
		pii_ascii_class[first] == PII_CHAR_OPEN ||
		pii_ascii_class[first] == PII_CHAR_PLUS;
}

#endif							/* PII_SHAPE_H */
