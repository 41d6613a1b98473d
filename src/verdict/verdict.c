/*
 * verdict.c
 *		The SQL face of the judge: pii.judge, pii.classify, pii.name_tag.
 */
#include "compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"

#include "detect/plan.h"
#include "profile/value.h"
#include "verdict/judge.h"

/* First form of each kind; the forms of a kind stand together. */
static const PiiForm first_form[PII_KINDS + 1] = {
	PII_FORM_ADDRESS, PII_FORM_INTERNATIONAL, PII_FORMS
};

/* What values of a type can hold. */
PiiNameType
pii_name_type(Oid type)
{
	char		category;
	bool		preferred;

	type = getBaseType(type);
	if (type == JSONOID || type == JSONBOID || type == XMLOID)
		return PII_NAME_TYPE_CONTAINER;
	if (type == INT2OID || type == INT4OID || type == INT8OID ||
		type == NUMERICOID)
		return PII_NAME_TYPE_NUMBER;
	get_type_category_preferred(type, &category, &preferred);
	if (category == TYPCATEGORY_STRING)
		return PII_NAME_TYPE_TEXT;
	if (category == TYPCATEGORY_ARRAY)
		return pii_name_type(get_element_type(type)) == PII_NAME_TYPE_OTHER ?
			PII_NAME_TYPE_OTHER : PII_NAME_TYPE_CONTAINER;
	if (category == TYPCATEGORY_COMPOSITE)
		return PII_NAME_TYPE_CONTAINER;
	return PII_NAME_TYPE_OTHER;
}

/* A comment longer than this is prose, of which a score of words is none. */
#define LONGEST_COMMENT 60

/* What a CHECK that asks for an "@" adds to the log-odds of e-mail. */
#define CHECKED_LOGIT 4.5

/*
 * Let another name of the column speak where it says more: that of its domain,
 * or a comment of a few words.  It never takes away from the column's own.
 */
static void
score_other_name(const char *name, Size length, PiiNameType type,
				 PiiNameScore *score)
{
	PiiNameScore other;

	pii_name_score(name, length, NULL, 0, type, &other);
	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		if (score->qualified[kind] || !other.named[kind] ||
			other.qualified[kind])
			continue;
		score->logit[kind] = Max(score->logit[kind], other.logit[kind]);
		score->named[kind] = true;
		score->of_other[kind] = false;
	}
}

/* The text of an argument, of length 0 if it is NULL. */
static const char *
argument_text(FunctionCallInfo fcinfo, int at, Size *length)
{
	text	   *value;

	*length = 0;
	if (PG_ARGISNULL(at))
		return NULL;
	value = PG_GETARG_TEXT_PP(at);
	*length = VARSIZE_ANY_EXHDR(value);
	return VARDATA_ANY(value);
}

/*
 * Score a column's name with its table's (of length 0 if not known), and with
 * the name of its type if that is a domain.  Returns what the type can hold.
 */
static PiiNameType
score_column_name(const char *column, Size column_length,
				  const char *table, Size table_length,
				  Oid type_id, PiiNameScore *score)
{
	PiiNameType type = pii_name_type(type_id);

	pii_name_score(column, column_length, table, table_length, type, score);
	if (get_typtype(type_id) == TYPTYPE_DOMAIN)
	{
		char	   *domain = format_type_extended(type_id, -1,
												  FORMAT_TYPE_INVALID_AS_NULL);
		char	   *dot = domain == NULL ? NULL : strrchr(domain, '.');

		if (domain != NULL)
		{
			domain = dot == NULL ? domain : dot + 1;
			score_other_name(domain, strlen(domain), type, score);
		}
	}
	return type;
}

/* The same of the names in arguments `at` (column), at+1 (type), at+2 (table). */
static PiiNameType
score_argument_name(FunctionCallInfo fcinfo, int at, PiiNameScore *score)
{
	Size		column_length;
	Size		table_length;
	const char *column = argument_text(fcinfo, at, &column_length);
	const char *table = argument_text(fcinfo, at + 2, &table_length);

	return score_column_name(column, column_length, table, table_length,
							 PG_ARGISNULL(at + 1) ? TEXTOID : PG_GETARG_OID(at + 1),
							 score);
}

