/*
 * audience.c
 *		Whom a grant to a role reaches: sets of roles, as bit strings.
 *
 * A role's number is its place among all roles by OID; a set has one bit a
 * role, so that "who may do both" is one "&" and "how many" one bit_count.
 * The sets of all roles are made at once and kept for the session, as the
 * server keeps its own answers to the same question (acl.c): they change when
 * a role, a membership or the owner of the database does.
 *
 * What must stay true:
 * 1. Within one statement all sets are of one making, or their bits would
 *    not mean the same.  What is changed elsewhere counts from the next
 *    statement on, what is changed here from the next command on; and a
 *    snapshot of the past of a transaction that changed roles has its own.
 * 2. Superusers need no grant: no set holds a role merely for being one.
 * 3. Three sets of every role take three bits for each pair of roles: 0.4 MB
 *    for a thousand, 40 for ten thousand.
 */
#include "compat.h"

#include "access/xact.h"
#include "catalog/pg_authid.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/varbit.h"

#include "exposure/membership.h"

/* What one can be of a role; each is a set of roles for every role. */
typedef enum Relationship
{
	HEIRS,						/* who has its privileges */
	SWITCHERS,					/* who may SET ROLE to it */
	MEMBERS						/* who is a member, with whatever options */
} Relationship;

#define RELATIONSHIPS (MEMBERS + 1)

typedef struct Audience
{
	MemoryContext context;		/* of all this */
	TimestampTz statement;		/* when it was last used */
	CommandId	command;		/* of the snapshot */
	PiiRoles	known;			/* roles and memberships */
	VarBit	   *(*sets)[RELATIONSHIPS];	/* of each role */
} Audience;

static Audience *audience = NULL;
static bool audience_is_current = false;

/* The transaction and the statement in which roles were last seen to change. */
static TransactionId changed_in = InvalidTransactionId;
static TimestampTz changed_at = 0;

/* A role, a membership or the database has changed. */
static void
forget_audience(Datum argument, int cache, uint32 hash)
{
	(void) argument;
	(void) cache;
	(void) hash;
	audience_is_current = false;
	changed_in = GetTopTransactionIdIfAny();
	changed_at = GetCurrentStatementStartTimestamp();
}

/* The empty set, of as many roles as there are. */
static VarBit *
make_set(int role_count)
{
	VarBit	   *set = palloc0(VARBITTOTALLEN(role_count));

	SET_VARSIZE(set, VARBITTOTALLEN(role_count));
	VARBITLEN(set) = role_count;
	return set;
}

static bool
is_in_set(const VarBit *set, int number)
{
	return (VARBITS(set)[number / BITS_PER_BYTE] &
			(HIGHBIT >> number % BITS_PER_BYTE)) != 0;
}

static void
add_to_set(VarBit *set, int number)
{
	VARBITS(set)[number / BITS_PER_BYTE] |= HIGHBIT >> number % BITS_PER_BYTE;
}

/* Add all of a set to another; returns whether that made it larger. */
static bool
add_set(VarBit *set, const VarBit *added)
{
	bits8		grown = 0;

	for (int i = 0; i < VARBITBYTES(set); i++)
	{
		bits8		before = VARBITS(set)[i];

		VARBITS(set)[i] |= VARBITS(added)[i];
		grown |= before ^ VARBITS(set)[i];
	}
	return grown != 0;
}

/*
 * Go on from members to their members until nobody is new.  There are no
 * circles of memberships, so the number of rounds is that of the layers.
 */
static void
close_sets(Audience *made)
{
	bool		has_grown = true;

	while (has_grown)
	{
		has_grown = false;
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < made->known.membership_count; i++)
		{
			const PiiMembership *membership = &made->known.memberships[i];
			VarBit	  **to = made->sets[membership->role];
			VarBit	  **from = made->sets[membership->member];

			if (membership->inherits)
				has_grown |= add_set(to[HEIRS], from[HEIRS]);
			if (membership->sets)
				has_grown |= add_set(to[SWITCHERS], from[SWITCHERS]);
			has_grown |= add_set(to[MEMBERS], from[MEMBERS]);
		}
	}
}

