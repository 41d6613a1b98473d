/*
 * prefilter.h
 *		One cheap pass that says where a match could be.
 *
 * Most values hold nothing, so what detection costs is mostly what this costs.
 * Bytes are classified 64 at a time into bit masks, one bit a byte, with the
 * widest vector instructions the processor has; the masks are then searched
 * without looking at bytes again.
 *
 * What must stay true: a place where a match could be is never missed.  Places
 * reported in vain cost time only.
 */
#ifndef PII_PREFILTER_H
#define PII_PREFILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classify.h"
#include "detect.h"

/* A phone number has at least this many digits without a letter between. */
#define PII_DENSE_DIGITS 6

/* Where to look closer first; `until` where nowhere before that. */
typedef struct PiiPlaces
{
	size_t		sign;			/* first byte that could be an at-sign, an
								 * encoding of one, or a spelt-out "dot" */
	size_t		sign_end;		/* behind the last such byte, if that is
								 * known; else the value's end */
	size_t		dense;			/* where enough digits follow on each other,
								 * or may once more of the value is looked at */
	bool		is_dense;		/* the former */
	size_t		dense_end;		/* where that ends; see pii_dense_end() */
	uint64_t	signs;			/* bits: which bytes are neither letters nor
								 * digits of ASCII; 0 for more than 64 bytes */
} PiiPlaces;

/*
 * Is it clear from the masks alone that a value of one block holds nothing?
 * Of most it is, and they need no finder.
 */
static inline bool
pii_block_holds_nothing(const PiiBlock *block)
{
	return (block->sign | block->lead) == 0 && block->digits < PII_DENSE_DIGITS;
}

/* pii_prefilter() for a value of one block, given its masks. */
extern void pii_prefilter_block(const char *value, size_t length,
								PiiBlock *block, PiiPlaces *places);

/* pii_finder_begin() for a value of one block that does not begin with "+". */
extern uint32_t pii_finder_begin_block(PiiFinder *finder,
									   const PiiFindOptions *options,
									   const char *value, size_t length,
									   PiiBlock *block);

/* Where bytes before `until` first matter, in one pass. */
extern void pii_prefilter(const char *value, size_t length, size_t until,
						  PiiPlaces *places);

/* First place in [from, until) for an at-sign, or `until`. */
extern size_t pii_next_sign(const char *value, size_t length,
							size_t from, size_t until);

/*
 * Where a dense stretch that begins at `start` ends: a number in it begins
 * before that.
 */
extern size_t pii_dense_end(const char *value, size_t length, size_t start);

/*
 * First stretch in [from, until) with enough digits for a phone number.  If
 * there is one, it begins at *start.  If there is none, one may still begin at
 * *start or later, and the search is to go on there once more of the value is
 * looked at.
 */
extern bool pii_next_dense(const char *value, size_t length, size_t from,
						   size_t until, size_t *start);

#endif							/* PII_PREFILTER_H */
