/*
 * fuzz_detect.c
 *		libFuzzer's way into the whole of src/detect.
 *
 * The first byte of an input chooses what is done with the rest.  Besides what
 * the sanitizers see, it is checked that matches come in order and within the
 * value, have a normal form that fits, survive being found again in a value of
 * their own length, that nothing is left to find after redaction, and that what
 * is told of plain values without a search is what a search finds.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "detect/detect.h"
#include "detect/email.h"
#include "detect/pattern.h"
#include "detect/phone.h"
#include "detect/plan.h"
#include "detect/redact.h"
#include "detect/shape.h"

#define REQUIRE(condition) \
	do { if (!(condition)) abort(); } while (0)

/* A growing result of redaction. */
typedef struct Buffer
{
	char	   *bytes;
	size_t		length;
	size_t		size;
} Buffer;

/* Append to a Buffer. */
static void
append(const char *bytes, size_t length, void *argument)
{
	Buffer	   *buffer = argument;

	if (length == 0)
		return;
	if (buffer->length + length > buffer->size)
	{
		buffer->size = 2 * (buffer->length + length);
		buffer->bytes = realloc(buffer->bytes, buffer->size);
		REQUIRE(buffer->bytes != NULL);
	}
	memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
}

/* Stand in for a keyed hash: a few letters. */
static size_t
hash(const char *normal, size_t length, char out[PII_HASH_MAX], void *argument)
{
	uint32_t	h = 1;
	size_t		i;

	(void) argument;
	for (i = 0; i < length; i++)
		h = h * 31 + (unsigned char) normal[i];
	for (i = 0; i < 8; i++)
		out[i] = (char) ('a' + (h >> 4 * i) % 16);
	return 8;
}

/* Say yes at the second time of asking. */
static bool
cancel(void *argument)
{
	int		   *asked = argument;

	return ++*asked > 1;
}

/* Walk all matches and check what must hold of each. */
static void
check_matches(const PiiFindOptions *options, const char *value, size_t length)
{
	PiiFinder	finder;
	PiiMatch	match;
	PiiFindStatus status;
	size_t		position = 0;

	pii_finder_begin(&finder, options, value, length);
	while ((status = pii_finder_next(&finder, &match)) == PII_FOUND)
	{
		char		out[PII_NORMALIZED_MAX];

		REQUIRE(match.start >= position && match.start < match.end);
		REQUIRE(match.end <= length);
		REQUIRE(options->kinds & PII_KIND_BIT(match.kind));
		REQUIRE(match.confidence > 0 && match.confidence <= 1);
		REQUIRE(pii_form_name(match.form) != NULL);
		REQUIRE(pii_match_normalize(value, &match, out, sizeof(out)) <=
				sizeof(out));
		REQUIRE(match.kind == PII_PHONE ||
				pii_match_normalize(value, &match, out, sizeof(out)) > 0);
		position = match.end;
	}
	REQUIRE(status == PII_END || options->cancelled != NULL);
}

/* Are two matches the same, but for what is about numbers only? */
static bool
is_same(const PiiMatch *a, const PiiMatch *b)
{
	return a->form == b->form && a->flags == b->flags &&
		a->confidence == b->confidence && a->start == b->start &&
		a->end == b->end;
}

/* Search a plain value all the same. */
static void
check_plain(const char *value, size_t length, PiiRegion region)
{
	const char *at = length > 0 ? memchr(value, '@', length) : NULL;
	PiiMatch	match;
	PiiMatch	other;

	if (pii_phone_may_be_plain(value, length))
	{
		PiiPhonePlain plain = pii_phone_plain(value, length, region, &match);
		bool		found = pii_phone_next(value, length, 0, length, region,
										   &other);

		if (plain == PII_PHONE_LATER)
			REQUIRE(pii_phone_next(value, length, 1, length, region,
								   &match) == found);
		else
			REQUIRE(plain == PII_PHONE_UNDECIDED ||
					found == (plain == PII_PHONE_FOUND));
		REQUIRE(plain == PII_PHONE_UNDECIDED || !found ||
				(is_same(&match, &other) && match.region == other.region &&
				 strcmp(match.digits, other.digits) == 0));
	}
	if (at != NULL && length <= 64)
	{
		uint64_t	signs = 0;
		size_t		i;

		for (i = 0; i < length; i++)
			if (!(value[i] >= '0' && value[i] <= '9') &&
				!((value[i] | 0x20) >= 'a' && (value[i] | 0x20) <= 'z'))
				signs |= UINT64_C(1) << i;
		REQUIRE(!pii_email_plain(value, length, (size_t) (at - value), signs,
								 &match) ||
				(pii_email_next(value, length, 0, length, &other) &&
				 is_same(&match, &other)));
	}
}

