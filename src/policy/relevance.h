/*
 * relevance.h
 *		Whether a statement can matter to the gate, by its text alone.
 */
#ifndef PII_RELEVANCE_H
#define PII_RELEVANCE_H

#include "compat.h"

#include "nodes/nodes.h"

extern bool pii_statement_may_matter(Node *statement);

#endif							/* PII_RELEVANCE_H */