/* Make the sets of all roles, in the current memory context. */
static void
make_audience(Audience *made)
{
	int			role_count;

	pii_roles_read(&made->known);
	role_count = made->known.role_count;
	made->sets = palloc(role_count * sizeof(*made->sets));
	for (int i = 0; i < role_count; i++)
	{
		for (int kind = 0; kind < RELATIONSHIPS; kind++)
		{
			made->sets[i][kind] = make_set(role_count);
			add_to_set(made->sets[i][kind], i);
		}
	}
	close_sets(made);
}

/* Ask to be told of what changes the sets; once in a session. */
static void
watch_catalogs(void)
{
	static bool is_watching = false;

	if (is_watching)
		return;
	CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, forget_audience, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHOID, forget_audience, (Datum) 0);
	CacheRegisterSyscacheCallback(DATABASEOID, forget_audience, (Datum) 0);
	is_watching = true;
}

/* Whether the sets there are can answer for a snapshot. */
static bool
is_audience_for(TimestampTz statement, CommandId command)
{
	if (audience == NULL)
		return false;
	return audience_is_current ||
		(audience->statement == statement && audience->command == command);
}

/*
 * Whether the active snapshot shows all changes of roles that were heard of:
 * not if it is of a time before, by isolation, within this statement, or as the
 * past of a transaction that made them.
 */
static bool
is_snapshot_latest(TimestampTz statement)
{
	return !IsolationUsesXactSnapshot() && changed_at != statement &&
		(!TransactionIdIsValid(changed_in) ||
		 changed_in != GetTopTransactionIdIfAny());
}

/*
 * The sets as of this statement.  They are made in a context of their own,
 * below that of the call until they are complete: an error leaves none.
 */
static Audience *
get_audience(void)
{
	TimestampTz statement = GetCurrentStatementStartTimestamp();
	CommandId	command = GetActiveSnapshot()->curcid;
	MemoryContext context;
	MemoryContext before;
	Audience   *made;

	if (is_audience_for(statement, command))
	{
		audience->statement = statement;
		audience->command = command;
		return audience;
	}
	watch_catalogs();
	if (audience != NULL)
		MemoryContextDelete(audience->context);
	audience = NULL;
	context = AllocSetContextCreate(CurrentMemoryContext, "pg_pii audience",
									ALLOCSET_DEFAULT_SIZES);
	before = MemoryContextSwitchTo(context);
	/* what changes from here on makes it stale again */
	audience_is_current = is_snapshot_latest(statement);
	made = palloc0(sizeof(Audience));
	made->context = context;
	made->statement = statement;
	made->command = command;
	make_audience(made);
	MemoryContextSwitchTo(before);
	MemoryContextSetParent(context, CacheMemoryContext);
	audience = made;
	return audience;
}

/* A set for the caller to keep; PUBLIC is everyone, a role that is not there nobody. */
static Datum
copy_set(Oid role, Relationship relationship)
{
	Audience   *made = get_audience();
	int			number = pii_roles_find(&made->known, role);
	VarBit	   *set = make_set(made->known.role_count);

	if (number >= 0)
		add_set(set, made->sets[number][relationship]);
	else if (role == ACL_ID_PUBLIC && relationship == HEIRS)
	{
		for (int i = 0; i < made->known.role_count; i++)
			add_to_set(set, i);
	}
	return VarBitPGetDatum(set);
}

/* The set of one role, for the caller to keep; of none, if it is not there. */
static VarBit *
make_self(const Audience *made, Oid role)
{
	int			number = pii_roles_find(&made->known, role);
	VarBit	   *set = make_set(made->known.role_count);

	if (number >= 0)
		add_to_set(set, number);
	return set;
}

PG_FUNCTION_INFO_V1(pii_role_number);

