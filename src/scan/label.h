/*
 * label.h
 *		Tags declared by people: the security label provider "pii".
 */
#ifndef PII_LABEL_H
#define PII_LABEL_H

#include "compat.h"

#include "utils/date.h"

#include "verdict/tag.h"

/* A label taken apart. */
typedef struct PiiLabel
{
	PiiTagSet	tag;			/* empty: reviewed, holds nothing */
	bool		waived;			/* its exposure is accepted ... */
	DateADT		waived_until;	/* ... up to and including this day, */
	const char *reason;			/* ... for this reason; within the label */
} PiiLabel;

extern const char *pii_label_parse(const char *text, PiiLabel *label);
extern void pii_label_register(void);

#endif							/* PII_LABEL_H */
