/*
 * phone_context.c
 *		What the text around a number says about it.
 *
 * What must stay true: only a bounded stretch on either side is looked at, so
 * that the cost of a number does not depend on the length of its value.
 */
#include "phone_run.h"

#include <string.h>

#include "digit.h"

#define WORD_REACH 24			/* bytes searched for a word before a number */
#define IBAN_REACH 42			/* an IBAN has 34 characters, and spaces */

/*
 * Words that announce a telephone number, in lower case.  This list and those
 * below are in the order of their bytes.
 */
static const char *const phone_words[] = {
	"call", "callto", "cel", "cell", "cellphone", "cellulare", "celular",
	"contact", "desk", "dial", "direct", "dw", "faks", "fax", "fon",
	"fone", "gsm", "handy", "helpline", "hotline", "hp", "landline",
	"line", "mob", "mobiel", "mobil", "mobile", "mobiltelefon",
	"mobitel", "movil", "msisdn", "móvil", "nummer", "office", "ph",
	"phone", "phones", "portable", "puh", "puhelin", "rufnummer", "sms",
	"tel", "tele", "telefax", "telefon", "telefone", "telefonnummer",
	"telefono", "telefoon", "telephone", "telf", "telfs", "telp",
	"teléfono", "text", "tfno", "tlf", "tlp", "toll-free", "tollfree",
	"tél", "téléphone", "viber", "wa", "wechat", "whatsapp"
};

/* Words after which a plain number is something else. */
static const char *const other_words[] = {
	"account", "acct", "amount", "article", "asin", "barcode", "batch",
	"bin", "build", "card", "case", "code", "commit", "doi", "ean",
	"ein", "epoch", "gtin", "iban", "id", "imei", "imsi", "invoice",
	"isbn", "issn", "item", "job", "key", "lot", "model", "npi", "nr",
	"oid", "order", "part", "pid", "pin", "pmid", "po", "process", "qty",
	"ref", "reference", "request", "rev", "revision", "row", "serial",
	"session", "siren", "siret", "size", "sku", "sn", "ssn", "swift",
	"tax", "ticket", "time", "timestamp", "token", "tracking",
	"transaction", "ts", "tx", "upc", "user", "uuid", "vat", "version",
	"vin"
};

/* Currencies and units, before or behind an amount. */
static const char *const amount_words[] = {
	"aud", "bps", "brl", "bytes", "cad", "chf", "cny", "dollars", "eur",
	"euro", "euros", "gb", "gbp", "inr", "jpy", "kb", "kg", "km", "krw",
	"kwh", "mb", "mhz", "ms", "mxn", "nok", "pcs", "pln", "points",
	"pts", "px", "rmb", "rows", "rs", "rub", "rupees", "sec", "seconds",
	"sek", "try", "units", "usd", "utc", "votes", "yen", "zar", "zl"
};

/* Money's signs, and others that never touch a telephone number. */
static bool
is_foreign_sign(uint32_t code)
{
	return code == '$' || code == '%' || code == '_' || code == '@' ||
		code == '^' || code == 0xA2 || code == 0xA3 || code == 0xA4 ||
		code == 0xA5 || (code >= 0x20A0 && code <= 0x20CF) ||
		code == 0x2030 || code == 0xB0 || code == 0xFF04 || code == 0xFFE5 ||
		code == 0xFFE1;
}

/*
 * A letter or mark of another script: words are not parted from numbers in all
 * of them.  Signs of arithmetic and the wide colon are not meant.
 */
static bool
is_foreign_letter(const PiiChar *character)
{
	return character->class == PII_CHAR_OTHER && character->code >= 0x80 &&
		character->bytes > 1 && character->code != 0xB1 &&
		character->code != 0xD7 && character->code != 0xF7 &&
		character->code != 0xFF1A;
}

/* Step back over spaces and what cannot be seen; says whether there was any. */
static bool
skip_space_before(const char *value, size_t *at)
{
	size_t		from = *at;
	PiiChar		before;

	while (*at > 0 && from - *at < 16)
	{
		pii_char_before(value, *at, &before);
		if (before.class != PII_CHAR_SPACE &&
			before.class != PII_CHAR_INVISIBLE)
			break;
		*at -= before.bytes;
	}
	return *at < from;
}

