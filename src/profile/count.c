/*
 * count.c
 *		Counting one value into the evidence of its column.
 *
 * This is the inner loop of every scan.  A value is one or more leaves: the
 * text itself, the elements of an array, the strings and numbers of a json
 * document.  It counts once in every sum, however many leaves it has.
 *
 * National and bare numbers are looked for in every region's plan at once:
 * which region the column is of is for the judge to say, from the counts.
 */
#include "compat.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "detect/digit.h"
#include "detect/prefilter.h"
#include "detect/shape.h"
#include "profile/count.h"
#include "profile/interrupt.h"

/* Shortest value that can look encrypted or hashed. */
#define OPAQUE_MIN 24

/* Count a null. */
void
pii_count_null(PiiEvidence *evidence)
{
	evidence->rows++;
	evidence->nulls++;
}

/* Begin to count one value that is not null. */
void
pii_count_begin(PiiCounter *counter, PiiEvidence *evidence)
{
	memset(counter, 0, sizeof(*counter));
	counter->evidence = evidence;
	counter->blank = true;
}

/* Count one match of a leaf. */
static void
count_match(PiiCounter *counter, const char *text, const PiiMatch *match)
{
	PiiEvidence *evidence = counter->evidence;
	uint32		bit = PII_KIND_BIT(match->kind);
	float	   *trust = &counter->trust[match->kind];

	evidence->kinds[match->kind].matches++;
	counter->forms |= 1u << match->form;
	if (pii_match_is_weak(match))
		counter->weak |= bit;
	else
	{
		counter->matched |= bit;
		*trust = Max(*trust, match->confidence);
	}
	if (!(match->flags & PII_MATCH_RESERVED))
		counter->unreserved |= bit;
	if (match->flags & PII_MATCH_WHOLE)
		counter->whole_forms |= 1u << match->form;
	if (match->form == PII_FORM_URI ||
		(match->form == PII_FORM_INTERNATIONAL && text[match->start] != '0'))
		counter->plus = true;
	if (match->kind == PII_PHONE)
		pii_count_phone(evidence, text, match);
}

/*
 * Whether bytes between matches are nothing of their own: separators, quotes,
 * brackets, or a name in front of an address in angle brackets.
 */
static bool
is_separator(const char *text, Size length)
{
	bool		named = length > 1 && length < 64 && text[length - 1] == '<';

	for (Size i = 0; i < length; i++)
	{
		unsigned char c = text[i];

		if (c == '\0' ||
			(strchr(" \t\n\r\"'<>()[]{},;|/", c) == NULL &&
			 !(named && (c >= 0x80 || c == '.' || c == '-' ||
						 pii_is_letter(c)))))
			return false;
	}
	return true;
}

/*
 * Count the matches of a leaf and return the kinds of them.  The leaf is the
 * whole of each kind if it is one match, or matches and separators.
 */
static pg_noinline uint32
count_matches(PiiCounter *counter, PiiFinder *finder)
{
	const char *text = finder->value;
	Size		length = finder->length;
	PiiMatch	match;
	PiiFindStatus status;
	uint32		found = 0;
	bool		whole = false;
	bool		alone = true;
	Size		end = 0;

	counter->national = false;
	while ((status = pii_finder_next(finder, &match)) == PII_FOUND)
	{
		count_match(counter, text, &match);
		found |= PII_KIND_BIT(match.kind);
		whole |= (match.flags & PII_MATCH_WHOLE) != 0;
		counter->national = match.form == PII_FORM_NATIONAL &&
			match.start == 0 && match.end == length &&
			!(match.flags & PII_MATCH_EXTENSION);
		alone = alone && is_separator(text + end, match.start - end);
		end = match.end;
	}
	if (status == PII_CANCELLED)
	{
		CHECK_FOR_INTERRUPTS();
		counter->evidence->undecided++;
	}
	if (found == 0 ||
		!(whole || (alone && is_separator(text + end, length - end))))
		return found;
	for (int kind = 0; kind < PII_KINDS; kind++)
		counter->whole[kind] += (found & PII_KIND_BIT(kind)) != 0;
	return found;
}

/*
 * Whether a leaf is an address at a host that no registry delegates, as firms
 * have them for themselves: name@mail.firm.local.  Little but its shape tells
 * it from a version or a file, so its host must be of letters.
 */
