/*
 * detect.h
 *		Floor 1: bytes in, matches out.
 *
 * This is the whole interface of detection.  Nothing below src/detect includes
 * a server header, so the same objects are unit-tested, fuzzed and benchmarked
 * as a plain library.
 *
 * What must stay true:
 *
 * - Input is UTF-8 or any bytes at all: an invalid sequence is a barrier that
 *   no match crosses, never an error.
 * - A finder allocates nothing, keeps no pointer beyond the value it was given
 *   and costs time linear in the value's length.
 * - An answer depends on the arguments alone: no locale, no setting, no clock.
 */
#ifndef PII_DETECT_H
#define PII_DETECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is looked for.  The values are stored in evidence: never renumber. */
typedef enum PiiKind
{
	PII_EMAIL = 0,
	PII_PHONE = 1
} PiiKind;

#define PII_KINDS 2				/* number of built-in kinds */
#define PII_KIND_BIT(kind) (1u << (kind))
#define PII_ALL_KINDS ((1u << PII_KINDS) - 1)

/*
 * How a match was written.  Stored in evidence: append only, never renumber.
 * pii_form_name() gives the public word.
 */
typedef enum PiiForm
{
	PII_FORM_ADDRESS = 0,		/* e-mail: local@domain */
	PII_FORM_QUOTED = 1,		/* e-mail: "quoted local part"@domain */
	PII_FORM_ENCODED = 2,		/* e-mail: the @ as %40, \u0040 or &#64; */
	PII_FORM_OBFUSCATED = 3,	/* e-mail: name (at) domain (dot) com */
	PII_FORM_INTERNATIONAL = 4, /* phone: + or 00, then a calling code */
	PII_FORM_URI = 5,			/* phone: RFC 3966 tel: */
	PII_FORM_NATIONAL = 6,		/* phone: national, punctuated or with its
								 * trunk prefix */
	PII_FORM_BARE = 7			/* phone: national, nothing but digits */
} PiiForm;

#define PII_FORMS 8

/*
 * A region of the numbering plan: an index into the generated table, in the
 * order of ISO 3166 codes.  Stored nowhere as a number.
 */
typedef int PiiRegion;

#define PII_REGION_NONE (-1)	/* numbers in international form only */
#define PII_REGION_ANY (-2)		/* national forms too: report every region in
								 * which they are valid */
#define PII_REGION_WORDS 4		/* a set of regions is this many 64-bit words */

typedef struct PiiRegionSet
{
	uint64_t	word[PII_REGION_WORDS];
} PiiRegionSet;

/* Flags of a match. */
#define PII_MATCH_WHOLE 0x01	/* the value is this match and, at most, white
								 * space or its own wrapping around it */
#define PII_MATCH_RESERVED 0x02 /* set aside for fiction or examples:
								 * 555-01XX, example.com, ... */
#define PII_MATCH_EXTENSION 0x04	/* phone with an extension */
#define PII_MATCH_MOBILE 0x08	/* phone of a type that can be mobile */

#define PII_E164_MAX 16			/* "+", 15 digits */

/* One span inside one value. */
typedef struct PiiMatch
{
	PiiKind		kind;
	PiiForm		form;
	uint32_t	flags;			/* PII_MATCH_* */
	float		confidence;		/* in (0,1]: of matches given c in running
								 * text, about c are what they seem */
	size_t		start;			/* first byte */
	size_t		end;			/* first byte after */

	/* phone only */
	PiiRegion	region;			/* main region, PII_REGION_NONE for a calling
								 * code without one, PII_REGION_ANY when
								 * `regions` says which it could be */
	PiiRegionSet regions;		/* with PII_REGION_ANY: where a national or
								 * bare number is valid */
	char		digits[PII_E164_MAX + 1];	/* E.164 with its "+" when the
											 * calling code is known, else the
											 * national digits as written;
											 * NUL-ended */
} PiiMatch;

/* Asked for with each value. */
typedef struct PiiFindOptions
{
	uint32_t	kinds;			/* PII_KIND_BIT()s */
	PiiRegion	region;			/* PII_REGION_NONE, _ANY or a region */
	bool		(*cancelled) (void *argument);	/* asked about once per 64 kB;
												 * may be NULL */
	void	   *argument;		/* handed to cancelled */
} PiiFindOptions;

typedef enum PiiFindStatus
{
	PII_FOUND,					/* *match is filled in */
	PII_END,					/* no more matches in this value */
	PII_CANCELLED				/* cancelled() said so; the finder is finished */
} PiiFindStatus;

/* A value that may be one match and no more is looked at without a search. */
typedef enum PiiPlain
{
	PII_PLAIN_NOT,
	PII_PLAIN_NUMBER,			/* nothing else is known of the value yet */
	PII_PLAIN_ADDRESS
} PiiPlain;

/* State of one walk over one value; the members are private to detect.c. */
typedef struct PiiFinder
{
	const PiiFindOptions *options;
	const char *value;
	size_t		length;
	size_t		position;		/* no later match starts before this byte */
	size_t		email_end;		/* from here on there are no at-signs */
	size_t		next_email;		/* where the search for each kind stands */
	size_t		next_phone;
	size_t		dense_end;		/* up to here there are digits enough */
	size_t		question;		/* from here on it is time to ask cancelled() */
	PiiPlain	plain;			/* what all of the value may be */
	uint64_t	signs;			/* bits: what of a plain address is no letter */
	PiiMatch	email;			/* found and not yet handed out */
	bool		has_email;
} PiiFinder;

/*
 * Walk the matches of a value in order of their start, none overlapping
 * another.  Where kinds dispute the same bytes, the e-mail address wins.
 * The beginning tells the kinds of which there may be a match: of most values
 * none, and then there is no need to go on.
 */
extern uint32_t pii_finder_begin(PiiFinder *finder,
								 const PiiFindOptions *options,
								 const char *value, size_t length);
extern PiiFindStatus pii_finder_next(PiiFinder *finder, PiiMatch *match);

/*
 * The normal form of a match, written to `out` without a closing NUL: E.164
 * for a phone (with ";ext=" where there is one, as RFC 3966 has it); an e-mail
 * address with its domain lower-cased and in A-labels and its local part
 * untouched but for decoding.  Returns its length, or 0 when there is none
 * (a national number of which the region is not known).  `size` must be at
 * least PII_NORMALIZED_MAX.
 */
#define PII_NORMALIZED_MAX 640
extern size_t pii_match_normalize(const char *value, const PiiMatch *match,
								  char *out, size_t size);

/* Names: NULL or -1 where there is none. */
extern const char *pii_kind_name(PiiKind kind);
extern int	pii_kind_by_name(const char *name, size_t length);
extern const char *pii_form_name(PiiForm form);

#endif							/* PII_DETECT_H */
