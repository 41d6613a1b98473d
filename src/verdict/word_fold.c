/*
 * word_fold.c
 *		Folds an identifier to lower-case words without accents.
 *
 * The same name is written EMailAdresse, e-mail_adresse and e mail adresse, in
 * more alphabets than one.  After folding there is one spelling for each word:
 * Latin letters without their accents, Cyrillic and Greek in lower case, full-
 * width letters as ASCII, every other script as it stands.
 *
 * What must stay true: folding what is folded changes nothing (the dictionary
 * is written in folded form, and a test folds every line of it), and the
 * answer does not depend on a locale.
 */
#include "word.h"

#include <string.h>

#include "../detect/utf8.h"

/* What a character does to the words of an identifier. */
typedef enum LetterClass
{
	CLASS_SEPARATOR,
	CLASS_DIGIT,
	CLASS_LOWER,				/* Latin, or of an alphabet with cases */
	CLASS_UPPER,
	CLASS_SCRIPT,				/* a letter of any other script */
	CLASS_MARK					/* a combining accent: dropped */
} LetterClass;

/* One character, folded. */
typedef struct Letter
{
	LetterClass class;
	bool		latin;			/* Latin: another script begins a new word */
	uint8_t		size;			/* bytes in `text` */
	char		text[4];
} Letter;

/* Base letters of U+00C0..U+017F; '*' is no letter. */
static const char latin_base[] =
"aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty"
"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* Base letters of U+1EA0..U+1EF9, the Vietnamese vowels. */
static const char vietnamese_base[] =
"aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooo"
"uuuuuuuuuuuuuuyyyyyyyy";

/*
 * Decode the UTF-8 character at the start of `bytes`; sets its size.  An
 * invalid sequence is one byte and reads as U+0020: it separates words.
 */
static uint32_t
decode(const char *bytes, size_t left, size_t *size)
{
	uint32_t	code;

	*size = pii_utf8_decode(bytes, left, 0, &code);
	if (*size > 0)
		return code;
	*size = 1;
	return ' ';
}

/* Fold an ASCII character, or the ASCII form of another. */
static void
fold_ascii(Letter *letter, uint32_t code)
{
	letter->size = 1;
	letter->text[0] = (char) code;
	letter->latin = true;
	if (code >= 'A' && code <= 'Z')
	{
		letter->text[0] = (char) (code + ('a' - 'A'));
		letter->class = CLASS_UPPER;
	}
	else if (code >= 'a' && code <= 'z')
		letter->class = CLASS_LOWER;
	else if (code >= '0' && code <= '9')
		letter->class = CLASS_DIGIT;
	else
		letter->class = CLASS_SEPARATOR;
}

/* Fold an accented Latin letter whose base letter is known. */
static void
fold_latin(Letter *letter, char base, bool upper)
{
	letter->latin = true;
	letter->size = 1;
	letter->text[0] = base;
	letter->class = upper ? CLASS_UPPER : CLASS_LOWER;
	if (base == '*')
		letter->class = CLASS_SEPARATOR;
}

/*
 * Whether a letter of U+00C0..U+017F is a capital.  They come in pairs, of
 * which the capital is even but in two stretches.
 */
static bool
latin_is_upper(uint32_t code)
{
	if (code < 0x100)
		return code < 0xDF;
	if ((code >= 0x139 && code <= 0x148) || code >= 0x179)
		return code % 2 == 1;
	return code % 2 == 0;
}

/* Fold a Greek letter: lower case, without its tonos. */
static void
fold_greek(Letter *letter, uint32_t code)
{
	static const uint16_t accented[][2] = {
		{0x386, 0x3B1}, {0x388, 0x3B5}, {0x389, 0x3B7}, {0x38A, 0x3B9},
		{0x38C, 0x3BF}, {0x38E, 0x3C5}, {0x38F, 0x3C9}, {0x390, 0x3B9},
		{0x3AC, 0x3B1}, {0x3AD, 0x3B5}, {0x3AE, 0x3B7}, {0x3AF, 0x3B9},
		{0x3B0, 0x3C5}, {0x3C2, 0x3C3}, {0x3CA, 0x3B9}, {0x3CB, 0x3C5},
		{0x3CC, 0x3BF}, {0x3CD, 0x3C5}, {0x3CE, 0x3C9}
	};

	letter->class = code < 0x3AC && code != 0x390 ? CLASS_UPPER : CLASS_LOWER;
	if (code >= 0x391 && code <= 0x3A9)
		code += 0x20;
	for (size_t i = 0; i < sizeof(accented) / sizeof(accented[0]); i++)
	{
		if (accented[i][0] == code)
			code = accented[i][1];
	}
	letter->size = (uint8_t) pii_utf8_encode(code, letter->text);
}

