/*
 * pattern.c
 *		User patterns, on PCRE2: the only file that includes pcre2.h.
 *
 * A pattern comes from somebody who may not know what it can cost, and runs
 * over values nobody has looked at.  What must stay true:
 *
 * - Every match call sees a window of bounded length and tries a bounded number
 *   of starting places, because PCRE2's match limit begins anew at each place;
 *   between calls the caller may cancel.
 * - Whoever hits a limit gets PII_PATTERN_UNDECIDED, never "no".
 * - All of PCRE2's memory, JIT code excepted, comes from the caller's allocator
 *   and out of a budget.  PCRE2's own heap limit is not used: where it stops
 *   the frames from growing, release 10.42 could write behind them.
 * - Nothing here longjmps through PCRE2: cancelling is asked about outside.
 */
#include "pattern.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define MEMORY_BUDGET (4 * 1024 * 1024) /* bytes of one pattern */
#define NESTING_MAX 50			/* parentheses */
#define MATCH_LIMIT 2000		/* steps at one starting place */
#define STARTS 256				/* places tried in one call */
#define BEHIND 512				/* bytes a call sees to the left of them */
#define AHEAD 4096				/* and to the right: the longest match */

struct PiiPattern
{
	PiiAllocator allocator;
	size_t		used;			/* of the budget */
	pcre2_general_context *general;
	pcre2_match_context *match;
	pcre2_match_data *data;
	pcre2_code *code;
};

/* In front of each block, so that its size can go back into the budget. */
typedef union BlockHeader
{
	size_t		size;
	max_align_t align;
} BlockHeader;

/* PCRE2's malloc. */
static void *
budget_allocate(size_t size, void *data)
{
	PiiPattern *pattern = data;
	BlockHeader *block;

	if (size > MEMORY_BUDGET || pattern->used + size > MEMORY_BUDGET)
		return NULL;
	block = pattern->allocator.allocate(size + sizeof(BlockHeader),
										pattern->allocator.argument);
	if (block == NULL)
		return NULL;
	block->size = size;
	pattern->used += size;
	return block + 1;
}

/* PCRE2's free. */
static void
budget_release(void *address, void *data)
{
	PiiPattern *pattern = data;
	BlockHeader *block = address;

	if (block == NULL)
		return;
	block--;
	pattern->used -= block->size;
	pattern->allocator.release(block, pattern->allocator.argument);
}

/* Write a complaint of our own; returns false for the caller to return. */
static bool
complain(char *message, size_t size, const char *text)
{
	size_t		n = strlen(text);

	if (size == 0)
		return false;
	if (n >= size)
		n = size - 1;
	memcpy(message, text, n);
	message[n] = '\0';
	return false;
}

/* Refuse what PCRE2 would accept and we do not. */
static bool
is_acceptable(const char *text, size_t length, char *message, size_t size,
			  size_t *offset)
{
	*offset = 0;
	if (length == 0)
		return complain(message, size, "the pattern is empty");
	if (length > PII_PATTERN_MAX_LENGTH)
		return complain(message, size, "the pattern is too long");
	if (length >= 2 && text[0] == '(' && text[1] == '*')
		return complain(message, size,
						"a pattern cannot begin with \"(*\": its options and limits are fixed");
	return true;
}

/*
 * Compile the text into pattern->code.  Invalid UTF-8 in a subject is a barrier
 * to a match rather than undefined behaviour.
 */
static bool
compile(PiiPattern *pattern, const char *text, size_t length, bool use_jit,
		char *message, size_t message_size, size_t *offset)
{
	pcre2_compile_context *context =
		pcre2_compile_context_create(pattern->general);
	int			error = PCRE2_ERROR_NOMEMORY;

	if (context != NULL)
	{
		pcre2_set_max_pattern_length(context, PII_PATTERN_MAX_LENGTH);
		pcre2_set_parens_nest_limit(context, NESTING_MAX);
		pattern->code = pcre2_compile((PCRE2_SPTR) text, length,
									  PCRE2_MATCH_INVALID_UTF |
									  PCRE2_NEVER_BACKSLASH_C |
									  PCRE2_USE_OFFSET_LIMIT,
									  &error, offset, context);
		pcre2_compile_context_free(context);
	}
	if (pattern->code == NULL)
	{
		if (pcre2_get_error_message(error, (PCRE2_UCHAR *) message,
									message_size) < 0)
			complain(message, message_size, "the pattern cannot be compiled");
		return false;
	}
	/* Without executable memory the interpreter gives the same answers. */
	if (use_jit)
		(void) pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
	return true;
}

