/*
 * view.h
 *		The query of a view as it is stored, and the width of what it reads.
 */
#ifndef PII_VIEW_H
#define PII_VIEW_H

#include "compat.h"

#include "nodes/parsenodes.h"

extern Query *pii_view_query(Oid view);
extern Query *pii_generated_query(Oid relation);
extern int	pii_relation_width(Oid relation);

#endif							/* PII_VIEW_H */
