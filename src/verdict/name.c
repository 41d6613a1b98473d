/*
 * name.c
 *		Weighs the words of an identifier.
 *
 * A column's name is a short noun phrase, and what decides is which of its
 * words is the head.  "email_template" is a template, "template_email" an
 * e-mail address; "home" in "home_phone" only says which phone.  English has
 * the head last, Romance languages first ("tipo_telefono"); the dictionary
 * says for each word on which side of a kind it takes over (see PiiWordRole).
 *
 * All weights are log-odds and add up: a prior, what the words say, what they
 * take back, what the table's name and the type make of it.
 *
 * What must stay true: the sum is always finite, and 1 / (1 + exp(-logit)) is
 * an honest probability, which test_name.c measures against real schemas.
 */
#include "name.h"

#include <math.h>
#include <string.h>

#include "word.h"

/* Of all columns that could hold text, few hold either kind. */
#define PRIOR (-4.4)
#define PRIOR_SOMETHING_ELSE (-5.6) /* the name speaks of another thing */
#define LOWEST (-7.0)
#define HIGHEST 4.8

/* What other words take away from a word that names a kind. */
#define TURN (-9.0)				/* a head: email_verified */
#define TURN_ACTIVITY (-6.0)	/* email_notification */
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

/* What the table's name adds to a column whose own leaves it open. */
#define TABLE_FITS 6.6			/* phones.number, email_addresses.value */
#define TABLE_MAY_FIT 4.6		/* phones.contact, emails.recipient */
#define TABLE_OF_CONTACTS 4.8	/* contact_points.value: of either kind */
#define WAY_TO_REACH 4.0		/* what such words say of both kinds */
#define TABLE_CHANNEL 3.8		/* sms_queue.number, email_log.recipient */
#define TABLE_OF_OTHER (-3.0)	/* sms_queue.recipient, for an e-mail address */
#define TABLE_OF_PARTIES 1.0	/* customers.mobile */
#define TABLE_OF_THINGS (-1.0)	/* products.mobile */

/* What the type makes of it. */
#define NUMBER_NEVER (-9.0)		/* no e-mail address is a number */
#define NUMBER_LOOSE (-1.8)		/* mobile integer: a flag or a key, often */
#define NUMBER_SURE (-0.6)
#define NUMBER_PLURAL (-6.0)	/* phones integer: how many */
#define CONTAINER_SURE (-0.7)
#define OTHER_NEVER (-9.0)

/* What the words of one identifier say of one kind. */
typedef struct KindReading
{
	double		strongest;		/* weight of the strongest word that names it */
	double		sum;			/* of all its words, the weaker ones in part */
	int			last;			/* place of the last such word, -1 for none */
	bool		loose;			/* no word names it for certain */
	bool		plural;
	double		turned;			/* what other words take away, 0 or less */
} KindReading;

/* What the words of one identifier say. */
typedef struct Reading
{
	KindReading kind[PII_KINDS];
	double		aside[PII_KINDS];	/* from words that name no kind */
	double		channel[PII_KINDS]; /* ... and are of things that are sent */
	int			count;
	PiiNameWord words[PII_NAME_WORDS];
	bool		of_party;		/* some word is somebody */
	bool		of_thing;		/* the last word is something else, or some
								 * word a flag */
	bool		numbers_thing;	/* the last word is a number, that of something
								 * else: passport_no */
	bool		vague;			/* the last word is of anything at all */
	int			things;			/* how many words are */
} Reading;

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

/* Whether the word at a place has the role; false beyond either end. */
static bool
has_role(const Reading *reading, int place, PiiWordRole role)
{
	const PiiWord *word;

	if (place < 0 || place >= reading->count)
		return false;
	word = reading->words[place].known;
	return word != NULL && word->role == role;
}

/* Whether the word at a place names the kind, for certain or perhaps. */
static bool
names_kind(const Reading *reading, int place, PiiKind kind)
{
	return (has_role(reading, place, PII_WORD_NAMES) ||
			has_role(reading, place, PII_WORD_MAY_NAME)) &&
		word_weight(reading->words[place].known, kind) > 0;
}

/*
 * Put "type of phone" in the order of "phone type": what stands before "of"
 * is the head, so it goes last.
 */
static void
move_head_last(Reading *reading)
{
	PiiNameWord turned[PII_NAME_WORDS];
	int			of = 0;
	int			after;

	while (of < reading->count && !has_role(reading, of, PII_WORD_OF))
		of++;
	after = reading->count - of - 1;
	if (of == 0 || after <= 0)
		return;
	memcpy(turned, reading->words + of + 1, sizeof(PiiNameWord) * (size_t) after);
	memcpy(turned + after, reading->words, sizeof(PiiNameWord) * (size_t) of);
	reading->count--;
	memcpy(reading->words, turned,
		   sizeof(PiiNameWord) * (size_t) reading->count);
}

/* Add up the words that name a kind. */
static void
sum_kind(const Reading *reading, PiiKind kind, KindReading *result)
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
		if (has_role(reading, i, PII_WORD_NAMES))
			result->loose = false;
	}
}

