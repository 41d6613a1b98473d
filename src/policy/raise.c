/*
 * raise.c
 *		pii.raise(): the errors and warnings that the policy speaks with.
 *
 * They have SQLSTATEs of their own, so that a pipeline can tell a refused
 * deploy from a broken one.
 */
#include "compat.h"

#include "utils/builtins.h"

/*
 * Report at a level, without the stack of functions it came from: whoever
 * reads it has not written any of them.
 */
static void
report(int level, int state, const char *message, const char *detail,
	   const char *hint)
{
	ErrorContextCallback *context = error_context_stack;

	/* an error does not come back, and takes the old value from PG_TRY */
	error_context_stack = NULL;
	ereport(level,
			(errcode(state),
			 errmsg_internal("%s", message),
			 detail == NULL ? 0 : errdetail_internal("%s", detail),
			 hint == NULL ? 0 : errhint("%s", hint)));
	error_context_stack = context;
}

/* An argument as a C string; NULL if it is null. */
static char *
optional_argument(FunctionCallInfo fcinfo, int at)
{
	return PG_ARGISNULL(at) ? NULL :
		text_to_cstring(PG_GETARG_TEXT_PP(at));
}

/* An argument as an SQLSTATE, one of our own class. */
static int
state_argument(FunctionCallInfo fcinfo, int at)
{
	char	   *state = optional_argument(fcinfo, at);

	if (state == NULL || strlen(state) != 5 ||
		strncmp(state, "PII", 3) != 0 ||
		strspn(state + 3, "0123456789") != 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized state: %s%s%s", state ? "\"" : "",
						state ? state : "NULL", state ? "\"" : ""),
				 errhint("Valid states are \"PII\" and two digits.")));
	return MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4]);
}

PG_FUNCTION_INFO_V1(pii_raise);

/*
 * pii.raise(level text, message text, detail text, hint text, state text)
 *		-> void
 */
Datum
pii_raise(PG_FUNCTION_ARGS)
{
	char	   *level = optional_argument(fcinfo, 0);
	char	   *message = optional_argument(fcinfo, 1);
	int			elevel;

	if (level != NULL && pg_strcasecmp(level, "error") == 0)
		elevel = ERROR;
	else if (level != NULL && pg_strcasecmp(level, "warning") == 0)
		elevel = WARNING;
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized level: %s%s%s", level ? "\"" : "",
						level ? level : "NULL", level ? "\"" : ""),
				 errhint("Valid levels are \"error\" and \"warning\".")));
	if (message == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("message must not be null")));
	report(elevel, state_argument(fcinfo, 4), message,
		   optional_argument(fcinfo, 2), optional_argument(fcinfo, 3));
	PG_RETURN_VOID();
}
