/*
 * classify_neon.c
 *		The way to classify of 64-bit ARM.
 */
#include "classify_parts.h"

#ifdef PII_HAVE_NEON

#include <arm_neon.h>
#include <string.h>

/* Gather one bit a byte from 64 bytes that are each 0x00 or 0xFF. */
static inline uint64_t
gather_neon(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d)
{
	static const uint8_t weight[16] = {
		1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128
	};
	uint8x16_t	bit = vld1q_u8(weight);
	uint8x16_t	ab = vpaddq_u8(vandq_u8(a, bit), vandq_u8(b, bit));
	uint8x16_t	cd = vpaddq_u8(vandq_u8(c, bit), vandq_u8(d, bit));
	uint8x16_t	all = vpaddq_u8(ab, cd);

	return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(all, all)), 0);
}

/* One bit a byte: which of 64 bytes have one of these bits? */
static inline uint64_t
any_neon(const uint8x16_t v[4], uint8_t bits)
{
	uint8x16_t	b = vdupq_n_u8(bits);

	return gather_neon(vtstq_u8(v[0], b), vtstq_u8(v[1], b),
					   vtstq_u8(v[2], b), vtstq_u8(v[3], b));
}

/* The class of each byte by the two tables given. */
static inline uint8x16_t
class_neon(uint8x16_t v, const uint8_t *low, const uint8_t *high)
{
	return vandq_u8(vqtbl1q_u8(vld1q_u8(low), vandq_u8(v, vdupq_n_u8(15))),
					vqtbl1q_u8(vld1q_u8(high), vshrq_n_u8(v, 4)));
}

/* What every 64-bit ARM processor can do. */
void
pii_classify_neon(const char *bytes, size_t length, PiiBlock *blocks)
{
	size_t		base;

	for (base = 0; base < length; base += PII_BLOCK, blocks++)
	{
		const uint8_t *from = (const uint8_t *) bytes + base;
		uint8_t		part[PII_BLOCK] = {0};
		uint8x16_t	v[4];
		uint8x16_t	class[4];
		uint8x16_t	spelt[4];
		uint8x16_t	lead[4];
		PiiMarks	marks;
		uint64_t	high;
		int			i;

		if (length - base < PII_BLOCK)
			from = memcpy(part, from, length - base);
		for (i = 0; i < 4; i++)
		{
			v[i] = vld1q_u8(from + 16 * i);
			class[i] = class_neon(v[i], low_table, high_table);
			spelt[i] = class_neon(v[i], spelt_low_table, spelt_high_table);
			lead[i] = class_neon(v[i], lead_low_table, lead_high_table);
		}
		high = any_neon(v, 0x80);
		marks.first = any_neon(class, CLASS_FIRST) |
			any_neon(spelt, SPELT_ESCAPE);
		marks.second = any_neon(class, CLASS_SECOND) | high;
		marks.open = any_neon(spelt, SPELT_OPEN);
		marks.inner = any_neon(spelt, SPELT_INNER);
		marks.d = any_neon(spelt, SPELT_D);
		marks.o = any_neon(spelt, SPELT_O);
		marks.t = any_neon(spelt, SPELT_T);
		blocks->sign = pii_signs(&marks, length - base >= PII_BLOCK);
		blocks->digit = any_neon(class, CLASS_DIGIT);
		blocks->letter = any_neon(class, CLASS_LETTER);
		blocks->digits = (uint64_t) __builtin_popcountll(blocks->digit);
		blocks->lead = high == 0 ? 0 : any_neon(lead, 0xFF);
	}
}

#endif							/* PII_HAVE_NEON */
