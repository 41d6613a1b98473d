/*
 * classify_parts.h
 *		What the ways to classify share; nobody else includes it.
 *
 * A byte's class is the AND of two table entries, one looked up by its low
 * half and one by its high half: each bit of a class stands for a set of bytes
 * that is a rectangle in the 16 x 16 table of bytes.  A vector shuffle does
 * sixteen such look-ups at once.
 */
#ifndef PII_CLASSIFY_PARTS_H
#define PII_CLASSIFY_PARTS_H

#include "classify.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define PII_HAVE_X86 1
#elif defined(__aarch64__) && defined(__GNUC__)
#define PII_HAVE_NEON 1
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

/* The same, for what looks them up in memory. */
static const uint8_t low_table[16] = {LOW_TABLE};
static const uint8_t high_table[16] = {HIGH_TABLE};
static const uint8_t spelt_low_table[16] = {SPELT_LOW_TABLE};
static const uint8_t spelt_high_table[16] = {SPELT_HIGH_TABLE};
static const uint8_t lead_low_table[16] = {LEAD_LOW_TABLE};
static const uint8_t lead_high_table[16] = {LEAD_HIGH_TABLE};

/* One bit a byte: what decides where an at-sign could be. */
typedef struct PiiMarks
{
	uint64_t	first;			/* @ and what encodings of it begin with */
	uint64_t	second;			/* what may follow those */
	uint64_t	open;			/* brackets */
	uint64_t	inner;			/* what follows them in "(at)" and "( @ )" */
	uint64_t	d;
	uint64_t	o;
	uint64_t	t;
} PiiMarks;

/*
 * Put the marks of a block together.  `full` says that the value may go on
 * behind the block, so that its last bytes may begin anything.
 */
static inline uint64_t
pii_signs(const PiiMarks *marks, bool full)
{
	uint64_t	behind = full ? ~UINT64_C(0) : 0;

	return (marks->first & (marks->second >> 1 | behind << 63)) |
		(marks->open & (marks->inner >> 1 | behind << 63)) |
		(marks->d & (marks->o >> 1 | behind << 63) &
		 (marks->t >> 2 | behind << 62));
}

#ifdef PII_HAVE_X86
/* classify_x86.c */
extern void pii_classify_sse2(const char *bytes, size_t length,
							  PiiBlock *blocks);
extern void pii_classify_avx2(const char *bytes, size_t length,
							  PiiBlock *blocks);
extern void pii_classify_avx512(const char *bytes, size_t length,
								PiiBlock *blocks);
extern bool pii_has_avx2(void);
extern bool pii_has_avx512(void);
#endif

#ifdef PII_HAVE_NEON
/* classify_neon.c */
extern void pii_classify_neon(const char *bytes, size_t length,
							  PiiBlock *blocks);
#endif

#endif							/* PII_CLASSIFY_PARTS_H */
