/*
 * email_spelt.c
 *		Addresses spelt out to keep robots away.
 *
 * "ana (at) sousa (dot) pt", "ana [at] sousa.pt", "ana AT sousa DOT pt",
 * "ana @ gmail.com".  Words alone mean little ("meet me at dot com"), so what
 * has no brackets must be in capitals or name a provider of mailboxes.
 */
#include "email_parts.h"

#define WORD_MAX 12				/* letters of a word in brackets */
#define BLANKS_MAX 3			/* blanks around it */

/* How an at-sign was spelt. */
typedef enum SpeltStyle
{
	SPELT_BRACKETS,				/* (at) */
	SPELT_WORD,					/* at */
	SPELT_CAPITALS,				/* AT */
	SPELT_SPACED				/* @ with blanks around */
} SpeltStyle;

static const char *const at_words[] = {
	"at", "arroba", "arobase", "chiocciola", "@", NULL
};
static const char *const dot_words[] = {
	"dot", "punkt", "punto", "ponto", "point", ".", NULL
};

/* Skip a few blanks to the right. */
static size_t
skip_blanks(const PiiText *text, size_t at)
{
	size_t		stop = at + BLANKS_MAX;

	while (at < stop && pii_byte(text, at) == ' ')
		at++;
	return at;
}

/* Skip a few blanks to the left. */
static size_t
skip_blanks_back(const PiiText *text, size_t at)
{
	size_t		left = BLANKS_MAX;

	while (left-- > 0 && pii_byte_before(text, at) == ' ')
		at--;
	return at;
}

/* Read "(word)" with a word of the list; 0 if it does not stand here. */
static size_t
read_bracketed(const PiiText *text, size_t at, const char *const *list)
{
	char		open = pii_byte(text, at);
	char		close = open == '(' ? ')' : open == '[' ? ']' : '}';
	size_t		word;
	size_t		end;

	if (open != '(' && open != '[' && open != '{')
		return 0;
	word = skip_blanks(text, at + 1);
	end = word;
	while (end - word < WORD_MAX && (pii_is_letter(pii_byte(text, end)) ||
									 pii_byte(text, end) == '.' ||
									 pii_byte(text, end) == '@'))
		end++;
	if (end == word || !pii_word_among(text->bytes + word, end - word, list))
		return 0;
	end = skip_blanks(text, end);
	return pii_byte(text, end) == close ? end + 1 : 0;
}

/* Where the "dot" spelt at a place ends; 0 if there is none. */
static size_t
dot_end(const PiiText *text, size_t at, bool apart)
{
	size_t		end = read_bracketed(text, at, dot_words);

	if (end == 0 && apart && pii_word_at(text, at, "dot ", 4))
		return at + 3;
	return end;
}

/* The same of an at-sign. */
static size_t
sign_end(const PiiText *text, size_t at, bool apart)
{
	size_t		end = read_bracketed(text, at, at_words);

	if (end > 0)
		return end;
	if (pii_byte(text, at) == '@')
		return at + 1;
	return apart && pii_word_at(text, at, "at ", 3) ? at + 2 : 0;
}

/*
 * Read what separates labels: ".", "(dot)", " dot "; blanks around brackets
 * belong to it.  Returns where the next label begins, 0 if there is none.
 */
static size_t
read_dot(const PiiText *text, size_t at, bool *spelt)
{
	size_t		next = skip_blanks(text, at);
	size_t		end;

	if (pii_byte(text, at) == '.')
		return pii_is_alnum(pii_byte(text, at + 1)) ? at + 1 : 0;
	end = dot_end(text, next, next > at);
	if (end == 0)
		return 0;
	*spelt = true;
	end = skip_blanks(text, end);
	return pii_is_alnum(pii_byte(text, end)) ? end : 0;
}

/* The same to the left: where the atom before the separator ends, or 0. */
static size_t
read_dot_back(const PiiText *text, size_t at)
{
	size_t		end = skip_blanks_back(text, at);
	size_t		start = end;
	char		close = pii_byte_before(text, end);

	if (close == ')' || close == ']' || close == '}')
	{
		size_t		left = WORD_MAX + 2;
		char		open = close == ')' ? '(' : close == ']' ? '[' : '{';

		while (start > 0 && left-- > 0 && text->bytes[start] != open)
			start--;
		if (read_bracketed(text, start, dot_words) != end)
			return 0;
	}
	else if (end < at && end > 4 && pii_word_at(text, end - 4, " dot", 4))
		start = end - 3;
	else
		return 0;
	start = skip_blanks_back(text, start);
	return pii_is_alnum(pii_byte_before(text, start)) ? start : 0;
}

