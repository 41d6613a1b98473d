/*
 * classify.c
 *		Bytes to bit masks: the vector half of the prefilter.
 *
 * A byte's class is the AND of two table entries, one looked up by its low
 * half and one by its high half: each bit of a class stands for a set of bytes
 * that is a rectangle in the 16 x 16 table of bytes.  A vector shuffle does
 * sixteen such look-ups at once.  Every way of doing it must give the same
 * masks, which the unit test checks byte by byte.
 *
 * No way reads outside the value: values end at the end of pages, too.
 */
#include "classify.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define HAVE_X86 1
#include <immintrin.h>
#elif defined(__aarch64__) && defined(__GNUC__)
#define HAVE_NEON 1
#include <arm_neon.h>
#endif

/* The bits of a class, and the sets they stand for. */
#define CLASS_FIRST 0x0B		/* 4 x 0: @, 2 x 56: % &, E x F */
#define CLASS_DIGIT 0x10		/* 3 x 0-9 */
#define CLASS_LETTER 0x60		/* 46 x 1-F, 57 x 0-A */
#define CLASS_SECOND 0xF4		/* the last two, 5 x BCD: [ \ ], and 2 x 039:
								 * space # ) */

#define LOW_TABLE \
	0xD1, 0x70, 0x70, 0xF0, 0x70, 0x72, 0x72, 0x70, \
	0x70, 0xF0, 0x60, 0x24, 0x24, 0x24, 0x20, 0x28
#define HIGH_TABLE \
	0x00, 0x00, 0x82, 0x10, 0x21, 0x44, 0x20, 0x40, \
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x00

/* The bits of a second class: of what at-signs and dots are spelt out. */
#define SPELT_D 0x01			/* 46 x 4 */
#define SPELT_O 0x02			/* 46 x F */
#define SPELT_T 0x04			/* 57 x 4 */
#define SPELT_INNER 0x18		/* 46 x 1: a, 2 x 0: space */
#define SPELT_OPEN 0x60			/* 2 x 8: (, 57 x B: [ { */
#define SPELT_ESCAPE 0x80		/* 5 x C: \ */

#define SPELT_LOW_TABLE \
	0x10, 0x08, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, \
	0x20, 0x00, 0x00, 0x40, 0x80, 0x00, 0x00, 0x02
#define SPELT_HIGH_TABLE \
	0x00, 0x00, 0x30, 0x00, 0x0B, 0xC4, 0x0B, 0x44, \
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00

/* First bytes of digits beyond ASCII: D9 DB DF, E0 E1 EA EF, F0. */
#define LEAD_LOW_TABLE \
	0x06, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, \
	0x00, 0x01, 0x02, 0x01, 0x00, 0x00, 0x00, 0x03
#define LEAD_HIGH_TABLE \
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, \
	0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x02, 0x04

static const uint8_t low_table[16] = {LOW_TABLE};
static const uint8_t high_table[16] = {HIGH_TABLE};
static const uint8_t spelt_low_table[16] = {SPELT_LOW_TABLE};
static const uint8_t spelt_high_table[16] = {SPELT_HIGH_TABLE};
static const uint8_t lead_low_table[16] = {LEAD_LOW_TABLE};
static const uint8_t lead_high_table[16] = {LEAD_HIGH_TABLE};

/* One bit a byte: what decides where an at-sign could be. */
typedef struct Marks
{
	uint64_t	first;			/* @ and what encodings of it begin with */
	uint64_t	second;			/* what may follow those */
	uint64_t	open;			/* brackets */
	uint64_t	inner;			/* what follows them in "(at)" and "( @ )" */
	uint64_t	d;
	uint64_t	o;
	uint64_t	t;
} Marks;

/*
 * Put the marks of a block together.  `full` says that the value may go on
 * behind the block, so that its last bytes may begin anything.
 */
static inline uint64_t
signs(const Marks *marks, bool full)
{
	uint64_t	behind = full ? ~UINT64_C(0) : 0;

	return (marks->first & (marks->second >> 1 | behind << 63)) |
		(marks->open & (marks->inner >> 1 | behind << 63)) |
		(marks->d & (marks->o >> 1 | behind << 63) &
		 (marks->t >> 2 | behind << 62));
}

