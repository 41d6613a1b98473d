# The gate: every command that can add personal data or open a path to it, by
# itself and in transactions of every shape; and what must pass.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use Test::More;

my $node = start_node('gate', 'max_prepared_transactions = 5', 'wal_level = logical');

# What a case begins with, made while the gate is off: tables that the role app
# cannot read or that hold nothing, and what can be made of them.
my $world = <<'SQL';
SET client_min_messages = warning;
SET pii.gate = off;
DROP SCHEMA IF EXISTS shop, closed, made CASCADE;
DROP PUBLICATION IF EXISTS carried;
GRANT team TO member;
CREATE SCHEMA shop;
GRANT USAGE ON SCHEMA shop TO PUBLIC;
CREATE SCHEMA closed;
ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO app;
CREATE TABLE shop.open (id integer, note text, extra integer);
CREATE TABLE shop.customer (id integer, email text, phone text);
REVOKE ALL ON shop.customer FROM app;
CREATE TABLE closed.customer (id integer, email text);
GRANT SELECT ON closed.customer TO app;
CREATE TABLE shop.guarded (id integer, email text);
ALTER TABLE shop.guarded ENABLE ROW LEVEL SECURITY;
CREATE TABLE shop.half (id integer, email text);
ALTER TABLE shop.half ENABLE ROW LEVEL SECURITY;
CREATE POLICY half ON shop.half USING (true);
CREATE POLICY limit_half ON shop.half AS RESTRICTIVE USING (id > 5);
CREATE TABLE shop.waived (id integer, email text);
SECURITY LABEL FOR pii ON COLUMN shop.waived.email IS 'email; waived until 2999-12-31: a test';
CREATE TABLE shop.cleared (id integer, email text);
SECURITY LABEL FOR pii ON COLUMN shop.cleared.email IS 'none';
CREATE TABLE shop.parted (id integer, note text) PARTITION BY RANGE (id);
SECURITY LABEL FOR pii ON COLUMN shop.parted.note IS 'email';
REVOKE ALL ON shop.parted FROM app;
CREATE TABLE shop.loose (id integer, note text);
CREATE TABLE shop.digits (id integer, email integer);
CREATE VIEW shop.plain_view AS SELECT id FROM shop.customer;
CREATE VIEW shop.asking_view WITH (security_invoker) AS SELECT email FROM shop.customer;
CREATE TABLE shop.source (id integer, contact_text text);
CREATE MATERIALIZED VIEW shop.copied AS SELECT contact_text AS note FROM shop.source WITH NO DATA;
INSERT INTO shop.source SELECT i, 'u' || i || '@pg-pii.org' FROM generate_series(1, 200) i;
REVOKE ALL ON shop.source FROM app;
CREATE TYPE shop.person AS (id integer, note text);
CREATE TABLE shop.typed OF shop.person;
CREATE PUBLICATION carried;
CREATE TABLE closed.hidden (id integer, email text);
CREATE TABLE shop.cleared_root (id integer, email text) PARTITION BY RANGE (id);
SECURITY LABEL FOR pii ON COLUMN shop.cleared_root.email IS 'none';
CREATE TABLE shop.cleared_middle PARTITION OF shop.cleared_root FOR VALUES FROM (1) TO (9) PARTITION BY RANGE (id);
CREATE TABLE shop.cleared_leaf PARTITION OF shop.cleared_middle FOR VALUES FROM (1) TO (9);
CREATE TABLE shop.waived_root (id integer, email text) PARTITION BY RANGE (id);
SECURITY LABEL FOR pii ON COLUMN shop.waived_root.email IS 'email; waived until 2999-12-31: a test';
CREATE TABLE shop.waived_leaf PARTITION OF shop.waived_root FOR VALUES FROM (1) TO (9);
CREATE TABLE shop.open_root (id integer, email text) PARTITION BY RANGE (id);
CREATE TABLE shop.open_leaf PARTITION OF shop.open_root FOR VALUES FROM (1) TO (9);
CREATE TABLE shop.open_loose (id integer, email text);
CREATE TABLE shop.open_child () INHERITS (shop.cleared);
CREATE TABLE shop.described (id integer, value text);
COMMENT ON COLUMN shop.described.value IS 'e-mail address';
CREATE TABLE shop.checked (id integer, value text CHECK (value ~ '@'));
REVOKE ALL ON shop.described, shop.checked FROM app;
CREATE FUNCTION shop.leak() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC SELECT email FROM shop.customer; END;
CREATE FUNCTION shop.held() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER BEGIN ATOMIC SELECT phone FROM shop.customer; END;
REVOKE ALL ON FUNCTION shop.held() FROM PUBLIC;
CREATE TABLE shop.viewed (id integer, email text);
CREATE VIEW shop.open_view AS SELECT email AS e FROM shop.viewed;
REVOKE ALL ON shop.viewed FROM app;
CREATE FUNCTION shop.mine(integer) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT $1 > 5 $$;
CREATE TABLE shop.ours (id integer);
CREATE TABLE shop.bound (id integer, email text);
ALTER TABLE shop.bound ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_of_it ON shop.bound USING (true);
CREATE POLICY mine ON shop.bound AS RESTRICTIVE USING (shop.mine(id));
CREATE TABLE shop.bound_too (id integer, email text);
ALTER TABLE shop.bound_too ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_of_it ON shop.bound_too USING (true);
CREATE POLICY ours ON shop.bound_too AS RESTRICTIVE USING (id IN (SELECT o.id FROM shop.ours o));
CREATE TABLE shop.of_team (id integer, email text);
REVOKE ALL ON shop.of_team FROM app;
GRANT SELECT ON shop.of_team TO member;
ALTER TABLE shop.of_team ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_of_it ON shop.of_team USING (true);
CREATE POLICY not_team ON shop.of_team AS RESTRICTIVE TO team USING (id < 0);
RESET pii.gate;
SQL

