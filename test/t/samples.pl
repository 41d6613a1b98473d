# Real databases, known truth: exactly the columns that hold contact data are
# found in the sample databases beside the checkout.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(checkout sample_database start_node);
use PostgreSQL::Test::Utils;
use Test::More;

my $truth = checkout() . '/../shared/data/contact_columns.tsv';
plan skip_all => 'skipped: no sample databases beside the checkout' unless -r $truth;

my $node = start_node('samples');
my %expected;

foreach my $line (split /\n/, slurp_file($truth))
{
	my ($database, $schema, $table, $column, $type, $label) = split /\t/, $line;

	push @{ $expected{$database} }, "$schema.$table.$column $label" if $label ne 'label';
}

foreach my $database (sort keys %expected)
{
	ok(sample_database($node, $database), "$database is there");
	foreach my $method (qw(auto full name))
	{
		$node->safe_psql($database, "DELETE FROM pii.scan_run; CALL pii.scan(method => '$method')");
		is( $node->safe_psql($database, <<'SQL'), join("\n", sort @{ $expected{$database} }), "$database: what $method finds is the truth");
SELECT format('%s.%s.%s %s', table_schema, table_name, column_name, array_to_string(tag::text[], ' '))
FROM pii.columns
WHERE verdict IN ('pii', 'mixed')
ORDER BY format('%s.%s.%s', table_schema, table_name, column_name) COLLATE "C"
SQL
	}
	is($node->safe_psql($database, 'SELECT sum(tables_failed) FROM pii.scan_run'), '0', "$database: every table was read");
}

$node->stop;
done_testing();
