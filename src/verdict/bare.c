/*
 * bare.c
 *		Judging columns of bare digits: telephone numbers or chance?
 *
 * What is not random (dates, times, codes with a check digit, what is numbered
 * one by one) is not chance and has to be recognised by itself; the rest is
 * held against chance, region by region and length by length (region.c).
 *
 * Numbers may stand in a column as they are dialled, without the zero that a
 * column of numbers cannot keep, or behind a calling code without its plus
 * sign.
 */
#include "compat.h"

#include <math.h>

#include "detect/plan.h"
#include "verdict/weigh.h"

/* No column of digits is evidence of more than this. */
#define BARE_LOGIT_MAX 8.5
#define BARE_LOGIT_MIN (-7.0)

/* How often numbers stand in columns of digits in which way. */
#define AS_DIALLED 0.6
#define WITHOUT_ZERO 0.25
#define WITHOUT_PLUS 0.15

/*
 * What it is worth that the lengths are alike and nothing else was recognised:
 * most columns of digits are sequences, amounts or dates.
 */
#define SAME_LENGTH_LOGIT 6.0

/*
 * What it takes away that nearly all values could be times: some countries'
 * numbers without their zero could be, too, and a name may say so.
 */
#define EPOCH_LOGIT (-4.4)

/*
 * What it takes away that the values look like a range of numbers from a power
 * of ten on, as those of customers and articles do.
 */
#define RANGE_LOGIT 3.5
#define RANGE_MIN 30			/* fewer do not show all second digits */

/* What it is worth that few values are repeated over and over, as codes are. */
#define REPEATED_LOGIT 3.0

/* What speaks against digits where most values are something else. */
#define MINORITY_LOGIT 2.0

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

/*
 * Whether values of one sort are most of those that are neither e-mail
 * addresses nor of the `other` sort of number: a column may hold what people
 * can be reached by.
 */
bool
pii_are_most(const PiiEvidence *evidence, int64 count, int64 other,
			 int64 values)
{
	return count * 2 >= values - other - evidence->kinds[PII_EMAIL].whole;
}

/*
 * Whether people or machines numbered the values one by one: far fewer
 * thousands than values.
 */
bool
pii_is_numbered(const PiiEvidence *evidence)
{
	return pii_evidence_distinct(evidence->sketch) >
		pii_evidence_distinct(evidence->thousands) * 4;
}

/*
 * Whether numbers, bare or punctuated, begin with a day.  Of those of persons
 * and batches all do, but for those with a zero in front, which do not count.
 */
bool
pii_begin_with_day(const PiiEvidence *evidence)
{
	int64		numbers = evidence->digits + evidence->shaped;

	return numbers >= 4 && evidence->days * 5 >= numbers * 3;
}

/*
 * What the values are instead of telephone numbers, or NULL.  Of the schemes
 * of check digits some have exceptions, and by chance one in ten passes.
 */
static const char *
other_meaning(const PiiEvidence *evidence)
{
	double		nearly_all = evidence->digits * 0.95;
	double		most = evidence->digits >= 5 ? evidence->digits * 0.85 :
		evidence->digits - 0.5;

	if (evidence->dates > nearly_all)
		return "the values are dates written as one number, or begin with one";
	if (pii_begin_with_day(evidence))
		return "the values begin with a date";
	if (evidence->digits >= 3 && evidence->check_digits > most)
		return "the values have the check digit of bar codes";
	if (evidence->digits >= 3 && evidence->luhn > most)
		return "the values have the check digit of card and device numbers";
	if (evidence->digits >= 3 && evidence->modulo_11 > most)
		return "the values have a check digit modulo 11";
	for (int check = 0; check < PII_CHECKS; check++)
	{
		if (evidence->digits >= 5 && evidence->checks[check] > most)
			return "the values have the check digit of numbers of persons or firms";
	}
	if (evidence->digits >= 5 && pii_is_numbered(evidence))
		return "the values are numbered one by one";
	return NULL;
}

/* The values in one of the ways in which they may stand for numbers. */
static double
weigh_way(const PiiEvidence *evidence, PiiRegionEvidence way, PiiRegion given,
		  PiiNumbersWeight *weight)
{
	PiiNumbers	numbers;

	numbers.valid = evidence->regions[way];
	numbers.lengths = evidence->digit_lengths;
	numbers.total = evidence->digits;
	numbers.dialling = way == PII_REGIONS_BARE ? PII_DIALLED :
		PII_DIALLED_ZEROLESS;
	pii_count_draws(evidence, evidence->digits, &numbers.draws);
	pii_weigh_numbers(&numbers, given, weight);
	return weight->logit;
}

/* The values as numbers of the whole world that lack their plus sign. */
static double
weigh_worldwide(const PiiEvidence *evidence)
{
	PiiNumbers	numbers;

	if (evidence->worldwide * 2 < evidence->digits)
		return -INFINITY;
	numbers.lengths = evidence->digit_lengths;
	numbers.total = evidence->digits;
	numbers.dialling = PII_DIALLED_WORLDWIDE;
	pii_count_draws(evidence, evidence->digits, &numbers.draws);
	return pii_weigh_abroad(&numbers, evidence->worldwide);
}

/*
 * What the lengths say: telephone numbers of a country have one length or two
 * in most cases; amounts, sizes and counts grow over orders of magnitude, but
 * none of them begins with a zero.
 */
static double
weigh_lengths(const PiiEvidence *evidence, const PiiJudgement *judgement)
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
	if ((first + second) * 5 < evidence->digits * 4 &&
		evidence->leading_digits[0] * 2 < evidence->digits)
		return 0;
	return pii_lift(judgement, SAME_LENGTH_LOGIT);
}

