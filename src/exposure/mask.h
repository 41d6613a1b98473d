/*
 * mask.h
 *		Functions whose result does not show what they were given.
 */
#ifndef PII_MASK_H
#define PII_MASK_H

#include "compat.h"

extern const char *pii_masker_name(Oid function);

#endif							/* PII_MASK_H */
