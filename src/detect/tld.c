/*
 * tld.c
 *		Look-up of top-level domains.
 *
 * Every candidate address ends here, so it must cost a few nanoseconds: one
 * hash over at most 63 bytes and, the table being a third full, about one
 * comparison.  The hash must stay the same as in tld_generate.mjs.
 */
#include "tld.h"

#include "ascii.h"

#define LABEL_MAX 63

/* See tld.h.  The table is never full, so that the search always ends. */
bool
pii_tld_known(const char *label, size_t length)
{
	uint32_t	slot = 0;
	size_t		i;

	if (length < 2 || length > LABEL_MAX)
		return false;
	/* half of all addresses */
	if (length == 3 && label[0] == 'c' && label[1] == 'o' && label[2] == 'm')
		return true;
	for (i = 0; i < length; i++)
		slot = slot * 33 + (unsigned char) pii_lower(label[i]);
	slot = (slot ^ (slot >> 12)) & (PII_TLD_SLOTS - 1);

	for (; pii_tld_slot[slot] != 0; slot = (slot + 1) & (PII_TLD_SLOTS - 1))
	{
		const char *entry = pii_tld_pool + pii_tld_slot[slot];

		if ((unsigned char) entry[0] != length)
			continue;
		for (i = 0; i < length && entry[i + 1] == pii_lower(label[i]); i++)
			;
		if (i == length)
			return true;
	}
	return false;
}
