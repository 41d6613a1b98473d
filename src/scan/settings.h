/*
 * settings.h
 *		Settings that the scan and the floors above it read.
 */
#ifndef PII_SETTINGS_H
#define PII_SETTINGS_H

#include "compat.h"

extern char *pii_default_region;
extern char *pii_officer_role;
extern char *pii_trusted_roles;
extern int	pii_sample_rows;
extern char *pii_retention;
extern int	pii_scan_budget;
extern int	pii_scan_cost_delay;

extern void pii_scan_define_settings(void);

#endif							/* PII_SETTINGS_H */
