/*
 * relevance.c
 *		Whether a statement can matter to the gate, by its text alone.
 *
 * Most DDL has nothing to do with personal data, and must cost what it cost
 * without the gate.  CREATE TABLE and ALTER TABLE are nearly all of it; they
 * are told here, from the parse tree and without a look into the catalogs.
 *
 * What must stay true: "no" is said only of what cannot add a column that is
 * taken for personal data, nor open a path to one.  Whatever is not known here
 * may matter.
 */
#include "compat.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parse_type.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/syscache.h"

#include "policy/relevance.h"
#include "policy/touched.h"
#include "verdict/judge.h"

/*
 * Whether an expression may speak of an "@".  Running the statement has left
 * parts of it analyzed: what is not as the parser makes it, may.
 */
static bool
has_at_sign(Node *node, void *context)
{
	const char *text = NULL;

	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
		case T_A_Const:
			if (!castNode(A_Const, node)->isnull &&
				nodeTag(&castNode(A_Const, node)->val) == T_String)
				text = strVal(&castNode(A_Const, node)->val);
			break;
		case T_A_Expr:
			text = strVal(llast(castNode(A_Expr, node)->name));
			break;
		case T_A_ArrayExpr:
		case T_BoolExpr:
		case T_BooleanTest:
		case T_ColumnRef:
		case T_FuncCall:
		case T_List:
		case T_NullTest:
		case T_String:
		case T_TypeCast:
		case T_TypeName:
			break;
		default:
			return true;
	}
	return (text != NULL && strchr(text, '@') != NULL) ||
		raw_expression_tree_walker(node, has_at_sign, context);
}

/*
 * Whether a constraint could have a column taken for one of personal data: a
 * CHECK that asks for an "@", or what has it repeat another column.
 */
static bool
constraint_may_matter(const Constraint *constraint)
{
	switch (constraint->contype)
	{
		case CONSTR_CHECK:
			return constraint->raw_expr == NULL ||
				has_at_sign(constraint->raw_expr, NULL);
		case CONSTR_FOREIGN:
		case CONSTR_GENERATED:
			return true;
		default:
			return false;
	}
}

/* Whether any constraint in a list may matter. */
static bool
any_constraint_may_matter(const List *constraints)
{
	ListCell   *cell;

	foreach(cell, constraints)
	{
		if (constraint_may_matter(lfirst_node(Constraint, cell)))
			return true;
	}
	return false;
}

/*
 * Whether a column comes from LIKE, in whose place the server has put columns
 * by now.  The comments and constraints that came with it are not in the
 * statement.  serial has a type by OID, too, and a default.
 */
static bool
is_taken_over(const ColumnDef *column)
{
	return column->typeName->names == NIL && column->constraints == NIL;
}

/*
 * Whether a new column could be taken for personal data.  A domain may say more
 * than the name does, by its own name or its constraints.
 */
static bool
column_may_matter(const ColumnDef *column, const char *table)
{
	Oid			type = LookupTypeNameOid(NULL, column->typeName, true);

	if (is_taken_over(column) || !OidIsValid(type) ||
		get_typtype(type) == TYPTYPE_DOMAIN)
		return true;
	return pii_name_suggests(column->colname, table, type) ||
		any_constraint_may_matter(column->constraints);
}

/*
 * Whether a table that was just made has a foreign key, which has a trigger.
 * The server has taken those out of the statement.
 */
static bool
has_foreign_key(const RangeVar *name)
{
	HeapTuple	tuple = SearchSysCache1(RELOID,
										ObjectIdGetDatum(pii_made_relation(name)));
	bool		found;

	if (!HeapTupleIsValid(tuple))
		return true;
	found = ((Form_pg_class) GETSTRUCT(tuple))->relhastriggers;
	ReleaseSysCache(tuple);
	return found;
}

/*
 * A new table is empty, and nobody has labelled it: its columns are judged by
 * their definitions.  Those that it takes from elsewhere are not in the
 * statement.  The server has put the constraints of the columns beside those of
 * the table by now.
 */
