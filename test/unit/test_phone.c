/*
 * test_phone.c
 *		Telephone numbers in text: what is one, where it is, what it means.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/phone.h"
#include "detect/plan.h"
#include "unit.h"

/* A text, the region it is read in ("-" none, "*" any), and its numbers. */
typedef struct Case
{
	const char *region;
	const char *text;
	const char *expected;		/* spans, then "=" and the normal form or the
								 * digits; matches parted by "; " */
} Case;

/* Region by its code in a case. */
static PiiRegion
region_of(const char *code)
{
	if (code[0] == '-')
		return PII_REGION_NONE;
	if (code[0] == '*')
		return PII_REGION_ANY;
	return pii_region_by_code(code, 2);
}

/* All matches of a text as Case.expected has them. */
static void
find_all(const char *region, const char *text, char *out, size_t size)
{
	size_t		length = strlen(text);
	size_t		from = 0;
	size_t		used = 0;
	PiiMatch	match;

	out[0] = '\0';
	while (pii_phone_next(text, length, from, length, region_of(region), &match))
	{
		char		normal[PII_PHONE_NORMALIZED_MAX + 1];
		size_t		count = pii_phone_normalize(text, &match, normal,
												sizeof(normal) - 1);

		normal[count] = '\0';
		used += snprintf(out + used, size - used, "%s%.*s=%s",
						 used ? "; " : "", (int) (match.end - match.start),
						 text + match.start, count ? normal : match.digits);
		from = match.end;
	}
}

/* Check each case of a list. */
static void
check_all(const Case *cases, size_t count)
{
	char		found[1024];

	for (size_t i = 0; i < count; i++)
	{
		find_all(cases[i].region, cases[i].text, found, sizeof(found));
		if (!CHECK(strcmp(found, cases[i].expected) == 0))
			printf("  %s \"%s\": \"%s\", not \"%s\"\n", cases[i].region,
				   cases[i].text, found, cases[i].expected);
	}
}

#define CHECK_ALL(cases) check_all(cases, sizeof(cases) / sizeof((cases)[0]))

static const Case forms[] = {
	{"-", "+1 206 555 9482", "+1 206 555 9482=+12065559482"},
	{"-", "+12065559482", "+12065559482=+12065559482"},
	{"-", "+1.2065559482", "+1.2065559482=+12065559482"},
	{"-", "+44 (0)20 7946 0018", "+44 (0)20 7946 0018=+442079460018"},
	{"-", "(+49) 30 1234567", "(+49) 30 1234567=+49301234567"},
	{"-", "+(49) 30 1234567", "+(49) 30 1234567=+49301234567"},
	{"-", "+39 02 3661 8300", "+39 02 3661 8300=+390236618300"},
	{"-", "0049 30 1234567", "0049 30 1234567=+49301234567"},
	{"-", "tel:+1-201-555-0123", "tel:+1-201-555-0123=+12015550123"},
	{"-", "tel:+1-201-555-0123;ext=55", "tel:+1-201-555-0123;ext=55=+12015550123;ext=55"},
	{"-", "Tel: +1 201 555 0123", "+1 201 555 0123=+12015550123"},
	{"-", "+1 206 555 9482 x12", "+1 206 555 9482 x12=+12065559482;ext=12"},
	{"-", "+1 206 555 9482, ext. 12.", "+1 206 555 9482, ext. 12=+12065559482;ext=12"},
	{"-", "+1 206 555 9482 #12", "+1 206 555 9482 #12=+12065559482;ext=12"},
	{"-", "+1 206 555 9482 #123456", "+1 206 555 9482 #123456=+12065559482;ext=123456"},
	{"-", "+1 206 555 9482 #1234567", "+1 206 555 9482=+12065559482"},
	{"-", "+800 1234 5678", "+800 1234 5678=+80012345678"},
	{"US", "(206) 555-9482", "(206) 555-9482=+12065559482"},
	{"US", "((206) 555-9482)", "(206) 555-9482=+12065559482"},
	{"US", "[206-555-9482]", "206-555-9482=+12065559482"},
	{"US", "1-800-555-9482", "1-800-555-9482=+18005559482"},
	{"US", "206.555.9482", "206.555.9482=+12065559482"},
	{"US", "2065559482", "2065559482=+12065559482"},
	{"US", "011 44 20 7946 0018", "011 44 20 7946 0018=+442079460018"},
	{"US", "tel:206-555-9482", "tel:206-555-9482=+12065559482"},
	{"AU", "0011 1 206 555 9482", "0011 1 206 555 9482=+12065559482"},
	{"GB", "020 7946 0018", "020 7946 0018=+442079460018"},
	{"DE", "030/123 45 67", "030/123 45 67=+49301234567"},
	{"DE", "030 12345-0", "030 12345-0=+4930123450"},
	{"RU", "8 (916) 123-45-67", "8 (916) 123-45-67=+79161234567"},
	{"FR", "01.23.45.67.89", "01.23.45.67.89=+33123456789"},
	{"CN", "\xE7\x94\xB5\xE8\xAF\x9D" "13812345678", "13812345678=+8613812345678"},
	{"CN", "010-62345678\xE8\xBD\xAC" "123", "010-62345678\xE8\xBD\xAC" "123=+861062345678;ext=123"},
	{"CN", "13812345678\xE5\x92\x8C" "13912345678",
		"13812345678=+8613812345678; 13912345678=+8613912345678"},
	{"IT", "339/1234567", "339/1234567=+393391234567"},
	{"DE", "0 89 / 12 34 56 - 0", "0 89 / 12 34 56 - 0=+49891234560"},
	{"*", "(206) 555-9482", "(206) 555-9482=2065559482"}
};

