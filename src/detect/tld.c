/*
 * tld.c
 *		Look-up of top-level domains.
 *
 * Every candidate address ends here, so it must cost a few nanoseconds: one
 * hash over at most 63 bytes and, the table being a third full, about one
 * comparison.  hash() must stay the same as in tld_generate.mjs.
 */
#include "tld.h"

#include <string.h>

#define LABEL_MAX 63

/* Where the search for a label begins. */
static uint32_t
hash(const char *label, size_t length)
{
	uint32_t	h = 0;
	size_t		i;

	for (i = 0; i < length; i++)
		h = h * 33 + (unsigned char) label[i];
	return (h ^ (h >> 12)) & (PII_TLD_SLOTS - 1);
}

/* See tld.h.  The table is never full, so that the search always ends. */
bool
pii_tld_known(const char *label, size_t length)
{
	char		lower[LABEL_MAX];
	uint32_t	slot;
	size_t		i;

	if (length < 2 || length > LABEL_MAX)
		return false;
	for (i = 0; i < length; i++)
	{
		char		c = label[i];

		lower[i] = (c >= 'A' && c <= 'Z') ? c + ('a' - 'A') : c;
	}

	for (slot = hash(lower, length);
		 pii_tld_slot[slot] != 0;
		 slot = (slot + 1) & (PII_TLD_SLOTS - 1))
	{
		const char *entry = pii_tld_pool + pii_tld_slot[slot];

		if ((unsigned char) entry[0] == length &&
			memcmp(entry + 1, lower, length) == 0)
			return true;
	}
	return false;
}
