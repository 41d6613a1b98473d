# The gate when it cannot do its work, and those who pass it: a superuser can
# always repair, nobody else gets by.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('gate_repair');

$node->safe_psql('postgres', <<'SQL');
CREATE ROLE app LOGIN;
CREATE ROLE developer LOGIN;
CREATE SCHEMA shop;
GRANT USAGE ON SCHEMA shop TO PUBLIC;
GRANT CREATE ON SCHEMA shop TO developer;
ALTER DEFAULT PRIVILEGES FOR ROLE developer, postgres IN SCHEMA shop GRANT SELECT ON TABLES TO app;
SELECT pii.enable_gate();
SQL

# Run statements in one session.  Returns the first SQLSTATE and all that was
# said.
sub said
{
	my ($sql, %options) = @_;
	my ($status, $output, $errors) = $node->psql('postgres', "\\set VERBOSITY verbose\n$sql",
		on_error_stop => 1, %options);

	return ((($errors // '') =~ /ERROR: +(\w{5}):/)[0] // '', $errors // '');
}

sub passes
{
	my ($sql, $name, %options) = @_;
	my ($state, $errors) = said($sql, %options);

	is($state, '', $name) or diag($errors);
	return $errors;
}

sub fails
{
	my ($sql, $expected, $name, %options) = @_;
	my ($state, $errors) = said($sql, %options);

	is($state, $expected, $name) or diag($errors);
	return $errors;
}

my $developer = 'SET SESSION AUTHORIZATION developer';
my $bad = 'CREATE TABLE shop.new (email text)';
my $drop = 'DROP TABLE IF EXISTS shop.new';

# who passes, and who does not
fails("$developer; $bad", 'PII01', 'a developer is judged');
fails('SET pii.gate = off; ' . $bad, 'PII01', 'a setting made before the library was loaded is not a plain role\'s to make',
	extra_params => [ '-U', 'developer' ]);
{
	local $ENV{PGOPTIONS} = '-c pii.gate=off';

	fails($bad, 'PII01', 'nor one made with the connection', extra_params => [ '-U', 'developer' ]);
	passes("$bad; $drop", 'a superuser makes it with the connection');
}
my $log = -s $node->logfile;
passes("BEGIN; SELECT pii.load(); SET LOCAL pii.gate = off; $bad; COMMIT", 'a superuser passes with SET LOCAL');
like(slurp_file($node->logfile, $log), qr/LOG: +pii\.gate was off for 1 command of role "postgres"/, 'which is logged');
fails('ALTER TABLE shop.new ADD COLUMN phone text', 'PII01', 'the next transaction is judged again');
passes($drop, 'DROP TABLE passes');
passes("BEGIN; $bad; SET LOCAL pii.gate = off; COMMIT; $drop", 'even at the end of the transaction');
$node->safe_psql('postgres', q{ALTER DATABASE postgres SET pii.gate = 'off'});
$log = -s $node->logfile;
passes("$bad; $drop", 'off for the database');
unlike(slurp_file($node->logfile, $log), qr/pii\.gate was off/, 'which is not logged again and again');
$node->safe_psql('postgres', 'ALTER DATABASE postgres RESET pii.gate');
passes("SET session_replication_role = replica; $bad; $drop", 'replication passes');

# what CREATE EXTENSION does is the DBA's decision
my $share = (run_command([ 'pg_config', '--sharedir' ]))[0] . '/extension';
SKIP:
{
	skip 'the server\'s share folder cannot be written to', 1 unless -w $share;
	append_to_file("$share/pii_test_shop.control", "default_version = '1'\nrelocatable = true\n");
	append_to_file("$share/pii_test_shop--1.sql", "CREATE TABLE guest (email text); GRANT SELECT ON guest TO PUBLIC;\n");
	passes('CREATE EXTENSION pii_test_shop SCHEMA shop; DROP EXTENSION pii_test_shop', 'an extension\'s script passes');
	unlink "$share/pii_test_shop.control", "$share/pii_test_shop--1.sql";
}

# nobody who was not asked is kept waiting, nor is a table
$node->safe_psql('postgres', "SELECT pii.load(); SET pii.gate = off; CREATE TABLE shop.base (id integer, email text); CREATE VIEW shop.over AS SELECT id FROM shop.base; REVOKE ALL ON shop.base FROM app");
my $holder = $node->background_psql('postgres');
SKIP:
{
	# minor versions of old lack it
	skip 'no queries in a background session', 1 unless $holder->can('query_safe');
	$holder->query_safe('BEGIN; LOCK TABLE shop.base IN ACCESS EXCLUSIVE MODE');
	passes("SET lock_timeout = '2s'; GRANT SELECT ON shop.over TO app", 'a locked table is not waited for');
	$holder->query_safe('ROLLBACK');
	$holder->quit;
}

# a check that is cut short
fails("SET statement_timeout = '1ms'; SET pii.gate = block; SELECT pg_sleep(0); $bad", '57014', 'a timeout fails a transaction in the mode block');
passes("BEGIN; $bad; SET LOCAL pii.gate = warn; SET LOCAL statement_timeout = '5ms'; COMMIT; $drop", '... but not in the mode warn');

# what cannot be read
my $copied = q{FROM (SELECT 'u' || i || '@pg-pii.org' FROM generate_series(1, 200) i) s (a)};
my $unreadable = 'REVOKE SELECT ON shop.new FROM developer; COMMIT';
my $cannot_read = qr/WARNING: .*the gate cannot read "shop\.new": it is judged by the names of its columns/;
fails("$developer; BEGIN; CREATE TABLE shop.new AS SELECT a AS note $copied; COMMIT", 'PII01', 'what a table was made with is read');
like(passes("$developer; BEGIN; CREATE TABLE shop.new AS SELECT a AS note $copied; $unreadable; $drop", 'what cannot be read is judged by its names'),
	$cannot_read, '... with a warning');
like(fails("$developer; BEGIN; CREATE TABLE shop.new AS SELECT a AS email $copied; $unreadable", 'PII01', '... and refused by them'),
	$cannot_read, '... with the same warning');

# the queue is there, but nobody looks at it
foreach my $way ('DISABLE TRIGGER', 'ENABLE REPLICA TRIGGER')
{
	$node->safe_psql('postgres', "ALTER TABLE pii.gate_queue $way gate_check");
	fails($bad, '55000', "$way: the gate refuses what it cannot judge");
}
$node->safe_psql('postgres', 'ALTER TABLE pii.gate_queue ENABLE TRIGGER gate_check');
$node->safe_psql('postgres', 'ALTER TABLE pii.gate_queue RENAME command TO of');
like(fails($bad, '42703', 'a queue that is not what it was refuses what it cannot note'),
	qr/HINT: .*SET pii\.gate = off.*\n(?:.*\n)*.*the gate of pg_pii noting what CREATE TABLE touched/, '... and says whose error it is, and what to do');
$node->safe_psql('postgres', 'ALTER TABLE pii.gate_queue RENAME of TO command');
fails($bad, 'PII01', 'it judges again');

# the queue is gone
$node->safe_psql('postgres', 'ALTER EXTENSION pg_pii DROP TABLE pii.gate_queue; DROP TABLE pii.gate_queue CASCADE');
my $errors = fails($bad, '55000', 'without its queue the gate refuses what it cannot judge');
like($errors, qr/the gate cannot note what CREATE TABLE touched\n.*pii\.gate_queue.*\n.*HINT: .*SET pii\.gate = off.*DROP EVENT TRIGGER pii_gate/s, '... and says what to do');
passes('CREATE TABLE shop.harmless (id integer); DROP TABLE shop.harmless', 'what needs no judgement passes');
like(passes("SELECT pii.load(); SET pii.gate = warn; $bad; $drop", 'all passes in the mode warn'), qr/WARNING: .*cannot note/, '... with a warning');
passes("SELECT pii.load(); SET pii.gate = off; $bad; $drop", 'all passes in the mode off');
passes("SELECT pii.disable_gate(); $bad; $drop", 'the gate can be taken away');
passes('DROP EXTENSION pg_pii CASCADE; CREATE EXTENSION pg_pii; SELECT pii.enable_gate()', 'and all of it be made again');
fails($bad, 'PII01', 'it judges again');

# what judges is broken
$node->safe_psql('postgres', q{CREATE OR REPLACE FUNCTION pii.gate_relations() RETURNS oid[] LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$});
$errors = fails($bad, 'PII02', 'a broken gate refuses what it cannot judge');
like($errors, qr/the gate cannot judge this transaction\n.*broken.*HINT: .*SET pii\.gate = off/s, '... and says what to do');
like(passes("SELECT pii.load(); SET pii.gate = warn; $bad; $drop", 'all passes in the mode warn'), qr/WARNING: .*cannot judge/, '... with a warning');
passes("SELECT pii.load(); SET pii.gate = off; $bad; $drop", 'all passes in the mode off');
passes("DROP EVENT TRIGGER pii_gate; $bad; $drop", 'the event trigger can be dropped');
passes('SELECT pii.enable_gate()', 'and be made again');
$node->safe_psql('postgres', q{CREATE OR REPLACE FUNCTION pii.gate_relations() RETURNS oid[] LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_cancel_backend(pg_backend_pid()); PERFORM pg_sleep(60); END $$});
fails($bad, '57014', 'whoever cancels a check has cancelled the transaction');
passes('SELECT pii.disable_gate(); DROP EXTENSION pg_pii; CREATE EXTENSION pg_pii; SELECT pii.enable_gate()', 'all of it can be made again');

# taking it out
$errors = fails('DROP EXTENSION pg_pii', '2BP01', 'the extension is held by the gate');
like($errors, qr/event trigger pii_gate depends on function pii\.gate_collect\(\)/, '... which it names');
passes("SELECT pii.disable_gate(); DROP EXTENSION pg_pii; $bad; $drop; CREATE EXTENSION pg_pii; SELECT pii.enable_gate()", 'without the gate it goes');
passes("DROP EXTENSION pg_pii CASCADE; $bad; $drop", 'with CASCADE the gate goes too');

# the life of a label
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION pg_pii;
CREATE TABLE shop.life (id integer, contact text);
SECURITY LABEL FOR pii ON COLUMN shop.life.contact IS 'email';
ALTER TABLE shop.life RENAME COLUMN contact TO reach;
ALTER TABLE shop.life RENAME TO lives;
SQL
is($node->safe_psql('postgres', 'SELECT table_name, column_name, label FROM pii.labels'), 'lives|reach|email', 'a label keeps to its column through renames');
$node->safe_psql('postgres', 'ALTER TABLE shop.lives ALTER COLUMN reach TYPE varchar(80)');
is($node->safe_psql('postgres', 'SELECT label FROM pii.labels'), 'email', '... and through a change of type');
$node->safe_psql('postgres', 'SELECT pii.load(); SECURITY LABEL FOR pii ON COLUMN shop.lives.reach IS NULL; INSERT INTO shop.lives SELECT i, 2e9::bigint + i FROM generate_series(1, 50) i; CALL pii.scan()');
$node->safe_psql('postgres', 'ALTER TABLE shop.lives ALTER COLUMN reach TYPE bigint USING reach::bigint');
is($node->safe_psql('postgres', q{SELECT stale FROM pii.columns WHERE column_name = 'reach'}), 'type changed', 'of a scan, a change of type makes stale what was found');
$node->safe_psql('postgres', q{SELECT pii.load(); SECURITY LABEL FOR pii ON COLUMN shop.lives.reach IS 'phone'; ALTER TABLE shop.lives DROP COLUMN reach});
is($node->safe_psql('postgres', 'SELECT count(*) FROM pg_seclabel'), '0', 'a label goes with its column');

$node->stop;
done_testing();
