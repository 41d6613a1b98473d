/*
 * collect.c
 *		The event trigger: what the DDL of a transaction touched, noted for its
 *		commit.
 *
 * OIDs go into the table pii.gate_queue.  Its deferred constraint trigger
 * judges them when the transaction ends, however it ends: what a savepoint
 * takes back leaves the queue with it.
 *
 * What must stay true:
 * 1. Unrelated DDL costs what it cost before: the queue is the last resort.
 * 2. The queue is written as its owner, whoever runs the command, and nothing
 *    but our own statements runs so.
 * 3. In the mode "warn" nothing here fails a transaction.
 */
#include "compat.h"

#include "access/table.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_trigger.h"
#include "commands/event_trigger.h"
#include "commands/extension.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/syscache.h"

#include "policy/collect.h"
#include "policy/settings.h"
#include "policy/relevance.h"
#include "policy/suspect.h"
#include "policy/touched.h"

#define QUEUE_NAME "gate_queue"
#define QUEUE_TRIGGER "gate_check"

#define WAY_OUT \
	"A superuser can pass it with SET pii.gate = off, or take it away with DROP EVENT TRIGGER pii_gate."

/* More relations at once than this are judged without a look at each. */
#define MOST_RELATIONS 100

#define COMMANDS_QUERY \
	"SELECT command FROM pg_catalog.pg_event_trigger_ddl_commands()"

/* Class, objects, command. */
#define QUEUE_QUERY \
	"INSERT INTO pii.gate_queue (transaction, class, object, command) " \
	"SELECT pg_catalog.pg_current_xact_id(), $1, o.object, $3 " \
	"FROM pg_catalog.unnest($2) o (object) " \
	"ON CONFLICT DO NOTHING"

/* Commands of this transaction that passed while a superuser said "off". */
static int	passed = 0;

/*
 * Say once per transaction what has passed.  A setting for the database, the
 * role or the server is a decision of its own; this is about SET.
 */
static void
log_passed(XactEvent event, void *arg)
{
	if (passed > 0 &&
		(event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE))
		ereport(LOG,
				(errmsg_plural("pii.gate was off for %d command of role \"%s\"",
							   "pii.gate was off for %d commands of role \"%s\"",
							   passed, passed,
							   GetUserNameFromId(GetUserId(), false)),
				 errdetail("Session user is \"%s\".",
						   GetUserNameFromId(GetSessionUserId(), false))));
	passed = 0;
}

/* Register what is done at the end of transactions, once per backend. */
void
pii_gate_register(void)
{
	RegisterXactCallback(log_passed, NULL);
}

/* Count a command that is not judged because somebody has SET it so. */
static void
note_passed(void)
{
	const char *usual = GetConfigOptionResetString("pii.gate");

	if (usual == NULL || strcmp(usual, "off") != 0)
		passed++;
}

PG_FUNCTION_INFO_V1(pii_gate_passed);

/* pii.gate_passed() -> void: what was noted, and then not judged. */
Datum
pii_gate_passed(PG_FUNCTION_ARGS)
{
	note_passed();
	PG_RETURN_VOID();
}

/* The statement for a query, planned once per backend. */
static SPIPlanPtr
saved_plan(SPIPlanPtr *plan, const char *query, int count, Oid *types)
{
	if (*plan == NULL)
	{
		SPIPlanPtr	fresh = SPI_prepare(query, count, types);

		if (fresh == NULL)
			elog(ERROR, "SPI_prepare failed: %s",
				 SPI_result_code_string(SPI_result));
		SPI_keepplan(fresh);
		*plan = fresh;
	}
	return *plan;
}

/* A list of OIDs as oid[]. */
static Datum
oid_array(List *oids)
{
	Datum	   *datums = palloc(sizeof(Datum) * list_length(oids));
	ListCell   *cell;

	foreach(cell, oids)
		datums[foreach_current_index(cell)] = ObjectIdGetDatum(lfirst_oid(cell));
	return PointerGetDatum(construct_array(datums, list_length(oids), OIDOID,
										   sizeof(Oid), true, TYPALIGN_INT));
}

