/*
 * label.c
 *		Tags declared by people: the security label provider "pii".
 *
 * The grammar, version 1:
 *
 *		[ v1: ] tag [ ; waived until YYYY-MM-DD: reason ]
 *
 * What must stay true: a restore runs the hook before any table has rows, so
 * it checks form alone; and it accepts every label that any release has
 * accepted, so the grammar only ever grows by another version.
 */
#include "compat.h"

#include "catalog/pg_class.h"
#include "commands/seclabel.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"

#include "detect/detect.h"
#include "scan/label.h"
#include "scan/settings.h"
#include "verdict/tag.h"

#define GRAMMAR_PREFIX "v1:"
#define WAIVER_PREFIX "waived until "
#define DATE_LENGTH 10			/* YYYY-MM-DD */

/* Longest label: it is shown in reports, and an explanation is no essay. */
#define LABEL_MAX 1000

/* A label taken apart. */
typedef struct PiiLabel
{
	PiiTagSet	tag;			/* empty: reviewed, holds nothing */
	bool		waived;			/* its exposure is accepted ... */
	DateADT		waived_until;	/* ... up to and including this day, */
	const char *reason;			/* ... for this reason; within the label */
} PiiLabel;

/* The number in `count` digits, or -1. */
static int
read_digits(const char *text, int count)
{
	int			number = 0;

	for (int i = 0; i < count; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

/*
 * Read a day written YYYY-MM-DD.  Not by date_in(): what a label means must
 * not depend on DateStyle, nor change with "tomorrow".
 */
static bool
read_date(const char *text, DateADT *date)
{
	int			year = read_digits(text, 4);
	int			month;
	int			day;

	if (year < 1 || text[4] != '-')
		return false;
	month = read_digits(text + 5, 2);
	if (month < 1 || month > MONTHS_PER_YEAR || text[7] != '-')
		return false;
	day = read_digits(text + 8, 2);
	if (day < 1 || day > day_tab[isleap(year)][month - 1])
		return false;
	*date = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
	return true;
}

/* Read what stands behind the semicolon: NULL, or what is wrong with it. */
static const char *
parse_waiver(const char *text, PiiLabel *label)
{
	while (*text == ' ')
		text++;
	if (strncmp(text, WAIVER_PREFIX, strlen(WAIVER_PREFIX)) != 0)
		return "Behind the tag there can be \"; waived until YYYY-MM-DD: reason\" and nothing else.";
	text += strlen(WAIVER_PREFIX);
	if (strlen(text) < DATE_LENGTH || !read_date(text, &label->waived_until))
		return "A waiver ends on a day written YYYY-MM-DD.";
	text += DATE_LENGTH;
	if (*text != ':')
		return "A waiver needs a reason behind a colon.";
	text++;
	while (*text == ' ')
		text++;
	if (*text == '\0')
		return "A waiver needs a reason behind a colon.";
	label->waived = true;
	label->reason = text;
	return NULL;
}

/*
 * Take a label apart.  Returns NULL, or what is wrong with it as a sentence
 * for errdetail().
 */
static const char *
parse_label(const char *text, PiiLabel *label)
{
	const char *end;
	char	   *tag;
	const char *problem;

	memset(label, 0, sizeof(*label));
	if (strlen(text) > LABEL_MAX)
		return "A label has at most 1000 bytes.";
	for (const char *c = text; *c != '\0'; c++)
	{
		if ((unsigned char) *c < ' ')
			return "A label is one line of text.";
	}
	if (strncmp(text, GRAMMAR_PREFIX, strlen(GRAMMAR_PREFIX)) == 0)
		text += strlen(GRAMMAR_PREFIX);
	else if (text[0] == 'v' && read_digits(text + 1, 1) >= 0 &&
			 text[strspn(text + 1, "0123456789") + 1] == ':')
		return "The version of the label is not supported.";
	end = strchr(text, ';');
	if (end == NULL)
		end = text + strlen(text);
	tag = pnstrdup(text, end - text);
	problem = pii_tag_parse(tag, &label->tag);
	pfree(tag);
	if (problem != NULL || *end == '\0')
		return problem;
	if (label->tag.count == 0)
		return "A column that holds nothing needs no waiver.";
	return parse_waiver(end + 1, label);
}

/* Whether a tag has a kind. */
static bool
has_kind(const PiiTagSet *tag, const char *kind)
{
	for (int i = 0; i < tag->count; i++)
	{
		if (strcmp(tag->entries[i].kind, kind) == 0)
			return true;
	}
	return false;
}

/*
 * Whether a label, NULL for its removal, takes back a kind that the one before
 * it has: what the scans say speaks again, and may be nothing.
 */
static bool
takes_back(const ObjectAddress *object, const PiiLabel *label)
{
	char	   *text = GetSecurityLabel(object, "pii");
	PiiLabel	before;

	if (text == NULL || parse_label(text, &before) != NULL)
		return false;
	for (int i = 0; i < before.tag.count; i++)
	{
		if (label == NULL || !has_kind(&label->tag, before.tag.entries[i].kind))
			return true;
	}
	return false;
}

/* Whether a label says of itself that less is to be protected. */
static bool
is_lowering(const PiiLabel *label)
{
	return label != NULL && (label->tag.count == 0 || label->waived);
}

/*
 * Lowering a tag, by "none", a waiver, or the loss of a kind, takes membership
 * of the officer role where one is set.  That it takes ownership, the server
 * has checked.
 */
static void
check_officer(const ObjectAddress *object, const PiiLabel *label)
{
	Oid			officer;

	if (pii_officer_role == NULL || pii_officer_role[0] == '\0' || superuser())
		return;
	if (!is_lowering(label) && !takes_back(object, label))
		return;
	officer = get_role_oid(pii_officer_role, true);
	if (OidIsValid(officer) && is_member_of_role(GetUserId(), officer))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("permission denied to lower the tag of a column"),
			 errdetail("A label of \"none\", with a waiver, or without a kind that was labelled takes membership of role \"%s\".",
					   pii_officer_role)));
}

