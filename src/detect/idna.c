/*
 * idna.c
 *		Internationalised domain names, as far as addresses need them.
 *
 * The tables below say what a person would say of a character ("a letter",
 * "a comma"), range by range and not name by name: a few kilobytes of Unicode
 * would decide no address differently.  They must stay sorted.
 */
#include "idna.h"

#include <string.h>

#include "utf8.h"

typedef struct ScriptRange
{
	uint32_t	first;
	uint32_t	last;
	PiiScript	script;
} ScriptRange;

#define B PII_SCRIPT_BARRIER
#define L PII_SCRIPT_LATIN
#define U PII_SCRIPT_UNSPACED

/* What is in no range is PII_SCRIPT_SPACED. */
static const ScriptRange script_ranges[] = {
	{0x0000, 0x00A9, B}, {0x00AA, 0x00AA, L}, {0x00AB, 0x00B4, B},
	{0x00B5, 0x00B5, L}, {0x00B6, 0x00B6, B}, {0x00B7, 0x00B7, L},
	{0x00B8, 0x00B9, B}, {0x00BA, 0x00BA, L}, {0x00BB, 0x00BF, B},
	{0x00C0, 0x00D6, L}, {0x00D7, 0x00D7, B}, {0x00D8, 0x00F6, L},
	{0x00F7, 0x00F7, B}, {0x00F8, 0x02AF, L}, {0x02B0, 0x02FF, B},
	{0x0300, 0x036F, L}, {0x037E, 0x037E, B}, {0x0387, 0x0387, B},
	{0x055A, 0x055F, B}, {0x0589, 0x058F, B}, {0x05BE, 0x05BE, B},
	{0x05C0, 0x05C0, B}, {0x05C3, 0x05C3, B}, {0x05C6, 0x05C6, B},
	{0x05F3, 0x060F, B}, {0x061B, 0x061F, B}, {0x066A, 0x066D, B},
	{0x06D4, 0x06D4, B}, {0x06DD, 0x06DD, B}, {0x0700, 0x070F, B},
	{0x0964, 0x0965, B}, {0x0970, 0x0970, B}, {0x0DF4, 0x0DF4, B},
	{0x0E00, 0x0E3E, U}, {0x0E3F, 0x0E3F, B}, {0x0E40, 0x0E4E, U},
	{0x0E4F, 0x0E4F, B}, {0x0E50, 0x0E59, U}, {0x0E5A, 0x0E7F, B},
	{0x0E80, 0x0EFF, U}, {0x0F01, 0x0F17, B}, {0x1000, 0x1049, U},
	{0x104A, 0x104F, B}, {0x1050, 0x109F, U}, {0x10FB, 0x10FB, B},
	{0x1360, 0x1368, B}, {0x166D, 0x166E, B}, {0x1680, 0x1680, B},
	{0x16EB, 0x16ED, B}, {0x1780, 0x17D3, U}, {0x17D4, 0x17DB, B},
	{0x17DC, 0x17FF, U}, {0x1800, 0x180F, B}, {0x1E00, 0x1EFF, L},
	{0x2000, 0x2BFF, B}, {0x2E00, 0x3004, B}, {0x3005, 0x3007, U},
	{0x3008, 0x3040, B}, {0x3041, 0x309F, U}, {0x30A0, 0x30A0, B},
	{0x30A1, 0x30FA, U}, {0x30FB, 0x30FB, B}, {0x30FC, 0x31FF, U},
	{0x3200, 0x33FF, B}, {0x3400, 0x4DBF, U}, {0x4DC0, 0x4DFF, B},
	{0x4E00, 0xA48F, U}, {0xA490, 0xA4CF, B}, {0xA720, 0xA7FF, L},
	{0xAC00, 0xD7AF, U}, {0xD7FC, 0xF8FF, B}, {0xF900, 0xFAFF, U},
	{0xFB29, 0xFB29, B}, {0xFD3E, 0xFD3F, B}, {0xFE00, 0xFE1F, B},
	{0xFE30, 0xFE6F, B}, {0xFEFF, 0xFF0F, B}, {0xFF10, 0xFF19, L},
	{0xFF1A, 0xFF20, B}, {0xFF21, 0xFF3A, L}, {0xFF3B, 0xFF40, B},
	{0xFF41, 0xFF5A, L}, {0xFF5B, 0xFF65, B}, {0xFF66, 0xFFDF, U},
	{0xFFE0, 0xFFFF, B}, {0x1D000, 0x1D3FF, B}, {0x1F000, 0x1FAFF, B},
	{0x20000, 0x3FFFF, U}, {0xE0000, 0x10FFFF, B}
};

