/*
 * text.c
 *		Handing a text of the server to detection: no more of it than is to be
 *		read, and in UTF-8.
 *
 * Every server encoding is a superset of ASCII, so a value of ASCII bytes, as
 * nearly all with an address or a number are, needs no conversion anywhere.
 * A byte that cannot be converted ends what is read of the value; it is never
 * an error.  SQL_ASCII knows no conversion: its bytes are taken as they are.
 */
#include "compat.h"

#include "access/detoast.h"
#include "catalog/namespace.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "detect/utf8.h"
#include "profile/text.h"

/* The conversion counts its room in an int. */
#define CONVERSION_MAX ((Size) INT_MAX / (2 * MAX_CONVERSION_GROWTH))

/* Whether all bytes are ASCII. */
static bool
is_ascii(const char *data, Size length)
{
	Size		i = 0;
	uint64		seen = 0;

	for (; i + sizeof(uint64) <= length; i += sizeof(uint64))
	{
		uint64		word;

		memcpy(&word, data + i, sizeof(word));
		seen |= word;
	}
	for (; i < length; i++)
		seen |= (unsigned char) data[i];
	return (seen & UINT64CONST(0x8080808080808080)) == 0;
}

/*
 * The conversion from the database's encoding to UTF-8, or back.  Looked up
 * once per backend: a database's encoding never changes.
 */
static Oid
conversion_procedure(bool to_utf8)
{
	static Oid	procedures[2];
	Oid		   *procedure = &procedures[to_utf8 ? 1 : 0];

	if (!OidIsValid(*procedure))
		*procedure = to_utf8 ?
			FindDefaultConversionProc(GetDatabaseEncoding(), PG_UTF8) :
			FindDefaultConversionProc(PG_UTF8, GetDatabaseEncoding());
	return *procedure;
}

/* Give bytes in the database's encoding to detection. */
void
pii_text_from_bytes(const char *data, Size length, PiiText *text)
{
	int			encoding = GetDatabaseEncoding();
	Size		room;
	char	   *buffer;
	int			done;

	text->data = data;
	text->length = length;
	text->unread = 0;
	if (encoding == PG_UTF8 || encoding == PG_SQL_ASCII ||
		is_ascii(data, length) || !OidIsValid(conversion_procedure(true)))
		return;

	if (length > CONVERSION_MAX)
	{
		text->unread = length - pg_mbcliplen(data, length, CONVERSION_MAX);
		length -= text->unread;
	}
	room = length * MAX_CONVERSION_GROWTH + 1;
	buffer = MemoryContextAllocHuge(CurrentMemoryContext, room);
	done = pg_do_encoding_conversion_buf(conversion_procedure(true), encoding,
										 PG_UTF8, (unsigned char *) data,
										 length, (unsigned char *) buffer,
										 room, true);
	text->data = buffer;
	text->length = strlen(buffer);
	text->unread += length - done;
}

/*
 * Detoast at most `limit` bytes of a text (clipped to whole characters) and
 * give them to detection.  What it allocates is in the current context.
 */
void
pii_text_open(Datum datum, Size limit, PiiText *text)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);
	Size		size = 0;
	Size		unread = 0;

	if (VARATT_IS_EXTERNAL(value) || VARATT_IS_COMPRESSED(value))
	{
		size = toast_raw_datum_size(datum) - VARHDRSZ;
		value = size > limit ? detoast_attr_slice(value, 0, limit) :
			detoast_attr(value);
	}
	size = Max(size, VARSIZE_ANY_EXHDR(value));
	if (size > limit)
	{
		int			clipped = pg_mbcliplen(VARDATA_ANY(value),
										   Min(VARSIZE_ANY_EXHDR(value), limit),
										   limit);

		unread = size - clipped;
		size = clipped;
	}
	pii_text_from_bytes(VARDATA_ANY(value), size, text);
	text->unread += unread;
}

/* A text of the server from what detection was given, or a part of it. */
text *
pii_text_to_server(const char *data, Size length)
{
	char	   *bytes;

	if (GetDatabaseEncoding() == PG_SQL_ASCII)
		return cstring_to_text_with_len(data, length);
	bytes = pg_any_to_server(data, length, PG_UTF8);
	if (bytes == data)
		return cstring_to_text_with_len(data, length);
	return cstring_to_text(bytes);
}

/*
 * How many characters of the database's encoding the bytes given to detection
 * are: every byte that does not continue one of UTF-8.
 */
int
pii_text_characters(const char *data, Size length)
{
	int			characters = 0;

	if (GetDatabaseEncoding() == PG_SQL_ASCII)
		return length;
	for (Size i = 0; i < length; i++)
		characters += !pii_utf8_is_tail(data[i]);
	return characters;
}