/*
 * The nearest place after (step 1) or before (step -1) the given one whose
 * word does more than say which one is meant: in "cell_home_no" the number
 * stands beside the cell.
 */
static int
neighbour(const Reading *reading, int place, int step)
{
	do
		place += step;
	while (place >= 0 && place < reading->count &&
		   (reading->words[place].digits ||
			has_role(reading, place, PII_WORD_PLAIN) ||
			has_role(reading, place, PII_WORD_ACTIVITY)));
	return place;
}

/*
 * Add what a word beside it makes of a word for a kind: cell_number,
 * mail_addr, sms_to, guardian_mobile.
 */
static void
sum_neighbours(const Reading *reading, PiiKind kind, KindReading *result)
{
	int			after = neighbour(reading, result->last, 1);
	int			before = neighbour(reading, result->last, -1);

	if (kind == PII_PHONE && (has_role(reading, after, PII_WORD_NUMBER) ||
							  has_role(reading, before, PII_WORD_NUMBER)))
		result->sum += result->loose ? LOOSE_NUMBER : SURE_NUMBER;
	if (!result->loose)
		return;
	if (kind == PII_EMAIL && has_role(reading, after, PII_WORD_ADDRESS))
		result->sum += LOOSE_ADDRESS;
	if (has_role(reading, after, PII_WORD_ENDPOINT))
		result->sum += LOOSE_ENDPOINT;
	if (kind == PII_PHONE && (has_role(reading, after, PII_WORD_PARTY) ||
							  has_role(reading, before, PII_WORD_PARTY)))
		result->sum += LOOSE_PARTY;
}

/* Whether a word that may name a kind mostly does: mail, mobile, tel. */
static bool
is_usual(const PiiWord *word)
{
	return word->email / 10.0 > -PRIOR || word->phone / 10.0 > -PRIOR;
}

/* What the word at a place takes away from a kind named before it. */
static double
turn_after(const Reading *reading, int place, PiiKind kind, bool loose)
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
			return place == reading->count - 1 ? TURN_ACTIVITY : 0;
		case PII_WORD_NAMES:
			return TURN_OTHER_KIND;
		case PII_WORD_MAY_NAME:
			return is_usual(word->known) ? TURN_OTHER_KIND : 0;
		case PII_WORD_NUMBER:
			return kind == PII_EMAIL ? TURN_ACTIVITY : 0;
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
turn_before(const Reading *reading, int place, PiiKind kind,
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
joins_equals(const Reading *reading)
{
	for (int i = 0; i < reading->count; i++)
	{
		if (has_role(reading, i, PII_WORD_OR))
			return true;
	}
	return false;
}

/* Add up what the other words take away from a kind that is named. */
static void
sum_turns(const Reading *reading, PiiKind kind, KindReading *named)
{
	bool		equals = joins_equals(reading);
	double		strongest = 0;

	for (int i = 0; i < reading->count; i++)
	{
		double		turn;

		if (i == named->last || names_kind(reading, i, kind))
			continue;
		if (equals && (has_role(reading, i, PII_WORD_NAMES) ||
					   has_role(reading, i, PII_WORD_MAY_NAME)))
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
weight_aside(const Reading *reading, int place, PiiKind kind)
{
	bool		contact = has_role(reading, place, PII_WORD_CONTACT);
	bool		endpoint = has_role(reading, place, PII_WORD_ENDPOINT);
	double		weight = word_weight(reading->words[place].known, kind);

	if (endpoint && has_role(reading, place + 1, PII_WORD_ADDRESS))
		return 0;				/* receiver_address: postal, often */
	if (kind == PII_PHONE && (contact || endpoint) &&
		(has_role(reading, place + 1, PII_WORD_NUMBER) ||
		 has_role(reading, place - 1, PII_WORD_NUMBER)))
		return weight + REACHED_BY_NUMBER;
	return weight;
}

/*
 * Find the strongest that any word that names no kind says, and whether they
 * speak of something else altogether.
 */
static void
read_aside(Reading *reading)
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
			has_role(reading, i - 1, PII_WORD_HEAD);
		reading->vague = !flagged && word->role == PII_WORD_VAGUE;
		flagged = flagged || word->role == PII_WORD_FLAG;
		if (speaks_of_thing(word))
			reading->things++;
	}
}

/* Read an identifier. */
static void
read_name(const char *name, size_t length, Reading *reading)
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
		if (has_role(reading, i, PII_WORD_PARTY))
			reading->of_party = true;
	}
}

/* Whether some word of an identifier names a kind. */
static bool
names_any_kind(const Reading *reading)
{
	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		if (reading->kind[kind].last >= 0)
			return true;
	}
	return false;
}

/*
 * What the name of a table that speaks of a kind adds to a column for having
 * the word at a place.
 */
