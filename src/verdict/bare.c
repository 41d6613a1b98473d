/*
 * bare.c
 *		Judging columns of bare digits: telephone numbers or chance?
 *
 * A third of all strings of ten digits would be valid in the United States,
 * three quarters in India.  That a share of a column is valid therefore means
 * nothing until it is held against what chance gives, region by region and
 * length by length; and what is not random (sequences, dates, epochs) is not
 * chance and has to be recognised by itself.
 *
 * One region is judged per column, never the union of many.
 */
#include "compat.h"

#include <math.h>

#include "detect/plan.h"
#include "verdict/judge.h"

/* Shares of valid numbers that columns of telephone numbers have. */
static const double phone_shares[] = {0.995, 0.95, 0.85};

/* No single column is evidence of more than this. */
#define BARE_LOGIT_MAX 7.0
#define BARE_LOGIT_MIN (-7.0)

/* What a region must gain by to be inferred: there are some 240 to choose. */
#define INFERENCE_COST 4.0

/* Shorter numbers are codes and counts far more often than telephones. */
#define BARE_MIN_LENGTH 7

/* How many of the values have a length that bare telephone numbers have. */
static int64
long_enough(const PiiEvidence *evidence)
{
	int64		count = 0;

	for (int length = BARE_MIN_LENGTH; length < PII_DIGIT_LENGTHS; length++)
		count += evidence->digit_lengths[length];
	return count;
}

/* The share of the values that chance would make valid in a region. */
static double
chance_share(const PiiEvidence *evidence, PiiRegion region)
{
	double		sum = 0;

	for (int length = 1; length < PII_DIGIT_LENGTHS; length++)
	{
		if (evidence->digit_lengths[length] > 0)
			sum += evidence->digit_lengths[length] *
				pii_region_chance(region, length);
	}
	return sum / evidence->digits;
}

/*
 * Log-likelihood ratio of `valid` among `total` values between telephone
 * numbers, at the share that suits them best, and chance.
 */
static double
likelihood_ratio(int64 valid, int64 total, double chance)
{
	double		best = -INFINITY;

	chance = Min(Max(chance, 1e-6), 0.999);
	for (int i = 0; i < (int) lengthof(phone_shares); i++)
	{
		double		share = phone_shares[i];
		double		ratio = valid * log(share / chance) +
			(total - valid) * log((1 - share) / (1 - chance));

		best = Max(best, ratio);
	}
	return best;
}

/* The region that explains the values best, and the ratio that speaks for it. */
static double
infer_region(const PiiEvidence *evidence, PiiRegion *region)
{
	const int64 *valid = evidence->regions[PII_REGIONS_BARE];

	*region = pii_likely_region(valid, evidence->digits);
	if (*region == PII_REGION_NONE)
		return 0;
	return likelihood_ratio(valid[*region], evidence->digits,
							chance_share(evidence, *region)) - INFERENCE_COST;
}

/*
 * The share of the values whose length is one of the two most frequent: nearly
 * all telephone numbers of a country, far from all of the amounts, sizes and
 * counts that grow over orders of magnitude.
 */
static double
usual_lengths_share(const PiiEvidence *evidence)
{
	int64		first = 0;
	int64		second = 0;

	for (int length = 1; length < PII_DIGIT_LENGTHS; length++)
	{
		int64		count = evidence->digit_lengths[length];

		if (count > first)
		{
			second = first;
			first = count;
		}
		else if (count > second)
			second = count;
	}
	return (double) (first + second) / evidence->digits;
}

/*
 * What the values are instead of telephone numbers, or NULL: dates and times
 * written as one number, what people or machines number one by one, codes.
 */
static const char *
other_meaning(const PiiEvidence *evidence)
{
	double		most = evidence->digits * 0.95;
	double		distinct = pii_evidence_distinct(evidence->sketch);
	double		thousands = pii_evidence_distinct(evidence->thousands);

	if (evidence->dates > most)
		return "the values are dates written as YYYYMMDD";
	if (evidence->epochs > most)
		return "the values are seconds or milliseconds since 1970";
	if (evidence->check_digits > most && evidence->digits >= 3)
		return "the values have the check digit of bar codes";
	if (evidence->digits < 5)
		return NULL;
	if (distinct < 1.5)
		return "every value is the same";
	if (distinct > thousands * 4)
		return "the values are numbered one by one";
	if (evidence->digits >= 50 && distinct * 20 < evidence->digits)
		return "the values are a few codes repeated";
	if (evidence->digits >= 10 && usual_lengths_share(evidence) < 0.7)
		return "the lengths of the values vary as those of quantities do";
	return NULL;
}

/*
 * The log-odds that values of nothing but digits add to the column's being
 * one of telephone numbers, zero where there are too few of them.  Sets the
 * region they were judged by; `given` is it unless PII_REGION_NONE.
 */
double
pii_weigh_bare(const PiiEvidence *evidence, PiiRegion given,
			   PiiRegion *region, StringInfo reasons)
{
	int64		values = evidence->rows - evidence->nulls - evidence->empties;
	const char *meaning;
	double		ratio;
	int64		valid;

	*region = PII_REGION_NONE;
	if (evidence->digits * 2 < values || evidence->digits == 0)
		return 0;
	if (long_enough(evidence) * 2 < evidence->digits)
		return BARE_LOGIT_MIN;
	meaning = other_meaning(evidence);
	if (meaning != NULL)
	{
		pii_reason(reasons, "%s", meaning);
		return BARE_LOGIT_MIN;
	}

	if (given >= 0)
	{
		*region = given;
		ratio = likelihood_ratio(evidence->regions[PII_REGIONS_BARE][given],
								 evidence->digits,
								 chance_share(evidence, given));
	}
	else
		ratio = infer_region(evidence, region);
	if (*region == PII_REGION_NONE)
	{
		pii_reason(reasons, "no region's numbering plan explains these digits");
		return -2;
	}
	valid = evidence->regions[PII_REGIONS_BARE][*region];
	pii_reason(reasons,
			   INT64_FORMAT " of " INT64_FORMAT
			   " values are valid numbers of region %s without punctuation; chance would give " INT64_FORMAT,
			   valid, evidence->digits, pii_region_code(*region),
			   (int64) rint(chance_share(evidence, *region) * evidence->digits));
	return Min(Max(ratio, BARE_LOGIT_MIN), BARE_LOGIT_MAX);
}
