
-- ---------------------------------------------------------------------------
-- Floor 6, policy: the report
-- ---------------------------------------------------------------------------

CREATE FUNCTION pii.report(
	format text DEFAULT 'text',
	schemas text[] DEFAULT NULL,
	since timestamptz DEFAULT NULL,
	only_violations boolean DEFAULT false,
	artifact text DEFAULT NULL
) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	formats CONSTANT text[] := '{text,markdown,json,sarif,csv,html}';
	document jsonb;
BEGIN
	IF format IS NULL OR format <> ALL (formats) THEN
		RAISE EXCEPTION 'unrecognized report format: %', coalesce(quote_literal(format), 'null')
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Valid formats are ' || array_to_string(formats, ', ') || '.';
	END IF;
	-- what a URI reference may hold; nothing else can be a file's path in one
	IF artifact !~ '^([A-Za-z0-9._~!$&''()*+,;=:@/-]|%[0-9A-Fa-f]{2})+$' THEN
		RAISE EXCEPTION 'artifact is not a URI'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Give the path of a file relative to the repository, with % and two hexadecimal digits for special characters.';
	END IF;

	document := pii.report_data(schemas, since, only_violations);
	RETURN CASE format
		WHEN 'text' THEN pii.report_text(document)
		WHEN 'markdown' THEN pii.report_markdown(document)
		WHEN 'json' THEN jsonb_pretty(document)
		WHEN 'sarif' THEN pii.report_sarif(document, artifact)
		WHEN 'csv' THEN pii.report_csv(document)
		WHEN 'html' THEN pii.report_html(document)
	END;
END
$$;
COMMENT ON FUNCTION pii.report(text, text[], timestamptz, boolean, text) IS
'a report on this database as text, markdown, json, sarif, csv or html: tagged columns, who can read them, what to do, what has changed';
REVOKE ALL ON FUNCTION pii.report(text, text[], timestamptz, boolean, text) FROM PUBLIC;