/* Whether a column would be judged to hold a kind by its name and type alone. */
bool
pii_name_suggests(const char *column, const char *table, Oid type_id)
{
	PiiNameScore score;

	/* whatever its name, it cannot hold any; this is the hot path of DDL */
	if (pii_name_type(type_id) == PII_NAME_TYPE_OTHER)
		return false;
	score_column_name(column, strlen(column), table, strlen(table), type_id,
					  &score);
	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		if (score.logit[kind] > 0)
			return true;
	}
	return false;
}

/* Weigh the column's comment and its CHECK constraints; NULL: there is none. */
static void
score_description(const char *comment, Size comment_length,
				  const char *checks, Size checks_length, PiiNameType type,
				  PiiNameScore *score)
{
	if (comment != NULL && comment_length <= LONGEST_COMMENT)
		score_other_name(comment, comment_length, type, score);
	if (checks != NULL && type != PII_NAME_TYPE_NUMBER &&
		memchr(checks, '@', checks_length) != NULL)
		score->logit[PII_EMAIL] += CHECKED_LOGIT;
}

/*
 * Score a column by all that its definition says; the comment may be NULL, the
 * definitions of its CHECK constraints empty.
 */
void
pii_score_described(const char *column, const char *table, Oid type_id,
					const char *comment, const char *checks,
					PiiNameScore *score)
{
	PiiNameType type = score_column_name(column, strlen(column), table,
										 strlen(table), type_id, score);

	score_description(comment, comment == NULL ? 0 : strlen(comment),
					  checks, strlen(checks), type, score);
}

PG_FUNCTION_INFO_V1(pii_name_tag);

/*
 * pii.name_tag(column_name text, data_type regtype, table_name text) -> tag:
 * the kinds that are more likely than not by the name alone.
 */
Datum
pii_name_tag(PG_FUNCTION_ARGS)
{
	PiiNameScore score;
	PiiTagSet	set = {.count = 0};

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	score_argument_name(fcinfo, 0, &score);
	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		const char *name = pii_kind_name(kind);

		if (score.logit[kind] > 0)
			pii_tag_set_add(&set, name, strlen(name),
							(int) rint(pii_confidence(score.logit[kind]) *
									   PII_CONFIDENCE_ONE));
	}
	PG_RETURN_POINTER(pii_tag_form(&set));
}

/* Append `,"name":0.1234`, without closing zeros. */
static void
append_share(StringInfo out, const char *name, double share)
{
	appendStringInfo(out, ",\"%s\":%.4g", name, rint(share * 1e4) / 1e4);
}

/* Append the forms in which a kind was found. */
static void
append_forms(StringInfo out, const PiiEvidence *evidence, PiiKind kind)
{
	const char *separator = "";

	appendStringInfoString(out, ",\"forms\":{");
	for (PiiForm form = first_form[kind]; form < first_form[kind + 1]; form++)
	{
		if (evidence->forms[form] == 0)
			continue;
		appendStringInfo(out, "%s\"%s\":" INT64_FORMAT, separator,
						 pii_form_name(form), evidence->forms[form]);
		separator = ",";
	}
	appendStringInfoChar(out, '}');
}

