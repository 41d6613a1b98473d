/*
 * test_detect.c
 *		The finder, and the prefilter under it.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "detect/classify.h"
#include "detect/detect.h"
#include "detect/email.h"
#include "detect/phone.h"
#include "detect/plan.h"
#include "detect/prefilter.h"
#include "unit.h"

#define LARGE (1024 * 1024)

static uint32_t state = 5;

/* A number below n; the same sequence in every run. */
static uint32_t
random_below(uint32_t n)
{
	state = state * 1664525 + 1013904223;
	return (uint32_t) ((uint64_t) state * n >> 32);
}

/* Every way to classify gives the same masks for every length and place. */
static void
test_classifiers(void)
{
	const PiiClassifier *reference = pii_classifiers;
	const PiiClassifier *way;
	char	   *bytes = malloc(200);
	int			round;

	while (reference[1].name != NULL)
		reference++;
	for (way = pii_classifiers; way < reference; way++)
	{
		if (!way->usable())
			continue;
		for (round = 0; round < 20000; round++)
		{
			/* at the end of a block of memory, where nothing may be overread */
			size_t		length = random_below(200);
			char	   *value = bytes + 200 - length;
			PiiBlock	expected[4] = {{0}};
			PiiBlock	got[4] = {{0}};
			size_t		i;

			for (i = 0; i < length; i++)
				value[i] = round % 3 == 0 ? (char) random_below(256)
					: round % 3 == 1 ? "doDOtT@ xa([{\\"[random_below(14)]
					: (char) ('!' + random_below(94));
			reference->classify(value, length, expected);
			way->classify(value, length, got);
			if (!CHECK(memcmp(expected, got, (length + 63) / 64 *
							  sizeof(PiiBlock)) == 0))
			{
				printf("     %s, %zu bytes\n", way->name, length);
				free(bytes);
				return;
			}
		}
		printf("%s gives what %s gives\n", way->name, reference->name);
	}
	free(bytes);
}

/* Bytes have the classes that classify.h gives them. */
static void
test_classes(void)
{
	int			c;

	for (c = 0; c < 256; c++)
	{
		char		alone[2] = {(char) c, 'a'};
		char		after[2] = {'@', (char) c};
		char		within[2] = {"([{"[c % 3], (char) c};
		PiiBlock	block;
		bool		letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool		digit = c >= '0' && c <= '9';

		pii_classify(alone, 2, &block);
		CHECK((block.sign & 1) == (c == 0xEF ||
								   (c != 0 && strchr("@%&([\\{", c) != NULL)));
		CHECK((block.digit & 1) == digit && block.digits == digit);
		CHECK((block.letter & 1) == letter);
		CHECK((block.lead & 1) == (c == 0xD9 || c == 0xDB || c == 0xDF ||
								   c == 0xE0 || c == 0xE1 || c == 0xEA ||
								   c == 0xEF || c == 0xF0));
		pii_classify(after, 2, &block);
		CHECK((block.sign & 1) == (letter || digit || c >= 0x80 ||
								   (c != 0 && strchr(" #)[\\]", c) != NULL)));
		pii_classify(within, 2, &block);
		CHECK((block.sign & 1) == (c == ' ' || c == 'a' || c == 'A'));
	}
}

/* What is asked for, with US numbers. */
static PiiFindOptions
options_for(uint32_t kinds)
{
	PiiFindOptions options = {kinds, PII_REGION_NONE, NULL, NULL};

	options.region = pii_region_by_code("US", 2);
	return options;
}

/* Write what is found as "kind:match|kind:match". */
static void
list(const char *value, size_t length, uint32_t kinds, char *out)
{
	PiiFindOptions options = options_for(kinds);
	PiiFinder	finder;
	PiiMatch	match;

	out[0] = '\0';
	pii_finder_begin(&finder, &options, value, length);
	while (pii_finder_next(&finder, &match) == PII_FOUND)
		sprintf(out + strlen(out), "%s%s:%.*s", out[0] ? "|" : "",
				pii_kind_name(match.kind), (int) (match.end - match.start),
				value + match.start);
	CHECK(pii_finder_next(&finder, &match) == PII_END);
}

/* Kinds come in order, and an address takes the digits it is made of. */
static void
test_order(void)
{
	static const struct
	{
		const char *value;
		const char *found;
	}			cases[] = {
		{"", ""},
		{"nothing to see", ""},
		{"a@acme.com +1 650 253 0000 b@acme.com",
		"email:a@acme.com|phone:+1 650 253 0000|email:b@acme.com"},
		{"+1 650 253 0000 a@acme.com (650) 253-0000",
		"phone:+1 650 253 0000|email:a@acme.com|phone:(650) 253-0000"},
		{"6502530000@qq.com", "email:6502530000@qq.com"},
		{"(650) 253-0000.ana@acme.com", "email:253-0000.ana@acme.com"},
		{"+16502530000@acme.com", "email:16502530000@acme.com"},
		{"a@acme.com,b@acme.com", "email:a@acme.com|email:b@acme.com"},
	};
	char		out[256];
	size_t		i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		list(cases[i].value, strlen(cases[i].value), PII_ALL_KINDS, out);
		if (!CHECK(strcmp(out, cases[i].found) == 0))
			printf("     %s: found %s\n", cases[i].value, out);
	}
	list("a@acme.com +1 650 253 0000", 26, PII_KIND_BIT(PII_PHONE), out);
	CHECK(strcmp(out, "phone:+1 650 253 0000") == 0);
	list("a@acme.com +1 650 253 0000", 26, PII_KIND_BIT(PII_EMAIL), out);
	CHECK(strcmp(out, "email:a@acme.com") == 0);
	list("a@acme.com +1 650 253 0000", 26, 0, out);
	CHECK(strcmp(out, "") == 0);
}

