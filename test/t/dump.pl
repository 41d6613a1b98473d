# Dump and restore: the extension comes back, columns of its types with their
# values, and nothing of the history; so does a drop of the extension.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('dump');
my $folder = PostgreSQL::Test::Utils::tempdir();

$node->safe_psql('postgres', <<'SQL');
CREATE TABLE person (id int PRIMARY KEY, email text, CONSTRAINT is_email CHECK (pii.is_email(email)));
INSERT INTO person SELECT i, 'u' || i || '@pg-pii.org' FROM generate_series(1, 100) i;
CREATE INDEX person_normal_idx ON person (pii.normalize(email, 'email'));
CREATE TABLE kept (tag pii.tag PRIMARY KEY, evidence pii.evidence);
INSERT INTO kept SELECT pii.classify(email), pii.profile(email) FROM person;
SECURITY LABEL FOR pii ON COLUMN person.email IS 'email; waived until 2027-01-31: TICKET-9';
CREATE VIEW mine AS SELECT column_name FROM pii.columns WHERE tag OPERATOR(pii.?) 'email';
CALL pii.scan();
SQL
my $kept = $node->safe_psql('postgres', 'SELECT * FROM kept');

# Restore into a new database and look.
sub restored
{
	my ($name, @restore) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->command_ok([ @restore, '-d', $node->connstr($name) ], "$name: restores without an error");
	is($node->safe_psql($name, 'SELECT * FROM kept'), $kept, "$name: tags and evidence are the same");
	is($node->safe_psql($name, 'SELECT count(*) FROM pii.scan_run'), '0', "$name: history stays behind");
	is($node->safe_psql($name, "SET enable_seqscan = off; SELECT id FROM person WHERE pii.normalize(email, 'email') = 'u7\@pg-pii.org'"),
		'7', "$name: an index on a function of ours works");
	is($node->safe_psql($name, q{SELECT label FROM pii.labels WHERE table_name = 'person'}),
		'email; waived until 2027-01-31: TICKET-9', "$name: the label is there");
	$node->safe_psql($name, 'CALL pii.scan()');
	is($node->safe_psql($name, 'SELECT * FROM mine'), 'email', "$name: a view on ours works, after a scan");
}

$node->command_ok([ 'pg_dump', '-f', "$folder/plain.sql", $node->connstr('postgres') ], 'plain dump');
$node->command_ok([ 'pg_dump', '-Fc', '-f', "$folder/custom", $node->connstr('postgres') ], 'custom dump');
$node->command_ok([ 'pg_dump', '-Fd', '-j2', '-f', "$folder/directory", $node->connstr('postgres') ], 'directory dump');
restored('plain', 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$folder/plain.sql");
restored('custom', 'pg_restore', '-e', '-j2', "$folder/custom");
restored('directory', 'pg_restore', '-e', '-j4', "$folder/directory");

unlike(slurp_file("$folder/plain.sql"), qr/scan_result|CREATE (TABLE|VIEW|FUNCTION) pii\./, 'members of the extension are not dumped');

# where the extension exists already, nothing loads the library: it takes a
# preload, or a dump without labels
$node->command_ok([ 'pg_dump', '-f', "$folder/table.sql", '-t', 'person', $node->connstr('postgres') ], 'dump of one table');
$node->command_ok([ 'pg_dump', '-f', "$folder/schema.sql", '--schema-only', $node->connstr('postgres') ], 'dump of the schema');
foreach my $dump (qw(table schema))
{
	$node->safe_psql('postgres', "CREATE DATABASE there_$dump");
	$node->safe_psql("there_$dump", 'CREATE EXTENSION pg_pii');
	my @restore = ('psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$folder/$dump.sql", '-d', $node->connstr("there_$dump"));
	$node->command_fails_like([@restore], qr/security label provider "pii" is not loaded/, "$dump: fails where the extension exists already");
	$node->safe_psql("there_$dump", 'DROP TABLE IF EXISTS person, kept CASCADE; DROP VIEW IF EXISTS mine');
	$node->safe_psql('postgres', "ALTER DATABASE there_$dump SET session_preload_libraries = 'pg_pii'");
	$node->command_ok([@restore], "$dump: succeeds with the library preloaded");
	is($node->safe_psql("there_$dump", 'SELECT count(*) FROM pii.labels'), '1', "$dump: the label is there");
}
$node->command_ok([ 'pg_dump', '-f', "$folder/no_labels.sql", '--no-security-labels', '-t', 'person', $node->connstr('postgres') ], 'dump without labels');
unlike(slurp_file("$folder/no_labels.sql"), qr/SECURITY LABEL/, 'a dump can do without labels');

my ($status, $output, $errors) = $node->psql('plain', 'DROP EXTENSION pg_pii');
like($errors, qr/cannot drop extension pg_pii because other objects depend on it/, 'what depends on it holds it');
is($node->safe_psql('plain', 'SELECT pii.drop_all_labels()'), '1', 'labels can be dropped first');
$node->safe_psql('plain', 'DROP EXTENSION pg_pii CASCADE');
is($node->safe_psql('plain', 'SELECT count(*) FROM pg_seclabel'), '0', 'no label is left behind');
is($node->safe_psql('plain', q{SELECT count(*) FROM person}), '100', 'the tables stay');
$node->safe_psql('plain', 'CREATE EXTENSION pg_pii; CALL pii.scan()');
is($node->safe_psql('plain', q{SELECT column_name FROM pii.columns WHERE verdict = 'pii'}), 'email', 'it can be created again');

$node->stop;
done_testing();
