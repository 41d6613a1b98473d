/*
 * test_email.c
 *		E-mail addresses: the truth set, and what it cannot say.
 *
 *	test_email [-v] [email_truth.tsv]
 *
 * -v prints what was missed and what was found in vain in the set of the truth
 * that is for tuning; the one held out is counted only.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/detect.h"
#include "truth.h"
#include "unit.h"

#define GOAL 0.995
#define FIELDS_MAX 16
#define BINS 10

/* Counts over one set of the truth. */
typedef struct Score
{
	int			values;
	int			right;			/* addresses found */
	int			missed;
	int			vain;			/* found where there is none */
} Score;

/* What became of the matches whose confidence is in one tenth. */
typedef struct Bin
{
	int			matches;
	int			right;
	double		sum;			/* of confidences */
} Bin;

static Bin	bins[BINS + 1];
static bool verbose;

static const PiiFindOptions emails = {
	PII_KIND_BIT(PII_EMAIL), PII_REGION_NONE, NULL, NULL
};

/* Find the first address of a NUL-ended value. */
static bool
find(const char *value, PiiMatch *match)
{
	PiiFinder	finder;

	pii_finder_begin(&finder, &emails, value, strlen(value));
	return pii_finder_next(&finder, match) == PII_FOUND;
}

/* Compare the matches of one value with its truth. */
static void
judge(const char *value, size_t length, char *const *truth,
	  const size_t *truth_length, int ntruth, Score *score, bool tune)
{
	PiiFinder	finder;
	PiiMatch	match;
	bool		found[FIELDS_MAX] = {false};
	int			i;

	score->values++;
	pii_finder_begin(&finder, &emails, value, length);
	while (pii_finder_next(&finder, &match) == PII_FOUND)
	{
		Bin		   *bin = &bins[(int) (match.confidence * BINS)];

		for (i = 0; i < ntruth; i++)
			if (!found[i] && truth_length[i] == match.end - match.start &&
				memcmp(truth[i], value + match.start, truth_length[i]) == 0)
				break;
		bin->matches++;
		bin->sum += match.confidence;
		if (i < ntruth)
		{
			found[i] = true;
			score->right++;
			bin->right++;
			continue;
		}
		score->vain++;
		if (verbose && tune)
			printf("in vain: %.*s\n     in: %s\n",
				   (int) (match.end - match.start), value + match.start, value);
	}
	for (i = 0; i < ntruth; i++)
		if (!found[i])
		{
			score->missed++;
			if (verbose && tune)
				printf("missed: %s\n    in: %s\n", truth[i], value);
		}
}

/* Report one set of the truth and check it against the goal. */
static void
report(const char *name, const Score *score)
{
	double		precision = score->right / (double) (score->right + score->vain);
	double		recall = score->right / (double) (score->right + score->missed);

	printf("%s: %d values, %d addresses, precision %.4f, recall %.4f\n",
		   name, score->values, score->right + score->missed, precision, recall);
	CHECK(precision >= GOAL);
	CHECK(recall >= GOAL);
}

/* Run over the truth set. */
static void
test_truth(const char *path)
{
	FILE	   *file = fopen(path, "r");
	Score		tune = {0};
	Score		held = {0};
	char		line[4096];

	if (!CHECK(file != NULL))
		return;
	while (fgets(line, sizeof(line), file) != NULL)
	{
		char	   *rest = line;
		char	   *field[FIELDS_MAX];
		size_t		length[FIELDS_MAX];
		int			n = 0;

		while (n < FIELDS_MAX &&
			   (field[n] = truth_field(&rest, &length[n])) != NULL)
			n++;
		if (n >= 3)
			judge(field[2], length[2], field + 3, length + 3, n - 3,
				  strcmp(field[0], "tune") == 0 ? &tune : &held,
				  strcmp(field[0], "tune") == 0);
	}
	fclose(file);
	CHECK(tune.values + held.values >= 2000);
	report("tuning set", &tune);
	report("held-out set", &held);
}

/* No confidence claims more than holds of the matches that the truth set has. */
static void
test_confidence(void)
{
	int			i;

	for (i = 0; i <= BINS; i++)
		if (bins[i].matches > 0)
		{
			double		claimed = bins[i].sum / bins[i].matches;
			double		right = bins[i].right / (double) bins[i].matches;

			printf("confidence %.2f: %d matches, %.2f right\n", claimed,
				   bins[i].matches, right);
			CHECK(right >= claimed - 0.02);
		}
}

