/*
 * test_plain.c
 *		What is told of plain values without a search is what a search finds.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/email.h"
#include "detect/phone.h"
#include "detect/plan.h"
#include "detect/shape.h"
#include "unit.h"

static uint32_t state = 1;

/* A number below n; the same sequence in every run. */
static uint32_t
random_below(uint32_t n)
{
	state = state * 1664525 + 1013904223;
	return (uint32_t) ((uint64_t) state * n >> 32);
}

#define PICK(list) list[random_below(sizeof(list) / sizeof(list[0]))]

/* Append a text to a value; returns the value's length. */
static size_t
append(char *value, size_t length, const char *text)
{
	memcpy(value + length, text, strlen(text));
	return length + strlen(text);
}

/* Put a text somewhere into a value; returns the value's length. */
static size_t
insert(char *value, size_t length, const char *text)
{
	size_t		at = random_below((uint32_t) length + 1);

	memmove(value + at + strlen(text), value + at, length - at);
	append(value, at, text);
	return length + strlen(text);
}

/*
 * A "+" or none, a calling code that may be none, and groups of digits; one in
 * four has something else in it.
 */
static size_t
make_number(char *value)
{
	static const char *const codes[] = {
		"1", "1", "1", "44", "49", "39", "7", "33", "34", "55", "52", "54", "61",
		"86", "91", "46", "353", "800", "878", "882", "979", "290", "247", "0",
		"210", "999", "00", ""
	};
	static const char *const signs[] = {"", " ", "-", ".", " ", "-"};
	static const char *const openings[] = {
		"", "", "", "", "0", "00", "1", "15", "8", "2", "555", "55501", "7700900"
	};
	static const char *const odd[] = {
		"  ", "--", "/", "(", ")", "+", "x", "x12", "#", " ", "\t", "@", ",",
		"\xC2\xA0", "\xE2\x80\x91", "\xEF\xBC\x91", "\xFF", "tel:", "\n", "~"
	};
	const char *sign = PICK(signs);
	bool		apart = random_below(20) == 0;	/* each digit */
	uint32_t	groups = 1 + random_below(5);
	size_t		length = random_below(2) ? append(value, 0, "+") : 0;

	length = append(value, length, PICK(codes));
	for (uint32_t i = 0; i < groups; i++)
	{
		uint32_t	digits = groups == 1 ? 3 + random_below(12) :
			1 + random_below(5);

		length = append(value, length, random_below(8) ? sign : PICK(signs));
		length = append(value, length, PICK(openings));
		while (digits-- > 0)
		{
			length = append(value, length, apart ? sign : "");
			value[length++] = (char) ('0' + random_below(10));
		}
	}
	return random_below(4) ? length : insert(value, length, PICK(odd));
}

/* Are these two matches of a number the same? */
static bool
is_same(const PiiMatch *a, const PiiMatch *b)
{
	return a->kind == b->kind && a->form == b->form && a->flags == b->flags &&
		a->confidence == b->confidence && a->start == b->start &&
		a->end == b->end && a->region == b->region &&
		memcmp(&a->regions, &b->regions, sizeof(a->regions)) == 0 &&
		strcmp(a->digits, b->digits) == 0;
}

/* Does a finder, whatever was in its memory, find what a search finds? */
static bool
is_found(const char *value, size_t length, PiiRegion region)
{
	PiiFindOptions options = {PII_ALL_KINDS, region, NULL, NULL};
	PiiFinder	finder;
	PiiMatch	match;
	PiiMatch	other;
	size_t		from = 0;

	memset(&finder, 0x55, sizeof(finder));
	pii_finder_begin(&finder, &options, value, length);
	while (pii_finder_next(&finder, &match) == PII_FOUND)
	{
		if (!pii_phone_next(value, length, from, length, region, &other) ||
			!is_same(&match, &other))
			return false;
		from = match.end;
	}
	return !pii_phone_next(value, length, from, length, region, &other);
}

/* Of numbers, in every way in which regions are asked for. */
static void
test_numbers(void)
{
	const PiiRegion regions[] = {
		PII_REGION_NONE, PII_REGION_NONE, PII_REGION_ANY,
		pii_region_by_code("US", 2), pii_region_by_code("DE", 2)
	};
	int			told[PII_PHONE_FOUND + 1] = {0};
	int			wrong = 0;

	for (int round = 0; round < 200000; round++)
	{
		char		written[128];
		size_t		length = make_number(written);
		PiiRegion	region = PICK(regions);
		char	   *value;
		PiiMatch	match;
		PiiMatch	other;
		PiiPhonePlain plain;
		bool		found;

		if (!pii_phone_may_be_plain(written, length))
			continue;
		value = malloc(length);	/* exact, so that a sanitizer sees its end */
		memcpy(value, written, length);
		plain = pii_phone_plain(value, length, region, &match);
		told[plain]++;
		found = pii_phone_next(value, length, 0, length, region, &other);
		if (plain != PII_PHONE_UNDECIDED && !is_found(value, length, region))
			wrong++;
		if (plain == PII_PHONE_LATER &&
			pii_phone_next(value, length, 1, length, region, &match) != found)
			wrong++;
		if (plain == PII_PHONE_NONE ? found :
			plain == PII_PHONE_FOUND ? !found || !is_same(&match, &other) :
			plain == PII_PHONE_LATER && found && !is_same(&match, &other))
		{
			printf("  region %d: %.*s\n", region, (int) length, value);
			wrong++;
		}
		free(value);
	}
	CHECK(wrong == 0);
	CHECK(told[PII_PHONE_FOUND] > 1000);
	CHECK(told[PII_PHONE_NONE] > 1000);
	CHECK(told[PII_PHONE_LATER] > 1000);
	CHECK(told[PII_PHONE_UNDECIDED] > 1000);
}