/*
 * What is found does not depend on where in a long value it stands, between
 * letters or signs: around the ends of blocks, strides and windows.
 */
static void
test_every_place(void)
{
	static const char *const needles[] = {
		" ana@acme.com ", " ana%40acme.com ", " ana (at) acme (dot) com ",
		" anabel at gmail dot com ", " \"a b\"@acme.com ", " +1 650 253 0000 ",
		" (650) 253-0000 ", " tel:+1-650-253-0000 ",
		" \xEF\xBC\x8B\xEF\xBC\x91 650 253 0000 "
	};
	static const size_t bases[] = {0, 1024, 65536, 131072};
	static const char fillers[] = "x;";
	char	   *value = malloc(200000);
	size_t		i;
	size_t		j;

	for (i = 0; i < sizeof(needles) / sizeof(needles[0]); i++)
	{
		char		expected[256];
		size_t		n = strlen(needles[i]);

		list(needles[i], n, PII_ALL_KINDS, expected);
		CHECK(expected[0] != '\0');
		for (j = 0; j < 2 * sizeof(bases) / sizeof(bases[0]); j++)
		{
			size_t		base = bases[j / 2];
			size_t		at = base > 100 ? base - 100 : 0;

			for (; at < base + 100; at++)
			{
				char		out[256];

				memset(value, fillers[j % 2], base + 300);
				memcpy(value + at, needles[i], n);
				list(value, base + 300, PII_ALL_KINDS, out);
				if (!CHECK(strcmp(out, expected) == 0))
				{
					printf("     %s at %zu of '%c': %s\n", needles[i], at,
						   fillers[j % 2], out);
					break;
				}
			}
		}
	}
	free(value);
}

/* Fill a value by repeating a text. */
static void
fill(char *value, size_t length, const char *text)
{
	size_t		n = strlen(text);
	size_t		i;

	for (i = 0; i < length; i++)
		value[i] = text[i % n];
}

/* Say yes after as many questions as the argument says. */
static bool
cancel(void *argument)
{
	int		   *left = argument;

	return --*left < 0;
}

/* A long value asks at least once per 64 kB, and stops when told to. */
static void
test_cancel(void)
{
	PiiFindOptions options = options_for(PII_ALL_KINDS);
	char	   *value = malloc(LARGE);
	PiiFinder	finder;
	PiiMatch	match;
	int			left = 1000;
	int			kind;
	size_t		i;

	memset(value, 'x', LARGE);
	memcpy(value + LARGE - 11, " a@acme.com", 11);
	options.cancelled = cancel;
	options.argument = &left;
	pii_finder_begin(&finder, &options, value, LARGE);
	CHECK(pii_finder_next(&finder, &match) == PII_FOUND);
	CHECK(1000 - left >= LARGE / 65536 - 1);

	left = 3;
	pii_finder_begin(&finder, &options, value, LARGE);
	CHECK(pii_finder_next(&finder, &match) == PII_CANCELLED);
	CHECK(pii_finder_next(&finder, &match) == PII_END);

	/* candidates all over, and none of them anything */
	memset(value, '7', LARGE);
	for (i = 0; i < LARGE; i += 20)
		value[i] = 'x';
	for (kind = PII_PHONE; kind >= PII_EMAIL; kind--)
	{
		options.kinds = PII_KIND_BIT(kind);
		left = 1000;
		pii_finder_begin(&finder, &options, value, LARGE);
		CHECK(pii_finder_next(&finder, &match) == PII_END);
		CHECK(1000 - left >= LARGE / 65536 - 2);
		fill(value, LARGE, "a@b.c ");
	}
	free(value);
}

/* Seconds of processor time that finding all matches of a value takes. */
static double
seconds_for(const char *value, size_t length, PiiRegion region)
{
	PiiFindOptions options = {PII_ALL_KINDS, region, NULL, NULL};
	double		best = 1e9;
	int			round;

	for (round = 0; round < 3; round++)
	{
		clock_t		began = clock();
		PiiFinder	finder;
		PiiMatch	match;
		double		took;

		pii_finder_begin(&finder, &options, value, length);
		while (pii_finder_next(&finder, &match) == PII_FOUND)
			continue;
		took = (double) (clock() - began) / CLOCKS_PER_SEC;
		if (took < best)
			best = took;
	}
	return best;
}

