/*
 * email_local.c
 *		The local part of an address.
 *
 * RFC 5322 lets twenty kinds of characters into a local part that in text far
 * more often end one: "email=a@b.com", "|a@b.com|", "?to=a@b.com".  Letters,
 * digits and . _ + - always belong to it; an apostrophe and an ampersand
 * between letters do; the others only where the value is nothing but the
 * address.
 */
#include "email_parts.h"

#include "email_span.h"
#include "idna.h"
#include "tld.h"
#include "utf8.h"

/* The ASCII characters that are always part of a local part. */
static const bool core[256] = {
	['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true,
	['.'] = true, ['_'] = true, ['-'] = true, ['+'] = true
};

/* Is this one of them? */
static inline bool
is_core(char c)
{
	return core[(unsigned char) c];
}

/* Is it one that RFC 5322 allows in an atom besides? */
static inline bool
is_special(char c)
{
	return c != '\0' && strchr("!#$%&'*/=?^`{|}~", c) != NULL;
}

/*
 * Does a token with this place in it look like the query of a URL, or like a
 * list?
 */
static bool
in_query(const PiiText *text, size_t at)
{
	size_t		left;

	for (left = PII_LOCAL_MAX; left > 0 && at > 0; left--, at--)
	{
		char		c = text->bytes[at - 1];

		if (c == '=' || c == '?' || c == '@')
			return true;
		if (!is_core(c) && !is_special(c))
			return false;
	}
	return false;
}

/*
 * Is the equals sign before `at` that of a variable return path, as in
 * bounce+user=example.com@list.example?
 */
static bool
is_return_path(const PiiText *text, size_t at, size_t end)
{
	size_t		top = end;
	size_t		left;

	while (top > at && text->bytes[top - 1] != '.')
		top--;
	if (top == at || !pii_tld_known(text->bytes + top, end - top))
		return false;
	for (left = at - 1; left > 0 && at - left < PII_LOCAL_MAX; left--)
	{
		char		c = text->bytes[left - 1];

		if (c == '+' || c == '-')
			return left > 1 && pii_is_alnum(text->bytes[left - 2]);
		if (!is_core(c))
			return false;
	}
	return false;
}

/* Does a string constant of SQL or Python open here: E'...', b'...'? */
static bool
opens_string(const PiiText *text, size_t quote)
{
	char		prefix = pii_byte_before(text, quote);
	char		before = quote > 0 ? pii_byte_before(text, quote - 1) : '\0';

	return prefix != '\0' && strchr("ENbfru", prefix) != NULL &&
		!pii_is_alnum(before) && before != '.' && before != '_';
}

/* Does a special character right before `at` join what is around it? */
static bool
joins(const PiiText *text, size_t at, size_t end, const PiiHost *host)
{
	char		c = text->bytes[at - 1];
	char		before = pii_byte_before(text, at - 1);

	if (at == end || !pii_is_alnum(text->bytes[at]) || !pii_is_alnum(before))
		return false;
	switch (c)
	{
		case '\'':
			return pii_byte(text, host->end) != '\'' &&
				!opens_string(text, at - 1);
		case '&':
			return !in_query(text, at - 1);
		case '=':
			return is_return_path(text, at, end);
		default:
			return false;
	}
}

/*
 * Does a word end between the character `code` and the ASCII character that
 * follows it?  Scripts without spaces run into addresses; letters of two
 * scripts side by side are two words.
 */
static bool
parts_words(PiiScript script, char next)
{
	if (!pii_is_alnum(next))
		return false;
	return script == PII_SCRIPT_UNSPACED ||
		(script == PII_SCRIPT_SPACED && pii_is_letter(next));
}

/*
 * Walk left from `end` over what belongs to a local part.  Stops after one
 * byte too many, so that the caller sees that it is too long.
 */
static size_t
walk_left(const PiiText *text, size_t end, const PiiHost *host, bool *wide)
{
	size_t		at = end;

	*wide = false;
	while (at > 0 && end - at <= PII_LOCAL_MAX)
	{
		char		c = text->bytes[at - 1];
		uint32_t	code;
		size_t		width;
		PiiScript	script;

		if ((unsigned char) c < 0x80)
		{
			width = pii_escape_before(text, at, &code);
			if (width > 0)
			{
				if (!is_core((char) code))
					break;
				at -= width;
				continue;
			}
			if (!is_core(c) && !(is_special(c) && joins(text, at, end, host)))
				break;
			at--;
			continue;
		}
		width = pii_utf8_decode_before(text->bytes, at, &code);
		if (width == 0)
			break;
		script = pii_script_of(code);
		if (script == PII_SCRIPT_BARRIER ||
			(at < end && !host->wide && parts_words(script, text->bytes[at])))
			break;
		*wide = true;
		at -= width;
	}
	return at;
}

/*
 * Is the backslash before `start` that of an escape: "\nana@b.com"?  In
 * DOMAIN\nadia@b.com and C:\Users\nadia@b.com it parts names.
 */
static bool
ends_escape(const PiiText *text, size_t start)
{
	char		c = text->bytes[start];
	size_t		at = start - 1;
	char		left = pii_byte_before(text, at);

	if ((c != 'n' && c != 'r' && c != 't') || (left >= 'A' && left <= 'Z'))
		return false;
	for (; at > 0 && start - at < PII_LOCAL_MAX; at--)
	{
		left = text->bytes[at - 1];
		if (pii_is_blank(left) || left == '"' || left == '@')
			return true;
		if (left == ':' && text->bytes[at] == '\\')
			return false;
	}
	return true;
}

/*
 * Drop from the left what is the rest of something else: of an escape sequence
 * ("\nana@b.com", "=3Dana@b.com"), a list's dash, a plus.
 */
static size_t
trim_left(const PiiText *text, size_t start, size_t end)
{
	char		before = pii_byte_before(text, start);

	if (before == '\\' && start < end && ends_escape(text, start))
		start++;
	else if (before == '=' && end - start > 2 &&
			 memcmp(text->bytes + start, "3D", 2) == 0)
		start += 2;
	while (start < end &&
		   (text->bytes[start] == '-' || text->bytes[start] == '+'))
		start++;
	return start;
}

/*
 * Dots stand between atoms only.  An ellipsis before the address is not part
 * of it; any other dot out of place makes it none.  Returns where the local
 * part begins, or `end`.
 */
static size_t
check_dots(const PiiText *text, size_t start, size_t end)
{
	size_t		at;

	if (text->bytes[end - 1] == '.')
		return end;
	for (at = end - 1; at > start; at--)
		if (text->bytes[at] == '.' && text->bytes[at - 1] == '.')
			break;
	if (at > start)
	{
		bool		ellipsis = at >= 2 && text->bytes[at - 2] == '.';

		return ellipsis ? at + 1 : end;
	}
	return text->bytes[start] == '.' ? end : start;
}

/* Does anything in it name somebody? */
static bool
has_name(const PiiText *text, size_t start, size_t end)
{
	for (; start < end; start++)
		if (pii_is_alnum(text->bytes[start]) ||
			(unsigned char) text->bytes[start] >= 0x80)
			return true;
	return false;
}

/*
 * Read a quoted local part whose closing quote ends at `end`.  Quotes that are
 * themselves escaped, as within JSON, come in pairs.
 */
static bool
read_quoted(const PiiText *text, size_t end, PiiLocal *local)
{
	bool		escaped = end >= 2 && text->bytes[end - 2] == '\\';
	size_t		quote = escaped ? 2 : 1;
	size_t		at = end - quote;
	size_t		width;
	uint32_t	code;
	char		before;

	while (at > 0 && end - at < PII_LOCAL_MAX)
	{
		char		c = text->bytes[at - 1];

		if (c == '"' && (escaped ? at >= 2 && text->bytes[at - 2] == '\\'
						 : pii_byte_before(text, at - 1) != '\\'))
			break;
		if ((unsigned char) c < 0x20 || c == 0x7F)
			return false;
		width = pii_utf8_decode_before(text->bytes, at, &code);
		if (width == 0)
			return false;
		at -= width;
	}
	if (at < quote || text->bytes[at - 1] != '"' ||
		end - (at - quote) > PII_LOCAL_MAX || at == end - quote)
		return false;
	before = pii_byte_before(text, at - quote);
	if (pii_is_alnum(before) || before == '.' || before == '"' ||
		(unsigned char) before >= 0x80)
		return false;
	local->start = at - quote;
	local->quoted = true;
	return true;
}

/*
 * Where the value, or what stands between its angle brackets, begins if it
 * ends with the host; `start` otherwise.
 */
static size_t
sole_start(const PiiText *text, size_t start, size_t end, const PiiHost *host)
{
	size_t		stop = host->end;
	size_t		at = start;
	bool		bracket = pii_byte(text, stop) == '>';

	if (bracket)
		stop++;
	while (pii_is_blank(pii_byte(text, stop)))
		stop++;
	if (stop < text->length)
		return start;
	while (at > 0 && end - at <= PII_LOCAL_MAX &&
		   (is_core(text->bytes[at - 1]) || is_special(text->bytes[at - 1])))
		at--;
	if (end - at > PII_LOCAL_MAX)
		return start;
	stop = at;
	if (bracket != (pii_byte_before(text, stop) == '<'))
		return start;
	if (bracket)
		stop--;
	while (stop > 0 && pii_is_blank(text->bytes[stop - 1]))
		stop--;
	return stop == 0 ? at : start;
}

/*
 * Could a whole local part with special characters be meant?  Not what is a
 * key and its value, a path, a template or masked.
 */
static bool
is_meant(const PiiText *text, size_t start, size_t end)
{
	const char *bytes = text->bytes + start;
	size_t		n = end - start;
	const char *equals = memchr(bytes, '=', n);
	size_t		i;

	if (bytes[0] == '/' || bytes[0] == '?' || bytes[0] == '\'' ||
		bytes[0] == '`' || bytes[0] == '|' || bytes[0] == '~')
		return false;
	if (equals == NULL && memchr(bytes, '/', n) != NULL &&
		memchr(bytes, '!', n) == NULL)
		return false;
	for (i = 0; equals != NULL && bytes + i < equals; i++)
		if (!is_core(bytes[i]))
			equals = NULL;
	if (equals != NULL && equals > bytes)
		return false;
	for (i = 0; i < n; i++)
	{
		char		next = i + 1 < n ? bytes[i + 1] : '@';

		if (bytes[i] == '*' && (next == '*' || next == '@'))
			return false;
		if (bytes[i] == '{' && (pii_is_alnum(next) || next == '{') &&
			memchr(bytes + i, '}', n - i) != NULL)
			return false;
		if (bytes[i] == '%' && i + 2 >= n)
			return false;
		if (bytes[i] == '$' && !(next >= 'A' && next <= 'Z') && next != '%')
			return false;
	}
	return true;
}

/*
 * Where the run of core characters that ends at `end` begins, if the dots in it
 * stand between other characters; `end` if not, or if it is too long.
 */
static size_t
plain_start(const PiiText *text, size_t end)
{
	size_t		least = end > PII_LOCAL_MAX ? end - PII_LOCAL_MAX - 1 : 0;
	size_t		at = end;
	size_t		n = end < PII_SPAN ? end : PII_SPAN;
	PiiSpan		span;

	if (n == 0 || text->bytes[end - 1] == '.')
		return end;
	if (pii_span_load(text, end - n, &span))
	{
		/* the at-sign's left neighbour becomes the highest bit */
		unsigned	shift = 32 - (unsigned) n;
		uint32_t	other = ~(span.lower | span.upper | span.dot |
							  span.hyphen | span.sign) << shift;
		unsigned	run = other == 0 ? (unsigned) n
			: (unsigned) __builtin_clz(other);
		uint32_t	dots = span.dot << shift;

		if (run < PII_SPAN)
			return run == 0 || (dots & dots << 1) >> (32 - run) != 0
				? end : end - run;
	}
	while (at > least && is_core(text->bytes[at - 1]))
	{
		at--;
		if (text->bytes[at] == '.' && text->bytes[at + 1] == '.')
			return end;
	}
	return end - at > PII_LOCAL_MAX ? end : at;
}

/*
 * Read a local part that is plain in every way: letters and digits with single
 * dots and signs between, and something before it that ends it for certain.
 * Nearly all are.  False says that it takes a closer look.
 */
static bool
read_plain(const PiiText *text, size_t end, PiiLocal *local)
{
	size_t		start = plain_start(text, end);
	char		before = pii_byte_before(text, start);

	local->start = start;
	return start < end && pii_is_alnum(text->bytes[start]) &&
		(unsigned char) before < 0x80 && before != '\\' && before != ';' &&
		before != '"' && !is_special(before);
}

/* Read a local part that is not plain. */
PII_APART static bool
read_closely(const PiiText *text, size_t end, const PiiHost *host,
			 PiiLocal *local)
{
	size_t		start;
	size_t		sole;

	if (end == 0)
		return false;
	if (text->bytes[end - 1] == '"')
		return read_quoted(text, end, local);

	start = walk_left(text, end, host, &local->wide);
	if (!local->wide && start > 0 && is_special(text->bytes[start - 1]))
	{
		sole = sole_start(text, start, end, host);
		if (sole < start && is_meant(text, sole, end))
		{
			local->odd = true;
			local->start = check_dots(text, sole, end);
			return local->start == sole;
		}
	}
	if (end - start > PII_LOCAL_MAX)
		return false;
	start = trim_left(text, start, end);
	if (start == end)
		return false;
	start = check_dots(text, start, end);
	local->start = start;
	return start < end && has_name(text, start, end);
}

/*
 * Read the local part left of an at-sign.  False if there is none that an
 * address could have.
 */
bool
pii_local_read(const PiiText *text, const PiiSign *sign, const PiiHost *host,
			   PiiLocal *local)
{
	local->quoted = false;
	local->wide = false;
	local->odd = false;
	return read_plain(text, sign->start, local) ||
		read_closely(text, sign->start, host, local);
}
