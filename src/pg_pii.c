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

#include "policy/collect.h"
#include "policy/settings.h"
#include "scan/label.h"
#include "scan/settings.h"

PG_MODULE_MAGIC_EXT(.name = "pg_pii");

void		_PG_init(void);

/* Define the settings and register the label provider. */
void
_PG_init(void)
{
	pii_scan_define_settings();
	pii_policy_define_settings();
	MarkGUCPrefixReserved("pii");
	pii_label_register();
	pii_gate_register();
}

PG_FUNCTION_INFO_V1(pii_load);

/*
 * pii.load() -> void: loads the library into this backend, and with it the
 * settings, by the mere fact of being called.
 */
Datum
pii_load(PG_FUNCTION_ARGS)
{
	PG_RETURN_VOID();
}