static const Case unicode[] = {
	/* full-width, Arabic-Indic and Devanagari digits */
	{"-", "\xEF\xBC\x8B\xEF\xBC\x91 \xEF\xBC\x92\xEF\xBC\x90\xEF\xBC\x96 555 9482",
		"\xEF\xBC\x8B\xEF\xBC\x91 \xEF\xBC\x92\xEF\xBC\x90\xEF\xBC\x96 555 9482=+12065559482"},
	{"EG", "\xD9\xA0\xD9\xA1\xD9\xA0\xD9\xA0\xD9\xA1\xD9\xA2\xD9\xA3\xD9\xA4\xD9\xA5\xD9\xA6\xD9\xA7",
		"\xD9\xA0\xD9\xA1\xD9\xA0\xD9\xA0\xD9\xA1\xD9\xA2\xD9\xA3\xD9\xA4\xD9\xA5\xD9\xA6\xD9\xA7=+201001234567"},
	{"IN", "+\xE0\xA5\xAF\xE0\xA5\xA7 98765 43210",
		"+\xE0\xA5\xAF\xE0\xA5\xA7 98765 43210=+919876543210"},
	/* hyphens, spaces, marks of direction, a joiner within */
	{"US", "206\xE2\x80\x91" "555\xE2\x80\x93" "9482",
		"206\xE2\x80\x91" "555\xE2\x80\x93" "9482=+12065559482"},
	{"-", "\xE2\x80\xAA+1\xC2\xA0" "206\xE2\x80\xAF" "555 9482\xE2\x80\xAC",
		"+1\xC2\xA0" "206\xE2\x80\xAF" "555 9482=+12065559482"},
	{"-", "+1 20\xE2\x80\x8B" "6 555 9482", "+1 20\xE2\x80\x8B" "6 555 9482=+12065559482"},
	/* what is not UTF-8 parts numbers */
	{"US", "206-555\xFF-9482", ""},
	{"US", "\xFF" "206-555-9482\xFE", "206-555-9482=+12065559482"},
	{"US", "206-555-9482\xE2\x80", "206-555-9482=+12065559482"}
};

static const Case several[] = {
	{"US", "206-555-9482, 206-555-9483", "206-555-9482=+12065559482; 206-555-9483=+12065559483"},
	{"US", "2065559482,2065559483", "2065559482=+12065559482; 2065559483=+12065559483"},
	{"US", "206-555-9482/206-555-9483", "206-555-9482=+12065559482; 206-555-9483=+12065559483"},
	{"US", "206-555-9482 206-555-9483", "206-555-9482=+12065559482; 206-555-9483=+12065559483"},
	{"-", "+1 206 555 9482 +1 206 555 9483", "+1 206 555 9482=+12065559482; +1 206 555 9483=+12065559483"},
	{"DE", "030 106610 / 030 167645", "030 106610=+4930106610; 030 167645=+4930167645"},
	{"FR", "06 12 31 53 60/01 23 49 97 70", "06 12 31 53 60=+33612315360; 01 23 49 97 70=+33123499770"},
	{"GB", "1) 020 7946 0018\t2) 020 7946 0019", "020 7946 0018=+442079460018; 020 7946 0019=+442079460019"},
	{"US", "call 5 or 206-555-9482 now", "206-555-9482=+12065559482"},
	{"US", "room 12 206-555-9482", "206-555-9482=+12065559482"}
};

