/*
 * name.h
 *		What an identifier alone suggests about a column.
 *
 * Pure C like floor 1, so that its word lists are tested without a server.
 */
#ifndef PII_NAME_H
#define PII_NAME_H

#include "../detect/detect.h"

/* Whether values of the column's type could hold what is looked for. */
typedef enum PiiNameType
{
	PII_NAME_TYPE_TEXT,			/* text and all that casts to it */
	PII_NAME_TYPE_NUMBER,		/* integers and numeric: phones at most */
	PII_NAME_TYPE_CONTAINER,	/* json, hstore, xml, arrays, composites */
	PII_NAME_TYPE_OTHER			/* boolean, timestamp, uuid, ...: neither */
} PiiNameType;

/* Log-odds, per kind, that a column so named holds the kind. */
typedef struct PiiNameScore
{
	double		logit[PII_KINDS];	/* negative infinity never; 0 is "says
									 * nothing about even odds", the prior is
									 * included */
	bool		named[PII_KINDS];	/* a word of the kind stands in the name */
	bool		qualified[PII_KINDS];	/* ... and another word turns it into
										 * something else: email_verified */
	bool		of_other[PII_KINDS];	/* no such word does, but the name is
										 * that of another thing: order_id */
} PiiNameScore;

/*
 * Score a column's name (UTF-8 or any bytes, of the given lengths) with its
 * table's (may be NULL) and the class of its type.
 */
extern void pii_name_score(const char *column_name, size_t column_length,
						   const char *table_name, size_t table_length,
						   PiiNameType type, PiiNameScore *score);

#endif							/* PII_NAME_H */