/* Where the run of local characters that ends at `end` begins. */
static size_t
atom_start(const PiiText *text, size_t end)
{
	size_t		at = end;

	while (at > 0 && end - at <= PII_LOCAL_MAX)
	{
		char		c = text->bytes[at - 1];

		if (!pii_is_alnum(c) && c != '.' && c != '_' && c != '-' && c != '+')
			break;
		at--;
	}
	while (at < end && !pii_is_alnum(text->bytes[at]))
		at++;
	return at;
}

/* Read the local part that ends at `end`, spelt dots and all. */
static bool
read_local(const PiiText *text, size_t end, size_t *start)
{
	static const char *const not_names[] = {
		"me", "us", "him", "her", "them", "it", "you", "or", "and", "is",
		"are", "be", "was", "were", "email", "e-mail", "mail", "contact",
		"here", "out", "up", "look", "find", "reach", "available", "work",
		"working", "works", "live", "meet", "stay", "only", "also", NULL
	};
	size_t		at = atom_start(text, end);
	size_t		before;

	if (at == end || end - at > PII_LOCAL_MAX ||
		!pii_is_alnum(text->bytes[end - 1]))
		return false;
	if (pii_word_among(text->bytes + at, end - at, not_names))
		return false;
	while ((before = read_dot_back(text, at)) > 0)
	{
		size_t		next = atom_start(text, before);

		if (next == before || end - next > PII_LOCAL_MAX)
			break;
		at = next;
	}
	*start = at;
	return true;
}

/*
 * Read labels and what separates them into host; true if together they are a
 * host as email_host.c knows it.
 */
static bool
read_host(const PiiText *text, size_t at, PiiHost *host, bool *spelt)
{
	PiiHost		plain;
	PiiText		name;

	host->start = at;
	host->labels = 0;
	host->length = 0;
	host->wide = false;
	host->name = host->room;
	*spelt = false;
	for (;;)
	{
		size_t		begin = at;
		bool		dot_spelt = false;

		while (pii_is_alnum(pii_byte(text, at)) || pii_byte(text, at) == '-')
			at++;
		while (at > begin && text->bytes[at - 1] == '-')
			at--;
		if (at == begin || at - begin > 63 || text->bytes[begin] == '-' ||
			host->length + 1 + at - begin > PII_HOST_MAX)
			break;
		if (host->labels > 0)
			host->room[host->length++] = '.';
		host->top = host->length;
		host->end = at;
		host->labels++;
		while (begin < at)
			host->room[host->length++] = pii_lower(text->bytes[begin++]);
		at = read_dot(text, at, &dot_spelt);
		if (at == 0)
			break;
		*spelt |= dot_spelt;
	}
	name.bytes = host->name;
	name.length = host->length;
	return host->labels >= 2 && pii_host_read(&name, 0, &plain) &&
		plain.length == host->length;
}

/*
 * Write a spelt address, which is all of `bytes`, as local@domain with the
 * domain as written.  Returns its length, 0 if it does not fit.
 */
size_t
pii_spelt_normalize(const char *bytes, size_t length, char *out, size_t size)
{
	PiiText		text = {bytes, length};
	size_t		n = 0;
	size_t		at = 0;
	bool		has_sign = false;

	while (at < length && n < size)
	{
		size_t		blank = skip_blanks(&text, at);
		bool		apart = blank > at;
		size_t		dot = dot_end(&text, blank, apart);
		size_t		sign = has_sign ? 0 : sign_end(&text, blank, apart);

		if (dot > 0)
		{
			out[n++] = '.';
			at = dot;
		}
		else if (sign > 0)
		{
			out[n++] = '@';
			at = sign;
			has_sign = true;
		}
		else
		{
			out[n++] = pii_byte(&text, blank);
			at = blank + 1;
		}
	}
	return at < length ? 0 : n;
}