static bool
create_may_matter(const CreateStmt *statement)
{
	ListCell   *cell;

	if (statement->relation->relpersistence == RELPERSISTENCE_TEMP)
		return false;
	if (statement->inhRelations != NIL || statement->partbound != NULL ||
		statement->ofTypename != NULL ||
		any_constraint_may_matter(statement->constraints))
		return true;
	foreach(cell, statement->tableElts)
	{
		Node	   *element = lfirst(cell);

		if (IsA(element, TableLikeClause))
			return true;
		if (IsA(element, ColumnDef) &&
			column_may_matter((ColumnDef *) element,
							  statement->relation->relname))
			return true;
	}
	return has_foreign_key(statement->relation);
}

/*
 * Whether the options that are set may be those of a view, of which
 * security_invoker is one: ALTER TABLE alters views, too.
 */
static bool
may_be_view(const AlterTableStmt *statement)
{
	Oid			relation;

	if (statement->objtype != OBJECT_TABLE)
		return true;
	relation = RangeVarGetRelid(statement->relation, NoLock, true);
	return !OidIsValid(relation) ||
		get_rel_relkind(relation) == RELKIND_VIEW;
}

/*
 * Whether a part of ALTER TABLE can neither add a column that matters nor let
 * anyone read one.
 */
static bool
is_harmless(const AlterTableCmd *command, const AlterTableStmt *statement)
{
	switch (command->subtype)
	{
		case AT_AddColumn:
			return !column_may_matter(castNode(ColumnDef, command->def),
									  statement->relation->relname);
		case AT_DropColumn:
		case AT_DropConstraint:
			/* a policy that depends on it goes with it */
			return command->behavior == DROP_RESTRICT;
		case AT_SetRelOptions:
		case AT_ResetRelOptions:
			return !may_be_view(statement);
		case AT_AddConstraint:
			return !constraint_may_matter(castNode(Constraint, command->def));
		case AT_ColumnDefault:
		case AT_DropNotNull:
		case AT_SetNotNull:
		case AT_DropExpression:
		case AT_SetStatistics:
		case AT_SetOptions:
		case AT_ResetOptions:
		case AT_SetStorage:
		case AT_SetCompression:
		case AT_AddIndex:
		case AT_AlterConstraint:
		case AT_ValidateConstraint:
		case AT_AddIndexConstraint:
		case AT_ClusterOn:
		case AT_DropCluster:
		case AT_SetLogged:
		case AT_SetUnLogged:
		case AT_SetAccessMethod:
		case AT_SetTableSpace:
		case AT_EnableTrig:
		case AT_EnableAlwaysTrig:
		case AT_EnableReplicaTrig:
		case AT_DisableTrig:
		case AT_EnableTrigAll:
		case AT_DisableTrigAll:
		case AT_EnableTrigUser:
		case AT_DisableTrigUser:
		case AT_ReplicaIdentity:
		case AT_AddIdentity:
		case AT_SetIdentity:
		case AT_DropIdentity:
			return true;
		default:
			/* every other one, of this server and of later ones, may matter */
			return false;
	}
}

/* A column that a table gets, its children get under their own names. */
static bool
alter_may_matter(const AlterTableStmt *statement)
{
	bool		adds_column = false;
	ListCell   *cell;

	foreach(cell, statement->cmds)
	{
		AlterTableCmd *command = lfirst_node(AlterTableCmd, cell);

		if (!is_harmless(command, statement))
			return true;
		adds_column |= command->subtype == AT_AddColumn;
	}
	/* an attribute of a type is a column of tables with other names */
	if (adds_column && statement->objtype == OBJECT_TYPE)
		return true;
	if (adds_column)
	{
		Oid			relation = RangeVarGetRelid(statement->relation, NoLock,
												true);

		return !OidIsValid(relation) || has_subclass(relation);
	}
	return false;
}

/*
 * Of what was taken away, only a policy lets anyone read more.  It goes with
 * whatever its condition names.
 */
static bool
drop_may_matter(const DropStmt *statement)
{
	return statement->removeType == OBJECT_POLICY ||
		statement->behavior == DROP_CASCADE;
}

/* A comment on a column may say what its name does not. */
static bool
comment_may_matter(const CommentStmt *statement)
{
	return statement->objtype == OBJECT_COLUMN && statement->comment != NULL;
}

