/*
 * classify.h
 *		Bytes to bit masks: the vector half of the prefilter.
 */
#ifndef PII_CLASSIFY_H
#define PII_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PII_BLOCK 64			/* bytes to a block */

/* What the bytes of a block are: bit i is byte i, 0 beyond the value. */
typedef struct PiiBlock
{
	uint64_t	sign;			/* could be an at-sign, the beginning of an
								 * encoding of one, or that of "dot": @ % & \
								 * or 0xEF before a letter, a digit, a byte
								 * >= 0x80, a space or # ) [ \ ], a bracket
								 * before an a or a space, or any of them
								 * before what the block does not show */
	uint64_t	digit;			/* 0-9 */
	uint64_t	letter;			/* A-Z a-z */
	uint64_t	lead;			/* >= 0x80 and first byte of a character that
								 * could be a digit of another script */
	uint64_t	digits;			/* how many bits `digit` has */
} PiiBlock;

/* Classify `length` bytes into (length + 63) / 64 blocks. */
typedef void (*PiiClassify) (const char *bytes, size_t length,
							 PiiBlock *blocks);

/* The best way this processor has. */
extern PiiClassify pii_classify;

/* All ways that are compiled in, for tests; the last has no name. */
typedef struct PiiClassifier
{
	const char *name;
	PiiClassify classify;
	bool		(*usable) (void);	/* does this processor have it? */
} PiiClassifier;

extern const PiiClassifier pii_classifiers[];

#endif							/* PII_CLASSIFY_H */
