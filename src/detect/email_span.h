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

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

/* One bit a byte: which bytes lie in [first, last], both below 0x80? */
static inline uint32_t
pii_span_range(__m128i v, char first, char last)
{
	__m128i		above = _mm_cmpgt_epi8(v, _mm_set1_epi8((char) (first - 1)));
	__m128i		below = _mm_cmplt_epi8(v, _mm_set1_epi8((char) (last + 1)));

	return (uint32_t) _mm_movemask_epi8(_mm_and_si128(above, below));
}

/* One bit a byte: which bytes equal c? */
static inline uint32_t
pii_span_equal(__m128i v, char c)
{
	return (uint32_t) _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(c)));
}

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
	span->lower = (pii_span_range(v, 'a', 'z') |
				   pii_span_range(v, '0', '9')) >> shift;
	span->upper = pii_span_range(v, 'A', 'Z') >> shift;
	span->dot = pii_span_equal(v, '.') >> shift;
	span->hyphen = pii_span_equal(v, '-') >> shift;
	span->sign = (pii_span_equal(v, '_') | pii_span_equal(v, '+')) >> shift;
	return true;
}

#else

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
