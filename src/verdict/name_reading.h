/*
 * name_reading.h
 *		What the words of one identifier say, put together.
 *
 * Pure C.  name_reading.c reads the identifier, name.c weighs what it says for
 * a column against its table and its type.
 */
#ifndef PII_NAME_READING_H
#define PII_NAME_READING_H

#include "word.h"

/* Of all columns that could hold text, few hold either kind. */
#define NAME_PRIOR (-4.4)

/* What an activity takes away that a kind serves: email_notification. */
#define NAME_TURN_ACTIVITY (-6.0)

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
typedef struct NameReading
{
	KindReading kind[PII_KINDS];
	double		aside[PII_KINDS];	/* from words that name no kind */
	double		channel[PII_KINDS]; /* ... and are of things that are sent */
	int			count;
	PiiNameWord words[PII_NAME_WORDS];
	bool		of_party;		/* some word is somebody */
	bool		of_thing;		/* the last word is something else, or some
								 * word a flag */
	bool		numbers_thing;	/* the last word is a number, that of
								 * something else: passport_no */
	bool		vague;			/* the last word is of anything at all */
	int			things;			/* how many words are */
} NameReading;

/* Whether the word at a place has the role; false beyond either end. */
static inline bool
name_has_role(const NameReading *reading, int place, PiiWordRole role)
{
	const PiiWord *word;

	if (place < 0 || place >= reading->count)
		return false;
	word = reading->words[place].known;
	return word != NULL && word->role == role;
}

/* Read an identifier; all of the reading is set. */
extern void pii_name_read(const char *name, size_t length,
						  NameReading *reading);

#endif							/* PII_NAME_READING_H */
