/*
 * suspect.c
 *		Whether a relation could hold personal data, without judging it.
 *
 * A transaction is judged at its commit with the whole of pii.exposure; that is
 * worth its time only where a column could be tagged at all.  Definitions,
 * labels and what scans have found are asked here, of a relation and of those
 * whose values it could repeat: a few index scans each, for every table that
 * a migration makes goes through here.
 *
 * What must stay true: nothing here locks a user's relation, and a column that
 * pii.tagged would show, or pii.lineage of one, is never passed over.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_description.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_seclabel.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/bitmapset.h"
#include "rewrite/rewriteSupport.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "policy/suspect.h"
#include "scan/name.h"
#include "verdict/judge.h"

/*
 * The relations that a view's query reads, itself aside.  Its dependencies name
 * them; to read the query itself would take several times as long.
 */
static List *
view_relations(Oid view)
{
	List	   *relations = NIL;
	Oid			rule = get_rewrite_oid(view, ViewSelectRuleName, true);
	Relation	catalog;
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	if (!OidIsValid(rule))
		return NIL;
	catalog = table_open(DependRelationId, AccessShareLock);
	ScanKeyInit(&keys[0], Anum_pg_depend_classid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(RewriteRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_objid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(rule));
	scan = systable_beginscan(catalog, DependDependerIndexId, true, NULL, 2,
							  keys);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend depend = (Form_pg_depend) GETSTRUCT(tuple);

		if (depend->refclassid == RelationRelationId &&
			depend->refobjid != view)
			relations = list_append_unique_oid(relations, depend->refobjid);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return relations;
}

/* What is found out about a relation on the way. */
typedef struct Suspect
{
	Form_pg_class class;
	bool		commented;		/* something of it has a comment */
	bool		inherits;		/* it has parents, as far as was looked */
	Bitmapset  *checked;		/* columns with a CHECK of their own */
	List	   *referenced;		/* tables that its foreign keys lead to */
} Suspect;

/*
 * Read the constraints of a table; that it has none, is known.  A foreign key
 * has triggers on both sides.
 */
static void
read_constraints(Suspect *suspect)
{
	Relation	catalog;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	if (suspect->class->relchecks == 0 && !suspect->class->relhastriggers)
		return;
	catalog = table_open(ConstraintRelationId, AccessShareLock);
	ScanKeyInit(&key, Anum_pg_constraint_conrelid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(suspect->class->oid));
	scan = systable_beginscan(catalog, ConstraintRelidTypidNameIndexId, true,
							  NULL, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_constraint constraint = (Form_pg_constraint) GETSTRUCT(tuple);
		AttrNumber	column = pii_checked_column(catalog, tuple);

		if (constraint->contype == CONSTRAINT_FOREIGN)
			suspect->referenced = lappend_oid(suspect->referenced,
											  constraint->confrelid);
		else if (constraint->contype == CONSTRAINT_CHECK && column > 0)
			suspect->checked = bms_add_member(suspect->checked, column);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
}

/* The tables that a table inherits from, or is a partition of. */
static List *
parent_tables(Oid relation)
{
	List	   *relations = NIL;
	Relation	catalog = table_open(InheritsRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_inherits_inhrelid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relation));
	scan = systable_beginscan(catalog, InheritsRelidSeqnoIndexId, true, NULL,
							  1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		relations = lappend_oid(relations,
								((Form_pg_inherits) GETSTRUCT(tuple))->inhparent);
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return relations;
}

/*
 * Whether a catalog of things said of columns has anything of a relation for
 * which the test, if there is one, holds.
 */
static bool
any_about(Oid catalog_id, Oid index, AttrNumber object_column,
		  AttrNumber class_column, Oid relation,
		  bool (*test) (HeapTuple, TupleDesc))
{
	Relation	catalog = table_open(catalog_id, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;

	ScanKeyInit(&keys[0], object_column, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relation));
	ScanKeyInit(&keys[1], class_column, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(RelationRelationId));
	scan = systable_beginscan(catalog, index, true, NULL, 2, keys);
	while (!found && HeapTupleIsValid(tuple = systable_getnext(scan)))
		found = test == NULL || test(tuple, RelationGetDescr(catalog));
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return found;
}

/* Whether a label is one of ours. */
static bool
is_ours(HeapTuple label, TupleDesc descriptor)
{
	bool		is_null;
	Datum		provider = heap_getattr(label, Anum_pg_seclabel_provider,
										descriptor, &is_null);

	return !is_null && strcmp(TextDatumGetCString(provider), "pii") == 0;
}

/* Whether a person has labelled any column. */
static bool
has_label(Oid relation)
{
	return any_about(SecLabelRelationId, SecLabelObjectIndexId,
					 Anum_pg_seclabel_objoid, Anum_pg_seclabel_classoid,
					 relation, is_ours);
}

/* Whether anything of a relation has a comment. */
static bool
has_comment(Oid relation)
{
	return any_about(DescriptionRelationId, DescriptionObjIndexId,
					 Anum_pg_description_objoid, Anum_pg_description_classoid,
					 relation, NULL);
}

/* Whether any scan has found personal data in a relation. */
static bool
has_finding(Oid relation)
{
	Oid			namespace = get_namespace_oid("pii", true);
	Oid			results = get_relname_relid("scan_result", namespace);
	Oid			index = get_relname_relid("scan_result_relation_idx", namespace);
	Relation	table;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;

	if (!OidIsValid(results))
		return false;
	table = table_open(results, AccessShareLock);
	ScanKeyInit(&key, get_attnum(results, "relation"), BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relation));
	scan = systable_beginscan(table, index, OidIsValid(index), NULL, 1, &key);
	while (!found && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		is_null;
		Datum		verdict = heap_getattr(tuple,
										   get_attnum(results, "verdict"),
										   RelationGetDescr(table), &is_null);
		char	   *name = is_null ? "" : TextDatumGetCString(verdict);

		found = strcmp(name, "pii") == 0 || strcmp(name, "mixed") == 0;
	}
	systable_endscan(scan);
	table_close(table, AccessShareLock);
	return found;
}

/*
 * Whether the definition of a column suggests personal data.  Most columns have
 * nothing beside their names and types that could.
 */
static bool
column_suggests(Form_pg_attribute column, const Suspect *suspect)
{
	const char *name = NameStr(column->attname);
	const char *table = NameStr(suspect->class->relname);
	Oid			type = column->atttypid;
	bool		checked = bms_is_member(column->attnum, suspect->checked);

	/* whatever a CHECK asks of it, no number is an e-mail address */
	if (suspect->commented || get_typtype(type) == TYPTYPE_DOMAIN ||
		(checked && pii_name_type(type) != PII_NAME_TYPE_NUMBER))
		return pii_definition_suggests(column->attrelid, column->attnum, name,
									   type, table);
	return pii_name_suggests(name, table, type);
}

/* Whether the definition of any column suggests personal data. */
static bool
any_column_suggests(Suspect *suspect)
{
	Relation	catalog = table_open(AttributeRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;

	ScanKeyInit(&keys[0], Anum_pg_attribute_attrelid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(suspect->class->oid));
	ScanKeyInit(&keys[1], Anum_pg_attribute_attnum, BTGreaterStrategyNumber,
				F_INT2GT, Int16GetDatum(0));
	scan = systable_beginscan(catalog, AttributeRelidNumIndexId, true, NULL, 2,
							  keys);
	while (!found && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_attribute column = (Form_pg_attribute) GETSTRUCT(tuple);

		CHECK_FOR_INTERRUPTS();
		suspect->inherits |= column->attinhcount > 0;
		found = !column->attisdropped && column_suggests(column, suspect);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return found;
}

/*
 * Whether a relation itself could hold personal data.  The columns of a view
 * are what they show; what lies behind a foreign table, is not known here.  Of
 * one that was just made, nobody has said a thing.
 */
static bool
is_suspect(Suspect *suspect, bool is_made)
{
	Oid			relation = suspect->class->oid;

	if (suspect->class->relkind == RELKIND_VIEW)
		return false;
	if (suspect->class->relkind == RELKIND_FOREIGN_TABLE)
		return true;
	suspect->commented = has_comment(relation);
	suspect->inherits = suspect->class->relispartition;
	read_constraints(suspect);
	return any_column_suggests(suspect) ||
		(!is_made && (has_label(relation) || has_finding(relation)));
}

/* The relations whose values a relation shows or repeats, parents aside. */
static List *
source_relations(const Suspect *suspect)
{
	char		kind = suspect->class->relkind;

	return kind == RELKIND_VIEW || kind == RELKIND_MATVIEW ?
		view_relations(suspect->class->oid) : suspect->referenced;
}

/*
 * Whether a relation could hold personal data, or repeat what another one
 * holds: by what is known of itself, of what it shows through any number of
 * views, of what its foreign keys lead to, and of its parents and children.
 * "No" is said only where no view of this extension could tag a column of it.
 */
bool
pii_relation_suspect(Oid relation, bool is_made)
{
	List	   *related = list_make1_oid(relation);
	List	   *parents = NIL;

	/* the list grows as the relations in it are looked into */
	for (int i = 0; i < list_length(related); i++)
	{
		Oid			next = list_nth_oid(related, i);
		HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(next));
		Suspect		suspect = {0};
		bool		found;

		CHECK_FOR_INTERRUPTS();
		if (!HeapTupleIsValid(tuple))
			continue;
		suspect.class = (Form_pg_class) GETSTRUCT(tuple);
		found = is_suspect(&suspect, is_made && next == relation);
		related = list_concat_unique_oid(related, source_relations(&suspect));
		/* what its parents' other children hold, it does not */
		if (suspect.class->relhassubclass && !list_member_oid(parents, next))
			related = list_concat_unique_oid(related,
											 find_inheritance_children(next,
																	   NoLock));
		if (suspect.inherits)
			parents = list_concat_unique_oid(parents, parent_tables(next));
		related = list_concat_unique_oid(related, parents);
		ReleaseSysCache(tuple);
		if (found)
			return true;
	}
	return false;
}

/* The relation that a rule is on. */
static Oid
rule_relation(Oid rule)
{
	Relation	catalog = table_open(RewriteRelationId, AccessShareLock);
	HeapTuple	tuple = get_catalog_object_by_oid(catalog,
												  Anum_pg_rewrite_oid,
												  rule);
	Oid			relation = HeapTupleIsValid(tuple) ?
		((Form_pg_rewrite) GETSTRUCT(tuple))->ev_class : InvalidOid;

	table_close(catalog, AccessShareLock);
	return relation;
}

/*
 * Whether any view reads a relation.  Who is let to the relation may then be
 * let to others through a view that reads as whoever asks.
 */
bool
pii_has_views(Oid relation)
{
	Relation	catalog = table_open(DependRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;

	ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(RelationRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relation));
	scan = systable_beginscan(catalog, DependReferenceIndexId, true, NULL, 2,
							  keys);
	/* the rule of a view depends on the view itself */
	while (!found && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend depend = (Form_pg_depend) GETSTRUCT(tuple);

		found = depend->classid == RewriteRelationId &&
			rule_relation(depend->objid) != relation;
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return found;
}
