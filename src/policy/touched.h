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
	bool		opens_path;		/* may let someone read what nobody renamed
								 * or retyped */
} PiiTouched;

extern bool pii_touched_by(const CollectedCommand *command,
						   PiiTouched *touched);
extern bool pii_touched_by_statement(Node *statement,
									 PiiTouched *touched);

#endif							/* PII_TOUCHED_H */
