/*
 * chance.c
 *		How often the world's numbering plan takes random digits for a number,
 *		and how many of a column's numbers bear on that independently.
 *
 * For digits dialled in one region the plan knows (pii_region_chance).  The
 * rest is measured on strings of digits from a fixed sequence, once per length
 * and backend: that costs a few milliseconds, and cannot fall behind when the
 * plan is generated anew.
 *
 * Whether a number is valid is decided digit by digit, and where differs: in
 * Spain by the first, in the United States by the third and fourth.  Of a
 * column whose numbers all begin alike so far, one tells it for all.
 */
#include "compat.h"

#include <math.h>

#include "utils/memutils.h"

#include "detect/plan.h"
#include "verdict/weigh.h"

#define TAILS 8					/* tried behind each beginning of three digits */
#define ALIKE_MIN 8				/* fewer numbers begin alike by chance */
#define DEPTHS (PII_OPENING_DEPTHS - 1) /* beginnings of one to three digits */

/* Ways to take digits, told apart in one array. */
#define ZEROLESS PII_EVIDENCE_REGIONS
#define ANYWHERE (2 * PII_EVIDENCE_REGIONS)
#define WORLDWIDE (ANYWHERE + 1)
#define WAYS (WORLDWIDE + 1)

/* Of random strings of a length of which the first digit is no zero. */
typedef struct LengthChance
{
	float		valid[WAYS];	/* share that is valid */
	float		open[DEPTHS][WAYS]; /* share of the beginnings of one to three
									 * digits, as it were, that leave it open */
} LengthChance;

/* What is counted while the strings are tried. */
typedef struct Trials
{
	int			hits[DEPTHS + 1][WAYS]; /* behind the present beginning; of
										 * none: in all */
	double		pairs[DEPTHS][WAYS];	/* pairs of hits behind one beginning */
} Trials;

static LengthChance *known[PII_DIGIT_LENGTHS];

/* Count in which ways digits are valid; a zero stands before them. */
static void
try_digits(const uint8 *digits, int length, int *hits)
{
	PiiRegionSet regions;
	PiiPlanNumber number;

	hits[ANYWHERE] += pii_plan_dial_anywhere(digits, length, &regions) > 0;
	hits[WORLDWIDE] += pii_plan_international(digits, length, &number);
	for (PiiRegion region = 0; region < pii_plan_regions(); region++)
		hits[region] += pii_region_set_has(&regions, region);
	pii_plan_dial_anywhere(digits - 1, length + 1, &regions);
	for (PiiRegion region = 0; region < pii_plan_regions(); region++)
		hits[ZEROLESS + region] += pii_region_set_has(&regions, region);
}

/* Close the present beginning of some depth: hand its hits to the one above. */
static void
close_beginning(Trials *trials, int depth)
{
	for (int way = 0; way < WAYS; way++)
	{
		double		hits = trials->hits[depth][way];

		trials->pairs[depth - 1][way] += hits * (hits - 1);
		trials->hits[depth - 1][way] += trials->hits[depth][way];
		trials->hits[depth][way] = 0;
	}
}

/* Try strings behind each beginning of three digits. */
static void
try_all(Trials *trials, int length)
{
	uint64		state = length;
	uint8		digits[PII_DIGIT_LENGTHS + 1] = {0};

	for (int beginning = 100; beginning < 1000; beginning++)
	{
		digits[1] = beginning / 100;
		digits[2] = beginning / 10 % 10;
		digits[3] = beginning % 10;
		for (int tail = 0; tail < TAILS; tail++)
		{
			for (int i = 4; i <= length; i++)
			{
				/*
				 * Knuth's linear congruence; its high bits are the random
				 * ones
				 */
				state = state * UINT64CONST(6364136223846793005) +
					UINT64CONST(1442695040888963407);
				digits[i] = (uint8) ((state >> 33) % 10);
			}
			try_digits(digits + 1, length, trials->hits[3]);
		}
		close_beginning(trials, 3);
		if (beginning % 10 == 9)
			close_beginning(trials, 2);
		if (beginning % 100 == 99)
			close_beginning(trials, 1);
	}
}

/*
 * Measure a length.  A beginning leaves open what it does not decide: were half
 * of the beginnings always valid and the rest never, one half would be open;
 * were each valid half of the time, all.  In general it is the square of the
 * mean by the mean of the squares.
 */
