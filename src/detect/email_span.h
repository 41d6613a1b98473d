/*
 * email_span.h
 *		Sixteen bytes of an address at a time.
 *
 * Local parts and hosts are short: one vector load sees most of them whole.
 * Where there is no SSE2, or a value has fewer than sixteen bytes, nothing is
 * loaded and the caller walks byte by byte, to the same end.
 */
#ifndef PII_EMAIL_SPAN_H
#define PII_EMAIL_SPAN_H

#include "email_parts.h"
#include "sse2.h"

#define PII_SPAN 16

/* What the bytes from a place on are: bit i is byte i, 0 beyond the value. */
typedef struct PiiSpan
{
	uint32_t	lower;			/* lower-case letters and digits */
	uint32_t	upper;
	uint32_t	dot;
	uint32_t	hyphen;
	uint32_t	sign;			/* _ + */
} PiiSpan;

#ifdef __SSE2__

/* Look at the bytes from `at` on; false if that cannot be done in one go. */
static inline bool
pii_span_load(const PiiText *text, size_t at, PiiSpan *span)
{
	size_t		from = at;
	unsigned	shift;
	__m128i		v;

	if (text->length < PII_SPAN || at >= text->length)
		return false;
	if (from > text->length - PII_SPAN)
		from = text->length - PII_SPAN;
	shift = (unsigned) (at - from);
	v = _mm_loadu_si128((const __m128i *) (text->bytes + from));
	span->lower = (pii_range_16(v, 'a', 'z') |
				   pii_range_16(v, '0', '9')) >> shift;
	span->upper = pii_range_16(v, 'A', 'Z') >> shift;
	span->dot = pii_equal_16(v, '.') >> shift;
	span->hyphen = pii_equal_16(v, '-') >> shift;
	span->sign = (pii_equal_16(v, '_') | pii_equal_16(v, '+')) >> shift;
	return true;
}

#else

/* It never can. */
static inline bool
pii_span_load(const PiiText *text, size_t at, PiiSpan *span)
{
	(void) text;
	(void) at;
	(void) span;
	return false;
}

#endif							/* __SSE2__ */

#endif							/* PII_EMAIL_SPAN_H */
