/*
 * region.c
 *		Which region a column of national numbers is of, and how much better
 *		that explains the values than chance does.
 *
 * That a share of a column is valid somewhere means nothing by itself: a third
 * of all strings of ten digits would be valid in the United States, three
 * quarters in India.  So for each region the likelihood of the valid share
 * among telephone numbers is held against that among random digits of the same
 * lengths, and the ratios are summed by how likely a region is beforehand.
 *
 * A column is of one region: the union of many would make anything valid.
 * Where plans overlap (every number of one island of the North American plan
 * is valid like one of the United States), the larger economy wins, which is
 * about the order of how many databases hold their numbers.
 */
#include "compat.h"

#include <math.h>

#include "detect/plan.h"
#include "verdict/weigh.h"

/*
 * Shares of valid numbers in columns of telephone numbers: density 14 p^13, so
 * that half of the columns have more than 95 % and one in fifty less than
 * 75 %.
 */
#define PHONE_SHARES 14.0

/* Of those that are valid anywhere: a mistyped number may well be, too. */
#define ANYWHERE_SHARES 40.0

/*
 * How random the digits of other columns are: the share of valid ones among
 * them is spread around that of random digits as among so many draws.
 */
#define RANDOMNESS 30.0

/* How many columns of numbers that are not telephone numbers are codes. */
#define CODES 0.01

/*
 * More numbers than this do not tell regions apart any better: what is valid
 * by chance in one plan and not in another is so for whole blocks of numbers.
 */
#define FIT_DRAWS 5.0

/* A region's probability beforehand falls as one over its rank. */
#define RANK_OFFSET 1.0

/* That of the regions beyond the list, which are as many again. */
#define RANK_OF_REST 400

/* The largest economies first (gross domestic product of 2023, IMF). */
static const char economies[][3] = {
	"US", "CN", "DE", "JP", "IN", "GB", "FR", "IT", "BR", "CA",
	"RU", "MX", "AU", "KR", "ES", "ID", "TR", "NL", "SA", "CH",
	"PL", "TW", "BE", "AR", "SE", "IE", "NO", "AT", "IL", "TH",
	"AE", "SG", "BD", "PH", "VN", "MY", "DK", "EG", "HK", "NG",
	"IR", "ZA", "CO", "RO", "CL", "CZ", "PK", "FI", "PT", "PE",
	"KZ", "NZ", "GR", "IQ", "DZ", "QA", "HU", "UA", "KW", "ET",
	"MA", "SK", "EC", "DO", "KE", "GT", "BG", "UZ", "VE", "CR",
	"LU", "HR", "PA", "LK", "UY", "RS", "LT", "GH", "CI", "TZ",
	"BY", "SI", "MM", "JO", "TN", "UG", "CM", "BO", "LV", "PY",
	"EE", "NP", "KH", "CY", "IS", "HN", "SV", "SN", "GE", "ZW"
};

/* A region's place in that order; the same for all the rest. */
static int
economy_rank(PiiRegion region)
{
	const char *code = pii_region_code(region);

	for (int rank = 0; rank < (int) lengthof(economies); rank++)
	{
		if (strcmp(economies[rank], code) == 0)
			return rank;
	}
	return RANK_OF_REST;
}

/* The logarithm of a region's probability beforehand. */
static double
region_prior(PiiRegion region)
{
	static double total = 0;

	if (total == 0)
	{
		for (PiiRegion i = 0; i < pii_plan_regions(); i++)
			total += 1.0 / (economy_rank(i) + RANK_OFFSET);
	}
	return -log((economy_rank(region) + RANK_OFFSET) * total);
}

/* The logarithm of the sum of two numbers given by theirs. */
double
pii_add_logs(double a, double b)
{
	double		larger = Max(a, b);

	if (larger == -INFINITY)
		return larger;
	return larger + log(exp(a - larger) + exp(b - larger));
}

/* The logarithm of the beta function. */
static double
log_beta(double a, double b)
{
	return lgamma(a) + lgamma(b) - lgamma(a + b);
}

/*
 * The logarithm of the probability of `hits` and `misses` in a given order,
 * when the share of hits is spread by a beta distribution.
 */
