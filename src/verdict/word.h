/*
 * word.h
 *		Identifiers as words, and what is known about each word.
 *
 * Pure C.  word.c splits an identifier and looks its words up; word_list.c is
 * the dictionary; name_reading.c and name.c alone weigh them.
 */
#ifndef PII_WORD_H
#define PII_WORD_H

#include "../detect/detect.h"

/*
 * The part a word plays in the name of a column.  "It" is an e-mail address or
 * a phone number.
 */
typedef enum PiiWordRole
{
	PII_WORD_NAMES,				/* it, whatever stands beside: email, telefono */
	PII_WORD_MAY_NAME,			/* it, or an adjective, or something else:
								 * mobile, cell, mail, sms */
	PII_WORD_NUMBER,			/* a number of some sort: nr, numero, bango */
	PII_WORD_ADDRESS,			/* an address of some sort */
	PII_WORD_CONTACT,			/* how to reach someone */
	PII_WORD_ENDPOINT,			/* one end of a message: sender, recipient */
	PII_WORD_VALUE,				/* whatever the table is about: value, detail */
	PII_WORD_PARTY,				/* whose it is: customer, employee */
	PII_WORD_PLAIN,				/* which one, of several: home, old, billing */
	PII_WORD_ACTIVITY,			/* what it serves: after it and last, the
								 * activity itself: email_notifications */
	PII_WORD_HEAD,				/* another noun or participle: after it, the
								 * name speaks of that: email_template */
	PII_WORD_VAGUE,				/* the same, but alone it may be about
								 * anything: text, content, attribute */
	PII_WORD_FLAG,				/* as a head, and before it as well: is_email,
								 * tipo_telefono (where the head comes first) */
	PII_WORD_OTHER,				/* spelt like it and something else:
								 * microphone, mailing list, ip address */
	PII_WORD_OF,				/* joins a head to what it belongs to */
	PII_WORD_OR					/* joins equals: email_or_phone */
} PiiWordRole;

/* A line of the dictionary. */
typedef struct PiiWord
{
	const char *spelling;		/* folded; a phrase has single spaces */
	PiiWordRole role;
	int8_t		email;			/* tenths it adds to the log-odds */
	int8_t		phone;
	const char *languages;		/* ISO 639-1, "xx" for many; for readers only */
} PiiWord;

/* In order of their spelling's bytes. */
extern const PiiWord pii_words[];
extern const int pii_word_count;

#define PII_NAME_BYTES 256		/* of a folded identifier; the rest is not
								 * read */
#define PII_NAME_WORDS 32		/* of an identifier; the rest is not read */

/* One word of an identifier, or one phrase of the dictionary. */
typedef struct PiiNameWord
{
	const PiiWord *known;		/* NULL when not in the dictionary */
	bool		plural;			/* found without its final s */
	bool		digits;			/* a numeral: phone2, address_1 */
} PiiNameWord;

/*
 * Fold an identifier to lower-case words with single spaces between them,
 * without accents: "e-Mail_Adresse2" is "e mail adresse 2".  Returns the
 * length; `out` has room for PII_NAME_BYTES and gets a closing NUL.
 */
extern size_t pii_word_fold(const char *name, size_t length, char *out);

/*
 * The words of an identifier, compounds taken apart and phrases put together.
 * Returns how many there are.
 */
extern int	pii_word_split(const char *name, size_t length,
						   PiiNameWord words[PII_NAME_WORDS]);

#endif							/* PII_WORD_H */
