/*
 * bench.c
 *		What detection costs, next to engines that know less.
 *
 * One process and the same values for all.  Ours recognises all that src/detect
 * recognises; PCRE2 with JIT and Hyperscan run the two obvious patterns, each
 * value's matches counted to the end.  Every figure is the median of ROUNDS
 * rounds, in which the engines take turns.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <hs.h>

#include "detect/classify.h"
#include "detect/detect.h"
#include "detect/plan.h"

#define ROUNDS 7
#define ROWS 20000
#define TEXT_BYTES (4 * 1024 * 1024)
#define ENGINES 5

#define EMAIL "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}"
#define PHONE "\\+?[0-9][0-9 ().-]{7,}[0-9]"

/* A column: values one after the other. */
typedef struct Column
{
	const char *name;
	char	   *bytes;
	size_t	   *start;			/* n + 1 of them */
	size_t		n;
} Column;

/* A way to search one value; returns what it found. */
typedef size_t (*Engine) (const char *value, size_t length);

static PiiRegion us;
static pcre2_code *codes[2];
static pcre2_match_data *match_data;
static hs_database_t *database;
static hs_scratch_t *scratch;
static uint32_t state = 20190523;

/* A number below n; the same sequence in every run. */
static uint32_t
random_below(uint32_t n)
{
	state = state * 1664525 + 1013904223;
	return (uint32_t) ((uint64_t) state * n >> 32);
}

#define PICK(list) list[random_below(sizeof(list) / sizeof(list[0]))]

static const char *const firsts[] = {
	"ana", "john", "maria", "wei", "olga", "pierre", "fatima", "lukas"
};
static const char *const lasts[] = {
	"sousa", "smith", "garcia", "chen", "ivanova", "dupont", "khan", "meyer"
};
static const char *const hosts[] = {
	"gmail.com", "yahoo.com", "hotmail.com", "acme.io", "bluebird.co.uk"
};
static const char *const words[] = {
	"photographer", "based", "in", "Lisbon", "coffee", "and", "travel", "dreams",
	"the", "of", "living", "my", "best", "life", "mother", "runner", "since",
	"2014", "(she/her)", "links", "below", "|", "do", "not", "repost", "model",
	"at", "studio", "collabs", "welcome,", "DM", "for", "work.", "New", "album"
};

/* Write a sentence of n words. */
static int
write_words(char *out, uint32_t n)
{
	int			length = 0;

	while (n-- > 0)
		length += sprintf(out + length, "%s ", PICK(words));
	return length;
}

/* A biography; one in ten gives an address. */
static int
write_bio(char *out)
{
	int			length = write_words(out, 6 + random_below(10));

	if (random_below(10) == 0)
		length += sprintf(out + length, "%s.%s@%s", PICK(firsts), PICK(lasts),
						  PICK(hosts));
	return length;
}

/* An address. */
static int
write_email(char *out)
{
	return sprintf(out, "%s.%s%u@%s", PICK(firsts), PICK(lasts),
				   random_below(100), PICK(hosts));
}

/* A number of the North American plan; not every one is assigned. */
static int
write_phone(char *out)
{
	return sprintf(out, "+1 %u-%u-%04u", 201 + random_below(700),
				   200 + random_below(800), random_below(10000));
}

/* The address of a picture, with digits in it. */
static int
write_url(char *out)
{
	return sprintf(out, "https://cdn.%s.example/media/%u/%s_%s_%u.jpg?w=%u",
				   PICK(lasts), random_below(1000), PICK(firsts), PICK(lasts),
				   random_below(100000), 100 * random_below(20));
}

/* A long text without contact data. */
static int
write_plain(char *out)
{
	return write_words(out, 2000);
}

/* A long text with an address or a number every forty words. */
static int
write_mixed(char *out)
{
	int			length = 0;
	int			i;

	for (i = 0; i < 40; i++)
	{
		length += write_words(out + length, 40);
		length += i % 2 ? write_email(out + length) : write_phone(out + length);
		out[length++] = ' ';
	}
	return length;
}

/* Fill a column with n values. */
static void
make_column(Column *column, const char *name, int (*write) (char *), size_t n,
			size_t size)
{
	size_t		i;

	column->name = name;
	column->bytes = malloc(n * size);
	column->start = malloc((n + 1) * sizeof(size_t));
	column->n = n;
	column->start[0] = 0;
	for (i = 0; i < n; i++)
		column->start[i + 1] = column->start[i] +
			(size_t) write(column->bytes + column->start[i]);
}

/* Touch every byte, eight at a time. */
static size_t
plain_pass(const char *value, size_t length)
{
	uint64_t	sum = 0;
	size_t		at = 0;

	for (; at + 8 <= length; at += 8)
	{
		uint64_t	word;

		memcpy(&word, value + at, 8);
		sum += word;
	}
	for (; at < length; at++)
		sum += (unsigned char) value[at];
	return sum & 1;
}

/* Count all matches of all kinds. */
static size_t
find_all(const char *value, size_t length, PiiRegion region)
{
	PiiFindOptions options = {PII_ALL_KINDS, region, NULL, NULL};
	PiiFinder	finder;
	PiiMatch	match;
	size_t		n = 0;

	pii_finder_begin(&finder, &options, value, length);
	while (pii_finder_next(&finder, &match) == PII_FOUND)
		n++;
	return n;
}

