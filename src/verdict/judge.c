/*
 * judge.c
 *		Evidence in, verdict and confidence out.
 *
 * Everything is weighed in log-odds: what the name suggests (the prior is in
 * it), plus what the values add or take.  The confidence is that of the
 * column's holding the kind at all; whether the kind is the column's purpose
 * is told from the share of values that are nothing else.
 *
 * What must stay true: a value that is an address is never averaged away, a
 * single one never makes a column `pii` against its name, and what was not
 * read is never called clean.
 */
#include "compat.h"

#include <math.h>

#include "detect/plan.h"
#include "verdict/weigh.h"

/*
 * What a name can say once values were read: names are given once and values
 * change.
 */
#define NAME_LOGIT_MAX 4.0

/* Nothing counted is ever certain; that is for a person to say. */
#define CONFIDENCE_MAX 0.9999

/* The most that values of a form can add, however many there are. */
#define CERTAIN_LOGIT 12.0
#define ADDRESSED_LOGIT_MAX 7.0
#define NONE_FOUND_MIN (-8.0)

#define RESERVED_LOGIT 1.5
#define PLUS_TRUST 0.97
#define PREFIX_TRUST 0.8
#define STRAY_PREFIX_TRUST 0.2

static const char *const kind_words[PII_KINDS] = {
	"e-mail addresses", "phone numbers"
};

/* The public word for a verdict. */
const char *
pii_verdict_name(PiiVerdict verdict)
{
	switch (verdict)
	{
		case PII_VERDICT_CLEAN:
			return "clean";
		case PII_VERDICT_UNKNOWN:
			return "unknown";
		case PII_VERDICT_MIXED:
			return "mixed";
		case PII_VERDICT_PII:
			return "pii";
	}
	pg_unreachable();
}

/* The confidence of log-odds, in ten-thousandths as tags keep it. */
double
pii_confidence(double logit)
{
	double		confidence = 1.0 / (1.0 + exp(-logit));

	return rint(Min(confidence, CONFIDENCE_MAX) * PII_CONFIDENCE_ONE) /
		PII_CONFIDENCE_ONE;
}

/* The interval in which the true share lies with 95 % probability (Wilson). */
static void
wilson_interval(double count, double total, double *low, double *high)
{
	const double z = 1.959964;
	double		share = count / total;
	double		centre = share + z * z / (2 * total);
	double		spread = z * sqrt(share * (1 - share) / total +
								  z * z / (4 * total * total));
	double		scale = 1 + z * z / total;

	*low = Max((centre - spread) / scale, 0.0);
	*high = Min((centre + spread) / scale, 1.0);
}

/* Start a finding with what was counted. */
static void
open_finding(PiiFinding *finding)
{
	memset(finding, 0, sizeof(*finding));
	finding->verdict = PII_VERDICT_UNKNOWN;
	finding->region = PII_REGION_NONE;
	finding->share_high = 1;
	initStringInfo(&finding->reasons);
}

/* Set the counts and the share of a finding. */
static void
count_share(PiiFinding *finding, int64 values, int64 matched, int64 whole)
{
	finding->values = values;
	finding->matched = matched;
	finding->whole = whole;
	if (values == 0)
		return;
	finding->share = (double) matched / values;
	wilson_interval(matched, values, &finding->share_low,
					&finding->share_high);
}

/* The values that hold something, if any do: placeholders are none. */
static int64
count_values(const PiiEvidence *evidence)
{
	int64		values = evidence->rows - evidence->nulls - evidence->empties;

	return values > evidence->fillers ? values - evidence->fillers : values;
}

/* What the name gives to start with. */
static double
weigh_name(const PiiColumnFacts *facts, PiiKind kind, PiiFinding *finding)
{
	double		logit;

	if (facts->name == NULL)
		return PII_NEUTRAL_LOGIT;
	logit = facts->name->logit[kind];
	if (facts->name->qualified[kind])
		pii_reason(&finding->reasons,
				   "the name is about %s but says something else of them",
				   kind_words[kind]);
	else if (logit > 0)
		pii_reason(&finding->reasons, "the name suggests %s (%.2f)",
				   kind_words[kind], pii_confidence(logit));
	return logit;
}

/*
 * What it takes away that none of `values` values matched.  A column that is
 * for the kind has it in nine values of ten; one that holds it without being
 * for it may have it rarely.  Under a name that says what the column is for,
 * the latter is unlikely.
 */
static double
weigh_none_found(int64 values, double name_logit)
{
	double		rare = name_logit > 0 ? 0.005 : 0.1;

	if (values == 0)
		return 0;
	return Max(log((1 - rare) * pow(0.1, values) + rare * pow(0.99, values)),
			   NONE_FOUND_MIN);
}

