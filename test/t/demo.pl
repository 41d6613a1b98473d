# What `make demo` tells is true: of the demonstration database exactly the
# columns that hold contact data are found, none of its traps is, the remedy of
# an exposure ends it, and a deploy is refused and repaired.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(checkout start_node);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('demo');
my @psql = ('psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('demo'));

$node->safe_psql('postgres', 'CREATE DATABASE demo');
$node->command_ok(
	[
		@psql, '-v', 'rows=20000',
		'-f', checkout() . '/bench/leak.sql',
		'-f', checkout() . '/doc/demo/shop.sql',
		'-c', 'CREATE EXTENSION pg_pii'
	],
	'the demonstration database loads');

my ($story, $complaints) = run_command([ @psql, '-f', checkout() . '/doc/demo/story.sql' ]);
my ($refusal, @others) = grep { /ERROR|WARNING|FATAL/ } split /\n/, $complaints;
like($refusal, qr/ERROR:  personal data is not protected in column shop\.product_image\.photographer_email$/, 'a deploy is refused');
like($complaints, qr/REVOKE SELECT ON TABLE shop\.product_image FROM analyst;/, 'and told what would pass');
is_deeply(\@others, [], 'nothing else goes wrong');
like($story, qr/photographer_email *\| email:[\d.]+ *\| +0\s*$/m, 'the repaired deploy passes, and the story runs to its end');
like($story, qr/influencer .* PUBLIC/, 'the story shows who can read the leak');
unlike($story, qr/[\w.+-]+@(?!2x|3x)[\w-]+\.\w/, 'no address is shown');

is($node->safe_psql('demo', <<'SQL'), <<'COLUMNS' =~ s/\n$//r, 'exactly the columns that hold contact data are found');
SELECT table_name || '.' || column_name
FROM pii.columns
WHERE verdict IN ('pii', 'mixed')
ORDER BY (table_name || '.' || column_name) COLLATE "C"
SQL
customer.email
customer.mobile
influencer.bio
influencer.email
influencer.phone
newsletter.payload
newsletter.subscriber
orders.delivery_note
product_image.photographer_email
COLUMNS

is($node->safe_psql('demo', <<'SQL'), 'bio, delivery_note', 'free text is told from columns of contact data');
SELECT string_agg(column_name, ', ' ORDER BY column_name)
FROM pii.columns
WHERE verdict = 'mixed' AND data_type = 'text'
SQL

$node->stop;
done_testing();
