/*
 * name_reading.c
 *		Reads an identifier: which kinds its words name, and what the others
 *		make of that.
 *
 * A column's name is a short noun phrase, and what decides is which of its
 * words is the head.  "email_template" is a template, "template_email" an
 * e-mail address; "home" in "home_phone" only says which phone.  English has
 * the head last, Romance languages first ("tipo_telefono"); the dictionary
 * says for each word on which side of a kind it takes over (see PiiWordRole).
 */
#include "name_reading.h"

#include <string.h>

/* What other words take away from a word that names a kind. */
#define TURN (-9.0)				/* a head: email_verified */
#define TURN_UNKNOWN (-2.8)		/* email_xyz */
#define TURN_UNKNOWN_LOOSE (-3.5)	/* mobile_xyz: an adjective, it seems */
#define TURN_COUNTED (-8.0)		/* num_emails */
#define TURN_OTHER_KIND (-4.5)	/* email in phone_email, where the last wins */
#define LOOSE_BESIDE_UNKNOWN (-0.8) /* xyz_mobile */

/* What other words add to it. */
#define SHARE_OF_SECOND 0.4		/* tel_mobile: of the weaker word's weight */
#define LOOSE_NUMBER 3.0		/* cell_number, ph_no */
#define SURE_NUMBER 0.6			/* phone_number */
#define LOOSE_ADDRESS 1.5		/* mail_addr */
#define REACHED_BY_NUMBER 5.5	/* contact_no, caller_number */
#define LOOSE_ENDPOINT 4.0		/* sms_to, mail_sender */
#define LOOSE_PARTY 1.0			/* guardian_mobile */

/* The log-odds a word adds for a kind. */
static double
word_weight(const PiiWord *word, PiiKind kind)
{
	switch (kind)
	{
		case PII_EMAIL:
			return word->email / 10.0;
		case PII_PHONE:
			return word->phone / 10.0;
	}
	return 0;
}

/* Whether the word at a place names the kind, for certain or perhaps. */
static bool
names_kind(const NameReading *reading, int place, PiiKind kind)
{
	return (name_has_role(reading, place, PII_WORD_NAMES) ||
			name_has_role(reading, place, PII_WORD_MAY_NAME)) &&
		word_weight(reading->words[place].known, kind) > 0;
}

/*
 * Put "type of phone" in the order of "phone type": what stands before "of"
 * is the head, so it goes last.
 */
static void
move_head_last(NameReading *reading)
{
	PiiNameWord turned[PII_NAME_WORDS];
	int			of = 0;
	int			after;

	while (of < reading->count && !name_has_role(reading, of, PII_WORD_OF))
		of++;
	after = reading->count - of - 1;
	if (of == 0 || after <= 0)
		return;
	memcpy(turned, reading->words + of + 1,
		   sizeof(PiiNameWord) * (size_t) after);
	memcpy(turned + after, reading->words, sizeof(PiiNameWord) * (size_t) of);
	reading->count--;
	memcpy(reading->words, turned,
		   sizeof(PiiNameWord) * (size_t) reading->count);
}

/* Add up the words that name a kind. */
static void
sum_kind(const NameReading *reading, PiiKind kind, KindReading *result)
{
	memset(result, 0, sizeof(*result));
	result->last = -1;
	result->loose = true;
	for (int i = 0; i < reading->count; i++)
	{
		double		weight;

		if (!names_kind(reading, i, kind))
			continue;
		weight = word_weight(reading->words[i].known, kind);
		if (weight > result->strongest)
		{
			result->sum = weight + SHARE_OF_SECOND * result->sum;
			result->strongest = weight;
		}
		else
			result->sum += SHARE_OF_SECOND * weight;
		result->last = i;
		result->plural = reading->words[i].plural;
		if (name_has_role(reading, i, PII_WORD_NAMES))
			result->loose = false;
	}
}

/*
 * The nearest place after (step 1) or before (step -1) the given one whose
 * word does more than say which one is meant: in "cell_home_no" the number
 * stands beside the cell.
 */
