/*
 * prefilter.c
 *		One cheap pass that says where a match could be.
 *
 * The masks of classify.c are searched here, for at-signs bit by bit, for
 * digits by counting them between letters.
 */
#include "prefilter.h"

#include <string.h>

#include "classify.h"
#include "phone_run.h"
#include "utf8.h"

#define STRIDE 16				/* blocks classified at a time */
#define STRIDE_BYTES (STRIDE * PII_BLOCK)
#define STRIDE_NEAR 4			/* where the next one is often near */
#define STRIDE_FAR 8
#define STRETCH_MAX (64 * 1024) /* bytes handed out at a time */
#define NUMBER_MAX 64			/* bytes that a number and its lead may take
								 * up before enough digits are seen */

/* How the count of digits stands between two blocks. */
typedef struct Stretch
{
	size_t		start;			/* first byte after the last letter */
	uint64_t	digits;			/* seen since */
} Stretch;

/* Does a decimal digit beyond ASCII begin here? */
static bool
is_wide_digit(const char *value, size_t length, size_t at)
{
	uint32_t	code;

	return pii_utf8_decode(value, length, at, &code) != 0 &&
		pii_digit_value(code) >= 0;
}

/* Add to the digits of a block those beyond ASCII. */
static void
add_wide_digits(PiiBlock *block, const char *value, size_t length, size_t base)
{
	uint64_t	lead;

	for (lead = block->lead; lead != 0; lead &= lead - 1)
		if (is_wide_digit(value, length, base + __builtin_ctzll(lead)))
		{
			block->digit |= lead & -lead;
			block->digits++;
		}
}

/* Count bits, but not beyond what makes a stretch dense. */
static inline uint64_t
count_digits(uint64_t digits)
{
	uint64_t	n = 0;

	while (digits != 0 && n < PII_DENSE_DIGITS)
	{
		digits &= digits - 1;
		n++;
	}
	return n;
}

/* Where the byte behind the last of these bits is. */
static inline size_t
behind_last(uint64_t bits, size_t base)
{
	return base + 64 - (size_t) __builtin_clzll(bits);
}

/*
 * The digits of a block without those groups that a letter touches in front:
 * no number begins or goes on with one.  What an escape ends with, as in "\n",
 * is no such letter.
 */
static inline uint64_t
loose_digits(const PiiBlock *block, const char *value, size_t base)
{
	uint64_t	glued = block->digit & block->letter << 1;
	uint64_t	signs;

	/* what the block before ends with might be a backslash */
	if (base > 0)
		glued &= ~UINT64_C(3);
	for (signs = block->sign; signs != 0; signs &= signs - 1)
		if (value[base + (size_t) __builtin_ctzll(signs)] == '\\')
			glued &= ~((signs & -signs) << 2);
	/* the carry runs through each group that one is added to */
	return block->digit & (block->digit + glued);
}

/*
 * Carry the count over a block that has digits enough, if only they can all be
 * of one number: not parted by letters, nor touched by one.  True if they can;
 * stretch->start is then where the dense stretch begins.
 */
static bool
stretch_through(Stretch *stretch, const PiiBlock *block, const char *value,
				size_t length, size_t base)
{
	uint64_t	digits = loose_digits(block, value, base);
	uint64_t	letters = block->letter;

	while (digits != 0)
	{
		uint64_t	before = (digits & -digits) - 1;
		uint64_t	group = digits & ~(digits + before + 1);
		size_t		end = behind_last(group, base);

		if ((letters & before) != 0)
		{
			stretch->start = behind_last(letters & before, base);
			stretch->digits = 0;
			letters &= ~before;
		}
		if (!phone_is_glued_behind(value, length, end))
			stretch->digits += end - base - (size_t) __builtin_ctzll(group);
		if (stretch->digits >= PII_DENSE_DIGITS)
			return true;
		digits ^= group;
	}
	if (letters != 0)
	{
		stretch->start = behind_last(letters, base);
		stretch->digits = 0;
	}
	return false;
}