/* Nothing of this is a telephone number in any region. */
static const char *const nothing[] = {
	"", " ", "+", "(", "+1", "call me", "2019-05-31", "31.05.2019", "05/31/2019",
	"20190531", "2019-05-31 12:34:56", "20190531123456", "2019-05-31T12:34:56Z",
	"20190531-123456", "12:34:56", "192.168.100.200", "10.20.30.40",
	"1234567.89", "-12.3456789", "0.1234567890", "$2065559482",
	"\xE2\x82\xAC" "2065559482", "2065559482%", "USD 2065559482", "2065559482 EUR",
	"40.712812, -74.006012", "40.712812 -74.006012",
	"550e8400-e29b-41d4-a716-446655440000",
	"12345678-1234-1234-1234-123456789012", "4111 1111 1111 1111",
	"4111-1111-1111-1111", "4111111111111111", "3782 822463 10005",
	"DE89 3704 0044 0532 0130 00", "GB29 NWBK 6016 1331 9268 19",
	"FR1420041010050500013M02606", "978-3-16-148410-0", "9783161484100",
	"4006381333931", "00614141007349", "1Z999AA10123456784",
	"9400 1000 0000 0000 0000 00", "ORD-2065559482", "A2065559482", "2065559482B",
	"2065559482-B", "x_2065559482", "2065559482_x", "v1.2.3.4567",
	"1990-1995", "10000-20000", "83588/70564", "4000*5000=20000000",
	"2*2065559482", "12065559482065559482", "123456789012345678901234567890",
	"123-45-6789", "12345-6789", "05433-000", "123.456.789-09",
	"12.345.678/0001-95", "7732-18-5", "order 2065559482", "invoice #2065559482",
	"id: 2065559482", "ticket 2065559482", "@2065559482", "2065559482@example.com",
	"https://example.com/item/2065559482", "/2065559482/edit", "1234567:8901234",
	"IMG_20190531_123456.jpg", "1 2 3 4 5 6 7 8 9 0", "99192 2090 7445 2964 80019",
	"1111111111", "00000000", "000-000-0000",
	/* what some region's plan would take, but for what they are */
	"192.168.32.90", "6.37.91.76", "118662-65-0", "NL27 ABNA 0633 9587 06",
	"GB19 NWBK 1687 9941 0374 33"
};

/* Other things stay unfound, whatever the region. */
static void
test_nothing(void)
{
	char		found[1024];

	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
	{
		static const char *const regions[] = {"-", "*", "US", "GB", "DE", "IN"};

		for (size_t k = 0; k < sizeof(regions) / sizeof(regions[0]); k++)
		{
			find_all(regions[k], nothing[i], found, sizeof(found));
			if (!CHECK(found[0] == '\0'))
				printf("  %s \"%s\": \"%s\"\n", regions[k], nothing[i], found);
		}
	}
}

/* The one match of a text; false if there is none. */
static bool
find(const char *region, const char *text, PiiMatch *match)
{
	return pii_phone_next(text, strlen(text), 0, strlen(text),
						  region_of(region), match);
}

