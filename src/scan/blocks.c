/*
 * blocks.c
 *		pii.blocks(percent): the table sampling method of the scan.
 *
 * The server's method "system" asks of every block of a table whether it is in
 * the sample; of a table of terabytes that alone takes longer than reading the
 * sample.  This one divides the table into as many stretches of equal length
 * as it takes blocks, and takes one at random of each: the cost is that of the
 * blocks read, they are read in order, and the sample is spread evenly.
 *
 * The same seed takes the same blocks as long as the table has as many.
 */
#include "compat.h"

#include <math.h>

#include "access/relscan.h"
#include "access/tsmapi.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"

/* State of one scan. */
typedef struct BlockSample
{
	double		percent;		/* share of the blocks to take */
	uint32		seed;
	BlockNumber next;			/* stretch whose turn it is */
	OffsetNumber last_tuple;	/* last tuple returned of the current block */
} BlockSample;

/* How many blocks a sample takes: at least one, and never more than all. */
static BlockNumber
sample_size(double percent, BlockNumber nblocks)
{
	double		size = rint(nblocks * percent / 100);

	return (BlockNumber) Min(Max(size, Min(nblocks, 1)), nblocks);
}

/* A SampleScanGetSampleSize_function: estimate for the planner. */
static void
get_sample_size(PlannerInfo *root, RelOptInfo *baserel, List *paramexprs,
				BlockNumber *pages, double *tuples)
{
	Node	   *argument = estimate_expression_value(root,
													 linitial(paramexprs));
	double		percent = 1;

	if (IsA(argument, Const) && !((Const *) argument)->constisnull)
		percent = DatumGetFloat8(((Const *) argument)->constvalue);
	percent = Min(Max(percent, 0), 100);
	*pages = sample_size(percent, baserel->pages);
	*tuples = clamp_row_est(baserel->tuples * percent / 100);
}

/* An InitSampleScan_function */
static void
init_sample(SampleScanState *node, int eflags)
{
	node->tsm_state = palloc0(sizeof(BlockSample));
}

/* A BeginSampleScan_function */
static void
begin_sample(SampleScanState *node, Datum *params, int nparams, uint32 seed)
{
	BlockSample *sample = node->tsm_state;
	double		percent = DatumGetFloat8(params[0]);

	if (isnan(percent) || percent < 0 || percent > 100)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TABLESAMPLE_ARGUMENT),
				 errmsg("sample percentage must be between 0 and 100")));
	sample->percent = percent;
	sample->seed = seed;
	sample->next = 0;
	sample->last_tuple = InvalidOffsetNumber;
	node->use_bulkread = percent >= 1;
	node->use_pagemode = true;
}

/* A NextSampleBlock_function: a block at random of the next stretch. */
static BlockNumber
next_block(SampleScanState *node, BlockNumber nblocks)
{
	BlockSample *sample = node->tsm_state;
	BlockNumber size = sample_size(sample->percent, nblocks);
	uint64		start;
	uint64		end;

	if (sample->next >= size)
	{
		sample->next = 0;
		return InvalidBlockNumber;
	}
	start = (uint64) nblocks * sample->next / size;
	end = (uint64) nblocks * (sample->next + 1) / size;
	sample->last_tuple = InvalidOffsetNumber;
	sample->next++;
	return start + hash_combine(sample->seed, hash_uint32(sample->next)) %
		(end - start);
}

/* A NextSampleTuple_function: every tuple of the block. */
static OffsetNumber
next_tuple(SampleScanState *node, BlockNumber blockno, OffsetNumber maxoffset)
{
	BlockSample *sample = node->tsm_state;

	if (sample->last_tuple >= maxoffset)
	{
		sample->last_tuple = InvalidOffsetNumber;
		return InvalidOffsetNumber;
	}
	return ++sample->last_tuple;
}

PG_FUNCTION_INFO_V1(pii_blocks);

/* pii.blocks(internal) -> tsm_handler */
Datum
pii_blocks(PG_FUNCTION_ARGS)
{
	TsmRoutine *routine = makeNode(TsmRoutine);

	routine->parameterTypes = list_make1_oid(FLOAT8OID);
	routine->repeatable_across_queries = true;
	routine->repeatable_across_scans = true;
	routine->SampleScanGetSampleSize = get_sample_size;
	routine->InitSampleScan = init_sample;
	routine->BeginSampleScan = begin_sample;
	routine->NextSampleBlock = next_block;
	routine->NextSampleTuple = next_tuple;
	PG_RETURN_POINTER(routine);
}
