/*
 * phone_probe.c
 *		Answers questions about numbers, one a line, for the oracle tests.
 *
 *	E digits		is this valid behind a "+"?			-> 1 or 0
 *	D region digits	is this dialled in the region?		-> 1 or 0
 *	F region text	the one match that is all of it		-> its normal form
 *	M region text	all matches, as start:end:normal:confidence
 *
 * The region "-" stands for none, "*" for any.
 */
#include <stdio.h>
#include <string.h>

#include "phone.h"
#include "plan.h"

/* Region by its code in a question. */
static PiiRegion
read_region(const char *code)
{
	if (code[0] == '-')
		return PII_REGION_NONE;
	if (code[0] == '*')
		return PII_REGION_ANY;
	return pii_region_by_code(code, 2);
}

/* Digits as the plan takes them; returns how many. */
static int
read_digits(const char *text, uint8_t *digits)
{
	int			count = 0;

	for (; *text >= '0' && *text <= '9' && count < 40; text++)
		digits[count++] = (uint8_t) (*text - '0');
	return count;
}

/* Print the normal form of a match, or its digits where there is none. */
static void
print_normal(const char *text, const PiiMatch *match)
{
	char		out[PII_PHONE_NORMALIZED_MAX];
	size_t		size = pii_phone_normalize(text, match, out, sizeof(out));

	if (size > 0)
		printf("%.*s", (int) size, out);
	else
		printf("%s", match->digits);
}

/* All matches of a text on one line. */
static void
print_matches(PiiRegion region, const char *text, size_t length)
{
	PiiMatch	match;
	size_t		from = 0;

	while (pii_phone_next(text, length, from, length, region, &match))
	{
		printf("%zu:%zu:", match.start, match.end);
		print_normal(text, &match);
		printf(":%.2f ", match.confidence);
		from = match.end;
	}
	putchar('\n');
}

/* The match, if it is all of the text. */
static void
print_whole(PiiRegion region, const char *text, size_t length)
{
	PiiMatch	match;

	if (pii_phone_next(text, length, 0, length, region, &match) &&
		(match.flags & PII_MATCH_WHOLE))
		print_normal(text, &match);
	else
		putchar('-');
	putchar('\n');
}

/* Answer until there are no more questions. */
int
main(void)
{
	static char line[1 << 16];
	PiiPlanNumber number;
	uint8_t		digits[64];

	while (fgets(line, sizeof(line), stdin) != NULL)
	{
		size_t		length = strcspn(line, "\n");
		int			count;

		line[length] = '\0';
		switch (line[0])
		{
			case 'E':
				count = read_digits(line + 2, digits);
				printf("%d\n", pii_plan_international(digits, count, &number));
				break;
			case 'D':
				count = read_digits(line + 5, digits);
				printf("%d\n", pii_plan_dial(read_region(line + 2), digits,
											 count, &number));
				break;
			case 'F':
				print_whole(read_region(line + 2), line + 5, length - 5);
				break;
			case 'M':
				print_matches(read_region(line + 2), line + 5, length - 5);
				break;
		}
	}
	return 0;
}