/* Redact until nothing is left, which must be soon. */
static void
check_redaction(const PiiRedactOptions *wanted, const char *value,
				size_t length)
{
	PiiRedactOptions options = *wanted;
	PiiRedactStatus status = PII_REDACT_CHANGED;
	Buffer		in = {NULL, 0, 0};
	int			pass;

	append(value, length, &in);
	for (pass = 1; status == PII_REDACT_CHANGED; pass++)
	{
		Buffer		out = {NULL, 0, 0};

		REQUIRE(pass <= PII_REDACT_PASSES + 2);
		options.write = append;
		options.write_argument = &out;
		status = pii_redact(&options, in.bytes, in.length, pass);
		if (status == PII_REDACT_UNTOUCHED)
			REQUIRE(out.length == in.length &&
					(in.length == 0 ||
					 memcmp(out.bytes, in.bytes, in.length) == 0));
		free(in.bytes);
		in = out;
	}
	free(in.bytes);
}

/* malloc for the pattern. */
static void *
allocate(size_t size, void *argument)
{
	(void) argument;
	return malloc(size);
}

/* free for the pattern. */
static void
release(void *block, void *argument)
{
	(void) argument;
	free(block);
}

/* The bytes up to the first newline are a pattern, the rest a value. */
static void
check_pattern(const char *data, size_t length, bool use_jit)
{
	const PiiAllocator allocator = {allocate, release, NULL};
	const char *newline = memchr(data, '\n', length);
	char		message[128];
	size_t		offset;
	size_t		from = 0;
	size_t		start;
	size_t		end;
	int			asked = 0;
	PiiPattern *pattern;

	if (newline == NULL)
		return;
	pattern = pii_pattern_compile(data, (size_t) (newline - data), use_jit,
								  &allocator, message, sizeof(message),
								  &offset);
	if (pattern == NULL)
	{
		REQUIRE(memchr(message, '\0', sizeof(message)) != NULL);
		return;
	}
	length -= (size_t) (newline + 1 - data);
	while (pii_pattern_next(pattern, newline + 1, length, from, cancel, &asked,
							&start, &end) == PII_PATTERN_FOUND)
	{
		REQUIRE(start >= from && start < end && end <= length);
		from = end;
	}
	pii_pattern_free(pattern);
}

/* Called by libFuzzer. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const regions[] = {"US", "DE", "IT", "IN", "BR", "JP"};
	PiiRedactOptions options = {{PII_ALL_KINDS, PII_REGION_NONE, NULL, NULL},
		PII_STYLE_MASK, hash, NULL, NULL, NULL};
	const char *value;
	PiiShape	shape;
	int			asked = 0;

	if (size == 0)
		return 0;
	value = (const char *) data + 1;
	size--;
	if ((data[0] & 0xE0) == 0xE0)
	{
		check_pattern(value, size, (data[0] & 1) != 0);
		return 0;
	}
	if ((data[0] & 7) == 7)
		options.find.region = PII_REGION_ANY;
	else if ((data[0] & 7) > 0)
		options.find.region = pii_region_by_code(regions[(data[0] & 7) - 1], 2);
	options.style = (PiiStyle) ((data[0] >> 3) % PII_STYLES);

	check_matches(&options.find, value, size);
	check_redaction(&options, value, size);
	check_plain(value, size, options.find.region);
	pii_shape(value, size, &shape);
	REQUIRE(memchr(shape.digits, '\0', sizeof(shape.digits)) != NULL);
	options.find.cancelled = cancel;
	options.find.argument = &asked;
	check_matches(&options.find, value, size);
	return 0;
}
