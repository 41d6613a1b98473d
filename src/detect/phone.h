/*
 * phone.h
 *		Telephone numbers in text.
 */
#ifndef PII_PHONE_H
#define PII_PHONE_H

#include "ascii.h"
#include "detect.h"

/*
 * Find the first number whose first byte is at or after `from` and before
 * `until`; it may end behind `until`, and the bytes before `from` are looked
 * at for context.  `region` says which national forms count: see PiiRegion.
 *
 * A form of nothing but digits is PII_FORM_BARE even with a trunk prefix.
 */
extern bool pii_phone_next(const char *value, size_t length, size_t from,
						   size_t until, PiiRegion region, PiiMatch *match);

/*
 * What is in a value, told without a search if it is written plainly.  The
 * answer is that of pii_phone_next() from the value's first byte to its last.
 */
#define PII_PHONE_PLAIN_MIN 8	/* bytes of values of which it can be told */
#define PII_PHONE_PLAIN_MAX 32
typedef enum PiiPhonePlain
{
	PII_PHONE_UNDECIDED,		/* it takes a search */
	PII_PHONE_NONE,				/* there is no number in it */
	PII_PHONE_LATER,			/* none begins with the "+"; one may behind it */
	PII_PHONE_FOUND				/* all of it is one */
} PiiPhonePlain;

/* May it be?  All others are not to be asked about. */
static inline bool
pii_phone_may_be_plain(const char *value, size_t length)
{
	return length >= PII_PHONE_PLAIN_MIN && length <= PII_PHONE_PLAIN_MAX &&
		(value[0] == '+' || pii_is_digit(value[0]));
}

extern PiiPhonePlain pii_phone_plain(const char *value, size_t length,
									 PiiRegion region, PiiMatch *match);

/*
 * The normal form of a match: E.164, and ";ext=" with the extension's digits
 * where there is one.  Returns its length; 0 if the calling code is not known.
 */
#define PII_PHONE_NORMALIZED_MAX 48
extern size_t pii_phone_normalize(const char *value, const PiiMatch *match,
								  char *out, size_t size);

#endif							/* PII_PHONE_H */