# Each of these leaves personal data unprotected in the world above.
my @refused = (
	'CREATE TABLE' => 'CREATE TABLE shop.new (id integer, email text)',
	'CREATE TABLE IF NOT EXISTS' => 'CREATE TABLE IF NOT EXISTS shop.new (id integer, email text)',
	'CREATE UNLOGGED TABLE' => 'CREATE UNLOGGED TABLE shop.new (email text)',
	'CREATE TABLE LIKE' => 'CREATE TABLE shop.new (LIKE shop.customer)',
	'CREATE TABLE LIKE with comments' => 'CREATE TABLE shop.new (LIKE shop.described INCLUDING COMMENTS)',
	'CREATE TABLE LIKE with CHECKs' => 'CREATE TABLE shop.new (LIKE shop.checked INCLUDING CONSTRAINTS)',
	'CREATE TABLE LIKE with all' => 'CREATE TABLE shop.new (LIKE shop.checked INCLUDING ALL)',
	'CREATE TABLE INHERITS' => 'CREATE TABLE shop.new () INHERITS (shop.customer)',
	'CREATE TABLE OF' => 'CREATE TYPE made AS (id integer, email text); CREATE TABLE shop.new OF made',
	'CREATE TABLE PARTITION OF' => 'CREATE TABLE shop.new PARTITION OF shop.parted FOR VALUES FROM (1) TO (9)',
	'CREATE TABLE AS, by name' => 'CREATE TABLE shop.new AS SELECT email FROM shop.customer',
	'CREATE TABLE AS, by value' => 'CREATE TABLE shop.new AS SELECT contact_text AS note FROM shop.source',
	'CREATE TABLE AS EXECUTE' => 'PREPARE q AS SELECT contact_text AS note FROM shop.source; CREATE TABLE shop.new AS EXECUTE q',
	'SELECT INTO' => 'SELECT contact_text AS note INTO shop.new FROM shop.source',
	'ADD COLUMN' => 'ALTER TABLE shop.open ADD COLUMN email text',
	'ADD COLUMN among others' => 'ALTER TABLE shop.open ADD COLUMN a integer, ADD COLUMN mobile_phone text, DROP COLUMN extra',
	'RENAME COLUMN' => 'ALTER TABLE shop.open RENAME COLUMN note TO email',
	'ALTER COLUMN TYPE' => 'ALTER TABLE shop.digits ALTER COLUMN email TYPE text',
	'ATTACH PARTITION' => 'ALTER TABLE shop.parted ATTACH PARTITION shop.loose FOR VALUES FROM (1) TO (9)',
	'DETACH PARTITION of what is cleared' => 'ALTER TABLE shop.cleared_root DETACH PARTITION shop.cleared_middle',
	'DETACH PARTITION of what is waived' => 'ALTER TABLE shop.waived_root DETACH PARTITION shop.waived_leaf',
	'DETACH PARTITION, then DROP of the root' => 'ALTER TABLE shop.waived_root DETACH PARTITION shop.waived_leaf; DROP TABLE shop.waived_root',
	'CHECK of a column' => q{CREATE TABLE shop.new (id integer, value text CHECK (value LIKE '%@%'))},
	'ADD COLUMN with CHECK' => q{ALTER TABLE shop.open ADD COLUMN value text CHECK (value LIKE '%@%')},
	'ADD CONSTRAINT' => q{CREATE TABLE shop.new (id integer, value text); ALTER TABLE shop.new ADD CHECK (value LIKE '%@%')},
	'COMMENT' => q{CREATE TABLE shop.new (id integer, value text); COMMENT ON COLUMN shop.new.value IS 'e-mail address'},
	'COMMENT on what is read' => q{COMMENT ON COLUMN shop.open.note IS 'e-mail address'},
	'CHECK on what is read' => q{ALTER TABLE shop.open ADD CHECK (note LIKE '%@%')},
	'GRANT of what a comment tells' => 'GRANT SELECT ON shop.described TO app',
	'GRANT of what a CHECK tells' => 'GRANT SELECT ON shop.checked TO app',
	'ALTER TABLE on a view' => 'ALTER TABLE shop.asking_view SET (security_invoker = false)',
	'CREATE FUNCTION SECURITY DEFINER' => 'CREATE FUNCTION shop.new() RETURNS SETOF shop.customer LANGUAGE sql SECURITY DEFINER AS $$ SELECT * FROM shop.customer $$',
	'ALTER FUNCTION SECURITY DEFINER' => 'ALTER FUNCTION shop.leak() SECURITY DEFINER',
	'GRANT EXECUTE' => 'GRANT EXECUTE ON FUNCTION shop.held() TO app',
	'GRANT EXECUTE ON ALL FUNCTIONS' => 'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA shop TO PUBLIC',
	'DROP OWNED with a policy' => 'DROP OWNED BY team',
	'DROP FUNCTION with a policy' => 'DROP FUNCTION shop.mine CASCADE',
	'DROP TABLE with a policy of another' => 'DROP TABLE shop.ours CASCADE',
	'DROP COLUMN with a policy of another table' => 'ALTER TABLE shop.ours DROP COLUMN id CASCADE',
	'a policy made, judged and dropped' => 'CREATE POLICY mine ON shop.half AS RESTRICTIVE USING (shop.mine(id)); DROP POLICY limit_half ON shop.half; CALL pii.check_now(); DROP FUNCTION shop.mine CASCADE',
	'ALTER EXTENSION DROP' => 'SET LOCAL pii.gate = off; CREATE TABLE shop.new (id integer, email text); ALTER EXTENSION postgres_fdw ADD TABLE shop.new; SET LOCAL pii.gate = block; ALTER EXTENSION postgres_fdw DROP TABLE shop.new',
	'ALTER TYPE ADD ATTRIBUTE' => 'ALTER TYPE shop.person ADD ATTRIBUTE email text CASCADE',
	'ALTER TYPE RENAME ATTRIBUTE' => 'ALTER TYPE shop.person RENAME ATTRIBUTE note TO email CASCADE',
	'SET SCHEMA' => 'ALTER TABLE closed.customer SET SCHEMA made',
	'OWNER TO' => 'ALTER TABLE shop.customer OWNER TO team',
	'CREATE VIEW' => 'CREATE VIEW shop.new AS SELECT email AS e FROM shop.customer',
	'CREATE VIEW on a view' => 'CREATE VIEW closed.inner_view AS SELECT email AS e FROM shop.customer; CREATE VIEW shop.new AS SELECT e AS x FROM closed.inner_view',
	'CREATE OR REPLACE VIEW' => 'CREATE OR REPLACE VIEW shop.plain_view AS SELECT id, phone FROM shop.customer',
	'ALTER VIEW RESET' => 'ALTER VIEW shop.asking_view RESET (security_invoker)',
	'ALTER VIEW SET SCHEMA' => 'SET LOCAL pii.gate = off; CREATE VIEW closed.v AS SELECT email FROM shop.customer; GRANT SELECT ON closed.v TO app; SET LOCAL pii.gate = block; ALTER VIEW closed.v SET SCHEMA shop',
	'CREATE MATERIALIZED VIEW' => 'CREATE MATERIALIZED VIEW shop.new AS SELECT contact_text AS note FROM shop.source',
	'CREATE MATERIALIZED VIEW WITH NO DATA' => 'CREATE MATERIALIZED VIEW shop.new AS SELECT email AS e FROM shop.customer WITH NO DATA',
	'GRANT on a materialized view' => 'SET LOCAL pii.gate = off; CREATE MATERIALIZED VIEW closed.kept AS SELECT email AS e FROM shop.customer WITH NO DATA; ALTER MATERIALIZED VIEW closed.kept SET SCHEMA shop; SET LOCAL pii.gate = block; GRANT SELECT ON shop.kept TO app',
	'REFRESH MATERIALIZED VIEW' => 'REFRESH MATERIALIZED VIEW shop.copied',
	'GRANT ON TABLE' => 'GRANT SELECT ON shop.customer TO app',
	'GRANT ALL' => 'GRANT ALL ON shop.customer TO app',
	'GRANT TO PUBLIC' => 'GRANT SELECT ON shop.customer TO PUBLIC',
	'GRANT to a group' => 'GRANT SELECT ON shop.customer TO team',
	'GRANT ON COLUMN' => 'GRANT SELECT (email) ON shop.customer TO app',
	'GRANT ON ALL TABLES' => 'GRANT SELECT ON ALL TABLES IN SCHEMA shop TO app',
	'GRANT ON SCHEMA' => 'GRANT USAGE ON SCHEMA closed TO app',
	'GRANT ON VIEW' => 'REVOKE ALL ON shop.plain_view FROM app; CREATE VIEW closed.w AS SELECT phone FROM shop.customer; ALTER VIEW closed.w SET SCHEMA shop; GRANT SELECT ON shop.w TO team',
	'GRANT that opens a view' => 'GRANT SELECT (email) ON shop.customer TO other',
	'ALTER SCHEMA OWNER TO' => 'ALTER SCHEMA closed OWNER TO app',
	'DISABLE ROW LEVEL SECURITY' => 'ALTER TABLE shop.half DISABLE ROW LEVEL SECURITY',
	'CREATE POLICY' => 'CREATE POLICY all_of_it ON shop.guarded USING (true)',
	'ALTER POLICY' => 'ALTER POLICY limit_half ON shop.half USING (true)',
	'DROP POLICY' => 'DROP POLICY limit_half ON shop.half',
	'DROP COLUMN with its policy' => 'ALTER TABLE shop.half DROP COLUMN id CASCADE',
	'CREATE PUBLICATION' => 'CREATE PUBLICATION new FOR TABLE shop.customer',
	'CREATE PUBLICATION FOR ALL TABLES' => 'CREATE PUBLICATION new FOR ALL TABLES',
	'ALTER PUBLICATION ADD TABLE' => 'ALTER PUBLICATION carried ADD TABLE shop.customer',
	'ALTER PUBLICATION ADD TABLES IN SCHEMA' => 'ALTER PUBLICATION carried ADD TABLES IN SCHEMA closed',
	'CREATE FOREIGN TABLE' => 'CREATE FOREIGN TABLE shop.new (id integer, email text) SERVER elsewhere',
	'IMPORT FOREIGN SCHEMA' => 'IMPORT FOREIGN SCHEMA closed LIMIT TO (hidden) FROM SERVER here INTO shop',
	'CREATE SCHEMA with elements' => 'CREATE SCHEMA new CREATE TABLE person (email text) GRANT SELECT ON person TO app; GRANT USAGE ON SCHEMA new TO app',
	'ALTER DEFAULT PRIVILEGES, then a table' => 'ALTER DEFAULT PRIVILEGES IN SCHEMA closed GRANT SELECT ON TABLES TO app; GRANT USAGE ON SCHEMA closed TO app; CREATE TABLE closed.new (email text)',
	'a label removed' => 'SECURITY LABEL FOR pii ON COLUMN shop.cleared.email IS NULL',
	'a waiver removed' => q{SECURITY LABEL FOR pii ON COLUMN shop.waived.email IS 'email'},
	'a waiver that has expired' => q{SECURITY LABEL FOR pii ON COLUMN shop.waived.email IS 'email; waived until 2001-01-01: a test'},
	'DO' => 'DO $$ BEGIN CREATE TABLE shop.new (email text); END $$',
	'a function' => 'SELECT deploy()',
);

