/*
 * redact.h
 *		A value with its matches made unreadable.
 */
#ifndef PII_REDACT_H
#define PII_REDACT_H

#include "detect.h"

typedef enum PiiStyle
{
	PII_STYLE_MASK,				/* j***@e***.com, +* *** ***-**71 */
	PII_STYLE_HASH,				/* <email:jgiecaibinihfglp...> */
	PII_STYLE_LABEL				/* <email> */
} PiiStyle;

#define PII_STYLES 3

#define PII_HASH_MAX 128		/* most that the hash callback may write */

typedef struct PiiRedactOptions
{
	PiiFindOptions find;
	PiiStyle	style;

	/*
	 * For PII_STYLE_HASH: turn the normal form of a match into letters, at
	 * most PII_HASH_MAX of them, and return how many.  No digits: in a row
	 * they would be found as telephone numbers.
	 */
	size_t		(*hash) (const char *normal, size_t length,
						 char out[PII_HASH_MAX], void *argument);
	void	   *hash_argument;

	/* Where the result goes, piece by piece. */
	void		(*write) (const char *bytes, size_t length, void *argument);
	void	   *write_argument;
} PiiRedactOptions;

typedef enum PiiRedactStatus
{
	PII_REDACT_UNTOUCHED,		/* there is no match: the value as it was */
	PII_REDACT_CHANGED,			/* redact what was written once more */
	PII_REDACT_CANCELLED		/* what was written is no result */
} PiiRedactStatus;

/*
 * Write the value with every match replaced.
 *
 * What was no match because of what stood next to it may become one when its
 * neighbour is replaced.  So the caller redacts what was written again, with
 * the next pass number (the first is 1), until the answer is
 * PII_REDACT_UNTOUCHED.  That takes two passes, seldom three; so that no value
 * can take many, pass PII_REDACT_PASSES stars out all that follows a match.
 */
#define PII_REDACT_PASSES 6
extern PiiRedactStatus pii_redact(const PiiRedactOptions *options,
								  const char *value, size_t length, int pass);

/* Names: NULL or -1 where there is none. */
extern const char *pii_style_name(PiiStyle style);
extern int	pii_style_by_name(const char *name, size_t length);

#endif							/* PII_REDACT_H */
