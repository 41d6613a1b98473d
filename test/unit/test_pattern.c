/*
 * test_pattern.c
 *		User patterns: what is refused, what is bounded, what is answered.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "detect/pattern.h"
#include "unit.h"

/* An allocator that counts, and fails on demand. */
typedef struct Heap
{
	int			blocks;
	int			left;			/* allocations until it fails; -1: never */
} Heap;

/* malloc, unless it is time to fail. */
static void *
heap_allocate(size_t size, void *argument)
{
	Heap	   *heap = argument;

	if (heap->left == 0)
		return NULL;
	if (heap->left > 0)
		heap->left--;
	heap->blocks++;
	return malloc(size);
}

/* free. */
static void
heap_release(void *block, void *argument)
{
	Heap	   *heap = argument;

	if (block != NULL)
		heap->blocks--;
	free(block);
}

static Heap heap = {0, -1};
static const PiiAllocator allocator = {heap_allocate, heap_release, &heap};
static char message[128];
static size_t offset;

/* Compile a pattern, or say why not in `message`. */
static PiiPattern *
compile(const char *text, bool use_jit)
{
	return pii_pattern_compile(text, strlen(text), use_jit, &allocator,
							   message, sizeof(message), &offset);
}

/* Ask one pattern about one value. */
static PiiPatternStatus
ask(const char *text, bool use_jit, const char *value, size_t length,
	size_t *start, size_t *end)
{
	PiiPattern *pattern = compile(text, use_jit);
	PiiPatternStatus status;

	if (!CHECK(pattern != NULL))
		return PII_PATTERN_CANCELLED;
	status = pii_pattern_next(pattern, value, length, 0, NULL, NULL, start, end);
	pii_pattern_free(pattern);
	return status;
}

/* Never compiles, and says something. */
static void
test_refused(void)
{
	static const char *const refused[] = {
		"", "(*UTF)a", "(*LIMIT_MATCH=1)a", "(*LIMIT_HEAP=1)a", "(", "a\\C",
		"[z-a]", "(?<n>a)(?<n>b)", "\\"
	};
	char		large[PII_PATTERN_MAX_LENGTH + 2];
	char		nested[256];
	size_t		i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
	{
		message[0] = '\0';
		if (!CHECK(compile(refused[i], true) == NULL) ||
			!CHECK(message[0] != '\0'))
			printf("     pattern: %s\n", refused[i]);
	}
	memset(large, 'a', sizeof(large));
	large[PII_PATTERN_MAX_LENGTH + 1] = '\0';
	CHECK(compile(large, false) == NULL);
	memset(nested, '(', 100);
	memset(nested + 100, ')', 100);
	nested[200] = '\0';
	CHECK(compile(nested, false) == NULL);
	CHECK(compile("ab(c", false) == NULL && offset == 4);
	CHECK(heap.blocks == 0);
}

/* A message that does not fit is cut, and ends. */
static void
test_short_message(void)
{
	char		small[8];

	memset(small, 'x', sizeof(small));
	CHECK(pii_pattern_compile("(*UTF)", 6, false, &allocator, small,
							  sizeof(small), &offset) == NULL);
	CHECK(memchr(small, '\0', sizeof(small)) != NULL);
	CHECK(pii_pattern_compile("(", 1, false, &allocator, small,
							  sizeof(small), &offset) == NULL);
	CHECK(memchr(small, '\0', sizeof(small)) != NULL);
}

/* Running out of memory at any allocation leaks nothing. */
static void
test_out_of_memory(void)
{
	int			left;

	for (left = 0; left < 16; left++)
	{
		PiiPattern *pattern;

		heap.left = left;
		pattern = compile("a(b|c)+d", true);
		heap.left = -1;
		pii_pattern_free(pattern);
		CHECK(heap.blocks == 0);
		if (pattern != NULL)
			break;
	}
	CHECK(left > 0 && left < 16);
}

