/*
 * detect.c
 *		The finder: matches of all kinds, in order.
 *
 * Most values hold nothing and must cost no more than reading them, so one
 * pass of the prefilter says whether and where to look closer.  Each kind is
 * then searched on its own, up to the next match of the other, in windows
 * between which the caller may cancel.
 *
 * What must stay true: next_email and next_phone never go back, so that no
 * byte is searched twice for one kind.
 */
#include "detect.h"

#include <string.h>

#include "email.h"
#include "phone.h"
#include "prefilter.h"

#define WINDOW (64 * 1024)

/* Indexed by PiiKind and PiiForm. */
static const char *const kind_names[PII_KINDS] = {"email", "phone"};
static const char *const form_names[PII_FORMS] = {
	"address", "quoted", "encoded", "obfuscated",
	"international", "uri", "national", "bare"
};

/* Is this kind asked for? */
static inline bool
wants(const PiiFinder *finder, PiiKind kind)
{
	return (finder->options->kinds & PII_KIND_BIT(kind)) != 0;
}

/* Note where to look closer; says for which kinds. */
static inline uint32_t
take_places(PiiFinder *finder, const PiiPlaces *places, size_t first)
{
	size_t		length = finder->length;

	finder->next_email = wants(finder, PII_EMAIL) ? places->sign : length;
	finder->email_end = places->sign_end;
	finder->next_phone = length;
	if (wants(finder, PII_PHONE) && (places->is_dense || first < length))
		finder->next_phone = places->dense;
	if (places->is_dense)
		finder->dense_end = places->dense_end;
	finder->signs = places->signs;
	finder->plain = finder->signs != 0 && finder->next_email < length &&
		finder->value[finder->next_email] == '@' ?
		PII_PLAIN_ADDRESS : PII_PLAIN_NOT;
	return (finder->next_email < length ? PII_KIND_BIT(PII_EMAIL) : 0) |
		(finder->next_phone < length ? PII_KIND_BIT(PII_PHONE) : 0);
}

/* See where to look closer; in line, for nearly every value passes here. */
static inline __attribute__((always_inline)) uint32_t
prefilter(PiiFinder *finder)
{
	PiiPlaces	places;
	size_t		length = finder->length;
	size_t		first = length < WINDOW ? length : WINDOW;

	/* Of a long value only the first window: there is nobody to cancel it. */
	pii_prefilter(finder->value, length, first, &places);
	return take_places(finder, &places, first);
}

/* Begin, before anything is known of the value. */
static inline void
begin(PiiFinder *finder, const PiiFindOptions *options, const char *value,
	  size_t length)
{
	finder->options = options;
	finder->value = value;
	finder->length = length;
	finder->position = 0;
	finder->dense_end = 0;
	finder->question = WINDOW;
	finder->has_email = false;
}

/* See detect.h. */
uint32_t
pii_finder_begin(PiiFinder *finder, const PiiFindOptions *options,
				 const char *value, size_t length)
{
	begin(finder, options, value, length);
	if (wants(finder, PII_PHONE) && pii_phone_may_be_plain(value, length))
	{
		finder->plain = PII_PLAIN_NUMBER;
		finder->next_email = 0;
		finder->next_phone = 0;
		return options->kinds;
	}
	return prefilter(finder);
}

/* See prefilter.h. */
uint32_t
pii_finder_begin_block(PiiFinder *finder, const PiiFindOptions *options,
					   const char *value, size_t length, PiiBlock *block)
{
	PiiPlaces	places;

	begin(finder, options, value, length);
	pii_prefilter_block(value, length, block, &places);
	return take_places(finder, &places, length);
}

/* Where the window that begins at `from` ends. */
static inline size_t
window_end(size_t from, size_t limit)
{
	return limit - from > WINDOW ? from + WINDOW : limit;
}

/* May the search go on? */
static inline bool
is_cancelled(const PiiFinder *finder)
{
	const PiiFindOptions *options = finder->options;

	return options->cancelled != NULL && options->cancelled(options->argument);
}

/* Find the next address; false if cancelled. */
static bool
seek_email(PiiFinder *finder, PiiMatch *match, bool *found)
{
	*found = false;
	while (!*found && finder->next_email < finder->email_end)
	{
		size_t		end = window_end(finder->next_email, finder->email_end);

		if (pii_email_next(finder->value, finder->length, finder->next_email,
						   end, match))
		{
			finder->next_email = match->end;
			*found = match->start >= finder->position;
			continue;
		}
		finder->next_email = end;
		if (end < finder->email_end && is_cancelled(finder))
			return false;
	}
	return true;
}

/*
 * Look for a stretch of digits in one window: set next_phone and dense_end to
 * it, or next_phone to where the search goes on.
 */
static void
seek_dense(PiiFinder *finder, size_t limit)
{
	size_t		end = window_end(finder->next_phone, limit);
	size_t		start;

	if (pii_next_dense(finder->value, finder->length, finder->next_phone, end,
					   &start))
	{
		finder->next_phone = start;
		finder->dense_end = pii_dense_end(finder->value, finder->length, start);
	}
	else
		finder->next_phone = end < limit ? start : limit;
}

/*
 * Find the next number that begins before `limit`, right in the caller's match:
 * to copy what has just been stored in other widths would stall.  False if
 * cancelled.
 */
