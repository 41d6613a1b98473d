/*
 * email.c
 *		E-mail addresses in text: the room's entrance.
 */
#include "email.h"

#include "email_parts.h"
#include "idna.h"
#include "prefilter.h"
#include "utf8.h"

/*
 * Do capitals stand in the host as nobody writes them: after a small letter
 * more than once, or within the top-level domain?  Random text looks so.
 */
static bool
is_erratic(const PiiText *text, const PiiHost *host)
{
	size_t		top = host->end - (host->length - host->top);
	int			changes = 0;
	size_t		i;

	for (i = host->start + 1; i < host->end; i++)
	{
		char		c = text->bytes[i];
		char		before = text->bytes[i - 1];

		if (c < 'A' || c > 'Z')
			continue;
		changes += before >= 'a' && before <= 'z';
		if (i >= top && i + 1 < host->end && text->bytes[i + 1] >= 'a' &&
			(text->bytes[host->start] < 'A' || text->bytes[host->start] > 'Z'))
			return true;
		if (i > top && before >= 'a')
			return true;
	}
	return changes > 1;
}

/* How much to believe a candidate that nothing speaks against. */
static float
confidence_of(const PiiText *text, const PiiSign *sign, const PiiHost *host,
			  const PiiLocal *local)
{
	float		confidence = pii_host_trust(host);
	size_t		length = sign->start - local->start;

	if (!host->plain && !host->wide && is_erratic(text, host))
		confidence *= 0.6f;
	if (local->odd)
		confidence *= 0.8f;
	if (local->quoted)
		confidence *= 0.95f;
	if (local->wide && !host->wide)
		confidence *= 0.85f;
	if (sign->encoded)
		confidence *= 0.97f;
	if (length == 1 && host->top <= 3)
		confidence *= 0.8f;
	if (text->bytes[sign->start] == '@' && text->length > host->end &&
		text->bytes[host->end] == '(')
		confidence *= 0.8f;
	return confidence;
}

/*
 * Make a match of the parts of an address, unless something speaks against it.
 */
bool
pii_email_judge(const PiiText *text, const PiiSign *sign, const PiiHost *host,
				const PiiLocal *local, PiiMatch *match)
{
	if (pii_email_vetoed(text, sign, host, local))
		return false;
	match->kind = PII_EMAIL;
	match->form = local->quoted ? PII_FORM_QUOTED
		: sign->encoded ? PII_FORM_ENCODED : PII_FORM_ADDRESS;
	match->flags = pii_host_reserved(host) ? PII_MATCH_RESERVED : 0;
	match->confidence = confidence_of(text, sign, host, local);
	match->start = local->start;
	match->end = host->end;
	return true;
}

/* Is there an address around this place, which the prefilter pointed out? */
static bool
read_address(const PiiText *text, size_t at, PiiMatch *match)
{
	PiiSign		sign;
	PiiHost		host;
	PiiLocal	local;

	sign.start = at;
	sign.end = at + 1;
	sign.encoded = false;
	return (text->bytes[at] == '@' || pii_sign_read(text, at, &sign)) &&
		pii_host_read(text, sign.end, &host) &&
		pii_local_read(text, &sign, &host, &local) &&
		sign.start - local.start + 1 + host.length <= PII_PATH_MAX &&
		pii_email_judge(text, &sign, &host, &local, match);
}

/* See email.h. */
bool
pii_email_next(const char *value, size_t length, size_t from, size_t until,
			   PiiMatch *match)
{
	PiiText		text = {value, length};
	bool		known = from < until && value[from] == '@';

	for (; from < until; from++)
	{
		/* The caller often knows where the first at-sign is. */
		if (!known)
			from = pii_next_sign(value, length, from, until);
		if (from == until)
			break;
		known = false;
		if (read_address(&text, from, match) ||
			pii_spelt_read(&text, from, match))
		{
			if (pii_email_whole(&text, match->start, match->end))
				match->flags |= PII_MATCH_WHOLE;
			return true;
		}
	}
	return false;
}

/*
 * Copy a local part with its escapes undone, unless it is quoted, and, next to
 * a full-width at-sign, full-width forms as ASCII.
 * Returns its length, 0 if it does not fit.
 */
static size_t
copy_local(const PiiText *text, size_t end, bool wide, bool quoted,
		   char *out, size_t size)
{
	size_t		n = 0;
	size_t		at = 0;

	while (at < end)
	{
		uint32_t	code;
		size_t		width = quoted ? 0 : pii_escape_at(text, at, &code);

		if (width == 0)
		{
			width = pii_utf8_decode(text->bytes, end, at, &code);
			if (width == 0)
				return 0;
			if (wide && code >= 0xFF01 && code <= 0xFF5E)
				code -= 0xFF01 - 0x21;
		}
		if (n + 4 > size)
			return 0;
		n += pii_utf8_encode(code, out + n);
		at += width;
	}
	return n;
}

/* Where the at-sign of a plain or encoded address stands: it is the last. */
static bool
find_sign(const PiiText *text, PiiSign *sign)
{
	size_t		at;

	for (at = text->length; at-- > 0;)
		if (pii_sign_read(text, at, sign))
			return true;
	return false;
}

/* See email.h. */
size_t
pii_email_normalize(const char *value, const PiiMatch *match, char *out,
					size_t size)
{
	PiiText		text = {value + match->start, match->end - match->start};
	char		plain[PII_NORMALIZED_MAX];
	PiiSign		sign;
	PiiHost		host;
	size_t		n;

	if (match->form == PII_FORM_OBFUSCATED)
	{
		text.length = pii_spelt_normalize(text.bytes, text.length, plain,
										  sizeof(plain));
		text.bytes = plain;
	}
	if (!find_sign(&text, &sign) || !pii_host_read(&text, sign.end, &host))
		return 0;
	n = copy_local(&text, sign.start,
				   text.bytes[sign.start] == (char) 0xEF,
				   match->form == PII_FORM_QUOTED, out, size);
	if (n == 0 || n + 1 + host.length > size)
		return 0;
	out[n++] = '@';
	memcpy(out + n, host.name, host.length);
	return n + host.length;
}