/* Whether the trigger of the queue is there, and fires. */
static bool
has_trigger(Oid queue)
{
	Relation	catalog = table_open(TriggerRelationId, AccessShareLock);
	Oid			trigger = get_trigger_oid(queue, QUEUE_TRIGGER, true);
	HeapTuple	tuple = get_catalog_object_by_oid(catalog,
												  Anum_pg_trigger_oid,
												  trigger);
	char		enabled = HeapTupleIsValid(tuple) ?
		((Form_pg_trigger) GETSTRUCT(tuple))->tgenabled : TRIGGER_DISABLED;

	table_close(catalog, AccessShareLock);
	return enabled == TRIGGER_FIRES_ON_ORIGIN ||
		enabled == TRIGGER_FIRES_ALWAYS;
}

/* The owner of the queue; invalid, if the queue is not in order. */
static Oid
queue_owner(void)
{
	Oid			namespace = get_namespace_oid("pii", true);
	Oid			queue = OidIsValid(namespace) ?
		get_relname_relid(QUEUE_NAME, namespace) : InvalidOid;
	HeapTuple	tuple;
	Oid			owner;

	if (!OidIsValid(queue) || !has_trigger(queue))
		return InvalidOid;
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(queue));
	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

/*
 * Error context: that it is the gate which fails, and not the command.  Whoever
 * cancelled it needs no advice.
 */
static void
explain_failure(void *arg)
{
	errcontext("the gate of pg_pii noting what %s touched",
			   (const char *) arg);
	if (geterrcode() != ERRCODE_QUERY_CANCELED)
		errhint(WAY_OUT);
}

/* Put objects into the queue, as its owner. */
static void
write_queue(Oid class_id, List *objects, const char *command)
{
	static SPIPlanPtr plan = NULL;
	ErrorContextCallback callback = {
		.previous = error_context_stack, .callback = explain_failure,
		.arg = unconstify(char *, command)
	};
	Oid			types[] = {OIDOID, OIDARRAYOID, TEXTOID};
	Datum		values[3];

	values[0] = ObjectIdGetDatum(class_id);
	values[1] = oid_array(objects);
	values[2] = CStringGetTextDatum(command);
	error_context_stack = &callback;
	if (SPI_execute_plan(saved_plan(&plan, QUEUE_QUERY, 3, types), values,
						 NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not write to pii.gate_queue");
	error_context_stack = callback.previous;
}

/*
 * Queue objects, if there are any, or complain that there is no queue.  A queue
 * that is not in order stands in the way of nothing that need not be queued.
 */
static void
queue_objects(Oid class_id, List *objects, const char *command)
{
	Oid			owner;
	Oid			user;
	int			context;

	if (objects == NIL)
		return;
	owner = queue_owner();
	if (!OidIsValid(owner))
	{
		ereport(pii_gate == PII_GATE_WARN ? WARNING : ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the gate cannot note what %s touched", command),
				 errdetail("The table pii.gate_queue or its trigger is missing, or disabled."),
				 errhint(WAY_OUT)));
		return;
	}
	GetUserIdAndSecContext(&user, &context);
	SetUserIdAndSecContext(owner, context | SECURITY_LOCAL_USERID_CHANGE);
	SPI_connect();
	write_queue(class_id, objects, command);
	SPI_finish();
	SetUserIdAndSecContext(user, context);
}

/* Relations that nobody else sees, or that are ours, are nobody's business. */
static bool
is_out_of_scope(Oid relation)
{
	Oid			namespace = get_rel_namespace(relation);

	return !OidIsValid(namespace) || isAnyTempNamespace(namespace) ||
		IsCatalogNamespace(namespace) || namespace == get_namespace_oid("pii", true);
}

/*
 * Whether a command may fill what it makes.  Whether it did is asked of the
 * relation: what is said of it in the statement, the server may have changed.
 */
static bool
statement_fills(Node *statement)
{
	if (IsA(statement, CreateTableAsStmt))
		return ((CreateTableAsStmt *) statement)->objtype == OBJECT_MATVIEW ||
			!((CreateTableAsStmt *) statement)->into->skipData;
	return IsA(statement, RefreshMatViewStmt);
}

/* Whether a relation can be read; only a materialized view may not. */
static bool
is_populated(Oid relation)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	bool		populated;

	if (!HeapTupleIsValid(tuple))
		return false;
	populated = ((Form_pg_class) GETSTRUCT(tuple))->relispopulated;
	ReleaseSysCache(tuple);
	return populated;
}

