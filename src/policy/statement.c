/*
 * statement.c
 *		Running a migration's text for pii.check_ddl().
 *
 * The text is the caller's and runs with the caller's own rights, under the
 * caller's search path, in a subtransaction that the SQL function above rolls
 * back.  What could not be rolled back, or cannot run there at all, is refused
 * before the first statement runs.  The server refuses some of it by itself,
 * but only when it comes to it, and without saying what to do.
 */
#include "compat.h"

#include "commands/defrem.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "tcop/dest.h"
#include "tcop/utility.h"
#include "utils/builtins.h"

/* Where in the text we are, for the context of an error. */
typedef struct Place
{
	const char *text;
	int			number;			/* of the statement; 0 while parsing */
	int			start;			/* of the statement, in bytes */
	const char *name;			/* of the statement; NULL while parsing */
} Place;

/* The start of what begins at `start`: behind blanks and comments. */
static int
skip_blanks(const char *text, int start)
{
	int			depth = 0;

	for (;;)
	{
		const char *c = text + start;

		if (c[0] == '/' && c[1] == '*')
		{
			depth++;
			start += 2;
		}
		else if (depth > 0 && c[0] == '*' && c[1] == '/')
		{
			depth--;
			start += 2;
		}
		else if (depth == 0 && c[0] == '-' && c[1] == '-')
			start += strcspn(c, "\r\n");
		else if (c[0] != '\0' && (depth > 0 || strchr(" \t\n\r\f\v", c[0])))
			start++;
		else
			return start;
	}
}

/*
 * An error while parsing.  The parser's position is one in the text, not in the
 * caller's query; it counts characters from 1.
 */
static void
place_parse_error(const Place *place, int position)
{
	int			start;

	if (position <= 0)
		return;
	errposition(0);
	internalerrposition(position);
	internalerrquery(place->text);
	start = pg_mbcharcliplen(place->text, strlen(place->text), position - 1);
	if (place->text[start] == '\\')
		errhint("Commands of psql are not SQL: leave them out of the text that is checked.");
}

/* Error context: which statement of the text, and at which line. */
static void
place_error(void *arg)
{
	const Place *place = arg;
	int			line = 1;

	if (place->number == 0)
	{
		place_parse_error(place, geterrposition());
		return;
	}
	for (int i = 0; i < place->start; i++)
	{
		if (place->text[i] == '\n')
			line++;
	}
	errcontext("statement %d of the migration, %s at line %d",
			   place->number, place->name, line);
	if (geterrcode() == ERRCODE_INVALID_TRANSACTION_TERMINATION)
		errhint("The whole text runs in one transaction, which is rolled back: leave out what commits.");
}

/* The option of that name, or NULL. */
static DefElem *
find_option(List *options, const char *name)
{
	ListCell   *cell;

	foreach(cell, options)
	{
		DefElem    *option = lfirst_node(DefElem, cell);

		if (strcmp(option->defname, name) == 0)
			return option;
	}
	return NULL;
}

/* Whether ALTER TABLE detaches a partition concurrently. */
static bool
detaches_concurrently(const AlterTableStmt *statement)
{
	ListCell   *cell;

	foreach(cell, statement->cmds)
	{
		AlterTableCmd *command = lfirst_node(AlterTableCmd, cell);

		if (command->subtype == AT_DetachPartition &&
			castNode(PartitionCmd, command->def)->concurrent)
			return true;
	}
	return false;
}

/* The form of REINDEX that runs outside a transaction block only, or NULL. */
static const char *
reindex_outside_block(const ReindexStmt *statement)
{
	DefElem    *concurrently = find_option(statement->params, "concurrently");

	if (concurrently != NULL && defGetBoolean(concurrently))
		return "REINDEX CONCURRENTLY";
	if (statement->kind == REINDEX_OBJECT_INDEX ||
		statement->kind == REINDEX_OBJECT_TABLE)
		return NULL;
	return "REINDEX of a whole schema or database";
}

/*
 * What to call a statement that the server runs outside a transaction block
 * only; NULL for any other.  Those that depend on the object, such as CLUSTER
 * of a partitioned table, the server refuses by itself.
 */
