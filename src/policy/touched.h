/*
 * touched.h
 *		What a command touched.
 */
#ifndef PII_TOUCHED_H
#define PII_TOUCHED_H

#include "compat.h"

#include "nodes/pg_list.h"
#include "tcop/deparse_utility.h"

/* Objects of one class that a command touched. */
typedef struct PiiTouched
{
	Oid			class_id;		/* catalog that they are in */
	List	   *objects;		/* their OIDs */
	bool		are_made;		/* by this very command: nothing reads them
								 * yet, and nobody has said a thing of them */
} PiiTouched;

extern Oid	pii_made_relation(const RangeVar *name);
extern bool pii_touched_by(const CollectedCommand *command,
						   PiiTouched *touched);
extern bool pii_touched_by_statement(Node *statement,
									 PiiTouched *touched);

#endif							/* PII_TOUCHED_H */
