/*
 * test_plan.c
 *		The numbering plan: regions, validity, dialling, chance.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/plan.h"
#include "unit.h"

/* Digits of a text as the plan takes them; returns how many. */
static int
digits_of(const char *text, uint8_t *digits)
{
	int			count = 0;

	for (; text[count] != '\0'; count++)
		digits[count] = (uint8_t) (text[count] - '0');
	return count;
}

/* Region by its code. */
static PiiRegion
region_of(const char *code)
{
	return pii_region_by_code(code, strlen(code));
}

/* Does the plan know this behind a "+", and as a number of this region? */
static bool
is_international(const char *text, const char *region)
{
	uint8_t		digits[64];
	int			length = digits_of(text, digits);
	PiiPlanNumber number;

	if (!pii_plan_international(digits, length, &number))
		return false;
	return region == NULL ? number.region == PII_REGION_NONE :
		number.region == region_of(region);
}

/* What the digits are when dialled in a region, as "code national", or "". */
static const char *
dialled(const char *region, const char *text)
{
	static char out[64];
	uint8_t		digits[64];
	int			length = digits_of(text, digits);
	PiiPlanNumber number;
	int			used;

	if (!pii_plan_dial(region_of(region), digits, length, &number))
		return "";
	used = snprintf(out, sizeof(out), "%d ", number.calling_code);
	for (int i = 0; i < number.length; i++)
		out[used++] = (char) ('0' + number.national[i]);
	out[used] = '\0';
	return out;
}

/* Regions by number and by code. */
static void
test_regions(void)
{
	CHECK(pii_plan_regions() > 200 && pii_plan_regions() <= 64 * PII_REGION_WORDS);
	for (PiiRegion region = 0; region < pii_plan_regions(); region++)
	{
		CHECK(pii_region_by_code(pii_region_code(region), 2) == region);
		CHECK(pii_region_calling_code(region) > 0);
		if (region > 0)
			CHECK(strcmp(pii_region_code(region - 1), pii_region_code(region)) < 0);
	}
	CHECK(pii_region_by_code("us", 2) == region_of("US"));
	CHECK(pii_region_by_code("XX", 2) == -1);
	CHECK(pii_region_by_code("USA", 3) == -1);
	CHECK(pii_region_by_code("", 0) == -1);
	CHECK(pii_region_code(-1) == NULL);
	CHECK(pii_region_code(pii_plan_regions()) == NULL);
	CHECK(pii_region_calling_code(region_of("KZ")) == 7);
	CHECK(pii_region_calling_code(PII_REGION_ANY) == 0);
}

/* Validity behind a "+". */
static void
test_international(void)
{
	CHECK(is_international("12065559482", "US"));
	CHECK(is_international("14165559482", "CA"));
	CHECK(is_international("77012345678", "KZ"));
	CHECK(is_international("79161234567", "RU"));
	CHECK(is_international("390236618300", "IT"));
	CHECK(is_international("390669812345", "VA"));
	CHECK(is_international("80012345678", NULL));
	CHECK(is_international("4402079460018", "GB"));
	CHECK(!is_international("15555559482", "US"));
	CHECK(!is_international("1206555948", "US"));
	CHECK(!is_international("120655594822", "US"));
	CHECK(!is_international("0012065559482", "US"));
	CHECK(!is_international("999123456789", NULL));
	CHECK(!is_international("", NULL));
	CHECK(!is_international("1", NULL));
	CHECK(!is_international("12345678901234567890123456789012", NULL));
}

/* What dialled digits become. */
static void
test_dialling(void)
{
	CHECK(strcmp(dialled("US", "2065559482"), "1 2065559482") == 0);
	CHECK(strcmp(dialled("US", "12065559482"), "1 2065559482") == 0);
	CHECK(strcmp(dialled("GB", "02079460018"), "44 2079460018") == 0);
	CHECK(strcmp(dialled("GB", "2079460018"), "") == 0);
	CHECK(strcmp(dialled("IT", "0236618300"), "39 0236618300") == 0);
	CHECK(strcmp(dialled("RU", "89161234567"), "7 9161234567") == 0);
	CHECK(strcmp(dialled("HU", "0612345678"), "36 12345678") == 0);
	CHECK(strcmp(dialled("IN", "919876543210"), "91 9876543210") == 0);
	CHECK(strcmp(dialled("DK", "32123456"), "45 32123456") == 0);

	/* Mobile numbers of Argentina: 15 behind the area code, 9 before it. */
	CHECK(strcmp(dialled("AR", "01115"), "") == 0);
	CHECK(strcmp(dialled("AR", "0111523456789"), "54 91123456789") == 0);

	/* Carrier codes of Brazil, area codes that Antigua may leave out. */
	CHECK(strcmp(dialled("BR", "0151123456789"), "55 1123456789") == 0);
	CHECK(strcmp(dialled("AG", "4641234"), "1 2684641234") == 0);
	CHECK(strcmp(dialled("US", "4641234"), "") == 0);
	CHECK(strcmp(dialled("US", ""), "") == 0);
}

