/*
 * email_plain.c
 *		Values that are one plain address, and nothing else.
 *
 * Most values of a column of addresses are letters and digits with a few single
 * signs between.  The prefilter has seen where those signs are, so that only
 * they need be looked at to know all parts of the address.
 *
 * What must stay true: what is found here is what pii_email_next() would find,
 * which the unit test holds for generated values.  That is safe because a value
 * that begins with the local part and ends with the host leaves nothing open
 * about where they begin and end, and what the parts themselves say against an
 * address is asked of them as of all others (pii_email_judge).
 */
#include "email.h"

#include "email_parts.h"
#include "tld.h"

/* Are the signs of a local part, given as bits, such as every one may have? */
static inline bool
are_local_signs(const char *value, uint64_t signs)
{
	for (; signs != 0; signs &= signs - 1)
	{
		char		c = value[__builtin_ctzll(signs)];

		if (c != '.' && c != '_' && c != '-' && c != '+')
			return false;
	}
	return true;
}

/* Is none of these characters of a host a capital letter? */
static inline bool
is_lower(const char *bytes, size_t n)
{
	const uint64_t small = UINT64_C(0x2020202020202020);
	uint64_t	all = small;
	uint64_t	word;

	if (n < sizeof(word))
	{
		while (n-- > 0)
			all &= (unsigned char) bytes[n];
		return all != 0;
	}
	for (size_t at = 0; at + sizeof(word) < n; at += sizeof(word))
	{
		memcpy(&word, bytes + at, sizeof(word));
		all &= word;
	}
	memcpy(&word, bytes + n - sizeof(word), sizeof(word));
	return (all & word) == small;
}

/* Read the host from `at` to the value's end, of which bits are the signs. */
static inline bool
read_host(const PiiText *text, size_t at, uint64_t signs, PiiHost *host)
{
	host->start = at;
	host->end = text->length;
	host->labels = 1;
	host->wide = false;
	host->plain = true;
	host->length = text->length - at;
	host->top = 0;
	host->name = text->bytes + at;
	for (; signs != 0; signs &= signs - 1)
	{
		size_t		sign = (size_t) __builtin_ctzll(signs);

		if (host->name[sign] == '-')
			continue;
		if (host->name[sign] != '.')
			return false;
		host->labels++;
		host->top = sign + 1;
	}
	return host->labels > 1 && host->labels <= PII_HOST_LABELS &&
		is_lower(host->name, host->length) &&
		pii_tld_known(host->name + host->top, host->length - host->top);
}

/* See email.h. */
bool
pii_email_plain(const char *value, size_t length, size_t at, uint64_t signs,
				PiiMatch *match)
{
	PiiText		text = {value, length};
	PiiSign		sign = {at, at + 1, false};
	PiiLocal	local = {0, false, false, false};
	uint64_t	edges = UINT64_C(1) << (length - 1) | 1;
	PiiHost		host;

	/* neither one after the other, nor at either end */
	if ((signs & (signs << 1 | edges)) != 0 ||
		!are_local_signs(value, signs & ((UINT64_C(1) << at) - 1)) ||
		!read_host(&text, at + 1, signs >> at >> 1, &host) ||
		!pii_email_judge(&text, &sign, &host, &local, match))
		return false;
	match->flags |= PII_MATCH_WHOLE;
	return true;
}
