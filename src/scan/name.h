/*
 * name.h
 *		What the catalogs say of a column.
 */
#ifndef PII_SCAN_NAME_H
#define PII_SCAN_NAME_H

#include "compat.h"

#include "access/attnum.h"
#include "access/htup.h"
#include "utils/relcache.h"

extern AttrNumber pii_checked_column(Relation constraints, HeapTuple tuple);
extern bool pii_definition_suggests(Oid relation, AttrNumber attnum,
									const char *column, Oid type,
									const char *table);

#endif							/* PII_SCAN_NAME_H */