static double
log_average(double hits, double misses, double a, double b)
{
	return log_beta(hits + a, misses + b) - log_beta(a, b);
}

/*
 * The log-likelihood ratio of a share of valid ones among `draws` numbers,
 * between telephone numbers, of which it has the density `phones` p^(phones -
 * 1), and what else there is: digits more or less at random, of which about a
 * share `chance` is valid, and now and then codes whose makers had a plan of
 * their own, of which any share may be.
 */
static double
likelihood_ratio(double share, double draws, double chance, double phones)
{
	double		hits = share * draws;
	double		misses = draws - hits;
	double		ratio;

	chance = Min(Max(chance, 1e-4), 0.98);
	ratio = log_average(hits, misses, phones, 1) -
		pii_add_logs(log(1 - CODES) +
					 log_average(hits, misses, chance * RANDOMNESS,
								 (1 - chance) * RANDOMNESS),
					 log(CODES) + log_average(hits, misses, 1, 1));
	return share > chance ? ratio : Min(ratio, 0);
}

/*
 * How well a region explains the numbers, compared to other regions: the fewer
 * others it would have allowed, the better.
 */
static double
fit(double share, double draws, double chance)
{
	double		hits;
	double		misses;

	draws = Min(draws, FIT_DRAWS);
	chance = Min(Max(chance, 1e-4), 0.98);
	hits = share * draws;
	misses = draws - hits;
	return log_average(hits, misses, PHONE_SHARES, 1) -
		hits * log(chance) - misses * log(1 - chance);
}

/* The share of numbers of these lengths that chance makes valid. */
static double
chance_share(const PiiNumbers *numbers, PiiRegion region)
{
	double		sum = 0;

	for (int length = 1; length < PII_DIGIT_LENGTHS; length++)
	{
		if (numbers->lengths[length] > 0)
			sum += numbers->lengths[length] *
				pii_chance(numbers->dialling, region, length);
	}
	return sum / numbers->total;
}

/* The length that most of the numbers have. */
static int
usual_length(const PiiNumbers *numbers)
{
	int			usual = 1;

	for (int length = 2; length < PII_DIGIT_LENGTHS; length++)
	{
		if (numbers->lengths[length] > numbers->lengths[usual])
			usual = length;
	}
	return usual;
}

/*
 * Weigh numbers of no region in particular, of which so many are valid: the
 * log-likelihood ratio between telephone numbers and chance.
 */
double
pii_weigh_abroad(const PiiNumbers *numbers, int64 valid)
{
	double		draws = pii_independent_draws(&numbers->draws,
											  numbers->dialling,
											  PII_REGION_NONE,
											  usual_length(numbers));

	return likelihood_ratio((double) valid / numbers->total, draws,
							chance_share(numbers, PII_REGION_NONE),
							numbers->dialling == PII_DIALLED_ANYWHERE ?
							ANYWHERE_SHARES : PHONE_SHARES);
}

/*
 * Weigh numbers: the log-likelihood ratio between telephone numbers of one
 * region, whichever it is (or that which is given), and chance.
 */
void
pii_weigh_numbers(const PiiNumbers *numbers, PiiRegion given,
				  PiiNumbersWeight *weight)
{
	int			length = usual_length(numbers);
	double		best = -INFINITY;

	weight->logit = -INFINITY;
	weight->region = PII_REGION_NONE;
	weight->valid = 0;
	weight->chance = 0;
	for (PiiRegion region = 0; region < pii_plan_regions(); region++)
	{
		int64		valid = Min(numbers->valid[region], numbers->total);
		double		share = (double) valid / numbers->total;
		double		prior = given >= 0 ? 0 : region_prior(region);
		double		chance;
		double		draws;
		double		fits;

		if (given >= 0 ? region != given : valid * 2 < numbers->total)
			continue;
		chance = chance_share(numbers, region);
		draws = pii_independent_draws(&numbers->draws, numbers->dialling,
									  region, length);
		weight->logit = pii_add_logs(weight->logit, prior +
									 likelihood_ratio(share, draws, chance,
													  PHONE_SHARES));
		fits = prior + fit(share, draws, chance);
		if (fits > best)
		{
			best = fits;
			weight->region = region;
			weight->valid = valid;
			weight->chance = chance;
		}
	}
}
