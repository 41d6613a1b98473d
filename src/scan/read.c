/*
 * read.c
 *		Reading a relation: pii.read_evidence(), pii.json_leaves().
 *
 * A scan must not run other people's code with the scanner's rights.  The
 * statement built here runs as ANALYZE does: as the relation's owner where the
 * caller could become that role anyway, else as the caller, and either way as
 * a security-restricted operation with a search path of pg_catalog alone.  It
 * reads columns of built-in types, of domains over them and of types that are
 * text but for their name, so that no cast or output function of a user's runs.
 *
 * Row security is switched off for it: a policy that would hide rows raises an
 * error instead of making a column look clean.
 */
#include "compat.h"

#include <math.h>

#include "access/relation.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

/* How a column is handed to pii.profile. */
typedef enum ReadAs
{
	READ_NOT,					/* holds no text or number, or not safely */
	READ_PLAIN,					/* as it is, a type with an aggregate */
	READ_TEXT					/* relabelled as text, no function is run */
} ReadAs;

/* One column of the statement. */
typedef struct ReadColumn
{
	AttrNumber	attnum;
	bool		json;			/* json or jsonb: to be read by path as well */
} ReadColumn;

/* The built-in types that pii.profile takes as they are. */
static const Oid plain_types[] = {
	TEXTOID, VARCHAROID, BPCHAROID, NAMEOID, JSONOID, JSONBOID, XMLOID,
	INT2OID, INT4OID, INT8OID, FLOAT4OID, FLOAT8OID, NUMERICOID,
	TEXTARRAYOID, 1015 /* varchar[] */, 1014 /* bpchar[] */, 1003 /* name[] */,
	JSONARRAYOID, JSONBARRAYOID, XMLARRAYOID, INT2ARRAYOID, INT4ARRAYOID,
	INT8ARRAYOID, FLOAT4ARRAYOID, FLOAT8ARRAYOID, 1231 /* numeric[] */
};

/* Whether a type is text under another name: citext, for one. */
static bool
is_text_relabelled(Oid type)
{
	HeapTuple	tuple = SearchSysCache2(CASTSOURCETARGET,
										ObjectIdGetDatum(type),
										ObjectIdGetDatum(TEXTOID));
	bool		relabelled = false;

	if (HeapTupleIsValid(tuple))
	{
		Form_pg_cast cast = (Form_pg_cast) GETSTRUCT(tuple);

		relabelled = cast->castmethod == COERCION_METHOD_BINARY;
		ReleaseSysCache(tuple);
	}
	return relabelled;
}

/* How values of a type can be read without running a user's code. */
static ReadAs
read_as(Oid type)
{
	type = getBaseType(type);
	for (int i = 0; i < (int) lengthof(plain_types); i++)
	{
		if (plain_types[i] == type)
			return READ_PLAIN;
	}
	return is_text_relabelled(type) ? READ_TEXT : READ_NOT;
}

PG_FUNCTION_INFO_V1(pii_is_readable);

/* pii.is_readable(regtype) -> boolean: whether a scan reads such columns. */
Datum
pii_is_readable(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(read_as(PG_GETARG_OID(0)) != READ_NOT);
}

/* Refuse what is no table, in the words of the server. */
static void
check_relation_kind(Relation relation)
{
	char		kind = relation->rd_rel->relkind;

	if (kind == RELKIND_RELATION || kind == RELKIND_PARTITIONED_TABLE ||
		kind == RELKIND_MATVIEW || kind == RELKIND_FOREIGN_TABLE)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("cannot read relation \"%s\"",
					RelationGetRelationName(relation)),
			 errdetail_relkind_not_supported(kind),
			 kind == RELKIND_VIEW ?
			 errhint("Views are not executed; inspect the tables behind it.") : 0));
}

/*
 * The role to read as: the owner if the caller has that role's privileges
 * anyway.  Then what the owner's code could do, it does as the owner.
 */
static Oid
reading_role(Relation relation)
{
	Oid			owner = relation->rd_rel->relowner;

	return has_privs_of_role(GetUserId(), owner) ? owner : GetUserId();
}

/* Whether the role may read the column. */
static bool
may_read(Relation relation, AttrNumber attnum, Oid role)
{
	Oid			relid = RelationGetRelid(relation);

	return pg_class_aclcheck(relid, role, ACL_SELECT) == ACLCHECK_OK ||
		pg_attribute_aclcheck(relid, attnum, role, ACL_SELECT) == ACLCHECK_OK;
}

/* Append `schema.relation`, and the sample to take of it unless all is read. */
static void
append_source(StringInfo query, Relation relation, double percent)
{
	bool		whole_tree =
		relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;

	appendStringInfo(query, " FROM %s%s AS t", whole_tree ? "" : "ONLY ",
					 quote_qualified_identifier(get_namespace_name(RelationGetNamespace(relation)),
												RelationGetRelationName(relation)));
	if (percent < 100)
		appendStringInfo(query,
						 " TABLESAMPLE pg_catalog.system (%.9g) REPEATABLE (20190520)",
						 percent);
}

/*
 * Build the statement that reads all readable columns of the relation at once.
 * Returns how many there are; `columns` has room for all attributes.
 */