/* The same, forward. */
static bool
skip_space_after(const char *value, size_t length, size_t *at)
{
	size_t		from = *at;
	PiiChar		next;

	while (*at < length && *at - from < 16)
	{
		pii_char_at(value, length, *at, &next);
		if (next.class != PII_CHAR_SPACE && next.class != PII_CHAR_INVISIBLE)
			break;
		*at += next.bytes;
	}
	return *at > from;
}

/*
 * Digits of the neighbour that ends at `at`, separators left out.  A space is
 * one unless the neighbour must be `tight`.
 */
static int
count_digits_before(const char *value, size_t at, bool tight)
{
	size_t		from = at;
	int			count = 0;
	PiiChar		before;

	while (at > 0 && from - at < 24)
	{
		pii_char_before(value, at, &before);
		if (before.class == PII_CHAR_DIGIT)
			count++;
		else if (before.class != PII_CHAR_DASH && before.class != PII_CHAR_DOT &&
				 (tight || before.class != PII_CHAR_SPACE) &&
				 before.class != PII_CHAR_OPEN && before.class != PII_CHAR_CLOSE)
			break;
		at -= before.bytes;
	}
	return count;
}

/* The same of the neighbour that starts at `at`. */
static int
count_digits_after(const char *value, size_t length, size_t at, bool tight)
{
	size_t		from = at;
	int			count = 0;
	PiiChar		next;

	while (at < length && at - from < 24)
	{
		pii_char_at(value, length, at, &next);
		if (next.class == PII_CHAR_DIGIT)
			count++;
		else if (next.class != PII_CHAR_DASH && next.class != PII_CHAR_DOT &&
				 (tight || next.class != PII_CHAR_SPACE) &&
				 next.class != PII_CHAR_PLUS &&
				 next.class != PII_CHAR_OPEN && next.class != PII_CHAR_CLOSE)
			break;
		at += next.bytes;
	}
	return count;
}

#define IS_ONE_OF(word, length, list) \
	is_one_of(word, length, list, sizeof(list) / sizeof((list)[0]))

/* The order of a word, in any case, and one of a list. */
static int
compare_word(const char *word, size_t length, const char *listed)
{
	for (size_t i = 0; i < length; i++)
	{
		unsigned char byte = (unsigned char) word[i];

		if (pii_is_letter(word[i]))
			byte |= 0x20;
		if (byte != (unsigned char) listed[i])
			return byte - (unsigned char) listed[i];
	}
	return listed[length] == '\0' ? 0 : -1;
}

