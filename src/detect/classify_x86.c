/*
 * classify_x86.c
 *		The ways to classify of x86-64: SSE2, AVX2 and AVX-512.
 *
 * Each is compiled for the instructions it needs, whatever the rest is compiled
 * for, and called only where the processor has them.
 */
#include "classify_parts.h"

#ifdef PII_HAVE_X86

#include <immintrin.h>
#include <string.h>

#include "sse2.h"

/*
 * Load n < 16 bytes, zeros behind them, by loads that overlap rather than
 * reach beyond the end.
 */
static inline __m128i
load_part(const char *bytes, size_t n)
{
	uint64_t	low = 0;
	uint64_t	high = 0;

	if (n > 8)
	{
		memcpy(&low, bytes, 8);
		memcpy(&high, bytes + n - 8, 8);
		high >>= 8 * (16 - n);
	}
	else if (n >= 4)
	{
		uint32_t	first;
		uint32_t	last;

		memcpy(&first, bytes, 4);
		memcpy(&last, bytes + n - 4, 4);
		low = first | (uint64_t) last << 8 * (n - 4);
	}
	else if (n > 0)
		low = (uint64_t) (uint8_t) bytes[0] |
			(uint64_t) (uint8_t) bytes[n / 2] << 8 * (n / 2) |
			(uint64_t) (uint8_t) bytes[n - 1] << 8 * (n - 1);
	return _mm_set_epi64x((long long) high, (long long) low);
}

/* Load 16 bytes or what is left of them at `at`. */
static inline __m128i
load_128(const char *bytes, size_t length, size_t at)
{
	if (at + 16 <= length)
		return _mm_loadu_si128((const __m128i *) (bytes + at));
	return at < length ? load_part(bytes + at, length - at)
		: _mm_setzero_si128();
}

/* Which bytes could be the first of a digit beyond ASCII? */
static uint32_t
leads_16(__m128i v)
{
	return pii_equal_16(v, (char) 0xD9) | pii_equal_16(v, (char) 0xDB) |
		pii_equal_16(v, (char) 0xDF) | pii_equal_16(v, (char) 0xE0) |
		pii_equal_16(v, (char) 0xE1) | pii_equal_16(v, (char) 0xEA) |
		pii_equal_16(v, (char) 0xEF) | pii_equal_16(v, (char) 0xF0);
}

/* SSE2 has no shuffle: what every x86-64 processor can do, by comparisons. */
void
pii_classify_sse2(const char *bytes, size_t length, PiiBlock *blocks)
{
	size_t		base;

	for (base = 0; base < length; base += PII_BLOCK, blocks++)
	{
		PiiMarks	marks = {0};
		size_t		at;

		memset(blocks, 0, sizeof(*blocks));
		for (at = 0; at < PII_BLOCK && base + at < length; at += 16)
		{
			__m128i		v = load_128(bytes, length, base + at);
			__m128i		lower = _mm_or_si128(v, _mm_set1_epi8(0x20));
			uint32_t	letter = pii_range_16(lower, 'a', 'z');
			uint32_t	escape = pii_equal_16(v, '\\');
			uint32_t	bracket = pii_equal_16(v, '[');
			uint32_t	space = pii_equal_16(v, ' ');
			uint32_t	digit = pii_range_16(v, '0', '9');
			uint32_t	high = (uint32_t) _mm_movemask_epi8(v);

			marks.first |=
				(uint64_t) (pii_equal_16(v, '@') | pii_equal_16(v, '%') |
							pii_equal_16(v, '&') | escape |
							pii_equal_16(v, (char) 0xEF)) << at;
			marks.second |=
				(uint64_t) (letter | digit | high | bracket | escape |
							pii_equal_16(v, ']') | space |
							pii_equal_16(v, '#') |
							pii_equal_16(v, ')')) << at;
			marks.open |= (uint64_t) (bracket | pii_equal_16(v, '(') |
									  pii_equal_16(v, '{')) << at;
			marks.inner |= (uint64_t) (pii_equal_16(lower, 'a') | space) << at;
			marks.d |= (uint64_t) pii_equal_16(lower, 'd') << at;
			marks.o |= (uint64_t) pii_equal_16(lower, 'o') << at;
			marks.t |= (uint64_t) pii_equal_16(lower, 't') << at;
			blocks->digit |= (uint64_t) digit << at;
			blocks->letter |= (uint64_t) letter << at;
			if (high != 0)
				blocks->lead |= (uint64_t) leads_16(v) << at;
		}
		blocks->sign = pii_signs(&marks, length - base >= PII_BLOCK);
		blocks->digits = (uint64_t) __builtin_popcountll(blocks->digit);
	}
}

