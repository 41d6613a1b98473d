/*
 * pattern.h
 *		User patterns, on PCRE2: the one door to it.
 *
 * pattern.c is the only file that includes pcre2.h.  What a pattern may cost
 * is bounded here: its length and nesting, the match limit, the allocator's
 * budget, and the number of bytes searched between two looks at cancelled().
 */
#ifndef PII_PATTERN_H
#define PII_PATTERN_H

#include "detect.h"

/* Memory comes from the caller; allocate may return NULL, free accepts NULL. */
typedef struct PiiAllocator
{
	void	   *(*allocate) (size_t size, void *argument);
	void		(*release) (void *block, void *argument);
	void	   *argument;
} PiiAllocator;

typedef struct PiiPattern PiiPattern;

#define PII_PATTERN_MAX_LENGTH 1000 /* bytes of a pattern */

typedef enum PiiPatternStatus
{
	PII_PATTERN_FOUND,
	PII_PATTERN_NONE,
	PII_PATTERN_UNDECIDED,		/* a limit was hit: neither yes nor no */
	PII_PATTERN_CANCELLED
} PiiPatternStatus;

/*
 * Compile a pattern.  On failure returns NULL and sets *message to a static or
 * pattern-owned text fit for errdetail() (never part of a scanned value) and
 * *offset to the byte of the pattern it is about.
 */
extern PiiPattern *pii_pattern_compile(const char *pattern, size_t length,
									   bool use_jit,
									   const PiiAllocator *allocator,
									   char *message, size_t message_size,
									   size_t *offset);
extern void pii_pattern_free(PiiPattern *pattern);

/* Find the first match that starts at or after byte `from`. */
extern PiiPatternStatus pii_pattern_next(PiiPattern *pattern,
										 const char *value, size_t length,
										 size_t from,
										 bool (*cancelled) (void *argument),
										 void *argument,
										 size_t *start, size_t *end);

#endif							/* PII_PATTERN_H */