/* The plain way, for processors without a faster one and as the reference. */
static void
classify_scalar(const char *bytes, size_t length, PiiBlock *blocks)
{
	size_t		base;

	for (base = 0; base < length; base += PII_BLOCK, blocks++)
	{
		size_t		n = length - base < PII_BLOCK ? length - base : PII_BLOCK;
		Marks		marks = {0};
		size_t		i;

		memset(blocks, 0, sizeof(*blocks));
		for (i = 0; i < n; i++)
		{
			uint8_t		c = (uint8_t) bytes[base + i];
			uint64_t	bit = UINT64_C(1) << i;
			uint8_t		class = low_table[c & 15] & high_table[c >> 4];
			uint8_t		spelt = spelt_low_table[c & 15] &
				spelt_high_table[c >> 4];

			marks.first |=
				class & CLASS_FIRST || spelt & SPELT_ESCAPE ? bit : 0;
			marks.second |= class & CLASS_SECOND || c >= 0x80 ? bit : 0;
			marks.open |= spelt & SPELT_OPEN ? bit : 0;
			marks.inner |= spelt & SPELT_INNER ? bit : 0;
			marks.d |= spelt & SPELT_D ? bit : 0;
			marks.o |= spelt & SPELT_O ? bit : 0;
			marks.t |= spelt & SPELT_T ? bit : 0;
			blocks->digit |= class & CLASS_DIGIT ? bit : 0;
			blocks->letter |= class & CLASS_LETTER ? bit : 0;
			blocks->lead |=
				lead_low_table[c & 15] & lead_high_table[c >> 4] ? bit : 0;
			blocks->digits += (class & CLASS_DIGIT) != 0;
		}
		blocks->sign = signs(&marks, n == PII_BLOCK);
	}
}

/* The plain way works everywhere. */
static bool
always(void)
{
	return true;
}

#ifdef HAVE_X86

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

/* One bit a byte: which bytes equal c? */
static inline uint64_t
equal_128(__m128i v, char c)
{
	return (uint64_t) (uint32_t)
		_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(c)));
}

/* One bit a byte: which bytes lie in [first, last], both below 0x80? */
static inline uint64_t
range_128(__m128i v, char first, char last)
{
	__m128i		above = _mm_cmpgt_epi8(v, _mm_set1_epi8((char) (first - 1)));
	__m128i		below = _mm_cmplt_epi8(v, _mm_set1_epi8((char) (last + 1)));

	return (uint64_t) (uint32_t) _mm_movemask_epi8(_mm_and_si128(above, below));
}

