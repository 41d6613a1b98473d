# The aggregates in parallel: a plan with partial aggregates, and its answer the
# same as the serial one's, down to the last count.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(checkout start_node);
use Test::More;

my $node = start_node('parallel', 'max_parallel_workers_per_gather = 2');
my $parallel = 'SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;';
my $serial = 'SET max_parallel_workers_per_gather = 0;';

$node->command_ok(
	[
		'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-v', 'rows=20000', '-d', $node->connstr('postgres'),
		'-f', checkout() . '/bench/leak.sql'
	],
	'the leak-shaped table loads');

# The plan and both answers of one query.
sub compare
{
	my ($name, $query) = @_;
	my $plan = $node->safe_psql('postgres', "$parallel EXPLAIN (COSTS OFF) $query");

	like($plan, qr/Partial Aggregate/, "$name: the plan is parallel");
	is($node->safe_psql('postgres', "$parallel $query"), $node->safe_psql('postgres', "$serial $query"), "$name: the same answer as serial");
}

compare('classify', 'SELECT pii.classify(email) FROM influencer');
compare("profile of $_", "SELECT pii.profile($_) FROM influencer") foreach qw(email phone bio followers picture_url);
compare('several at once', 'SELECT pii.profile(email), pii.classify(phone), pii.profile(id) FROM influencer');
compare('no matching rows', 'SELECT pii.profile(email) FROM influencer WHERE length(city) < 0');
compare('nothing but nulls', 'SELECT pii.profile(NULLIF(email, email)) FROM influencer');

is($node->safe_psql('postgres', "$parallel SELECT pii.classify(email) FROM influencer WHERE id < 0"), 'none', 'no rows are no evidence');

# grouped, the leader combines many states
my $grouped = 'SELECT city, pii.profile(email), pii.profile(phone) FROM influencer GROUP BY city ORDER BY city COLLATE "C"';
is($node->safe_psql('postgres', "$parallel $grouped"), $node->safe_psql('postgres', "$serial $grouped"), 'grouped: the same answer as serial');

# partitions, each with its own evidence
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE parts (k bigint, email text) PARTITION BY HASH (k);
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO parts SELECT id, email FROM influencer;
ANALYZE parts;
SQL
is($node->safe_psql('postgres', "$parallel SELECT pii.profile(email) FROM parts"),
	$node->safe_psql('postgres', "$serial SELECT pii.profile(email) FROM influencer"),
	'the evidence of partitions adds up to that of the table');
is( $node->safe_psql(
		'postgres',
		"SELECT pii.merge(e) FROM (SELECT pii.profile(email) AS e FROM influencer GROUP BY id % 7) AS part"),
	$node->safe_psql('postgres', 'SELECT pii.profile(email) FROM influencer'),
	'so does the evidence of any parts');

$node->stop;
done_testing();
