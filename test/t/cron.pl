# Runs at set times by the real pg_cron, which has two ways to run a job: over
# a connection of its own, and in a background worker.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use Test::More;

my $libraries = qx($ENV{PG_CONFIG} --pkglibdir 2>/dev/null) || qx(pg_config --pkglibdir);
chomp $libraries;
plan skip_all => 'pg_cron is not installed for this server' unless -e "$libraries/pg_cron.so";

# pg_cron's clock ticks once a minute, so both ways are tried at once.
my %node;
foreach my $way (qw(connection worker))
{
	$node{$way} = start_node(
		"cron_$way",
		"shared_preload_libraries = 'pg_cron'",
		"cron.database_name = 'postgres'",
		'cron.use_background_workers = ' . ($way eq 'worker' ? 'on' : 'off'),
		'max_worker_processes = 20');
	$node{$way}->append_conf('postgresql.conf', "cron.host = '" . $node{$way}->host . "'");
	$node{$way}->restart;
}

# An error and its hint.
sub refused
{
	my ($node, $database, $statement, $pattern, $name) = @_;
	my ($status, $output, $errors) = $node->psql($database, $statement);

	like($errors, $pattern, $name);
	return $errors;
}

# Schedule a run in pg_cron's database and one in another.
sub schedule
{
	my ($node) = @_;

	refused($node, 'postgres', "SELECT pii.schedule('* * * * *')",
		qr/extension "pg_cron" is not installed in this database\nHINT:  Run: CREATE EXTENSION pg_cron;/,
		'where pg_cron belongs, but is not');
	is($node->safe_psql('postgres', 'SELECT count(*) FROM pii.jobs'), '0', 'no job to see there');
	$node->safe_psql('template1', 'CREATE EXTENSION pg_pii; CREATE EXTENSION dblink');
	is($node->safe_psql('template1', 'SELECT count(*) FROM pii.jobs'), '0', 'nor from elsewhere');
	refused($node, 'template1', "SELECT pii.schedule('* * * * *')", qr/schema "cron" does not exist/, 'nor one to make');
	$node->safe_psql('template1', 'DROP EXTENSION pg_pii; DROP EXTENSION dblink');

	$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION pg_cron;
CREATE DATABASE shop;
CREATE TABLE customer AS SELECT 'u' || i || '@pg-pii.org' AS email FROM generate_series(1, 100) i;
SQL
	$node->safe_psql('shop', <<'SQL');
CREATE EXTENSION pg_pii;
CREATE TABLE customer AS SELECT 'u' || i || '@pg-pii.org' AS email FROM generate_series(1, 100) i;
SQL

	refused($node, 'postgres', "SELECT pii.schedule('every now and then')", qr/invalid schedule: every now and then/, 'pg_cron reads the times');
	refused($node, 'postgres', "SELECT pii.schedule('* * * * *', method => 'guess')", qr/unrecognized method: "guess"/, 'arguments are checked when the job is made');
	is($node->safe_psql('postgres', q{SELECT pii.schedule('0 3 * * *') = pii.schedule('* * * * *', '{public}', 'full', exclude => '{%.log,"odd ''one"}')}),
		't', 'a job of the same name is replaced');
	is($node->safe_psql('postgres', 'SELECT job_name, cron, command, database, username, active FROM pii.jobs'),
		q{pg_pii_postgres|* * * * *|CALL pii.scan(schemas => '{public}', method => 'full', exclude => '{%.log,"odd ''one"}')|postgres|postgres|t},
		'the job is one CALL');

	my $errors = refused($node, 'shop', "SELECT pii.schedule('* * * * *')", qr/the jobs of pg_cron are kept in database "postgres"/, 'another database says where');
	like($errors, qr/^Or let pg_pii do so from here: CREATE EXTENSION dblink;$/m, 'and what spares it');
	my ($remedy) = $errors =~ /^(SELECT cron\.schedule_in_database.*;)$/m;
	is($remedy, q{SELECT cron.schedule_in_database('pg_pii_shop', '* * * * *', 'CALL pii.scan()', 'shop');}, 'and what to run there');
	$node->safe_psql('postgres', $remedy);
	return;
}

