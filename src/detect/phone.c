/*
 * phone.c
 *		Telephone numbers in text.
 *
 * A value is walked from one group of digits to the next.  From each group on,
 * the longest span of groups is taken that the numbering plan knows, whose
 * grouping a person would write, and that the text around it does not speak
 * against.  International forms stand for themselves; national forms must also
 * look like nothing else (phone_veto.c).
 *
 * What must stay true: every group is the first of at most a fixed number of
 * spans, so the cost is linear in the value's length; and an answer depends on
 * the value, not on how a caller cuts it into windows.
 */
#include "phone.h"

#include <string.h>

#include "digit.h"
#include "phone_run.h"
#include "plan.h"

#define SHORTEST_INTERNATIONAL 6	/* digits, calling code included */
#define SHORTEST_NATIONAL 6
#define SHORTEST_BARE 7
#define LONGEST_DIALLED 20
#define LONGEST_E164 15

/* One search. */
typedef struct PhoneSearch
{
	const char *value;
	size_t		length;
	PiiRegion	region;
} PhoneSearch;

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

/* Is this a number in international form, valid or reserved? */
static bool
is_international(const uint8_t *digits, int length, PiiPlanNumber *number)
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
 * How far a run's groups are held apart behind group `at`: 0 for signs that
 * bind, more for those that part.  Before the first group nothing holds.
 */
#define STRENGTHS 5

static int
strength(const PhoneRun *run, int at)
{
	if (at < 0)
		return STRENGTHS - 1;
	if (run->group[at].closed > 0 && at == 0 && run->group[at].opened == 0)
		return 3;
	switch (run->group[at].after)
	{
		case PHONE_SEPARATOR_END:
			return STRENGTHS - 1;
		case PHONE_SEPARATOR_MIXED:
			return 3;
		case PHONE_SEPARATOR_SLASH:
			return 2;
		case PHONE_SEPARATOR_SPACE:
			return at + 1 < run->groups && run->group[at + 1].opened > 0 ? 2 : 1;
		case PHONE_SEPARATOR_NONE:
			return at + 1 < run->groups && run->group[at + 1].opened > 0 ? 1 : 0;
		case PHONE_SEPARATOR_DASH:
		case PHONE_SEPARATOR_DOT:
			break;
	}
	return 0;
}

/*
 * May the span be cut out of its run?  What parts it from its neighbours must
 * be stronger than what parts its groups; behind a "+", at least as strong.
 */
static bool
may_be_cut(const PhoneSpan *span, bool plus)
{
	int			before = strength(span->run, span->first - 1);
	int			after = strength(span->run, span->last);
	int			inner = 0;

	for (int i = span->first; i < span->last; i++)
	{
		int			parts = strength(span->run, i);

		if (span->run->group[i + 1].opened > 0 && parts < 3)
			parts = 1;
		if (parts > inner)
			inner = parts;
	}
	if (plus)
		return after > 0 && after >= inner;
	return before > inner && after > inner;
}

/* Is the number preceded by "tel:", and written without spaces? */
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
		(start > 4 && pii_is_ascii_letter(value[start - 5])))
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

/* Fill in what does not depend on the form; `known` says whether the calling
 * code is. */
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

/* Try the span as "+", calling code, national number. */
static bool
try_plus(PhoneTrial *trial, PiiMatch *match)
{
	const uint8_t *digits = phone_span_digits(&trial->span);
	int			length = phone_span_length(&trial->span);
	size_t		start;

	if (!is_international(digits, length, &trial->number) ||
		!fits_context(trial))
		return false;
	fill(trial, true, match);
	match->form = PII_FORM_INTERNATIONAL;
	match->confidence = trial->context == PHONE_CONTEXT_CONFIRMS ? 0.99f :
		trial->context < PHONE_CONTEXT_ALLOWS ? 0.9f : 0.97f;
	if (trial->number.length < 7)
		match->confidence -= 0.1f;
	start = uri_start(trial);
	if (start < match->start)
	{
		match->start = start;
		match->form = PII_FORM_URI;
		match->confidence = 0.99f;
		if (is_whole(trial->search, match->start, match->end))
			match->flags |= PII_MATCH_WHOLE;
	}
	return true;
}

/* Are these a prefix for dialling abroad, of this length, and a number? */
static bool
is_behind_prefix(const uint8_t *digits, int length, PiiPlanNumber *number,
				 int prefix)
{
	return prefix > 0 &&
		is_international(digits + prefix, length - prefix, number);
}

/*
 * Try the span as an international prefix, calling code, national number.
 * Besides the region's own, that is "00" where the groups are parted.
 */
static bool
try_prefix(PhoneTrial *trial, PiiMatch *match)
{
	const uint8_t *digits = phone_span_digits(&trial->span);
	int			length = phone_span_length(&trial->span);
	PiiRegion	region = trial->search->region;
	bool		single = phone_span_groups(&trial->span) == 1;

	if (region < 0 ||
		!is_behind_prefix(digits, length, &trial->number,
						  pii_plan_international_prefix(region, digits, length)))
	{
		if (digits[0] != 0 || digits[1] != 0 || digits[2] == 0 ||
			(single && region != PII_REGION_ANY) ||
			!is_behind_prefix(digits, length, &trial->number, 2))
			return false;
	}
	if (pii_phone_is_otherwise(&trial->span, false) || !fits_context(trial) ||
		(single && trial->context < PHONE_CONTEXT_ALLOWS))
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

	return length >= (bare ? SHORTEST_BARE : SHORTEST_NATIONAL) &&
		pii_phone_is_grouped(&trial->span) &&
		!pii_phone_is_otherwise(&trial->span, trial->search->region >= 0);
}

