/*
 * interrupt.h
 *		How detection, which knows no server, is told of a cancel.
 */
#ifndef PII_INTERRUPT_H
#define PII_INTERRUPT_H

#include "compat.h"

#include "miscadmin.h"

/*
 * A PiiFindOptions.cancelled: whether CHECK_FOR_INTERRUPTS() would end the
 * query.  Other interrupts can wait; to stop for them would leave a value half
 * searched.  The caller calls CHECK_FOR_INTERRUPTS() once detection has
 * returned: no error is thrown across its frames.
 */
static inline bool
pii_interrupt_pending(void *argument)
{
	(void) argument;
	return InterruptPending && (QueryCancelPending || ProcDiePending);
}

#endif							/* PII_INTERRUPT_H */
