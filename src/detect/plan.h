/*
 * plan.h
 *		The world's numbering plan as one automaton.
 *
 * plan_data.c is generated from libphonenumber's metadata by
 * plan_generate.mjs; this header is the only way to it.
 */
#ifndef PII_PLAN_H
#define PII_PLAN_H

#include "detect.h"

/* Number of regions; region ids are 0 .. pii_plan_regions() - 1. */
extern int	pii_plan_regions(void);

/* ISO 3166 code of a region, and back (case-insensitive); -1 if there is none. */
extern const char *pii_region_code(PiiRegion region);
extern PiiRegion pii_region_by_code(const char *code, size_t length);

/* Calling code of a region (1 for US). */
extern int	pii_region_calling_code(PiiRegion region);

/*
 * Share in [0,1] of all strings of `length` digits that would be taken for a
 * valid national number of the region when written bare (its trunk prefix
 * included where the plan asks for it): what chance alone would give.
 */
extern double pii_region_chance(PiiRegion region, int length);

#define PII_PLAN_MAX_DIGITS 20	/* no more are ever dialled */
#define PII_PLAN_ROOM 32		/* for those and what a rewrite puts in front */

/* A number that the plan knows. */
typedef struct PiiPlanNumber
{
	int			calling_code;
	PiiRegion	region;			/* PII_REGION_NONE if the code has none */
	bool		mobile;			/* of a type that can be mobile */
	int			length;			/* digits of the national number */
	const uint8_t *national;	/* those digits, as 0 to 9: where the caller
								 * has them, or in `room` if rewritten */
	uint8_t		room[PII_PLAN_ROOM];
} PiiPlanNumber;

/*
 * All of these take digits as values 0 to 9 and answer false, or 0, for what is
 * no number; the calling code and the national digits are filled in even then
 * (0 where there are none).  Digits that follow "+" or an international prefix:
 */
extern bool pii_plan_international(const uint8_t *digits, int length,
								   PiiPlanNumber *number);

/*
 * What is dialled inside a region, with its trunk prefix where the plan asks
 * for one, or behind the region's own calling code.
 */
extern bool pii_plan_dial(PiiRegion region, const uint8_t *digits, int length,
						  PiiPlanNumber *number);

/*
 * All regions in which pii_plan_dial() would say yes to 3 to 16 digits; returns
 * how many.
 */
extern int	pii_plan_dial_anywhere(const uint8_t *digits, int length,
								   PiiRegionSet *regions);

/* Length of the region's prefix for dialling abroad in front of the digits. */
extern int	pii_plan_international_prefix(PiiRegion region,
										  const uint8_t *digits, int length);

/* Is the region in the set? */
static inline bool
pii_region_set_has(const PiiRegionSet *set, PiiRegion region)
{
	return (set->word[region >> 6] >> (region & 63)) & 1;
}

#endif							/* PII_PLAN_H */