/* Answers do not depend on JIT, nor on where slices and windows end. */
static void
test_found(bool use_jit)
{
	static char value[100000];
	size_t		start;
	size_t		end;
	size_t		at;

	for (at = 0; at < 6000; at += 37)
	{
		memset(value, 'x', sizeof(value));
		memcpy(value + at, "ID-12345", 8);
		if (!CHECK(ask("\\bID-\\d{5}|ID-\\d{5}", use_jit, value, sizeof(value),
					   &start, &end) == PII_PATTERN_FOUND) ||
			!CHECK(start == at && end == at + 8))
			return;
	}
	CHECK(ask("^x", use_jit, value, 300, &start, &end) == PII_PATTERN_FOUND);
	value[280] = 'y';
	CHECK(ask("^y", use_jit, value, 300, &start, &end) == PII_PATTERN_NONE);
	CHECK(ask("\\Ay", use_jit, value, 300, &start, &end) == PII_PATTERN_NONE);
	CHECK(ask("y$", use_jit, value, 281, &start, &end) == PII_PATTERN_FOUND);
	CHECK(ask("(?<=xxx)y", use_jit, value, 300, &start, &end) ==
		  PII_PATTERN_FOUND);
	CHECK(ask("a*", use_jit, "bbb", 3, &start, &end) == PII_PATTERN_NONE);
	CHECK(ask("z", use_jit, "", 0, &start, &end) == PII_PATTERN_NONE);
	/* an invalid byte is a barrier */
	CHECK(ask("a.b", use_jit, "a\xFF" "b", 3, &start, &end) ==
		  PII_PATTERN_NONE);
	CHECK(ask("b", use_jit, "a\xFF" "b", 3, &start, &end) ==
		  PII_PATTERN_FOUND && start == 2);
}

/* Count the questions; say yes from the tenth on if told to. */
static bool
cancel(void *argument)
{
	int		   *asked = argument;

	return ++asked[0] >= 10 && asked[1];
}

/*
 * Patterns that would run for ages are undecided soon, and asked to stop, stop.
 */
static void
test_bounded(bool use_jit)
{
	static const char *const catastrophic[] = {
		"(a+)+$", "(a|aa)+c", "(a*)*c", "(?:a+){2,}c", "([a-z]+)*\\d",
		"(.+)(.+)(.+)(.+)c", "(?=(a+))a*b\\1c"
	};
	static char value[1 << 18];
	PiiPattern *pattern;
	size_t		start;
	size_t		end;
	size_t		i;
	int			asked[2] = {0, 1};

	memset(value, 'a', sizeof(value));
	/* what a pattern ends in stands there, lest it be refused for want of it */
	for (i = 2000; i < sizeof(value); i += 2000)
		memcpy(value + i, "\nc\n5", 4);
	for (i = 0; i < sizeof(catastrophic) / sizeof(catastrophic[0]); i++)
	{
		clock_t		began = clock();
		PiiPatternStatus status = ask(catastrophic[i], use_jit, value,
									  sizeof(value), &start, &end);
		double		took = (double) (clock() - began) / CLOCKS_PER_SEC;

		if (!CHECK(status == PII_PATTERN_UNDECIDED || took < 5.0) ||
			!CHECK(took < 5.0))
			printf("     %s: status %d after %.1f s\n", catastrophic[i],
				   status, took);
	}
	CHECK(ask("(a+)+$", use_jit, value, 3000, &start, &end) ==
		  PII_PATTERN_UNDECIDED);

	pattern = compile("zebra", use_jit);
	if (CHECK(pattern != NULL))
		CHECK(pii_pattern_next(pattern, value, sizeof(value), 0, cancel, asked,
							   &start, &end) == PII_PATTERN_CANCELLED);
	CHECK(asked[0] == 10);
	pii_pattern_free(pattern);
}

/* What a limit cuts off is undecided, not absent. */
static void
test_undecided(void)
{
	static char value[20000];
	size_t		start;
	size_t		end;

	memset(value, 'a', sizeof(value));
	CHECK(ask("a+", false, value, sizeof(value), &start, &end) ==
		  PII_PATTERN_UNDECIDED);
	CHECK(ask("a+", true, value, 4000, &start, &end) == PII_PATTERN_FOUND &&
		  end == 4000);
	CHECK(ask("ab\\Kc", false, "abc", 3, &start, &end) ==
		  PII_PATTERN_FOUND && start == 2 && end == 3);
}

/* Run all. */
int
main(void)
{
	test_refused();
	test_short_message();
	test_out_of_memory();
	test_found(false);
	test_found(true);
	test_bounded(false);
	test_bounded(true);
	test_undecided();
	CHECK(heap.blocks == 0);
	return unit_summary();
}
