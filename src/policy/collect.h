/*
 * collect.h
 *		What the DDL of a transaction touched, noted for its commit.
 */
#ifndef PII_COLLECT_H
#define PII_COLLECT_H

#include "compat.h"

extern void pii_gate_register(void);

#endif							/* PII_COLLECT_H */
