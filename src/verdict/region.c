/*
 * region.c
 *		Which region a column of national numbers is of.
 *
 * Plans overlap: every number of one island of the North American plan is
 * written and valid like one of the United States.  Where several regions
 * explain the values equally well, ties go by the order of their economies,
 * which is about that of how many databases hold their numbers.
 */
#include "compat.h"

#include "detect/plan.h"
#include "verdict/judge.h"

/* Regions that explain the values within this share of the best are equal. */
#define EQUALLY_WELL 0.02

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
	return lengthof(economies);
}

/*
 * The region that explains the values best, given in how many of `total` each
 * is valid.  PII_REGION_NONE when none is valid anywhere.
 */
PiiRegion
pii_likely_region(const int64 *valid, int64 total)
{
	PiiRegion	likely = PII_REGION_NONE;
	int			rank = 0;
	int64		most = 0;

	for (PiiRegion i = 0; i < pii_plan_regions(); i++)
		most = Max(most, valid[i]);
	for (PiiRegion i = 0; i < pii_plan_regions(); i++)
	{
		int			rank_here;

		if (valid[i] == 0 || valid[i] < most - total * EQUALLY_WELL)
			continue;
		rank_here = economy_rank(i);
		if (likely == PII_REGION_NONE || rank_here < rank ||
			(rank_here == rank && valid[i] > valid[likely]))
		{
			likely = i;
			rank = rank_here;
		}
	}
	return likely;
}