/* What a match says beyond its span. */
static void
test_members(void)
{
	PiiMatch	match;

	CHECK(find("-", " \"+1 206 555 9482\" ", &match));
	CHECK(match.kind == PII_PHONE && match.form == PII_FORM_INTERNATIONAL);
	CHECK(match.flags & PII_MATCH_WHOLE);
	CHECK(match.region == region_of("US"));
	CHECK(match.confidence > 0.95f && match.confidence <= 1.0f);

	CHECK(find("-", "a +1 206 555 9482", &match));
	CHECK(!(match.flags & PII_MATCH_WHOLE));

	CHECK(find("-", "tel:+442079460018", &match));
	CHECK(match.form == PII_FORM_URI && match.start == 0);
	CHECK(match.flags & PII_MATCH_WHOLE);
	CHECK(match.flags & PII_MATCH_RESERVED);

	CHECK(find("US", "206-555-9482 x7", &match));
	CHECK(match.form == PII_FORM_NATIONAL);
	CHECK(match.flags & PII_MATCH_EXTENSION);
	CHECK(!(match.flags & PII_MATCH_RESERVED));

	CHECK(find("US", "206-555-0100", &match));
	CHECK(match.flags & PII_MATCH_RESERVED);
	CHECK(find("US", "206-555-0200", &match));
	CHECK(!(match.flags & PII_MATCH_RESERVED));
	CHECK(find("GB", "07700 900123", &match));
	CHECK(match.flags & PII_MATCH_RESERVED);
	CHECK(find("AU", "0491 570 156", &match));
	CHECK(match.flags & PII_MATCH_RESERVED);
	CHECK(!find("GB", "7700900123", &match));

	CHECK(find("US", "2065559482", &match));
	CHECK(match.form == PII_FORM_BARE && match.confidence < 0.5f);
	CHECK(find("US", "phone 2065559482", &match));
	CHECK(match.form == PII_FORM_BARE && match.confidence > 0.5f);
	CHECK(!find("-", "2065559482", &match));
	CHECK(!find("-", "206-555-9482", &match));
	CHECK(!find("-", "004930123456", &match));

	CHECK(find("-", "+80012345678", &match));
	CHECK(match.region == PII_REGION_NONE);
	CHECK(find("-", "+33 6 12 34 56 78", &match));
	CHECK(match.flags & PII_MATCH_MOBILE);
	CHECK(find("-", "+33 1 23 45 67 89", &match));
	CHECK(!(match.flags & PII_MATCH_MOBILE));
}

/* Where the region is not known, all that fit are told. */
static void
test_any_region(void)
{
	PiiMatch	match;

	CHECK(find("*", "2065559482", &match));
	CHECK(match.region == PII_REGION_ANY && match.digits[0] != '+');
	CHECK(pii_region_set_has(&match.regions, region_of("US")));
	CHECK(pii_region_set_has(&match.regions, region_of("CA")));
	CHECK(!pii_region_set_has(&match.regions, region_of("FR")));

	CHECK(find("*", "13812345678", &match));
	CHECK(match.region == region_of("CN"));
	CHECK(strcmp(match.digits, "+8613812345678") == 0);

	CHECK(find("*", "+1 206 555 9482", &match));
	CHECK(match.region == region_of("US"));
}

/* However a text is cut into windows, the same numbers come out. */
static void
test_windows(void)
{
	static const char text[] =
		"Ann: +1 206 555 9482 x12, (425) 882-8080; id 20190531, tel:+442079460018 "
		"or 2065559483/2065559484, 1234567890123456789012 and 206.555.9485. "
		"\xEF\xBC\x8B\xEF\xBC\x91 206 555 9486 (206) 555-9487 1-800-555-9488";
	size_t		length = sizeof(text) - 1;
	PiiMatch	whole[16];
	PiiMatch	match;
	int			expected = 0;
	size_t		from = 0;

	while (expected < 16 &&
		   pii_phone_next(text, length, from, length, region_of("US"),
						  &whole[expected]))
		from = whole[expected++].end;
	CHECK(expected == 9);
	for (size_t step = 1; step < length; step++)
	{
		int			found = 0;
		size_t		next = 0;

		for (size_t window = 0; window < length; window += step)
		{
			size_t		until = window + step < length ? window + step : length;

			if (next < window)
				next = window;
			while (next < until &&
				   pii_phone_next(text, length, next, until, region_of("US"),
								  &match))
			{
				CHECK(found < expected && match.start == whole[found].start &&
					  match.end == whole[found].end);
				found++;
				next = match.end;
			}
		}
		CHECK(found == expected);
	}
}