/* pii.role_number(oid) -> int: its bit, from 0; NULL if there is no such role. */
Datum
pii_role_number(PG_FUNCTION_ARGS)
{
	int			number = pii_roles_find(&get_audience()->known, PG_GETARG_OID(0));

	if (number < 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(number);
}

PG_FUNCTION_INFO_V1(pii_role_self);

/* pii.role_self(oid) -> varbit: the role alone. */
Datum
pii_role_self(PG_FUNCTION_ARGS)
{
	PG_RETURN_VARBIT_P(make_self(get_audience(), PG_GETARG_OID(0)));
}

PG_FUNCTION_INFO_V1(pii_role_owners);

/*
 * pii.role_owners(oid) -> varbit: who owns what the role owns: itself, and for
 * pg_database_owner the owner of the database.
 */
Datum
pii_role_owners(PG_FUNCTION_ARGS)
{
	Audience   *made = get_audience();
	VarBit	   *set = make_self(made, PG_GETARG_OID(0));

	if (PG_GETARG_OID(0) == ROLE_PG_DATABASE_OWNER && made->known.database_owner >= 0)
		add_to_set(set, made->known.database_owner);
	PG_RETURN_VARBIT_P(set);
}

PG_FUNCTION_INFO_V1(pii_role_heirs);

/* pii.role_heirs(oid) -> varbit: who has its privileges without SET ROLE. */
Datum
pii_role_heirs(PG_FUNCTION_ARGS)
{
	return copy_set(PG_GETARG_OID(0), HEIRS);
}

PG_FUNCTION_INFO_V1(pii_role_switchers);

/* pii.role_switchers(oid) -> varbit: who may SET ROLE to it. */
Datum
pii_role_switchers(PG_FUNCTION_ARGS)
{
	return copy_set(PG_GETARG_OID(0), SWITCHERS);
}

PG_FUNCTION_INFO_V1(pii_role_members);

/* pii.role_members(oid) -> varbit: who is a member of it at all. */
Datum
pii_role_members(PG_FUNCTION_ARGS)
{
	return copy_set(PG_GETARG_OID(0), MEMBERS);
}

/* Put a membership into the result. */
static void
put_membership(ReturnSetInfo *result, const Audience *made,
			   const PiiMembership *membership)
{
	const PiiRole *role = &made->known.roles[membership->role];
	Datum		values[6];
	bool		nulls[6] = {false};

	values[0] = ObjectIdGetDatum(role->oid);
	values[1] = ObjectIdGetDatum(made->known.roles[membership->member].oid);
	values[2] = BoolGetDatum(membership->inherits);
	values[3] = BoolGetDatum(membership->sets);
	values[4] = BoolGetDatum(role->is_superuser);
	values[5] = CStringGetTextDatum(membership->remedy);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(pii_memberships);

/*
 * pii.memberships(oid) -> setof (role oid, member oid, inherits boolean,
 * sets boolean, is_superuser boolean, remedy text): those in one role, or,
 * given NULL, all.
 */
Datum
pii_memberships(PG_FUNCTION_ARGS)
{
	Audience   *made = get_audience();
	int			asked = PG_ARGISNULL(0) ? -1 : pii_roles_find(&made->known, PG_GETARG_OID(0));

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 0; i < made->known.membership_count; i++)
	{
		if (PG_ARGISNULL(0) || made->known.memberships[i].role == asked)
			put_membership((ReturnSetInfo *) fcinfo->resultinfo, made,
						   &made->known.memberships[i]);
	}
	return (Datum) 0;
}

/* Whether to SET ROLE to its role makes the member one of a set. */
static bool
is_entrance(const Audience *made, const PiiMembership *membership,
			const VarBit *set, bool from_within)
{
	const PiiRole *role = &made->known.roles[membership->role];

	if (!membership->sets || made->known.roles[membership->member].is_superuser)
		return false;
	if (role->is_superuser)
		return true;
	/* what a role has by inheritance it need not SET ROLE for */
	return !is_in_set(made->sets[membership->role][HEIRS], membership->member) &&
		is_in_set(set, membership->role) &&
		(from_within || !is_in_set(set, membership->member));
}

PG_FUNCTION_INFO_V1(pii_entrances);

/*
 * pii.entrances(varbit, boolean) -> setof as above: memberships by which SET
 * ROLE leads into a set of roles, or to a superuser; if asked, also for members
 * that are in the set without.
 */
Datum
pii_entrances(PG_FUNCTION_ARGS)
{
	Audience   *made = get_audience();
	VarBit	   *set = PG_GETARG_VARBIT_P(0);
	bool		from_within = PG_GETARG_BOOL(1);

	if (VARBITLEN(set) != made->known.role_count)
		ereport(ERROR,
				(errcode(ERRCODE_STRING_DATA_LENGTH_MISMATCH),
				 errmsg("set of %d roles does not fit the %d roles there are",
						VARBITLEN(set), made->known.role_count)));
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 0; i < made->known.membership_count; i++)
	{
		if (is_entrance(made, &made->known.memberships[i], set, from_within))
			put_membership((ReturnSetInfo *) fcinfo->resultinfo, made,
						   &made->known.memberships[i]);
	}
	return (Datum) 0;
}
