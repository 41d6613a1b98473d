/*
 * phone_trial.c
 *		Is this span of digit groups a telephone number, and in which form?
 *
 * International forms stand for themselves; national forms must also be
 * written as numbers are and look like nothing else (phone_veto.c).  What the
 * text around speaks against is no number (phone_context.c).
 */
#include "phone_run.h"

#include <string.h>

#include "digit.h"
#include "plan.h"

#define SHORTEST_INTERNATIONAL 6	/* digits, calling code included */
#define SHORTEST_BARE 7			/* digits alone */

/* A span on trial, and what is known of it. */
typedef struct PhoneTrial
{
	const PhoneSearch *search;
	PhoneSpan	span;
	size_t		start;			/* bytes of the number, "+" included */
	size_t		end;			/* without extension */
	size_t		extended;		/* with it */
	PhoneContext context;
	PiiPlanNumber number;
} PhoneTrial;

/* See phone_run.h. */
bool
pii_phone_is_international(const uint8_t *digits, int length,
						   PiiPlanNumber *number)
{
	if (length < SHORTEST_INTERNATIONAL)
		return false;
	return pii_plan_international(digits, length, number) ||
		pii_phone_is_reserved(number->calling_code, number->national,
							  number->length);
}

/*
 * Is this what is dialled in the region, valid or reserved?  Of reserved
 * numbers the plan does not say whether they need a trunk prefix: all do.
 */
static bool
is_dialled(PiiRegion region, const uint8_t *digits, int length,
		   PiiPlanNumber *number)
{
	if (pii_plan_dial(region, digits, length, number))
		return true;
	return number->length < length &&
		pii_phone_is_reserved(number->calling_code, number->national,
							  number->length);
}

/*
 * Bytes of a span.  Brackets that open before it belong to it only if they
 * close within it; the "+" always does.
 */
static void
set_bytes(PhoneTrial *trial)
{
	const PhoneRun *run = trial->span.run;
	const PhoneGroup *first = &run->group[trial->span.first];
	const PhoneGroup *last = &run->group[trial->span.last];

	trial->start = phone_span_has_lead(&trial->span) ? first->open :
		first->start;
	if (trial->span.first == 0 && run->plus && run->plus_at < trial->start)
		trial->start = run->plus_at;
	trial->end = last->end;
	if (last->opened > 0 && last->closed > 0 && last > first)
		trial->end = last->close;
}

/*
 * Where the URI begins that a number behind "tel:" is, if it is written without
 * spaces; else where the number does.
 */
static size_t
uri_start(const PhoneTrial *trial)
{
	const char *value = trial->search->value;
	size_t		start = trial->start;

	if (start >= 2 && value[start - 1] == '/' && value[start - 2] == '/')
		start -= 2;
	if (start < 4 || value[start - 1] != ':' ||
		(value[start - 4] | 0x20) != 't' || (value[start - 3] | 0x20) != 'e' ||
		(value[start - 2] | 0x20) != 'l' ||
		(start > 4 && pii_is_letter(value[start - 5])))
		return trial->start;
	for (size_t at = trial->start; at < trial->end; at++)
		if (value[at] == ' ' || (unsigned char) value[at] >= 0x80)
			return trial->start;
	return start - 4;
}

/* Read the extension, and see what the text around says. */
static bool
fits_context(PhoneTrial *trial)
{
	const PhoneSearch *search = trial->search;
	char		extension[PHONE_EXTENSION_DIGITS + 1];

	if (trial->start == 0 && trial->end == search->length)
	{
		trial->extended = trial->end;
		trial->context = PHONE_CONTEXT_ALLOWS;
		return true;			/* there is nothing around */
	}
	trial->extended = trial->end +
		pii_phone_extension(search->value, search->length, trial->end,
							extension);
	trial->context = pii_phone_context(search->value, search->length,
									   trial->start, trial->extended);
	return trial->context != PHONE_CONTEXT_FORBIDS;
}

/* Is everything but the match blank, or a wrapping such as quotes? */
static bool
is_whole(const PhoneSearch *search, size_t start, size_t end)
{
	PiiChar		next;

	if (start == 0 && end == search->length)
		return true;
	for (size_t at = 0; at < search->length; at += next.bytes)
	{
		if (at == start)
		{
			at = end;
			if (at >= search->length)
				break;
		}
		if (start - at > 32 && at < start)
			return false;
		pii_char_at(search->value, search->length, at, &next);
		if (next.class != PII_CHAR_SPACE && next.class != PII_CHAR_INVISIBLE &&
			next.class != PII_CHAR_OPEN && next.class != PII_CHAR_CLOSE &&
			(next.code >= 0x80 ||
			 memchr("\t\r\n\"'<>{};,.", (int) next.code, 12) == NULL))
			return false;
	}
	return true;
}

