# What the TAP tests share: a cluster with the extension in it, and where the
# sample databases are.
package PgPii;

use strict;
use warnings FATAL => 'all';
use Exporter 'import';
use File::Basename qw(dirname);
use File::Spec;
use PostgreSQL::Test::Cluster;

our @EXPORT_OK = qw(checkout start_node sample_database);

# The folder the tests came from.
sub checkout
{
	return File::Spec->rel2abs(dirname(__FILE__) . '/../..');
}

# The superuser is called the same whoever runs the tests.
$ENV{PGUSER} = 'postgres';

# A new, running cluster of UTF8 and C locale with the extension in its
# database postgres.  Further arguments are lines for postgresql.conf.
sub start_node
{
	my ($name, @settings) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);

	$node->init(extra => [ '--encoding=UTF8', '--no-locale', '--username=postgres' ]);
	$node->append_conf('postgresql.conf', "$_\n") foreach @settings;
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION pg_pii');
	return $node;
}

# Create a database from a sample database beside the checkout, with the
# extension in it.  Returns whether there is such a sample.
sub sample_database
{
	my ($node, $name) = @_;
	my $file = checkout() . "/../shared/data/$name.sql";

	return 0 unless -r $file;
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->command_ok(
		[ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($name), '-f', $file ],
		"$name loads");
	$node->safe_psql($name, 'CREATE EXTENSION pg_pii');
	return 1;
}

1;
