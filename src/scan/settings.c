/*
 * settings.c
 *		Settings that the scan and the floors above it read.
 *
 * Detection, evidence and the aggregates know none of them: what a value is
 * must not depend on who asks.
 */
#include "compat.h"

#include <limits.h>

#include "utils/datetime.h"
#include "utils/guc.h"
#include "utils/varlena.h"

#include "detect/plan.h"
#include "scan/settings.h"

/*
 * Which region's numbering plan bare and national numbers are judged by, for
 * a DBA who knows where the customers live.  Empty: inferred per column.
 */
char	   *pii_default_region = NULL;

/*
 * Who may say that a column holds nothing, or that its exposure is accepted:
 * the data protection officer rather than the developer who owns the table.
 */
char	   *pii_officer_role = NULL;

/*
 * Roles that are meant to read personal data: the application's own, the
 * backup's.  They and their members are not reported as exposures.
 */
char	   *pii_trusted_roles = NULL;

/*
 * How long the results of earlier runs are kept, for the auditor who asks what
 * was known last spring.  Empty: for ever.
 */
char	   *pii_retention = NULL;

/*
 * How long a run may take, in milliseconds, for a nightly job that must be out
 * of the way in the morning.  0: as long as it takes.
 */
int			pii_scan_budget = 0;

/* How long to rest after a megabyte, in milliseconds, as a vacuum does. */
int			pii_scan_cost_delay = 0;

/* How many rows a sample aims at: what a DBA is willing to read per table. */
int			pii_sample_rows = 10000;

/* Accept the empty string or a region of the numbering plan. */
static bool
check_default_region(char **newval, void **extra, GucSource source)
{
	if (**newval == '\0' || pii_region_by_code(*newval, strlen(*newval)) >= 0)
		return true;
	GUC_check_errdetail("\"%s\" is not a region of the numbering plan.",
						*newval);
	GUC_check_errhint("Use an ISO 3166 code, such as US or IN.");
	return false;
}

/*
 * Accept the empty string or an interval that is not negative.  Taken apart as
 * interval_in() does, which would raise an error instead of saying no.
 */
static bool
check_retention(char **newval, void **extra, GucSource source)
{
	char		buffer[MAXDATELEN + 1];
	char	   *fields[MAXDATEFIELDS];
	int			types[MAXDATEFIELDS];
	int			nfields;
	int			type;
	struct pg_itm_in itm;

	if (**newval == '\0')
		return true;
	if (ParseDateTime(*newval, buffer, sizeof(buffer), fields, types,
					  MAXDATEFIELDS, &nfields) != 0 ||
		DecodeInterval(fields, types, nfields, INTERVAL_FULL_RANGE, &type,
					   &itm) != 0 ||
		type != DTK_DELTA)
	{
		GUC_check_errhint("Use an interval, such as \"90 days\" or \"1 year\".");
		return false;
	}
	if (itm.tm_usec < 0 || itm.tm_mday < 0 || itm.tm_mon < 0 || itm.tm_year < 0)
	{
		GUC_check_errdetail("The interval must not be negative.");
		return false;
	}
	return true;
}

/* Accept any list of identifiers; the roles need not exist yet. */
static bool
check_trusted_roles(char **newval, void **extra, GucSource source)
{
	char	   *copy = pstrdup(*newval);
	List	   *names;
	bool		valid = SplitIdentifierString(copy, ',', &names);

	if (!valid)
		GUC_check_errdetail("List syntax is invalid.");
	else
		list_free(names);
	pfree(copy);
	return valid;
}

/* Define the settings, in the order of the alphabet. */
void
pii_scan_define_settings(void)
{
	DefineCustomStringVariable("pii.default_region",
							   "Sets the region whose numbering plan national telephone numbers are judged by.",
							   "An ISO 3166 code, such as US. Empty: the region is inferred for each column.",
							   &pii_default_region,
							   "",
							   PGC_USERSET,
							   0,
							   check_default_region,
							   NULL,
							   NULL);
	DefineCustomStringVariable("pii.officer_role",
							   "Sets the role whose members may lower the tag of a column.",
							   "Empty: the owner of the table may.",
							   &pii_officer_role,
							   "",
							   PGC_SUSET,
							   0,
							   NULL,
							   NULL,
							   NULL);
	DefineCustomStringVariable("pii.retention",
							   "Sets how long the results of earlier runs are kept.",
							   "An interval, such as 90 days. The newest result of every column is kept in any case. Empty: everything is.",
							   &pii_retention,
							   "1 year",
							   PGC_USERSET,
							   0,
							   check_retention,
							   NULL,
							   NULL);
	DefineCustomIntVariable("pii.sample_rows",
							"Sets the number of rows that a sample of a table aims at.",
							"Smaller tables are read whole.",
							&pii_sample_rows,
							10000,
							100,
							10000000,
							PGC_USERSET,
							0,
							NULL,
							NULL,
							NULL);
	DefineCustomIntVariable("pii.scan_budget",
							"Sets how long a run of pii.scan may take.",
							"The next run goes on with what is left. 0 means no limit.",
							&pii_scan_budget,
							0,
							0,
							INT_MAX,
							PGC_USERSET,
							GUC_UNIT_MS,
							NULL,
							NULL,
							NULL);
	DefineCustomIntVariable("pii.scan_cost_delay",
							"Sets how long a scan sleeps after every megabyte that it reads.",
							"It then reads with one process. 0 means that it does not sleep.",
							&pii_scan_cost_delay,
							0,
							0,
							10000,
							PGC_USERSET,
							GUC_UNIT_MS,
							NULL,
							NULL,
							NULL);
	DefineCustomStringVariable("pii.trusted_roles",
							   "Sets the roles that are meant to read personal data.",
							   "They and their members are not reported as exposures.",
							   &pii_trusted_roles,
							   "",
							   PGC_SUSET,
							   GUC_LIST_INPUT,
							   check_trusted_roles,
							   NULL,
							   NULL);
}
