# pii.accept among other sessions: it waits for a lock no longer than
# lock_timeout, passes by a label that came meanwhile, and goes on.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use IPC::Run ();
use PgPii qw(start_node);
use Test::More;

my $node = start_node('accept', 'max_prepared_transactions = 2');
my $accept = q{SELECT column_name, done, note FROM pii.accept('{shop}', dry_run => false) ORDER BY column_name};

my ($output, $complaints);

# A session that accepts beside this one; what it says goes to the two above.
sub start_accept
{
	($output, $complaints) = ('', '');
	return IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', $accept ], '<', \undef, '>', \$output, '2>', \$complaints);
}

# Whether a session comes to wait for the table.
sub waits
{
	return $node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_locks WHERE relation = 'shop.two'::regclass AND NOT granted});
}

$node->safe_psql('postgres', <<'SQL');
CREATE SCHEMA shop;
CREATE TABLE shop.one (email_one text);
CREATE TABLE shop.two (email_two text);
SQL

# a prepared transaction keeps its locks without a session
$node->safe_psql('postgres', q{BEGIN; LOCK TABLE shop.one IN SHARE MODE; PREPARE TRANSACTION 'busy'});
is( $node->safe_psql('postgres', "SET lock_timeout = '50ms'; $accept"),
	"email_one|f|lock not available in time; judged by its name alone\nemail_two|t|judged by its name alone",
	'a lock that cannot be had costs its own column only');
$node->safe_psql('postgres', q{ROLLBACK PREPARED 'busy'});
is( $node->safe_psql('postgres', $accept),
	"email_one|t|judged by its name alone\nemail_two|t|already labelled",
	'the next run does what was left');

# a label that another session is about to commit
$node->safe_psql('postgres', 'SELECT pii.drop_all_labels()');
$node->safe_psql('postgres', q{BEGIN; SELECT pii.label('shop.two', 'email_two', 'none'); PREPARE TRANSACTION 'labels'});
my $session = start_accept();
ok(waits(), 'it waits for who is labelling');
$node->safe_psql('postgres', q{COMMIT PREPARED 'labels'});
$session->finish;
is($complaints, '', 'without an error');
is($output, "email_one|t|judged by its name alone\nemail_two|f|labelled meanwhile; judged by its name alone\n", 'and leaves what was labelled meanwhile');
is($node->safe_psql('postgres', q{SELECT label FROM pii.labels WHERE table_name = 'two'}), 'none', 'as it is');

# a table that another session is about to drop
$node->safe_psql('postgres', 'SELECT pii.drop_all_labels()');
$node->safe_psql('postgres', q{BEGIN; DROP TABLE shop.two; PREPARE TRANSACTION 'drop'});
$session = start_accept();
ok(waits(), 'it waits for who drops the table');
$node->safe_psql('postgres', q{COMMIT PREPARED 'drop'});
$session->finish;
is($output, "email_one|t|judged by its name alone\nemail_two|f|dropped or renamed meanwhile; judged by its name alone\n", 'and says that it is gone');

$node->stop;
done_testing();
