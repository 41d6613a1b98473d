/*
 * leaves.c
 *		pii.json_leaves(): the scalars of a json document, each with its path.
 *
 * A path names where a value stands, not which element of an array it is:
 * $.phones[*].number is one path however many phones there are, so that the
 * values of a path can be judged as a column's are.
 */
#include "compat.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/jsonb.h"

/* Whether a key can stand in a path without quotes. */
static bool
is_plain_key(const char *key, int length)
{
	if (length == 0 || (key[0] >= '0' && key[0] <= '9'))
		return false;
	for (int i = 0; i < length; i++)
	{
		unsigned char c = key[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || c == '_' || c >= 0x80))
			return false;
	}
	return true;
}

/*
 * Append a step to a key, as the json path language of the server has it.
 * Keys that are addresses or numbers themselves are values in disguise: they
 * are shown as one wildcard.
 */
static void
append_key(StringInfo path, const JsonbValue *key)
{
	char	   *name = pnstrdup(key->val.string.val, key->val.string.len);

	if (is_plain_key(name, key->val.string.len))
		appendStringInfo(path, ".%s", name);
	else if (strpbrk(name, "@0123456789") != NULL)
		appendStringInfoString(path, ".*");
	else
	{
		appendStringInfoChar(path, '.');
		escape_json(path, name);
	}
	pfree(name);
}

/* The text of a scalar that can hold something, or NULL. */
static text *
scalar_text(const JsonbValue *value)
{
	if (value->type == jbvString)
		return cstring_to_text_with_len(value->val.string.val,
										value->val.string.len);
	if (value->type == jbvNumeric)
		return cstring_to_text(DatumGetCString(DirectFunctionCall1(numeric_out,
																   NumericGetDatum(value->val.numeric))));
	return NULL;
}

/* Put one leaf into the result; a key that holds something is one as well. */
static void
put_leaf(ReturnSetInfo *result, const char *path, text *value)
{
	Datum		values[2];
	bool		nulls[2] = {false, value == NULL};

	values[0] = CStringGetTextDatum(path);
	values[1] = PointerGetDatum(value);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* Walk one container; `path` is restored on return. */
static void
walk_container(JsonbContainer *container, StringInfo path,
			   ReturnSetInfo *result)
{
	JsonbIterator *iterator = JsonbIteratorInit(container);
	bool		scalar = JsonContainerIsScalar(container);
	int			length = path->len;
	JsonbIteratorToken token;
	JsonbValue	value;

	check_stack_depth();
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
		{
			path->len = length;
			path->data[length] = '\0';
			append_key(path, &value);
			if (strcmp(path->data + length, ".*") == 0)
			{
				appendStringInfoString(path, "~");
				put_leaf(result, path->data, scalar_text(&value));
				path->data[--path->len] = '\0';
			}
			continue;
		}
		if (token != WJB_VALUE && token != WJB_ELEM)
			continue;
		if (token == WJB_ELEM && !scalar)
		{
			path->len = length;
			path->data[length] = '\0';
			appendStringInfoString(path, "[*]");
		}
		if (value.type == jbvBinary)
			walk_container(value.val.binary.data, path, result);
		else if (value.type != jbvBool)
			put_leaf(result, path->data, scalar_text(&value));
	}
	path->len = length;
	path->data[length] = '\0';
}

PG_FUNCTION_INFO_V1(pii_json_leaves);

/* pii.json_leaves(jsonb) -> setof (path text, value text) */
Datum
pii_json_leaves(PG_FUNCTION_ARGS)
{
	Jsonb	   *json = PG_GETARG_JSONB_P(0);
	StringInfoData path;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	initStringInfo(&path);
	appendStringInfoChar(&path, '$');
	walk_container(&json->root, &path, (ReturnSetInfo *) fcinfo->resultinfo);
	return (Datum) 0;
}