static const char *
outside_block(Node *node)
{
	switch (nodeTag(node))
	{
		case T_IndexStmt:
			return castNode(IndexStmt, node)->concurrent ?
				"CREATE INDEX CONCURRENTLY" : NULL;
		case T_DropStmt:
			return castNode(DropStmt, node)->concurrent ?
				"DROP INDEX CONCURRENTLY" : NULL;
		case T_ReindexStmt:
			return reindex_outside_block(castNode(ReindexStmt, node));
		case T_AlterTableStmt:
			return detaches_concurrently(castNode(AlterTableStmt, node)) ?
				"ALTER TABLE DETACH PARTITION CONCURRENTLY" : NULL;
		case T_ClusterStmt:
			return castNode(ClusterStmt, node)->relation == NULL ?
				"CLUSTER of all tables" : NULL;
		case T_VacuumStmt:
			return castNode(VacuumStmt, node)->is_vacuumcmd ? "VACUUM" : NULL;
		case T_DiscardStmt:
			return castNode(DiscardStmt, node)->target == DISCARD_ALL ?
				"DISCARD ALL" : NULL;
		case T_AlterDatabaseStmt:
			return find_option(castNode(AlterDatabaseStmt, node)->options,
							   "tablespace") != NULL ?
				"ALTER DATABASE SET TABLESPACE" : NULL;
		case T_CreatedbStmt:
		case T_DropdbStmt:
		case T_CreateTableSpaceStmt:
		case T_DropTableSpaceStmt:
		case T_AlterSystemStmt:
			return CreateCommandName(node);
		default:
			return NULL;
	}
}

/* Refuse COPY but from a file: to or from the client, and to elsewhere. */
static void
check_copy(const CopyStmt *copy)
{
	if (copy->filename == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot check COPY %s",
						copy->is_from ? "FROM STDIN" : "TO STDOUT"),
				 errdetail("The statements of a check cannot exchange data with the client."),
				 errhint("Leave it out of the text that is checked, or use INSERT.")));
	if (copy->is_program || !copy->is_from)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot check COPY %s%s",
						copy->is_from ? "FROM" : "TO",
						copy->is_program ? " PROGRAM" : " a file"),
				 errdetail("It acts outside the database, where nothing is rolled back."),
				 errhint("Leave it out of the text that is checked.")));
}

/* Refuse what cannot be checked. */
static void
check_statement(Node *node)
{
	const char *name = outside_block(node);

	if (name != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("cannot check %s", name),
				 errdetail("It cannot run inside a transaction block, and a check runs in one that is rolled back."),
				 errhint("Leave it out of the text that is checked.")));
	if (IsA(node, TransactionStmt))
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("cannot check %s", CreateCommandName(node)),
				 errdetail("The whole text runs in one transaction, which is rolled back."),
				 errhint("Leave transaction control out of the text that is checked.")));
	if (IsA(node, CreateSubscriptionStmt) ||
		IsA(node, AlterSubscriptionStmt) || IsA(node, DropSubscriptionStmt))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot check %s", CreateCommandName(node)),
				 errdetail("It acts on another server, where nothing is rolled back."),
				 errhint("Leave it out of the text that is checked.")));
	if (IsA(node, CopyStmt))
		check_copy(castNode(CopyStmt, node));
}

/* Run one statement and throw away the rows it returns. */
static void
run_statement(const char *statement)
{
	SPIExecuteOptions options = {.dest = None_Receiver};
	int			result;

	SPI_connect();
	result = SPI_execute_extended(statement, &options);
	if (result < 0)
		elog(ERROR, "could not run a statement of the migration: %s",
			 SPI_result_code_string(result));
	SPI_finish();
}

/* Check every statement of a text, or run them all, one by one. */
static void
walk_statements(List *statements, Place *place, bool run)
{
	ListCell   *cell;

	place->number = 0;
	foreach(cell, statements)
	{
		RawStmt    *raw = lfirst_node(RawStmt, cell);
		int			end = raw->stmt_len > 0 ?
			raw->stmt_location + raw->stmt_len : strlen(place->text);

		CHECK_FOR_INTERRUPTS();
		place->number++;
		place->start = skip_blanks(place->text, raw->stmt_location);
		place->name = CreateCommandName(raw->stmt);
		if (run)
			run_statement(pnstrdup(place->text + place->start,
								   end - place->start));
		else
			check_statement(raw->stmt);
	}
}

PG_FUNCTION_INFO_V1(pii_run_ddl);

/*
 * pii.run_ddl(sql text) -> void: run the statements of a text in the current
 * transaction, or none of them if one could not be undone with it.
 */
Datum
pii_run_ddl(PG_FUNCTION_ARGS)
{
	Place		place = {.text = text_to_cstring(PG_GETARG_TEXT_PP(0))};
	/* previous is left out: nobody needs to read which functions called us */
	ErrorContextCallback callback = {.callback = place_error, .arg = &place};
	ErrorContextCallback *outer = error_context_stack;
	List	   *statements;

	if (InSecurityRestrictedOperation())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("cannot run a migration within security-restricted operation")));
	error_context_stack = &callback;
	statements = raw_parser(place.text, RAW_PARSE_DEFAULT);
	walk_statements(statements, &place, false);
	walk_statements(statements, &place, true);
	error_context_stack = outer;
	PG_RETURN_VOID();
}