/* Of values that are a national number, what the match tells of their shape. */
static void
test_shapes(void)
{
	int			told = 0;
	int			wrong = 0;

	for (int round = 0; round < 200000; round++)
	{
		char		value[128];
		size_t		length = make_number(value);
		PiiMatch	match;
		PiiShape	shape;
		PiiShape	read;

		if (!pii_phone_next(value, length, 0, length, PII_REGION_ANY, &match) ||
			match.form != PII_FORM_NATIONAL ||
			match.start > 0 || match.end < length ||
			(match.flags & PII_MATCH_EXTENSION) ||
			!pii_shape_national(value, length, &shape))
			continue;
		told++;
		pii_shape(value, length, &read);
		wrong += memcmp(&shape, &read, sizeof(shape)) != 0;
	}
	CHECK(wrong == 0);
	CHECK(told > 1000);
}

/* A local part, "@" and a host; one in four has something else in it. */
static size_t
make_address(char *value)
{
	static const char *const locals[] = {
		"ana", "john.smith", "a", "git", "no-reply", "x_y+z", "Maria.Garcia",
		"15551234567", "0100018b2f3a4c5d-7e6f-4a3b", "ana.", "-ana", "a..b",
		"\xC3\xA9tienne", "o'brien", "user%40x", "icon", ""
	};
	static const char *const hosts[] = {
		"gmail.com", "acme.io", "bluebird.co.uk", "example.com", "a.example.org",
		"c.us", "s.whatsapp.net", "mail.gmail.com", "eu.prod.outlook.com",
		"github.com", "2x.ai", "9.pm", "v1.2.zip", "1.0.zip", "build.target",
		"GMAIL.com", "gmail.COM", "Gmail.com", "a-b.net", "a-.net", "a.b-c",
		"xn--bcher-kva.de", "m\xC3\xBCnchen.de", "host.local", "x.museum", "a.b",
		"firm.com.Call", "1.2.3.4", "foo.md", "t-online.de", "com", "gmail.com."
	};
	static const char *const odd[] = {
		" ", "@", ".", "-", "+", "_", ":", "/", "<", ">", "(", "*", "$", "=",
		"%40", "dot", "\\", ";", "?", "A", "7", "\xE2\x80\x8B", "\xFF", ","
	};
	size_t		length = append(value, 0, PICK(locals));

	if (random_below(2) == 0)
		length += (size_t) sprintf(value + length, "%u", random_below(5000));
	length = append(value, length, "@");
	length = append(value, length, PICK(hosts));
	return random_below(4) ? length : insert(value, length, PICK(odd));
}

/* Bits of the bytes of a value that are neither letters nor digits. */
static uint64_t
signs_of(const char *value, size_t length)
{
	uint64_t	signs = 0;

	for (size_t i = 0; i < length; i++)
		if (!(value[i] >= '0' && value[i] <= '9') &&
			!((value[i] | 0x20) >= 'a' && (value[i] | 0x20) <= 'z'))
			signs |= UINT64_C(1) << i;
	return signs;
}

/* Of addresses. */
static void
test_addresses(void)
{
	int			told = 0;
	int			left = 0;
	int			wrong = 0;

	for (int round = 0; round < 200000; round++)
	{
		char		written[256];
		size_t		length = make_address(written);
		const char *sign = memchr(written, '@', length);
		PiiMatch	match;
		PiiMatch	other;
		char	   *value;

		if (length > 64 || sign == NULL)
			continue;
		value = malloc(length);	/* exact, so that a sanitizer sees its end */
		memcpy(value, written, length);
		if (!pii_email_plain(value, length, (size_t) (sign - written),
							 signs_of(value, length), &match))
			left++;
		else if (!pii_email_next(value, length, 0, length, &other) ||
				 match.form != other.form || match.flags != other.flags ||
				 match.confidence != other.confidence ||
				 match.start != other.start || match.end != other.end)
		{
			printf("  %.*s\n", (int) length, value);
			wrong++;
		}
		else
			told++;
		free(value);
	}
	CHECK(wrong == 0);
	CHECK(told > 10000);
	CHECK(left > 10000);
}

/* Everything; fails if any check did. */
int
main(void)
{
	test_numbers();
	test_shapes();
	test_addresses();
	return unit_summary();
}
