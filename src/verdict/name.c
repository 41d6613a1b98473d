/*
 * name.c
 *		Weighs what an identifier says.
 *
 * All weights are log-odds and add up: a prior, what the words say, what they
 * take back (name_reading.c), what the table's name and the type make of it.
 *
 * What must stay true: the sum is always finite, and 1 / (1 + exp(-logit)) is
 * an honest probability, which test_name.c measures against real schemas.
 */
#include "name.h"

#include <math.h>
#include <string.h>

#include "name_reading.h"

#define PRIOR_SOMETHING_ELSE (-5.6) /* the name speaks of another thing */
#define LOWEST (-7.0)
#define HIGHEST 4.8

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

/* Whether some word of an identifier names a kind. */
static bool
names_any_kind(const NameReading *reading)
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
table_word_weight(const NameReading *column, int place, PiiKind kind,
				  const KindReading *table)
{
	bool		endpoint = name_has_role(column, place, PII_WORD_ENDPOINT);
	bool		fits;

	fits = name_has_role(column, place, kind == PII_PHONE ?
						 PII_WORD_NUMBER : PII_WORD_ADDRESS);
	if (table->turned <= NAME_TURN_ACTIVITY)
		return fits || endpoint ? TABLE_CHANNEL : 0;
	if (column->things > 0 && !endpoint)
		return 0;
	if (fits || name_has_role(column, place, PII_WORD_VALUE))
		return TABLE_FITS;
	if (name_has_role(column, place, PII_WORD_CONTACT))
		return table->loose ? 0 : TABLE_MAY_FIT;
	return endpoint ? TABLE_MAY_FIT : 0;
}

/*
 * Whether a table is one of ways to reach somebody, contact_points, and the
 * column what they are.
 */
static bool
is_way_to_reach(const NameReading *column, const NameReading *table)
{
	bool		value = false;

	for (int i = 0; i < column->count; i++)
		value = value || name_has_role(column, i, PII_WORD_VALUE);
	return value && column->things == 0 && table->things == 0 &&
		table->aside[PII_EMAIL] >= WAY_TO_REACH &&
		table->aside[PII_PHONE] >= WAY_TO_REACH;
}

/*
 * What a table's name adds to a column whose own name leaves open what it
 * holds: the strongest that any word of the column makes of it.
 */
static double
table_weight(const NameReading *column, const NameReading *table, PiiKind kind)
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
		else if (name_has_role(column, i, PII_WORD_ENDPOINT))
			weight = of_other ? TABLE_OF_OTHER : table->channel[kind];
		if (fabs(weight) > fabs(strongest))
			strongest = weight;
	}
	return strongest;
}

/*
 * The log-odds of a kind before the type is looked at.  The table's name may be
 * left unread where the column's leaves nothing open.
 */
static double
name_logit(const NameReading *column, const NameReading *table, PiiKind kind)
{
	const KindReading *named = &column->kind[kind];
	double		logit = NAME_PRIOR;

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
static const NameReading *
read_table_name(const char *name, size_t length)
{
	static char latest[64];
	static size_t latest_length = SIZE_MAX;
	static NameReading reading;

	if (length == latest_length &&
		(length == 0 || memcmp(name, latest, length) == 0))
		return &reading;
	pii_name_read(name, length, &reading);
	latest_length = SIZE_MAX;
	if (length <= sizeof(latest))
	{
		if (length > 0)
			memcpy(latest, name, length);
		latest_length = length;
	}
	return &reading;
}

/*
 * Whether a column's name leaves it to its table's, for some kind, what it
 * holds.  Most names do not, and most tables' names are never read.
 */
static bool
leaves_open(const NameReading *column)
{
	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		const KindReading *named = &column->kind[kind];

		if (named->last >= 0 ? named->loose :
			!column->of_thing || column->vague)
			return true;
	}
	return false;
}

/* See name.h. */
void
pii_name_score(const char *column_name, size_t column_length,
			   const char *table_name, size_t table_length,
			   PiiNameType type, PiiNameScore *score)
{
	NameReading column;
	const NameReading *table = NULL;

	pii_name_read(column_name, column_length, &column);
	if (leaves_open(&column))
		table = read_table_name(table_name,
								table_name == NULL ? 0 : table_length);

	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		const KindReading *named = &column.kind[kind];
		double		logit = name_logit(&column, table, (PiiKind) kind);

		if (logit > HIGHEST)
			logit = HIGHEST;
		logit += type_weight(type, named, (PiiKind) kind);
		score->logit[kind] = logit < LOWEST ? LOWEST : logit;
		score->named[kind] = named->last >= 0;
		score->qualified[kind] = named->turned <= NAME_TURN_ACTIVITY;
		score->of_other[kind] = named->last < 0 &&
			(column.of_thing || column.numbers_thing) &&
			!column.vague;
	}
}
