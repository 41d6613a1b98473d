/*
 * value.h
 *		Arguments that the value functions share with those above them.
 */
#ifndef PII_VALUE_H
#define PII_VALUE_H

#include "compat.h"

#include "utils/array.h"

#include "detect/detect.h"

extern uint32 pii_kinds_from_array(ArrayType *array);
extern PiiRegion pii_region_from_text(const text *code);

#endif							/* PII_VALUE_H */
