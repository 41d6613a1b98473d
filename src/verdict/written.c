/*
 * written.c
 *		Judging numbers written the way a country writes them, of which nobody
 *		has said which country it is.
 *
 * Almost any group of digits is a telephone number somewhere.  Numbers of one
 * column are valid in one region together; groups of digits of other origin
 * are so by chance.  Where the numbers fill their values, those that are valid
 * nowhere count as well; in running text nobody knows of them, and chance is
 * that of digits which are valid somewhere.
 */
#include "compat.h"

#include <math.h>

#include "detect/plan.h"
#include "verdict/weigh.h"

/* What punctuation like that of telephone numbers is worth in itself. */
#define PUNCTUATED_LOGIT 6.0
#define MARKED_LOGIT 3.5

/* How often the numbers of a column are of many regions and say not which. */
#define OF_MANY_REGIONS 0.1

/* What speaks against digits that stand alone where most values have none. */
#define STRAY_LOGIT 5.0

/* What speaks against numbers longer than those of any country. */
#define LONG_LENGTH 13
#define LONG_LOGIT 4.0

#define WRITTEN_LOGIT_MAX 9.0
#define WRITTEN_LOGIT_MIN (-7.0)

/* Add up the lengths of numbers of both origins; returns how many there are. */
static int64
add_lengths(const int64 *valid, const int64 *unknown, int64 *lengths)
{
	int64		total = 0;

	for (int i = 0; i < PII_DIGIT_LENGTHS; i++)
	{
		lengths[i] = valid[i] + (unknown == NULL ? 0 : unknown[i]);
		total += lengths[i];
	}
	return total;
}

/*
 * Whether most numbers have more digits than anyone dials inside a country,
 * though some plans leave room for them.
 */
static bool
are_long(const int64 *lengths, int64 total)
{
	int64		count = 0;

	for (int length = LONG_LENGTH; length < PII_DIGIT_LENGTHS; length++)
		count += lengths[length];
	return count * 2 > total;
}

/*
 * Weigh numbers of many regions at once: all of them are valid somewhere,
 * which chance makes of most but not of all.  Of values that are valid nowhere
 * a part may be, which does not make them so.
 */
static double
weigh_anywhere(const PiiEvidence *evidence, const int64 *lengths, int64 total)
{
	PiiNumbers	numbers;
	int64		parts = evidence->forms[PII_FORM_NATIONAL] -
		evidence->whole_forms[PII_FORM_NATIONAL];
	int64		valid = 0;

	for (int length = 1; length < PII_DIGIT_LENGTHS; length++)
		valid += evidence->written_lengths[length];
	valid = Max(valid - parts, 0);
	numbers.lengths = lengths;
	numbers.total = total;
	numbers.dialling = PII_DIALLED_ANYWHERE;
	pii_count_draws(evidence, total, &numbers.draws);
	return pii_weigh_abroad(&numbers, valid);
}

/* Weigh numbers whose lengths are given. */
static double
weigh_lengths(const PiiEvidence *evidence, const int64 *lengths, int64 total,
			  PiiRegion given, PiiDialling dialling, PiiFinding *finding)
{
	PiiNumbers	numbers;
	PiiNumbersWeight weight;

	numbers.valid = evidence->regions[PII_REGIONS_NATIONAL];
	numbers.lengths = lengths;
	numbers.total = total;
	numbers.dialling = dialling;
	pii_count_draws(evidence, total, &numbers.draws);
	pii_weigh_numbers(&numbers, given, &weight);
	if (weight.region < 0)
		pii_reason(&finding->reasons,
				   "no one region's numbering plan explains them");
	else
	{
		if (weight.logit > 0)
			finding->region = weight.region;
		pii_reason(&finding->reasons,
				   INT64_FORMAT " of " INT64_FORMAT
				   " are valid in region %s; chance would give " INT64_FORMAT,
				   weight.valid, total, pii_region_code(weight.region),
				   (int64) rint(weight.chance * total));
	}
	return weight.logit;
}

