/*
 * phone_run.h
 *		Groups of digits with what stands between them.
 *
 * A run is a stretch of digit groups that one might write as one telephone
 * number; what is one, and what looks like something else, is decided on it.
 * Private to phone*.c, shape.c and prefilter.c.
 */
#ifndef PII_PHONE_RUN_H
#define PII_PHONE_RUN_H

#include "detect.h"
#include "digit.h"
#include "plan.h"

#define PHONE_SHORTEST 6		/* digits of a number */
#define PHONE_SHORTEST_ANYWHERE 7	/* and of a national one of any region */
#define PHONE_RUN_GROUPS 16
#define PHONE_RUN_DIGITS 48
#define PHONE_MOST_GROUPS 10	/* in one number */

/* What stands between a group and the next. */
typedef enum PhoneSeparator
{
	PHONE_SEPARATOR_END,		/* the run ends here */
	PHONE_SEPARATOR_NONE,		/* a bracket alone, or what cannot be seen */
	PHONE_SEPARATOR_SPACE,
	PHONE_SEPARATOR_DASH,
	PHONE_SEPARATOR_DOT,
	PHONE_SEPARATOR_SLASH,
	PHONE_SEPARATOR_MIXED		/* a dash or slash with spaces, ". " */
} PhoneSeparator;

typedef struct PhoneGroup
{
	size_t		open;			/* the innermost bracket before it; `start` if
								 * there is none */
	size_t		start;			/* first byte of the digits */
	size_t		end;			/* first byte after them */
	size_t		close;			/* after the closing bracket; or `end` */
	uint8_t		first;			/* place of the digits in the run's */
	uint8_t		count;			/* digits */
	uint8_t		opened;			/* brackets before it */
	uint8_t		closed;			/* brackets after it */
	PhoneSeparator after;
} PhoneGroup;

typedef struct PhoneRun
{
	bool		plus;			/* "+" before the first group */
	bool		cut;			/* ended for want of room, not of digits */
	bool		cleared;		/* known to look like nothing else as a whole */
	size_t		lead;			/* first byte of "+" and brackets before it */
	size_t		plus_at;		/* the "+" itself */
	size_t		end;			/* where the search goes on */
	int			groups;
	PhoneGroup	group[PHONE_RUN_GROUPS];
	uint8_t		digits[PHONE_RUN_DIGITS];
} PhoneRun;

/* Groups first .. last of a run, taken as one number. */
typedef struct PhoneSpan
{
	const PhoneRun *run;
	int			first;
	int			last;
} PhoneSpan;

/*
 * Collect the run of which the first digit stands at `at`.  A group too long
 * for any number ends a run.
 */
#define PHONE_GROUP_TOO_LONG 255
extern void pii_phone_run(const char *value, size_t length, size_t at,
						  PhoneRun *run);

/* Is this a letter, in either case, with which the mark of an extension begins? */
static inline bool
phone_letter_begins_mark(char byte)
{
	switch (byte | 0x20)
	{
		case 'a':
		case 'd':
		case 'e':
		case 'i':
		case 'p':
		case 'x':
			return pii_is_letter(byte);
	}
	return false;
}

/* Is this a sign of ASCII that never touches a number? */
static inline bool
phone_is_foreign_ascii(char byte)
{
	switch (byte)
	{
		case '$':
		case '%':
		case '@':
		case '^':
		case '_':
			return true;
	}
	return false;
}

/*
 * What pii_phone_context() would forbid for the one byte that touches a number,
 * told before anything is known of the number.  In file names, addresses of
 * pages and codes that is most groups of digits.
 */
static inline bool
phone_is_glued_before(const char *value, size_t start)
{
	if (start == 0)
		return false;
	if (pii_is_letter(value[start - 1]))
		return start < 2 || value[start - 2] != '\\';
	return phone_is_foreign_ascii(value[start - 1]);
}

/* The same for the byte behind it, where that begins no extension either. */
static inline bool
phone_is_glued_behind(const char *value, size_t length, size_t end)
{
	if (end >= length)
		return false;
	if (pii_is_letter(value[end]))
		return !phone_letter_begins_mark(value[end]);
	return phone_is_foreign_ascii(value[end]);
}

/* The digits of a span. */
static inline const uint8_t *
phone_span_digits(const PhoneSpan *span)
{
	return span->run->digits + span->run->group[span->first].first;
}

/* How many digits those are. */
static inline int
phone_span_length(const PhoneSpan *span)
{
	const PhoneGroup *last = &span->run->group[span->last];

	return last->first + last->count - span->run->group[span->first].first;
}

