# Real schemas, replayed with the gate on: what it refuses is what a person has
# found to hold contact data, and nothing else.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(checkout start_node);
use PostgreSQL::Test::Utils;
use Test::More;

my $data = PgPii::checkout() . '/../shared/data';

plan skip_all => 'no sample databases beside the checkout' unless -r "$data/contact_columns.tsv";

my $node = start_node('gate_replay');
my %expected;

foreach my $line (split /\n/, slurp_file("$data/contact_columns.tsv"))
{
	my ($database, $schema, $table, $column) = split /\t/, $line;

	push @{ $expected{$database} }, "$schema.$table.$column" unless $database eq 'schema';
}

$node->safe_psql('postgres', 'CREATE ROLE reader LOGIN');
foreach my $name (sort keys %expected)
{
	my @psql = ('psql', '-Xq', '-v', 'VERBOSITY=verbose', '-f', "$data/$name.sql", '-d', $node->connstr($name));
	my ($output, $errors);

	# nobody can read what is made: nothing is refused
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, 'CREATE EXTENSION pg_pii; SELECT pii.enable_gate()');
	IPC::Run::run([ @psql, '-v', 'ON_ERROR_STOP=1' ], '>', \$output, '2>', \$errors);
	is($?, 0, "$name: passes where nobody reads") or diag($errors);
	unlike($errors, qr/PII01/, "$name: without a warning");
	my $tables = $node->safe_psql($name, 'SELECT count(*) FROM pii.user_table');

	# somebody can: the tables that hold contact data are refused, by column
	$node->safe_psql('postgres', "DROP DATABASE $name; CREATE DATABASE $name");
	$node->safe_psql($name, 'CREATE EXTENSION pg_pii; SELECT pii.enable_gate(); ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader');
	IPC::Run::run([@psql], '>', \$output, '2>', \$errors);
	my @refused = $errors =~ /^(?:DETAIL:  )?(\S+) holds (?:email|phone)\b/mg;
	my %refused_tables = map { s/\.[^.]+$//r => 1 } @refused;

	is_deeply([ sort @refused ], [ sort @{ $expected{$name} } ], "$name: what is refused is what holds contact data");
	is($node->safe_psql($name, 'SELECT count(*) FROM pii.user_table'), $tables - keys %refused_tables, "$name: all else is made");
	is($node->safe_psql($name, 'SELECT count(*) FROM pii.violations'), '0', "$name: nothing is left unprotected");
}

$node->stop;
done_testing();
