/*
 * mask.c
 *		What an expression leaves to be seen of the values in it, and which
 *		functions do not show what they were given.
 *
 * What must stay true: a function is known by the extension it belongs to, or
 * by having come with the server.  Anybody may call a function md5 that
 * returns its argument.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/dependency.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "nodes/primnodes.h"
#include "utils/syscache.h"

#include "exposure/mask.h"

typedef struct Masker
{
	const char *extension;		/* NULL: came with the server */
	const char *function;		/* NULL: all of the extension's */
} Masker;

/* Counts, lengths, hashes; and what is made for the purpose. */
static const Masker maskers[] = {
	{NULL, "bit_length"},
	{NULL, "char_length"},
	{NULL, "character_length"},
	{NULL, "count"},
	{NULL, "crc32"},
	{NULL, "crc32c"},
	{NULL, "hashtext"},
	{NULL, "hashtextextended"},
	{NULL, "length"},
	{NULL, "md5"},
	{NULL, "num_nonnulls"},
	{NULL, "num_nulls"},
	{NULL, "octet_length"},
	{NULL, "pg_column_size"},
	{NULL, "sha224"},
	{NULL, "sha256"},
	{NULL, "sha384"},
	{NULL, "sha512"},
	{"anon", NULL},
	{"pg_pii", "classify"},
	{"pg_pii", "profile"},
	{"pg_pii", "redact"},
	{"pgcrypto", "crypt"},
	{"pgcrypto", "digest"},
	{"pgcrypto", "encrypt"},
	{"pgcrypto", "encrypt_iv"},
	{"pgcrypto", "hmac"},
	{"pgcrypto", "pgp_pub_encrypt"},
	{"pgcrypto", "pgp_pub_encrypt_bytea"},
	{"pgcrypto", "pgp_sym_encrypt"},
	{"pgcrypto", "pgp_sym_encrypt_bytea"},
};

/* The extension that a function belongs to, or NULL. */
static const char *
function_extension(Oid function)
{
	Oid			extension = getExtensionOfObject(ProcedureRelationId, function);

	return OidIsValid(extension) ? get_extension_name(extension) : NULL;
}

/* Whether a row of the table above is about this function. */
static bool
is_masker(const Masker *masker, const char *extension, const char *function)
{
	if (masker->function != NULL && strcmp(masker->function, function) != 0)
		return false;
	if (masker->extension == NULL)
		return extension == NULL;
	return extension != NULL && strcmp(masker->extension, extension) == 0;
}

/*
 * The name of a function whose result does not show its arguments, in the
 * current memory context; or NULL if it may show them.
 */
static const char *
masker_name(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	const char *extension = NULL;
	char	   *name;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	name = pstrdup(NameStr(((Form_pg_proc) GETSTRUCT(tuple))->proname));
	ReleaseSysCache(tuple);
	if (function >= FirstNormalObjectId)
	{
		extension = function_extension(function);
		if (extension == NULL)
			return NULL;
	}
	for (size_t i = 0; i < lengthof(maskers); i++)
	{
		if (is_masker(&maskers[i], extension, name))
			return name;
	}
	return NULL;
}

/*
 * What a node makes of the values below it, and, of what masks, the name.  A
 * truth value tells one bit of them, whatever the operator.
 */
PiiEffect
pii_expression_effect(Node *node, const char **note)
{
	Oid			function = InvalidOid;
	Oid			type = InvalidOid;

	switch (nodeTag(node))
	{
		case T_List:
		case T_TargetEntry:
		case T_RelabelType:
		case T_CollateExpr:
		case T_CoerceViaIO:
		case T_CoerceToDomain:
		case T_ArrayCoerceExpr:
			return PII_KEPT;
		case T_FuncExpr:
			if (((FuncExpr *) node)->funcformat == COERCE_IMPLICIT_CAST ||
				((FuncExpr *) node)->funcformat == COERCE_EXPLICIT_CAST)
				return PII_KEPT;
			function = ((FuncExpr *) node)->funcid;
			type = ((FuncExpr *) node)->funcresulttype;
			break;
		case T_Aggref:
			function = ((Aggref *) node)->aggfnoid;
			break;
		case T_WindowFunc:
			function = ((WindowFunc *) node)->winfnoid;
			break;
		case T_OpExpr:
			type = ((OpExpr *) node)->opresulttype;
			break;
		case T_DistinctExpr:
		case T_ScalarArrayOpExpr:
		case T_RowCompareExpr:
		case T_BoolExpr:
		case T_NullTest:
		case T_BooleanTest:
			type = BOOLOID;
			break;
		default:
			break;
	}
	*note = type == BOOLOID ? "test" : NULL;
	if (OidIsValid(function) && *note == NULL)
		*note = masker_name(function);
	return *note == NULL ? PII_DERIVED : PII_MASKED;
}
