/*
 * text.h
 *		Handing a text of the server to detection.
 */
#ifndef PII_TEXT_H
#define PII_TEXT_H

#include "compat.h"

#include "utils/memutils.h"

typedef struct PiiText
{
	const char *data;			/* UTF-8, or the bytes themselves where no
								 * conversion is possible */
	Size		length;
	Size		unread;			/* bytes of the value beyond the limit */
} PiiText;

/* A limit that no value reaches. */
#define PII_TEXT_WHOLE ((Size) MaxAllocSize)

extern void pii_text_open(Datum datum, Size limit, PiiText *text);
extern void pii_text_from_bytes(const char *data, Size length, PiiText *text);
extern text *pii_text_to_server(const char *data, Size length);
extern int	pii_text_characters(const char *data, Size length);

#endif							/* PII_TEXT_H */
