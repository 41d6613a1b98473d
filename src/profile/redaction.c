/*
 * redaction.c
 *		pii.redact(): a text with its addresses and numbers made unreadable.
 *
 * What was no match may become one when its neighbour is replaced, so the
 * value is redacted until nothing is left to do; pii_redact() says how long
 * that can take.  The result of style 'hash' is the same for the same address
 * under the same key, so that redacted columns can still be joined.
 */
#include "compat.h"

#include "common/hmac.h"
#include "common/sha2.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "detect/redact.h"
#include "profile/interrupt.h"
#include "profile/text.h"
#include "profile/value.h"

/* How much of the hash is shown: 128 bits of it, four a letter. */
#define HASH_LETTERS 32

/* The style of that name, or an error that lists the names. */
static PiiStyle
style_from_text(const text *name)
{
	int			style = pii_style_by_name(VARDATA_ANY(name),
										  VARSIZE_ANY_EXHDR(name));

	if (style < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized style: \"%s\"", text_to_cstring(name)),
				 errhint("Valid styles are \"mask\", \"hash\" and \"label\".")));
	return style;
}

/* A PiiRedactOptions.write: append to the StringInfo that is its argument. */
static void
append_piece(const char *bytes, size_t length, void *argument)
{
	appendBinaryStringInfo((StringInfo) argument, bytes, length);
}

/*
 * A PiiRedactOptions.hash: HMAC-SHA-256 under the key, a text, that is its
 * argument, written in the letters a to p.
 */
static size_t
keyed_hash(const char *normal, size_t length, char out[PII_HASH_MAX],
		   void *argument)
{
	const text *key = argument;
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	pg_hmac_ctx *context = pg_hmac_create(PG_SHA256);

	if (context == NULL ||
		pg_hmac_init(context, (const uint8 *) VARDATA_ANY(key),
					 VARSIZE_ANY_EXHDR(key)) < 0 ||
		pg_hmac_update(context, (const uint8 *) normal, length) < 0 ||
		pg_hmac_final(context, digest, sizeof(digest)) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not compute a keyed hash")));
	pg_hmac_free(context);
	for (int i = 0; i < HASH_LETTERS; i++)
		out[i] = 'a' + (i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15);
	return HASH_LETTERS;
}

/* Redact until nothing is left to do.  Returns NULL if nothing was to do. */
static StringInfo
redact_passes(PiiRedactOptions *options, const PiiText *value)
{
	const char *data = value->data;
	Size		length = value->length;
	StringInfo	result = NULL;

	for (int pass = 1;; pass++)
	{
		StringInfo	written = makeStringInfo();
		PiiRedactStatus status;

		options->write_argument = written;
		status = pii_redact(options, data, length, pass);
		CHECK_FOR_INTERRUPTS();
		if (status == PII_REDACT_CANCELLED)
			ereport(ERROR,
					(errcode(ERRCODE_QUERY_CANCELED),
					 errmsg("redaction was interrupted")));
		if (status == PII_REDACT_UNTOUCHED)
			return result;
		result = written;
		data = written->data;
		length = written->len;
	}
}

/* Set the options that the arguments ask for. */
static void
read_options(FunctionCallInfo fcinfo, PiiRedactOptions *options)
{
	memset(options, 0, sizeof(*options));
	options->find.kinds = PG_ARGISNULL(1) ? PII_ALL_KINDS :
		pii_kinds_from_array(PG_GETARG_ARRAYTYPE_P(1));
	options->find.region = PG_ARGISNULL(4) ? PII_REGION_NONE :
		pii_region_from_text(PG_GETARG_TEXT_PP(4));
	options->find.cancelled = pii_interrupt_pending;
	options->style = PG_ARGISNULL(2) ? PII_STYLE_MASK :
		style_from_text(PG_GETARG_TEXT_PP(2));
	options->write = append_piece;
	if (options->style != PII_STYLE_HASH)
		return;
	if (PG_ARGISNULL(3) || VARSIZE_ANY_EXHDR(PG_GETARG_TEXT_PP(3)) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("style \"hash\" requires a key"),
				 errdetail("Without a key, every address and number could be found by trying."),
				 errhint("Give a secret as the argument \"key\".")));
	options->hash = keyed_hash;
	options->hash_argument = PG_GETARG_TEXT_PP(3);
}

PG_FUNCTION_INFO_V1(pii_redact_value);

/*
 * pii.redact(value text, kinds text[], style text, key text, region text)
 *		-> text
 *
 * What cannot be converted to be searched must not pass through unread: it is
 * an error.
 */
Datum
pii_redact_value(PG_FUNCTION_ARGS)
{
	PiiRedactOptions options;
	PiiText		value;
	StringInfo	result;

	read_options(fcinfo, &options);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	pii_text_open(PG_GETARG_DATUM(0), PII_TEXT_WHOLE, &value);
	if (value.unread > 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNTRANSLATABLE_CHARACTER),
				 errmsg("value cannot be searched as a whole"),
				 errdetail("It has bytes that have no equivalent in encoding UTF8, or is too long to be converted.")));
	result = redact_passes(&options, &value);
	if (result == NULL)
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	PG_RETURN_TEXT_P(pii_text_to_server(result->data, result->len));
}
