/*
 * redact.c
 *		A value with its matches made unreadable.
 *
 * What must stay true: no replacement is itself a match or begins one, whatever
 * stands behind it; and nothing of the value is kept but what mask shows of it
 * on purpose: first letters and the top-level domain, the last two digits.
 */
#include "redact.h"

#include <string.h>

#include "digit.h"
#include "utf8.h"

#define DIGITS_SHOWN 2

/* Indexed by PiiStyle. */
static const char *const style_names[PII_STYLES] = {"mask", "hash", "label"};

/* Write a piece of the result. */
static inline void
put(const PiiRedactOptions *options, const char *bytes, size_t length)
{
	if (length > 0)
		options->write(bytes, length, options->write_argument);
}

/* Write a string constant. */
static inline void
put_text(const PiiRedactOptions *options, const char *text)
{
	put(options, text, strlen(text));
}

/* Write the first character of a word if it is a letter or a digit, or "*". */
static void
put_initial(const PiiRedactOptions *options, const char *word, size_t length)
{
	uint32_t	code;
	size_t		width = pii_utf8_decode(word, length, 0, &code);

	if (width > 0 && width < length &&
		(code >= 0x80 || pii_is_letter(word[0]) ||
		 pii_is_digit(word[0])))
		put(options, word, width);
	else
		put_text(options, "*");
}

/* j***@e***.com */
static void
mask_email(const PiiRedactOptions *options, const char *value,
		   const PiiMatch *match)
{
	char		normal[PII_NORMALIZED_MAX];
	size_t		length = pii_match_normalize(value, match, normal,
											 sizeof(normal));
	size_t		domain = length;
	size_t		top = length;

	while (domain > 0 && normal[domain - 1] != '@')
		domain--;
	while (top > domain && normal[top - 1] != '.')
		top--;
	if (domain < 2 || top == domain)
	{
		put_text(options, "***@***");
		return;
	}
	put_initial(options, normal, domain - 1);
	put_text(options, "***@");
	put_initial(options, normal + domain, top - 1 - domain);
	put_text(options, "***.");
	put(options, normal + top, length - top);
}

/* How many digits of any script are in a stretch of the value? */
static int
count_digits(const char *value, size_t start, size_t end)
{
	int			n = 0;

	while (start < end)
	{
		PiiChar		c;

		pii_char_at(value, end, start, &c);
		n += c.class == PII_CHAR_DIGIT;
		start += (size_t) c.bytes;
	}
	return n;
}

/* The number as it was punctuated, all but its last digits starred out. */
static void
mask_phone(const PiiRedactOptions *options, const char *value,
		   const PiiMatch *match)
{
	int			left = count_digits(value, match->start, match->end);
	size_t		at = match->start;

	while (at < match->end)
	{
		PiiChar		c;

		pii_char_at(value, match->end, at, &c);
		if (c.class == PII_CHAR_DIGIT && left-- > DIGITS_SHOWN)
			put_text(options, "*");
		else
			put(options, value + at, (size_t) c.bytes);
		at += (size_t) c.bytes;
	}
}

/* <kind>, or <kind:hash> */
static void
put_label(const PiiRedactOptions *options, const char *value,
		  const PiiMatch *match)
{
	put_text(options, "<");
	put_text(options, pii_kind_name(match->kind));
	if (options->style == PII_STYLE_HASH)
	{
		char		normal[PII_NORMALIZED_MAX];
		char		hash[PII_HASH_MAX];
		const char *input = normal;
		size_t		length = pii_match_normalize(value, match, normal,
												 sizeof(normal));

		if (length == 0)
		{
			/* a national number of an unknown region: its digits are its name */
			input = match->digits;
			length = strlen(match->digits);
		}
		put_text(options, ":");
		put(options, hash, options->hash(input, length, hash,
										 options->hash_argument));
	}
	put_text(options, ">");
}

/* Write what stands for a match. */
static void
put_replacement(const PiiRedactOptions *options, const char *value,
				const PiiMatch *match)
{
	switch (options->style)
	{
		case PII_STYLE_MASK:
			if (match->kind == PII_EMAIL)
				mask_email(options, value, match);
			else
				mask_phone(options, value, match);
			break;
		case PII_STYLE_HASH:
		case PII_STYLE_LABEL:
			put_label(options, value, match);
			break;
	}
}

/* Write a star for every byte but white space. */
static void
put_stars(const PiiRedactOptions *options, const char *bytes, size_t length)
{
	size_t		i;

	for (i = 0; i < length; i++)
		if (bytes[i] == ' ' || bytes[i] == '\n')
			put(options, bytes + i, 1);
		else
			put_text(options, "*");
}

/* See redact.h. */
PiiRedactStatus
pii_redact(const PiiRedactOptions *options, const char *value, size_t length,
		   int pass)
{
	PiiFinder	finder;
	PiiMatch	match;
	PiiFindStatus status;
	size_t		done = 0;
	bool		changed = false;

	pii_finder_begin(&finder, &options->find, value, length);
	while ((status = pii_finder_next(&finder, &match)) == PII_FOUND)
	{
		changed = true;
		put(options, value + done, match.start - done);
		if (pass >= PII_REDACT_PASSES)
		{
			put_stars(options, value + match.start, length - match.start);
			return PII_REDACT_CHANGED;
		}
		put_replacement(options, value, &match);
		done = match.end;
	}
	if (status == PII_CANCELLED)
		return PII_REDACT_CANCELLED;
	if (done < length)
		put(options, value + done, length - done);
	return changed ? PII_REDACT_CHANGED : PII_REDACT_UNTOUCHED;
}

/* See redact.h. */
const char *
pii_style_name(PiiStyle style)
{
	return (unsigned) style < PII_STYLES ? style_names[style] : NULL;
}

/* See redact.h. */
int
pii_style_by_name(const char *name, size_t length)
{
	int			style;

	for (style = 0; style < PII_STYLES; style++)
		if (strlen(style_names[style]) == length &&
			memcmp(style_names[style], name, length) == 0)
			return style;
	return -1;
}
