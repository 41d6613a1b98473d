/*
 * digit.c
 *		What a character is to somebody who reads a telephone number.
 *
 * The ranges follow the Unicode Character Database 16 (general categories Nd,
 * Pd, Zs, Cf and a few by name); they are kept sorted.
 */
#include "digit.h"

#include "utf8.h"

#define DIGIT PII_CHAR_DIGIT
#define LETTER PII_CHAR_LETTER

const uint8_t pii_ascii_class[128] = {
	[' '] = PII_CHAR_SPACE,
	['('] = PII_CHAR_OPEN,['['] = PII_CHAR_OPEN,
	[')'] = PII_CHAR_CLOSE,[']'] = PII_CHAR_CLOSE,
	['+'] = PII_CHAR_PLUS,
	['-'] = PII_CHAR_DASH,['~'] = PII_CHAR_DASH,
	['.'] = PII_CHAR_DOT,
	['/'] = PII_CHAR_SLASH,
	['0'] = DIGIT, DIGIT, DIGIT, DIGIT, DIGIT,
	DIGIT, DIGIT, DIGIT, DIGIT, DIGIT,
	['A'] = LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER,
	LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER,
	LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER,
	LETTER,
	['a'] = LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER,
	LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER,
	LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER,
	LETTER
};

/* The zeros of all decimal digits beyond ASCII. */
static const uint32_t zeros[] = {
	0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6,
	0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090,
	0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
	0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
	0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0,
	0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0,
	0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0,
	0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6,
	0x1E140, 0x1E2F0, 0x1E4D0, 0x1E5F1, 0x1E950, 0x1FBF0
};

/* Everything else that counts, as ranges. */
static const struct
{
	uint32_t	first;
	uint32_t	last;
	PiiCharClass class;
}			ranges[] = {
	{0x00A0, 0x00A0, PII_CHAR_SPACE},
	{0x00AA, 0x00AA, PII_CHAR_LETTER},
	{0x00AD, 0x00AD, PII_CHAR_INVISIBLE},
	{0x00B7, 0x00B7, PII_CHAR_DOT},
	{0x00BA, 0x00BA, PII_CHAR_LETTER},
	{0x00C0, 0x00D6, PII_CHAR_LETTER},
	{0x00D8, 0x00F6, PII_CHAR_LETTER},
	{0x00F8, 0x024F, PII_CHAR_LETTER},
	{0x0300, 0x036F, PII_CHAR_INVISIBLE},
	{0x061C, 0x061C, PII_CHAR_INVISIBLE},
	{0x1680, 0x1680, PII_CHAR_SPACE},
	{0x180E, 0x180E, PII_CHAR_INVISIBLE},
	{0x1E00, 0x1EFF, PII_CHAR_LETTER},
	{0x2000, 0x200A, PII_CHAR_SPACE},
	{0x200B, 0x200F, PII_CHAR_INVISIBLE},
	{0x2010, 0x2015, PII_CHAR_DASH},
	{0x2024, 0x2024, PII_CHAR_DOT},
	{0x202A, 0x202E, PII_CHAR_INVISIBLE},
	{0x202F, 0x202F, PII_CHAR_SPACE},
	{0x2044, 0x2044, PII_CHAR_SLASH},
	{0x2053, 0x2053, PII_CHAR_DASH},
	{0x205F, 0x205F, PII_CHAR_SPACE},
	{0x2060, 0x2064, PII_CHAR_INVISIBLE},
	{0x2066, 0x2069, PII_CHAR_INVISIBLE},
	{0x20E3, 0x20E3, PII_CHAR_INVISIBLE},
	{0x2212, 0x2212, PII_CHAR_DASH},
	{0x2215, 0x2215, PII_CHAR_SLASH},
	{0x223C, 0x223C, PII_CHAR_DASH},
	{0x2795, 0x2795, PII_CHAR_PLUS},
	{0x3000, 0x3000, PII_CHAR_SPACE},
	{0x301C, 0x301C, PII_CHAR_DASH},
	{0x30FB, 0x30FB, PII_CHAR_DOT},
	{0x30FC, 0x30FC, PII_CHAR_DASH},
	{0xFE00, 0xFE0F, PII_CHAR_INVISIBLE},
	{0xFE58, 0xFE58, PII_CHAR_DASH},
	{0xFE59, 0xFE59, PII_CHAR_OPEN},
	{0xFE5A, 0xFE5A, PII_CHAR_CLOSE},
	{0xFE62, 0xFE62, PII_CHAR_PLUS},
	{0xFE63, 0xFE63, PII_CHAR_DASH},
	{0xFEFF, 0xFEFF, PII_CHAR_INVISIBLE},
	{0xFF08, 0xFF08, PII_CHAR_OPEN},
	{0xFF09, 0xFF09, PII_CHAR_CLOSE},
	{0xFF0B, 0xFF0B, PII_CHAR_PLUS},
	{0xFF0D, 0xFF0D, PII_CHAR_DASH},
	{0xFF0E, 0xFF0E, PII_CHAR_DOT},
	{0xFF0F, 0xFF0F, PII_CHAR_SLASH},
	{0xFF21, 0xFF3A, PII_CHAR_LETTER},
	{0xFF3B, 0xFF3B, PII_CHAR_OPEN},
	{0xFF3D, 0xFF3D, PII_CHAR_CLOSE},
	{0xFF41, 0xFF5A, PII_CHAR_LETTER},
	{0xFF5E, 0xFF5E, PII_CHAR_DASH}
};

/* See digit.h. */
int
pii_digit_value(uint32_t code)
{
	int			low = 0;
	int			high = sizeof(zeros) / sizeof(zeros[0]);

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (code < zeros[middle])
			high = middle;
		else if (code - zeros[middle] < 10)
			return (int) (code - zeros[middle]);
		else
			low = middle + 1;
	}
	return -1;
}

/* Class of a character beyond ASCII that is no digit. */
static PiiCharClass
class_of(uint32_t code)
{
	int			low = 0;
	int			high = sizeof(ranges) / sizeof(ranges[0]);

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (code < ranges[middle].first)
			high = middle;
		else if (code <= ranges[middle].last)
			return ranges[middle].class;
		else
			low = middle + 1;
	}
	return PII_CHAR_OTHER;
}

/* See digit.h. */
void
pii_char_decode(const char *value, size_t length, size_t at, PiiChar *out)
{
	out->bytes = (int) pii_utf8_decode(value, length, at, &out->code);
	out->digit = -1;
	if (out->bytes == 0)
	{
		out->bytes = 1;
		out->code = (unsigned char) value[at];
		out->class = PII_CHAR_OTHER;
		return;
	}
	out->digit = pii_digit_value(out->code);
	out->class = out->digit >= 0 ? PII_CHAR_DIGIT : class_of(out->code);
}

/* See digit.h; a sequence that does not end exactly here is a barrier. */
void
pii_char_before(const char *value, size_t at, PiiChar *out)
{
	size_t		start = at - 1;

	while (start > 0 && at - start < 4 && (value[start] & 0xC0) == 0x80)
		start--;
	pii_char_at(value, at, start, out);
	if (start + out->bytes == at)
		return;
	out->class = PII_CHAR_OTHER;
	out->digit = -1;
	out->bytes = 1;
	out->code = (unsigned char) value[at - 1];
}