static int
neighbour(const NameReading *reading, int place, int step)
{
	do
		place += step;
	while (place >= 0 && place < reading->count &&
		   (reading->words[place].digits ||
			name_has_role(reading, place, PII_WORD_PLAIN) ||
			name_has_role(reading, place, PII_WORD_ACTIVITY)));
	return place;
}

/*
 * Add what a word beside it makes of a word for a kind: cell_number,
 * mail_addr, sms_to, guardian_mobile.
 */
static void
sum_neighbours(const NameReading *reading, PiiKind kind, KindReading *result)
{
	int			after = neighbour(reading, result->last, 1);
	int			before = neighbour(reading, result->last, -1);

	if (kind == PII_PHONE && (name_has_role(reading, after, PII_WORD_NUMBER) ||
							  name_has_role(reading, before, PII_WORD_NUMBER)))
		result->sum += result->loose ? LOOSE_NUMBER : SURE_NUMBER;
	if (!result->loose)
		return;
	if (kind == PII_EMAIL && name_has_role(reading, after, PII_WORD_ADDRESS))
		result->sum += LOOSE_ADDRESS;
	if (name_has_role(reading, after, PII_WORD_ENDPOINT))
		result->sum += LOOSE_ENDPOINT;
	if (kind == PII_PHONE && (name_has_role(reading, after, PII_WORD_PARTY) ||
							  name_has_role(reading, before, PII_WORD_PARTY)))
		result->sum += LOOSE_PARTY;
}

/* Whether a word that may name a kind mostly does: mail, mobile, tel. */
static bool
is_usual(const PiiWord *word)
{
	return word_weight(word, PII_EMAIL) > -NAME_PRIOR ||
		word_weight(word, PII_PHONE) > -NAME_PRIOR;
}

/* What the word at a place takes away from a kind named before it. */
static double
turn_after(const NameReading *reading, int place, PiiKind kind, bool loose)
{
	const PiiNameWord *word = &reading->words[place];

	if (word->digits)
		return 0;
	if (word->known == NULL)
		return loose ? TURN_UNKNOWN_LOOSE : TURN_UNKNOWN;
	switch (word->known->role)
	{
		case PII_WORD_HEAD:
		case PII_WORD_VAGUE:
		case PII_WORD_FLAG:
		case PII_WORD_OTHER:
			return TURN;
		case PII_WORD_ACTIVITY:
			return place == reading->count - 1 ? NAME_TURN_ACTIVITY : 0;
		case PII_WORD_NAMES:
			return TURN_OTHER_KIND;
		case PII_WORD_MAY_NAME:
			return is_usual(word->known) ? TURN_OTHER_KIND : 0;
		case PII_WORD_NUMBER:
			return kind == PII_EMAIL ? NAME_TURN_ACTIVITY : 0;
		case PII_WORD_ADDRESS:
		case PII_WORD_CONTACT:
		case PII_WORD_ENDPOINT:
		case PII_WORD_VALUE:
		case PII_WORD_PARTY:
		case PII_WORD_PLAIN:
		case PII_WORD_OF:
		case PII_WORD_OR:
			return 0;
	}
	return 0;
}

/* What the word at a place takes away from a kind named after it. */
static double
turn_before(const NameReading *reading, int place, PiiKind kind,
			const KindReading *named)
{
	const PiiNameWord *word = &reading->words[place];

	if (word->known == NULL)
		return named->loose && !word->digits ? LOOSE_BESIDE_UNKNOWN : 0;
	if (word->known->role == PII_WORD_FLAG)
		return TURN;
	if (word->known->role == PII_WORD_NUMBER && named->plural)
		return TURN_COUNTED;
	if (word->known->role == PII_WORD_NUMBER && kind == PII_EMAIL)
		return TURN_COUNTED;
	return 0;
}

/* Whether an "or" or "and" makes equals of the kinds that are named. */
static bool
joins_equals(const NameReading *reading)
{
	for (int i = 0; i < reading->count; i++)
	{
		if (name_has_role(reading, i, PII_WORD_OR))
			return true;
	}
	return false;
}

