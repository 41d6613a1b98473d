/*
 * tld.h
 *		The top-level domains that are delegated in the DNS root.
 */
#ifndef PII_TLD_H
#define PII_TLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PII_TLD_SLOTS 4096

/* tld_data.c: labels with their length in front, and an open hash of them. */
extern const char pii_tld_pool[];
extern const uint16_t pii_tld_slot[PII_TLD_SLOTS];

/* Is this label (ASCII, any case; an A-label if internationalised) one? */
extern bool pii_tld_known(const char *label, size_t length);

#endif							/* PII_TLD_H */