/*
 * The log-odds that values add which are punctuated as telephone numbers are.
 * Of those in international form more is known; they are left to the judge.
 */
double
pii_weigh_written(const PiiEvidence *evidence, const PiiJudgement *judgement,
				  PiiFinding *finding)
{
	bool		marked = evidence->marked * 2 >= evidence->shaped;
	int64		lengths[PII_DIGIT_LENGTHS];
	int64		total = add_lengths(evidence->written_lengths,
									evidence->unknown_lengths, lengths);
	double		logit = 0;
	PiiDraws	draws;

	if (evidence->shaped * 5 < finding->values ||
		!pii_are_most(evidence, evidence->shaped, evidence->digits,
					  finding->values) ||
		(total == 0 && evidence->forms[PII_FORM_NATIONAL] == 0))
		return 0;
	pii_reason(&finding->reasons,
			   INT64_FORMAT " of " INT64_FORMAT
			   " values are punctuated as phone numbers are%s",
			   evidence->shaped, finding->values,
			   marked ? ", and as little else is" : "");
	if (!marked && evidence->shaped >= 5 && pii_is_numbered(evidence))
	{
		pii_reason(&finding->reasons, "the values are numbered one by one");
		return WRITTEN_LOGIT_MIN;
	}
	if (!marked && pii_begin_with_day(evidence))
	{
		pii_reason(&finding->reasons, "the values begin with a date");
		return WRITTEN_LOGIT_MIN;
	}
	if (total > 0)
	{
		logit = weigh_lengths(evidence, lengths, total, judgement->region,
							  PII_DIALLED, finding);
		logit = pii_add_logs(logit, log(OF_MANY_REGIONS) +
							 weigh_anywhere(evidence, lengths, total)) +
			pii_lift(judgement, PUNCTUATED_LOGIT);
	}
	if (!marked && are_long(lengths, total))
		logit -= LONG_LOGIT;
	pii_count_draws(evidence, total, &draws);
	if (!marked && pii_begin_as_one(&draws))
	{
		pii_reason(&finding->reasons, "all begin with the same three digits");
		logit -= PII_ALIKE_LOGIT;
	}
	if (marked)
		logit = Max(logit, MARKED_LOGIT + log((double) evidence->marked));
	return Min(Max(logit, WRITTEN_LOGIT_MIN), WRITTEN_LOGIT_MAX);
}

/* The log-odds that numbers in national form within longer text add. */
double
pii_weigh_in_text(const PiiEvidence *evidence, const PiiJudgement *judgement,
				  PiiFinding *finding)
{
	const PiiKindEvidence *counts = &evidence->kinds[PII_PHONE];
	int64		lengths[PII_DIGIT_LENGTHS];
	int64		total = add_lengths(evidence->written_lengths, NULL, lengths);
	double		logit;

	if (total == 0 || counts->matched == 0)
		return 0;
	pii_reason(&finding->reasons,
			   INT64_FORMAT " of " INT64_FORMAT
			   " values hold digits written as national phone numbers are",
			   counts->matched, finding->values);
	logit = weigh_lengths(evidence, lengths, total, judgement->region,
						  PII_DIALLED_SOMEWHERE, finding);
	logit = pii_add_logs(logit, log(OF_MANY_REGIONS)) +
		pii_weigh_matches(counts->trust / 1000.0 / counts->matched, 1,
						  WRITTEN_LOGIT_MAX);
	if (evidence->whole_forms[PII_FORM_NATIONAL] * 2 > counts->matched)
	{
		pii_reason(&finding->reasons,
				   "they are whole values among others of another kind");
		logit -= STRAY_LOGIT;
	}
	return Min(Max(logit, WRITTEN_LOGIT_MIN), WRITTEN_LOGIT_MAX);
}