static bool
is_addressed(const char *text, Size length)
{
	const char *end = text + Min(length, 65);
	const char *at = text;
	int			dots = 0;
	int			letters = 0;	/* of the present label */

	while (at < end && (pii_is_letter(*at) || pii_is_digit(*at) ||
						*at == '.' || *at == '_' || *at == '+' || *at == '-'))
		at++;
	if (at == text || at == end || *at != '@' || length > 255)
		return false;
	for (const char *c = at + 1; c < text + length; c++)
	{
		if (pii_is_letter(*c) || (*c == '-' && letters > 0))
			letters++;
		else if (*c != '.' || letters == 0)
			return false;
		else
		{
			dots++;
			letters = 0;
		}
	}
	return dots > 0 && letters > 1;
}

/*
 * Whether a leaf looks encrypted, hashed or encoded: long, of the letters of
 * base64 or hexadecimal alone, and with digits among its letters.
 */
static bool
is_opaque(const char *text, Size length)
{
	/* letters are counted in the lowest ten bits, digits in the next ten */
	static const uint32 classes[256] = {
		['a' ... 'z'] = 1,['A' ... 'Z'] = 1,['0' ... '9'] = 1 << 10,
		['+'] = 1 << 20,['/'] = 1 << 20,['='] = 1 << 20,['\\'] = 1 << 20,
		['$'] = 1 << 20,['.'] = 1 << 20
	};
	uint32		counts = 0;

	if (length < OPAQUE_MIN)
		return false;
	length = Min(length, 128);
	for (Size i = 0; i < length; i++)
	{
		uint32		class = classes[(unsigned char) text[i]];

		if (class == 0)
			return false;
		counts += class;
	}
	return (counts >> 10 & 1023) * 20 >= length && (counts & 1023) * 8 >= length;
}

/* Whether a leaf has no character but white space. */
static inline bool
is_blank(const char *text, Size length)
{
	for (Size i = 0; i < length; i++)
	{
		if (text[i] != ' ' && text[i] != '\t' && text[i] != '\n' &&
			text[i] != '\r' && text[i] != '\f' && text[i] != '\v')
			return false;
	}
	return true;
}

/*
 * Whether a leaf is what people put where they have nothing to put.  Length
 * and first byte tell for most that it is not.
 */
static inline bool
is_placeholder(const char *text, Size length)
{
	/* by length, all of one in a row */
	static const char *const placeholders[] = {
		"", "-.?*x", "--..??xxnano", "---...xxxn/anilnan", "n.a.#n/anonenull",
		"", "(null)<null>", "unknownmissing", "", "undefined"
	};

	/* bit n: one of n bytes begins so */
	static const uint16 lengths[256] = {
		['-'] = 0x0E,['.'] = 0x0E,['?'] = 0x06,['*'] = 0x02,['#'] = 0x10,
		['('] = 0x40,['<'] = 0x40,
		['M'] = 0x80,['N'] = 0x1C,['U'] = 0x280,['X'] = 0x0E,
		['m'] = 0x80,['n'] = 0x1C,['u'] = 0x280,['x'] = 0x0E
	};

	if (length >= lengthof(placeholders) ||
		!((lengths[(unsigned char) text[0]] >> length) & 1))
		return false;
	for (const char *word = placeholders[length]; *word != '\0'; word += length)
	{
		if (pg_strncasecmp(word, text, length) == 0)
			return true;
	}
	return false;
}

/*
 * Count what a leaf of at least one byte looks like as a whole, whether or not
 * it matched: `may` says of which kinds a match was looked for, `found` of
 * which there was one.
 */
static inline void
count_shape(PiiCounter *counter, const char *text, Size length, uint32 may,
			uint32 found)
{
	PiiEvidence *evidence = counter->evidence;
	PiiShape	shape;
	bool		phone = (found & PII_KIND_BIT(PII_PHONE)) != 0;

	shape.class = PII_SHAPE_NONE;
	/* what stands beside other members of an object is not the value */
	if (!counter->has_keys && pii_may_have_shape(text) &&
		!(phone && counter->national &&
		  pii_shape_national(text, length, &shape)))
		pii_shape(text, length, &shape);
	if (shape.class == PII_SHAPE_NONE ? is_placeholder(text, length) :
		pii_is_filler(&shape))
	{
		counter->fillers++;
		return;
	}
	if (shape.class == PII_SHAPE_DIGITS)
		pii_count_digits(evidence, &shape, phone);
	else if (shape.class == PII_SHAPE_PHONE)
		pii_count_shaped(evidence, text, length, &shape, phone);
	if (found != 0 || shape.class != PII_SHAPE_NONE)
		pii_add_to_sketch(evidence->sketch, text, length);
	else if ((may & PII_KIND_BIT(PII_EMAIL)) != 0 &&
			 is_addressed(text, length))
		evidence->addressed++;
	else if (is_opaque(text, length))
		evidence->opaque++;
}

