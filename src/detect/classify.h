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
	uint64_t	at;				/* @ */
	uint64_t	rare;			/* % & ( [ \ { and 0xEF, which begin encodings
								 * of an at-sign; ] | } come with them */
	uint64_t	word;			/* letters, digits, bytes >= 0x80, and space #
								 * ) [ \ ] { | }: may follow the above */
	uint64_t	digit;			/* 0-9 */
	uint64_t	letter;			/* A-Z a-z */
	uint64_t	lead;			/* >= 0x80 and first byte of a character that
								 * could be a digit of another script */
	uint64_t	dot;			/* d of "dot" in any case, or of what the end
								 * of the block leaves of it */
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
