/*
 * blocks.c
 *		pii.blocks(percent) and pii.blocks_until(percent, deadline): the table
 *		sampling methods of the scan.
 *
 * The server's method "system" asks of every block of a table whether it is in
 * the sample; of a table of terabytes that alone takes longer than reading the
 * sample.  This one divides the table into as many stretches of equal length
 * as it takes blocks, and takes one at random of each: the cost is that of the
 * blocks read, they are read in order, and the sample is spread evenly.
 *
 * The same seed takes the same blocks as long as the table has as many.
 *
 * With a deadline the stretches are gone through several times, each time
 * another of so many, so that what was read when time is up is still spread
 * over the whole table.
 *
 * Reading can be slowed down as a vacuum can, by a sleep after so many blocks.
 */
#include "compat.h"

#include <math.h>

#include "access/relscan.h"
#include "access/tsmapi.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "storage/latch.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "scan/settings.h"

/* Blocks between two sleeps: a megabyte of them. */
#define BLOCKS_TO_SLEEP 128

/* How often a table is gone through under a deadline. */
#define PASSES 16

/* State of one scan. */
typedef struct BlockSample
{
	double		percent;		/* share of the blocks to take */
	uint32		seed;
	TimestampTz deadline;		/* when to stop */
	int			passes;			/* how often to go through the table */
	int			pass;			/* how often it has been gone through */
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

/*
 * Sleep now and then, if the DBA wants a scan to be slow.  Counted over all
 * tables, so that a thousand small ones rest as often as a large one.
 */
static void
rest(void)
{
	static int	blocks = 0;

	if (pii_scan_cost_delay <= 0 || ++blocks < BLOCKS_TO_SLEEP)
		return;
	blocks = 0;
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
					 pii_scan_cost_delay, WAIT_EVENT_VACUUM_DELAY);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
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
	sample->deadline = nparams > 1 ? DatumGetTimestampTz(params[1]) : DT_NOEND;
	sample->passes = nparams > 1 ? PASSES : 1;
	sample->pass = 0;
	sample->next = 0;
	sample->last_tuple = InvalidOffsetNumber;
	node->use_bulkread = percent >= 1;
	node->use_pagemode = true;
}

/* Whether the time for reading is up. */
static bool
is_over(const BlockSample *sample)
{
	return sample->deadline != DT_NOEND &&
		GetCurrentTimestamp() >= sample->deadline;
}

/* A NextSampleBlock_function: a block at random of the next stretch. */
static BlockNumber
next_block(SampleScanState *node, BlockNumber nblocks)
{
	BlockSample *sample = node->tsm_state;
	BlockNumber size = sample_size(sample->percent, nblocks);
	BlockNumber stretch;
	uint64		start;
	uint64		end;

	while (sample->next >= size && ++sample->pass < sample->passes)
		sample->next = sample->pass;
	if (sample->next >= size || is_over(sample))
	{
		sample->pass = 0;
		sample->next = 0;
		return InvalidBlockNumber;
	}
	rest();
	stretch = sample->next;
	start = (uint64) nblocks * stretch / size;
	end = (uint64) nblocks * (stretch + 1) / size;
	sample->last_tuple = InvalidOffsetNumber;
	sample->next += sample->passes;
	return start + hash_combine(sample->seed, hash_uint32(stretch + 1)) %
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

/* What both methods have in common: all but their parameters. */
static TsmRoutine *
sampling_method(List *parameters)
{
	TsmRoutine *routine = makeNode(TsmRoutine);

	routine->parameterTypes = parameters;
	routine->repeatable_across_queries = true;
	routine->repeatable_across_scans = true;
	routine->SampleScanGetSampleSize = get_sample_size;
	routine->InitSampleScan = init_sample;
	routine->BeginSampleScan = begin_sample;
	routine->NextSampleBlock = next_block;
	routine->NextSampleTuple = next_tuple;
	return routine;
}

PG_FUNCTION_INFO_V1(pii_blocks);

/* pii.blocks(internal) -> tsm_handler */
Datum
pii_blocks(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(sampling_method(list_make1_oid(FLOAT8OID)));
}

PG_FUNCTION_INFO_V1(pii_blocks_until);

/* pii.blocks_until(internal) -> tsm_handler */
Datum
pii_blocks_until(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(sampling_method(list_make2_oid(FLOAT8OID,
													 TIMESTAMPTZOID)));
}