#define TARGET_AVX2 __attribute__((target("avx2,popcnt")))

/* Load 32 bytes or what is left of them at `at`. */
TARGET_AVX2 static inline __m256i
load_256(const char *bytes, size_t length, size_t at)
{
	if (at + 32 <= length)
		return _mm256_loadu_si256((const __m256i *) (bytes + at));
	return _mm256_set_m128i(load_128(bytes, length, at + 16),
							load_128(bytes, length, at));
}

/* One bit a byte: which bytes have one of these bits? */
TARGET_AVX2 static inline uint64_t
any_256(__m256i v, char bits)
{
	__m256i		none = _mm256_cmpeq_epi8(_mm256_and_si256(v, _mm256_set1_epi8(bits)),
										 _mm256_setzero_si256());

	return (uint32_t) ~_mm256_movemask_epi8(none);
}

/*
 * One bit a byte: which bytes have this one bit?  It becomes their highest,
 * which costs less than any_256().
 */
TARGET_AVX2 static inline uint64_t
bit_256(__m256i v, unsigned bit)
{
	return (uint32_t)
		_mm256_movemask_epi8(_mm256_slli_epi16(v, __builtin_clz(bit) - 24));
}

/* The class of each byte by the two tables given. */
TARGET_AVX2 static inline __m256i
class_256(__m256i v, __m128i low, __m128i high)
{
	__m256i		half = _mm256_set1_epi8(0x0F);
	__m256i		upper = _mm256_and_si256(_mm256_srli_epi16(v, 4), half);

	return _mm256_and_si256(_mm256_shuffle_epi8(_mm256_broadcastsi128_si256(low),
												_mm256_and_si256(v, half)),
							_mm256_shuffle_epi8(_mm256_broadcastsi128_si256(high),
												upper));
}

/* Two halves of 32 bytes by table look-up. */
TARGET_AVX2 void
pii_classify_avx2(const char *bytes, size_t length, PiiBlock *blocks)
{
	const __m128i low = _mm_setr_epi8(LOW_TABLE);
	const __m128i high = _mm_setr_epi8(HIGH_TABLE);
	const __m128i spelt_low = _mm_setr_epi8(SPELT_LOW_TABLE);
	const __m128i spelt_high = _mm_setr_epi8(SPELT_HIGH_TABLE);
	size_t		base;

	for (base = 0; base < length; base += PII_BLOCK, blocks++)
	{
		PiiMarks	marks = {0};
		PiiBlock	block = {0};
		size_t		at;

		for (at = 0; at < PII_BLOCK && base + at < length; at += 32)
		{
			__m256i		v = load_256(bytes, length, base + at);
			__m256i		class = class_256(v, low, high);
			__m256i		spelt = class_256(v, spelt_low, spelt_high);
			uint64_t	above = (uint32_t) _mm256_movemask_epi8(v);

			marks.first |= (any_256(class, CLASS_FIRST) |
							bit_256(spelt, SPELT_ESCAPE)) << at;
			marks.second |= (any_256(class, (char) CLASS_SECOND) | above) << at;
			marks.open |= any_256(spelt, SPELT_OPEN) << at;
			marks.inner |= any_256(spelt, SPELT_INNER) << at;
			marks.d |= bit_256(spelt, SPELT_D) << at;
			marks.o |= bit_256(spelt, SPELT_O) << at;
			marks.t |= bit_256(spelt, SPELT_T) << at;
			block.digit |= bit_256(class, CLASS_DIGIT) << at;
			block.letter |= any_256(class, CLASS_LETTER) << at;
			if (above != 0)
				block.lead |=
					any_256(class_256(v, _mm_setr_epi8(LEAD_LOW_TABLE),
									  _mm_setr_epi8(LEAD_HIGH_TABLE)),
							(char) 0xFF) << at;
		}
		block.sign = pii_signs(&marks, length - base >= PII_BLOCK);
		block.digits = (uint64_t) __builtin_popcountll(block.digit);
		*blocks = block;
	}
}