static const LengthChance *
length_chance(int length)
{
	static const int beginnings[DEPTHS] = {9, 90, 900};
	LengthChance *chance = known[length];
	Trials	   *trials;

	if (chance != NULL)
		return chance;
	chance = MemoryContextAllocZero(TopMemoryContext, sizeof(LengthChance));
	trials = palloc0(sizeof(Trials));
	if (length > DEPTHS)
		try_all(trials, length);
	for (int way = 0; way < WAYS; way++)
	{
		double		mean = trials->hits[0][way] / (900.0 * TAILS);

		chance->valid[way] = mean;
		for (int depth = 0; depth < DEPTHS; depth++)
		{
			double		strings = 900.0 * TAILS / beginnings[depth];
			double		square = trials->pairs[depth][way] /
				(beginnings[depth] * strings * (strings - 1));

			chance->open[depth][way] = square <= 0 ? 1 :
				Min(mean * mean / square, 1);
		}
	}
	pfree(trials);
	known[length] = chance;
	return chance;
}

/* The share of random digits that is valid. */
double
pii_chance(PiiDialling dialling, PiiRegion region, int length)
{
	double		anywhere;

	switch (dialling)
	{
		case PII_DIALLED:
			return pii_region_chance(region, length);
		case PII_DIALLED_ZEROLESS:
			return length_chance(length)->valid[ZEROLESS + region];
		case PII_DIALLED_ANYWHERE:
			return length_chance(length)->valid[ANYWHERE];
		case PII_DIALLED_WORLDWIDE:
			return length_chance(length)->valid[WORLDWIDE];
		case PII_DIALLED_SOMEWHERE:
			anywhere = length_chance(length)->valid[ANYWHERE];
			return anywhere <= 0 ? 1.0 :
				Min(pii_region_chance(region, length) / anywhere, 1.0);
	}
	pg_unreachable();
}

/* Count the numbers of a column that differ, and the ways they begin. */
void
pii_count_draws(const PiiEvidence *evidence, int64 numbers, PiiDraws *draws)
{
	draws->numbers = Min(pii_evidence_distinct(evidence->sketch),
						 (double) numbers);
	for (int depth = 0; depth < PII_OPENING_DEPTHS; depth++)
		draws->openings[depth] =
			Min(pii_evidence_distinct(evidence->openings[depth]),
				draws->numbers);
}

/*
 * Whether the numbers of a column begin so much alike as codes do: with few
 * groups of three digits, or with the same two digits and any third.
 */
bool
pii_begin_alike(const PiiDraws *draws)
{
	return draws->numbers >= ALIKE_MIN &&
		(draws->openings[2] < 3.5 ||
		 (draws->openings[1] < 1.5 && draws->openings[2] > 9));
}

/*
 * Whether all of them begin with the same three digits, as those of orders do
 * that carry the year in front: of towns few have an area code that long, and
 * no other digits behind its zero.
 */
bool
pii_begin_as_one(const PiiDraws *draws)
{
	return draws->numbers >= ALIKE_MIN && draws->openings[2] < 1.5;
}

/*
 * How many of a column's numbers, most of which have some length, are
 * independent of each other for their being valid.  Of numbers that begin
 * alike it is the ways they begin, by how much is decided at that depth;
 * numbers that nothing but their zero makes valid are decided behind it.  That
 * all have the same calling code is no wonder.
 */
double
pii_independent_draws(const PiiDraws *draws, PiiDialling dialling,
					  PiiRegion region, int length)
{
	const LengthChance *chance = length_chance(length);
	int			way = region;
	double		before = 1;
	double		decided = 0;
	double		sum = 0;

	if (dialling == PII_DIALLED_WORLDWIDE || draws->numbers < ALIKE_MIN ||
		(draws->openings[1] > 1.5 && draws->openings[2] > 3.5))
		return Max(draws->openings[DEPTHS], 1.0);
	if (dialling == PII_DIALLED_ANYWHERE)
		way = ANYWHERE;
	else if (dialling == PII_DIALLED_ZEROLESS)
		way = ZEROLESS + region;
	else if (chance->valid[way] < 0.001)
	{
		chance = length_chance(length - 1);
		way = ZEROLESS + region;
	}
	for (int depth = 0; depth < PII_OPENING_DEPTHS; depth++)
	{
		double		open = Max(depth < DEPTHS ? chance->open[depth][way] :
							   chance->valid[way], 1e-4);

		if (open < before)
		{
			sum += log(before / open) * draws->openings[depth];
			decided += log(before / open);
			before = open;
		}
	}
	return Max(decided > 0 ? sum / decided : draws->openings[DEPTHS], 1.0);
}
