/*
 * idna.h
 *		Internationalised domain names, as far as addresses need them.
 *
 * Hosts are compared and normalised as A-labels (RFC 3490's ToASCII with the
 * case mapping of UTS #46 for the scripts that have case).  Not done: Unicode
 * normalisation; a host written with combining marks where a composed letter
 * exists gets the A-label of what was written.
 */
#ifndef PII_IDNA_H
#define PII_IDNA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PII_LABEL_MAX 63		/* octets of a label in the DNS */

/* How a character beyond ASCII behaves in running text. */
typedef enum PiiScript
{
	PII_SCRIPT_BARRIER,			/* space, punctuation, symbol, emoji, ... */
	PII_SCRIPT_LATIN,			/* mixes with ASCII letters within a word */
	PII_SCRIPT_SPACED,			/* a letter of another script with spaces */
	PII_SCRIPT_UNSPACED			/* Han, Kana, Hangul, Thai, ...: words touch
								 * each other */
} PiiScript;

extern PiiScript pii_script_of(uint32_t code);

/* Lower case; full-width forms become ASCII. */
extern uint32_t pii_fold(uint32_t code);

/* Is this one of the full stops that separate labels (RFC 3490, 3.1)? */
static inline bool
pii_is_label_dot(uint32_t code)
{
	return code == '.' || code == 0x3002 || code == 0xFF0E || code == 0xFF61;
}

/*
 * Turn one label of well-formed UTF-8 into the form in which the DNS knows it:
 * lower-cased ASCII, or "xn--" and Punycode.  Returns the length written, or 0
 * if it does not fit a label or is an A-label that does not decode.
 */
extern size_t pii_idna_label(const char *label, size_t length,
							 char out[PII_LABEL_MAX]);

#endif							/* PII_IDNA_H */