#define TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,popcnt")))

#define FOUR(...) __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__
#define ALL(byte) {FOUR(FOUR(FOUR(byte)))}

/*
 * Operands of 64 bytes.  A short value would spend more time on making them
 * than on itself.
 */
static const struct
{
	uint8_t		low[PII_BLOCK];
	uint8_t		high[PII_BLOCK];
	uint8_t		spelt_low[PII_BLOCK];
	uint8_t		spelt_high[PII_BLOCK];
	uint8_t		lead_low[PII_BLOCK];
	uint8_t		lead_high[PII_BLOCK];
	uint8_t		half[PII_BLOCK];
	uint8_t		first[PII_BLOCK];
	uint8_t		second[PII_BLOCK];
	uint8_t		digit[PII_BLOCK];
	uint8_t		letter[PII_BLOCK];
	uint8_t		open[PII_BLOCK];
	uint8_t		inner[PII_BLOCK];
	uint8_t		escape[PII_BLOCK];
	uint8_t		d[PII_BLOCK];
	uint8_t		o[PII_BLOCK];
	uint8_t		t[PII_BLOCK];
}			operands __attribute__((aligned(PII_BLOCK))) = {
	{FOUR(LOW_TABLE)}, {FOUR(HIGH_TABLE)},
	{FOUR(SPELT_LOW_TABLE)}, {FOUR(SPELT_HIGH_TABLE)},
	{FOUR(LEAD_LOW_TABLE)}, {FOUR(LEAD_HIGH_TABLE)},
	ALL(0x0F), ALL(CLASS_FIRST), ALL(CLASS_SECOND), ALL(CLASS_DIGIT),
	ALL(CLASS_LETTER), ALL(SPELT_OPEN), ALL(SPELT_INNER), ALL(SPELT_ESCAPE),
	ALL(SPELT_D), ALL(SPELT_O), ALL(SPELT_T)
};

#define OPERAND(name) _mm512_load_si512((const void *) operands.name)

/* Which bytes have one of these bits? */
#define ANY_512(v, name) _mm512_test_epi8_mask(v, OPERAND(name))

/* The class of each byte by the two tables given. */
#define CLASS_512(right, left, low, high) \
	_mm512_and_si512(_mm512_shuffle_epi8(OPERAND(low), right), \
					 _mm512_shuffle_epi8(OPERAND(high), left))

/* One block in one register; `full` as for pii_signs(). */
TARGET_AVX512 static inline void
classify_512(__m512i v, bool full, PiiBlock *block)
{
	__m512i		half = OPERAND(half);
	__m512i		right = _mm512_and_si512(v, half);
	__m512i		left = _mm512_and_si512(_mm512_srli_epi16(v, 4), half);
	__m512i		class = CLASS_512(right, left, low, high);
	__m512i		spelt = CLASS_512(right, left, spelt_low, spelt_high);
	uint64_t	above = _mm512_movepi8_mask(v);
	PiiMarks	marks;

	marks.first = ANY_512(class, first) | ANY_512(spelt, escape);
	marks.second = ANY_512(class, second) | above;
	marks.open = ANY_512(spelt, open);
	marks.inner = ANY_512(spelt, inner);
	marks.d = ANY_512(spelt, d);
	marks.o = ANY_512(spelt, o);
	marks.t = ANY_512(spelt, t);
	/* or the compiler makes one comparison wait for the others */
	__asm__("" : "+r" (marks.open), "+r" (marks.inner), "+r" (marks.d),
			"+r" (marks.o), "+r" (marks.t));
	block->sign = pii_signs(&marks, full);
	block->digit = ANY_512(class, digit);
	block->letter = ANY_512(class, letter);
	block->digits = (uint64_t) __builtin_popcountll(block->digit);
	block->lead = 0;
	if (above != 0)
	{
		__m512i		lead = CLASS_512(right, left, lead_low, lead_high);

		block->lead = _mm512_test_epi8_mask(lead, lead);
	}
}