static double
table_word_weight(const Reading *column, int place, PiiKind kind,
				  const KindReading *table)
{
	bool		endpoint = has_role(column, place, PII_WORD_ENDPOINT);
	bool		fits;

	fits = (kind == PII_PHONE && has_role(column, place, PII_WORD_NUMBER)) ||
		(kind == PII_EMAIL && has_role(column, place, PII_WORD_ADDRESS));
	if (table->turned <= TURN_ACTIVITY)
		return fits || endpoint ? TABLE_CHANNEL : 0;
	if (column->things > 0 && !endpoint)
		return 0;
	if (fits || has_role(column, place, PII_WORD_VALUE))
		return TABLE_FITS;
	if (has_role(column, place, PII_WORD_CONTACT))
		return table->loose ? 0 : TABLE_MAY_FIT;
	return endpoint ? TABLE_MAY_FIT : 0;
}

/*
 * Whether a table is one of ways to reach somebody, contact_points, and the
 * column what they are.
 */
static bool
is_way_to_reach(const Reading *column, const Reading *table)
{
	bool		value = false;

	for (int i = 0; i < column->count; i++)
		value = value || has_role(column, i, PII_WORD_VALUE);
	return value && column->things == 0 && table->things == 0 &&
		table->aside[PII_EMAIL] >= WAY_TO_REACH &&
		table->aside[PII_PHONE] >= WAY_TO_REACH;
}

/*
 * What a table's name adds to a column whose own name leaves open what it
 * holds: the strongest that any word of the column makes of it.
 */
static double
table_weight(const Reading *column, const Reading *table, PiiKind kind)
{
	const KindReading *named = &table->kind[kind];
	bool		of_other = named->last < 0 && names_any_kind(table);
	double		strongest = 0;

	if (!names_any_kind(table) && is_way_to_reach(column, table))
		return TABLE_OF_CONTACTS;
	for (int i = 0; i < column->count; i++)
	{
		double		weight = 0;

		if (named->last >= 0)
			weight = table_word_weight(column, i, kind, named);
		else if (has_role(column, i, PII_WORD_ENDPOINT))
			weight = of_other ? TABLE_OF_OTHER : table->channel[kind];
		if (fabs(weight) > fabs(strongest))
			strongest = weight;
	}
	return strongest;
}

/* The log-odds of a kind before the type is looked at. */
static double
name_logit(const Reading *column, const Reading *table, PiiKind kind)
{
	const KindReading *named = &column->kind[kind];
	double		logit = PRIOR;

	if (named->last >= 0)
	{
		logit += named->sum + named->turned;
		if (named->loose && table->of_party)
			logit += TABLE_OF_PARTIES;
		else if (named->loose && table->of_thing && !column->of_party)
			logit += TABLE_OF_THINGS;
		return logit;
	}
	if (column->of_thing && !column->vague)
		return PRIOR_SOMETHING_ELSE;
	return logit + column->aside[kind] + table_weight(column, table, kind);
}

/* What the column's type makes of it. */
static double
type_weight(PiiNameType type, const KindReading *named, PiiKind kind)
{
	switch (type)
	{
		case PII_NAME_TYPE_TEXT:
			return 0;
		case PII_NAME_TYPE_NUMBER:
			if (kind == PII_EMAIL)
				return NUMBER_NEVER;
			if (named->plural)
				return NUMBER_PLURAL;
			return named->loose ? NUMBER_LOOSE : NUMBER_SURE;
		case PII_NAME_TYPE_CONTAINER:
			return named->last < 0 || named->plural ? 0 : CONTAINER_SURE;
		case PII_NAME_TYPE_OTHER:
			return OTHER_NEVER;
	}
	return 0;
}

/*
 * The reading of a table's name.  The columns of a table are scored one after
 * the other, so the last one is kept.
 */
static const Reading *
read_table_name(const char *name, size_t length)
{
	static char latest[64];
	static size_t latest_length = SIZE_MAX;
	static Reading reading;

	if (length == latest_length &&
		(length == 0 || memcmp(name, latest, length) == 0))
		return &reading;
	read_name(name, length, &reading);
	latest_length = SIZE_MAX;
	if (length <= sizeof(latest))
	{
		if (length > 0)
			memcpy(latest, name, length);
		latest_length = length;
	}
	return &reading;
}

void
pii_name_score(const char *column_name, size_t column_length,
			   const char *table_name, size_t table_length,
			   PiiNameType type, PiiNameScore *score)
{
	Reading		column;
	const Reading *table = read_table_name(table_name,
										   table_name == NULL ? 0 : table_length);

	read_name(column_name, column_length, &column);

	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		const KindReading *named = &column.kind[kind];
		double		logit = name_logit(&column, table, (PiiKind) kind);

		if (logit > HIGHEST)
			logit = HIGHEST;
		logit += type_weight(type, named, (PiiKind) kind);
		score->logit[kind] = logit < LOWEST ? LOWEST : logit;
		score->named[kind] = named->last >= 0;
		score->qualified[kind] = named->turned <= TURN_ACTIVITY;
		score->of_other[kind] = named->last < 0 &&
			(column.of_thing || column.numbers_thing) &&
			!column.vague;
	}
}