/*
 * No input of a megabyte costs much more than ordinary text with contact data
 * in it.  The bound is generous for the sake of busy machines; what is not
 * linear fails it by orders of magnitude.
 */
static void
test_linear(void)
{
	static const char *const worst[] = {
		"@", "a@", "a@a.", "a@b.co", "a@b.co ", "a@b.co,", "<a@b.co> ",
		"\"@", "\"a\"@b.co ", "a.", "(", "(at)", "a(at)b.co ", " dot ",
		" at a dot ", "%40", "a%40", "+", "+1", "-", "'", "=a@b.co", "://a@b.co",
		"0", "1", "12", "1 ", "1-", "(1)", "+1 ", "555-", "650-253-0000 ",
		"6502530000", "1.2.3.4 ", "ssh a@b.co:", "a@b.co:22/", "\xEF\xBC\xA0",
		"\xEF\xBC\x91", "\xC3\xA9@", "\xE4\xBE\x8B@\xE4\xBE\x8B.",
		"\xD9\xA1", "\xFF@", "&#64;", "a&#64;a", "\\u0040", "a.a.a.a.a@a.a.a.a.",
		"x@xn--a-1.", ";ext=1", "tel:", "00", "1,", "1\n"
	};
	char	   *value = malloc(LARGE);
	double		ordinary;
	size_t		i;
	int			region;

	for (region = PII_REGION_ANY; region <= PII_REGION_NONE; region++)
	{
		double		slowest = 0;
		const char *which = "";

		fill(value, LARGE, "Ask Ana Sousa (ana.sousa@acme.com, +1 650-253-0000) "
			 "about the booking of 2019-05-23, or leave a note. ");
		ordinary = seconds_for(value, LARGE, region);
		for (i = 0; i < sizeof(worst) / sizeof(worst[0]); i++)
		{
			double		took;

			fill(value, LARGE, worst[i]);
			took = seconds_for(value, LARGE, region);
			if (took > slowest)
			{
				slowest = took;
				which = worst[i];
			}
			if (!CHECK(took < 25 * ordinary + 0.05))
				printf("     \"%s\": %.1f times ordinary text\n", worst[i],
					   took / ordinary);
		}
		printf("a megabyte of ordinary text %.1f ms, slowest %.1f ms: \"%s\"\n",
			   ordinary * 1e3, slowest * 1e3, which);
	}
	free(value);
}

/*
 * Where the prefilter sends no search there is nothing to find: the numbers of
 * made-up values are those that a search of all of it finds.
 */
static void
test_nothing_missed(void)
{
	static const char *const parts[] = {
		"0", "1", "2", "3", "5", "7", "9", "12", "345", "2079", "+49", "00", " ",
		"-", ".", "/", "(", ")", "a", "e", "x", "b", "Z", "_", "@", "%", "$",
		"\\n", "\\", "ext", "tel:", "\xC3\xA9", "\xD9\xA3", "\xEF\xBC\x97", ",",
		"\xFF"
	};
	const uint32_t nparts = sizeof(parts) / sizeof(parts[0]);
	PiiFindOptions options = {.kinds = PII_KIND_BIT(PII_PHONE)};
	int			wrong = 0;
	int			found = 0;

	for (int round = 0; round < 200000; round++)
	{
		char		value[400] = "";
		uint32_t	few = round % 2 ? nparts : 18;
		PiiFinder	finder;
		PiiMatch	match;
		PiiMatch	other;
		size_t		length;
		size_t		from = 0;

		for (int i = random_below(40); i >= 0; i--)
			strcat(value, parts[random_below(few)]);
		length = strlen(value);
		options.region = round % 3 ? PII_REGION_ANY :
			pii_region_by_code("US", 2);
		pii_finder_begin(&finder, &options, value, length);
		while (pii_phone_next(value, length, from, length, options.region,
							  &other))
		{
			if (pii_finder_next(&finder, &match) != PII_FOUND ||
				match.start != other.start || match.end != other.end)
				wrong++;
			from = other.end;
			found++;
		}
		if (pii_finder_next(&finder, &match) != PII_END)
			wrong++;
		if (wrong > 0 && wrong < 5)
			printf("  value: %s\n", value);
	}
	CHECK(wrong == 0);
	CHECK(found > 5000);
}

/* Names of kinds and forms, and what has none. */
static void
test_names(void)
{
	CHECK(strcmp(pii_kind_name(PII_PHONE), "phone") == 0);
	CHECK(pii_kind_name((PiiKind) 2) == NULL);
	CHECK(pii_kind_by_name("email", 5) == PII_EMAIL);
	CHECK(pii_kind_by_name("emai", 4) == -1);
	CHECK(pii_kind_by_name("", 0) == -1);
	CHECK(strcmp(pii_form_name(PII_FORM_BARE), "bare") == 0);
	CHECK(pii_form_name((PiiForm) PII_FORMS) == NULL);
}

/* Run all. */
int
main(void)
{
	test_classes();
	test_classifiers();
	test_order();
	test_every_place();
	test_cancel();
	test_linear();
	test_nothing_missed();
	test_names();
	return unit_summary();
}
