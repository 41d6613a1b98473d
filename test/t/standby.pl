# A hot standby: what only reads works there, and what writes says where to go.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use PostgreSQL::Test::Cluster;
use Test::More;

my $primary = start_node('primary', 'wal_level = replica', 'max_wal_senders = 4', 'hot_standby = on');
$primary->safe_psql('postgres', <<'SQL');
CREATE ROLE intern LOGIN;
CREATE TABLE customer AS SELECT i AS id, 'u' || i || '@pg-pii.org' AS email, 'note ' || i AS note FROM generate_series(1, 20000) i;
GRANT SELECT ON customer TO intern;
ANALYZE customer;
SQL
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;
is($standby->safe_psql('postgres', 'SELECT pg_is_in_recovery()'), 't', 'the standby is one');

foreach my $method (qw(name statistics sample full auto))
{
	is($standby->safe_psql('postgres', "SELECT tag::text[], verdict FROM pii.inspect('customer', '$method') WHERE column_name = 'email'"),
		'{email}|pii', "pii.inspect by $method");
}
is($standby->safe_psql('postgres', 'SELECT table_name, column_name, grantee, path FROM pii.exposure'),
	'customer|email|intern|table grant', 'pii.exposure, by names before any scan');
is($standby->safe_psql('postgres', "SELECT ok, violations, last_run IS NULL FROM pii.check()"), 'f|1|t', 'pii.check');

my ($status, $output, $errors) = $standby->psql('postgres', 'CALL pii.scan()');
like($errors, qr/^psql:<stdin>:1: ERROR:  cannot execute pii\.scan during recovery\nDETAIL:  [^\n]+\nHINT:  Call pii\.scan on the primary; [^\n]*pii\.inspect reads tables on a standby/,
	'pii.scan says what to do instead');

$primary->safe_psql('postgres', 'CALL pii.scan()');
$primary->wait_for_catchup($standby);
is($standby->safe_psql('postgres', "SELECT source, verdict FROM pii.columns WHERE column_name = 'email' AND table_name = 'customer'"),
	$primary->safe_psql('postgres', "SELECT source, verdict FROM pii.columns WHERE column_name = 'email' AND table_name = 'customer'"),
	'what the primary found arrives');
like($standby->safe_psql('postgres', 'SELECT since IS NOT NULL FROM pii.exposure'), qr/^t$/, 'with since when it has been exposed');
is($standby->safe_psql('postgres', 'SELECT ok, violations FROM pii.check()'), 'f|1', 'pii.check');
is($standby->safe_psql('postgres', "SELECT change, column_name FROM pii.drift() WHERE object = 'exposure'"), 'OPENED|email', 'pii.drift');
is($standby->safe_psql('postgres', 'SELECT count(*) FROM pii.progress'), '0', 'pii.progress');
foreach my $format (qw(text markdown json sarif csv html))
{
	like($standby->safe_psql('postgres', "SELECT pii.report('$format')"), qr/customer/, "pii.report as $format");
}

$standby->stop;
$primary->stop;
done_testing();