# Nothing of this does.
my @passing = (
	'CREATE TABLE' => 'CREATE TABLE shop.new (id integer, total numeric)',
	'CREATE TABLE that nobody reads' => 'CREATE TABLE closed.new (email text)',
	'CREATE TEMPORARY TABLE' => 'CREATE TEMPORARY TABLE t (email text); GRANT SELECT ON t TO PUBLIC; ALTER TABLE t ADD COLUMN phone text',
	'CREATE TEMPORARY TABLE AS' => 'CREATE TEMPORARY TABLE t AS SELECT email FROM shop.customer',
	'CREATE TABLE AS, nothing in it' => 'CREATE TABLE shop.new AS SELECT i AS total FROM generate_series(1, 100) i',
	'CREATE TABLE, then REVOKE' => 'CREATE TABLE shop.new (email text); REVOKE ALL ON shop.new FROM app',
	'CREATE TABLE, then a label' => q{CREATE TABLE shop.new (email text); SECURITY LABEL FOR pii ON COLUMN shop.new.email IS 'none'},
	'CREATE TABLE, then a waiver' => q{CREATE TABLE shop.new (email text); SECURITY LABEL FOR pii ON COLUMN shop.new.email IS 'email; waived until 2999-12-31: a test'},
	'CREATE TABLE, then DROP' => 'CREATE TABLE shop.new (email text); DROP TABLE shop.new',
	'ADD COLUMN, then DROP COLUMN' => 'ALTER TABLE shop.open ADD COLUMN email text; ALTER TABLE shop.open DROP COLUMN email',
	'GRANT, then REVOKE' => 'GRANT SELECT ON shop.customer TO app; REVOKE SELECT ON shop.customer FROM app',
	'REVOKE' => 'REVOKE ALL ON shop.open FROM app',
	'REVOKE of what one has by SET ROLE too' => 'REVOKE SELECT ON shop.half FROM app',
	'GRANT of another privilege' => 'GRANT INSERT, UPDATE, DELETE ON shop.customer TO app',
	'GRANT of another column' => 'GRANT SELECT (id) ON shop.customer TO app',
	'GRANT to a trusted role' => 'GRANT SELECT ON shop.customer TO backup',
	'GRANT to the owner' => 'GRANT SELECT ON shop.customer TO postgres',
	'GRANT ON SEQUENCE' => 'CREATE SEQUENCE shop.email; GRANT ALL ON SEQUENCE shop.email TO app',
	'GRANT on what is waived' => 'GRANT SELECT ON shop.waived TO PUBLIC',
	'what was open before' => 'ALTER TABLE shop.guarded ADD COLUMN a integer; ALTER TABLE shop.half RENAME TO halved; ALTER TABLE shop.halved SET SCHEMA made',
	'CREATE VIEW over nothing' => 'CREATE VIEW shop.new AS SELECT id FROM shop.customer',
	'CREATE OR REPLACE VIEW as it was' => 'CREATE OR REPLACE VIEW shop.plain_view AS SELECT id FROM shop.customer',
	'RENAME of a view' => 'ALTER VIEW shop.plain_view RENAME TO email',
	'RENAME COLUMN away' => 'ALTER TABLE shop.customer RENAME COLUMN email TO remark',
	'CREATE POLICY that restricts' => 'CREATE POLICY more ON shop.half AS RESTRICTIVE USING (id > 7)',
	'ENABLE and FORCE ROW LEVEL SECURITY' => 'ALTER TABLE shop.open ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
	'PUBLICATION of other columns' => 'CREATE PUBLICATION new FOR TABLE shop.customer (id)',
	'DETACH PARTITION of what was open' => 'ALTER TABLE shop.open_root DETACH PARTITION shop.open_leaf',
	'DETACH PARTITION, then a label' => q{ALTER TABLE shop.cleared_root DETACH PARTITION shop.cleared_middle; SECURITY LABEL FOR pii ON COLUMN shop.cleared_leaf.email IS 'none'; SECURITY LABEL FOR pii ON COLUMN shop.cleared_middle.email IS 'none'},
	'ATTACH PARTITION of what was open' => 'ALTER TABLE shop.cleared_root ATTACH PARTITION shop.open_loose FOR VALUES FROM (9) TO (19)',
	'NO INHERIT and INHERIT' => 'ALTER TABLE shop.open_child NO INHERIT shop.cleared; ALTER TABLE shop.open_child INHERIT shop.cleared',
	'a table made anew' => 'DROP TABLE shop.open_loose; CREATE TABLE shop.open_loose (id integer, total numeric, email text)',
	'a table put in the place of another' => 'CREATE TABLE closed.next (LIKE shop.open_loose INCLUDING ALL); DROP TABLE shop.open_loose; ALTER TABLE closed.next RENAME TO open_loose; ALTER TABLE closed.open_loose SET SCHEMA shop; GRANT SELECT ON shop.open_loose TO app',
	'a column made anew' => 'ALTER TABLE shop.open_loose DROP COLUMN email; ALTER TABLE shop.open_loose ADD COLUMN email varchar(80)',
	'a view made anew' => 'DROP VIEW shop.open_view; CREATE VIEW shop.open_view AS SELECT id, email AS e FROM shop.viewed',
	'DROP CASCADE that takes no policy' => 'DROP TABLE shop.viewed CASCADE; DROP TYPE shop.person CASCADE',
	'CREATE TABLE with other CHECKs' => q{CREATE TABLE shop.new (id integer CHECK (id > 0), state text CHECK (state IN ('a', 'b')), CHECK (coalesce(state, 'x') <> 'y' AND id BETWEEN 1 AND 3))},
	'functions that hand nothing on' => 'CREATE FUNCTION shop.new() RETURNS integer LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$; GRANT EXECUTE ON FUNCTION shop.new(), shop.leak() TO app; ALTER FUNCTION shop.new() SECURITY INVOKER; DROP FUNCTION shop.new() CASCADE',
	'DROP OWNED' => 'DROP OWNED BY other',
	'CREATE IF NOT EXISTS of what exists' => 'CREATE TABLE IF NOT EXISTS shop.open_loose (id integer, email text); ALTER TABLE IF EXISTS shop.gone ADD COLUMN email text; DROP POLICY IF EXISTS p ON shop.gone',
	'GRANT of what one has' => 'GRANT SELECT ON shop.open_loose TO app',
	'default privileges that are taken back' => 'ALTER DEFAULT PRIVILEGES IN SCHEMA closed GRANT SELECT ON TABLES TO PUBLIC; ALTER DEFAULT PRIVILEGES IN SCHEMA closed REVOKE SELECT ON TABLES FROM PUBLIC',
	'default privileges of another kind' => 'ALTER DEFAULT PRIVILEGES IN SCHEMA closed GRANT INSERT ON TABLES TO PUBLIC; ALTER DEFAULT PRIVILEGES IN SCHEMA closed GRANT SELECT ON SEQUENCES TO PUBLIC',
	'CREATE FUNCTION' => q{CREATE FUNCTION shop.email() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$},
	'COMMENT, CREATE INDEX, DROP' => q{COMMENT ON COLUMN shop.open.note IS 'x'; CREATE INDEX ON shop.customer (email); DROP TABLE shop.customer CASCADE},
	'names of an enemy' => 'CREATE TABLE shop."we;ird ""t" ("a""; DROP TABLE b; --" text, "%s" text, "$$" integer)',
);

