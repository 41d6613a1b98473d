/*
 * unit.h
 *		The least a plain C test needs: counted checks and a summary.
 */
#ifndef PII_UNIT_H
#define PII_UNIT_H

#include <stdbool.h>
#include <stdio.h>

static int	unit_passed;
static int	unit_failed;

/* Count a check; print where it stands and what it says when it fails. */
static inline bool
unit_check(bool passed, const char *file, int line, const char *what)
{
	if (passed)
		unit_passed++;
	else
	{
		unit_failed++;
		printf("%s:%d: failed: %s\n", file, line, what);
	}
	return passed;
}

#define CHECK(condition) \
	unit_check((condition), __FILE__, __LINE__, #condition)

/* Print the summary; the exit status of main(). */
static inline int
unit_summary(void)
{
	printf("%d passed, %d failed\n", unit_passed, unit_failed);
	return unit_failed > 0 ? 1 : 0;
}

#endif							/* PII_UNIT_H */
