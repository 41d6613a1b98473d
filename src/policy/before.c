/*
 * before.c
 *		What broke the policy before the transaction changed anything.
 *
 * A snapshot in which no command of this transaction has happened yet shows the
 * catalogs as they were: rows it made are not there, rows it changed or deleted
 * are as before.  The violations are computed once more under it.  What is there
 * now and was not then, the transaction has introduced.
 *
 * What must stay true: all that pii.violations reads by way of the executor or
 * of the active snapshot is of the past then; what reads the caches of the
 * server is of the present.  Names do: they are not compared.
 */
#include "compat.h"

#include "access/xact.h"
#include "executor/spi.h"
#include "executor/tstoreReceiver.h"
#include "funcapi.h"
#include "utils/snapmgr.h"

/* The arguments of a function as parameters for a query. */
static ParamListInfo
query_parameters(FunctionCallInfo fcinfo)
{
	ParamListInfo parameters = makeParamList(PG_NARGS());

	for (int i = 0; i < PG_NARGS(); i++)
		parameters->params[i] = (ParamExternData) {
			.value = PG_GETARG_DATUM(i), .pflags = PARAM_FLAG_CONST,
			.ptype = get_fn_expr_argtype(fcinfo->flinfo, i)
		};
	return parameters;
}

/*
 * Put what a query gives for the arguments into the result: by the catalogs of
 * now, or by those from before the first command of this transaction.  Where
 * isolation keeps an old snapshot, others have committed since, and their
 * grants count: the latest one is taken.
 */
static Datum
put_rows(FunctionCallInfo fcinfo, const char *query, bool before)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	SPIExecuteOptions options = {.read_only = true};
	int			status;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	options.params = query_parameters(fcinfo);
	options.dest = CreateDestReceiver(DestTuplestore);
	SetTuplestoreDestReceiverParams(options.dest, result->setResult,
									result->econtext->ecxt_per_query_memory,
									false, NULL, NULL);
	PushCopiedSnapshot(GetLatestSnapshot());
	if (before)
		GetActiveSnapshot()->curcid = FirstCommandId;
	SPI_connect();
	status = SPI_execute_extended(query, &options);
	if (status != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_extended failed: %s",
			 SPI_result_code_string(status));
	SPI_finish();
	PopActiveSnapshot();
	return (Datum) 0;
}

#define VIOLATIONS_QUERY "SELECT * FROM pii.violations_of($1)"
#define VIOLATIONS_BEFORE_QUERY \
	"SELECT * FROM pii.violations_of($1 OPERATOR(pg_catalog.||) " \
	"pii.relations_named($2, $3))"
#define READERS_QUERY "SELECT * FROM pii.readers_of($1)"
#define DEFAULTS_QUERY "SELECT * FROM pii.default_exposure"

PG_FUNCTION_INFO_V1(pii_violations_now);

/* pii.violations_now(relations oid[]) -> setof pii.violations */
Datum
pii_violations_now(PG_FUNCTION_ARGS)
{
	return put_rows(fcinfo, VIOLATIONS_QUERY, false);
}

PG_FUNCTION_INFO_V1(pii_violations_before);

/*
 * pii.violations_before(relations oid[], schemas name[], tables name[])
 *		-> setof pii.violations
 */
Datum
pii_violations_before(PG_FUNCTION_ARGS)
{
	return put_rows(fcinfo, VIOLATIONS_BEFORE_QUERY, true);
}

PG_FUNCTION_INFO_V1(pii_readers_before);

/* pii.readers_before(relations oid[]) -> setof record, as pii.readers_of */
Datum
pii_readers_before(PG_FUNCTION_ARGS)
{
	return put_rows(fcinfo, READERS_QUERY, true);
}

PG_FUNCTION_INFO_V1(pii_default_exposure_before);

/* pii.default_exposure_before() -> setof pii.default_exposure */
Datum
pii_default_exposure_before(PG_FUNCTION_ARGS)
{
	return put_rows(fcinfo, DEFAULTS_QUERY, true);
}