/* Values that are or hold one address: its form, flags and normal form. */
static const struct
{
	const char *value;
	PiiForm		form;
	uint32_t	flags;
	const char *normal;
}			normal_forms[] = {
	{"Ana.B@ACME.Com", PII_FORM_ADDRESS, PII_MATCH_WHOLE, "Ana.B@acme.com"},
	{" a.b@example.org\n", PII_FORM_ADDRESS,
	PII_MATCH_WHOLE | PII_MATCH_RESERVED, "a.b@example.org"},
	{"Ana <ana@acme.com>", PII_FORM_ADDRESS, PII_MATCH_WHOLE, "ana@acme.com"},
	{"ana@acme.com (Ana)", PII_FORM_ADDRESS, PII_MATCH_WHOLE, "ana@acme.com"},
	{"mailto:ana@acme.com?subject=x", PII_FORM_ADDRESS, PII_MATCH_WHOLE,
	"ana@acme.com"},
	{"ask ana@acme.com", PII_FORM_ADDRESS, 0, "ana@acme.com"},
	{"ana@acme.com, bob@acme.com", PII_FORM_ADDRESS, 0, "ana@acme.com"},
	{"\"a b\"@Acme.com", PII_FORM_QUOTED, PII_MATCH_WHOLE, "\"a b\"@acme.com"},
	{"ana%2Bx%40Acme.com", PII_FORM_ENCODED, PII_MATCH_WHOLE,
	"ana+x@acme.com"},
	{"ana\\u0040acme.com", PII_FORM_ENCODED, PII_MATCH_WHOLE, "ana@acme.com"},
	{"ana&#64;acme&#46;com", PII_FORM_ENCODED, PII_MATCH_WHOLE,
	"ana@acme.com"},
	{"ana (at) Acme (dot) com", PII_FORM_OBFUSCATED, PII_MATCH_WHOLE,
	"ana@acme.com"},
	{"ana dot b at gmail dot com", PII_FORM_OBFUSCATED, PII_MATCH_WHOLE,
	"ana.b@gmail.com"},
	{"ana @ gmail.com", PII_FORM_OBFUSCATED, PII_MATCH_WHOLE,
	"ana@gmail.com"},
	{"ana@M\xC3\x9CNCHEN.de", PII_FORM_ADDRESS, PII_MATCH_WHOLE,
	"ana@xn--mnchen-3ya.de"},
	{"ana@\xE5\x8A\x88\xE9\x96\x8B.com", PII_FORM_ADDRESS, PII_MATCH_WHOLE,
	"ana@xn--9er827m.com"},
	{"ana@\xD5\x80\xD4\xB1\xD5\x85.com", PII_FORM_ADDRESS, PII_MATCH_WHOLE,
	"ana@xn--y9a3aq.com"},
	{"ana@\xD0\xBF\xD1\x80\xD0\xB0\xD0\xB2\xD0\xB8\xD1\x82\xD0\xB5\xD0\xBB"
		"\xD1\x8C\xD1\x81\xD1\x82\xD0\xB2\xD0\xBE.\xD1\x80\xD1\x84",
	PII_FORM_ADDRESS, PII_MATCH_WHOLE, "ana@xn--80aealotwbjpid2k.xn--p1ai"},
	{"\xE7\x94\xA8\xE6\x88\xB7@\xE4\xBE\x8B\xE5\xAD\x90\xE3\x80\x82"
		"\xE5\x85\xAC\xE5\x8F\xB8", PII_FORM_ADDRESS, PII_MATCH_WHOLE,
	"\xE7\x94\xA8\xE6\x88\xB7@xn--fsqu00a.xn--55qx5d"},
	{"ana\xEF\xBC\xA0""acme\xEF\xBC\x8E""com", PII_FORM_ENCODED,
	PII_MATCH_WHOLE, "ana@acme.com"},
};

/* Every address has the form, the flags and the normal form it must have. */
static void
test_normal_forms(void)
{
	size_t		i;

	for (i = 0; i < sizeof(normal_forms) / sizeof(normal_forms[0]); i++)
	{
		PiiMatch	match;
		char		out[PII_NORMALIZED_MAX];
		size_t		length;

		if (!find(normal_forms[i].value, &match))
		{
			printf("nothing found in: %s\n", normal_forms[i].value);
			CHECK(false);
			continue;
		}
		length = pii_match_normalize(normal_forms[i].value, &match, out, sizeof(out));
		if (!CHECK(match.form == normal_forms[i].form) ||
			!CHECK(match.flags == normal_forms[i].flags) ||
			!CHECK(length == strlen(normal_forms[i].normal) &&
				   memcmp(out, normal_forms[i].normal, length) == 0))
			printf("     in: %s: form %d, flags %x, normal %.*s\n",
				   normal_forms[i].value, match.form, match.flags, (int) length, out);
	}
}

/*
 * An address of a local part and labels of these lengths, all letters, under
 * "com": is it found, and found whole?
 */
static bool
is_found(int local, int label1, int label2, int label3)
{
	char		value[512];
	int			lengths[4] = {local, label1, label2, label3};
	char	   *to = value;
	PiiMatch	match;
	int			i;

	for (i = 0; i < 4; i++)
	{
		memset(to, 'a' + i, (size_t) lengths[i]);
		to += lengths[i];
		if (lengths[i] > 0)
			*to++ = i == 0 ? '@' : '.';
	}
	strcpy(to, "com");
	return find(value, &match) && match.start == 0 &&
		match.end == strlen(value);
}

/* The limits of RFC 5321, on both sides of each. */
static void
test_limits(void)
{
	CHECK(is_found(64, 10, 0, 0));
	CHECK(!is_found(65, 10, 0, 0));
	CHECK(is_found(10, 63, 0, 0));
	CHECK(!is_found(10, 64, 0, 0));
	CHECK(is_found(64, 63, 63, 57));	/* 254 octets */
	CHECK(!is_found(64, 63, 63, 58));
	CHECK(is_found(1, 63, 63, 63));
}

/* Invalid UTF-8 is a barrier and never an error. */
static void
test_invalid_bytes(void)
{
	PiiMatch	match;

	CHECK(!find("jos\xE9@acme.com", &match));
	CHECK(find("jos\xE9 ana@acme.com", &match) && match.start == 5);
	CHECK(find("\xFF\xFE""ana@acme.com\xC3", &match) && match.start == 2);
	CHECK(!find("ana@\xC3.com", &match));
	CHECK(find("ana@acme.com\xED\xA0\x80", &match) && match.end == 12);
}

/* Run all; see above for the arguments. */
int
main(int argc, char **argv)
{
	const char *path = "test/unit/email_truth.tsv";
	int			i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], "-v") == 0)
			verbose = true;
		else
			path = argv[i];
	test_truth(path);
	test_confidence();
	test_normal_forms();
	test_limits();
	test_invalid_bytes();
	return unit_summary();
}
