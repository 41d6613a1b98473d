# Dump, restore and upgrade of a database with the gate on: the gate comes back
# last, so that it judges nothing of the restore, and works then.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('gate_dump');
my $folder = PostgreSQL::Test::Utils::tempdir();

# With what the gate would refuse, were it new: it was there before the gate.
my $world = <<'SQL';
CREATE SCHEMA shop;
GRANT USAGE ON SCHEMA shop TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO app;
CREATE TABLE shop.old (id integer PRIMARY KEY, email text);
GRANT SELECT ON shop.old TO PUBLIC;
CREATE TABLE shop.customer (id integer, email text, phone text);
SECURITY LABEL FOR pii ON COLUMN shop.customer.email IS 'none';
SECURITY LABEL FOR pii ON COLUMN shop.customer.phone IS 'phone; waived until 2999-12-31: TICKET-9';
CREATE VIEW shop.directory AS SELECT phone FROM shop.customer;
CREATE MATERIALIZED VIEW shop.copy AS SELECT email AS written FROM shop.old;
CREATE TABLE shop.parted (id integer, note text) PARTITION BY RANGE (id);
CREATE TABLE shop.part PARTITION OF shop.parted FOR VALUES FROM (1) TO (9);
SECURITY LABEL FOR pii ON COLUMN shop.parted.note IS 'email';
INSERT INTO shop.old SELECT i, 'u' || i || '@pg-pii.org' FROM generate_series(1, 50) i;
REFRESH MATERIALIZED VIEW shop.copy;
INSERT INTO pii.policy (table_schema, allowed, reason, require_label) VALUES ('hr', 'low', 'a test', true);
SELECT pii.enable_gate();
SQL
$node->safe_psql('postgres', "SELECT pii.load(); CREATE ROLE app LOGIN; $world");
my $labels = $node->safe_psql('postgres', 'SELECT table_name, column_name, label FROM pii.labels ORDER BY 1, 2');

# Look at a restored database.
sub look
{
	my ($where, $name, $database, $policy) = @_;

	is($where->safe_psql($database, q{SELECT evtname, evtenabled FROM pg_event_trigger}), 'pii_gate|O', "$name: the gate is there");
	is($where->safe_psql($database, 'SELECT table_name, column_name, label FROM pii.labels ORDER BY 1, 2'), $labels, "$name: so are the labels");
	is($where->safe_psql($database, 'SELECT * FROM pii.policy'), $policy // 'hr|low|a test|t|t', "$name: so is the policy");
	is($where->safe_psql($database, 'SELECT count(*) FROM pii.gate_queue'), '0', "$name: the queue is empty");
	my ($status, $output, $errors) = $where->psql($database, 'ALTER TABLE shop.customer ADD COLUMN mobile text');
	like($errors, qr/ERROR: +personal data is not protected in column shop\.customer\.mobile/, "$name: the gate judges");
	is($where->psql($database, 'ALTER TABLE shop.old ADD COLUMN price numeric'), 0, "$name: what was open before blocks nothing");
	return;
}

sub restored
{
	my ($name, @restore) = @_;

	# rows are data, those of the policy too
	my $policy = $name eq 'schema_only' ? '' : undef;

	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->command_ok([ @restore, '-d', $node->connstr($name) ], "$name: restores");
	look($node, $name, $name, $policy);
	return;
}

foreach my $dump (
	[ 'plain.sql', '-Fp' ], [ 'custom', '-Fc' ], [ 'directory', '-Fd', '-j4' ], [ 'schema.sql', '-Fp', '--schema-only' ])
{
	my ($file, @how) = @$dump;

	$node->command_ok([ 'pg_dump', @how, '-f', "$folder/$file", $node->connstr('postgres') ], "dump: $file");
}
restored('plain', 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$folder/plain.sql");
restored('custom', 'pg_restore', '-e', '-j4', "$folder/custom");
restored('directory', 'pg_restore', '-e', '-j4', "$folder/directory");
restored('one_transaction', 'pg_restore', '-e', '-1', "$folder/custom");
restored('schema_only', 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$folder/schema.sql");

# where the extension exists already, and its gate is on, a restore is a deploy
# like any other
my @restore = ('psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$folder/schema.sql");
foreach my $name (qw(there gated))
{
	$node->safe_psql('postgres', "CREATE DATABASE $name; ALTER DATABASE $name SET session_preload_libraries = 'pg_pii'");
	$node->safe_psql($name, 'CREATE EXTENSION pg_pii');
}
$node->safe_psql('gated', 'SELECT pii.enable_gate()');
$node->command_ok([ @restore, '-d', $node->connstr('there') ], 'a dump restores where the extension exists');
look($node, 'there', 'there', '');
$node->command_fails_like([ @restore, '-d', $node->connstr('gated') ], qr/ERROR: +personal data is not protected/, 'a gate that stands judges a restore');
$node->safe_psql('gated', 'DROP SCHEMA shop CASCADE; DELETE FROM pii.policy; SELECT pii.disable_gate()');
{
	local $ENV{PGOPTIONS} = '-c pii.gate=off';

	$node->safe_psql('gated', 'SELECT pii.enable_gate()');
	$node->command_fails_like([ @restore, '-d', $node->connstr('gated') ], qr/event trigger "pii_gate" already exists/, 'switched off, it lets the restore pass, and stays itself');
}
look($node, 'gated', 'gated', '');

# pg_upgrade, from this version to itself
SKIP:
{
	my $new = PostgreSQL::Test::Cluster->new('gate_upgraded');
	my $bindir = $node->config_data('--bindir');

	skip 'no pg_upgrade', 8 unless -x "$bindir/pg_upgrade";
	$new->init(extra => [ '--encoding=UTF8', '--no-locale', '--username=postgres' ]);
	$node->safe_psql('postgres', "DROP DATABASE $_") foreach qw(plain custom directory one_transaction schema_only there gated);
	$node->stop;
	chdir $folder;
	command_ok(
		[
			'pg_upgrade', '--no-sync', '-U', 'postgres', '-b', $bindir, '-B', $bindir,
			'-d', $node->data_dir, '-D', $new->data_dir,
			'-s', $new->host, '-p', $node->port, '-P', $new->port
		],
		'pg_upgrade');
	$new->start;
	look($new, 'upgraded', 'postgres');
	$new->stop;
	$node = undef;
}

$node->stop if $node;
done_testing();
