# A run of pii.scan over many tables: stopped in every way, seen from another
# session, kept within a budget, and gone on with.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $node = start_node('scan', 'log_statement = none', 'log_min_error_statement = panic',
	'autovacuum = off', 'restart_after_crash = on');
my $tables = 60;

# A table of each: e-mail addresses, in 12 blocks or so.
$node->safe_psql('postgres', <<"SQL");
CREATE SCHEMA shop;
DO \$\$ BEGIN FOR i IN 1 .. $tables LOOP
	EXECUTE format('CREATE TABLE shop.t%s AS SELECT i AS id, ''u'' || i || ''\@pg-pii.org'' AS email FROM generate_series(1, 2000) i', to_char(i, 'FM00'));
END LOOP; END \$\$;
ANALYZE;
CREATE TABLE shop.audit_log (line text);
CREATE TABLE public.other (email text);
SQL

# One value.
sub value
{
	return $node->safe_psql('postgres', $_[0]);
}

# What the newest run says of itself.
sub newest
{
	return value("SELECT $_[0] FROM pii.scan_run ORDER BY run_id DESC LIMIT 1");
}

# A scan in a session of its own.  Reading can be slowed down, so that there is
# time to look.
sub begin_scan
{
	my ($call, @settings) = @_;
	my %scan = (errors => '', output => '');

	$scan{handle} = IPC::Run::start(
		[ 'psql', '-Xq', '-d', $node->connstr('postgres'), (map { ('-c', "SET $_") } @settings), '-c', $call ],
		'<', \undef, '>', \$scan{output}, '2>', \$scan{errors});
	return \%scan;
}

# Wait until a run that has just begun has done so many tables.
sub wait_for_tables
{
	my ($count) = @_;

	$node->poll_query_until('postgres', "SELECT count(*) = 1 FROM pii.progress WHERE tables_done >= $count")
	  or die 'the scan did not get there';
	return;
}

# a rest of a second, every ten tables or so
my @slow = ("pii.scan_cost_delay = '1s'");

# patterns
$node->safe_psql('postgres', q{CALL pii.scan(include => '{shop.t0%,public.%}', exclude => '{%.t01,%.t02}', method => 'name')});
is(newest('tables_total'), '8', 'tables by pattern, and not by pattern');
is(value("SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM (SELECT DISTINCT table_name FROM pii.scan_result) AS r"),
	'other t03 t04 t05 t06 t07 t08 t09', 'the right ones');

# seen at work, and not disturbed by a second
my $scan = begin_scan("CALL pii.scan('{shop}')", @slow);
wait_for_tables(5);
is(value('SELECT tables_total || current_table FROM pii.progress') =~ /^61shop\.t\d\d$/, 1, 'pii.progress shows the table it is at');
is(value('SELECT rows_total BETWEEN 50000 AND 150000 AND rows_read >= 4000 AND bytes_read > 0 AND bytes_total > bytes_read AND percent BETWEEN 5 AND 95 AND remaining >= \'0\' AND eta > now() - \'1 s\'::interval AND rows_per_second > 0 FROM pii.progress'),
	't', 'rows, bytes, rate and what remains');
like(value("SELECT query FROM pg_stat_activity WHERE pid = (SELECT pid FROM pii.progress)"),
	qr{^CALL pii\.scan\('\{shop\}'\) /\* pg_pii: table \d+ of 61, shop\.t\d\d \*/$}, 'pg_stat_activity shows it, too');
my ($status, $output, $errors) = $node->psql('postgres', 'CALL pii.scan()');
like($errors, qr/ERROR:  run \d+ of pii\.scan is in progress\nDETAIL:  Process \d+ began it at [^\n]*; \d+ of 61 tables are done\.\nHINT:  A database has one run at a time/,
	'a second run is refused, and told of the first');

# cancelled
value('SELECT pg_cancel_backend(pid) FROM pii.progress');
$scan->{handle}->finish;
like($scan->{errors}, qr/ERROR:  run \d+ of pii\.scan was stopped: canceled\nHINT:  What it has found stays/, 'a cancel ends the run');
is(newest('outcome, finished_at IS NULL, tables_done BETWEEN 5 AND 60, current_table IS NULL'), 'canceled|t|t|t', 'and is recorded');
is(value('SELECT count(*) FROM pii.progress'), '0', 'nothing is in progress');
my ($run, $done) = split /\|/, newest('run_id, tables_done');

