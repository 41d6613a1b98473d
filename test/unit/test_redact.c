/*
 * test_redact.c
 *		Redaction: what it shows, and that nothing is left to be found.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/plan.h"
#include "detect/redact.h"
#include "unit.h"

#define ROUNDS 20000

/* A result. */
typedef struct Text
{
	char		bytes[16384];
	size_t		length;
} Text;

/* Append to a Text. */
static void
append(const char *bytes, size_t length, void *argument)
{
	Text	   *text = argument;

	if (!CHECK(text->length + length <= sizeof(text->bytes)))
		abort();
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

/* A hash that shows what it was given the length and first letter of. */
static size_t
hash(const char *normal, size_t length, char out[PII_HASH_MAX], void *argument)
{
	(void) argument;
	out[0] = 'h';
	out[1] = (char) ('a' + length % 26);
	out[2] = normal[0] == '+' ? 'p' : normal[0];
	return 3;
}

/* Redact until nothing is left; returns the number of passes. */
static int
redact(const char *value, size_t length, PiiStyle style, PiiRegion region,
	   Text *result)
{
	static Text texts[2];
	PiiRedactOptions options = {{PII_ALL_KINDS, region, NULL, NULL}, style,
		hash, NULL, append, NULL};
	PiiRedactStatus status;
	int			pass = 0;

	texts[0].length = 0;
	append(value, length, &texts[0]);
	do
	{
		Text	   *in = &texts[pass % 2];
		Text	   *out = &texts[(pass + 1) % 2];

		out->length = 0;
		options.write_argument = out;
		status = pii_redact(&options, in->bytes, in->length, ++pass);
	} while (status == PII_REDACT_CHANGED && pass < 20);
	CHECK(status == PII_REDACT_UNTOUCHED);
	*result = texts[pass % 2];
	return pass;
}

/* What each style makes of a value. */
static void
test_styles(void)
{
	static const struct
	{
		const char *value;
		const char *mask;
		const char *label;
		const char *hash;
	}			cases[] = {
		{"john@example.com", "j***@e***.com", "<email>", "<email:hqj>"},
		{"Mail Ana <ana.b@mail.acme.co.uk>!", "Mail Ana <a***@m***.uk>!",
		"Mail Ana <<email>>!", "Mail Ana <<email:hva>>!"},
		{"j@x.com", "****@****.com", "<email>", "<email:hhj>"},
		{"\"a b\"@acme.com", "****@a***.com", "<email>", "<email:ho\">"},
		{"ana (at) acme (dot) com", "a***@a***.com", "<email>", "<email:hma>"},
		{"call +1 650-253-0000 now", "call +* ***-***-**00 now",
		"call <phone> now", "call <phone:hmp> now"},
		{"a@acme.com,b@acme.com", "****@a***.com,****@a***.com",
		"<email>,<email>", "<email:hka>,<email:hkb>"},
		{"nothing here", "nothing here", "nothing here", "nothing here"},
		{"", "", "", ""},
	};
	static Text result;
	size_t		i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		const char *wanted[PII_STYLES];
		int			style;

		wanted[PII_STYLE_MASK] = cases[i].mask;
		wanted[PII_STYLE_HASH] = cases[i].hash;
		wanted[PII_STYLE_LABEL] = cases[i].label;
		for (style = 0; style < PII_STYLES; style++)
		{
			redact(cases[i].value, strlen(cases[i].value), (PiiStyle) style,
				   PII_REGION_NONE, &result);
			if (!CHECK(result.length == strlen(wanted[style]) &&
					   memcmp(result.bytes, wanted[style], result.length) == 0))
				printf("     %s: %s became %.*s\n", cases[i].value,
					   pii_style_name((PiiStyle) style),
					   (int) result.length, result.bytes);
		}
	}
}

/*
 * Values made of what matches are made of, in any order: nothing is left to be
 * found, and redacting the result again changes nothing.
 */