#define HALF_OPERAND(name) _mm256_load_si256((const void *) operands.name)
#define ANY_HALF(v, name) _mm256_test_epi8_mask(v, HALF_OPERAND(name))
#define CLASS_HALF(right, left, low, high) \
	_mm256_and_si256(_mm256_shuffle_epi8(HALF_OPERAND(low), right), \
					 _mm256_shuffle_epi8(HALF_OPERAND(high), left))

/*
 * The same for all of a value that fills no more than half a block, as most in
 * a table do: half as wide, it takes some processors half as long.
 */
TARGET_AVX512 static inline void
classify_half(__m256i v, PiiBlock *block)
{
	__m256i		half = HALF_OPERAND(half);
	__m256i		right = _mm256_and_si256(v, half);
	__m256i		left = _mm256_and_si256(_mm256_srli_epi16(v, 4), half);
	__m256i		class = CLASS_HALF(right, left, low, high);
	__m256i		spelt = CLASS_HALF(right, left, spelt_low, spelt_high);
	uint32_t	above = _mm256_movepi8_mask(v);
	PiiMarks	marks;

	marks.first = ANY_HALF(class, first) | ANY_HALF(spelt, escape);
	marks.second = ANY_HALF(class, second) | above;
	marks.open = ANY_HALF(spelt, open);
	marks.inner = ANY_HALF(spelt, inner);
	marks.d = ANY_HALF(spelt, d);
	marks.o = ANY_HALF(spelt, o);
	marks.t = ANY_HALF(spelt, t);
	block->sign = pii_signs(&marks, false);
	block->digit = ANY_HALF(class, digit);
	block->letter = ANY_HALF(class, letter);
	block->digits = (uint64_t) __builtin_popcountll(block->digit);
	block->lead = 0;
	if (above != 0)
	{
		__m256i		lead = CLASS_HALF(right, left, lead_low, lead_high);

		block->lead = _mm256_test_epi8_mask(lead, lead);
	}
}

/* What lies behind the value is masked out of the last block. */
TARGET_AVX512 void
pii_classify_avx512(const char *bytes, size_t length, PiiBlock *blocks)
{
	if (length > 0 && length <= PII_BLOCK / 2)
	{
		uint32_t	behind = (uint32_t) (~UINT64_C(0) << length);

		classify_half(_mm256_maskz_loadu_epi8(~behind, bytes), blocks);
		return;
	}
	for (; length >= PII_BLOCK; length -= PII_BLOCK, bytes += PII_BLOCK)
		classify_512(_mm512_loadu_si512(bytes), true, blocks++);
	if (length > 0)
		classify_512(_mm512_maskz_loadu_epi8((UINT64_C(1) << length) - 1, bytes),
					 false, blocks);
}

/* Does this processor, and the system on it, have AVX2? */
bool
pii_has_avx2(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx2") != 0 &&
		__builtin_cpu_supports("popcnt") != 0;
}

/* Does this processor, and the system on it, have AVX-512BW and -VL? */
bool
pii_has_avx512(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx512f") != 0 &&
		__builtin_cpu_supports("avx512bw") != 0 &&
		__builtin_cpu_supports("avx512vl") != 0 &&
		__builtin_cpu_supports("popcnt") != 0;
}

#endif							/* PII_HAVE_X86 */
