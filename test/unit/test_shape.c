/*
 * test_shape.c
 *		What whole values look like.
 */
#include <string.h>

#include "detect/shape.h"
#include "unit.h"

/* Check the class of each value of a list. */
static void
check_all(PiiShapeClass class, const char *const *values)
{
	PiiShape	shape;

	for (; *values != NULL; values++)
	{
		pii_shape(*values, strlen(*values), &shape);
		if (shape.class != class)
			printf("  value: %s\n", *values);
		CHECK(shape.class == class);
		CHECK(shape.ndigits == (int) strlen(shape.digits));
	}
}

static const char *const phones[] = {
	"(206) 555-9482", "030-0074321", "(5) 555-4729", "0921-12 34 65",
	"20.65.92.25", "(0) 2-953010", "+1 (780) 428-9482", "91 745 6200 x12",
	" +31 20 624 6111 ", "\t(604) 555-4729\n", "0555-09876", "7675-3425",
	"(91) 555 22 82", "555-8787", "31 12 34 56", "(26) 642-7012",
	"2967 542", "(171) 555-1212", "011-4988260", "+49 30 12345678",
	"+4930123456", "06.12.34.56.78", "030/123 45 67", "030 123-0 ext. 17",
	"1-800-555-0199", "8 (495) 123-45-67", "98765-43210", "(02) 201 24 67",
	"\xEF\xBC\x90\xEF\xBC\x93-\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93\xEF\xBC\x94-"
	"\xEF\xBC\x95\xEF\xBC\x96\xEF\xBC\x97\xEF\xBC\x98",
	"\xD9\xA0\xD9\xA1\xD9\xA2 \xD9\xA3\xD9\xA4\xD9\xA5\xD9\xA6 \xD9\xA7\xD9\xA8",
	"206\xE2\x80\x91" "555\xE2\x80\x91" "9482", "206\xC2\xA0" "555\xC2\xA0" "9482",
	NULL
};

static const char *const digits[] = {
	"1", "2065559482", "1234567890123456789", " 42 ", "00000000", NULL
};

static const char *const neither[] = {
	"", " ", "+", "()", "abc", "2020-01-31", "31.12.1999", "01/31/2020",
	"12:30:00", "2020-01-31 10:00:00", "20200131T100000", "192.168.1.10",
	"10.10.10.10", "1234567.89", "1,234,567.89", "$123456", "123456 EUR",
	"-1234567", "123-45-6789", "4111-1111-1111-1111", "4111 1111 1111 1111",
	"3782 822463 10005", "978-3-16-148410-0", "3-16-148410-0", "12345-6789",
	"05433-000", "1990-1995", "10000-20000", "1.2.345678", "v1.2.3456",
	"550e8400-e29b-41d4-a716-446655440000", "AB-123456", "123456-AB",
	"123\xE2\x80\x8B" "45678901234567890", "40.712800-74.006000", "40.7128, -74.0060", "12345678901234567890",
	"123.456.789-09", "12.345.678/0001-95", "1 2 3 4 5 6 7 8 9", "12-34",
	"1 234 567", "206-555-9482 206-555-9483", "206-555-9482, 206-555-9483",
	"call 206-555-9482", "(1234567)", "46-2019002", "11-1021",
	"374-4548-78", "15.92.262", "4930-5712-2391", "10-83-74 15427842", "206--555-----9482", "206-555-94-", "7732-18-5", "118662-65-0", "((206) 555-9482",
	"+1 23 45 67 89 01 23 45", " +1 23 45 67 89 01 23 45",
	"\xFF\xFE" "206-555-9482", "206-555-9482\xFF", NULL
};

/* A "+" and groups of digits look the same whether or not a blank precedes. */
static void
test_plain(void)
{
	static const char parts[] = "0123456789012345678901234567-- .. 0-1";
	unsigned	seed = 1;
	int			seen = 0;
	int			wrong = 0;

	for (int round = 0; round < 200000; round++)
	{
		char		value[32] = " +";
		int			length = 2 + round % 24;
		int			few = 2 + round / 24 % ((int) sizeof(parts) - 2);
		PiiShape	plain;
		PiiShape	shape;

		for (int i = 2; i < length; i++)
		{
			seed = seed * 1103515245u + 12345u;
			value[i] = parts[sizeof(parts) - 2 - (seed >> 16) % few];
		}
		pii_shape(value + 1, (size_t) length - 1, &plain);
		pii_shape(value, (size_t) length, &shape);
		seen += shape.class == PII_SHAPE_PHONE;
		if (memcmp(&plain, &shape, sizeof(shape)) != 0 && wrong++ < 10)
			printf("  value: %s\n", value);
	}
	CHECK(wrong == 0);
	CHECK(seen > 10000);
}

/* Everything; fails if any check did. */
int
main(void)
{
	PiiShape	shape;

	check_all(PII_SHAPE_PHONE, phones);
	check_all(PII_SHAPE_DIGITS, digits);
	check_all(PII_SHAPE_NONE, neither);
	test_plain();

	pii_shape("(206) 555-9482 x12", 18, &shape);
	CHECK(strcmp(shape.digits, "2065559482") == 0 && shape.ndigits == 10);
	pii_shape("206-555-9482", 7, &shape);
	CHECK(shape.class == PII_SHAPE_PHONE && shape.ndigits == 6);
	pii_shape("\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93 456 789", 17, &shape);
	CHECK(strcmp(shape.digits, "123456789") == 0);
	return unit_summary();
}