/*
 * What matches add that are right with the probability `trust` in running
 * text, of which the prior is taken out again.  Further ones add ever less:
 * what makes one mistaken may make all mistaken.
 */
double
pii_weigh_matches(double trust, int64 matched, double most)
{
	trust = Min(Max(trust, 0.02), 0.985);
	return Min(log(trust / (1 - trust)) - PII_NEUTRAL_LOGIT +
			   log((double) matched), most);
}

/* Weigh the addresses of a column. */
static double
weigh_emails(const PiiEvidence *evidence, const PiiJudgement *judgement,
			 PiiFinding *finding)
{
	const PiiKindEvidence *counts = &evidence->kinds[PII_EMAIL];
	double		added;

	if (evidence->addressed * 2 > finding->values)
	{
		pii_reason(&finding->reasons,
				   INT64_FORMAT " of " INT64_FORMAT
				   " values are addresses at hosts that no registry delegates",
				   evidence->addressed, finding->values);
		count_share(finding, finding->values,
					counts->matched + evidence->addressed,
					counts->whole + evidence->addressed);
		return Min(3.0 + log((double) evidence->addressed),
				   ADDRESSED_LOGIT_MAX);
	}
	if (counts->matched == 0)
		return weigh_none_found(finding->values, judgement->name_logit);
	pii_reason(&finding->reasons,
			   INT64_FORMAT " of " INT64_FORMAT " values hold an e-mail address, "
			   INT64_FORMAT " of them nothing else",
			   counts->matched, finding->values, counts->whole);
	added = pii_weigh_matches(counts->trust / 1000.0 / counts->matched,
							  counts->matched, CERTAIN_LOGIT);
	if (counts->reserved == counts->matched)
	{
		pii_reason(&finding->reasons,
				   "every address is of a domain reserved for examples");
		added -= RESERVED_LOGIT;
	}
	return added;
}

/*
 * Weigh numbers in international form: a calling code and a valid number
 * behind a plus sign are hardly ever anything else.  Behind 00 they are, where
 * a value in a hundred of a column of codes happens to begin so.
 */
static double
weigh_international(const PiiEvidence *evidence, PiiFinding *finding)
{
	int64		count = evidence->forms[PII_FORM_INTERNATIONAL] +
		evidence->forms[PII_FORM_URI];

	count = Min(count, evidence->kinds[PII_PHONE].matched);
	if (count == 0)
		return 0;
	pii_reason(&finding->reasons,
			   INT64_FORMAT " of " INT64_FORMAT
			   " values hold a valid phone number in international form",
			   count, finding->values);
	if (count > evidence->prefixed)
		return pii_weigh_matches(PLUS_TRUST, count, CERTAIN_LOGIT);
	if (count * 20 > finding->values)
		return pii_weigh_matches(PREFIX_TRUST, count, CERTAIN_LOGIT);
	pii_reason(&finding->reasons, "all of them by 00, which codes may begin with");
	return pii_weigh_matches(STRAY_PREFIX_TRUST, 1, CERTAIN_LOGIT);
}

/* Weigh the phone numbers of a column: what speaks loudest counts. */
static double
weigh_phones(const PiiEvidence *evidence, const PiiJudgement *judgement,
			 PiiFinding *finding)
{
	double		international = weigh_international(evidence, finding);
	double		written = pii_weigh_written(evidence, judgement, finding);
	double		bare = pii_weigh_bare(evidence, judgement, finding);

	if (international == 0 && written == 0 && bare == 0)
		written = pii_weigh_in_text(evidence, judgement, finding);
	if (international == 0 && written == 0 && bare == 0)
		return weigh_none_found(finding->values, judgement->name_logit);
	if (Max(international, written) > 0)
		return Max(international, written) + Max(bare, 0);
	return bare != 0 ? bare : written;
}

/*
 * The phone numbers to speak of: bare digits count where the column was
 * judged by them.
 */
static void
count_phones(const PiiEvidence *evidence, PiiFinding *finding)
{
	const PiiKindEvidence *counts = &evidence->kinds[PII_PHONE];
	int64		matched = counts->matched + finding->bare;
	int64		whole = Max(counts->whole - evidence->whole_forms[PII_FORM_BARE],
							evidence->shaped) + finding->bare;

	matched = Min(Max(matched, whole), finding->values);
	count_share(finding, finding->values, matched,
				Min(whole, finding->values));
}

