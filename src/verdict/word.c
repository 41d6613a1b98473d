/*
 * word.c
 *		Splits identifiers into words and finds them in the dictionary.
 *
 * Three steps, each on plain bytes: fold the identifier to lower-case words
 * (word_fold.c), take glued compounds apart (emailaddress, telefonnummer,
 * 携帯電話番号), and read off the longest entries of the dictionary, phrases
 * included (e mail, ip address).
 *
 * What must stay true:
 *
 * - pii_words is sorted by bytes, so that all entries that begin at some
 *   place are found in one walk that narrows a range of the list.
 * - A compound is cut between characters, and only into words of the
 *   dictionary; a stretch that is not in it is allowed only beside a long word
 *   that names a kind.  Otherwise "excel" and "hotel" would be full of
 *   telephones.
 */
#include "word.h"

#include <string.h>

#include "../detect/utf8.h"

#define GLUED_MIN 3				/* bytes of a word inside a compound */
#define GLUED_ANCHOR 5			/* ... that carries unknown letters beside it */
#define COST_WORD 10			/* few words beat many */
#define COST_SHORT_WORD 30		/* ... and long ones short ones */
#define COST_UNKNOWN 1000		/* per stretch of unknown bytes: the last
								 * resort */
#define COST_UNKNOWN_BYTE 8
#define COST_NONE 100000000

/* The entries whose spelling begins with the bytes walked so far. */
typedef struct Walk
{
	int			low;
	int			high;			/* first entry after the range */
	size_t		depth;			/* bytes walked */
} Walk;

/* The cheapest way to write the beginning of a compound. */
typedef struct Split
{
	int			cost;
	uint16_t	from;			/* where its last piece begins */
	bool		known;			/* ... and whether the dictionary has it */
	bool		unknown;		/* some piece is not in the dictionary */
	bool		anchored;		/* some piece is a long word naming a kind */
} Split;

/*
 * The byte of an entry's spelling at a depth no greater than its length, 0 at
 * its end.
 */
static unsigned char
byte_at(int entry, size_t depth)
{
	return (unsigned char) pii_words[entry].spelling[depth];
}

/*
 * The first entry of [low, high) whose byte at the depth is not below the
 * given one.
 */
static int
lower_bound(int low, int high, size_t depth, unsigned int byte)
{
	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (byte_at(middle, depth) < byte)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * The first entry whose first byte is not below the given one.  Every search
 * begins so, and most end there: the answers are kept.
 */
static int
first_entry(unsigned int byte)
{
	static int	entries[UINT8_MAX + 2];

	if (entries[UINT8_MAX + 1] == 0)
	{
		for (unsigned int i = 0; i <= UINT8_MAX + 1; i++)
			entries[i] = lower_bound(0, pii_word_count, 0, i);
	}
	return entries[byte];
}

/* Walk one byte on; false when no entry goes that way. */
static bool
walk_byte(Walk *walk, unsigned char byte)
{
	if (walk->depth > 0)
	{
		walk->low = lower_bound(walk->low, walk->high, walk->depth, byte);
		if (walk->low == walk->high || byte_at(walk->low, walk->depth) != byte)
			return false;
		walk->high = lower_bound(walk->low + 1, walk->high, walk->depth, byte + 1u);
	}
	else
	{
		walk->low = first_entry(byte);
		walk->high = first_entry(byte + 1u);
	}
	walk->depth++;
	return walk->low < walk->high;
}

/* The entry that ends exactly here, or NULL. */
static const PiiWord *
walk_entry(const Walk *walk)
{
	if (byte_at(walk->low, walk->depth) != '\0')
		return NULL;
	return &pii_words[walk->low];
}

/* A walk that has not begun. */
static Walk
walk_begin(void)
{
	Walk		walk = {0, pii_word_count, 0};

	return walk;
}

/* The entry spelt exactly so, or NULL. */
static const PiiWord *
find_word(const char *text, size_t length)
{
	Walk		walk = walk_begin();

	if (length == 0)
		return NULL;
	for (size_t i = 0; i < length; i++)
	{
		if (!walk_byte(&walk, (unsigned char) text[i]))
			return NULL;
	}
	return walk_entry(&walk);
}

/*
 * The entry for one whole word, or for it without a plural's "s" or "es"; sets
 * *plural accordingly.  NULL when there is neither.
 */
static const PiiWord *
find_singular(const char *text, size_t length, bool *plural)
{
	const PiiWord *word = find_word(text, length);

	*plural = false;
	if (word != NULL)
		return word;
	if (length < 4 || text[length - 1] != 's')
		return NULL;
	*plural = true;
	word = find_word(text, length - 1);
	if (word == NULL && text[length - 2] == 'e')
		word = find_word(text, length - 2);
	return word;
}

/* Whether an entry may be a piece of a compound. */
static bool
may_be_glued(const PiiWord *word, size_t length)
{
	switch (word->role)
	{
		case PII_WORD_NUMBER:
		case PII_WORD_ENDPOINT:
			return length >= 2; /* telno, faxto */
		case PII_WORD_OF:
		case PII_WORD_OR:
			return false;		/* their letters are everywhere */
		case PII_WORD_NAMES:
		case PII_WORD_MAY_NAME:
		case PII_WORD_ADDRESS:
		case PII_WORD_CONTACT:
		case PII_WORD_VALUE:
		case PII_WORD_PARTY:
		case PII_WORD_PLAIN:
		case PII_WORD_ACTIVITY:
		case PII_WORD_HEAD:
		case PII_WORD_VAGUE:
		case PII_WORD_FLAG:
		case PII_WORD_OTHER:
			return length >= GLUED_MIN;
	}
	return false;
}

/* Whether a piece names a kind at such length that it is no accident. */
static bool
is_anchor(const PiiWord *word, size_t length)
{
	return length >= GLUED_ANCHOR &&
		(word->role == PII_WORD_NAMES || word->role == PII_WORD_MAY_NAME);
}

/* Keep a way to write the compound up to `to` if it is the cheapest so far. */
static void
offer_split(Split *splits, size_t from, size_t to, const PiiWord *word)
{
	const Split *before = &splits[from];
	int			cost = before->cost;

	if (word != NULL)
		cost += to - from < GLUED_ANCHOR ? COST_SHORT_WORD : COST_WORD;
	else
		cost += COST_UNKNOWN + COST_UNKNOWN_BYTE * (int) (to - from);
	if (cost >= splits[to].cost)
		return;
	splits[to].cost = cost;
	splits[to].from = (uint16_t) from;
	splits[to].known = word != NULL;
	splits[to].unknown = before->unknown || word == NULL;
	splits[to].anchored = before->anchored ||
		(word != NULL && is_anchor(word, to - from));
}

/* Offer every piece that begins at `from`. */
static void
offer_pieces(Split *splits, const char *text, size_t from, size_t length)
{
	Walk		walk = walk_begin();
	bool		after_unknown = from > 0 && !splits[from].known;

	for (size_t to = from; to < length; to++)
	{
		const PiiWord *word;

		if (text[to] == ' ' || !walk_byte(&walk, (unsigned char) text[to]))
			break;
		word = walk_entry(&walk);
		if (word != NULL && may_be_glued(word, to + 1 - from))
			offer_split(splits, from, to + 1, word);
	}
	if (after_unknown)
		return;
	for (size_t to = from + 1; to <= length; to++)
	{
		if (to == length || !pii_utf8_is_tail(text[to]))
			offer_split(splits, from, to, NULL);
	}
}

/*
 * Append a word that is not in the dictionary to `out`, as the words it is
 * made of if it is a compound of such, and return the new length.  `out` has
 * room for two bytes for each byte of the word.
 */
static size_t
append_compound(char *out, size_t used, const char *text, size_t length)
{
	Split		splits[PII_NAME_BYTES + 1];
	size_t		cuts[PII_NAME_BYTES];
	size_t		pieces = 0;
	size_t		start = 0;

	for (size_t i = 1; i <= length; i++)
		splits[i].cost = COST_NONE;
	memset(&splits[0], 0, sizeof(Split));
	for (size_t i = 0; i < length; i++)
	{
		if (!pii_utf8_is_tail(text[i]) && splits[i].cost < COST_NONE)
			offer_pieces(splits, text, i, length);
	}
	if (!splits[length].unknown || splits[length].anchored)
	{
		for (size_t at = length; at > 0; at = splits[at].from)
			cuts[pieces++] = at;
	}
	else
		cuts[pieces++] = length;

	while (pieces > 0)
	{
		size_t		end = cuts[--pieces];

		memcpy(out + used, text + start, end - start);
		used += end - start;
		out[used++] = ' ';
		start = end;
	}
	return used;
}

/* Whether a word is all ASCII digits. */
static bool
is_digits(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return false;
	}
	return length > 0;
}

