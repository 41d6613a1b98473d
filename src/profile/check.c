/*
 * check.c
 *		Check digits of the numbers that countries give to persons and firms.
 *
 * Such numbers have as many digits as telephone numbers, and some plan or
 * other takes most of them for one; the last digit gives them away, since of
 * random digits one in ten has it right.  Bar codes, cards and ISBN have their
 * schemes in number.c, which are those of many of these, too.
 */
#include "compat.h"

#include "profile/count.h"

/* The sum of digits times weights decides the last digit. */
typedef struct WeightedCheck
{
	uint8		length;			/* with the check digit */
	uint8		modulus;
	bool		complement;		/* the digit is what lacks to a multiple */
	uint8		weights[13];
} WeightedCheck;

static const WeightedCheck weighted[] = {
	{8, 11, true, {8, 7, 6, 5, 4, 3, 2}},	/* firms: CZ, SK */
	{9, 11, false, {8, 9, 2, 3, 4, 5, 6, 7}},	/* firms: PL */
	{9, 10, true, {3, 7, 1, 3, 7, 1, 3, 7}},	/* banks: US */
	{9, 11, true, {3, 2, 7, 6, 5, 4, 3, 2}},	/* firms: NO */
	{9, 11, false, {3, 7, 9, 10, 5, 8, 4, 2}},	/* tax: GR */
	{10, 11, false, {6, 5, 7, 2, 3, 4, 5, 6, 7}},	/* tax: PL */
	{10, 11, false, {2, 4, 10, 3, 5, 9, 4, 6, 8}},	/* tax: RU, firms */
	{10, 11, false, {2, 4, 8, 5, 10, 9, 7, 3, 6}},	/* persons: BG */
	{10, 11, false, {10, 5, 7, 9, 4, 6, 10, 5, 7}}, /* tax: UA */
	{11, 10, true, {1, 3, 7, 9, 1, 3, 7, 9, 1, 3}}, /* persons: PL */
	{11, 11, true, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2}}, /* AR, PE, NO */
	{11, 11, true, {3, 2, 9, 8, 7, 6, 5, 4, 3, 2}}, /* insurance: BR */
	{11, 10, false, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},	/* persons: TR */
	{12, 11, false, {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}},	/* tax: RU, persons */
	{13, 11, false, {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9}},	/* persons: RO */
	{14, 11, true, {6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2}} /* firms: BR */
};

/* The checks that are more than a sum, counted behind those. */
typedef enum OtherCheck
{
	CHECK_VERHOEFF = lengthof(weighted),	/* persons: IN */
	CHECK_HYBRID,				/* ISO 7064, modulo 11,10: tax DE, persons HR */
	CHECK_NINETY_SEVEN,			/* persons and firms: BE */
	CHECK_PROVIDER,				/* Luhn behind 80840: doctors, US */
	CHECKS
} OtherCheck;

StaticAssertDecl(CHECKS == PII_CHECKS, "pii.evidence must count every check");

/* Whether the last digit is what a weighted sum of the others says. */
static bool
passes_weighted(const WeightedCheck *check, const PiiShape *shape)
{
	int			sum = 0;

	for (int i = 0; i < shape->ndigits - 1; i++)
		sum += (shape->digits[i] - '0') * check->weights[i];
	sum %= check->modulus;
	if (check->complement)
		sum = (check->modulus - sum) % check->modulus;
	return sum % 10 == shape->digits[shape->ndigits - 1] - '0';
}

/* Multiplication in the group of symmetries of a pentagon. */
static int
turn_pentagon(int a, int b)
{
	if (a < 5)
		return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
	return b < 5 ? 5 + (a - b) % 5 : (a - b + 5) % 5;
}

/* Whether the digits, turned by their places, multiply to the identity. */
static bool
passes_verhoeff(const PiiShape *shape)
{
	static const uint8 shift[] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
	int			check = 0;

	for (int i = 0; i < shape->ndigits; i++)
	{
		int			digit = shape->digits[shape->ndigits - 1 - i] - '0';

		for (int turn = 0; turn < i % 8; turn++)
			digit = shift[digit];
		check = turn_pentagon(check, digit);
	}
	return check == 0;
}

/* Whether the last digit closes the chain of products of ISO 7064. */
static bool
passes_hybrid(const PiiShape *shape)
{
	int			product = 10;

	for (int i = 0; i < shape->ndigits - 1; i++)
	{
		int			sum = (shape->digits[i] - '0' + product) % 10;

		product = (sum == 0 ? 10 : sum) * 2 % 11;
	}
	return (product + shape->digits[shape->ndigits - 1] - '0') % 10 == 1;
}

/* The last two digits are what lacks to a multiple of 97. */
static bool
passes_ninety_seven(const PiiShape *shape)
{
	uint64		number = 0;

	for (int i = 0; i < shape->ndigits; i++)
		number = number * 10 + (shape->digits[i] - '0');
	return number % 100 == 97 - number / 100 % 97;
}

/* Count the checks that digits pass; `luhn` is the rest of their Luhn sum. */
void
pii_count_checks(PiiEvidence *evidence, const PiiShape *shape, int luhn)
{
	int			length = shape->ndigits;

	for (int i = 0; i < (int) lengthof(weighted); i++)
	{
		if (weighted[i].length == length)
			evidence->checks[i] += passes_weighted(&weighted[i], shape);
	}
	if (length == 12)
		evidence->checks[CHECK_VERHOEFF] += passes_verhoeff(shape);
	if (length == 11)
		evidence->checks[CHECK_HYBRID] += passes_hybrid(shape);
	if (length == 10 || length == 11)
		evidence->checks[CHECK_NINETY_SEVEN] += passes_ninety_seven(shape);
	if (length == 10)
		evidence->checks[CHECK_PROVIDER] += luhn == 6;
}
