# A server on which there is nobody yet but its superuser, as where migrations
# are tried out: what is granted to PUBLIC is open to whoever comes.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use Test::More;

my $node = start_node('lonely');
my $found = q{
	SELECT concat_ws(' ', table_name, grantee, path, login_roles, severity)
	FROM pii.exposure
	ORDER BY table_name COLLATE "C", path COLLATE "C"
};

$node->safe_psql('postgres', q{
	CREATE TABLE customer (id integer, email text);
	CREATE VIEW shown AS SELECT email FROM customer;
	CREATE VIEW asked WITH (security_invoker) AS SELECT email FROM customer;
	CREATE SCHEMA closed CREATE TABLE private (email text);
	GRANT SELECT ON shown, asked, closed.private TO PUBLIC;
});
is($node->safe_psql('postgres', $found), 'customer PUBLIC view grant via public.shown 0 critical',
	'a view that PUBLIC may read, in a schema that it may use');

$node->safe_psql('postgres', 'GRANT USAGE ON SCHEMA closed TO PUBLIC');
is($node->safe_psql('postgres', $found . 'LIMIT 1 OFFSET 1'), 'private PUBLIC table grant 0 critical',
	'a table, once the schema is open');

$node->safe_psql('postgres', 'REVOKE CONNECT ON DATABASE postgres FROM PUBLIC');
like($node->safe_psql('postgres', $found), qr/^customer .* 0 low\nprivate .* 0 low$/,
	'where nobody may connect unasked, it waits for who may');
$node->safe_psql('postgres', 'GRANT CONNECT ON DATABASE postgres TO PUBLIC');

$node->safe_psql('postgres', 'SELECT pii.enable_gate()');
my ($status, $output, $error) = $node->psql('postgres', 'GRANT SELECT ON customer TO PUBLIC');
is($status, 3, 'the gate refuses to open one more');
like($error, qr/ERROR:  personal data is not protected in column public\.customer\.email\n/, 'and says which');

$node->stop;
done_testing();