/* SSE2 has no shuffle: what every x86-64 processor can do, by comparisons. */
static void
classify_sse2(const char *bytes, size_t length, PiiBlock *blocks)
{
	size_t		base;

	for (base = 0; base < length; base += PII_BLOCK, blocks++)
	{
		Marks		marks = {0};
		size_t		at;

		memset(blocks, 0, sizeof(*blocks));
		for (at = 0; at < PII_BLOCK && base + at < length; at += 16)
		{
			__m128i		v = load_128(bytes, length, base + at);
			__m128i		lower = _mm_or_si128(v, _mm_set1_epi8(0x20));
			uint64_t	letter = range_128(lower, 'a', 'z');
			uint64_t	escape = equal_128(v, '\\');
			uint64_t	bracket = equal_128(v, '[');
			uint64_t	space = equal_128(v, ' ');
			uint64_t	digit = range_128(v, '0', '9');
			uint64_t	high = (uint64_t) (uint32_t) _mm_movemask_epi8(v);

			marks.first |= (equal_128(v, '@') | equal_128(v, '%') |
							equal_128(v, '&') | escape |
							equal_128(v, (char) 0xEF)) << at;
			marks.second |= (letter | digit | high | bracket | escape |
							 equal_128(v, ']') | space | equal_128(v, '#') |
							 equal_128(v, ')')) << at;
			marks.open |= (bracket | equal_128(v, '(') |
						   equal_128(v, '{')) << at;
			marks.inner |= (equal_128(lower, 'a') | space) << at;
			marks.d |= equal_128(lower, 'd') << at;
			marks.o |= equal_128(lower, 'o') << at;
			marks.t |= equal_128(lower, 't') << at;
			blocks->digit |= digit << at;
			blocks->letter |= letter << at;
			if (high != 0)
				blocks->lead |= (equal_128(v, (char) 0xD9) |
								 equal_128(v, (char) 0xDB) |
								 equal_128(v, (char) 0xDF) |
								 equal_128(v, (char) 0xE0) |
								 equal_128(v, (char) 0xE1) |
								 equal_128(v, (char) 0xEA) |
								 equal_128(v, (char) 0xEF) |
								 equal_128(v, (char) 0xF0)) << at;
		}
		blocks->sign = signs(&marks, length - base >= PII_BLOCK);
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
TARGET_AVX2 static void
classify_avx2(const char *bytes, size_t length, PiiBlock *blocks)
{
	const __m128i low = _mm_setr_epi8(LOW_TABLE);
	const __m128i high = _mm_setr_epi8(HIGH_TABLE);
	const __m128i spelt_low = _mm_setr_epi8(SPELT_LOW_TABLE);
	const __m128i spelt_high = _mm_setr_epi8(SPELT_HIGH_TABLE);
	size_t		base;

	for (base = 0; base < length; base += PII_BLOCK, blocks++)
	{
		Marks		marks = {0};
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
		block.sign = signs(&marks, length - base >= PII_BLOCK);
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

/* One block in one register; `full` as for signs(). */
TARGET_AVX512 static inline void
classify_512(__m512i v, bool full, PiiBlock *block)
{
	__m512i		half = OPERAND(half);
	__m512i		right = _mm512_and_si512(v, half);
	__m512i		left = _mm512_and_si512(_mm512_srli_epi16(v, 4), half);
	__m512i		class = CLASS_512(right, left, low, high);
	__m512i		spelt = CLASS_512(right, left, spelt_low, spelt_high);
	uint64_t	above = _mm512_movepi8_mask(v);
	Marks		marks;

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
	block->sign = signs(&marks, full);
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
	Marks		marks;

	marks.first = ANY_HALF(class, first) | ANY_HALF(spelt, escape);
	marks.second = ANY_HALF(class, second) | above;
	marks.open = ANY_HALF(spelt, open);
	marks.inner = ANY_HALF(spelt, inner);
	marks.d = ANY_HALF(spelt, d);
	marks.o = ANY_HALF(spelt, o);
	marks.t = ANY_HALF(spelt, t);
	block->sign = signs(&marks, false);
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
TARGET_AVX512 static void
classify_avx512(const char *bytes, size_t length, PiiBlock *blocks)
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
static bool
has_avx2(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx2") != 0 &&
		__builtin_cpu_supports("popcnt") != 0;
}

/* Does this processor, and the system on it, have AVX-512BW and -VL? */
static bool
has_avx512(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx512f") != 0 &&
		__builtin_cpu_supports("avx512bw") != 0 &&
		__builtin_cpu_supports("avx512vl") != 0 &&
		__builtin_cpu_supports("popcnt") != 0;
}

#endif							/* HAVE_X86 */

#ifdef HAVE_NEON

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
static void
classify_neon(const char *bytes, size_t length, PiiBlock *blocks)
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
		Marks		marks;
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
		blocks->sign = signs(&marks, length - base >= PII_BLOCK);
		blocks->digit = any_neon(class, CLASS_DIGIT);
		blocks->letter = any_neon(class, CLASS_LETTER);
		blocks->digits = (uint64_t) __builtin_popcountll(blocks->digit);
		blocks->lead = high == 0 ? 0 : any_neon(lead, 0xFF);
	}
}

#endif							/* HAVE_NEON */

/* Best first. */
const PiiClassifier pii_classifiers[] = {
#ifdef HAVE_X86
	{"avx512", classify_avx512, has_avx512},
	{"avx2", classify_avx2, has_avx2},
	{"sse2", classify_sse2, always},
#endif
#ifdef HAVE_NEON
	{"neon", classify_neon, always},
#endif
	{"scalar", classify_scalar, always},
	{NULL, NULL, NULL}
};

/*
 * What pii_classify is until its first call: choose, and go on.  A static
 * initialiser, unlike a constructor or an ifunc, needs nothing of the loader,
 * and two threads that meet here would choose the same.
 */
static void
classify_first(const char *bytes, size_t length, PiiBlock *blocks)
{
	const PiiClassifier *way = pii_classifiers;

	while (!way->usable())
		way++;
	pii_classify = way->classify;
	pii_classify(bytes, length, blocks);
}

PiiClassify pii_classify = classify_first;