static bool
seek_phone(PiiFinder *finder, size_t limit, PiiMatch *match, bool *found)
{
	*found = false;
	while (!*found && finder->next_phone < limit)
	{
		size_t		end = finder->dense_end < limit ? finder->dense_end : limit;

		if (finder->next_phone >= finder->question)
		{
			finder->question = finder->next_phone + WINDOW;
			if (is_cancelled(finder))
				return false;
		}
		if (finder->next_phone >= end)
			seek_dense(finder, limit);
		else if (!pii_phone_next(finder->value, finder->length,
								 finder->next_phone, end,
								 finder->options->region, match))
			finder->next_phone = end;
		else
		{
			finder->next_phone = match->end;
			*found = match->start >= finder->position;
		}
	}
	return true;
}

/* Hand out an address; what is about numbers says nothing. */
static PiiFindStatus
take_email(PiiFinder *finder, PiiMatch *match)
{
	match->region = PII_REGION_NONE;
	memset(&match->regions, 0, sizeof(match->regions));
	memset(match->digits, 0, sizeof(match->digits));
	finder->has_email = false;
	finder->position = match->end;
	if (finder->next_phone < match->end)
		finder->next_phone = match->end;
	return PII_FOUND;
}

/* There are no more matches, or they are not to be looked for. */
static PiiFindStatus
finish(PiiFinder *finder, PiiFindStatus status)
{
	finder->plain = PII_PLAIN_NOT;
	finder->has_email = false;
	finder->next_email = finder->length;
	finder->next_phone = finder->length;
	return status;
}

/* Tell a value that may be one number from a look; false: it takes a search. */
static inline bool
try_plain_number(PiiFinder *finder, PiiMatch *match, PiiFindStatus *status)
{
	switch (pii_phone_plain(finder->value, finder->length,
							finder->options->region, match))
	{
		case PII_PHONE_FOUND:
			*status = finish(finder, PII_FOUND);
			return true;
		case PII_PHONE_NONE:
			*status = finish(finder, PII_END);
			return true;
		case PII_PHONE_LATER:
			finder->plain = PII_PLAIN_NOT;
			finder->next_email = finder->length;
			finder->email_end = finder->length;
			finder->next_phone = 1; /* behind the "+" */
			finder->dense_end = finder->length;
			return false;
		case PII_PHONE_UNDECIDED:
			prefilter(finder);
			return false;
	}
	return false;
}

/* The same of a value that may be one address. */
static inline bool
try_plain_address(PiiFinder *finder, PiiMatch *match)
{
	finder->plain = PII_PLAIN_NOT;
	if (!pii_email_plain(finder->value, finder->length, finder->next_email,
						 finder->signs, match))
		return false;
	finish(finder, PII_FOUND);
	take_email(finder, match);
	return true;
}

/* pii_finder_next() where there is something to look for. */
static __attribute__((noinline)) PiiFindStatus
seek(PiiFinder *finder, PiiMatch *match)
{
	PiiFindStatus status;
	bool		found;

	if (finder->plain == PII_PLAIN_NUMBER &&
		try_plain_number(finder, match, &status))
		return status;
	/* the prefilter may have found one meanwhile */
	if (finder->plain == PII_PLAIN_ADDRESS && try_plain_address(finder, match))
		return PII_FOUND;
	if (!finder->has_email)
	{
		if (!seek_email(finder, match, &found))
			return finish(finder, PII_CANCELLED);
		if (found && finder->next_phone >= match->start)
			return take_email(finder, match);
		if (found)
			finder->email = *match;
		finder->has_email = found;
	}
	for (;;)
	{
		size_t		limit = finder->has_email ? finder->email.start :
			finder->length;

		if (!seek_phone(finder, limit, match, &found))
			return finish(finder, PII_CANCELLED);
		if (!found)
			break;
		if (finder->has_email && match->end > finder->email.start)
		{
			/* They dispute the same bytes: the address wins. */
			finder->next_phone = finder->email.end;
			continue;
		}
		finder->position = match->end;
		return PII_FOUND;
	}
	if (!finder->has_email)
		return PII_END;
	*match = finder->email;
	return take_email(finder, match);
}

/* See detect.h.  Of most values, and at the end of all, there is nothing. */
PiiFindStatus
pii_finder_next(PiiFinder *finder, PiiMatch *match)
{
	if (finder->next_email >= finder->length &&
		finder->next_phone >= finder->length && !finder->has_email)
		return PII_END;
	return seek(finder, match);
}

/* See detect.h. */
size_t
pii_match_normalize(const char *value, const PiiMatch *match, char *out,
					size_t size)
{
	switch (match->kind)
	{
		case PII_EMAIL:
			return pii_email_normalize(value, match, out, size);
		case PII_PHONE:
			return pii_phone_normalize(value, match, out, size);
	}
	return 0;
}

/* See detect.h. */
const char *
pii_kind_name(PiiKind kind)
{
	return (unsigned) kind < PII_KINDS ? kind_names[kind] : NULL;
}

/* See detect.h. */
int
pii_kind_by_name(const char *name, size_t length)
{
	int			kind;

	for (kind = 0; kind < PII_KINDS; kind++)
		if (strlen(kind_names[kind]) == length &&
			memcmp(kind_names[kind], name, length) == 0)
			return kind;
	return -1;
}

/* See detect.h. */
const char *
pii_form_name(PiiForm form)
{
	return (unsigned) form < PII_FORMS ? form_names[form] : NULL;
}
