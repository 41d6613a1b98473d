/*
 * plan_data.h
 *		The shape of the generated tables; for plan.c alone.
 *
 * plan_generate.mjs writes plan_data.c to these declarations: change both
 * together.
 */
#ifndef PII_PLAN_DATA_H
#define PII_PLAN_DATA_H

#include "detect.h"

/* Bits of a label; the lowest five are the place among the code's regions. */
#define PLAN_VALID 0x80			/* a number may end here */
#define PLAN_REQUIRED 0x40		/* national dialling shows the trunk prefix */
#define PLAN_MOBILE 0x20		/* of a type that can be mobile */
#define PLAN_MEMBER 0x1f

#define PLAN_LONGEST 17			/* digits of the longest national number */
#define PLAN_DIALLED_LENGTHS 17 /* lengths below which regions are looked up */
#define PLAN_CHANCE_FIRST 4		/* lengths for which a chance is known */
#define PLAN_CHANCE_LENGTHS 12

/*
 * One way to turn dialled digits into a national number.  It applies where
 * the first `length` digits match (and are all there are, if `whole`): `head`
 * digits go, `kept` stay, `tail` go, the rest stays, `insert` comes first.
 */
typedef struct PlanRewrite
{
	uint16_t	start;			/* state of its pattern */
	uint8_t		length;
	uint8_t		head;
	uint8_t		kept;
	uint8_t		tail;
	bool		whole;
	char		insert[5];
} PlanRewrite;

typedef struct PlanRegion
{
	char		name[3];		/* ISO 3166, "" for a code without a region */
	uint16_t	code;			/* calling code */
	uint16_t	start;			/* state behind the calling code */
	uint16_t	viable;			/* state: what might be a number at all */
	uint16_t	international;	/* state: prefix for dialling abroad */
	uint8_t		first_rewrite;
	uint8_t		rewrites;		/* how many */
	uint16_t	openings;		/* bit n: what begins with digit n may have a
								 * prefix or the region's calling code */
	uint32_t	lengths;		/* bit n: numbers may have n digits */
} PlanRegion;

typedef struct PlanCode
{
	uint16_t	code;
	uint16_t	start;			/* state behind the code */
	uint8_t		first_member;	/* in pii_plan_members, main region first */
	uint8_t		members;		/* how many */
} PlanCode;

/* A state of the automaton of all regions. */
typedef struct PlanAnywhere
{
	uint16_t	choices;		/* row of pii_plan_anywhere_choice */
	uint16_t	ways;			/* first of pii_plan_anywhere_way */
} PlanAnywhere;

extern const int pii_plan_region_count;
extern const uint16_t pii_plan_next[][10];
extern const uint8_t pii_plan_label[];
extern const PlanRewrite pii_plan_rewrites[];
extern const PlanRegion pii_plan_region[];
extern const uint8_t pii_plan_members[];
extern const PlanCode pii_plan_codes[];
extern const uint8_t pii_plan_code_index[];
extern const uint16_t pii_plan_anywhere_start[PLAN_DIALLED_LENGTHS];
extern const int pii_plan_anywhere_states;
extern const PlanAnywhere pii_plan_anywhere[];
extern const uint8_t pii_plan_anywhere_choice[][10];
extern const uint16_t pii_plan_anywhere_way[];
extern const uint16_t pii_plan_anywhere_set[][PII_REGION_WORDS];
extern const uint8_t pii_plan_anywhere_count[];
extern const uint64_t pii_plan_anywhere_word[];
extern const uint16_t pii_plan_chance[][PLAN_CHANCE_LENGTHS];

#endif							/* PII_PLAN_DATA_H */
