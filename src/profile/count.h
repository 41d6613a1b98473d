/*
 * count.h
 *		Counting values into the evidence of their column.
 *
 * A value is begun, its leaves are counted, and it is ended; or it is counted
 * in one go.  May be interrupted: a cancel is answered within a leaf.
 */
#ifndef PII_COUNT_H
#define PII_COUNT_H

#include "compat.h"

#include "detect/shape.h"
#include "profile/evidence.h"

/* The first bytes of a value that the aggregates read. */
#define PII_EVIDENCE_VALUE_MAX (1024 * 1024)

/* The value that is being counted. */
typedef struct PiiCounter
{
	PiiEvidence *evidence;
	int			leaves;			/* leaves of the value seen so far */
	int			fillers;		/* leaves that stand for no value */
	int			whole[PII_KINDS];	/* leaves that are nothing but matches */
	float		trust[PII_KINDS];	/* confidence of the best match */
	uint32		matched;		/* PII_KIND_BIT()s: not weak */
	uint32		weak;			/* PII_KIND_BIT()s: bare digits only */
	uint32		unreserved;		/* PII_KIND_BIT()s: a match not reserved */
	uint32		forms;			/* bits of PiiForm */
	uint32		whole_forms;	/* bits of PiiForm */
	bool		plus;			/* an international number not behind 00 */
	bool		has_keys;		/* a json document with objects in it */
	bool		blank;			/* nothing but white space so far */
	bool		national;		/* the leaf is, from its first byte to its
								 * last, a number in national form */
} PiiCounter;

/* count.c: counting one value. */
extern void pii_count_null(PiiEvidence *evidence);
extern void pii_count_text(PiiEvidence *evidence, const char *text,
						   Size length);
extern void pii_count_begin(PiiCounter *counter, PiiEvidence *evidence);
extern void pii_count_leaf(PiiCounter *counter, const char *text, Size length);
extern void pii_count_end(PiiCounter *counter);

/* aggregate.c: counting one value of a type of the server's */
extern void pii_count_datum(PiiCounter *counter, Datum datum, Oid type);

/*
 * Whether a match says little by itself: bare digits, unless the words around
 * them tell what they are.
 */
static inline bool
pii_match_is_weak(const PiiMatch *match)
{
	return match->form == PII_FORM_BARE &&
		((match->flags & PII_MATCH_WHOLE) || match->confidence < 0.5);
}

/* check.c: counting check digits. */
extern void pii_count_checks(PiiEvidence *evidence, const PiiShape *shape,
							 int luhn);

/* number.c: counting what is a number, or part of one. */
extern void pii_add_to_sketch(uint8 *sketch, const void *value, Size length);
extern bool pii_is_filler(const PiiShape *shape);
extern void pii_count_digits(PiiEvidence *evidence, const PiiShape *shape,
							 bool matched);
extern void pii_count_shaped(PiiEvidence *evidence, const char *text,
							 Size length, const PiiShape *shape,
							 bool matched);
extern void pii_count_phone(PiiEvidence *evidence, const char *text,
							const PiiMatch *match);

#endif							/* PII_COUNT_H */