/* Whether values were left that nobody looked into. */
static bool
was_read(const PiiEvidence *evidence, PiiFinding *finding)
{
	bool		read = true;

	if (finding->values == 0)
	{
		pii_reason(&finding->reasons, "there is no value to read");
		return false;
	}
	if (evidence->truncated > 0)
	{
		pii_reason(&finding->reasons,
				   "of " INT64_FORMAT " values only the first MiB was read",
				   evidence->truncated);
		read = false;
	}
	if (evidence->undecided > 0)
	{
		pii_reason(&finding->reasons,
				   INT64_FORMAT " values were given up at a limit",
				   evidence->undecided);
		read = false;
	}
	if (evidence->opaque * 2 > finding->values)
	{
		pii_reason(&finding->reasons,
				   INT64_FORMAT " of " INT64_FORMAT
				   " values look encrypted, hashed or encoded",
				   evidence->opaque, finding->values);
		read = false;
	}
	return read;
}

/*
 * Whether the kind is what the column is for.  The name may vouch for a few
 * values, or for values that are not valid; without it, it takes half of the
 * values to be nothing else, and more than one: a single hit may be a stray.
 */
static bool
is_purpose(const PiiFinding *finding, double name_logit)
{
	if (finding->values == 0)
		return name_logit > 0;
	if (name_logit > 0)
		return finding->whole * 10 >= finding->values ||
			finding->matched == 0;
	return finding->whole >= 2 && finding->whole * 2 >= finding->values;
}

/*
 * From the log-odds to the verdict; `silent` if no value gave a reason for
 * them.
 */
static void
decide(const PiiEvidence *evidence, double name_logit, double logit,
	   bool silent, PiiFinding *finding)
{
	bool		read = was_read(evidence, finding);

	finding->confidence = pii_confidence(logit);
	if (finding->values == 0)
		finding->verdict = PII_VERDICT_UNKNOWN;
	else if (finding->confidence >= 0.5)
		finding->verdict = is_purpose(finding, name_logit) ?
			PII_VERDICT_PII : PII_VERDICT_MIXED;
	else if (!read)
		finding->verdict = PII_VERDICT_UNKNOWN;
	else if (name_logit > 0)
	{
		pii_reason(&finding->reasons, "the values do not bear the name out");
		finding->verdict = PII_VERDICT_UNKNOWN;
	}
	else
	{
		finding->verdict = PII_VERDICT_CLEAN;
		if (silent)
			pii_reason(&finding->reasons,
					   "none of " INT64_FORMAT " values holds one; at most %.3g %% of all do",
					   finding->values, finding->share_high * 100);
	}
}

/* Judge a column whose values were not looked at. */
static void
decide_by_name(double name_logit, PiiFinding *finding)
{
	finding->confidence = pii_confidence(name_logit);
	finding->verdict = name_logit > 0 ? PII_VERDICT_PII : PII_VERDICT_UNKNOWN;
	pii_reason(&finding->reasons, "judged by the name alone");
}

/*
 * Judge a column: one finding per kind, its reasons in the current memory
 * context.  `evidence` is NULL when no value was looked at.
 */
void
pii_judge(const PiiEvidence *evidence, const PiiColumnFacts *facts,
		  PiiFinding findings[PII_KINDS])
{
	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		PiiFinding *finding = &findings[kind];
		PiiJudgement judgement;
		double		name_logit;
		double		added;
		int			said;

		open_finding(finding);
		name_logit = weigh_name(facts, kind, finding);
		said = finding->reasons.len;
		if (evidence == NULL)
		{
			decide_by_name(name_logit, finding);
			continue;
		}
		name_logit = Min(name_logit, NAME_LOGIT_MAX);
		judgement.name_logit = name_logit;
		judgement.of_other = facts->name != NULL &&
			facts->name->of_other[kind];
		judgement.region = facts->region;
		count_share(finding, count_values(evidence),
					evidence->kinds[kind].matched,
					evidence->kinds[kind].whole);
		if (kind == PII_EMAIL)
			added = weigh_emails(evidence, &judgement, finding);
		else
		{
			added = weigh_phones(evidence, &judgement, finding);
			count_phones(evidence, finding);
		}
		decide(evidence, name_logit, name_logit + added,
			   finding->reasons.len == said, finding);
	}
}

/* The tag of a column: the kinds judged `pii` or `mixed`. */
PiiTag *
pii_findings_tag(const PiiFinding findings[PII_KINDS])
{
	PiiTagSet	set = {.count = 0};

	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		const char *name = pii_kind_name(kind);

		if (findings[kind].verdict < PII_VERDICT_MIXED)
			continue;
		pii_tag_set_add(&set, name, strlen(name),
						(int) rint(findings[kind].confidence *
								   PII_CONFIDENCE_ONE));
	}
	return pii_tag_form(&set);
}
