/*
 * email_host.c
 *		The domain of an address.
 *
 * A host is the longest run of labels behind the at-sign whose last label is a
 * delegated top-level domain.  Text runs into addresses ("a@b.com.Please"), so
 * the run may be cut short, but only where a reader would cut it.
 */
#include "email_parts.h"

#include "email_span.h"
#include "idna.h"
#include "tld.h"
#include "utf8.h"

/* A label on its way into a PiiHost. */
typedef struct Label
{
	size_t		start;			/* in the value */
	size_t		end;
	size_t		name_end;		/* in host->name */
	bool		after_stop;		/* separated by an ideographic full stop */
	bool		wide;			/* up to and with it, more than ASCII */
} Label;

/* Width of the separator of labels here, 0 if there is none. */
static size_t
read_dot(const PiiText *text, size_t at, bool *ideographic)
{
	uint32_t	code;
	size_t		width;

	*ideographic = false;
	if (pii_byte(text, at) == '.')
		return 1;
	if (pii_byte(text, at) == '%' || pii_byte(text, at) == '&' ||
		pii_byte(text, at) == '\\')
	{
		width = pii_escape_at(text, at, &code);
		return width > 0 && code == '.' ? width : 0;
	}
	if (at >= text->length || (unsigned char) text->bytes[at] < 0xE3)
		return 0;
	width = pii_utf8_decode(text->bytes, text->length, at, &code);
	*ideographic = code == 0x3002;
	return width > 0 && pii_is_label_dot(code) ? width : 0;
}

/* Where the label that begins here ends; says if it is not plain ASCII. */
static size_t
label_end(const PiiText *text, size_t at, bool *wide)
{
	*wide = false;
	while (at < text->length)
	{
		char		c = text->bytes[at];
		uint32_t	code;
		size_t		width;

		if (pii_is_alnum(c) || c == '-')
		{
			at++;
			continue;
		}
		if ((unsigned char) c < 0x80)
			break;
		width = pii_utf8_decode(text->bytes, text->length, at, &code);
		if (width == 0 || pii_script_of(code) == PII_SCRIPT_BARRIER)
			break;
		*wide = true;
		at += width;
	}
	return at;
}

/*
 * Append a label to the host's name, which is in its room.  False if it is not
 * one that the DNS could hold, or there is no room for it.
 */
static bool
add_label(const PiiText *text, Label *label, bool wide, PiiHost *host)
{
	const char *bytes = text->bytes + label->start;
	size_t		n = label->end - label->start;
	char		name[PII_LABEL_MAX];
	size_t		i;

	if (bytes[0] == '-')
		return false;
	if (wide || (n > 4 && pii_word_at(text, label->start, "xn--", 4)))
	{
		n = pii_idna_label(bytes, n, name);
		bytes = name;
	}
	if (n == 0 || n > PII_LABEL_MAX ||
		host->length + 1 + n > PII_HOST_MAX)
		return false;
	if (host->labels > 0)
		host->room[host->length++] = '.';
	for (i = 0; i < n; i++)
		host->room[host->length++] = pii_lower(bytes[i]);
	label->name_end = host->length;
	host->wide |= wide;
	label->wide = host->wide;
	host->labels++;
	return true;
}

/* Is label i of the name, which holds labels up to it, a top-level domain? */
static bool
is_top(const PiiHost *host, const Label *labels, int i)
{
	size_t		from = i > 0 ? labels[i - 1].name_end + 1 : 0;

	return i > 0 && pii_tld_known(host->name + from, labels[i].name_end - from);
}

/*
 * Would a reader end the host before label i?  Where a sentence goes on in a
 * capital letter or in another script without a space.
 */
static bool
begins_sentence(const PiiText *text, const Label *labels, int i)
{
	char		c = text->bytes[labels[i].start];
	char		before = text->bytes[labels[i - 1].start];

	if (labels[i].after_stop || (unsigned char) c >= 0x80)
		return true;
	return c >= 'A' && c <= 'Z' && !(before >= 'A' && before <= 'Z');
}

/* Let the host end with label i. */
static bool
end_at(PiiHost *host, const Label *labels, int i)
{
	host->labels = i + 1;
	host->wide = labels[i].wide;
	host->end = labels[i].end;
	host->length = labels[i].name_end;
	host->top = labels[i - 1].name_end + 1;
	return true;
}

/*
 * Would a reader see something else begin behind the first `cut` letters of a
 * label: a capital ("comPhone"), another script ("jpまで"), a hyphen and what
 * is no letter of a label ("com-555")?
 */
static bool
parts_label(const PiiText *text, size_t cut)
{
	char		c = text->bytes[cut];

	if (c == '-')
		c = pii_byte(text, cut + 1);
	else if (c >= 'A' && c <= 'Z')
		return true;
	else if ((unsigned char) c < 0x80)
		return false;
	return !(c >= 'a' && c <= 'z');
}

/*
 * The last label, read from `start` up to `end`, is no top-level domain: is
 * the beginning of it one, up to where something else begins?
 */
