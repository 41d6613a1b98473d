/*
 * membership.h
 *		Roles by number, and their memberships in each other.
 */
#ifndef PII_MEMBERSHIP_H
#define PII_MEMBERSHIP_H

#include "compat.h"

typedef struct PiiRole
{
	Oid			oid;
	NameData	name;
	bool		is_superuser;
	bool		inherits;		/* counts up to PostgreSQL 15 */
} PiiRole;

/* A membership, or all those of one role in another by several grantors. */
typedef struct PiiMembership
{
	int			role;			/* number of the role */
	int			member;			/* number of its member */
	Oid			grantor;		/* of the first */
	bool		has_admin;
	bool		inherits;
	bool		sets;
	char	   *remedy;			/* SQL that ends it */
} PiiMembership;

typedef struct PiiRoles
{
	PiiRole    *roles;			/* by OID; the place of one is its number */
	int			role_count;
	int			database_owner; /* its number, or -1 */
	PiiMembership *memberships; /* by role and member */
	int			membership_count;
} PiiRoles;

extern void pii_roles_read(PiiRoles *known);
extern int	pii_roles_find(const PiiRoles *known, Oid role);

#endif							/* PII_MEMBERSHIP_H */
