/*
 * classify.c
 *		Bytes to bit masks: the vector half of the prefilter.
 *
 * There is a plain way that works everywhere, and what processors can do
 * faster.  Every way must give the same masks, which the unit test checks byte
 * by byte, and none reads outside the value: values end at the end of pages,
 * too.
 */
#include "classify_parts.h"

#include <string.h>

/* The plain way, for processors without a faster one and as the reference. */
static void
classify_scalar(const char *bytes, size_t length, PiiBlock *blocks)
{
	size_t		base;

	for (base = 0; base < length; base += PII_BLOCK, blocks++)
	{
		size_t		n = length - base < PII_BLOCK ? length - base : PII_BLOCK;
		PiiMarks	marks = {0};
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
		blocks->sign = pii_signs(&marks, n == PII_BLOCK);
	}
}

/* The plain way works everywhere. */
static bool
always(void)
{
	return true;
}

/* Best first. */
const PiiClassifier pii_classifiers[] = {
#ifdef PII_HAVE_X86
	{"avx512", pii_classify_avx512, pii_has_avx512},
	{"avx2", pii_classify_avx2, pii_has_avx2},
	{"sse2", pii_classify_sse2, always},
#endif
#ifdef PII_HAVE_NEON
	{"neon", pii_classify_neon, always},
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
