/*
 * membership.c
 *		Roles, and which of them are members of which, as the catalogs have it.
 *
 * What must stay true: all is read by the active snapshot, but for the owner of
 * the database, and lies in the current memory context.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_auth_members.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_database.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "exposure/membership.h"

/* In order of OIDs. */
static int
compare_roles(const void *left, const void *right)
{
	Oid			a = ((const PiiRole *) left)->oid;
	Oid			b = ((const PiiRole *) right)->oid;

	return (a > b) - (a < b);
}

/* Grants that may be passed on go last: their CASCADE takes others along. */
static int
compare_memberships(const void *left, const void *right)
{
	const PiiMembership *a = left;
	const PiiMembership *b = right;

	if (a->role != b->role)
		return a->role < b->role ? -1 : 1;
	if (a->member != b->member)
		return a->member < b->member ? -1 : 1;
	if (a->has_admin != b->has_admin)
		return a->has_admin ? 1 : -1;
	return (a->grantor > b->grantor) - (a->grantor < b->grantor);
}

/* The number of a role, or -1 if there is none with this OID. */
int
pii_roles_find(const PiiRoles *known, Oid role)
{
	PiiRole		key;
	PiiRole	   *found;

	key.oid = role;
	found = bsearch(&key, known->roles, known->role_count, sizeof(PiiRole),
					compare_roles);
	return found == NULL ? -1 : (int) (found - known->roles);
}

/* An array with room for one more; it doubles when it is full. */
static void *
make_room(void *array, int count, Size size)
{
	if (count == 0)
		return palloc(size);
	if ((count & (count - 1)) == 0)
		return repalloc_huge(array, 2 * count * size);
	return array;
}

/* Read all roles, in order of their OIDs. */
static void
read_roles(PiiRoles *known)
{
	Relation	catalog = table_open(AuthIdRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(catalog, InvalidOid, false,
										  GetActiveSnapshot(), 0, NULL);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_authid form = (Form_pg_authid) GETSTRUCT(tuple);
		PiiRole	   *role;

		CHECK_FOR_INTERRUPTS();
		known->roles = make_room(known->roles, known->role_count, sizeof(PiiRole));
		role = &known->roles[known->role_count++];
		role->oid = form->oid;
		role->name = form->rolname;
		role->is_superuser = form->rolsuper;
		role->inherits = form->rolinherit;
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	qsort(known->roles, known->role_count, sizeof(PiiRole), compare_roles);
}

/* SQL that ends a membership. */
static char *
membership_remedy(const PiiRoles *known, const PiiMembership *membership)
{
	StringInfoData remedy;
	int			grantor = pii_roles_find(known, membership->grantor);

	initStringInfo(&remedy);
	appendStringInfo(&remedy, "REVOKE %s",
					 quote_identifier(NameStr(known->roles[membership->role].name)));
	appendStringInfo(&remedy, " FROM %s",
					 quote_identifier(NameStr(known->roles[membership->member].name)));
	if (MEMBERSHIPS_HAVE_GRANTORS && grantor >= 0)
		appendStringInfo(&remedy, " GRANTED BY %s",
						 quote_identifier(NameStr(known->roles[grantor].name)));
	appendStringInfoString(&remedy, membership->has_admin ? " CASCADE;" : ";");
	return remedy.data;
}

/* Note a membership between two roles that are both there. */
static void
add_membership(PiiRoles *known, const PiiMembership *membership)
{
	if (membership->role < 0 || membership->member < 0)
		return;
	known->memberships = make_room(known->memberships, known->membership_count,
								   sizeof(PiiMembership));
	known->memberships[known->membership_count++] = *membership;
}

/*
 * Read all memberships.  Up to PostgreSQL 15 the member's INHERIT attribute
 * decides for all of its own; from 16 each has options of its own.
 */
static void
read_memberships(PiiRoles *known)
{
	Relation	catalog = table_open(AuthMemRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(catalog, InvalidOid, false,
										  GetActiveSnapshot(), 0, NULL);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_auth_members form = (Form_pg_auth_members) GETSTRUCT(tuple);
		PiiMembership found;

		CHECK_FOR_INTERRUPTS();
		found.role = pii_roles_find(known, form->roleid);
		found.member = pii_roles_find(known, form->member);
		if (found.role < 0 || found.member < 0)
			continue;
		found.grantor = form->grantor;
		found.has_admin = form->admin_option;
		found.inherits = MEMBERSHIP_INHERITS(form, known->roles[found.member].inherits);
		found.sets = MEMBERSHIP_SETS(form);
		found.remedy = membership_remedy(known, &found);
		add_membership(known, &found);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
}

/*
 * The owner of the database is a member of pg_database_owner without a row
 * that says so.
 */
static void
add_database_owner(PiiRoles *known)
{
	HeapTuple	tuple = SearchSysCache1(DATABASEOID,
										ObjectIdGetDatum(MyDatabaseId));
	Form_pg_database form;
	PiiMembership implied = {0};

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for database %u", MyDatabaseId);
	form = (Form_pg_database) GETSTRUCT(tuple);
	implied.role = pii_roles_find(known, ROLE_PG_DATABASE_OWNER);
	implied.member = pii_roles_find(known, form->datdba);
	implied.sets = true;
	known->database_owner = -1;
	implied.remedy = psprintf("ALTER DATABASE %s OWNER TO CURRENT_USER;",
							  quote_identifier(NameStr(form->datname)));
	ReleaseSysCache(tuple);
	if (implied.role < 0 || implied.member < 0)
		return;
	implied.inherits = MEMBERSHIPS_HAVE_GRANTORS ||
		known->roles[implied.member].inherits;
	add_membership(known, &implied);
	known->database_owner = implied.member;
}

/* Make one of the memberships of a role in another by several grantors. */
static void
merge_memberships(PiiRoles *known)
{
	int			kept = 0;

	qsort(known->memberships, known->membership_count, sizeof(PiiMembership),
		  compare_memberships);
	for (int i = 1; i < known->membership_count; i++)
	{
		PiiMembership *last = &known->memberships[kept];
		PiiMembership *next = &known->memberships[i];

		if (last->role != next->role || last->member != next->member)
		{
			known->memberships[++kept] = *next;
			continue;
		}
		last->inherits |= next->inherits;
		last->sets |= next->sets;
		last->remedy = psprintf("%s %s", last->remedy, next->remedy);
	}
	if (known->membership_count > 0)
		known->membership_count = kept + 1;
}

/*
 * Read the roles and memberships that there are, one membership of a role in
 * another; what was in the result before is forgotten.
 */
void
pii_roles_read(PiiRoles *known)
{
	memset(known, 0, sizeof(PiiRoles));
	read_roles(known);
	read_memberships(known);
	add_database_owner(known);
	merge_memberships(known);
}