/* Ours, international numbers only. */
static size_t
ours(const char *value, size_t length)
{
	return find_all(value, length, PII_REGION_NONE);
}

/* Ours, with the national numbers of the United States. */
static size_t
ours_us(const char *value, size_t length)
{
	return find_all(value, length, us);
}

/* Both patterns, one after the other. */
static size_t
pcre2(const char *value, size_t length)
{
	size_t		n = 0;
	int			i;

	for (i = 0; i < 2; i++)
	{
		PCRE2_SIZE	from = 0;

		while (pcre2_jit_match(codes[i], (PCRE2_SPTR) value, length, from, 0,
							   match_data, NULL) > 0)
		{
			from = pcre2_get_ovector_pointer(match_data)[1];
			n++;
		}
	}
	return n;
}

/* Called by Hyperscan at each end of a match. */
static int
count(unsigned id, unsigned long long from, unsigned long long to,
	  unsigned flags, void *context)
{
	(void) id;
	(void) from;
	(void) to;
	(void) flags;
	++*(size_t *) context;
	return 0;
}

/* Both patterns in one pass; it is not asked where matches begin. */
static size_t
hyperscan(const char *value, size_t length)
{
	size_t		n = 0;

	hs_scan(database, value, (unsigned) length, 0, scratch, count, &n);
	return n;
}

/* Compile the patterns for both engines. */
static void
prepare(void)
{
	const char *patterns[] = {EMAIL, PHONE};
	unsigned	flags[] = {0, 0};
	unsigned	ids[] = {0, 1};
	hs_compile_error_t *complaint;
	PCRE2_SIZE	offset;
	int			error;
	int			i;

	for (i = 0; i < 2; i++)
	{
		codes[i] = pcre2_compile((PCRE2_SPTR) patterns[i],
								 PCRE2_ZERO_TERMINATED, 0, &error, &offset, NULL);
		if (codes[i] == NULL || pcre2_jit_compile(codes[i], PCRE2_JIT_COMPLETE))
			exit(1);
	}
	match_data = pcre2_match_data_create(1, NULL);
	if (hs_compile_multi(patterns, flags, ids, 2, HS_MODE_BLOCK, NULL,
						 &database, &complaint) != HS_SUCCESS ||
		hs_alloc_scratch(database, &scratch) != HS_SUCCESS)
		exit(1);
	us = pii_region_by_code("US", 2);
}

/* Nanoseconds that one engine takes over one column. */
static double
run(Engine engine, const Column *column, size_t *found)
{
	struct timespec began;
	struct timespec ended;
	size_t		i;

	*found = 0;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
	for (i = 0; i < column->n; i++)
		*found += engine(column->bytes + column->start[i],
						 column->start[i + 1] - column->start[i]);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
	return (double) (ended.tv_sec - began.tv_sec) * 1e9 +
		(double) (ended.tv_nsec - began.tv_nsec);
}

/* For qsort. */
static int
compare(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

/* Run every engine over every column and print a table. */
int
main(void)
{
	static const char *const names[ENGINES] = {
		"plain pass", "pg_pii", "pg_pii (US)", "PCRE2 JIT", "Hyperscan"
	};
	static const Engine engines[ENGINES] = {
		plain_pass, ours, ours_us, pcre2, hyperscan
	};
	Column		columns[6];
	const PiiClassifier *way = pii_classifiers;
	size_t		c;

	prepare();
	make_column(&columns[0], "bio", write_bio, ROWS, 512);
	make_column(&columns[1], "email", write_email, ROWS, 64);
	make_column(&columns[2], "phone", write_phone, ROWS, 32);
	make_column(&columns[3], "url", write_url, ROWS, 256);
	make_column(&columns[4], "text, nothing", write_plain, 200, 64 * 1024);
	make_column(&columns[5], "text, mixed", write_mixed, 400, 64 * 1024);

	while (!way->usable())
		way++;
	printf("instructions: %s; medians of %d\n\n", way->name, ROUNDS);
	printf("%-14s %-12s %9s %8s %10s %9s\n", "column", "engine", "ns/value",
		   "GB/s", "x pg_pii", "found");
	for (c = 0; c < sizeof(columns) / sizeof(columns[0]); c++)
	{
		const Column *column = &columns[c];
		double		took[ENGINES][ROUNDS];
		size_t		found[ENGINES];
		int			round;
		int			e;

		for (round = 0; round < ROUNDS; round++)
			for (e = 0; e < ENGINES; e++)
				took[e][round] = run(engines[e], column, &found[e]);
		for (e = 0; e < ENGINES; e++)
			qsort(took[e], ROUNDS, sizeof(double), compare);
		for (e = 0; e < ENGINES; e++)
			printf("%-14s %-12s %9.1f %8.2f %10.2f %9zu\n",
				   e == 0 ? column->name : "", names[e],
				   took[e][ROUNDS / 2] / (double) column->n,
				   (double) column->start[column->n] / took[e][ROUNDS / 2],
				   took[e][ROUNDS / 2] / took[1][ROUNDS / 2],
				   e == 0 ? 0 : found[e]);
	}
	return 0;
}
