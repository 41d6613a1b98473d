/*
 * suspect.h
 *		Whether a relation could hold personal data, without judging it.
 */
#ifndef PII_SUSPECT_H
#define PII_SUSPECT_H

#include "compat.h"

extern bool pii_relation_suspect(Oid relation, bool is_made);
extern bool pii_has_views(Oid relation);

#endif							/* PII_SUSPECT_H */
