/*
 * readable.c
 *		Which columns a scan reads, and as what.
 *
 * What must stay true: reading a value runs no function but the server's own
 * and those of the extensions named here.  Anybody may create a type with a
 * cast of their own; such a column is not read, and said to be unknown.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/dependency.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "scan/readable.h"

/* The built-in types that pii.profile takes as they are. */
static const Oid plain_types[] = {
	TEXTOID, VARCHAROID, BPCHAROID, NAMEOID, JSONOID, JSONBOID, XMLOID,
	INT2OID, INT4OID, INT8OID, FLOAT4OID, FLOAT8OID, NUMERICOID,
	TEXTARRAYOID, VARCHARARRAYOID, BPCHARARRAYOID, NAMEARRAYOID,
	JSONARRAYOID, JSONBARRAYOID, XMLARRAYOID, INT2ARRAYOID, INT4ARRAYOID,
	INT8ARRAYOID, FLOAT4ARRAYOID, FLOAT8ARRAYOID, NUMERICARRAYOID
};

/* The method of the cast from one type to another, or 0 if there is none. */
static char
cast_method(Oid source, Oid target)
{
	HeapTuple	tuple = SearchSysCache2(CASTSOURCETARGET,
										ObjectIdGetDatum(source),
										ObjectIdGetDatum(target));
	char		method;

	if (!HeapTupleIsValid(tuple))
		return 0;
	method = ((Form_pg_cast) GETSTRUCT(tuple))->castmethod;
	ReleaseSysCache(tuple);
	return method;
}

/* Whether a type is text under another name: citext, for one. */
static bool
is_text_relabelled(Oid type)
{
	return cast_method(type, TEXTOID) == COERCION_METHOD_BINARY;
}

/* Whether a type is the hstore of the extension of that name. */
static bool
is_hstore(Oid type)
{
	Oid			extension = getExtensionOfObject(TypeRelationId, type);
	char	   *name;

	if (!OidIsValid(extension) || cast_method(type, JSONBOID) == 0)
		return false;
	name = get_extension_name(extension);
	return name != NULL && strcmp(name, "hstore") == 0;
}

/* Whether a type came with the server, and so did its output function. */
static bool
is_built_in(Oid type)
{
	return type < FirstNormalObjectId;
}

/* Whether every field of a composite type is of a built-in type. */
static bool
is_plain_row(Oid type)
{
	TupleDesc	descriptor = lookup_rowtype_tupdesc_copy(type, -1);

	for (int i = 0; i < descriptor->natts; i++)
	{
		Form_pg_attribute field = TupleDescAttr(descriptor, i);

		if (!field->attisdropped && !is_built_in(getBaseType(field->atttypid)))
			return false;
	}
	return true;
}

/* How values of a type can be read without running a user's code. */
PiiReadAs
pii_read_as(Oid type)
{
	type = getBaseType(type);
	for (int i = 0; i < (int) lengthof(plain_types); i++)
	{
		if (plain_types[i] == type)
			return PII_READ_PLAIN;
	}
	if (type == TSVECTOROID || is_text_relabelled(type))
		return PII_READ_TEXT;
	if (get_typtype(type) == TYPTYPE_COMPOSITE)
		return is_plain_row(type) ? PII_READ_ROW : PII_READ_NOT;
	return is_hstore(type) ? PII_READ_JSONB : PII_READ_NOT;
}

PG_FUNCTION_INFO_V1(pii_is_readable);

/* pii.is_readable(regtype) -> boolean: whether a scan reads such columns. */
Datum
pii_is_readable(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(pii_read_as(PG_GETARG_OID(0)) != PII_READ_NOT);
}