/* Whether a function is said to run with the rights of its owner. */
static bool
options_may_matter(const List *options)
{
	ListCell   *cell;

	foreach(cell, options)
	{
		if (strcmp(lfirst_node(DefElem, cell)->defname, "security") == 0)
			return true;
	}
	return false;
}

/* Default privileges for tables to come. */
static bool
defaults_may_matter(const AlterDefaultPrivilegesStmt *statement)
{
	return statement->action->is_grant &&
		statement->action->objtype == OBJECT_TABLE;
}

/* A column under its new name; below a table it is renamed with it. */
static bool
renamed_column_may_matter(const RenameStmt *statement)
{
	Oid			relation;
	HeapTuple	tuple;
	Oid			type;

	if (statement->relationType == OBJECT_VIEW)
		return false;
	relation = RangeVarGetRelid(statement->relation, NoLock, true);
	tuple = SearchSysCacheAttName(relation, statement->newname);
	if (!HeapTupleIsValid(tuple))
		return true;
	type = ((Form_pg_attribute) GETSTRUCT(tuple))->atttypid;
	ReleaseSysCache(tuple);
	return get_typtype(type) == TYPTYPE_DOMAIN ||
		pii_name_suggests(statement->newname, statement->relation->relname,
						  type) ||
		has_subclass(relation);
}

/*
 * A new name is judged like the name of something new; what labels and scans
 * say, it does not change.
 */
static bool
rename_may_matter(const RenameStmt *statement)
{
	switch (statement->renameType)
	{
		case OBJECT_COLUMN:
			return renamed_column_may_matter(statement);
		case OBJECT_ATTRIBUTE:
		case OBJECT_DOMAIN:
		case OBJECT_FOREIGN_TABLE:
		case OBJECT_MATVIEW:
		case OBJECT_SCHEMA:
		case OBJECT_TABLE:
		case OBJECT_TYPE:
			return true;
		default:
			/* of a view or an index, a name tells nothing */
			return false;
	}
}

/*
 * Whether this session restores a dump.  A dump fills materialized views last
 * of all, even after the event triggers; what it fills, it has created before
 * the gate stood.  Every dump begins with these settings, and nothing else does.
 */
static bool
is_restoring(void)
{
	return !check_function_bodies && !row_security;
}

/*
 * Whether a statement can matter to the gate.  It may be any for which a
 * ddl_command_end event trigger is called.
 */
bool
pii_statement_may_matter(Node *statement)
{
	switch (nodeTag(statement))
	{
		case T_CreateStmt:
			return create_may_matter((CreateStmt *) statement);
		case T_CreateTableAsStmt:
			return ((CreateTableAsStmt *) statement)->into->rel->relpersistence != RELPERSISTENCE_TEMP;
		case T_ViewStmt:
			return ((ViewStmt *) statement)->view->relpersistence != RELPERSISTENCE_TEMP;
		case T_AlterTableStmt:
			return alter_may_matter((AlterTableStmt *) statement);
		case T_DropStmt:
			return drop_may_matter((DropStmt *) statement);
		case T_RenameStmt:
			return rename_may_matter((RenameStmt *) statement);
		case T_RefreshMatViewStmt:
			return !is_restoring();
		case T_GrantStmt:
			return ((GrantStmt *) statement)->is_grant;
		case T_AlterDefaultPrivilegesStmt:
			return defaults_may_matter((AlterDefaultPrivilegesStmt *) statement);
		case T_CreateFunctionStmt:
			return options_may_matter(((CreateFunctionStmt *) statement)->options);
		case T_AlterFunctionStmt:
			return options_may_matter(((AlterFunctionStmt *) statement)->actions);
		case T_AlterExtensionStmt:
			return false;
		case T_AlterExtensionContentsStmt:
			return ((AlterExtensionContentsStmt *) statement)->action < 0;
		case T_CommentStmt:
			return comment_may_matter((CommentStmt *) statement);
		case T_SecLabelStmt:
			return ((SecLabelStmt *) statement)->objtype == OBJECT_COLUMN;
		default:
			return true;
	}
}
