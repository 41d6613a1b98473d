/*
 * evidence.c
 *		The type pii.evidence: making it, merging it, and reading off it.
 */
#include "compat.h"

#include <math.h>

#include "common/hashfn.h"

#include "detect/plan.h"
#include "profile/evidence.h"

StaticAssertDecl(PII_EVIDENCE_SUMS_START % sizeof(int64) == 0,
				 "sums of pii.evidence must be aligned");

/* See evidence.h; 0 until it is known. */
uint64		pii_evidence_plan = 0;

/* Hash of the codes of the plan's regions, in their order. */
static uint64
plan_hash(void)
{
	uint64		hash = 0;

	if (pii_evidence_plan != 0)
		return pii_evidence_plan;
	for (PiiRegion region = 0; region < pii_plan_regions(); region++)
		hash = hash_combine64(hash,
							  hash_bytes_extended((const unsigned char *) pii_region_code(region),
												  2, 0));
	pii_evidence_plan = hash;
	return hash;
}

/* Make an empty evidence in a memory context. */
PiiEvidence *
pii_evidence_create(MemoryContext context)
{
	PiiEvidence *evidence = MemoryContextAllocZero(context,
												   sizeof(PiiEvidence));

	SET_VARSIZE(evidence, sizeof(PiiEvidence));
	evidence->version = PII_EVIDENCE_VERSION;
	evidence->nregions = pii_plan_regions();
	evidence->plan = plan_hash();
	return evidence;
}

/* See evidence.h. */
PiiEvidence *
pii_evidence_check(Datum datum)
{
	PiiEvidence *evidence = (PiiEvidence *) PG_DETOAST_DATUM(datum);

	if (VARSIZE(evidence) != sizeof(PiiEvidence) ||
		evidence->version != PII_EVIDENCE_VERSION)
		elog(ERROR, "unexpected version or size of a pii.evidence");
	if (evidence->plan != plan_hash())
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("evidence was counted with another numbering plan"),
				 errhint("Profile the column again.")));
	return evidence;
}

/* Add what was counted in another part of the same column. */
void
pii_evidence_merge(PiiEvidence *into, const PiiEvidence *from)
{
	int64	   *sums = (int64 *) ((char *) into + PII_EVIDENCE_SUMS_START);
	const int64 *more = (const int64 *) ((const char *) from +
										 PII_EVIDENCE_SUMS_START);

	for (Size i = 0; i < PII_EVIDENCE_SUMS; i++)
		sums[i] += more[i];
	for (Size i = offsetof(PiiEvidence, sketch); i < sizeof(PiiEvidence); i++)
		((uint8 *) into)[i] = Max(((uint8 *) into)[i],
								  ((const uint8 *) from)[i]);
}

/*
 * Estimate how many distinct values a sketch has seen (HyperLogLog with 256
 * registers: within 7 %).  lib/hyperloglog.h would not do: its states can be
 * neither stored nor merged, and it corrects for the collisions of 32-bit
 * hashes, which ours are not.
 */
double
pii_evidence_distinct(const uint8 *sketch)
{
	const double m = PII_SKETCH_REGISTERS;
	double		sum = 0;
	double		estimate;
	int			empty = 0;

	for (int i = 0; i < PII_SKETCH_REGISTERS; i++)
	{
		sum += ldexp(1.0, -sketch[i]);
		empty += sketch[i] == 0;
	}
	estimate = 0.7213 / (1.0 + 1.079 / m) * m * m / sum;
	if (estimate <= 2.5 * m && empty > 0)
		estimate = m * log(m / empty);
	return estimate;
}

PG_FUNCTION_INFO_V1(pii_evidence_rows);

/* pii.evidence_rows(evidence) -> bigint: values seen, nulls included. */
Datum
pii_evidence_rows(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(pii_evidence_open(PG_GETARG_DATUM(0))->rows);
}

PG_FUNCTION_INFO_V1(pii_evidence_nulls);

/* pii.evidence_nulls(evidence) -> bigint: nulls seen. */
Datum
pii_evidence_nulls(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(pii_evidence_open(PG_GETARG_DATUM(0))->nulls);
}