static int
build_query(Relation relation, double percent, Oid role, StringInfo query,
			ReadColumn *columns)
{
	TupleDesc	descriptor = RelationGetDescr(relation);
	int			ncolumns = 0;

	appendStringInfoString(query, "SELECT ");
	for (int i = 0; i < descriptor->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
		Oid			base;
		ReadAs		as;

		if (attribute->attisdropped)
			continue;
		as = read_as(attribute->atttypid);
		if (as == READ_NOT || !may_read(relation, attribute->attnum, role))
			continue;
		base = getBaseType(attribute->atttypid);
		columns[ncolumns].attnum = attribute->attnum;
		columns[ncolumns].json = base == JSONOID || base == JSONBOID;
		appendStringInfo(query, "%spii.profile(t.%s%s)",
						 ncolumns == 0 ? "" : ", ",
						 quote_identifier(NameStr(attribute->attname)),
						 as == READ_TEXT ? "::pg_catalog.text" : "");
		ncolumns++;
	}
	append_source(query, relation, percent);
	return ncolumns;
}

/* Build the statement that reads a json column path by path. */
static void
build_path_query(Relation relation, double percent, AttrNumber attnum,
				 StringInfo query)
{
	Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation),
												attnum - 1);

	appendStringInfo(query,
					 "SELECT leaf.path, pii.profile(leaf.value) FROM (SELECT t.%s AS document",
					 quote_identifier(NameStr(attribute->attname)));
	append_source(query, relation, percent);
	appendStringInfo(query,
					 ") AS s, pii.json_leaves(s.document%s) AS leaf"
					 " GROUP BY leaf.path ORDER BY leaf.path COLLATE pg_catalog.\"C\" LIMIT 1000",
					 getBaseType(attribute->atttypid) == JSONOID ?
					 "::pg_catalog.jsonb" : "");
}

/* Run a statement that only reads; the result is in SPI_tuptable. */
static void
run_query(const char *query)
{
	int			status = SPI_execute(query, true, 0);

	if (status != SPI_OK_SELECT)
		elog(ERROR, "unexpected SPI result %d", status);
}

/* Put one row (attnum, path, evidence) into the result. */
static void
put_evidence(ReturnSetInfo *result, AttrNumber attnum, Datum path,
			 bool path_is_null, Datum evidence)
{
	Datum		values[3] = {Int16GetDatum(attnum), path, evidence};
	bool		nulls[3] = {false, path_is_null, false};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* Read every column at once, then the json columns by path. */
static void
read_columns(Relation relation, double percent, Oid role,
			 ReturnSetInfo *result)
{
	ReadColumn *columns = palloc(sizeof(ReadColumn) *
								 RelationGetNumberOfAttributes(relation));
	StringInfoData query;
	int			ncolumns;
	bool		isnull;

	initStringInfo(&query);
	ncolumns = build_query(relation, percent, role, &query, columns);
	if (ncolumns == 0)
		return;
	run_query(query.data);
	for (int i = 0; i < ncolumns; i++)
		put_evidence(result, columns[i].attnum, (Datum) 0, true,
					 SPI_getbinval(SPI_tuptable->vals[0],
								   SPI_tuptable->tupdesc, i + 1, &isnull));
	SPI_freetuptable(SPI_tuptable);

	for (int i = 0; i < ncolumns; i++)
	{
		if (!columns[i].json)
			continue;
		resetStringInfo(&query);
		build_path_query(relation, percent, columns[i].attnum, &query);
		run_query(query.data);
		for (uint64 row = 0; row < SPI_processed; row++)
			put_evidence(result, columns[i].attnum,
						 SPI_getbinval(SPI_tuptable->vals[row],
									   SPI_tuptable->tupdesc, 1, &isnull),
						 false,
						 SPI_getbinval(SPI_tuptable->vals[row],
									   SPI_tuptable->tupdesc, 2, &isnull));
		SPI_freetuptable(SPI_tuptable);
	}
}

PG_FUNCTION_INFO_V1(pii_read_evidence);

/*
 * pii.read_evidence(relation regclass, percent double precision)
 *		-> setof (attnum smallint, path text, evidence pii.evidence)
 *
 * Evidence of every column that can be read, of a sample of about `percent`
 * of the blocks, or of all rows from 100 on.
 */
Datum
pii_read_evidence(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	double		percent = PG_GETARG_FLOAT8(1);
	Relation	relation;
	Oid			caller;
	Oid			role;
	int			context;
	int			nest_level;

	InitMaterializedSRF(fcinfo, 0);
	if (isnan(percent) || percent <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("percent must be greater than zero")));
	relation = relation_open(PG_GETARG_OID(0), AccessShareLock);
	check_relation_kind(relation);

	/* All of this is undone when an error ends the (sub)transaction. */
	role = reading_role(relation);
	GetUserIdAndSecContext(&caller, &context);
	SetUserIdAndSecContext(role, context | SECURITY_RESTRICTED_OPERATION);
	nest_level = NewGUCNestLevel();
	SetConfigOption("search_path", "pg_catalog, pg_temp", PGC_USERSET,
					PGC_S_SESSION);
	SetConfigOption("row_security", "off", PGC_USERSET, PGC_S_SESSION);
	SPI_connect();

	read_columns(relation, percent, role, result);

	SPI_finish();
	AtEOXact_GUC(false, nest_level);
	SetUserIdAndSecContext(caller, context);
	relation_close(relation, NoLock);
	return (Datum) 0;
}