/* The bytes up to the next space. */
static size_t
word_length(const char *text, size_t length)
{
	const char *space = memchr(text, ' ', length);

	return space == NULL ? length : (size_t) (space - text);
}

/*
 * Copy the folded words to `out`, each followed by a space, with compounds
 * taken apart.  Returns the length.
 */
static size_t
take_apart(const char *folded, size_t length, char *out)
{
	size_t		used = 0;

	for (size_t at = 0; at < length;)
	{
		size_t		end = word_length(folded + at, length - at);
		bool		plural;

		if (is_digits(folded + at, end) ||
			find_singular(folded + at, end, &plural) != NULL)
		{
			memcpy(out + used, folded + at, end);
			used += end;
			out[used++] = ' ';
		}
		else
			used = append_compound(out, used, folded + at, end);
		at += end + 1;
	}
	return used;
}

/*
 * The longest entry that begins here and ends where a word ends, and its
 * length; its last word may be a plural.  NULL when even the first word is
 * unknown, and then *length is that word's.  A space ends the text.
 */
static const PiiWord *
longest_entry(const char *text, size_t left, size_t *length, bool *plural)
{
	Walk		walk = walk_begin();
	size_t		first = word_length(text, left);
	const PiiWord *longest = find_singular(text, first, plural);

	*length = first;
	for (size_t i = 0; i < left; i++)
	{
		bool		is_plural = text[i] == 's' && text[i + 1] == ' ';
		const PiiWord *word = NULL;

		if (i > first && (text[i] == ' ' || is_plural))
			word = walk_entry(&walk);
		if (word != NULL)
		{
			longest = word;
			*plural = is_plural;
			*length = is_plural ? i + 1 : i;
		}
		if (!walk_byte(&walk, (unsigned char) text[i]))
			break;
	}
	return longest;
}

/* See word.h. */
int
pii_word_split(const char *name, size_t length,
			   PiiNameWord words[PII_NAME_WORDS])
{
	char		folded[PII_NAME_BYTES];
	char		text[2 * PII_NAME_BYTES];
	size_t		used;
	int			count = 0;

	used = take_apart(folded, pii_word_fold(name, length, folded), text);
	for (size_t at = 0; at < used && count < PII_NAME_WORDS;)
	{
		PiiNameWord *word = &words[count++];
		size_t		span;

		word->known = longest_entry(text + at, used - at, &span,
									&word->plural);
		word->digits = word->known == NULL && is_digits(text + at, span);
		at += span + 1;
	}
	return count;
}
