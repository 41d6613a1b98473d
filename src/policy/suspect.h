/*
 * suspect.h
 *		Whether a relation could hold personal data, without judging it.
 */
#ifndef PII_SUSPECT_H
#define PII_SUSPECT_H

#include "compat.h"

#include "nodes/pg_list.h"

extern List *pii_related_relations(Oid relation);
extern bool pii_relation_suggests(Oid relation);
extern bool pii_relation_suspect(Oid relation);
extern bool pii_has_views(Oid relation);

#endif							/* PII_SUSPECT_H */