/* See pattern.h. */
PiiPattern *
pii_pattern_compile(const char *pattern, size_t length, bool use_jit,
					const PiiAllocator *allocator, char *message,
					size_t message_size, size_t *offset)
{
	PiiPattern *result;

	if (!is_acceptable(pattern, length, message, message_size, offset))
		return NULL;
	result = allocator->allocate(sizeof(PiiPattern), allocator->argument);
	if (result == NULL)
	{
		complain(message, message_size, "out of memory");
		return NULL;
	}
	memset(result, 0, sizeof(*result));
	result->allocator = *allocator;
	result->general = pcre2_general_context_create(budget_allocate,
												   budget_release, result);
	if (result->general != NULL)
	{
		if (!compile(result, pattern, length, use_jit, message, message_size,
					 offset))
		{
			pii_pattern_free(result);
			return NULL;
		}
		result->match = pcre2_match_context_create(result->general);
		result->data = pcre2_match_data_create(1, result->general);
	}
	if (result->match == NULL || result->data == NULL)
	{
		complain(message, message_size, "out of memory");
		pii_pattern_free(result);
		return NULL;
	}
	pcre2_set_match_limit(result->match, MATCH_LIMIT);
	return result;
}

/* See pattern.h. */
void
pii_pattern_free(PiiPattern *pattern)
{
	PiiAllocator allocator;

	if (pattern == NULL)
		return;
	allocator = pattern->allocator;
	pcre2_match_data_free(pattern->data);
	pcre2_match_context_free(pattern->match);
	pcre2_code_free(pattern->code);
	pcre2_general_context_free(pattern->general);
	allocator.release(pattern, allocator.argument);
}

/*
 * Search for a match that starts in [from, until).  A match that runs to the
 * end of a window which is not the value's end might have gone on, or ended
 * elsewhere: that is undecided.
 */
static PiiPatternStatus
search(PiiPattern *pattern, const char *value, size_t length, size_t from,
	   size_t until, size_t *start, size_t *end)
{
	size_t		base = from > BEHIND ? from - BEHIND : 0;
	size_t		stop = length - until > AHEAD ? until + AHEAD : length;
	uint32_t	options = PCRE2_NOTEMPTY;
	PCRE2_SIZE *found;
	int			result;

	if (base > 0)
		options |= PCRE2_NOTBOL;
	if (stop < length)
		options |= PCRE2_NOTEOL;
	pcre2_set_offset_limit(pattern->match, until - 1 - base);
	result = pcre2_match(pattern->code, (PCRE2_SPTR) value + base, stop - base,
						 from - base, options, pattern->data, pattern->match);
	if (result == PCRE2_ERROR_NOMATCH)
		return PII_PATTERN_NONE;
	if (result < 0)
		return PII_PATTERN_UNDECIDED;

	found = pcre2_get_ovector_pointer(pattern->data);
	*start = base + found[0];
	*end = base + found[1];
	/* \K can move the start anywhere, even behind the end */
	if (*start < from || *start >= *end || (*end == stop && stop < length))
		return PII_PATTERN_UNDECIDED;
	return PII_PATTERN_FOUND;
}

/* See pattern.h. */
PiiPatternStatus
pii_pattern_next(PiiPattern *pattern, const char *value, size_t length,
				 size_t from, bool (*cancelled) (void *argument),
				 void *argument, size_t *start, size_t *end)
{
	while (from < length)
	{
		size_t		until = length - from > STARTS ? from + STARTS : length;
		PiiPatternStatus status = search(pattern, value, length, from, until,
										 start, end);

		if (status != PII_PATTERN_NONE)
			return status;
		from = until;
		if (from < length && cancelled != NULL && cancelled(argument))
			return PII_PATTERN_CANCELLED;
	}
	return PII_PATTERN_NONE;
}
