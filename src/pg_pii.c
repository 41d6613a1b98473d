/*
 * pg_pii.c
 *		Module magic, settings and registrations: the roll call, nothing else.
 *
 * No preload is required.  Settings are therefore defined whenever the library
 * is first loaded into a backend, by any of our functions; none of them can
 * change what a value is recognised as (the value functions are IMMUTABLE).
 */
#include "compat.h"

#include "utils/guc.h"

#include "scan/settings.h"

PG_MODULE_MAGIC_EXT(.name = "pg_pii");

void		_PG_init(void);

/* Define the settings of every floor. */
void
_PG_init(void)
{
	pii_scan_define_settings();
	MarkGUCPrefixReserved("pii");
}
