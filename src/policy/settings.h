/*
 * settings.h
 *		What the gate does.
 */
#ifndef PII_POLICY_SETTINGS_H
#define PII_POLICY_SETTINGS_H

#include "compat.h"

typedef enum PiiGateMode
{
	PII_GATE_OFF,				/* nothing is judged */
	PII_GATE_WARN,				/* a violation is a warning */
	PII_GATE_BLOCK				/* ... an error, and the transaction fails */
} PiiGateMode;

/* An int, for the server writes to it: one of PiiGateMode. */
extern int	pii_gate;

extern void pii_policy_define_settings(void);

#endif							/* PII_POLICY_SETTINGS_H */