my $setup = <<'SQL';
CREATE ROLE app LOGIN;
CREATE ROLE other LOGIN;
CREATE ROLE backup LOGIN;
CREATE ROLE team;
CREATE ROLE member LOGIN IN ROLE team;
CREATE ROLE author LOGIN;
ALTER SYSTEM SET pii.trusted_roles = 'backup';
CREATE EXTENSION postgres_fdw;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw;
CREATE FUNCTION deploy() RETURNS void LANGUAGE sql AS 'CREATE TABLE shop.new (email text)';
SELECT pii.enable_gate();
SQL
$node->safe_psql('postgres', "SET session_preload_libraries = 'pg_pii'; SELECT pii.load(); SET check_function_bodies = off; $setup");
$node->safe_psql('postgres', sprintf(q{
	CREATE SERVER here FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '%s', port '%d', dbname 'postgres');
	CREATE USER MAPPING FOR postgres SERVER here OPTIONS (user 'postgres')}, $node->host, $node->port));
$node->reload;

# Run statements in the world, as they are.  Returns the SQLSTATE, empty for
# none, and all that was said.
sub run_in_world
{
	my (@statements) = @_;

	my $sql = "SELECT pii.load(); $world DROP SCHEMA IF EXISTS new CASCADE; DROP PUBLICATION IF EXISTS new;"
		. ' CREATE SCHEMA made; GRANT USAGE ON SCHEMA made TO app; GRANT ALL ON SCHEMA made TO author; RESET client_min_messages;';
	my ($status, $output, $errors) = $node->psql('postgres',
		join("\n", $sql, '\set VERBOSITY verbose', map { "$_;" } @statements), on_error_stop => 1);
	my ($state) = ($errors // '') =~ /ERROR: +(\w{5}):/;

	return ($state // '', $errors // '');
}

# The ways out that an error shows, each a list of statements.
sub ways_out
{
	my ($errors) = @_;
	my ($hint) = $errors =~ /^HINT: +(.*?)(?:^LOCATION|^[A-Z]+: |\z)/ms;
	my @ways;

	foreach my $line (split /\n/, $hint // '')
	{
		if ($line =~ /^  (.*);$/) { push @{ $ways[-1] }, $1 }
		elsif ($line !~ /^and /) { push @ways, [] }
	}
	@ways = grep { @$_ } @ways;
	is(scalar(@ways), 3, 'three ways out are shown') or diag($errors);
	return @ways;
}

sub each_pair(&@)
{
	my ($code, @pairs) = @_;

	while (my ($name, $sql) = splice(@pairs, 0, 2)) { $code->($name, $sql) }
	return;
}

each_pair {
	my ($name, $sql) = @_;
	my ($state, $errors);

	if ($sql !~ /; |SET LOCAL/)
	{
		($state, $errors) = run_in_world($sql);
		is($state, 'PII01', "$name: refused by itself") or diag($errors);
		($state, $errors) = run_in_world('BEGIN', $sql, 'SAVEPOINT w',
			map { (@$_, 'CALL pii.check_now()', 'ROLLBACK TO w') } ways_out($errors));
		is($state, '', "$name: it passes by each way out that is shown") or diag($errors);
	}
	else
	{
		($state, $errors) = run_in_world('BEGIN', $sql, 'COMMIT');
		is($state, 'PII01', "$name: refused in a transaction") or diag($errors);
	}
	($state, $errors) = run_in_world('BEGIN', 'SAVEPOINT s', $sql, 'RELEASE s', 'SELECT 1', q{PREPARE TRANSACTION 'p'});
	is($state, 'PII01', "$name: refused when prepared") or diag($errors);
	($state, $errors) = run_in_world('BEGIN', 'SAVEPOINT s', $sql, 'ROLLBACK TO s', 'COMMIT', q{\echo taken back},
		'DEALLOCATE ALL', 'BEGIN', $sql, 'SET LOCAL pii.gate = warn', 'COMMIT');
	is($state, '', "$name: passes, taken back, and with a warning") or diag($errors);
	is(scalar(() = $errors =~ /WARNING: +PII01: +personal data is not protected/g), 1, "$name: there is one warning") or diag($errors);
} @refused;

each_pair {
	my ($name, $sql) = @_;
	my @begin = $sql =~ /; / ? 'BEGIN' : ();
	my ($state, $errors) = run_in_world(@begin, $sql, map { 'COMMIT' } @begin);

	is($state, '', "$name: passes") or diag($errors);
	unlike($errors, qr/WARNING/, "$name: without a warning") or diag($errors);
} @passing;

# default privileges expose nothing yet
foreach my $mode (qw(warn block))
{
	my ($state, $errors) = run_in_world("SET pii.gate = $mode", 'BEGIN',
		'ALTER DEFAULT PRIVILEGES IN SCHEMA closed GRANT SELECT ON TABLES TO PUBLIC, app',
		'ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO app', 'COMMIT');

	is($state, '', "$mode: default privileges pass");
	like($errors, qr/WARNING: +PII03: +default privileges will let others read the next tables\nDETAIL: +PUBLIC will read the tables that postgres creates in schema closed\.\napp will read the tables that postgres creates in schema closed\.\nHINT: .*IN SCHEMA closed REVOKE SELECT ON TABLES FROM PUBLIC;\n/s,
		"$mode: ... with a warning that names who, and what it takes");
	unlike($errors, qr/schema shop/, "$mode: ... but for what was so before");
}

# the server has begun it by then, and cannot take it back
{
	my $pending = q{SELECT count(*) FROM pg_inherits WHERE inhdetachpending};
	my ($state, $errors) = run_in_world('ALTER TABLE shop.cleared_root DETACH PARTITION shop.cleared_middle CONCURRENTLY');

	is($state, 'PII01', 'DETACH PARTITION CONCURRENTLY is refused') or diag($errors);
	is($node->safe_psql('postgres', $pending), '1', '... and pending');
	$node->safe_psql('postgres', q{
		SELECT pii.load(); BEGIN; SECURITY LABEL FOR pii ON COLUMN shop.cleared_middle.email IS 'none';
		SECURITY LABEL FOR pii ON COLUMN shop.cleared_leaf.email IS 'none';
		ALTER TABLE shop.cleared_root DETACH PARTITION shop.cleared_middle FINALIZE; COMMIT});
	is($node->safe_psql('postgres', $pending), '0', '... until it is finished with labels');
}

is($node->safe_psql('postgres', 'SELECT count(*) FROM pii.gate_queue'), '0', 'nothing stays in the queue');

$node->stop;
done_testing();
