/*
 * evidence.h
 *		The type pii.evidence: what was counted in one column.
 *
 * Counts and nothing else: no value, nor a part of one, can be read back from
 * it.  The evidence of parts merges into that of the whole, in any order, so
 * every member is a sum or a set of registers of which the larger wins.  Not
 * even a smallest or largest value is kept: that would be somebody's number.
 *
 * The struct is the aggregates' state, updated in place, and what is stored.
 */
#ifndef PII_EVIDENCE_H
#define PII_EVIDENCE_H

#include "compat.h"

#include "detect/detect.h"

#define PII_EVIDENCE_VERSION 1

#define PII_EVIDENCE_REGIONS (PII_REGION_WORDS * 64)
#define PII_DIGIT_LENGTHS 20	/* lengths 0 .. 19; 0 is not used */
#define PII_SKETCH_REGISTERS 256
#define PII_CHECKS 20			/* check.c knows which */
#define PII_OPENING_DEPTHS 4	/* beginnings of one digit, two, three, more */

/* How a phone number named its region. */
typedef enum PiiRegionEvidence
{
	PII_REGIONS_INTERNATIONAL,	/* by its calling code */
	PII_REGIONS_NATIONAL,		/* valid there, written as a number */
	PII_REGIONS_BARE,			/* valid there, digits only, whole value */
	PII_REGIONS_ZEROLESS		/* ... with the zero in front that a column of
								 * numbers cannot keep */
} PiiRegionEvidence;

#define PII_REGION_EVIDENCES 4

/* Counts of one kind; values are non-null values. */
typedef struct PiiKindEvidence
{
	int64		matched;		/* values with a match that is not weak */
	int64		weak;			/* values whose only matches are bare digits */
	int64		whole;			/* values that are one match, weak or not */
	int64		reserved;		/* values whose every match is set aside for
								 * fiction and examples */
	int64		matches;		/* matches in all */
	int64		trust;			/* sum over `matched` values of the confidence
								 * of their best match, in thousandths */
} PiiKindEvidence;

typedef struct PiiEvidence
{
	int32		vl_len_;		/* varlena header, do not touch directly */
	uint16		version;		/* PII_EVIDENCE_VERSION */
	uint16		nregions;		/* regions of the plan it was counted with */
	uint64		plan;			/* hash of their codes: regions are kept by
								 * number here, by code in text */

	/* sums: int64 from here to `sketch`, added up as one array */
	int64		rows;			/* values seen, nulls included */
	int64		nulls;
	int64		empties;		/* no character but white space */
	int64		fillers;		/* values that stand for none: n/a, -, 0, one
								 * digit repeated, 1234567890 */
	int64		bytes;			/* bytes read */
	int64		truncated;		/* values of which only the beginning was read */
	int64		unread;			/* bytes of theirs that were not read */
	int64		undecided;		/* values given up at a limit */
	int64		opaque;			/* values that look encrypted or hashed */
	int64		prefixed;		/* values whose only international numbers
								 * stand behind 00 */
	int64		addressed;		/* whole values written as an address of a
								 * host that no registry delegates */
	int64		shaped;			/* whole values punctuated as telephone
								 * numbers are, valid or not */
	int64		marked;			/* ... in a way that little else is: plus
								 * sign, area code in brackets, extension,
								 * 3-3-4 */
	int64		days;			/* whole values of ten digits and more, bare
								 * or punctuated, that begin with a day in six
								 * or eight digits, but not with a zero */
	PiiKindEvidence kinds[PII_KINDS];
	int64		forms[PII_FORMS];	/* values with a match of the form */
	int64		whole_forms[PII_FORMS]; /* values that are one */
	int64		written_lengths[PII_DIGIT_LENGTHS]; /* matches in national
													 * form, by number of
													 * digits */
	int64		unknown_lengths[PII_DIGIT_LENGTHS]; /* shaped values that are
													 * valid nowhere */
	int64		digits;			/* whole values of 1 to 19 digits */
	int64		digit_lengths[PII_DIGIT_LENGTHS];	/* ... by length */
	int64		leading_digits[10]; /* ... by first digit */
	int64		dates;			/* ... that are a day from the year down or
								 * up, or begin with one from the year down */
	int64		epochs;			/* ... that are seconds, milliseconds or
								 * microseconds since 1970, 2001 to 2030 */
	int64		check_digits;	/* ... of which the last digit checks the
								 * others as in bar codes */
	int64		luhn;			/* ... as in card and device numbers */
	int64		modulo_11;		/* ... as in ISBN-10 and many national numbers */
	int64		checks[PII_CHECKS]; /* ... as in other numbers of persons and
									 * firms, by scheme */
	int64		worldwide;		/* ... that are valid behind a plus sign */
	int64		regions[PII_REGION_EVIDENCES][PII_EVIDENCE_REGIONS];

	/* HyperLogLog registers over values with a match, shape or digits */
	uint8		sketch[PII_SKETCH_REGISTERS];

	/*
	 * the same over a thousandth of whole numbers: what people and machines
	 * number one by one lies close together, telephone numbers do not
	 */
	uint8		thousands[PII_SKETCH_REGISTERS];

	/*
	 * and over the first digits of all numbers, behind a zero: they decide
	 * whether a number is valid
	 */
	uint8		openings[PII_OPENING_DEPTHS][PII_SKETCH_REGISTERS];
} PiiEvidence;

#define PII_EVIDENCE_SUMS_START offsetof(PiiEvidence, rows)
#define PII_EVIDENCE_SUMS \
	((offsetof(PiiEvidence, sketch) - PII_EVIDENCE_SUMS_START) / sizeof(int64))

extern PiiEvidence *pii_evidence_create(MemoryContext context);
extern PiiEvidence *pii_evidence_check(Datum datum);
extern void pii_evidence_merge(PiiEvidence *into, const PiiEvidence *from);
extern double pii_evidence_distinct(const uint8 *sketch);

/* Hash of the codes of the plan's regions, known once one was created. */
extern uint64 pii_evidence_plan;

/*
 * Detoast an evidence and check that this release can read it.  One that is a
 * state of ours needs neither, and that is what is asked for with each value.
 */
static inline PiiEvidence *
pii_evidence_open(Datum datum)
{
	PiiEvidence *evidence = (PiiEvidence *) DatumGetPointer(datum);

	if (likely(VARATT_IS_4B_U(evidence) &&
			   VARSIZE_4B(evidence) == sizeof(PiiEvidence) &&
			   evidence->version == PII_EVIDENCE_VERSION &&
			   evidence->plan == pii_evidence_plan))
		return evidence;
	return pii_evidence_check(datum);
}

#endif							/* PII_EVIDENCE_H */
