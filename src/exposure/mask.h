/*
 * mask.h
 *		What an expression leaves to be seen of the values in it.
 */
#ifndef PII_MASK_H
#define PII_MASK_H

#include "compat.h"

#include "nodes/nodes.h"

/* What is left of a value, worse for a reader from one to the next. */
typedef enum PiiEffect
{
	PII_KEPT,					/* the value as it is */
	PII_DERIVED,				/* something made of it that may show it */
	PII_MASKED					/* something made of it that does not */
} PiiEffect;

extern PiiEffect pii_expression_effect(Node *node, const char **note);

#endif							/* PII_MASK_H */