/* The findings as jsonb: an object per kind. */
static Datum
findings_to_jsonb(const PiiFinding *findings, const PiiEvidence *evidence)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		const PiiFinding *finding = &findings[kind];

		appendStringInfo(&out, "%c\"%s\":{\"verdict\":\"%s\"",
						 kind == 0 ? '{' : ',', pii_kind_name(kind),
						 pii_verdict_name(finding->verdict));
		append_share(&out, "confidence", finding->confidence);
		if (evidence != NULL)
		{
			appendStringInfo(&out, ",\"values\":" INT64_FORMAT
							 ",\"matched\":" INT64_FORMAT
							 ",\"whole\":" INT64_FORMAT,
							 finding->values, finding->matched,
							 finding->whole);
			append_share(&out, "share", finding->share);
			append_share(&out, "share_low", finding->share_low);
			append_share(&out, "share_high", finding->share_high);
			append_forms(&out, evidence, kind);
		}
		if (finding->region >= 0)
			appendStringInfo(&out, ",\"region\":\"%s\"",
							 pii_region_code(finding->region));
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoChar(&out, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

/* All reasons as text[], each led by its kind. */
static Datum
reasons_to_array(const PiiFinding *findings)
{
	ArrayBuildState *array = initArrayResult(TEXTOID, CurrentMemoryContext,
											 false);

	for (int kind = 0; kind < PII_KINDS; kind++)
	{
		char	   *line = findings[kind].reasons.data;

		while (*line != '\0')
		{
			char	   *end = strchr(line, '\n');
			char	   *reason = psprintf("%s: %.*s", pii_kind_name(kind),
										  (int) (end - line), line);

			accumArrayResult(array, CStringGetTextDatum(reason), false,
							 TEXTOID, CurrentMemoryContext);
			line = end + 1;
		}
	}
	return makeArrayResult(array, CurrentMemoryContext);
}

/* The finding that speaks for the column. */
const PiiFinding *
pii_strongest_finding(const PiiFinding *findings)
{
	const PiiFinding *strongest = &findings[0];

	for (int kind = 1; kind < PII_KINDS; kind++)
	{
		const PiiFinding *finding = &findings[kind];

		if (finding->verdict > strongest->verdict ||
			(finding->verdict == strongest->verdict &&
			 finding->confidence > strongest->confidence))
			strongest = finding;
	}
	return strongest;
}

PG_FUNCTION_INFO_V1(pii_judge_column);

/*
 * pii.judge(evidence, column_name text, data_type regtype, table_name text,
 * region text, comment text, checks text) -> (tag, verdict, confidence,
 * findings, reasons): evidence may be NULL, then the name alone is judged; so
 * may the name.
 */
Datum
pii_judge_column(PG_FUNCTION_ARGS)
{
	PiiColumnFacts facts = {.region = PII_REGION_NONE};
	PiiFinding	findings[PII_KINDS];
	PiiNameScore score;
	const PiiEvidence *evidence = NULL;
	const PiiFinding *strongest;
	const char *comment;
	const char *checks;
	Size		comment_length;
	Size		checks_length;
	TupleDesc	descriptor;
	Datum		values[5];
	bool		nulls[5] = {false};

	if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (!PG_ARGISNULL(0))
		evidence = pii_evidence_open(PG_GETARG_DATUM(0));
	if (!PG_ARGISNULL(1))
	{
		comment = argument_text(fcinfo, 5, &comment_length);
		checks = argument_text(fcinfo, 6, &checks_length);
		score_description(comment, comment_length, checks, checks_length,
						  score_argument_name(fcinfo, 1, &score), &score);
		facts.name = &score;
	}
	if (!PG_ARGISNULL(4))
		facts.region = pii_region_from_text(PG_GETARG_TEXT_PP(4));

	pii_judge(evidence, &facts, findings);
	strongest = pii_strongest_finding(findings);
	values[0] = PointerGetDatum(pii_findings_tag(findings));
	values[1] = CStringGetTextDatum(pii_verdict_name(strongest->verdict));
	values[2] = Float4GetDatum((float4) strongest->confidence);
	values[3] = findings_to_jsonb(findings, evidence);
	values[4] = reasons_to_array(findings);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(descriptor),
											 values, nulls));
}

PG_FUNCTION_INFO_V1(pii_classify_final);

/*
 * pii.classify_final(evidence) -> tag: the final function of pii.classify,
 * which knows neither the column's name nor a region.
 */
Datum
pii_classify_final(PG_FUNCTION_ARGS)
{
	const PiiColumnFacts facts = {.region = PII_REGION_NONE};
	PiiFinding	findings[PII_KINDS];

	pii_judge(pii_evidence_open(PG_GETARG_DATUM(0)), &facts, findings);
	PG_RETURN_POINTER(pii_findings_tag(findings));
}
