# Detection in every kind of server encoding: offsets count the database's
# characters, and no byte is ever an error.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use Test::More;

my $node = start_node('encoding');

# A database of the encoding with the extension in it.
sub database
{
	my ($encoding) = @_;
	my $name = lc $encoding;

	$node->safe_psql('postgres', "CREATE DATABASE $name ENCODING '$encoding' LOCALE 'C' TEMPLATE template0");
	$node->safe_psql($name, 'CREATE EXTENSION pg_pii');
	return $name;
}

# The value, given in UTF-8, is converted by the server on its way in.
sub find
{
	my ($database, $value) = @_;

	return $node->safe_psql($database, "SET client_encoding = 'UTF8'; SELECT kind, start, length, match, normalized FROM pii.find('$value')");
}

my $utf8 = database('UTF8');
my $latin1 = database('LATIN1');
my $euc_jp = database('EUC_JP');
my $ascii = database('SQL_ASCII');
my $win1252 = database('WIN1252');

foreach my $database ($utf8, $latin1, $euc_jp, $ascii)
{
	is(find($database, 'write to jo@pg-pii.org or +44 20 8366 1177'),
		"email|10|13|jo\@pg-pii.org|jo\@pg-pii.org\nphone|27|16|+44 20 8366 1177|+442083661177",
		"$database: ASCII");
}

foreach my $database ($utf8, $latin1)
{
	is(find($database, "\xc3\xa9\xc3\xa8 jos\xc3\xa9\@caf\xc3\xa9.fr"),
		"email|4|12|jos\xc3\xa9\@caf\xc3\xa9.fr|jos\xc3\xa9\@xn--caf-dma.fr",
		"$database: letters beyond ASCII count as characters");
}

# full-width digits and plus sign
my $wide = "\xef\xbc\x8b\xef\xbc\x94\xef\xbc\x94\xef\xbc\x92\xef\xbc\x90\xef\xbc\x98\xef\xbc\x93\xef\xbc\x96\xef\xbc\x96\xef\xbc\x91\xef\xbc\x91\xef\xbc\x97\xef\xbc\x97";
foreach my $database ($utf8, $euc_jp)
{
	is(find($database, "\xe9\x9b\xbb\xe8\xa9\xb1 $wide"), "phone|4|13|$wide|+442083661177", "$database: full-width digits");
}

# bytes that are no character of any encoding
is($node->safe_psql($ascii, q{SELECT kind, start, length FROM pii.find(E'\\xff\\xfe jo@pg-pii.org \\xc3')}),
	'email|4|13', 'sql_ascii: bytes count as characters');
is($node->safe_psql($ascii, q{SELECT pii.profile(E'\\xff\\xc3\\x28')::jsonb ->> 'rows'}), '1', 'sql_ascii: an aggregate reads any bytes');

# a byte of the encoding that UTF-8 has no character for ends what is read;
# what is to be redacted must not pass unread
my $gap = q{E'jo@pg-pii.org \x81 a@pg-pii.org'};
is($node->safe_psql($win1252, "SET client_encoding = 'WIN1252'; SELECT e ->> 'bytes', e ->> 'unread' FROM (SELECT pii.profile($gap)::jsonb AS e) AS t"),
	'14|14', 'win1252: what could not be converted is counted');
like(
	($node->psql($win1252, "SET client_encoding = 'WIN1252'; SELECT pii.redact($gap)"))[2],
	qr/ERROR:  value cannot be searched as a whole/,
	'win1252: what could not be converted is not let pass');

# the same evidence for the same text, whatever the encoding
my $column = q{SET client_encoding = 'UTF8'; SELECT pii.profile(v)::jsonb - 'bytes' FROM (VALUES ('jo@pg-pii.org'), ('+442083661177'), (E'caf\u00e9')) AS t (v)};
is($node->safe_psql($latin1, $column), $node->safe_psql($utf8, $column), 'latin1: the evidence of utf8');

# a value cut at the limit of what is read ends on a whole character
is( $node->safe_psql(
		$utf8,
		q{SELECT (pii.profile(v)::jsonb ->> 'truncated') || ' ' || (pii.profile(v)::jsonb ->> 'unread') FROM (SELECT repeat('€', 400000) AS v) AS t}),
	'1 151425', 'a long value is cut between characters');

$node->stop;
done_testing();