#undef B
#undef L
#undef U

typedef struct FoldRange
{
	uint32_t	first;			/* upper-case letters are every `step`th */
	uint32_t	last;			/* character from first to last */
	uint32_t	step;
	int32_t		distance;		/* to the lower-case letter */
} FoldRange;

static const FoldRange fold_ranges[] = {
	{0x0041, 0x005A, 1, 32}, {0x00C0, 0x00D6, 1, 32}, {0x00D8, 0x00DE, 1, 32},
	{0x0100, 0x012E, 2, 1}, {0x0132, 0x0136, 2, 1}, {0x0139, 0x0147, 2, 1},
	{0x014A, 0x0176, 2, 1}, {0x0178, 0x0178, 1, -121}, {0x0179, 0x017D, 2, 1},
	{0x01A0, 0x01A4, 2, 1}, {0x01AF, 0x01AF, 1, 1}, {0x01CD, 0x01DB, 2, 1},
	{0x01DE, 0x01EE, 2, 1}, {0x01F8, 0x021E, 2, 1}, {0x0222, 0x0232, 2, 1},
	{0x0370, 0x0372, 2, 1}, {0x0386, 0x0386, 1, 38}, {0x0388, 0x038A, 1, 37},
	{0x038C, 0x038C, 1, 64}, {0x038E, 0x038F, 1, 63}, {0x0391, 0x03A1, 1, 32},
	{0x03A3, 0x03AB, 1, 32}, {0x03D8, 0x03EE, 2, 1}, {0x0400, 0x040F, 1, 80},
	{0x0410, 0x042F, 1, 32}, {0x0460, 0x0480, 2, 1}, {0x048A, 0x04BE, 2, 1},
	{0x04C0, 0x04C0, 1, 15}, {0x04C1, 0x04CD, 2, 1}, {0x04D0, 0x052E, 2, 1},
	{0x0531, 0x0556, 1, 48}, {0x10A0, 0x10C5, 1, 7264},
	{0x1C90, 0x1CBA, 1, -3008}, {0x1E00, 0x1E94, 2, 1}, {0x1EA0, 0x1EFE, 2, 1}
};

#define LENGTH_OF(array) (sizeof(array) / sizeof((array)[0]))

/* See idna.h. */
PiiScript
pii_script_of(uint32_t code)
{
	size_t		low = 0;
	size_t		high = LENGTH_OF(script_ranges);

	while (low < high)
	{
		size_t		middle = (low + high) / 2;

		if (code > script_ranges[middle].last)
			low = middle + 1;
		else if (code < script_ranges[middle].first)
			high = middle;
		else
			return script_ranges[middle].script;
	}
	return PII_SCRIPT_SPACED;
}

/* See idna.h. */
uint32_t
pii_fold(uint32_t code)
{
	size_t		i;

	if (code >= 0xFF01 && code <= 0xFF5E)
		code -= 0xFF01 - 0x21;
	for (i = 0; i < LENGTH_OF(fold_ranges) && code >= fold_ranges[i].first; i++)
	{
		const FoldRange *range = &fold_ranges[i];

		if (code <= range->last && (code - range->first) % range->step == 0)
			return code + (uint32_t) range->distance;
	}
	return code;
}

/* Parameters of Punycode (RFC 3492, section 5). */
#define PUNY_BASE 36
#define PUNY_TMIN 1
#define PUNY_TMAX 26
#define PUNY_SKEW 38
#define PUNY_DAMP 700
#define PUNY_BIAS 72
#define PUNY_FIRST 128

/* The bias after a delta (RFC 3492, section 6.1). */
static uint32_t
adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t	k;

	delta = first ? delta / PUNY_DAMP : delta / 2;
	delta += delta / points;
	for (k = 0; delta > (PUNY_BASE - PUNY_TMIN) * PUNY_TMAX / 2; k += PUNY_BASE)
		delta /= PUNY_BASE - PUNY_TMIN;
	return k + (PUNY_BASE - PUNY_TMIN + 1) * delta / (delta + PUNY_SKEW);
}

/* The threshold for digit position k. */
static uint32_t
threshold(uint32_t k, uint32_t bias)
{
	if (k <= bias)
		return PUNY_TMIN;
	return k >= bias + PUNY_TMAX ? PUNY_TMAX : k - bias;
}

/*
 * Append delta as a variable-length integer; false if there is no room left
 * in a label.
 */
