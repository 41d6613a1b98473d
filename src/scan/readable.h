/*
 * readable.h
 *		Which columns a scan reads, and as what.
 */
#ifndef PII_READABLE_H
#define PII_READABLE_H

#include "compat.h"

/* How a column is handed to pii.profile. */
typedef enum PiiReadAs
{
	PII_READ_NOT,				/* holds no text or number, or not safely */
	PII_READ_PLAIN,				/* as it is, a type with an aggregate */
	PII_READ_TEXT,				/* as text: no function but the server's runs */
	PII_READ_JSONB,				/* cast to jsonb, by hstore's own cast */
	PII_READ_ROW				/* as a json object of its fields */
} PiiReadAs;

extern PiiReadAs pii_read_as(Oid type);

#endif							/* PII_READABLE_H */