# a statement_timeout in the next one, which goes on
$scan = begin_scan("CALL pii.scan('{shop}')", @slow, "statement_timeout = '1200ms'");
$scan->{handle}->finish;
like($scan->{errors}, qr/ERROR:  run \d+ of pii\.scan was stopped: timed out/, 'a time-out ends the run');
is(newest("outcome, resumed_run = $run, tables_skipped = $done"), 'timed out|t|t', 'that went on with the canceled one');
$done += newest('tables_done');

# killed without a word: the server restarts, and one table at most is lost
$scan = begin_scan("CALL pii.scan('{shop}')", @slow);
wait_for_tables(3);
my $pid = value('SELECT pid FROM pii.progress');
kill 'KILL', $pid;
$scan->{handle}->finish;
$node->poll_query_until('postgres', 'SELECT true') or die 'the server did not come back';
is(newest('outcome IS NULL, finished_at IS NULL'), 't|t', 'nobody has recorded the end of a killed run');
my $found = value("SELECT count(DISTINCT relation) FROM pii.scan_result WHERE run_id >= $run");
is($found, $done + newest('tables_done'), 'every table that it had counted is there');
is(value('SELECT count(*) FROM pii.progress'), '0', 'it is not taken for alive');
$node->safe_psql('postgres', "CALL pii.scan('{shop}')");
is(value("SELECT string_agg(outcome, ', ' ORDER BY run_id) FROM pii.scan_run WHERE run_id >= $run"), 'canceled, timed out, lost, done', 'the next run knows it is lost, and ends');
is(newest("tables_skipped = $found, tables_done = 61 - $found"), 't|t', 'what was found was not read again');
is(value("SELECT count(*), count(DISTINCT relation) FROM pii.scan_result WHERE run_id >= $run AND attnum = 1"), '61|61', 'each table once, in all');

# nothing has changed, then something has: rows, seen at once though the
# counters are not, a comment, a file, a type
$node->safe_psql('postgres', "CALL pii.scan('{shop}')");
is(newest('tables_total, tables_skipped, rows_read, outcome'), '0|61|0|done', 'nothing is read again when nothing has changed');
my @changes = (
	"INSERT INTO shop.audit_log VALUES ('x')", "UPDATE shop.t01 SET email = 'none' WHERE id = 7",
	'DELETE FROM shop.t02 WHERE id = 7', "COMMENT ON COLUMN shop.t03.id IS 'number'",
	'TRUNCATE shop.t04', 'ALTER TABLE shop.t05 ALTER id TYPE bigint',
	'ALTER TABLE shop.t06 ADD CHECK (id > 0)', 'VACUUM FULL shop.t07',
	'ALTER TABLE shop.t08 RENAME TO t08b', 'ALTER TABLE shop.t09 ADD COLUMN phone text');
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), (map { ('-c', $_) } @changes), '-c', "CALL pii.scan('{shop}')" ], 'ten changes, and a scan in the same session');
is(newest('tables_total, tables_skipped'), '10|51', 'each is noticed, and only they');
$node->safe_psql('postgres', "SELECT pg_stat_reset(); CREATE TABLE shop.new (email text)");
$node->safe_psql('postgres', "CALL pii.scan('{shop}', method => 'sample')");
is(newest('tables_total'), '62', 'another method asks again');
$node->safe_psql('postgres', "CALL pii.scan('{shop}', method => 'statistics')");
is(newest('tables_total'), '0', 'a lesser one does not');
$node->safe_psql('postgres', "CALL pii.scan('{shop}', method => 'statistics', changed_only => false)");
is(newest('tables_total, tables_failed'), '62|0', 'unless it is told to');
$node->safe_psql('postgres', "CALL pii.scan(tables => '{shop.t10}')");
is(newest('tables_done'), '1', 'a table that is named is scanned in any case');
$node->safe_psql('postgres', "CALL pii.scan(tables => '{shop.t10}', changed_only => true)");
is(newest('tables_done'), '0', 'unless it is told not to');

