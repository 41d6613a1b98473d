/*
 * settings.c
 *		What the gate does.
 */
#include "compat.h"

#include "utils/guc.h"

#include "policy/settings.h"

/*
 * Whether a transaction that leaves personal data unprotected fails.  A DBA
 * starts with a warning, and passes an emergency by SET LOCAL; nobody else
 * can.  Where no gate was enabled it means nothing.
 */
int			pii_gate = PII_GATE_BLOCK;

static const struct config_enum_entry gate_modes[] = {
	{"off", PII_GATE_OFF, false},
	{"warn", PII_GATE_WARN, false},
	{"block", PII_GATE_BLOCK, false},
	{NULL, 0, false}
};

/* Define the settings, in the order of the alphabet. */
void
pii_policy_define_settings(void)
{
	DefineCustomEnumVariable("pii.gate",
							 "Sets what happens to a transaction whose DDL leaves personal data unprotected.",
							 "It is judged at commit, once pii.enable_gate() has been called.",
							 &pii_gate,
							 PII_GATE_BLOCK,
							 gate_modes,
							 PGC_SUSET,
							 0,
							 NULL,
							 NULL,
							 NULL);
}
