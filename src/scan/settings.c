/*
 * settings.c
 *		Settings that the scan and the floors above it read.
 *
 * Detection, evidence and the aggregates know none of them: what a value is
 * must not depend on who asks.
 */
#include "compat.h"

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