/*
 * Fill in what does not depend on the form; `known` says whether the calling
 * code is.
 */
static void
fill(const PhoneTrial *trial, bool known, PiiMatch *match)
{
	const PiiPlanNumber *number = &trial->number;
	char	   *out;

	memset(match, 0, sizeof(*match));
	out = match->digits;
	match->kind = PII_PHONE;
	match->start = trial->start;
	match->end = trial->extended;
	match->region = known ? number->region : PII_REGION_ANY;
	if (trial->extended > trial->end)
		match->flags |= PII_MATCH_EXTENSION;
	if (is_whole(trial->search, match->start, match->end))
		match->flags |= PII_MATCH_WHOLE;
	if (known)
	{
		int			code = number->calling_code;

		if (number->mobile)
			match->flags |= PII_MATCH_MOBILE;
		if (pii_phone_is_reserved(code, number->national, number->length))
			match->flags |= PII_MATCH_RESERVED;
		*out++ = '+';
		if (code >= 100)
			*out++ = (char) ('0' + code / 100);
		if (code >= 10)
			*out++ = (char) ('0' + code / 10 % 10);
		*out++ = (char) ('0' + code % 10);
	}
	for (int i = 0; i < number->length &&
		 out < match->digits + PII_E164_MAX; i++)
		*out++ = (char) ('0' + number->national[i]);
	*out = '\0';
}

/* Say so if the match is a URI. */
static void
set_uri(const PhoneTrial *trial, PiiMatch *match)
{
	size_t		start = uri_start(trial);

	if (start == trial->start)
		return;
	match->start = start;
	match->form = PII_FORM_URI;
	match->confidence = 0.99f;
	if (is_whole(trial->search, match->start, match->end))
		match->flags |= PII_MATCH_WHOLE;
}

/* Try the span as "+", calling code, national number. */
static bool
try_plus(PhoneTrial *trial, PiiMatch *match)
{
	const uint8_t *digits = phone_span_digits(&trial->span);
	int			length = phone_span_length(&trial->span);

	if (!pii_phone_is_international(digits, length, &trial->number) ||
		!fits_context(trial))
		return false;
	fill(trial, true, match);
	match->form = PII_FORM_INTERNATIONAL;
	match->confidence = phone_international_confidence(trial->context,
													   &trial->number);
	set_uri(trial, match);
	return true;
}

/* Are these a prefix for dialling abroad, of this length, and a number? */
static bool
is_behind_prefix(const uint8_t *digits, int length, PiiPlanNumber *number,
				 int prefix)
{
	return prefix > 0 &&
		pii_phone_is_international(digits + prefix, length - prefix, number);
}

/*
 * Does the span look like something else?  Of all of a run it may be known, as
 * far as the region asked for is: see `is_known` of pii_phone_is_otherwise().
 */
static bool
is_otherwise(const PhoneTrial *trial, bool is_known)
{
	const PhoneSpan *span = &trial->span;
	bool		whole = span->first == 0 &&
		span->last == span->run->groups - 1;

	if (whole && span->run->cleared &&
		is_known == (trial->search->region >= 0))
		return false;
	return pii_phone_is_otherwise(span, is_known);
}

/*
 * Try the span as an international prefix, calling code, national number.
 * Besides the region's own, that is "00" where the groups are parted, or where
 * no region is known; digits alone may as well be a number with leading zeros,
 * so there the text around must speak for them.
 */
static bool
try_prefix(PhoneTrial *trial, PiiMatch *match)
{
	const uint8_t *digits = phone_span_digits(&trial->span);
	int			length = phone_span_length(&trial->span);
	PiiRegion	region = trial->search->region;
	bool		single = phone_span_groups(&trial->span) == 1;
	PhoneContext least = region == PII_REGION_NONE ? PHONE_CONTEXT_CONFIRMS :
		PHONE_CONTEXT_ALLOWS;

	if (region < 0 ||
		!is_behind_prefix(digits, length, &trial->number,
						  pii_plan_international_prefix(region, digits, length)))
	{
		if (digits[0] != 0 || digits[1] != 0 || digits[2] == 0 ||
			(single && region >= 0) ||
			!is_behind_prefix(digits, length, &trial->number, 2))
			return false;
	}
	if (is_otherwise(trial, false) || !fits_context(trial) ||
		(single && trial->context < least))
		return false;
	fill(trial, true, match);
	match->form = PII_FORM_INTERNATIONAL;
	match->confidence = trial->context == PHONE_CONTEXT_CONFIRMS ? 0.97f :
		single ? 0.6f : 0.85f;
	return true;
}

