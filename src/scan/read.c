/*
 * read.c
 *		Reading a relation: pii.read_evidence().
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
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "profile/evidence.h"
#include "scan/readable.h"
#include "scan/settings.h"

/* One column of the statement. */
typedef struct ReadColumn
{
	AttrNumber	attnum;
	char	   *document;		/* its expression as jsonb, to be read by path
								 * as well; NULL if it has no paths */
} ReadColumn;

/* How much of the relation to read. */
typedef struct ReadExtent
{
	double		percent;		/* share of its blocks; all at 100 or more */
	TimestampTz deadline;		/* when to stop; DT_NOEND: never */
} ReadExtent;

/* Paths of one column that are reported; there may be one for every row. */
#define MAX_PATHS 1000

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

/* A moment as to_timestamp() takes it. */
static double
unix_time(TimestampTz moment)
{
	return moment / (double) USECS_PER_SEC +
		(double) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
}

/*
 * Append `schema.relation`, and the sample to take of it unless all is read at
 * once.  Only a sample stops at a deadline, and rests between blocks.
 */
static void
append_source(StringInfo query, Relation relation, const ReadExtent *extent)
{
	bool		whole_tree =
		relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;
	bool		at_once = extent->percent >= 100 && pii_scan_cost_delay <= 0;
	double		percent = Min(extent->percent, 100);

	appendStringInfo(query, " FROM %s%s AS t", whole_tree ? "" : "ONLY ",
					 quote_qualified_identifier(get_namespace_name(RelationGetNamespace(relation)),
												RelationGetRelationName(relation)));
	if (relation->rd_rel->relkind == RELKIND_FOREIGN_TABLE)
		return;
	if (extent->deadline != DT_NOEND)
		appendStringInfo(query,
						 " TABLESAMPLE pii.blocks_until (%.9g, pg_catalog.to_timestamp(%.6f)) REPEATABLE (20190520)",
						 percent, unix_time(extent->deadline));
	else if (!at_once)
		appendStringInfo(query,
						 " TABLESAMPLE pii.blocks (%.9g) REPEATABLE (20190520)",
						 percent);
}

/* The expression that hands a column to pii.profile. */
static char *
column_expression(Form_pg_attribute attribute, PiiReadAs as)
{
	const char *name = quote_identifier(NameStr(attribute->attname));

	switch (as)
	{
		case PII_READ_PLAIN:
			return psprintf("t.%s", name);
		case PII_READ_TEXT:
			return psprintf("t.%s::pg_catalog.text", name);
		case PII_READ_JSONB:
			return psprintf("t.%s::pg_catalog.jsonb", name);
		case PII_READ_ROW:
			return psprintf("pg_catalog.to_jsonb(t.%s)", name);
		case PII_READ_NOT:
			break;
	}
	pg_unreachable();
}

/* The columns to read: readable, permitted, and of those asked for. */
static int
choose_columns(Relation relation, Oid role, const Bitmapset *wanted,
			   ReadColumn *columns, StringInfo expressions)
{
	TupleDesc	descriptor = RelationGetDescr(relation);
	int			ncolumns = 0;

	for (int i = 0; i < descriptor->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
		PiiReadAs	as;
		char	   *expression;
		Oid			base;

		if (attribute->attisdropped ||
			(wanted != NULL && !bms_is_member(attribute->attnum, wanted)))
			continue;
		as = pii_read_as(attribute->atttypid);
		if (as == PII_READ_NOT || !may_read(relation, attribute->attnum, role))
			continue;
		expression = column_expression(attribute, as);
		base = getBaseType(attribute->atttypid);
		columns[ncolumns].attnum = attribute->attnum;
		columns[ncolumns].document = NULL;
		if (base == JSONOID)
			columns[ncolumns].document = psprintf("%s::pg_catalog.jsonb",
												  expression);
		else if (base == JSONBOID || as == PII_READ_JSONB || as == PII_READ_ROW)
			columns[ncolumns].document = expression;
		appendStringInfo(expressions, ", pii.profile(%s)", expression);
		ncolumns++;
	}
	return ncolumns;
}

/*
 * Build the statement that reads all columns at once: a row per relation that
 * holds the rows, which of a partitioned table is each of its leaves.
 */
static void
build_query(Relation relation, const ReadExtent *extent, const char *expressions,
			StringInfo query)
{
	bool		by_leaf =
		relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;

	appendStringInfo(query, "SELECT %s%s",
					 by_leaf ? "t.tableoid" : "NULL::pg_catalog.oid",
					 expressions);
	append_source(query, relation, extent);
	if (by_leaf)
		appendStringInfoString(query, " GROUP BY t.tableoid");
}

/* Build the statement that reads a column with paths by each of them. */
static void
build_path_query(Relation relation, const ReadExtent *extent,
				 const char *document, StringInfo query)
{
	appendStringInfo(query,
					 "SELECT leaf.path, pii.profile(leaf.value) FROM (SELECT %s AS document",
					 document);
	append_source(query, relation, extent);
	appendStringInfo(query,
					 ") AS s, pii.json_leaves(s.document) AS leaf"
					 " GROUP BY leaf.path ORDER BY leaf.path COLLATE pg_catalog.\"C\" LIMIT %d",
					 MAX_PATHS);
}