/* The same for any block; most have too few digits to look at. */
static inline bool
stretch_over(Stretch *stretch, PiiBlock *block, const char *value,
			 size_t length, size_t base)
{
	size_t		start;

	if (block->lead != 0)
		add_wide_digits(block, value, length, base);
	if (block->letter == 0)
	{
		stretch->digits += block->digits;
		return stretch->digits >= PII_DENSE_DIGITS;
	}
	if (stretch->digits + block->digits >= PII_DENSE_DIGITS)
		return stretch_through(stretch, block, value, length, base);
	start = behind_last(block->letter, base);
	stretch->start = start;
	/* seldom does a digit stand behind the last letter */
	stretch->digits = block->digit < block->letter ? 0
		: count_digits(block->digit >> (start - base));
	return false;
}

/* Do these bytes stand here? */
static inline bool
stands(const char *value, size_t length, size_t at, const char *text, size_t n)
{
	return length - at >= n && memcmp(value + at, text, n) == 0;
}

/* Does the word "dot", in any case, stand here? */
static inline bool
is_dot_word(const char *value, size_t length, size_t at)
{
	return length - at > 3 && (value[at + 1] | 0x20) == 'o' &&
		(value[at + 2] | 0x20) == 't' && !pii_is_letter(value[at + 3]) &&
		(at == 0 || !pii_is_letter(value[at - 1]));
}

/*
 * Look at the bytes where the masks saw the beginning of an at-sign, and say
 * whether it is worth the price of parsing around it.
 */
static inline bool
is_sign(const char *value, size_t length, size_t at)
{
	char		next = at + 1 < length ? value[at + 1] : '\0';

	switch (value[at])
	{
		case '@':
			return true;
		case 'd':
		case 'D':
			return is_dot_word(value, length, at);
		case '%':
			return stands(value, length, at, "%40", 3);
		case '&':
			return next == '#' || next == 'c';
		case '\\':
			return stands(value, length, at, "\\u0040", 6) ||
				stands(value, length, at, "\\x40", 4);
		case '(':
		case '[':
		case '{':
			return next == 'a' || next == 'A' || next == ' ';
		case (char) 0xEF:
			return stands(value, length, at, "\xEF\xBC\xA0", 3) ||
				stands(value, length, at, "\xEF\xB9\xAB", 3);
		default:
			return false;
	}
}

/* The first place for an at-sign in a block, or 64 if there is none. */
static inline unsigned
sign_in(const PiiBlock *block, const char *value, size_t length, size_t base)
{
	uint64_t	signs;

	for (signs = block->sign; signs != 0; signs &= signs - 1)
	{
		unsigned	bit = (unsigned) __builtin_ctzll(signs);

		if (is_sign(value, length, base + bit))
			return bit;
	}
	return PII_BLOCK;
}

/*
 * No stretch up to `until` was dense: where may one begin that becomes dense
 * behind it?
 */
static size_t
resume_at(const Stretch *stretch, size_t until)
{
	if (until - stretch->start <= NUMBER_MAX)
		return stretch->start;
	return until - NUMBER_MAX;
}

/*
 * See prefilter.h.  It ends at a letter, or when it is long, where no digit is
 * split from its neighbours.
 */
size_t
pii_dense_end(const char *value, size_t length, size_t start)
{
	size_t		at = start;

	while (at < length && at - start < STRETCH_MAX && !pii_is_letter(value[at]))
		at++;
	if (at - start == STRETCH_MAX)
		while (at < length && ((unsigned char) value[at] >= 0x80 ||
							   pii_is_digit(value[at])))
			at++;
	return at;
}

