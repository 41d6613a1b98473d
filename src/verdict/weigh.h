/*
 * weigh.h
 *		What the files of the judge share; nobody else includes it.
 *
 * judge.c weighs names, addresses and numbers in international form, bare.c
 * bare digits, written.c numbers as a country writes them; region.c and
 * chance.c tell how much better than chance a region explains them.  All
 * weights are log-odds, or logarithms of a likelihood ratio.
 */
#ifndef PII_WEIGH_H
#define PII_WEIGH_H

#include "verdict/judge.h"

/* Log-odds to which what a column looks like can lift it. */
#define PII_LIFTED_LOGIT 1.0

/* What it takes away from that when the name speaks of something else. */
#define PII_OTHER_LOGIT 2.0

/*
 * What it takes away that the values begin alike, as codes do, and telephone
 * numbers of one town.
 */
#define PII_ALIKE_LOGIT 1.5

/*
 * Log-odds when nothing is known of the name: of all columns of text, about
 * one in eighty holds the kind.
 */
#define PII_NEUTRAL_LOGIT (-4.4)

/* What is known before the values are weighed. */
typedef struct PiiJudgement
{
	double		name_logit;		/* log-odds by the name, the prior included */
	bool		of_other;		/* the name speaks of something else */
	PiiRegion	region;			/* given, or PII_REGION_NONE */
} PiiJudgement;

/*
 * What a trait is worth that makes a column one of few in which the kind is
 * likely: it lifts the odds to better than even, less so where the name speaks of
 * something else, and says nothing where the name has said as much.
 */
static inline double
pii_lift(const PiiJudgement *judgement, double most)
{
	double		lift = Min(Max(PII_LIFTED_LOGIT - judgement->name_logit, 0),
						   most);

	return judgement->of_other ? lift - PII_OTHER_LOGIT : lift;
}

/* How digits are taken for a telephone number. */
typedef enum PiiDialling
{
	PII_DIALLED,				/* as they are, in a region */
	PII_DIALLED_ZEROLESS,		/* behind a zero that is not there */
	PII_DIALLED_SOMEWHERE,		/* in a region, known to be valid in some */
	PII_DIALLED_ANYWHERE,		/* in any region at all */
	PII_DIALLED_WORLDWIDE		/* behind a plus sign that is not there */
} PiiDialling;

/* How many numbers differ, as estimated. */
typedef struct PiiDraws
{
	double		numbers;
	double		openings[PII_OPENING_DEPTHS];	/* in their first digit, their
												 * first two, three, and more */
} PiiDraws;

/* Numbers of a column whose region is looked for. */
typedef struct PiiNumbers
{
	const int64 *valid;			/* how many are valid, by region */
	const int64 *lengths;		/* how many there are, by number of digits */
	int64		total;			/* ... in all */
	PiiDraws	draws;
	PiiDialling dialling;
} PiiNumbers;

/* What was found of them. */
typedef struct PiiNumbersWeight
{
	double		logit;			/* log-likelihood ratio to chance */
	PiiRegion	region;			/* that explains them best */
	int64		valid;			/* numbers valid there */
	double		chance;			/* share that chance makes valid there */
} PiiNumbersWeight;

/* region.c */
extern double pii_add_logs(double a, double b);
extern void pii_weigh_numbers(const PiiNumbers *numbers, PiiRegion given,
							  PiiNumbersWeight *weight);
extern double pii_weigh_abroad(const PiiNumbers *numbers, int64 valid);

/* chance.c */
extern double pii_chance(PiiDialling dialling, PiiRegion region, int length);
extern void pii_count_draws(const PiiEvidence *evidence, int64 numbers,
							PiiDraws *draws);
extern bool pii_begin_alike(const PiiDraws *draws);
extern bool pii_begin_as_one(const PiiDraws *draws);
extern double pii_independent_draws(const PiiDraws *draws,
									PiiDialling dialling, PiiRegion region,
									int length);

/* bare.c */
extern bool pii_are_most(const PiiEvidence *evidence, int64 count,
						 int64 other, int64 values);
extern bool pii_begin_with_day(const PiiEvidence *evidence);
extern bool pii_is_numbered(const PiiEvidence *evidence);
extern double pii_weigh_bare(const PiiEvidence *evidence,
							 const PiiJudgement *judgement,
							 PiiFinding *finding);

/* written.c */
extern double pii_weigh_written(const PiiEvidence *evidence,
								const PiiJudgement *judgement,
								PiiFinding *finding);
extern double pii_weigh_in_text(const PiiEvidence *evidence,
								const PiiJudgement *judgement,
								PiiFinding *finding);

/* judge.c */
extern double pii_weigh_matches(double trust, int64 matched, double most);

/* Add a sentence to the reasons. */
#define pii_reason(reasons, ...) \
	do { \
		appendStringInfo((reasons), __VA_ARGS__); \
		appendStringInfoChar((reasons), '\n'); \
	} while (0)

#endif							/* PII_WEIGH_H */