/* Run a statement that only reads; the result is in SPI_tuptable. */
static void
run_query(const char *query)
{
	int			status = SPI_execute(query, true, 0);

	if (status != SPI_OK_SELECT)
		elog(ERROR, "unexpected SPI result %d", status);
}

/* Put the evidence of one column, of one leaf if of any, into the result. */
static void
put_evidence(ReturnSetInfo *result, AttrNumber attnum, Datum leaf,
			 bool no_leaf, Datum evidence)
{
	Datum		values[4] = {Int16GetDatum(attnum), leaf, (Datum) 0, evidence};
	bool		nulls[4] = {false, no_leaf, true, false};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/*
 * Put the rows of a result, each the evidence of all columns, into ours.  A
 * partitioned table without rows has no leaf to show: its evidence is empty.
 */
static void
put_rows(ReturnSetInfo *result, const ReadColumn *columns, int ncolumns)
{
	bool		isnull;

	for (int i = 0; i < ncolumns && SPI_processed == 0; i++)
		put_evidence(result, columns[i].attnum, (Datum) 0, true,
					 PointerGetDatum(pii_evidence_create(CurrentMemoryContext)));
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[row];
		TupleDesc	descriptor = SPI_tuptable->tupdesc;
		bool		no_leaf;
		Datum		leaf = SPI_getbinval(tuple, descriptor, 1, &no_leaf);

		for (int i = 0; i < ncolumns; i++)
			put_evidence(result, columns[i].attnum, leaf, no_leaf,
						 SPI_getbinval(tuple, descriptor, i + 2, &isnull));
	}
}

/* Put the paths of one column into our result. */
static void
put_paths(ReturnSetInfo *result, AttrNumber attnum)
{
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[row];
		TupleDesc	descriptor = SPI_tuptable->tupdesc;
		Datum		values[4];
		bool		nulls[4] = {false, true, false, false};

		values[0] = Int16GetDatum(attnum);
		values[1] = (Datum) 0;
		values[2] = SPI_getbinval(tuple, descriptor, 1, &nulls[2]);
		values[3] = SPI_getbinval(tuple, descriptor, 2, &nulls[3]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
}

/* Read every column at once, then those with paths by path. */
static void
read_columns(Relation relation, const ReadExtent *extent, Oid role,
			 const Bitmapset *wanted, ReturnSetInfo *result)
{
	ReadColumn *columns = palloc(sizeof(ReadColumn) *
								 RelationGetNumberOfAttributes(relation));
	StringInfoData expressions;
	StringInfoData query;
	int			ncolumns;

	initStringInfo(&expressions);
	initStringInfo(&query);
	ncolumns = choose_columns(relation, role, wanted, columns, &expressions);
	if (ncolumns == 0)
		return;
	build_query(relation, extent, expressions.data, &query);
	run_query(query.data);
	put_rows(result, columns, ncolumns);
	SPI_freetuptable(SPI_tuptable);

	for (int i = 0; i < ncolumns; i++)
	{
		if (columns[i].document == NULL)
			continue;
		resetStringInfo(&query);
		build_path_query(relation, extent, columns[i].document, &query);
		run_query(query.data);
		put_paths(result, columns[i].attnum);
		SPI_freetuptable(SPI_tuptable);
	}
}

/* The numbers of an array of columns. */
static Bitmapset *
column_set(ArrayType *array)
{
	Bitmapset  *set = NULL;
	Datum	   *numbers;
	bool	   *nulls;
	int			count;

	deconstruct_array(array, INT2OID, sizeof(int16), true, TYPALIGN_SHORT,
					  &numbers, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		if (!nulls[i] && DatumGetInt16(numbers[i]) > 0)
			set = bms_add_member(set, DatumGetInt16(numbers[i]));
	}
	return set;
}

PG_FUNCTION_INFO_V1(pii_read_evidence);

/*
 * pii.read_evidence(relation regclass, percent double precision,
 *					 columns smallint[], deadline timestamptz)
 *		-> setof (attnum smallint, leaf oid, path text, evidence pii.evidence)
 *
 * Evidence of the columns given, or of every column, that can be read: of a
 * sample of about `percent` of the blocks, or of all rows from 100 on, as far
 * as it gets until the deadline.  Of a partitioned table there is one row per
 * leaf.
 */
Datum
pii_read_evidence(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ReadExtent	extent = {0, DT_NOEND};
	Bitmapset  *wanted = NULL;
	Relation	relation;
	Oid			caller;
	Oid			role;
	int			context;
	int			nest_level;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	extent.percent = PG_GETARG_FLOAT8(1);
	if (isnan(extent.percent) || extent.percent <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("percent must be greater than zero")));
	if (!PG_ARGISNULL(2))
	{
		wanted = column_set(PG_GETARG_ARRAYTYPE_P(2));
		if (bms_is_empty(wanted))
			return (Datum) 0;
	}
	if (!PG_ARGISNULL(3))
		extent.deadline = PG_GETARG_TIMESTAMPTZ(3);
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

	read_columns(relation, &extent, role, wanted, result);

	SPI_finish();
	AtEOXact_GUC(false, nest_level);
	SetUserIdAndSecContext(caller, context);
	relation_close(relation, NoLock);
	return (Datum) 0;
}
