/*
 * raise.h
 *		The one error that the policy speaks with.
 */
#ifndef PII_RAISE_H
#define PII_RAISE_H

#include "compat.h"

/* Of a class that the server leaves to others: personal data unprotected. */
#define ERRCODE_PII_VIOLATION MAKE_SQLSTATE('P', 'I', 'I', '0', '1')

extern void pii_report(int level, const char *message, const char *detail,
					   const char *hint);

#endif							/* PII_RAISE_H */
