/*
 * plan.c
 *		The world's numbering plan as one automaton.
 *
 * A number is valid if its national digits lead from the state behind its
 * calling code to a state with a label: one table look-up per digit.  What
 * makes the rest of this file is dialling: people write what they dial, and
 * the rules by which that becomes a national number differ by region.
 *
 * What must stay true: answers equal those of libphonenumber for the same
 * metadata (test/oracle holds this); plan_generate.mjs repeats pii_plan_dial()
 * to know what chance would give, and plan_anywhere.mjs to ask all regions.
 */
#include "plan.h"

#include <string.h>

#include "plan_data.h"

/* Number of regions that have a code of their own. */
int
pii_plan_regions(void)
{
	return pii_plan_region_count;
}

/* ISO 3166 code of a region; NULL for what is no region. */
const char *
pii_region_code(PiiRegion region)
{
	if (region < 0 || region >= pii_plan_region_count)
		return NULL;
	return pii_plan_region[region].name;
}

/* Region with a code, in either case; -1 if there is none. */
PiiRegion
pii_region_by_code(const char *code, size_t length)
{
	int			low = 0;
	int			high = pii_plan_region_count;
	char		upper[2];

	if (length != 2)
		return -1;
	for (int i = 0; i < 2; i++)
		upper[i] = code[i] >= 'a' && code[i] <= 'z' ?
			(char) (code[i] - 'a' + 'A') : code[i];
	while (low < high)
	{
		int			middle = (low + high) / 2;
		int			order = memcmp(upper, pii_plan_region[middle].name, 2);

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

/* Calling code of a region; 0 for what is no region. */
int
pii_region_calling_code(PiiRegion region)
{
	if (region < 0 || region >= pii_plan_region_count)
		return 0;
	return pii_plan_region[region].code;
}

/* See plan.h; lengths that the tables do not cover are never taken. */
double
pii_region_chance(PiiRegion region, int length)
{
	int			column = length - PLAN_CHANCE_FIRST;

	if (region < 0 || region >= pii_plan_region_count ||
		column < 0 || column >= PLAN_CHANCE_LENGTHS)
		return 0.0;
	return pii_plan_chance[region][column] / 65535.0;
}

/*
 * The state after some digits; 0 if there is no way.  Failure leads to itself,
 * and not to look for it on the way lets the processor walk several at once.
 */
static unsigned
walk(unsigned state, const uint8_t *digits, int length)
{
	for (int i = 0; i < length; i++)
		state = pii_plan_next[state][digits[i]];
	return state;
}

/*
 * The same where one number is asked about: what is none is mostly lost within
 * the area code, and the sooner the processor learns that it guessed wrong, the
 * less it has done in vain.
 */
static unsigned
walk_until_lost(unsigned state, const uint8_t *digits, int length)
{
	for (int i = 0; i < length && state != 0; i++)
		state = pii_plan_next[state][digits[i]];
	return state;
}

/*
 * Might these digits be a number of the region at all?  Those with a trunk
 * prefix mostly end at that.
 */
static bool
is_viable(const PlanRegion *region, const uint8_t *digits, int length)
{
	if (length == 0 || pii_plan_next[region->viable][digits[0]] == 0)
		return false;
	return pii_plan_label[walk(region->viable, digits, length)] != 0;
}

/* Digits of the longest number a region has. */
static int
longest(const PlanRegion *region)
{
	int			length = PLAN_LONGEST;

	while (length > 0 && !((region->lengths >> length) & 1))
		length--;
	return length;
}

/* The first rewrite that fits; NULL if none does. */
static const PlanRewrite *
find_rewrite(const PlanRegion *region, const uint8_t *digits, int length)
{
	const PlanRewrite *rule = &pii_plan_rewrites[region->first_rewrite];
	const PlanRewrite *end = rule + region->rewrites;

	for (; rule < end; rule++)
	{
		if (rule->whole ? length != rule->length : length < rule->length)
			continue;
		if (pii_plan_label[walk(rule->start, digits, rule->length)])
			return rule;
	}
	return NULL;
}

/*
 * Apply the first rewrite that fits to `digits`; `out` has PII_PLAN_ROOM.
 * Returns the new length, or -1 if none fits.
 */
static int
rewrite(const PlanRegion *region, const uint8_t *digits, int length,
		uint8_t *out)
{
	const PlanRewrite *rule = find_rewrite(region, digits, length);
	int			used = 0;
	int			skip;

	if (rule == NULL)
		return -1;
	skip = rule->head + rule->kept + rule->tail;
	for (const char *digit = rule->insert; *digit != '\0'; digit++)
		out[used++] = (uint8_t) (*digit - '0');
	memcpy(out + used, digits + rule->head, rule->kept);
	used += rule->kept;
	memcpy(out + used, digits + skip, length - skip);
	return used + length - skip;
}

/*
 * Take trunk prefix and carrier code away, or put the area code in front.
 * Returns the new length, or -1 if the digits are to stay as they are: no rule
 * fits, or what it leaves is no longer viable though the digits were.
 */
static int
strip(const PlanRegion *region, const uint8_t *digits, int length,
	  uint8_t *out)
{
	int			rest = rewrite(region, digits, length, out);

	if (rest >= 0 && is_viable(region, digits, length) &&
		!is_viable(region, out, rest))
		return -1;
	return rest;
}

/*
 * The national number in digits from which calling code and international
 * prefix are gone.  Stripping counts only if it leaves a possible length.
 */
static void
nationalize(const PlanRegion *region, const uint8_t *digits, int length,
			PiiPlanNumber *number)
{
	number->length = strip(region, digits, length, number->room);
	number->national = number->room;
	if (number->length >= 0 &&
		(number->length > longest(region) ||
		 ((region->lengths >> number->length) & 1)))
		return;
	number->national = digits;
	number->length = length;
}

/*
 * Is the national number valid?  Says whose it is; returns its label.  The
 * calling code is told even if it is not.
 */
static unsigned
classify(const PlanCode *code, PiiPlanNumber *number)
{
	unsigned	label;
	int			region;

	number->calling_code = code->code;
	label = pii_plan_label[walk_until_lost(code->start, number->national,
										   number->length)];
	region = pii_plan_members[code->first_member + (label & PLAN_MEMBER)];
	number->region = region < pii_plan_region_count ? region : PII_REGION_NONE;
	number->mobile = (label & PLAN_MOBILE) != 0;
	return label;
}

/* See plan.h. */
bool
pii_plan_international(const uint8_t *digits, int length,
					   PiiPlanNumber *number)
{
	int			value = 0;

	number->calling_code = 0;
	number->national = digits;
	number->length = 0;
	if (length > PII_PLAN_MAX_DIGITS)
		return false;
	for (int i = 0; i < 3 && i < length; i++)
	{
		const PlanCode *code;
		const PlanRegion *region;

		value = value * 10 + digits[i];
		if (value == 0)
			return false;
		if (pii_plan_code_index[value] == 0)
			continue;
		code = &pii_plan_codes[pii_plan_code_index[value] - 1];
		region = &pii_plan_region[pii_plan_members[code->first_member]];
		number->national = digits + i + 1;
		number->length = length - i - 1;
		/* most begin with a digit with which no prefix does */
		if (number->length == 0 ||
			((region->openings >> number->national[0]) & 1))
			nationalize(region, number->national, number->length, number);
		return classify(code, number) != 0;
	}
	return false;
}

/*
 * Do the digits begin with the region's own calling code, written without its
 * "+"?  Only if they could be no number of the region otherwise.  Then `out`
 * gets the digits behind it, and their number is returned; else -1.
 */
static int
skip_own_code(const PlanRegion *region, const uint8_t *digits, int length,
			  uint8_t *out)
{
	int			skip = region->code < 10 ? 1 : region->code < 100 ? 2 : 3;
	int			value = 0;
	int			rest;

	if (length <= skip)
		return -1;
	for (int i = 0; i < skip; i++)
		value = value * 10 + digits[i];
	if (value != region->code)
		return -1;
	rest = strip(region, digits + skip, length - skip, out);
	if (rest < 0)
	{
		rest = length - skip;
		memcpy(out, digits + skip, rest);
	}
	if (length > longest(region) ||
		(!is_viable(region, digits, length) && is_viable(region, out, rest)))
		return rest;
	return -1;
}

/* The region that answers for all of its calling code. */
static const PlanRegion *
main_region(const PlanRegion *region)
{
	const PlanCode *code =
		&pii_plan_codes[pii_plan_code_index[region->code] - 1];

	return &pii_plan_region[pii_plan_members[code->first_member]];
}

/* See plan.h. */
bool
pii_plan_dial(PiiRegion region, const uint8_t *digits, int length,
			  PiiPlanNumber *number)
{
	const PlanRegion *home = &pii_plan_region[region];
	const PlanCode *code =
		&pii_plan_codes[pii_plan_code_index[home->code] - 1];
	uint8_t		scratch[PII_PLAN_ROOM];
	int			rest;
	unsigned	label;

	number->calling_code = 0;
	number->national = digits;
	number->length = 0;
	if (length > PII_PLAN_MAX_DIGITS)
		return false;
	rest = skip_own_code(home, digits, length, scratch);
	if (rest >= 0)
	{
		nationalize(home, scratch, rest, number);
		if (number->national == scratch)
			number->national = memcpy(number->room, scratch, rest);
		return classify(code, number) != 0;
	}
	nationalize(home, digits, length, number);
	label = classify(code, number);
	if (label == 0 || !(label & PLAN_REQUIRED))
		return label != 0;
	return strip(main_region(home), digits, length, scratch) >= 0;
}

/* See plan.h. */
int
pii_plan_dial_anywhere(const uint8_t *digits, int length,
					   PiiRegionSet *regions)
{
	const int	states = pii_plan_anywhere_states;
	int			state;

	state = pii_plan_anywhere_start[length < PLAN_DIALLED_LENGTHS ? length : 0];
	for (; state < states; digits++)
	{
		const PlanAnywhere *here = &pii_plan_anywhere[state];

		state = pii_plan_anywhere_way[here->ways +
									  pii_plan_anywhere_choice[here->choices][*digits]];
	}
	state -= states;
	for (int i = 0; i < PII_REGION_WORDS; i++)
		regions->word[i] =
			pii_plan_anywhere_word[pii_plan_anywhere_set[state][i]];
	return pii_plan_anywhere_count[state];
}

/* See plan.h. */
int
pii_plan_international_prefix(PiiRegion region, const uint8_t *digits,
							  int length)
{
	unsigned	state = pii_plan_region[region].international;
	int			found = 0;

	for (int i = 0; i < length && state != 0; i++)
	{
		state = pii_plan_next[state][digits[i]];
		if (pii_plan_label[state])
			found = i + 1;
	}
	if (found > 0 && found < length && digits[found] != 0)
		return found;
	return 0;
}
