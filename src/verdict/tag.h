/*
 * tag.h
 *		The type pii.tag: the kinds a column is judged to hold, each with a
 *		confidence.
 *
 * A tag is kept in one canonical form (kinds in the order of their bytes, none
 * twice), so that two equal tags are the same bytes.  A confidence is kept in
 * ten-thousandths: enough for a judgement, and exact in text.
 */
#ifndef PII_TAG_H
#define PII_TAG_H

#include "compat.h"

#define PII_TAG_MAX_KINDS 32
#define PII_CONFIDENCE_ONE 10000	/* a confidence of 1 */

/* A tag as stored. */
typedef struct PiiTag
{
	int32		vl_len_;		/* varlena header, do not touch directly */
	uint8		version;		/* PII_TAG_VERSION */
	uint8		nkinds;			/* number of entries */
	uint16		reserved;		/* zero, checked when received */
	char		entries[FLEXIBLE_ARRAY_MEMBER]; /* per kind: confidence
												 * (uint16), length of the
												 * name (uint8), the name */
} PiiTag;

#define PII_TAG_VERSION 1
#define PII_TAG_HEADER_SIZE offsetof(PiiTag, entries)

#define DatumGetPiiTagP(datum) ((PiiTag *) PG_DETOAST_DATUM(datum))
#define PG_GETARG_PII_TAG_P(n) DatumGetPiiTagP(PG_GETARG_DATUM(n))

/* A tag taken apart, to be worked on. */
typedef struct PiiTagEntry
{
	char		kind[NAMEDATALEN];	/* NUL-ended */
	int			confidence;		/* 0 .. PII_CONFIDENCE_ONE */
} PiiTagEntry;

typedef struct PiiTagSet
{
	int			count;
	PiiTagEntry entries[PII_TAG_MAX_KINDS];
} PiiTagSet;

extern const char *pii_tag_parse(const char *text, PiiTagSet *set);
extern void pii_tag_open(const PiiTag *tag, PiiTagSet *set);
extern PiiTag *pii_tag_form(const PiiTagSet *set);
extern bool pii_tag_set_add(PiiTagSet *set, const char *kind, Size length,
							int confidence);

#endif							/* PII_TAG_H */