/* Add up what the other words take away from a kind that is named. */
static void
sum_turns(const NameReading *reading, PiiKind kind, KindReading *named)
{
	bool		equals = joins_equals(reading);
	double		strongest = 0;

	for (int i = 0; i < reading->count; i++)
	{
		double		turn;

		if (i == named->last || names_kind(reading, i, kind))
			continue;
		if (equals && (name_has_role(reading, i, PII_WORD_NAMES) ||
					   name_has_role(reading, i, PII_WORD_MAY_NAME)))
			continue;
		if (i < named->last)
			turn = turn_before(reading, i, kind, named);
		else
			turn = turn_after(reading, i, kind, named->loose);
		if (turn < strongest)
			strongest = turn;
	}
	named->turned = strongest;
}

/* Whether a word, as the head of a name, makes it speak of something else. */
static bool
speaks_of_thing(const PiiWord *word)
{
	return word->role == PII_WORD_HEAD || word->role == PII_WORD_VAGUE ||
		word->role == PII_WORD_FLAG ||
		word->role == PII_WORD_OTHER || word->role == PII_WORD_ACTIVITY;
}

/*
 * What a word that names no kind says of one all the same: a sender may be
 * known by an e-mail address, a contact's number is one to call.
 */
static double
weight_aside(const NameReading *reading, int place, PiiKind kind)
{
	bool		contact = name_has_role(reading, place, PII_WORD_CONTACT);
	bool		endpoint = name_has_role(reading, place, PII_WORD_ENDPOINT);
	double		weight = word_weight(reading->words[place].known, kind);

	if (endpoint && name_has_role(reading, place + 1, PII_WORD_ADDRESS))
		return 0;				/* receiver_address: postal, often */
	if (kind == PII_PHONE && (contact || endpoint) &&
		(name_has_role(reading, place + 1, PII_WORD_NUMBER) ||
		 name_has_role(reading, place - 1, PII_WORD_NUMBER)))
		return weight + REACHED_BY_NUMBER;
	return weight;
}

/*
 * Find the strongest that any word that names no kind says, and whether they
 * speak of something else altogether.
 */
static void
read_aside(NameReading *reading)
{
	bool		flagged = false;

	for (int i = 0; i < reading->count; i++)
	{
		const PiiWord *word = reading->words[i].known;

		if (word == NULL || word->role == PII_WORD_NAMES ||
			word->role == PII_WORD_MAY_NAME)
			continue;
		for (int kind = 0; kind < PII_KINDS; kind++)
		{
			double		weight = weight_aside(reading, i, (PiiKind) kind);

			if (weight > reading->aside[kind])
				reading->aside[kind] = weight;
			if (speaks_of_thing(word) || word->role == PII_WORD_PLAIN)
				reading->channel[kind] += word_weight(word, (PiiKind) kind);
		}
		reading->of_thing = flagged || speaks_of_thing(word);
		reading->numbers_thing = word->role == PII_WORD_NUMBER &&
			name_has_role(reading, i - 1, PII_WORD_HEAD);
		reading->vague = !flagged && word->role == PII_WORD_VAGUE;
		flagged = flagged || word->role == PII_WORD_FLAG;
		if (speaks_of_thing(word))
			reading->things++;
	}
}

/* See name_reading.h. */
void
pii_name_read(const char *name, size_t length, NameReading *reading)
{
	memset(reading, 0, sizeof(*reading));
	reading->count = pii_word_split(name, length, reading->words);
	move_head_last(reading);
	read_aside(reading);
	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		KindReading *named = &reading->kind[kind];

		sum_kind(reading, (PiiKind) kind, named);
		if (named->last < 0)
			continue;
		sum_neighbours(reading, (PiiKind) kind, named);
		sum_turns(reading, (PiiKind) kind, named);
	}
	for (int i = 0; i < reading->count; i++)
	{
		if (name_has_role(reading, i, PII_WORD_PARTY))
			reading->of_party = true;
	}
}