/* Say what was found; the numbers are of the region if that speaks for them. */
static void
explain(const PiiEvidence *evidence, const PiiNumbersWeight *weight,
		const char *how, PiiFinding *finding)
{
	if (weight->region < 0)
		return;
	if (weight->logit > 0)
	{
		finding->region = weight->region;
		finding->bare = weight->valid;
	}
	pii_reason(&finding->reasons,
			   INT64_FORMAT " of " INT64_FORMAT
			   " values are valid numbers of region %s %s; chance would give " INT64_FORMAT,
			   weight->valid, evidence->digits,
			   pii_region_code(weight->region), how,
			   (int64) rint(weight->chance * evidence->digits));
}

/*
 * Whether numbers begin with 1, or with 1 and 2, or up to 3, and with any digit
 * behind it, as those do that were handed out from a power of ten on.  Where
 * telephone numbers begin with 1, not every digit follows it.
 */
static bool
are_range(const PiiEvidence *evidence)
{
	const int64 *leading = evidence->leading_digits;
	int64		total = evidence->digits;
	double		pairs = pii_evidence_distinct(evidence->openings[1]);
	int			first_digits = 0;

	if (total < RANGE_MIN || leading[1] * 5 < total ||
		(leading[1] + leading[2] + leading[3]) * 20 < total * 19)
		return false;
	for (int digit = 1; digit <= 3; digit++)
		first_digits += leading[digit] * 50 > total;
	return pairs > Max(8.5, (first_digits - 1) * 10.0 + 0.5);
}

/*
 * The log-likelihood ratio of digits between telephone numbers, in whichever
 * way they stand there, and chance.
 */
static double
weigh_ways(const PiiEvidence *evidence, PiiRegion given, PiiFinding *finding)
{
	PiiNumbersWeight dialled;
	PiiNumbersWeight zeroless;
	double		as_dialled = log(AS_DIALLED) +
		weigh_way(evidence, PII_REGIONS_BARE, given, &dialled);
	double		without_zero = log(WITHOUT_ZERO) +
		weigh_way(evidence, PII_REGIONS_ZEROLESS, given, &zeroless);
	double		without_plus = log(WITHOUT_PLUS) + weigh_worldwide(evidence);
	PiiDraws	draws;

	pii_count_draws(evidence, evidence->digits, &draws);
	if (pii_begin_alike(&draws))
	{
		pii_reason(&finding->reasons, "the values begin alike, as codes do");
		as_dialled -= PII_ALIKE_LOGIT;
		without_zero -= PII_ALIKE_LOGIT;
	}
	if (are_range(evidence))
	{
		pii_reason(&finding->reasons,
				   "the values begin as a range of numbers from a power of ten on does");
		as_dialled -= RANGE_LOGIT;
		without_zero -= RANGE_LOGIT;
	}
	if (Max(Max(as_dialled, without_zero), without_plus) == -INFINITY)
		pii_reason(&finding->reasons,
				   "no region's numbering plan explains these digits");
	else if (as_dialled >= Max(without_zero, without_plus))
		explain(evidence, &dialled, "without punctuation", finding);
	else if (without_zero >= without_plus)
		explain(evidence, &zeroless, "but for a zero in front", finding);
	else
	{
		finding->bare = without_plus > 0 ? evidence->worldwide : 0;
		pii_reason(&finding->reasons,
				   INT64_FORMAT " of " INT64_FORMAT
				   " values are valid numbers in international form but for a plus sign",
				   evidence->worldwide, evidence->digits);
	}
	return pii_add_logs(pii_add_logs(as_dialled, without_zero), without_plus);
}

/* The log-odds that values of nothing but digits add, few or many. */
static double
weigh_digits(const PiiEvidence *evidence, const PiiJudgement *judgement,
			 PiiFinding *finding)
{
	const char *meaning;
	double		logit;

	if (long_enough(evidence) * 2 < evidence->digits)
		return BARE_LOGIT_MIN;
	meaning = other_meaning(evidence);
	if (meaning != NULL)
	{
		pii_reason(&finding->reasons, "%s", meaning);
		return BARE_LOGIT_MIN;
	}
	if (evidence->epochs > evidence->digits * 0.95)
	{
		pii_reason(&finding->reasons,
				   "the values are times counted since 1970, it seems");
		return EPOCH_LOGIT;
	}
	logit = weigh_ways(evidence, judgement->region, finding) +
		weigh_lengths(evidence, judgement);
	if (evidence->digits >= 50 &&
		pii_evidence_distinct(evidence->sketch) * 20 < evidence->digits)
	{
		pii_reason(&finding->reasons, "they are few, and repeated");
		logit -= REPEATED_LOGIT;
	}
	return Min(Max(logit, BARE_LOGIT_MIN), BARE_LOGIT_MAX);
}

/*
 * The log-odds that values of nothing but digits add to the column's being
 * one of telephone numbers; zero where there are too few of them.  Where most
 * values are something else, digits that are no telephone numbers say nothing
 * of the rest.
 */
double
pii_weigh_bare(const PiiEvidence *evidence, const PiiJudgement *judgement,
			   PiiFinding *finding)
{
	int			said = finding->reasons.len;
	double		logit;

	if (evidence->digits == 0 || evidence->digits * 5 < finding->values)
		return 0;
	logit = weigh_digits(evidence, judgement, finding);
	if (pii_are_most(evidence, evidence->digits, evidence->shaped,
					 finding->values))
		return logit;
	if (logit > (judgement->name_logit > 0 ? 0 : MINORITY_LOGIT))
		return logit - MINORITY_LOGIT;
	finding->bare = 0;
	finding->region = PII_REGION_NONE;
	finding->reasons.len = said;
	finding->reasons.data[said] = '\0';
	return 0;
}