/*
 * A waiver that has ended says nothing any more.  It is no error: a dump may
 * hold one.
 */
static void
check_waiver(const PiiLabel *label)
{
	if (label->waived && label->waived_until < GetSQLCurrentDate())
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("the waiver of the label has ended already"),
				 errdetail("The exposure of the column is not accepted.")));
}

/*
 * A kind that nothing looks for may be a slip of the pen.  It is no error: a
 * dump may come from a server that knows it.
 */
static void
check_kinds(const PiiLabel *label)
{
	for (int i = 0; i < label->tag.count; i++)
	{
		const char *kind = label->tag.entries[i].kind;

		if (pii_kind_by_name(kind, strlen(kind)) < 0)
			ereport(WARNING,
					(errcode(ERRCODE_WARNING),
					 errmsg("unrecognized kind in the label: \"%s\"", kind),
					 errhint("Kinds that are looked for are \"email\" and \"phone\".")));
	}
}

/*
 * The provider's hook: veto, or return.  The server calls it after it has
 * checked ownership and before it writes; `text` is NULL for a removal.
 */
static void
check_label(const ObjectAddress *object, const char *text)
{
	PiiLabel	label;
	const char *problem;

	if (object->classId != RelationRelationId || object->objectSubId <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("security label provider \"pii\" labels columns only"),
				 errhint("Use SECURITY LABEL FOR pii ON COLUMN.")));
	if (text == NULL)
	{
		check_officer(object, NULL);
		return;
	}
	problem = parse_label(text, &label);
	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid label for provider \"pii\": \"%s\"", text),
				 errdetail("%s", problem),
				 errhint("Write kinds, such as \"email,phone\", or \"none\", or \"email; waived until 2030-12-31: reason\".")));
	check_officer(object, &label);
	check_kinds(&label);
	check_waiver(&label);
}

/* Register the provider, once per backend, when the library is loaded. */
void
pii_label_register(void)
{
	register_label_provider("pii", check_label);
}

PG_FUNCTION_INFO_V1(pii_parse_label);

/*
 * pii.parse_label(label text) -> (tag pii.tag, waived_until date, reason text);
 * NULLs for a text that is no label of ours.
 */
Datum
pii_parse_label(PG_FUNCTION_ARGS)
{
	TupleDesc	descriptor;
	PiiLabel	label;
	Datum		values[3] = {0};
	bool		nulls[3] = {true, true, true};

	if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (parse_label(text_to_cstring(PG_GETARG_TEXT_PP(0)), &label) == NULL)
	{
		values[0] = PointerGetDatum(pii_tag_form(&label.tag));
		nulls[0] = false;
		if (label.waived)
		{
			values[1] = DateADTGetDatum(label.waived_until);
			values[2] = CStringGetTextDatum(label.reason);
			nulls[1] = nulls[2] = false;
		}
	}
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(descriptor),
											 values, nulls));
}
