/*
 * sse2.h
 *		Sixteen bytes at once, where the processor is known to have SSE2.
 *
 * One bit a byte: bit i is byte i.
 */
#ifndef PII_SSE2_H
#define PII_SSE2_H

#ifdef __SSE2__

#include <emmintrin.h>
#include <stdint.h>

/* Which bytes equal c? */
static inline uint32_t
pii_equal_16(__m128i v, char c)
{
	return (uint32_t) _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(c)));
}

/* Which bytes lie in [first, last], both below 0x80? */
static inline uint32_t
pii_range_16(__m128i v, char first, char last)
{
	__m128i		above = _mm_cmpgt_epi8(v, _mm_set1_epi8((char) (first - 1)));
	__m128i		below = _mm_cmplt_epi8(v, _mm_set1_epi8((char) (last + 1)));

	return (uint32_t) _mm_movemask_epi8(_mm_and_si128(above, below));
}

#endif							/* __SSE2__ */

#endif							/* PII_SSE2_H */