/* Fold a Cyrillic letter of U+0400..U+045F: lower case, io as ie. */
static void
fold_cyrillic(Letter *letter, uint32_t code)
{
	letter->class = code < 0x430 ? CLASS_UPPER : CLASS_LOWER;
	if (code < 0x410)
		code += 0x50;
	else if (code < 0x430)
		code += 0x20;
	if (code == 0x451)
		code = 0x435;
	letter->size = (uint8_t) pii_utf8_encode(code, letter->text);
}

/* Fold one character of the identifier; sets how many bytes it took. */
static Letter
fold_letter(const char *bytes, size_t left, size_t *size)
{
	Letter		letter = {CLASS_SCRIPT, false, 0, {0}};
	uint32_t	code = decode(bytes, left, size);

	if (code < 0x80)
		fold_ascii(&letter, code);
	else if (code < 0xC0 || (code >= 0x2000 && code <= 0x206F) ||
			 (code >= 0x3000 && code <= 0x3003))
		letter.class = CLASS_SEPARATOR;
	else if (code < 0x180)
		fold_latin(&letter, latin_base[code - 0xC0],
				   latin_is_upper(code));
	else if (code == 0x1A0 || code == 0x1A1)
		fold_latin(&letter, 'o', code == 0x1A0);
	else if (code == 0x1AF || code == 0x1B0)
		fold_latin(&letter, 'u', code == 0x1AF);
	else if (code >= 0x300 && code <= 0x36F)
		letter.class = CLASS_MARK;
	else if (code >= 0x386 && code <= 0x3CE)
		fold_greek(&letter, code);
	else if (code >= 0x400 && code <= 0x45F)
		fold_cyrillic(&letter, code);
	else if (code >= 0x1EA0 && code <= 0x1EF9)
		fold_latin(&letter, vietnamese_base[code - 0x1EA0], code % 2 == 0);
	else if (code >= 0xFF01 && code <= 0xFF5E)
		fold_ascii(&letter, code - 0xFEE0);
	else
	{
		letter.size = (uint8_t) *size;
		memcpy(letter.text, bytes, *size);
	}
	return letter;
}

/*
 * Whether a new word begins between two letters, given the class of the one
 * after: camelCase, ABBRWord, phone2, faxの.
 */
static bool
begins_word(const Letter *before, const Letter *letter, const Letter *after)
{
	if ((before->class == CLASS_DIGIT) != (letter->class == CLASS_DIGIT))
		return true;
	if (letter->class == CLASS_DIGIT)
		return false;
	if (before->latin != letter->latin)
		return true;
	if (letter->class != CLASS_UPPER)
		return false;
	return before->class == CLASS_LOWER || after->class == CLASS_LOWER;
}

/* See word.h. */
size_t
pii_word_fold(const char *name, size_t length, char *out)
{
	const Letter separator = {CLASS_SEPARATOR, false, 0, {0}};
	Letter		before = separator;
	size_t		used = 0;

	for (size_t at = 0; at < length;)
	{
		Letter		after = separator;
		size_t		size;
		size_t		ignored;
		Letter		letter = fold_letter(name + at, length - at, &size);

		at += size;
		if (letter.class == CLASS_MARK)
			continue;
		if (at < length)
			after = fold_letter(name + at, length - at, &ignored);
		if (used + sizeof(letter.text) + 2 > PII_NAME_BYTES)
			break;
		if (used > 0 && out[used - 1] != ' ' &&
			(letter.class == CLASS_SEPARATOR ||
			 begins_word(&before, &letter, &after)))
			out[used++] = ' ';
		if (letter.class != CLASS_SEPARATOR)
		{
			memcpy(out + used, letter.text, letter.size);
			used += letter.size;
		}
		before = letter;
	}
	if (used > 0 && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
	return used;
}