/* Prefixes for dialling abroad. */
static void
test_international_prefix(void)
{
	uint8_t		digits[64];
	int			length = digits_of("011442079460018", digits);

	CHECK(pii_plan_international_prefix(region_of("US"), digits, length) == 3);
	CHECK(pii_plan_international_prefix(region_of("GB"), digits, length) == 0);
	length = digits_of("0011442079460018", digits);
	CHECK(pii_plan_international_prefix(region_of("AU"), digits, length) == 4);
	length = digits_of("0000442079460018", digits);
	CHECK(pii_plan_international_prefix(region_of("GB"), digits, length) == 0);
	length = digits_of("00", digits);
	CHECK(pii_plan_international_prefix(region_of("GB"), digits, length) == 0);
}

/* The set of all regions is what each region says by itself. */
static void
test_anywhere(void)
{
	unsigned	seed = 1;
	int			wrong = 0;
	int			found = 0;
	PiiPlanNumber number;
	PiiRegionSet regions;

	for (int round = 0; round < 40000; round++)
	{
		uint8_t		digits[20];
		int			length = 3 + round % 14;
		int			count = 0;

		for (int i = 0; i < length; i++)
		{
			seed = seed * 1103515245u + 12345u;
			digits[i] = (uint8_t) ((seed >> 16) % 10);
		}
		if (round % 3 == 0)
			digits[0] = (uint8_t) (round / 3 % 2);
		found = pii_plan_dial_anywhere(digits, length, &regions);
		for (PiiRegion region = 0; region < pii_plan_regions(); region++)
		{
			bool		dials = pii_plan_dial(region, digits, length, &number);

			count += dials;
			if (dials != pii_region_set_has(&regions, region))
				wrong++;
		}
		if (count != found)
			wrong++;
	}
	CHECK(wrong == 0);
}

/* What chance gives is what random digits give. */
static void
test_chance(void)
{
	static const struct
	{
		const char *region;
		int			length;
	}			cases[] = {
		{"US", 10}, {"US", 11}, {"IN", 10}, {"GB", 11}, {"DE", 10},
		{"BR", 11}, {"DK", 8}, {"FR", 10}, {"AR", 10}, {"CN", 11}
	};
	unsigned	seed = 7;
	PiiPlanNumber number;

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		PiiRegion	region = region_of(cases[k].region);
		double		chance = pii_region_chance(region, cases[k].length);
		int			hits = 0;

		for (int round = 0; round < 20000; round++)
		{
			uint8_t		digits[20];

			for (int i = 0; i < cases[k].length; i++)
			{
				seed = seed * 1103515245u + 12345u;
				digits[i] = (uint8_t) ((seed >> 16) % 10);
			}
			hits += pii_plan_dial(region, digits, cases[k].length, &number);
		}
		CHECK(hits / 20000.0 > chance - 0.015 && hits / 20000.0 < chance + 0.015);
	}
	CHECK(pii_region_chance(region_of("US"), 10) > 0.3);
	CHECK(pii_region_chance(region_of("US"), 9) == 0.0);
	CHECK(pii_region_chance(region_of("US"), 0) == 0.0);
	CHECK(pii_region_chance(region_of("US"), 99) == 0.0);
	CHECK(pii_region_chance(PII_REGION_ANY, 10) == 0.0);
}

/* Everything; fails if any check did. */
int
main(void)
{
	test_regions();
	test_international();
	test_dialling();
	test_international_prefix();
	test_anywhere();
	test_chance();
	return unit_summary();
}