/* Whether what a command did to a relation must be judged. */
static bool
must_be_judged(Oid relation, bool is_made, bool fills)
{
	return (fills && is_populated(relation)) ||
		get_rel_relkind(relation) == RELKIND_COMPOSITE_TYPE ||
		(!is_made && pii_has_views(relation)) ||
		pii_relation_suspect(relation, is_made);
}

/* Queue the relations that a command touched, where it can matter. */
static void
queue_relations(const PiiTouched *touched, const char *command, bool fills)
{
	bool		are_many = list_length(touched->objects) > MOST_RELATIONS;
	List	   *judged = NIL;
	ListCell   *cell;

	foreach(cell, touched->objects)
	{
		Oid			relation = lfirst_oid(cell);

		CHECK_FOR_INTERRUPTS();
		if (!is_out_of_scope(relation) &&
			(are_many || must_be_judged(relation, touched->are_made, fills)))
			judged = lappend_oid(judged, relation);
	}
	queue_objects(RelationRelationId, judged, command);
}

/* Queue what a command touched. */
static void
queue_touched(const PiiTouched *touched, const char *command,
			  Node *statement)
{
	if (touched->class_id == RelationRelationId)
		queue_relations(touched, command, statement_fills(statement));
	else
		queue_objects(touched->class_id, touched->objects, command);
}

/* Queue what the commands touched that the server has collected. */
static void
queue_commands(const char *command, Node *statement)
{
	static SPIPlanPtr plan = NULL;
	SPITupleTable *table;

	SPI_connect();
	if (SPI_execute_plan(saved_plan(&plan, COMMANDS_QUERY, 0, NULL), NULL,
						 NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the collected commands");
	table = SPI_tuptable;
	for (uint64 i = 0; i < table->numvals; i++)
	{
		PiiTouched	touched;
		bool		is_null;
		Datum		collected = SPI_getbinval(table->vals[i], table->tupdesc, 1,
											  &is_null);

		if (!is_null &&
			pii_touched_by((CollectedCommand *) DatumGetPointer(collected),
						   &touched))
			queue_touched(&touched, command, statement);
	}
	SPI_finish();
}

/* Queue what the statement touched that the event is about. */
static void
collect(const EventTriggerData *event)
{
	const char *command = GetCommandTagName(event->tag);
	PiiTouched	touched;

	if (pii_touched_by_statement(event->parsetree, &touched))
		queue_touched(&touched, command, event->parsetree);
	else
		queue_commands(command, event->parsetree);
}

/* The same in a subtransaction, of which an error is but a warning. */
static void
collect_or_warn(const EventTriggerData *event)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner resources = CurrentResourceOwner;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		collect(event);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		ereport(WARNING,
				(errcode(error->sqlerrcode),
				 errmsg("the gate cannot note what %s touched: %s",
						GetCommandTagName(event->tag), error->message)));
		FreeErrorData(error);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = resources;
}

PG_FUNCTION_INFO_V1(pii_gate_collect);

/*
 * pii.gate_collect() -> event_trigger, on ddl_command_end: notes what a command
 * touched.  What CREATE EXTENSION does is the DBA's decision.
 */
Datum
pii_gate_collect(PG_FUNCTION_ARGS)
{
	EventTriggerData *event;

	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("pii.gate_collect() can only be called as an event trigger")));
	event = (EventTriggerData *) fcinfo->context;
	if (creating_extension || !pii_statement_may_matter(event->parsetree))
		PG_RETURN_NULL();
	switch ((PiiGateMode) pii_gate)
	{
		case PII_GATE_OFF:
			note_passed();
			break;
		case PII_GATE_WARN:
			collect_or_warn(event);
			break;
		case PII_GATE_BLOCK:
			collect(event);
			break;
	}
	PG_RETURN_NULL();
}
