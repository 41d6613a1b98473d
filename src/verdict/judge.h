/*
 * judge.h
 *		Evidence in, verdict out.
 */
#ifndef PII_JUDGE_H
#define PII_JUDGE_H

#include "compat.h"

#include "lib/stringinfo.h"

#include "profile/evidence.h"
#include "verdict/name.h"
#include "verdict/tag.h"

/* In the order of their weight: the strongest kind's is the column's. */
typedef enum PiiVerdict
{
	PII_VERDICT_CLEAN,			/* enough was read, none found */
	PII_VERDICT_UNKNOWN,		/* could not be read, or not trusted */
	PII_VERDICT_MIXED,			/* some values hold it */
	PII_VERDICT_PII				/* the column's purpose */
} PiiVerdict;

/* What is judged of one column and one kind. */
typedef struct PiiFinding
{
	PiiVerdict	verdict;
	double		confidence;		/* that the column holds the kind, in [0,1] */
	int64		values;			/* values read that could have held it */
	int64		matched;		/* ... that do */
	int64		whole;			/* ... that are nothing else */
	int64		bare;			/* ... that are bare digits taken for phone
								 * numbers */
	double		share;			/* matched / values, 0 when nothing was read */
	double		share_low;		/* its 95 % interval (Wilson) */
	double		share_high;
	PiiRegion	region;			/* phones: the plan they were judged by, or
								 * PII_REGION_NONE */
	StringInfoData reasons;		/* sentences, each ended by a newline */
} PiiFinding;

/* What is known of a column besides its values. */
typedef struct PiiColumnFacts
{
	const PiiNameScore *name;	/* NULL: nothing is known of its name */
	PiiRegion	region;			/* PII_REGION_NONE: to be inferred */
} PiiColumnFacts;

extern void pii_judge(const PiiEvidence *evidence, const PiiColumnFacts *facts,
					  PiiFinding findings[PII_KINDS]);
extern double pii_confidence(double logit);
extern const char *pii_verdict_name(PiiVerdict verdict);
extern PiiTag *pii_findings_tag(const PiiFinding findings[PII_KINDS]);

/* verdict.c */
extern PiiNameType pii_name_type(Oid type);
extern const PiiFinding *pii_strongest_finding(const PiiFinding *findings);
extern void pii_score_described(const char *column, const char *table,
								Oid type_id, const char *comment,
								const char *checks, PiiNameScore *score);
extern bool pii_name_suggests(const char *column, const char *table,
							  Oid type_id);

#endif							/* PII_JUDGE_H */
