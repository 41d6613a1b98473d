/*
 * compat.h
 *		What differs between the supported server versions, 15 to 18.
 *
 * The only file that may look at PG_VERSION_NUM.  Call sites use the newest
 * server's spelling; the older ones are given it here.
 */
#ifndef PII_COMPAT_H
#define PII_COMPAT_H

#include "postgres.h"

#include "fmgr.h"

#if PG_VERSION_NUM < 150000
#error "pg_pii requires PostgreSQL 15 or later"
#endif

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#endif

/* 16 brought errors that a type's input function may return softly. */
#if PG_VERSION_NUM < 160000
#define ereturn(escontext, result, ...) \
	do { \
		(void) (escontext); \
		ereport(ERROR, __VA_ARGS__); \
		return result; \
	} while (0)
#endif

/* 16 moved what a query may do with a relation out of its range table entry. */
#if PG_VERSION_NUM < 160000
#define RTEPermissionInfo RangeTblEntry
#define QUERY_PERMISSIONS(query, entry) (entry)
#else
#define QUERY_PERMISSIONS(query, entry) \
	getRTEPermissionInfo((query)->rteperminfos, (entry))
#endif

/* 16 gave memberships options of their own, and several grantors. */
#if PG_VERSION_NUM < 160000
#define MEMBERSHIPS_HAVE_GRANTORS false
#define MEMBERSHIP_INHERITS(membership, member_inherits) (member_inherits)
#define MEMBERSHIP_SETS(membership) true
#else
#define MEMBERSHIPS_HAVE_GRANTORS true
#define MEMBERSHIP_INHERITS(membership, member_inherits) \
	((membership)->inherit_option)
#define MEMBERSHIP_SETS(membership) ((membership)->set_option)
#endif

/* 18 puts what a query is grouped by into a range table entry of its own. */
#if PG_VERSION_NUM < 180000
#define GROUP_EXPRESSIONS(entry) NIL
#else
#define GROUP_EXPRESSIONS(entry) ((entry)->groupexprs)
#endif

/* 18 says pg_noreturn, in front, for what was an attribute. */
#ifndef pg_noreturn
#define pg_noreturn pg_attribute_noreturn()
#endif

/* 18 lets a module tell its name and version. */
#ifndef PG_MODULE_MAGIC_EXT
#define PG_MODULE_MAGIC_EXT(...) PG_MODULE_MAGIC
#endif

#endif							/* PII_COMPAT_H */