/* Is a word, in any case, one of a sorted list? */
static bool
is_one_of(const char *word, size_t length, const char *const *list, int count)
{
	int			low = 0;
	int			high = count;

	while (low < high)
	{
		int			middle = (low + high) / 2;
		int			order = compare_word(word, length, list[middle]);

		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

/*
 * What the last word before `at` says.  Between it and the number there may be
 * spaces and the signs that end a label.
 */
static PhoneContext
judge_word_before(const char *value, size_t at)
{
	size_t		floor = at > WORD_REACH ? at - WORD_REACH : 0;
	size_t		end = at;
	size_t		start;

	for (int word = 0; word < 2; word++)
	{
		while (end > floor && memchr(" :.=#\"'-(<>\t[*/?", value[end - 1], 16))
			end--;
		start = end;
		while (start > floor &&
			   (pii_is_letter(value[start - 1]) ||
				(unsigned char) value[start - 1] >= 0x80))
			start--;
		if (start == end)
			break;
		if (IS_ONE_OF(value + start, end - start, phone_words))
			return PHONE_CONTEXT_CONFIRMS;
		if (IS_ONE_OF(value + start, end - start, other_words) ||
			IS_ONE_OF(value + start, end - start, amount_words))
			return PHONE_CONTEXT_DOUBTS;
		end = start;
	}
	return PHONE_CONTEXT_ALLOWS;
}

/* A backslash and a letter is one sign in JSON and most languages. */
static bool
is_escape(const char *value, size_t at)
{
	return at >= 2 && value[at - 2] == '\\' &&
		memchr("nrt", value[at - 1], 3) != NULL;
}

/*
 * What touches a number's first byte, where that is punctuation; `at` is where
 * the punctuation `sign` starts.
 */
static PhoneContext
judge_sign_before(const char *value, size_t at, uint32_t sign)
{
	PiiChar		before;

	if (at == 0)
		return sign == '#' || sign == '-' || sign == '~' ?
			PHONE_CONTEXT_DOUBTS : PHONE_CONTEXT_ALLOWS;
	if (sign < ' ')
		return PHONE_CONTEXT_ALLOWS;
	pii_char_before(value, at, &before);
	if (before.class == PII_CHAR_DIGIT)
	{
		if (sign == ',' || sign == '/' || sign == ';' || sign == '|')
			return count_digits_before(value, at, false) >= PHONE_LIST_DIGITS ?
				PHONE_CONTEXT_ALLOWS :
				sign == '/' ? PHONE_CONTEXT_FORBIDS : PHONE_CONTEXT_DOUBTS;
		return sign == '"' || sign == '\'' || sign == '<' || sign == '>' ||
			sign == ')' || sign == '(' ? PHONE_CONTEXT_DOUBTS :
			PHONE_CONTEXT_FORBIDS;
	}
	switch (sign)
	{
		case '#':
			return before.code == '&' ? PHONE_CONTEXT_FORBIDS :
				PHONE_CONTEXT_DOUBTS;
		case '-':
		case '~':
			return before.class == PII_CHAR_LETTER ? PHONE_CONTEXT_FORBIDS :
				PHONE_CONTEXT_DOUBTS;
		case '/':
			return before.class == PII_CHAR_SPACE ? PHONE_CONTEXT_ALLOWS :
				PHONE_CONTEXT_DOUBTS;
		case '.':
			return before.class == PII_CHAR_LETTER ? PHONE_CONTEXT_DOUBTS :
				PHONE_CONTEXT_ALLOWS;
		case '*':
			return PHONE_CONTEXT_DOUBTS;
	}
	return PHONE_CONTEXT_ALLOWS;
}

/* What stands before a number. */
static PhoneContext
judge_before(const char *value, size_t start)
{
	size_t		at = start;
	PhoneContext context = PHONE_CONTEXT_ALLOWS;
	PhoneContext word;
	PiiChar		before;

	if (start == 0)
		return PHONE_CONTEXT_ALLOWS;
	if (!skip_space_before(value, &at))
	{
		pii_char_before(value, at, &before);
		if (before.class == PII_CHAR_DIGIT || is_foreign_sign(before.code) ||
			(before.class == PII_CHAR_LETTER && !is_escape(value, at)))
			context = PHONE_CONTEXT_FORBIDS;
		else if (before.class != PII_CHAR_LETTER &&
				 !is_foreign_letter(&before))
			context = judge_sign_before(value, at - before.bytes, before.code);
	}
	else if (at > 0)
	{
		pii_char_before(value, at, &before);
		if (before.class == PII_CHAR_DIGIT)
			return count_digits_before(value, at, true) >= PHONE_LIST_DIGITS ?
				PHONE_CONTEXT_ALLOWS : PHONE_CONTEXT_CROWDS;
		if (is_foreign_sign(before.code) && before.code != '@')
			return PHONE_CONTEXT_DOUBTS;
	}
	if (context == PHONE_CONTEXT_FORBIDS)
		return context;
	word = judge_word_before(value, start);
	if (word == PHONE_CONTEXT_CONFIRMS)
		return word;
	if (context == PHONE_CONTEXT_ALLOWS)
		return word;
	return context;
}

/* What the word that starts at `at` says. */
static PhoneContext
judge_word_after(const char *value, size_t length, size_t at)
{
	size_t		end = at;

	while (end < length && end - at < WORD_REACH &&
		   pii_is_letter(value[end]))
		end++;
	return end > at && IS_ONE_OF(value + at, end - at, amount_words) ?
		PHONE_CONTEXT_DOUBTS : PHONE_CONTEXT_ALLOWS;
}

/* What touches a number's last byte, where that is punctuation at `at`. */
static PhoneContext
judge_sign_after(const char *value, size_t length, size_t at,
				 const PiiChar *sign)
{
	PiiChar		next;
	size_t		behind = at + sign->bytes;

	if (behind >= length)
		return PHONE_CONTEXT_ALLOWS;
	pii_char_at(value, length, behind, &next);
	if (sign->code < ' ')
		return PHONE_CONTEXT_ALLOWS;
	if (next.class == PII_CHAR_DIGIT)
	{
		if (sign->code == ',' || sign->code == '/' || sign->code == ';' ||
			sign->code == '|')
			return count_digits_after(value, length, behind,
									  false) >= PHONE_LIST_DIGITS ?
				PHONE_CONTEXT_ALLOWS : PHONE_CONTEXT_DOUBTS;
		if (sign->class == PII_CHAR_CLOSE || sign->class == PII_CHAR_OPEN ||
			sign->code == '"' || sign->code == '\'' || sign->code == '<' ||
			sign->code == '\\')
			return PHONE_CONTEXT_DOUBTS;
		return PHONE_CONTEXT_FORBIDS;
	}
	if (sign->class == PII_CHAR_DASH)
		return next.class == PII_CHAR_LETTER ? PHONE_CONTEXT_FORBIDS :
			PHONE_CONTEXT_ALLOWS;
	if (sign->class == PII_CHAR_DOT || sign->class == PII_CHAR_SLASH ||
		sign->code == '=')
		return next.class == PII_CHAR_LETTER ? PHONE_CONTEXT_DOUBTS :
			PHONE_CONTEXT_ALLOWS;
	return PHONE_CONTEXT_ALLOWS;
}

/* What stands behind a number. */
static PhoneContext
judge_after(const char *value, size_t length, size_t end)
{
	size_t		at = end;
	PiiChar		next;

	if (skip_space_after(value, length, &at))
	{
		if (at == length)
			return PHONE_CONTEXT_ALLOWS;
		pii_char_at(value, length, at, &next);
		if (next.class == PII_CHAR_DIGIT)
			return count_digits_after(value, length, at, true) >= PHONE_LIST_DIGITS ?
				PHONE_CONTEXT_ALLOWS : PHONE_CONTEXT_CROWDS;
		if (is_foreign_sign(next.code) && next.code != '@' && next.code != '_')
			return PHONE_CONTEXT_DOUBTS;
		return judge_word_after(value, length, at);
	}
	if (at == length)
		return PHONE_CONTEXT_ALLOWS;
	pii_char_at(value, length, at, &next);
	if (next.class == PII_CHAR_DIGIT || next.class == PII_CHAR_LETTER ||
		is_foreign_sign(next.code))
		return PHONE_CONTEXT_FORBIDS;
	if (is_foreign_letter(&next))
		return PHONE_CONTEXT_ALLOWS;
	return judge_sign_after(value, length, at, &next);
}

/* See phone_run.h. */
PhoneContext
pii_phone_context(const char *value, size_t length, size_t start, size_t end)
{
	PhoneContext after = judge_after(value, length, end);
	PhoneContext before;

	if (after == PHONE_CONTEXT_FORBIDS)
		return after;
	before = judge_before(value, start);
	return before < after ? before :
		after < PHONE_CONTEXT_ALLOWS ? after : before;
}

/* Remainder, by 97, of an IBAN with its first four characters moved last. */
static int
iban_remainder(const char *text, int length)
{
	int			remainder = 0;

	for (int i = 0; i < length; i++)
	{
		char		c = text[(i + 4) % length];

		if (pii_is_digit(c))
			remainder = (remainder * 10 + c - '0') % 97;
		else
			remainder = (remainder * 100 + c - 'A' + 10) % 97;
	}
	return remainder;
}

/* Does an IBAN start at `at` and reach at least to `start`? */
static bool
is_iban(const char *value, size_t length, size_t at, size_t start)
{
	char		text[34];
	int			used = 0;

	for (; at < length && used < 34; at++)
	{
		char		c = value[at];

		if (c == ' ')
			continue;
		if (!pii_is_digit(c) && !(c >= 'A' && c <= 'Z'))
			break;
		text[used++] = c;
		if (used >= 15 && at >= start && iban_remainder(text, used) == 1)
			return true;
	}
	return false;
}

/* See phone_run.h. */
bool
pii_phone_in_iban(const char *value, size_t length, size_t start)
{
	size_t		floor = start > IBAN_REACH ? start - IBAN_REACH : 0;
	size_t		at = start;

	while (at > floor)
	{
		char		c = value[--at];

		if (c != ' ' && !pii_is_digit(c) && !(c >= 'A' && c <= 'Z'))
			return false;
		if (at + 4 <= length && c >= 'A' && c <= 'Z' &&
			value[at + 1] >= 'A' && value[at + 1] <= 'Z' &&
			pii_is_digit(value[at + 2]) &&
			pii_is_digit(value[at + 3]) &&
			is_iban(value, length, at, start))
			return true;
	}
	return false;
}