/* How many groups they stand in. */
static inline int
phone_span_groups(const PhoneSpan *span)
{
	return span->last - span->first + 1;
}

/* Does a "+" stand before the span? */
static inline bool
phone_span_has_plus(const PhoneSpan *span)
{
	return span->run->plus && span->first == 0;
}

#define PHONE_STRENGTHS 5

/*
 * How far a run's groups are held apart behind group `at`: 0 for signs that
 * bind, more for those that part.  Before the first group nothing holds.
 */
static inline int
phone_run_strength(const PhoneRun *run, int at)
{
	bool		is_opened = at >= 0 && at + 1 < run->groups &&
		run->group[at + 1].opened > 0;

	if (at < 0)
		return PHONE_STRENGTHS - 1;
	if (run->group[at].closed > 0 && at == 0 && run->group[at].opened == 0)
		return 3;
	switch (run->group[at].after)
	{
		case PHONE_SEPARATOR_END:
			return PHONE_STRENGTHS - 1;
		case PHONE_SEPARATOR_MIXED:
			return 3;
		case PHONE_SEPARATOR_SLASH:
			return 2;
		case PHONE_SEPARATOR_SPACE:
			return is_opened ? 2 : 1;
		case PHONE_SEPARATOR_NONE:
			return is_opened ? 1 : 0;
		case PHONE_SEPARATOR_DASH:
		case PHONE_SEPARATOR_DOT:
			break;
	}
	return 0;
}

/* Does a bracket that opens before the span close within it? */
static inline bool
phone_span_has_lead(const PhoneSpan *span)
{
	const PhoneGroup *group = &span->run->group[span->first];
	int			depth = group->opened > 0;

	for (int i = 0; depth > 0 && i < span->last - span->first; i++)
	{
		depth -= group[i].closed;
		if (depth <= 0)
			return true;
		depth += group[i + 1].opened;
	}
	return false;
}

/*
 * Does it look like a date, an IP address, a card number, a decimal, ...?
 * Groups parted by spaces get the benefit of the doubt if `is_known`: the
 * number is valid in the region that was asked for.
 */
extern bool pii_phone_is_otherwise(const PhoneSpan *span, bool is_known);

/* Do its groups and separators look like those of a national number? */
extern bool pii_phone_is_grouped(const PhoneSpan *span);

/* One search for numbers in a value. */
typedef struct PhoneSearch
{
	const char *value;
	size_t		length;
	PiiRegion	region;
} PhoneSearch;

/* Is the span a number?  Of no more than PII_PLAN_MAX_DIGITS. */
extern bool pii_phone_try(const PhoneSearch *search, const PhoneSpan *span,
						  PiiMatch *match);

/* What the text around a number says about it. */
#define PHONE_LIST_DIGITS 7		/* a neighbour with so many is a number too */
typedef enum PhoneContext
{
	PHONE_CONTEXT_FORBIDS,		/* part of something else */
	PHONE_CONTEXT_CROWDS,		/* other digits stand but a space away */
	PHONE_CONTEXT_DOUBTS,		/* a plain number would be something else */
	PHONE_CONTEXT_ALLOWS,
	PHONE_CONTEXT_CONFIRMS		/* "tel", "mobile", ... stands before it */
} PhoneContext;

/* Bytes start .. end of the value are the number, extension included. */
extern PhoneContext pii_phone_context(const char *value, size_t length,
									  size_t start, size_t end);

/* Is it part of an IBAN? */
extern bool pii_phone_in_iban(const char *value, size_t length, size_t start);

/* Is this a number in international form, valid or reserved? */
extern bool pii_phone_is_international(const uint8_t *digits, int length,
									   PiiPlanNumber *number);

/* How sure a number behind a "+" can be. */
static inline float
phone_international_confidence(PhoneContext context,
							   const PiiPlanNumber *number)
{
	float		confidence = context == PHONE_CONTEXT_CONFIRMS ? 0.99f :
		context < PHONE_CONTEXT_ALLOWS ? 0.9f : 0.97f;

	return number->length < 7 ? confidence - 0.1f : confidence;
}

/* Is a national number set aside for fiction or examples? */
extern bool pii_phone_is_reserved(int calling_code, const uint8_t *digits,
								  int length);

/*
 * Length of the extension that starts at `at`, 0 if none does.  Its digits are
 * copied to `out`, of room PHONE_EXTENSION_DIGITS + 1, and ended by a NUL.
 */
#define PHONE_EXTENSION_DIGITS 15
extern size_t pii_phone_extension(const char *value, size_t length, size_t at,
								  char *out);

#endif							/* PII_PHONE_RUN_H */