# A name that has to be quoted wherever it goes.
my $odd = q{we;ird "t" 's \\x};

# Schedule a run from another database, over dblink.
sub schedule_from_elsewhere
{
	my ($node) = @_;
	my $quoted = $odd =~ s/"/""/gr;
	my $role = q{"scan 'n\\er"};

	$node->safe_psql('postgres', qq{CREATE DATABASE "$quoted"});
	$node->safe_psql($odd, <<'SQL');
CREATE EXTENSION pg_pii;
CREATE SCHEMA "odd ""one";
CREATE EXTENSION dblink SCHEMA "odd ""one";
CREATE TABLE customer AS SELECT 'u' || i || '@pg-pii.org' AS email FROM generate_series(1, 100) i;
CREATE ROLE "scan 'n\er" LOGIN IN ROLE pg_read_all_settings;
GRANT USAGE ON SCHEMA pii, "odd ""one" TO "scan 'n\er";
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pii TO "scan 'n\er";
SQL
	is($node->safe_psql($odd, q{SELECT pii.schedule('0 3 * * *') = pii.schedule('* * * * *', exclude => '{%.log,"odd ''\\one"}')}),
		't', 'from another database a job is made, and replaced, over dblink');
	is($node->safe_psql($odd, q{SELECT job_name = 'pg_pii_' || current_database(), cron, database = current_database(), username, active FROM pii.jobs}),
		't|* * * * *|t|postgres|t', 'which sees the jobs of its own');
	is($node->safe_psql($odd, q{SELECT pii.schedule('0 3 * * *', job_name => 'it''s \\') IS NOT NULL, pii.unschedule('it''s \\'), pii.unschedule('it''s \\')}),
		't|t|f', 'another name, and its end');
	is($node->safe_psql($odd, q{SELECT "odd ""one".dblink_connect('pg_pii', pii.cron_connection()); SELECT count(*) FROM pii.jobs; SELECT "odd ""one".dblink_get_connections()}),
		"OK\n1\n", 'a connection that was left open is no obstacle, and none is left');

	my $errors = refused($node, $odd, "SELECT pii.schedule('every now and then')",
		qr/invalid schedule: every now and then\nDETAIL:  It came by dblink, as role "postgres"\.\nHINT:  What was to run in database "postgres":$/m, 'what pg_cron says over there is said here');
	my ($remedy) = $errors =~ /^(SELECT cron\.schedule_in_database.*;)$/m;
	refused($node, 'postgres', $remedy, qr/invalid schedule: every now and then/, 'and the statement it was about');
	is($node->safe_psql($odd, q{SELECT "odd ""one".dblink_get_connections()}), '', 'no connection is left after an error');
	refused($node, $odd, qq{SET SESSION AUTHORIZATION $role; SELECT pii.schedule('* * * * *')},
		qr/password (?:is|or GSSAPI delegated credentials) required\n.*\nHINT:  What was to run in database "postgres":\nSELECT cron\.schedule_in_database\(/, 'a role that dblink takes no connection from');
	$node->safe_psql($odd, qq{GRANT EXECUTE ON FUNCTION "odd ""one".dblink_connect_u(text, text) TO $role});
	refused($node, $odd, qq{SET SESSION AUTHORIZATION $role; SELECT pii.schedule('* * * * *')},
		qr/permission denied for schema cron\nDETAIL:  It came by dblink, as role \Q$role\E/, 'goes there as itself');
	return;
}

# What the jobs did.
sub verify
{
	my ($node, $way) = @_;

	foreach my $database ('postgres', 'shop', $odd)
	{
		ok($node->poll_query_until($database, "SELECT count(*) > 0 FROM pii.scan_run WHERE outcome = 'done'"),
			"a job in $database has run over a $way");
		is($node->safe_psql($database, "SELECT tag::text[], verdict, source FROM pii.columns WHERE table_name = 'customer'"),
			'{email}|pii|full', 'and has found what there is');
	}
	ok($node->poll_query_until('postgres', "SELECT count(*) = 3 FROM pii.jobs WHERE last_status = 'succeeded' AND last_end >= last_start"),
		'pg_cron says so, too');
	is($node->safe_psql($odd, "SELECT last_status, last_end >= last_start FROM pii.jobs"), 'succeeded|t', 'and over dblink');
	is($node->safe_psql('postgres', "SELECT string_agg(job_name || ' in ' || database, ', ' ORDER BY job_id) FROM pii.jobs"),
		"pg_pii_postgres in postgres, pg_pii_shop in shop, pg_pii_$odd in $odd", 'jobs in other databases are listed');
	return;
}

foreach my $started (values %node)
{
	schedule($started);
	schedule_from_elsewhere($started);
}
verify($node{$_}, $_) foreach sort keys %node;

my $node = $node{worker};
is($node->safe_psql('postgres', 'SELECT pii.unschedule()'), 't', 'a job is ended');
is($node->safe_psql('postgres', 'SELECT pii.unschedule()'), 'f', 'once');
refused($node, 'shop', 'SELECT pii.unschedule()', qr/^SELECT cron\.unschedule\(jobid\) FROM cron\.job WHERE jobname = 'pg_pii_shop' AND username = current_user;$/m, 'from another database, by what it says');
is($node->safe_psql('postgres', "SELECT pii.unschedule('pg_pii_shop')"), 't', 'by name');
is($node->safe_psql($odd, 'SELECT pii.unschedule(), pii.unschedule()'), 't|f', 'and over dblink');
is($node->safe_psql('postgres', 'SELECT count(*) FROM pii.jobs'), '0', 'no job is left');

$_->stop foreach values %node;

# without pg_cron
$node = start_node('no_cron');
refused($node, 'postgres', "SELECT pii.schedule('* * * * *')", qr/pg_cron is not loaded in this server\nHINT:  Add pg_cron to shared_preload_libraries/, 'a server without pg_cron');
$node->stop;

done_testing();