static bool
cut_label(const PiiText *text, size_t start, size_t end, PiiHost *host)
{
	size_t		cut = start;
	size_t		i;
	bool		lower = text->bytes[start] >= 'a';

	while (cut < end && pii_is_letter(text->bytes[cut]) &&
		   (text->bytes[cut] >= 'a') == lower)
		cut++;
	if (cut == end || cut - start > PII_LABEL_MAX ||
		!pii_tld_known(text->bytes + start, cut - start) ||
		host->length + 1 + cut - start > PII_HOST_MAX ||
		!parts_label(text, cut))
		return false;

	host->room[host->length++] = '.';
	host->top = host->length;
	for (i = start; i < cut; i++)
		host->room[host->length++] = pii_lower(text->bytes[i]);
	host->labels++;
	host->end = cut;
	return true;
}

/* What characters are to a plain host; what is 0 ends it. */
enum
{
	PLAIN_LETTER = 1,			/* lower-case letter or digit */
	PLAIN_DOT,
	PLAIN_HYPHEN,
	PLAIN_NOT					/* takes a closer look */
};

static const unsigned char plain[256] = {
	['a' ... 'z'] = PLAIN_LETTER, ['0' ... '9'] = PLAIN_LETTER,
	['.'] = PLAIN_DOT, ['-'] = PLAIN_HYPHEN,
	['A' ... 'Z'] = PLAIN_NOT, [0x80 ... 0xFF] = PLAIN_NOT,
	['%'] = PLAIN_NOT, ['&'] = PLAIN_NOT, ['\\'] = PLAIN_NOT
};

/* What one look says of a host. */
typedef enum HostLook
{
	HOST_LOOK_OPEN,				/* it takes a closer one */
	HOST_LOOK_NONE,				/* there is none */
	HOST_LOOK_FOUND
} HostLook;

/*
 * Read a plain host that is seen whole in one span; see read_plain().  Of one
 * in lower case only a hyphen could part the last label, to make the beginning
 * of it a top-level domain.
 */
static HostLook
read_short(const PiiText *text, size_t at, PiiHost *host)
{
	PiiSpan		span;
	uint32_t	parts;
	uint32_t	dots;
	unsigned	n;

	if (!pii_span_load(text, at, &span))
		return HOST_LOOK_OPEN;
	parts = span.dot | span.hyphen;
	n = (unsigned) __builtin_ctz(~(span.lower | parts));
	if (n == 0 || n == PII_SPAN || plain[(unsigned char) pii_byte(text, at + n)] != 0)
		return HOST_LOOK_OPEN;
	if (text->bytes[at + n - 1] == '.')
		n--;
	/* letters between all that parts them, and at both ends */
	parts = (parts & ((UINT32_C(1) << n) - 1)) << 1 | UINT32_C(1) |
		UINT32_C(1) << (n + 1);
	dots = span.dot & ((UINT32_C(1) << n) - 1);
	if ((parts & parts >> 1) != 0 || dots == 0)
		return HOST_LOOK_OPEN;

	host->start = at;
	host->end = at + n;
	host->length = n;
	host->top = 32 - (unsigned) __builtin_clz(dots);
	host->wide = false;
	host->name = text->bytes + at;
	for (host->labels = 1; dots != 0; dots &= dots - 1)
		host->labels++;
	if (pii_tld_known(text->bytes + at + host->top, n - host->top))
		return HOST_LOOK_FOUND;
	return (span.hyphen & ((UINT32_C(1) << n) - 1)) >> host->top != 0 ?
		HOST_LOOK_OPEN : HOST_LOOK_NONE;
}

/*
 * Read a host that is plain in every way: lower-case letters, digits and single
 * hyphens, a known top-level domain at the end, and behind it what ends it for
 * certain.  Nearly all are.  False says that it takes a closer look.
 */
static bool
read_plain(const PiiText *text, size_t at, PiiHost *host)
{
	const char *bytes = text->bytes + at;
	size_t		left = text->length - at;
	size_t		label = 0;
	size_t		n;

	host->start = at;
	host->labels = 1;
	host->wide = false;
	host->name = bytes;
	if (left > PII_HOST_MAX)
		left = PII_HOST_MAX;
	for (n = 0; n < left; n++)
	{
		unsigned	class = plain[(unsigned char) bytes[n]];
		unsigned	next;

		if (class == PLAIN_LETTER)
			continue;
		if (class == 0)
			break;
		next = n + 1 < left ? plain[(unsigned char) bytes[n + 1]] : 0;
		if (class == PLAIN_NOT || n == label || next == PLAIN_NOT)
			return false;
		if (next != PLAIN_LETTER)
		{
			if (class == PLAIN_HYPHEN)
				return false;
			break;
		}
		if (class == PLAIN_HYPHEN)
			continue;
		if (n - label > PII_LABEL_MAX)
			return false;
		host->labels++;
		label = n + 1;
	}
	if (n == PII_HOST_MAX || host->labels < 2 ||
		host->labels > PII_HOST_LABELS || n - label > PII_LABEL_MAX)
		return false;
	host->end = at + n;
	host->length = n;
	host->top = label;
	return pii_tld_known(bytes + label, n - label);
}

