# A scan that is cancelled, killed, or loses a table under way: what it had
# finished stays, the rest is said, nothing hangs.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use PostgreSQL::Test::Utils;
use Test::More;

# what the server logs by itself, not the statements of this test
my $node = start_node('interrupt', 'log_statement = none', 'log_min_error_statement = panic');

$node->safe_psql('postgres', <<'SQL');
CREATE TABLE a_first AS SELECT 'u' || i || '@pg-pii.org' AS email FROM generate_series(1, 1000) i;
CREATE TABLE b_locked AS SELECT 'u' || i || '@pg-pii.org' AS email FROM generate_series(1, 1000) i;
CREATE TABLE c_last AS SELECT 'u' || i || '@pg-pii.org' AS email FROM generate_series(1, 1000) i;
CREATE TABLE long_value AS SELECT repeat('a@b+4420.', 20000000) AS v;
SQL

# Tables and verdicts of the newest run.
sub results
{
	return $node->safe_psql('postgres', <<'SQL');
SELECT table_name, verdict, coalesce(error, '')
FROM pii.scan_result WHERE run_id = (SELECT max(run_id) FROM pii.scan_run)
ORDER BY table_name COLLATE "C"
SQL
}

# a long value answers a time-out at once
my ($status, $output, $errors) = $node->psql('postgres', "SET statement_timeout = '50ms'; SELECT pii.has(v || v || v || v || v) FROM long_value");
like($errors, qr/canceling statement due to statement timeout/, 'a search through a long value is cancelled');

# a lock held by another session costs lock_timeout, not the scan
my $holder = $node->background_psql('postgres');
$holder->query_safe('BEGIN; LOCK TABLE b_locked IN ACCESS EXCLUSIVE MODE');
$node->safe_psql('postgres', "SET lock_timeout = '200ms'; CALL pii.scan(tables => '{a_first,b_locked,c_last}')");
is(results(), "a_first|pii|\nb_locked|unknown|lock not available in time (SQLSTATE 55P03)\nc_last|pii|", 'a locked table is recorded, the others are scanned');

# killed while it waits: what it had done is there, the run is not finished
my $scanner = IPC::Run::start(
	[ 'psql', '-Xq', '-d', $node->connstr('postgres'), '-c', "CALL pii.scan(tables => '{a_first,b_locked,c_last}')" ],
	'<', \undef, '>', \my $scan_output, '2>', \my $scan_errors);
$node->poll_query_until('postgres', "SELECT tables_done = 1 FROM pii.scan_run WHERE finished_at IS NULL")
  or die 'the scan did not begin';
$node->safe_psql('postgres', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^CALL pii.scan'");
$scanner->finish;
like($scan_errors, qr/terminating connection/, 'the scanning backend was killed');
is(results(), 'a_first|pii|', 'what a killed scan had finished stays');
is($node->safe_psql('postgres', 'SELECT tables_done, finished_at IS NULL FROM pii.scan_run ORDER BY run_id DESC LIMIT 1'), '1|t', 'a killed run is seen to be unfinished');

# dropped while the scan waits for it
$scanner = IPC::Run::start(
	[ 'psql', '-Xq', '-d', $node->connstr('postgres'), '-c', "CALL pii.scan(tables => '{a_first,b_locked,c_last}')" ],
	'<', \undef, '>', \$scan_output, '2>', \$scan_errors);
$node->poll_query_until('postgres', "SELECT count(*) = 1 FROM pg_locks WHERE NOT granted AND relation = 'b_locked'::regclass")
  or die 'the scan did not reach the locked table';
$holder->query_safe('DROP TABLE b_locked; COMMIT');
$scanner->finish;
is($scan_errors, '', 'a scan survives a table dropped under way');
is($node->safe_psql('postgres', 'SELECT resumed_run = run_id - 1 FROM pii.scan_run ORDER BY run_id DESC LIMIT 1'), 't', 'it went on with the killed one, and left out what that had done');
like(results(), qr/^b_locked\|unknown\|[^\n]+ \(SQLSTATE \w+\)\nc_last\|pii\|$/, 'a dropped table is recorded, the others are scanned');
$holder->quit;

# the log tells of no value
unlike(slurp_file($node->logfile), qr/u7\@|a\@b\+/, 'no value is logged');

$node->stop;
done_testing();
