/*
 * email_parts.h
 *		What the files of the e-mail room share; nobody else includes it.
 *
 * An address is read from its at-sign outwards: email_host.c to the right,
 * email_local.c to the left; email_context.c then asks what surrounds it, and
 * email_spelt.c reads what people write to keep robots away.  Each reads a
 * bounded number of bytes, so that no value costs more than linear time.
 */
#ifndef PII_EMAIL_PARTS_H
#define PII_EMAIL_PARTS_H

#include <string.h>

#include "ascii.h"
#include "detect.h"

#define PII_LOCAL_MAX 64		/* octets (RFC 5321, 4.5.3.1.1) */
#define PII_HOST_MAX 253		/* of 255 in a message, 253 can be written */
#define PII_PATH_MAX 254		/* local part, "@" and domain */
#define PII_HOST_LABELS 32		/* more than anybody has */

/* For the closer look: kept out of line, it burdens no plain address. */
#define PII_APART __attribute__((noinline))

/* A value being read. */
typedef struct PiiText
{
	const char *bytes;
	size_t		length;
} PiiText;

/* An at-sign, literal or encoded. */
typedef struct PiiSign
{
	size_t		start;
	size_t		end;
	bool		encoded;
} PiiSign;

/* A domain name behind an at-sign. */
typedef struct PiiHost
{
	size_t		start;
	size_t		end;
	int			labels;
	bool		wide;			/* holds characters beyond ASCII */
	bool		plain;			/* name is where it is written in the value */
	size_t		length;			/* of name */
	size_t		top;			/* where the top-level domain begins in name */
	const char *name;			/* A-labels in lower case */
	char		room[PII_HOST_MAX]; /* for a name that is not plain */
} PiiHost;

/* A local part before an at-sign. */
typedef struct PiiLocal
{
	size_t		start;
	bool		quoted;
	bool		wide;			/* holds characters beyond ASCII */
	bool		odd;			/* holds characters rarely meant as a part */
} PiiLocal;

/* email.c */
extern bool pii_email_judge(const PiiText *text, const PiiSign *sign,
							const PiiHost *host, const PiiLocal *local,
							PiiMatch *match);

/* email_sign.c */
extern bool pii_sign_read(const PiiText *text, size_t at, PiiSign *sign);
extern size_t pii_escape_at(const PiiText *text, size_t at, uint32_t *code);
extern size_t pii_escape_before(const PiiText *text, size_t at,
								uint32_t *code);

/* email_host.c */
extern bool pii_host_read(const PiiText *text, size_t at, PiiHost *host);
extern bool pii_host_reserved(const PiiHost *host);
extern bool pii_host_provider(const PiiHost *host);
extern bool pii_host_like_file(const PiiHost *host);
extern float pii_host_trust(const PiiHost *host);

/* email_local.c */
extern bool pii_local_read(const PiiText *text, const PiiSign *sign,
						   const PiiHost *host, PiiLocal *local);

/* email_context.c */
extern bool pii_email_vetoed(const PiiText *text, const PiiSign *sign,
							 const PiiHost *host, const PiiLocal *local);

/* email_whole.c */
extern bool pii_email_whole(const PiiText *text, size_t start, size_t end);

/* email_spelt.c */
extern bool pii_spelt_read(const PiiText *text, size_t at, PiiMatch *match);
extern size_t pii_spelt_normalize(const char *bytes, size_t length,
								  char *out, size_t size);

/* The byte at a place, NUL outside the value. */
static inline char
pii_byte(const PiiText *text, size_t at)
{
	return at < text->length ? text->bytes[at] : '\0';
}

/* The byte before a place, NUL outside the value. */
static inline char
pii_byte_before(const PiiText *text, size_t at)
{
	return at > 0 ? text->bytes[at - 1] : '\0';
}

/* Does this lower-case ASCII word stand at a place, in any case? */
static inline bool
pii_word_at(const PiiText *text, size_t at, const char *word, size_t n)
{
	size_t		i;

	if (at > text->length || text->length - at < n)
		return false;
	for (i = 0; i < n; i++)
		if (pii_lower(text->bytes[at + i]) != word[i])
			return false;
	return true;
}

/* Is the host this one? */
static inline bool
pii_host_is(const PiiHost *host, const char *name)
{
	return host->length == strlen(name) &&
		memcmp(host->name, name, host->length) == 0;
}

/* Is the host this one or a name below it? */
static inline bool
pii_host_under(const PiiHost *host, const char *suffix)
{
	size_t		n = strlen(suffix);

	if (host->length < n ||
		memcmp(host->name + host->length - n, suffix, n) != 0)
		return false;
	return host->length == n || host->name[host->length - n - 1] == '.';
}

/* Is the word of n bytes one of a list that ends with NULL, in any case? */
static inline bool
pii_word_among(const char *word, size_t n, const char *const *list)
{
	char		first = n > 0 ? pii_lower(word[0]) : '\0';

	for (; *list != NULL; list++)
	{
		size_t		i = 0;

		if ((*list)[0] != first)
			continue;
		while (i < n && (*list)[i] == pii_lower(word[i]) && word[i] != '\0')
			i++;
		if (i == n && (*list)[n] == '\0')
			return true;
	}
	return false;
}

#endif							/* PII_EMAIL_PARTS_H */