# budgets: of the run, and of a table
$node->safe_psql('postgres', "CREATE TABLE shop.big AS SELECT i AS id, 'u' || i || '\@pg-pii.org' AS email FROM generate_series(1, 100000) i; ANALYZE shop.big");
$node->safe_psql('postgres', "CALL pii.scan('{shop}', method => 'full', max_rows => 5000)");
is(newest('outcome, finished_at IS NOT NULL, rows_read BETWEEN 5000 AND 9000, tables_done < tables_total'), 'out of budget|t|t|t', 'a run ends when its rows are spent');
is(value("SELECT method FROM pii.scan_result WHERE table_name = 'big' ORDER BY run_id DESC LIMIT 1"), 'sample', 'of the largest, never scanned and so first, a part was read');
$node->safe_psql('postgres', "CALL pii.scan('{shop}', method => 'full', max_seconds => 3600)");
is(newest('outcome, tables_done = tables_total'), 'done|t', 'the next goes on with what is left');
is(value("SELECT method FROM pii.scan_result WHERE table_name = 'big' ORDER BY run_id DESC LIMIT 1"), 'full', 'and reads the rest of what was cut short');
$node->safe_psql('postgres', "CALL pii.scan(tables => '{shop.big}', method => 'full', max_table_rows => 3000)");
is(newest('rows_read BETWEEN 2000 AND 9000, outcome'), 't|done', 'rows of a table are limited');
$node->safe_psql('postgres', "CALL pii.scan(tables => '{shop.big}', method => 'full', max_table_bytes => 100000)");
is(newest('rows_read BETWEEN 500 AND 6000, bytes_read < 400000'), 't|t', 'bytes of a table are limited');
$scan = begin_scan("CALL pii.scan(tables => '{shop.big}', method => 'full', max_table_seconds => 0.5)", @slow);
$scan->{handle}->finish;
is($scan->{errors}, '', 'seconds of a table are limited');
is(value("SELECT method, rows_read < 100000, tag::text[], reasons[array_upper(reasons, 1)] ~ '^reading ended at its time limit after \\d+ rows\$' FROM pii.scan_result WHERE column_name = 'email' AND run_id = " . newest('run_id')),
	'sample|t|{email}|t', 'what was read until then is judged, and it is said');
$scan = begin_scan("CALL pii.scan('{shop}', method => 'full', changed_only => false)", @slow, "pii.scan_budget = '1s'");
$scan->{handle}->finish;
is(newest("outcome, finished_at - started_at < '20 s'"), 'out of budget|t', 'pii.scan_budget');

# what is locked or dropped is recorded, and a quick run says nothing
my $holder = $node->background_psql('postgres');
$holder->query_safe('BEGIN; LOCK TABLE shop.t11 IN ACCESS EXCLUSIVE MODE');
$scan = begin_scan("CALL pii.scan(tables => '{shop.t10,shop.t11,shop.t12}')", "lock_timeout = '100ms'");
$scan->{handle}->finish;
is($scan->{errors}, '', 'no notice');
is(newest('outcome, tables_done, tables_failed'), 'done|3|1', 'a locked table is one that failed');
$holder->query_safe('ROLLBACK');
$holder->quit;
$node->safe_psql('postgres', "CALL pii.scan('{shop}', exclude => '{%.t12}')");
is(value("SELECT error IS NULL FROM pii.scan_result WHERE table_name = 't11' AND attnum = 1 ORDER BY run_id DESC LIMIT 1"), 't', 'and is tried again, though it has not changed');

# the lock is free after every kind of end, even within the session
is($node->psql('postgres', "CALL pii.scan('{no_such_schema}')") > 0, 1, 'a bad argument');
my $session = $node->background_psql('postgres', on_error_stop => 0);
$session->query("CALL pii.scan('{no_such_schema}')");
$node->safe_psql('postgres', "CALL pii.scan('{shop}')");
is(newest('outcome'), 'done', 'the lock is not left behind by an error');
$session->quit;

# where it cannot run
foreach my $case (
	[ 'BEGIN; CALL pii.scan()', qr/ERROR:  pii\.scan cannot run inside a transaction block/, 'a transaction block' ],
	[ "CREATE FUNCTION pg_temp.f() RETURNS void LANGUAGE plpgsql AS 'BEGIN CALL pii.scan(); END'; SELECT pg_temp.f()", qr/ERROR:  pii\.scan cannot run inside a transaction block/, 'a function' ],
	[ 'SET default_transaction_read_only = on; CALL pii.scan()', qr/ERROR:  cannot execute pii\.scan in a read-only transaction/, 'a read-only transaction' ],
	[ "CALL pii.scan(max_rows => 0)", qr/ERROR:  max_rows must be greater than zero\nHINT:  NULL is no limit\./, 'a limit of nothing' ],
	[ "CALL pii.scan(max_table_seconds => -1)", qr/ERROR:  max_table_seconds must be greater than zero/, 'a limit below nothing' ],
	[ q{CALL pii.scan(include => '{shop.%,NULL}')}, qr/ERROR:  include and exclude must not contain null values/, 'a pattern that is null' ],
	[ q{CALL pii.scan(exclude => ARRAY['shop.\\'])}, qr/ERROR:  a pattern of include or exclude must not end with a backslash/, 'a pattern that LIKE would refuse' ])
{
	my ($statement, $pattern, $name) = @$case;

	($status, $output, $errors) = $node->psql('postgres', $statement);
	like($errors, $pattern, "refused: $name");
}
is($node->safe_psql('postgres', "DO 'BEGIN CALL pii.scan(tables => ''{shop.t12}''); END'; SELECT count(*) FROM pii.progress"), '0', 'a DO block may');