static bool
put_delta(uint32_t delta, uint32_t bias, char *out, size_t *length)
{
	uint32_t	k;

	for (k = PUNY_BASE;; k += PUNY_BASE)
	{
		uint32_t	t = threshold(k, bias);
		uint32_t	digit = delta < t ? delta : t + (delta - t) % (PUNY_BASE - t);

		if (*length == PII_LABEL_MAX)
			return false;
		out[(*length)++] = (char) (digit < 26 ? 'a' + digit : '0' + digit - 26);
		if (delta < t)
			return true;
		delta = (delta - t) / (PUNY_BASE - t);
	}
}

/*
 * Encode code points (at most a label's worth, so that no sum overflows) as
 * an A-label.  Returns its length or 0 if it is too long.
 */
static size_t
puny_encode(const uint32_t *points, size_t npoints, char *out)
{
	uint32_t	next = PUNY_FIRST;
	uint32_t	delta = 0;
	uint32_t	bias = PUNY_BIAS;
	size_t		length = 4;
	size_t		basic;
	size_t		done = 0;
	size_t		i;

	memcpy(out, "xn--", 4);
	for (i = 0; i < npoints; i++)
		if (points[i] < PUNY_FIRST)
		{
			if (length >= PII_LABEL_MAX - 1)
				return 0;
			out[length++] = (char) points[i];
			done++;
		}
	basic = done;
	if (basic > 0)
		out[length++] = '-';

	while (done < npoints)
	{
		uint32_t	smallest = UINT32_MAX;

		for (i = 0; i < npoints; i++)
			if (points[i] >= next && points[i] < smallest)
				smallest = points[i];
		delta += (smallest - next) * (uint32_t) (done + 1);
		next = smallest;
		for (i = 0; i < npoints; i++)
		{
			if (points[i] < next)
				delta++;
			else if (points[i] == next)
			{
				if (!put_delta(delta, bias, out, &length))
					return 0;
				bias = adapt(delta, (uint32_t) done + 1, done == basic);
				delta = 0;
				done++;
			}
		}
		delta++;
		next++;
	}
	return length;
}

/* The value of a Punycode digit, or PUNY_BASE if it is none. */
static uint32_t
puny_digit(char c)
{
	if (c >= 'a' && c <= 'z')
		return (uint32_t) (c - 'a');
	if (c >= '0' && c <= '9')
		return (uint32_t) (c - '0') + 26;
	return PUNY_BASE;
}

/*
 * Does the part of an A-label behind "xn--" decode?  Only its numbers are
 * followed; where each character would be inserted does not matter.
 */
static bool
puny_decodes(const char *text, size_t length)
{
	uint64_t	code = PUNY_FIRST;
	uint32_t	bias = PUNY_BIAS;
	uint64_t	i = 0;
	uint32_t	points = 0;
	size_t		at = 0;
	size_t		scan;

	for (scan = 0; scan < length; scan++)
		if (text[scan] == '-')
			at = scan + 1;
	if (at > 0)
		points = (uint32_t) at - 1;
	if (at == length)
		return false;

	while (at < length)
	{
		uint64_t	before = i;
		uint64_t	weight = 1;
		uint32_t	k;

		for (k = PUNY_BASE;; k += PUNY_BASE)
		{
			uint32_t	digit = at < length ? puny_digit(text[at++]) : PUNY_BASE;
			uint32_t	t = threshold(k, bias);

			if (digit == PUNY_BASE || weight > UINT32_MAX)
				return false;
			i += digit * weight;
			if (digit < t)
				break;
			weight *= PUNY_BASE - t;
		}
		points++;
		if (i > UINT32_MAX)
			return false;
		bias = adapt((uint32_t) (i - before), points, before == 0);
		code += i / points;
		i %= points;
		i++;
		if (code > 0x10FFFF || pii_script_of((uint32_t) code) == PII_SCRIPT_BARRIER)
			return false;
	}
	return true;
}

/* See idna.h. */
size_t
pii_idna_label(const char *label, size_t length, char out[PII_LABEL_MAX])
{
	uint32_t	points[PII_LABEL_MAX];
	size_t		npoints = 0;
	bool		ascii = true;
	size_t		at = 0;

	while (at < length)
	{
		uint32_t	code;
		size_t		width = pii_utf8_decode(label, length, at, &code);

		if (width == 0 || npoints == PII_LABEL_MAX)
			return 0;
		code = pii_fold(code);
		ascii &= code < 0x80;
		points[npoints++] = code;
		at += width;
	}
	if (!ascii)
		return puny_encode(points, npoints, out);

	for (at = 0; at < npoints; at++)
		out[at] = (char) points[at];
	if (npoints >= 4 && memcmp(out, "xn--", 4) == 0 &&
		!puny_decodes(out + 4, npoints - 4))
		return 0;
	return npoints;
}
