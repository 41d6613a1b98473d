/*
 * phone_reserved.c
 *		Numbers that regulators set aside for fiction and examples.
 *
 * Sources: NANPA (555-0100 to -0199), Ofcom (numbers for drama), ACMA (numbers
 * for use in radio and television), ComReg, ARCEP (decision 2018-0881),
 * Bundesnetzagentur (Rufnummern fuer Medienproduktionen), PTS (numbers for
 * fiction).  In a pattern "." is any digit; the length counts.
 */
#include "phone_run.h"

#include <stddef.h>

#define RESERVED_1 "...55501.."

static const char *const reserved_33[] = {
	"19900....", "26191....", "35301....", "46571....", "53649....",
	"63998....", NULL
};

static const char *const reserved_44[] = {
	"1134960...", "1144960...", "1154960...", "1164960...", "1174960...",
	"1184960...", "1214960...", "1314960...", "1414960...", "1514960...",
	"1614960...", "1914980...", "2079460...", "2896496...", "2920180...",
	"1632960...", "3069990...", "7700900...", "8081570...", "9098790...", NULL
};

static const char *const reserved_46[] = {
	"3139006..", "4062804..", "8465004..", "9803192..", "7017406..", NULL
};

static const char *const reserved_49[] = {
	"3023125...", "6990009...", "4066969...", "2214710...", "8999998...",
	"15228817386", "15228895456", "15254599371", "17139200..", "1729925904",
	"1729968532", "1729973185", "1729973186", "1729980752", "1749091317",
	"1749464308", "176040690..", NULL
};

static const char *const reserved_61[] = {
	"25550....", "35550....", "75550....", "85550....", "27010....",
	"37010....", "77010....", "87010....", "491570006", "491570156",
	"491570157", "491570158", "491570159", "491570110", "491570313",
	"491570737", "491571266", "491571491", "491571804", "491572549",
	"491572665", "491572983", "491573087", "491573770", "491574118",
	"491574632", "491575254", "491575789", "491576398", "491576801",
	"491577426", "491577644", "491578148", "491578888", "491578957",
	"491579212", "491579455", "491579760", "1800160401", "180097570.",
	"180097571.", "130097570.", "130097571.", NULL
};

static const char *const reserved_353[] = {
	"2091.....", NULL
};

/* Do all digits, and no more, fit a pattern? */
static bool
fits(const char *pattern, const uint8_t *digits, int length)
{
	int			i = 0;

	for (; *pattern != '\0'; pattern++)
	{
		if (i == length || (*pattern != '.' && *pattern - '0' != digits[i]))
			return false;
		i++;
	}
	return i == length;
}

/* The patterns of a calling code, ended by NULL; NULL if it has none. */
static const char *const *
patterns_of(int calling_code)
{
	switch (calling_code)
	{
		case 33:
			return reserved_33;
		case 44:
			return reserved_44;
		case 46:
			return reserved_46;
		case 49:
			return reserved_49;
		case 61:
			return reserved_61;
		case 353:
			return reserved_353;
	}
	return NULL;
}

/* See phone_run.h.  Every number is asked about, most of them of code 1. */
bool
pii_phone_is_reserved(int calling_code, const uint8_t *digits, int length)
{
	const char *const *pattern;

	if (calling_code == 1)
		return length == sizeof(RESERVED_1) - 1 &&
			((digits[3] ^ 5) | (digits[4] ^ 5)) == 0 &&
			fits(RESERVED_1, digits, length);
	pattern = patterns_of(calling_code);
	if (pattern == NULL)
		return false;
	while (*pattern != NULL && !fits(*pattern, digits, length))
		pattern++;
	return *pattern != NULL;
}