/* How sure a national form can be. */
static float
national_confidence(const PhoneTrial *trial, bool known)
{
	const PhoneGroup *first = &trial->span.run->group[trial->span.first];
	int			groups = phone_span_groups(&trial->span);
	bool		bare = groups == 1;
	bool		trunk = phone_span_digits(&trial->span)[0] == 0;
	float		confidence;

	if (trial->context == PHONE_CONTEXT_CONFIRMS)
		return bare ? 0.85f : 0.95f;
	if (bare)
		confidence = trunk ? 0.45f : 0.3f;
	else if (first->opened > 0)
		confidence = 0.9f;
	else if (groups > 2)
		confidence = 0.8f;
	else
		confidence = trunk ? 0.75f : 0.6f;
	if (trial->context < PHONE_CONTEXT_ALLOWS)
		confidence *= 0.6f;
	return known ? confidence : confidence * 0.7f;
}

/* Is the span written as a national number is? */
static bool
is_written_nationally(const PhoneTrial *trial, int length)
{
	bool		bare = phone_span_groups(&trial->span) == 1;
	int			shortest = PHONE_SHORTEST;

	if (bare)
		shortest = SHORTEST_BARE;
	else if (trial->search->region == PII_REGION_ANY)
		shortest = PHONE_SHORTEST_ANYWHERE;
	return length >= shortest &&
		pii_phone_is_grouped(&trial->span) &&
		!is_otherwise(trial, trial->search->region >= 0);
}

/* Is it written distinctly enough for the text that it stands in? */
static bool
stands_out(const PhoneTrial *trial)
{
	const PhoneRun *run = trial->span.run;
	const PhoneGroup *group = &run->group[trial->span.first];
	int			groups = phone_span_groups(&trial->span);
	bool		bracket = false;
	bool		bound = false;

	if (trial->context >= PHONE_CONTEXT_ALLOWS)
		return true;
	for (int i = 0; i < groups - 1; i++)
	{
		bracket = bracket || group[i].closed > 0;
		bound = bound || bracket ||
			phone_run_strength(run, trial->span.first + i) == 0;
	}
	if (groups == 1 || (trial->context == PHONE_CONTEXT_CROWDS && !bound))
		return false;
	return groups > 2 || bracket || phone_span_digits(&trial->span)[0] == 0;
}

/*
 * Find the regions in which the span is dialled; false if in none.  If it is
 * but one, trial->number gets the number there, and it is returned in `only`;
 * else `only` becomes PII_REGION_ANY and the number gets the digits as written.
 */
static bool
find_regions(PhoneTrial *trial, PiiRegionSet *regions, PiiRegion *only)
{
	const uint8_t *digits = phone_span_digits(&trial->span);
	int			length = phone_span_length(&trial->span);
	int			count = pii_plan_dial_anywhere(digits, length, regions);

	*only = PII_REGION_ANY;
	if (count == 1)
	{
		for (int i = 0; i < PII_REGION_WORDS; i++)
			if (regions->word[i] != 0)
				*only = i * 64 + __builtin_ctzll(regions->word[i]);
		return pii_plan_dial(*only, digits, length, &trial->number);
	}
	trial->number.national = digits;
	trial->number.length = length;
	return count > 0;
}

/*
 * Try the span as a national number of the region asked for, or of any.  The
 * text around is cheaper to ask than all regions, one region cheaper still.
 */
static bool
try_national(PhoneTrial *trial, PiiMatch *match)
{
	const uint8_t *digits = phone_span_digits(&trial->span);
	int			length = phone_span_length(&trial->span);
	PiiRegion	region = trial->search->region;
	PiiRegionSet regions = {{0}};
	bool		known;

	if (!is_written_nationally(trial, length))
		return false;
	if (region != PII_REGION_ANY &&
		!is_dialled(region, digits, length, &trial->number))
		return false;
	if (!fits_context(trial) || !stands_out(trial) ||
		pii_phone_in_iban(trial->search->value, trial->search->length,
						  trial->start))
		return false;
	if (region == PII_REGION_ANY && !find_regions(trial, &regions, &region))
		return false;
	known = region != PII_REGION_ANY;
	fill(trial, known, match);
	match->form = phone_span_groups(&trial->span) == 1 ? PII_FORM_BARE :
		PII_FORM_NATIONAL;
	match->regions = regions;
	match->confidence = national_confidence(trial, known);
	set_uri(trial, match);
	return true;
}

/* See phone_run.h. */
bool
pii_phone_try(const PhoneSearch *search, const PhoneSpan *span,
			  PiiMatch *match)
{
	PhoneTrial	trial;

	trial.search = search;
	trial.span = *span;
	set_bytes(&trial);
	if (phone_span_has_plus(span))
		return try_plus(&trial, match);
	return try_prefix(&trial, match) ||
		(search->region != PII_REGION_NONE && try_national(&trial, match));
}