/*
 * Is what was read what it will be written as?  Not if a part of it is itself
 * "at" or "dot".
 */
static bool
reads_back(const PiiText *text, size_t start, const PiiHost *host)
{
	char		plain[PII_LOCAL_MAX + 1 + PII_HOST_MAX];
	size_t		n = pii_spelt_normalize(text->bytes + start, host->end - start,
										plain, sizeof(plain));
	PiiText		written = {plain, n};
	size_t		i;

	if (n < host->length + 2 || n > PII_PATH_MAX ||
		plain[n - host->length - 1] != '@')
		return false;
	for (i = 0; i < n - host->length - 1; i++)
		if (plain[i] == '@' || (plain[i] == '.' && plain[i + 1] == '.'))
			return false;
	return i <= PII_LOCAL_MAX &&
		pii_word_at(&written, i + 1, host->name, host->length);
}

/*
 * Build a match around an at-sign spelt between the bytes left and right.
 */
static bool
read_around(const PiiText *text, size_t left, size_t right, SpeltStyle style,
			PiiMatch *match)
{
	PiiHost		host;
	bool		dots;
	size_t		start;
	bool		provider;

	if (!read_host(text, right, &host, &dots) ||
		!read_local(text, left, &start) ||
		!reads_back(text, start, &host))
		return false;
	provider = pii_host_provider(&host);
	switch (style)
	{
		case SPELT_BRACKETS:
			match->confidence = provider || dots ? 0.7f : 0.6f;
			break;
		case SPELT_CAPITALS:
			if (!dots)
				return false;
			match->confidence = provider ? 0.6f : 0.5f;
			break;
		case SPELT_WORD:
			if (!dots || !provider)
				return false;
			match->confidence = 0.5f;
			break;
		case SPELT_SPACED:
			if (!provider)
				return false;
			match->confidence = 0.5f;
			break;
	}
	match->kind = PII_EMAIL;
	match->form = PII_FORM_OBFUSCATED;
	match->flags = pii_host_reserved(&host) ? PII_MATCH_RESERVED : 0;
	match->start = start;
	match->end = host.end;
	return true;
}

/*
 * A spelt "dot" was seen at `at`: is there "local at label" before it?  Only
 * the word is looked for, as brackets are found by themselves.
 */
static bool
read_before_dot(const PiiText *text, size_t at, PiiMatch *match)
{
	char		before = pii_byte_before(text, at);
	size_t		end;
	size_t		label;
	size_t		sign;

	if (before == '(' || before == '[' || before == '{')
		at--;
	else if (before != ' ' || !pii_word_at(text, at, "dot ", 4))
		return false;
	end = skip_blanks_back(text, at);
	label = end;
	while (label > 0 && end - label < 64 &&
		   (pii_is_alnum(text->bytes[label - 1]) ||
			text->bytes[label - 1] == '-'))
		label--;
	sign = skip_blanks_back(text, label);
	if (label == end || sign == label || sign < 4 ||
		!pii_word_at(text, sign - 3, " at", 3))
		return false;
	return read_around(text, skip_blanks_back(text, sign - 2), label,
					   text->bytes[sign - 1] == 'T' ? SPELT_CAPITALS
					   : SPELT_WORD, match);
}

/*
 * Is there an address spelt around this place, which is a bracket, the d of a
 * "dot", or an at-sign that is no plain one?
 */
bool
pii_spelt_read(const PiiText *text, size_t at, PiiMatch *match)
{
	size_t		end;
	size_t		left;

	switch (text->bytes[at])
	{
		case 'd':
		case 'D':
			return pii_word_at(text, at, "dot", 3) &&
				read_before_dot(text, at, match);
		case '(':
		case '[':
		case '{':
			end = read_bracketed(text, at, at_words);
			return end > 0 &&
				read_around(text, skip_blanks_back(text, at),
							skip_blanks(text, end), SPELT_BRACKETS, match);
		case '@':
			left = skip_blanks_back(text, at);
			if (pii_byte_before(text, at) == '(' ||
				pii_byte_before(text, at) == '[')
				return pii_spelt_read(text, at - 1, match);
			end = skip_blanks(text, at + 1);
			return (left < at || end > at + 1) &&
				read_around(text, left, end, SPELT_SPACED, match);
		default:
			return false;
	}
}