/*
 * Read all labels from a place on into the host's name.  Returns how many.
 */
static int
read_labels(const PiiText *text, size_t at, PiiHost *host, Label *labels)
{
	bool		stop = false;
	int			n = 0;

	host->start = at;
	host->labels = 0;
	host->length = 0;
	host->wide = false;
	host->plain = false;
	host->name = host->room;
	while (n < PII_HOST_LABELS)
	{
		Label	   *label = &labels[n];
		bool		wide;
		size_t		width;

		label->start = at;
		label->after_stop = stop;
		at = label->end = label_end(text, at, &wide);
		while (label->end > label->start && text->bytes[label->end - 1] == '-')
			label->end--;
		if (label->end == label->start || !add_label(text, label, wide, host))
			break;
		n++;
		width = read_dot(text, at, &stop);
		if (label->end < at || width == 0)
			break;
		at += width;
	}
	return n;
}

/* Read a host that is not plain. */
PII_APART static bool
read_closely(const PiiText *text, size_t at, PiiHost *host)
{
	Label		labels[PII_HOST_LABELS];
	int			n = read_labels(text, at, host, labels);
	int			i;

	if (n < 2)
		return false;
	if (is_top(host, labels, n - 1))
	{
		/* "a@b.com.Call us": a word that happens to be a domain, too */
		if (n >= 3 && is_top(host, labels, n - 2) &&
			(unsigned char) text->bytes[labels[n - 1].start] < 0x80 &&
			begins_sentence(text, labels, n - 1))
			return end_at(host, labels, n - 2);
		return end_at(host, labels, n - 1);
	}

	host->labels = n - 1;
	host->wide = labels[n - 2].wide;
	host->length = labels[n - 2].name_end;
	if (cut_label(text, labels[n - 1].start, labels[n - 1].end, host))
		return true;
	for (i = n - 2; i > 0; i--)
		if (is_top(host, labels, i) && begins_sentence(text, labels, i + 1))
			return end_at(host, labels, i);
	return false;
}

/*
 * Read the host that begins at a place.  True if there is one of at least two
 * labels under a delegated top-level domain.
 */
bool
pii_host_read(const PiiText *text, size_t at, PiiHost *host)
{
	host->plain = true;
	switch (read_short(text, at, host))
	{
		case HOST_LOOK_FOUND:
			return true;
		case HOST_LOOK_NONE:
			return false;
		case HOST_LOOK_OPEN:
			break;
	}
	return read_plain(text, at, host) || read_closely(text, at, host);
}

/* Is it set aside for examples (RFC 2606, section 3)? */
bool
pii_host_reserved(const PiiHost *host)
{
	const char *top = host->name + host->top;

	if (host->top < 8 || host->length - host->top != 3 || top[-8] != 'e' ||
		memcmp(top - 8, "example.", 8) != 0 ||
		(host->top > 8 && top[-9] != '.'))
		return false;
	return memcmp(top, "com", 3) == 0 || memcmp(top, "net", 3) == 0 ||
		memcmp(top, "org", 3) == 0;
}

/*
 * Does everybody know it as a provider of mailboxes?  Asked only where little
 * else speaks for an address.
 */
bool
pii_host_provider(const PiiHost *host)
{
	static const char *const providers[] = {
		"126", "163", "aol", "bk", "btinternet", "daum", "fastmail", "foxmail",
		"gmail", "gmx", "googlemail", "hanmail", "hotmail", "icloud", "inbox",
		"laposte", "libero", "live", "mac", "mail", "me", "msn", "naver",
		"orange", "outlook", "proton", "protonmail", "qq", "rambler",
		"rediffmail", "seznam", "sina", "t-online", "tutanota", "uol", "ukr",
		"wanadoo", "web", "yahoo", "yandex", "yeah", "ymail", "zoho", NULL
	};
	const char *dot = memchr(host->name, '.', host->length);

	return dot != NULL &&
		pii_word_among(host->name, (size_t) (dot - host->name), providers) &&
		host->labels <= 3;
}

/* Is its top-level domain an extension that files have? */
bool
pii_host_like_file(const PiiHost *host)
{
	static const char *const extensions[] = {
		"cab", "java", "map", "md", "mov", "properties", "ps", "pub", "py",
		"rs", "sh", "so", "tf", "zip", NULL
	};

	return pii_word_among(host->name + host->top, host->length - host->top,
						  extensions);
}

/* How far the host alone speaks for an address, in (0,1]. */
float
pii_host_trust(const PiiHost *host)
{
	static const char *const common[] = {
		"com", "net", "org", "edu", "gov", "info", "biz", NULL
	};
	static const char *const archives[] = {"zip", "mov", NULL};
	size_t		n = host->length - host->top;
	const char *top = host->name + host->top;

	if (n == 2 && host->labels > 2)
		return 0.98f;
	if (pii_word_among(top, n, common))
		return 0.99f;
	if (host->labels == 2 && pii_word_among(top, n, archives))
		return 0.5f;
	if (host->labels == 2 && pii_host_like_file(host))
		return 0.85f;
	return n == 2 ? 0.98f : 0.95f;
}
