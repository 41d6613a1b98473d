
-- ---------------------------------------------------------------------------
-- Floor 5, exposure: which exposures are accepted
-- ---------------------------------------------------------------------------

-- Without a row nothing is.
CREATE TABLE pii.policy (
	table_schema name,
	allowed pii.severity NOT NULL,
	reason text,
	UNIQUE NULLS NOT DISTINCT (table_schema)
);
COMMENT ON TABLE pii.policy IS
'exposures that are accepted, up to a severity, by schema; none are where there is no row';
COMMENT ON COLUMN pii.policy.table_schema IS
'schema that it is for; null for all that have no row of their own';
COMMENT ON COLUMN pii.policy.allowed IS 'the worst severity that is accepted';
COMMENT ON COLUMN pii.policy.reason IS 'why';
REVOKE ALL ON pii.policy FROM PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('pii.policy', '');

CREATE VIEW pii.violations AS
SELECT e.*
FROM pii.exposure e
LEFT JOIN pii.policy s ON s.table_schema = e.table_schema
LEFT JOIN pii.policy d ON d.table_schema IS NULL
WHERE e.severity > coalesce(s.allowed, d.allowed, 'none')
  AND (e.waived_until IS NULL OR e.waived_until < current_date);

COMMENT ON VIEW pii.violations IS
'exposures worse than pii.policy accepts, and not waived by a label';
REVOKE ALL ON pii.violations FROM PUBLIC;