/* pii_prefilter() for any value, kept apart for the frame that it needs. */
static __attribute__((noinline)) void
prefilter_blocks(const char *value, size_t length, size_t until,
				 PiiPlaces *places)
{
	PiiBlock	blocks[STRIDE];
	Stretch		stretch = {0, 0};
	bool		dense = false;
	size_t		base = 0;

	places->sign = until;
	places->sign_end = length;
	places->signs = 0;
	while (base < until)
	{
		size_t		n = until - base < STRIDE_BYTES ? until - base : STRIDE_BYTES;
		size_t		end = base + n;
		PiiBlock   *block = blocks;

		pii_classify(value + base, n, blocks);
		for (; base < end; base += PII_BLOCK, block++)
		{
			if (places->sign == until)
			{
				unsigned	bit = sign_in(block, value, length, base);

				if (bit < PII_BLOCK)
					places->sign = base + bit;
			}
			if (!dense)
				dense = stretch_over(&stretch, block, value, length, base);
		}
		base = end;
		if (dense && places->sign < until)
			break;
	}
	places->is_dense = dense;
	places->dense = dense ? stretch.start : resume_at(&stretch, until);
	places->dense_end = dense ? pii_dense_end(value, length, places->dense) : 0;
}

/* See prefilter.h. */
void
pii_prefilter_block(const char *value, size_t length, PiiBlock *block,
					PiiPlaces *places)
{
	Stretch		stretch = {0, 0};
	unsigned	bit;

	places->sign = places->sign_end = length;
	places->dense = places->dense_end = length;
	places->is_dense = false;
	places->signs = 0;
	if (pii_block_holds_nothing(block))
		return;
	places->signs = ~(block->letter | block->digit) &
		~UINT64_C(0) >> (PII_BLOCK - length);
	bit = sign_in(block, value, length, 0);
	if (bit < length)
	{
		places->sign = bit;
		places->sign_end = behind_last(block->sign, 0);
	}
	places->is_dense = stretch_over(&stretch, block, value, length, 0);
	if (places->is_dense)
		places->dense = stretch.start;
	if (places->is_dense && block->letter >> stretch.start != 0)
		places->dense_end = stretch.start +
			(size_t) __builtin_ctzll(block->letter >> stretch.start);
}

/* See prefilter.h.  Most values are of one block. */
void
pii_prefilter(const char *value, size_t length, size_t until,
			  PiiPlaces *places)
{
	PiiBlock	block;

	if (length == 0 || length > PII_BLOCK || until < length)
	{
		prefilter_blocks(value, length, until, places);
		return;
	}
	pii_classify(value, length, &block);
	pii_prefilter_block(value, length, &block, places);
}

/* See prefilter.h. */
size_t
pii_next_sign(const char *value, size_t length, size_t from, size_t until)
{
	PiiBlock	blocks[STRIDE_FAR];
	size_t		stride = STRIDE_NEAR;

	while (from < until)
	{
		size_t		n = stride * PII_BLOCK;
		size_t		end;
		PiiBlock   *block = blocks;

		if (n > length - from)
			n = length - from;
		end = from + n;
		pii_classify(value + from, n, blocks);
		for (; from < end && from < until; from += PII_BLOCK, block++)
		{
			unsigned	bit = sign_in(block, value, length, from);

			if (bit < PII_BLOCK)
				return from + bit < until ? from + bit : until;
		}
		from = end;
		stride = STRIDE_FAR;
	}
	return until;
}

/* See prefilter.h. */
bool
pii_next_dense(const char *value, size_t length, size_t from, size_t until,
			   size_t *start)
{
	PiiBlock	blocks[STRIDE_FAR];
	Stretch		stretch = {from, 0};
	size_t		stride = STRIDE_NEAR;

	while (from < until)
	{
		size_t		n = stride * PII_BLOCK;
		size_t		stop;
		PiiBlock   *block = blocks;

		if (n > until - from)
			n = until - from;
		stop = from + n;
		pii_classify(value + from, n, blocks);
		for (; from < stop; from += PII_BLOCK, block++)
			if (stretch_over(&stretch, block, value, length, from))
			{
				*start = stretch.start;
				return true;
			}
		from = stop;
		stride = STRIDE_FAR;
	}
	*start = resume_at(&stretch, until);
	return false;
}
