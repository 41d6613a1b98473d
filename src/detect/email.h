/*
 * email.h
 *		E-mail addresses in text.
 */
#ifndef PII_EMAIL_H
#define PII_EMAIL_H

#include "detect.h"

/*
 * Find the first address whose at-sign (or what stands for it) is at or after
 * `from` and before `until`.  The address may begin before `from` and end
 * behind `until`, and what surrounds it is looked at for context.  Members of
 * the match that are about phones are left alone.
 */
extern bool pii_email_next(const char *value, size_t length, size_t from,
						   size_t until, PiiMatch *match);

/*
 * Is the value, of at most 64 bytes, one plain address with its at-sign at `at`?
 * Bits of `signs` are its bytes that are neither letters nor digits of ASCII.
 * True only if pii_email_next() from the value's first byte to its last would
 * give the same match; false says nothing.
 */
extern bool pii_email_plain(const char *value, size_t length, size_t at,
							uint64_t signs, PiiMatch *match);

/*
 * The normal form of a match: the local part as it would be sent, the domain
 * in lower-case A-labels.  Returns its length, 0 if it does not fit.
 */
extern size_t pii_email_normalize(const char *value, const PiiMatch *match,
								  char *out, size_t size);

#endif							/* PII_EMAIL_H */