static void
test_nothing_is_left(void)
{
	static const char *const parts[] = {
		"ana@acme.com", "b.c+d@mail.acme.co.uk", "\"a b\"@acme.com", "@", ".",
		"acme.com", "ana", "%40", "\\u0040", "&#64;", "(at)", " (dot) ", " at ",
		" dot ", "gmail", "com", ":", "/", "//", "://", "<", ">", ",", " ", "-",
		"+", "+1 650 253 0000", "650-253-0000", "(650) 253-0000", "6502530000",
		"555", "00", "+", "tel:", "x", "ext. ", "12", "2019-05-23", "git@",
		"Message-ID: <", "ssh ", "\n", "\"", "'", "*", "=", "\xC3\xA9",
		"\xE7\x94\xA8", "\xEF\xBC\xA0", "\xEF\xBC\x91", "\xFF", "_", "?", "#"
	};
	static Text value;
	static Text once;
	static Text twice;
	uint32_t	state = 7;
	int			most = 0;
	int			round;

	for (round = 0; round < ROUNDS; round++)
	{
		PiiStyle	style = (PiiStyle) (round % PII_STYLES);
		PiiRegion	region = round % 4 == 0 ? PII_REGION_ANY
			: round % 4 == 1 ? pii_region_by_code("US", 2) : PII_REGION_NONE;
		int			n = 2 + round % 20;
		int			passes;

		value.length = 0;
		while (n-- > 0)
		{
			const char *part;

			state = state * 1664525 + 1013904223;
			part = parts[(state >> 8) % (sizeof(parts) / sizeof(parts[0]))];
			append(part, strlen(part), &value);
		}
		passes = redact(value.bytes, value.length, style, region, &once);
		if (passes > most)
			most = passes;
		CHECK(redact(once.bytes, once.length, style, region, &twice) == 1);
	}
	printf("%d values, at most %d passes\n", ROUNDS, most);
	CHECK(most <= PII_REDACT_PASSES);
}

/* The last pass leaves nothing of what follows a match. */
static void
test_last_pass(void)
{
	static Text text;
	PiiRedactOptions options = {{PII_ALL_KINDS, PII_REGION_NONE, NULL, NULL},
		PII_STYLE_MASK, NULL, NULL, append, &text};
	const char *value = "x ana@acme.com, b";

	text.length = 0;
	CHECK(pii_redact(&options, value, strlen(value), PII_REDACT_PASSES) ==
		  PII_REDACT_CHANGED);
	CHECK(text.length == strlen(value) &&
		  memcmp(text.bytes, "x ************* *", text.length) == 0);
}

/* Say yes at once. */
static bool
cancel(void *argument)
{
	(void) argument;
	return true;
}

/* A cancelled redaction says so. */
static void
test_cancelled(void)
{
	static char value[200000];
	static Text text;
	PiiRedactOptions options = {{PII_ALL_KINDS, PII_REGION_NONE, cancel, NULL},
		PII_STYLE_MASK, NULL, NULL, append, &text};

	memset(value, 'x', sizeof(value));
	memcpy(value + sizeof(value) - 11, " a@acme.com", 11);
	CHECK(pii_redact(&options, value, sizeof(value), 1) ==
		  PII_REDACT_CANCELLED);
}

/* Names of styles. */
static void
test_names(void)
{
	CHECK(pii_style_by_name("mask", 4) == PII_STYLE_MASK);
	CHECK(pii_style_by_name("label", 5) == PII_STYLE_LABEL);
	CHECK(pii_style_by_name("mas", 3) == -1);
	CHECK(pii_style_by_name("", 0) == -1);
	CHECK(pii_style_name((PiiStyle) 7) == NULL);
}

/* Run all. */
int
main(void)
{
	test_styles();
	test_nothing_is_left();
	test_last_pass();
	test_cancelled();
	test_names();
	return unit_summary();
}
