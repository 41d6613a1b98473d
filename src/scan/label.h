/*
 * label.h
 *		Tags declared by people: the security label provider "pii".
 */
#ifndef PII_LABEL_H
#define PII_LABEL_H

#include "compat.h"

extern void pii_label_register(void);

#endif							/* PII_LABEL_H */
