/*
 * truth.h
 *		Reading tab-separated truth: fields with \t, \n, \r and \\ escaped.
 */
#ifndef PII_TRUTH_H
#define PII_TRUTH_H

#include <stddef.h>
#include <string.h>

/*
 * Cut the next field off a line and undo its escapes in place; *line becomes
 * NULL after the last.  Returns NULL when there was none.
 */
static inline char *
truth_field(char **line, size_t *length)
{
	char	   *field = *line;
	char	   *from = field;
	char	   *to = field;

	if (field == NULL)
		return NULL;
	for (; *from != '\0' && *from != '\t' && *from != '\n'; from++)
	{
		if (*from == '\\' && from[1] != '\0')
		{
			from++;
			*to++ = *from == 't' ? '\t' : *from == 'n' ? '\n'
				: *from == 'r' ? '\r' : *from;
		}
		else
			*to++ = *from;
	}
	*line = *from == '\t' ? from + 1 : NULL;
	*to = '\0';
	*length = (size_t) (to - field);
	return field;
}

#endif							/* PII_TRUTH_H */