/* How values are searched: for all kinds, by the plans of all regions. */
static const PiiFindOptions search = {
	.kinds = PII_ALL_KINDS,
	.region = PII_REGION_ANY,
	.cancelled = pii_interrupt_pending
};

/*
 * Count one leaf of the value: UTF-8, or bytes of which the invalid ones
 * match nothing.  May be interrupted.
 */
void
pii_count_leaf(PiiCounter *counter, const char *text, Size length)
{
	PiiFinder	finder;
	uint32		may;
	uint32		found = 0;

	counter->evidence->bytes += length;
	if (counter->blank && is_blank(text, length))
		return;
	counter->blank = false;
	counter->leaves++;
	CHECK_FOR_INTERRUPTS();
	may = pii_finder_begin(&finder, &search, text, length);
	if (may != 0)
		found = count_matches(counter, &finder);
	if (length > 0)
		count_shape(counter, text, length, may, found);
}

/* Add what the matches of the value amount to, by kind and by form. */
static void
count_value(PiiCounter *counter)
{
	PiiEvidence *evidence = counter->evidence;
	uint32		left;

	for (left = counter->matched | counter->weak; left != 0; left &= left - 1)
	{
		int			kind = pg_rightmost_one_pos32(left);
		uint32		bit = left & -left;
		PiiKindEvidence *counts = &evidence->kinds[kind];

		if (counter->matched & bit)
		{
			counts->matched++;
			counts->trust += (int64) (counter->trust[kind] * 1000 + 0.5);
		}
		else
			counts->weak++;
		counts->reserved += (counter->unreserved & bit) == 0;
		counts->whole += counter->whole[kind] == counter->leaves;
	}
	evidence->prefixed += !counter->plus &&
		(counter->forms & (1u << PII_FORM_INTERNATIONAL)) != 0;
	for (left = counter->forms; left != 0; left &= left - 1)
		evidence->forms[pg_rightmost_one_pos32(left)]++;
	left = counter->leaves == 1 ? counter->whole_forms : 0;
	for (; left != 0; left &= left - 1)
		evidence->whole_forms[pg_rightmost_one_pos32(left)]++;
}

/* Add what the leaves of the value amount to. */
void
pii_count_end(PiiCounter *counter)
{
	PiiEvidence *evidence = counter->evidence;

	evidence->rows++;
	if (counter->blank)
	{
		evidence->empties++;
		return;
	}
	evidence->fillers += counter->fillers == counter->leaves;
	if ((counter->matched | counter->weak) != 0)
		count_value(counter);
}

/*
 * Count a value that is one leaf: the same as beginning, counting the leaf and
 * ending, which of most values takes no more than a glance.
 */
void
pii_count_text(PiiEvidence *evidence, const char *text, Size length)
{
	PiiCounter	counter;
	PiiFinder	finder;
	PiiBlock	block;
	uint32		may;
	uint32		found;

	if (length == 0 || length > PII_BLOCK || !pii_is_letter(text[0]))
	{
		pii_count_begin(&counter, evidence);
		pii_count_leaf(&counter, text, length);
		pii_count_end(&counter);
		return;
	}
	evidence->bytes += length;
	pii_classify(text, length, &block);
	may = pii_block_holds_nothing(&block) ? 0 :
		pii_finder_begin_block(&finder, &search, text, length, &block);
	if (may == 0)
	{
		evidence->rows++;
		if (is_placeholder(text, length))
			evidence->fillers++;
		else
			evidence->opaque += is_opaque(text, length);
		return;
	}
	pii_count_begin(&counter, evidence);
	counter.blank = false;
	counter.leaves = 1;
	found = count_matches(&counter, &finder);
	count_shape(&counter, text, length, may, found);
	pii_count_end(&counter);
}