# notifications: ids and counts, once, of what is new
$session = $node->background_psql('postgres');
$session->query_safe('LISTEN pii');
$node->safe_psql('postgres', 'CREATE ROLE intern LOGIN; GRANT USAGE ON SCHEMA shop TO intern; GRANT SELECT ON shop.t12 TO intern');
$node->safe_psql('postgres', "CALL pii.scan('{shop}')");
like($session->query('SELECT 1'), qr/Asynchronous notification "pii" with payload "\{"run": \d+, "violations": 1, "exposure_ids": \["[0-9a-f-]{36}"\], "new_violations": 1\}"/, 'a new violation is notified');
$node->safe_psql('postgres', "CALL pii.scan('{shop}')");
unlike($session->query('SELECT 2'), qr/Asynchronous notification/, 'once');
$node->safe_psql('postgres', "REVOKE SELECT ON shop.t12 FROM intern; GRANT SELECT ON shop.t13 TO intern");
$node->safe_psql('postgres', "CALL pii.scan('{public}')");
like($session->query('SELECT 3'), qr/"new_violations": 1/, 'another one, by a run over something else');
$session->quit;
is(value('SELECT count(*), count(closed_at), count(closed_run) FROM pii.exposure_seen'), '2|1|1', 'one exposure has opened, one has closed');

# where nothing has changed who can read what is not asked again; where
# anything has, it is
$node->safe_psql('postgres', 'CALL pii.scan()') foreach 1 .. 2;
is(newest("exposures, violations, new_violations, exposure_mark = (SELECT exposure_mark FROM pii.scan_run ORDER BY run_id DESC OFFSET 1 LIMIT 1)"),
	'1|1|0|t', 'the same as before');
foreach my $case (
	[ 'CREATE ROLE trainee LOGIN; GRANT intern TO trainee', 1 ],
	[ 'GRANT SELECT ON shop.t14 TO PUBLIC; GRANT USAGE ON SCHEMA shop TO PUBLIC', 2 ],
	[ "SECURITY LABEL FOR pii ON COLUMN shop.t14.email IS 'none'", 1 ],
	[ 'CREATE VIEW shop.v AS SELECT email FROM shop.t15; GRANT SELECT ON shop.v TO intern', 2 ],
	[ "INSERT INTO pii.policy (allowed) VALUES ('critical')", 0 ])
{
	my ($statement, $violations) = @$case;

	$node->safe_psql('postgres', "SELECT pii.load(); $statement");
	$node->safe_psql('postgres', 'CALL pii.scan()');
	is(newest('violations, violations = (SELECT count(*) FROM pii.violations)'), "$violations|t", "noticed: $statement");
}

# a session does not remember what it went through
my ($before, $after) = split /\n/, $node->safe_psql('postgres', <<'SQL');
CALL pii.scan('{shop}', changed_only => false);
CALL pii.scan('{shop}', changed_only => false);
CALL pii.scan('{shop}', changed_only => false);
CALL pii.scan('{shop}', changed_only => false);
SELECT sum(total_bytes) FROM pg_backend_memory_contexts;
CALL pii.scan('{shop}', changed_only => false);
CALL pii.scan('{shop}', changed_only => false);
CALL pii.scan('{shop}', changed_only => false);
CALL pii.scan('{shop}', changed_only => false);
CALL pii.scan('{shop}', changed_only => false);
CALL pii.scan('{shop}', changed_only => false);
SELECT sum(total_bytes) FROM pg_backend_memory_contexts;
SQL
# but for a block that a context may grow by; the tables alone would be more
cmp_ok($after - $before, '<', 6e6, 'its memory stays what it was');

# no value in any of it
is(value("SELECT count(*) FROM pii.scan_run r FULL JOIN pii.scan_result s ON false WHERE r::text || s::text ~ 'u7\@'"), '0', 'no value is stored');
unlike(slurp_file($node->logfile), qr/u\d+\@/, 'nor logged');

$node->stop;
done_testing();
