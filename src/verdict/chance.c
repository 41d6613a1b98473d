/*
 * chance.c
 *		How often the world's numbering plan takes random digits for a number.
 *
 * For digits dialled in one region the plan knows (pii_region_chance).  The
 * rest is measured on strings of digits from a fixed sequence, once per length
 * and backend: that costs about a millisecond, and cannot fall behind when the
 * plan is generated anew.
 */
#include "compat.h"

#include "utils/memutils.h"

#include "detect/plan.h"
#include "verdict/judge.h"

#define TRIALS 2000				/* within 2 % of the truth */

/* Shares of random strings of a length of which the first digit is no zero. */
typedef struct WorldChance
{
	double		anywhere;		/* valid in some region, as dialled there */
	double		worldwide;		/* valid behind a plus sign */
	float		zeroless[PII_EVIDENCE_REGIONS]; /* valid behind a zero, by
												 * region */
} WorldChance;

static WorldChance *world[PII_DIGIT_LENGTHS];

/* Make a string of digits, the first of them a zero. */
static void
make_digits(uint64 *state, uint8 *digits, int length)
{
	digits[0] = 0;
	for (int i = 1; i <= length; i++)
	{
		/* Knuth's linear congruence; its high bits are the random ones */
		*state = *state * UINT64CONST(6364136223846793005) +
			UINT64CONST(1442695040888963407);
		digits[i] = (uint8) ((*state >> 33) % (i == 1 ? 9 : 10) + (i == 1));
	}
}

/* Measure what is not known yet. */
static const WorldChance *
world_chance(int length)
{
	WorldChance *chance = world[length];
	uint64		state = length;
	uint8		digits[PII_DIGIT_LENGTHS + 1];
	PiiRegionSet regions;
	PiiPlanNumber number;

	if (chance != NULL)
		return chance;
	chance = MemoryContextAllocZero(TopMemoryContext, sizeof(WorldChance));
	for (int trial = 0; trial < TRIALS; trial++)
	{
		make_digits(&state, digits, length);
		if (pii_plan_dial_anywhere(digits + 1, length, &regions) > 0)
			chance->anywhere += 1.0 / TRIALS;
		if (pii_plan_international(digits + 1, length, &number))
			chance->worldwide += 1.0 / TRIALS;
		pii_plan_dial_anywhere(digits, length + 1, &regions);
		for (PiiRegion region = 0; region < pii_plan_regions(); region++)
		{
			if (pii_region_set_has(&regions, region))
				chance->zeroless[region] += 1.0F / TRIALS;
		}
	}
	world[length] = chance;
	return chance;
}

/* Of random digits, dialled as they are. */
double
pii_chance_bare(PiiRegion region, int length)
{
	return pii_region_chance(region, length);
}

/* Of random digits with a zero put before them. */
double
pii_chance_zeroless(PiiRegion region, int length)
{
	return world_chance(length)->zeroless[region];
}

/* Of random digits in any region at all. */
double
pii_chance_anywhere(int length)
{
	return world_chance(length)->anywhere;
}

/* Of digits that are known to be valid in some region. */
double
pii_chance_somewhere(PiiRegion region, int length)
{
	double		anywhere = pii_chance_anywhere(length);

	return anywhere <= 0 ? 1.0 :
		Min(pii_region_chance(region, length) / anywhere, 1.0);
}

/* Of random digits behind a plus sign, in no region in particular. */
double
pii_chance_worldwide(int length)
{
	return world_chance(length)->worldwide;
}
