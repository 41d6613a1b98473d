/*
 * phone.h
 *		Telephone numbers in text.
 */
#ifndef PII_PHONE_H
#define PII_PHONE_H

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
 * The normal form of a match: E.164, and ";ext=" with the extension's digits
 * where there is one.  Returns its length; 0 if the calling code is not known.
 */
#define PII_PHONE_NORMALIZED_MAX 48
extern size_t pii_phone_normalize(const char *value, const PiiMatch *match,
								  char *out, size_t size);

#endif							/* PII_PHONE_H */
