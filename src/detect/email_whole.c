/*
 * email_whole.c
 *		Is a value one address and no more?
 *
 * A column of addresses also holds "Ana Sousa <ana@b.com>", mailto: links and
 * one-element lists: the value's purpose is still that one address.
 */
#include "email_parts.h"

#define NAME_MAX_LENGTH 128

/* Skip white space, quotes and brackets of every kind to the right. */
static size_t
skip_right(const PiiText *text, size_t at)
{
	while (at < text->length &&
		   (pii_is_blank(text->bytes[at]) ||
			(text->bytes[at] != '\0' &&
			 strchr("\"'`<>()[]{},;.", text->bytes[at]) != NULL)))
		at++;
	return at;
}

/* The same to the left; returns where what is left ends. */
static size_t
skip_left(const PiiText *text, size_t at)
{
	while (at > 0 &&
		   (pii_is_blank(text->bytes[at - 1]) ||
			(text->bytes[at - 1] != '\0' &&
			 strchr("\"'`<([{", text->bytes[at - 1]) != NULL)))
		at--;
	return at;
}

/* Could this be the name before an address in angle brackets? */
static bool
is_display_name(const PiiText *text, size_t end)
{
	size_t		i;

	if (end > NAME_MAX_LENGTH)
		return false;
	for (i = 0; i < end; i++)
	{
		char		c = text->bytes[i];

		if (c == '@' || c == '<' || c == '>' || c == '\n' || pii_is_digit(c))
			return false;
	}
	return true;
}

/* What may stand behind the address: nothing, or a comment with a name. */
static bool
is_behind(const PiiText *text, size_t end)
{
	size_t		at = skip_right(text, end);

	if (at == text->length)
		return true;
	if (pii_byte(text, end) == '?') /* mailto:a@b.com?subject=... */
		return memchr(text->bytes + end, ' ', text->length - end) == NULL;
	if (text->bytes[at - 1] != '(' || text->length - at > NAME_MAX_LENGTH)
		return false;
	while (at < text->length && text->bytes[at] != ')')
		if (text->bytes[at++] == '@')
			return false;
	return at < text->length && skip_right(text, at) == text->length;
}

/* See above; [start, end) is the address. */
bool
pii_email_whole(const PiiText *text, size_t start, size_t end)
{
	static const char *const keys[] = {
		"email", "e-mail", "mail", "mailto", "smtp", NULL
	};
	size_t		left;
	size_t		word;

	if (start == 0 && end == text->length)
		return true;
	if (!is_behind(text, end))
		return false;
	left = skip_left(text, start);
	if (left == 0)
		return true;
	if (pii_byte_before(text, start) == '<')
		return is_display_name(text, left);
	if (text->bytes[left - 1] != ':')
		return false;
	left--;
	word = left;
	while (word > 0 && left - word < 8 &&
		   (pii_is_letter(text->bytes[word - 1]) || text->bytes[word - 1] == '-'))
		word--;
	return pii_word_among(text->bytes + word, left - word, keys) &&
		skip_left(text, word) == 0;
}