/* Any bytes at all: nothing is read out of bounds, spans make sense. */
static void
test_noise(void)
{
	static const char *const pieces[] = {
		"+", "(", ")", "-", ".", "/", " ", "0", "1", "44", "206", "5559482",
		"tel:", "x", "ext", ";ext=", "#", "\t", "a", "\xC2\xA0", "\xE2\x80\x8E",
		"\xEF\xBC\x91", "\xD9\xA3", "\xE2\x80", "\xFF", "\xF0\x9D\x9F\x8E", ",",
		"00", "+1", "15", "DE89 3704", "2019-05-31", ":", "[", "]", "@", "$"
	};
	static const PiiRegion regions[] = {PII_REGION_NONE, PII_REGION_ANY, 0, 100};
	unsigned	seed = 99;
	int			wrong = 0;

	for (int round = 0; round < 20000; round++)
	{
		char		joined[512];
		size_t		length = 0;
		size_t		from = 0;
		char	   *text;
		PiiMatch	match;

		while (length < 40 + (size_t) round % 200)
		{
			const char *piece;

			seed = seed * 1103515245u + 12345u;
			piece = pieces[(seed >> 16) % (sizeof(pieces) / sizeof(pieces[0]))];
			memcpy(joined + length, piece, strlen(piece));
			length += strlen(piece);
		}
		text = malloc(length);	/* exact, so that a sanitizer sees its end */
		memcpy(text, joined, length);
		while (pii_phone_next(text, length, from, length, regions[round % 4],
							  &match))
		{
			char		out[PII_PHONE_NORMALIZED_MAX];

			if (match.end <= match.start || match.end > length ||
				match.end <= from || match.confidence <= 0.0f ||
				match.confidence > 1.0f ||
				strlen(match.digits) > PII_E164_MAX ||
				pii_phone_normalize(text, &match, out, sizeof(out)) > sizeof(out))
				wrong++;
			from = match.end;
		}
		free(text);
	}
	CHECK(wrong == 0);
}

/*
 * Words before a plain number: at either end of their lists, in the middle, of
 * letters beyond ASCII, in either case; and words that only begin or end so.
 */
static void
test_words(void)
{
	static const char *const announce[] = {
		"call", "Call:", "handy", "line", "m\xC3\xB3vil", "tel.", "TEL",
		"t\xC3\xA9l", "t\xC3\xA9l\xC3\xA9phone", "WhatsApp"
	};
	static const char *const forbid[] = {
		"account", "Invoice", "nr", "vin", "aud", "KG", "zl"
	};
	static const char *const mean_nothing[] = {
		"acc", "accounts", "calls", "wha", "whatsapps", "zlo", "m\xC3\xB3", "a"
	};
	char		text[64];
	PiiMatch	match;

	for (size_t i = 0; i < sizeof(announce) / sizeof(announce[0]); i++)
	{
		snprintf(text, sizeof(text), "%s 2065559482", announce[i]);
		CHECK(find("US", text, &match) && match.confidence > 0.8f);
	}
	for (size_t i = 0; i < sizeof(forbid) / sizeof(forbid[0]); i++)
	{
		snprintf(text, sizeof(text), "%s 2065559482", forbid[i]);
		CHECK(!find("US", text, &match));
	}
	for (size_t i = 0; i < sizeof(mean_nothing) / sizeof(mean_nothing[0]); i++)
	{
		snprintf(text, sizeof(text), "%s 2065559482", mean_nothing[i]);
		CHECK(find("US", text, &match) && match.confidence < 0.5f);
	}
}

/*
 * What touches a number forbids it, also across bound groups of digits, but not
 * where those are enough for a number of their own.
 */
static void
test_touching(void)
{
	static const Case touching[] = {
		{"*", "a0/2065559482", ""},
		{"*", "a12-34/2065559482", ""},
		{"*", "x/2065559482@2x", ""},
		{"*", "2065559482_n", ""},
		{"*", "v1.2065559482", ""},
		{"*", "_+12065559482", ""},
		{"US", "a1234567/2065559482", "2065559482=+12065559482"},
		{"US", "a123-4567/2065559482", "2065559482=+12065559482"},
		{"US", "a\\n2065559482", "2065559482=+12065559482"},
		{"US", "2065559482x12", "2065559482x12=+12065559482;ext=12"},
		{"US", "a1 206-555-9482", "206-555-9482=+12065559482"},
		{"US", "12/206-555-9482_", ""},
		{"*", "p/1 (206) 555-9482@x", ""}
	};
	char		text[4096] = "a";
	size_t		length = 1;
	PiiMatch	match;

	CHECK_ALL(touching);

	/* a chain longer than any look-ahead forbids what it is bound to */
	while (length < 400)
		length += (size_t) sprintf(text + length, "12-");
	strcpy(text + length, "2065559482");
	CHECK(!find("US", text, &match));
}

/* Everything; fails if any check did. */
int
main(void)
{
	CHECK_ALL(forms);
	CHECK_ALL(unicode);
	CHECK_ALL(several);
	test_nothing();
	test_members();
	test_any_region();
	test_words();
	test_touching();
	test_windows();
	test_noise();
	return unit_summary();
}