/* Is it written distinctly enough for the text that it stands in? */
static bool
stands_out(const PhoneTrial *trial)
{
	const PhoneGroup *group = &trial->span.run->group[trial->span.first];
	int			groups = phone_span_groups(&trial->span);
	bool		bracket = false;
	bool		bound = false;

	if (trial->context >= PHONE_CONTEXT_ALLOWS)
		return true;
	for (int i = 0; i < groups - 1; i++)
	{
		bracket = bracket || group[i].closed > 0;
		bound = bound || strength(trial->span.run, trial->span.first + i) == 0;
	}
	if (groups == 1 || (trial->context == PHONE_CONTEXT_CROWDS && !bound))
		return false;
	return groups > 2 || bracket || phone_span_digits(&trial->span)[0] == 0;
}

/* Try the span as a national number of the region asked for, or of any. */
static bool
try_national(PhoneTrial *trial, PiiMatch *match)
{
	const uint8_t *digits = phone_span_digits(&trial->span);
	int			length = phone_span_length(&trial->span);
	bool		bare = phone_span_groups(&trial->span) == 1;
	PiiRegion	region = trial->search->region;
	PiiRegionSet regions = {{0}};
	bool		known = true;

	if (!is_written_nationally(trial, length))
		return false;
	if (region == PII_REGION_ANY)
	{
		int			count = pii_plan_dial_anywhere(digits, length, &regions);

		if (count == 0)
			return false;
		known = count == 1;
		for (int i = 0; i < PII_REGION_WORDS && known; i++)
			if (regions.word[i] != 0)
				region = i * 64 + __builtin_ctzll(regions.word[i]);
	}
	if (known && !is_dialled(region, digits, length, &trial->number))
		return false;
	if (!known)
	{
		memcpy(trial->number.national, digits, length);
		trial->number.length = length;
	}
	if (!fits_context(trial) || !stands_out(trial) ||
		pii_phone_in_iban(trial->search->value, trial->search->length,
						  trial->start))
		return false;
	fill(trial, known, match);
	match->form = bare ? PII_FORM_BARE : PII_FORM_NATIONAL;
	match->regions = regions;
	match->confidence = national_confidence(trial, known);
	return true;
}

/* Try a span in every form that it may have. */
static bool
try_span(PhoneTrial *trial, bool plus, PiiMatch *match)
{
	set_bytes(trial);
	if (plus)
		return try_plus(trial, match);
	return try_prefix(trial, match) ||
		(trial->search->region != PII_REGION_NONE &&
		 try_national(trial, match));
}

/*
 * Try the spans that begin with one group of a run: those first that are
 * parted best from what follows, and of these the longest.
 */
static bool
try_group(const PhoneSearch *search, const PhoneRun *run, int first,
		  PiiMatch *match)
{
	bool		plus = run->plus && first == 0;
	PhoneTrial	trial;
	int			longest = first;

	trial.search = search;
	trial.span.run = run;
	trial.span.first = first;
	if (!plus && search->region == PII_REGION_NONE &&
		(run->group[first].count < 2 ||
		 run->digits[run->group[first].first] != 0))
		return false;
	while (longest < run->groups &&
		   run->group[longest].count != PHONE_GROUP_TOO_LONG)
	{
		trial.span.last = longest;
		if (phone_span_length(&trial.span) > LONGEST_DIALLED)
			break;
		longest++;
	}
	for (int parts = STRENGTHS - 1; parts > 0; parts--)
		for (int last = longest - 1; last >= first; last--)
		{
			trial.span.last = last;
			if (phone_span_length(&trial.span) < SHORTEST_NATIONAL)
				break;
			if (strength(run, last) == parts &&
				may_be_cut(&trial.span, plus) && try_span(&trial, plus, match))
				return true;
		}
	return false;
}

/* The first digit at or after `from` that follows no digit, or `until`. */
static size_t
next_group(const char *value, size_t length, size_t from, size_t until)
{
	PiiChar		next;

	for (size_t at = from; at < until; at += next.bytes)
	{
		pii_char_at(value, length, at, &next);
		if (next.class == PII_CHAR_DIGIT)
			return at;
	}
	return until;
}

/* See phone.h. */
bool
pii_phone_next(const char *value, size_t length, size_t from, size_t until,
			   PiiRegion region, PiiMatch *match)
{
	PhoneSearch search = {value, length, region};
	size_t		at = from;
	PhoneRun	run;

	while ((at = next_group(value, length, at, length)) < length)
	{
		int			group = 0;

		pii_phone_run(value, length, from, at, &run);
		if (run.lead >= until)
			return false;
		for (; group < run.groups; group++)
		{
			if (run.group[group].open >= until)
				return false;
			if (group > 0 && run.cut && group >= PHONE_RUN_GROUPS / 2)
				break;
			if (try_group(&search, &run, group, match))
				return true;
		}
		at = group < run.groups ? run.group[group].start : run.end;
	}
	return false;
}

/* See phone.h. */
size_t
pii_phone_normalize(const char *value, const PiiMatch *match, char *out,
					size_t size)
{
	size_t		used = strlen(match->digits);
	char		extension[PHONE_EXTENSION_DIGITS + 1];
	size_t		at;

	if (match->digits[0] != '+' || size < PII_PHONE_NORMALIZED_MAX)
		return 0;
	memcpy(out, match->digits, used);
	if (!(match->flags & PII_MATCH_EXTENSION))
		return used;
	for (at = match->end; at > match->start; at--)
		if (pii_phone_extension(value, match->end, at - 1, extension) ==
			match->end - (at - 1))
		{
			size_t		count = strlen(extension);

			memcpy(out + used, ";ext=", 5);
			memcpy(out + used + 5, extension, count);
			return used + 5 + count;
		}
	return used;
}
