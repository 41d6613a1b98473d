/*
 * test_plain.c
 *		What is told of plain values without a search is what a search finds.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/phone.h"
#include "detect/plan.h"
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

/*
 * A "+", a calling code that may be none, and groups of digits; one in four
 * has something else in it.
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
	size_t		length = append(value, append(value, 0, "+"), PICK(codes));

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
	if (random_below(4) == 0)
	{
		size_t		at = random_below((uint32_t) length + 1);
		const char *text = PICK(odd);

		memmove(value + at + strlen(text), value + at, length - at);
		append(value, at, text);
		length += strlen(text);
	}
	return length;
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
		if ((plain == PII_PHONE_FOUND && !(found && is_same(&match, &other))) ||
			(plain == PII_PHONE_NONE && found))
		{
			printf("  region %d: %.*s\n", region, (int) length, value);
			wrong++;
		}
		free(value);
	}
	CHECK(wrong == 0);
	CHECK(told[PII_PHONE_FOUND] > 1000);
	CHECK(told[PII_PHONE_NONE] > 1000);
	CHECK(told[PII_PHONE_UNDECIDED] > 1000);
}

/* Everything; fails if any check did. */
int
main(void)
{
	test_numbers();
	return unit_summary();
}
