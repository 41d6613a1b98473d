# A scan runs nobody's code with the scanner's rights.  The owner of a table
# lays traps; a superuser scans it; none goes off with the superuser's rights.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use Test::More;

my $node = start_node('hostile');

$node->safe_psql('postgres', <<'SQL');
CREATE ROLE mallory LOGIN;
CREATE TABLE public.sprung (who name, what text);
GRANT INSERT, SELECT ON public.sprung TO PUBLIC;
CREATE SCHEMA trap AUTHORIZATION mallory;
SET SESSION AUTHORIZATION mallory;
SET search_path = trap;

-- each trap writes down as whom it ran
CREATE FUNCTION spring(what text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.sprung VALUES (current_user, what);
	RETURN true;
END $$;
CREATE FUNCTION pure(what text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	PERFORM trap.spring('function ' || what);
	RETURN what;
END $$;

-- row security with a policy that runs code
CREATE TABLE by_policy (email text);
INSERT INTO by_policy SELECT 'a' || i || '@pg-pii.org' FROM generate_series(1, 10) i;
CREATE POLICY p ON by_policy USING (trap.spring('policy'));
ALTER TABLE by_policy ENABLE ROW LEVEL SECURITY;
ALTER TABLE by_policy FORCE ROW LEVEL SECURITY;

-- a type of one's own that casts itself to text by a function
CREATE TYPE sly AS (email text);
CREATE FUNCTION sly_to_text(sly) RETURNS text LANGUAGE sql AS $$ SELECT trap.pure('cast') $$;
CREATE CAST (sly AS text) WITH FUNCTION sly_to_text(sly) AS IMPLICIT;
CREATE FUNCTION sly_to_json(sly) RETURNS json LANGUAGE sql AS $$ SELECT to_json(trap.pure('json')) $$;
CREATE CAST (sly AS json) WITH FUNCTION sly_to_json(sly) AS IMPLICIT;
CREATE FUNCTION sly_to_jsonb(sly) RETURNS jsonb LANGUAGE sql AS $$ SELECT to_jsonb(trap.pure('jsonb')) $$;
CREATE CAST (sly AS jsonb) WITH FUNCTION sly_to_jsonb(sly) AS IMPLICIT;
CREATE TYPE colour AS ENUM ('red');
CREATE FUNCTION colour_to_text(colour) RETURNS text LANGUAGE sql AS $$ SELECT trap.pure('enum') $$;
CREATE CAST (colour AS text) WITH FUNCTION colour_to_text(colour) AS IMPLICIT;
CREATE TYPE deeper AS (c colour, s sly);
CREATE DOMAIN strict_text AS text CHECK (trap.pure(VALUE) IS NOT NULL);
CREATE TABLE by_type (s sly, d strict_text, c colour, deep deeper);
INSERT INTO by_type SELECT ROW(i || 'a@pg-pii.org')::sly, i || 'b@pg-pii.org', 'red', ROW('red', ROW(''))::deeper FROM generate_series(1, 10) i;

-- an index on an expression, a generated column
CREATE TABLE by_expression (email text, g text GENERATED ALWAYS AS (trap.pure(email)) STORED);
CREATE INDEX ON by_expression (trap.pure(email));
INSERT INTO by_expression (email) VALUES ('c@pg-pii.org');

-- functions and operators in front of the server's own
CREATE FUNCTION profile(text) RETURNS text LANGUAGE sql AS $$ SELECT trap.pure('profile') $$;
CREATE FUNCTION lower(text) RETURNS text LANGUAGE sql AS $$ SELECT trap.pure('lower') $$;
CREATE FUNCTION coalesce_name(name, name) RETURNS boolean LANGUAGE sql AS $$ SELECT trap.pure('operator') IS NULL $$;
CREATE OPERATOR = (LEFTARG = name, RIGHTARG = name, FUNCTION = coalesce_name);
CREATE TABLE "x""; SELECT trap.spring('name'); --" ("y""; SELECT trap.spring('column') --" text);

-- a view, and a rule that answers a SELECT
CREATE VIEW looking AS SELECT trap.pure('view') AS email;
RESET SESSION AUTHORIZATION;
DELETE FROM public.sprung;
SQL

foreach my $method (qw(name statistics sample full))
{
	$node->safe_psql('postgres', "SET search_path = trap, public; CALL pii.scan(method => '$method')");
}
is($node->safe_psql('postgres', "SELECT * FROM public.sprung WHERE who <> 'mallory'"), '', 'no trap ran as the superuser who scans');

$node->safe_psql('postgres', 'SET search_path = trap, public; SELECT count(*) FROM pii.columns');
is($node->safe_psql('postgres', 'SELECT * FROM public.sprung'), '', 'no trap ran at all');

is($node->safe_psql('postgres', "SELECT column_name, verdict FROM pii.columns WHERE table_name = 'by_type' ORDER BY attnum"),
	"s|mixed\nd|pii\nc|unknown\ndeep|unknown", 'types are read without their casts, or not at all');
is($node->safe_psql('postgres', "SELECT verdict, source, evidence FROM pii.columns WHERE table_name = 'by_policy'"),
	'pii|name|permission denied, or row security hides rows (SQLSTATE 42501)', 'forced row security is said, not believed');

# the scanner's rights are not the owner's: a reader who is not the owner
$node->safe_psql('postgres', <<'SQL');
CREATE ROLE reader;
GRANT USAGE ON SCHEMA trap TO reader;
GRANT SELECT ON trap.by_expression TO reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pii TO reader;
SQL
is($node->safe_psql('postgres', q{SET ROLE reader; SELECT column_name, verdict FROM pii.inspect('trap.by_expression')}),
	"email|pii\ng|mixed", 'a reader reads with its own rights');

# after an error the caller is who it was, and so are the settings
is( $node->safe_psql(
		'postgres',
		q{SET search_path = trap, public; SELECT count(*) FROM pii.inspect('trap.by_policy'); SELECT current_user, current_setting('row_security'), current_setting('search_path')}),
	"1\npostgres|on|trap, public", 'role and settings are as before');

$node->stop;
done_testing();
