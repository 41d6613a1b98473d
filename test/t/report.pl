# Reports where a session cannot see to the end: read by a role that may only
# read reports, on a standby, never scanned, in every encoding; checked by
# programs that know the formats (a JSON Schema validator, a CSV reader); and
# bounded however much there is to tell.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use IPC::Run qw(run);
use PgPii qw(checkout start_node);
use PostgreSQL::Test::Utils;
use Test::More;

my @formats = qw(text markdown json sarif csv html);
my $python = '/usr/bin/python3';
my $folder = PostgreSQL::Test::Utils::tempdir();
my $node = start_node('report', 'max_wal_senders = 4', 'wal_level = logical');

# A report of a database, written to a file; returns its text.
sub report
{
	my ($from, $database, $arguments, %extra) = @_;
	my ($output, $error);

	run [ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $from->connstr($database) . ($extra{role} ? " user=$extra{role}" : ''),
		'-c', "SELECT pii.report($arguments)" ], '>', \$output, '2>', \$error
	  or diag($error);
	append_to_file($extra{file}, $output) if $extra{file};
	return $output;
}

# What a JSON Schema has against a document; undef where there is no validator.
sub complaints
{
	my ($schema, $document) = @_;
	my ($output, $error);

	return undef unless run [ $python, '-c', 'import jsonschema' ], '2>', \$error;
	run [ $python, '-c', <<'PYTHON', $schema, $document ], '>', \$output, '2>', \$error or return $error;
import json, sys
from jsonschema import FormatChecker
from jsonschema.validators import validator_for
schema, document = (json.load(open(f, encoding='utf-8')) for f in sys.argv[1:])
validator = validator_for(schema)
validator.check_schema(schema)
for e in validator(schema, format_checker=FormatChecker()).iter_errors(document):
    print('/'.join(map(str, e.absolute_path)), e.message[:300])
PYTHON
	return $output;
}

# The official schema of SARIF 2.1.0 as a package brings it; undef where there
# is no package to be had.
sub sarif_schema
{
	my ($output, $error);

	return undef unless eval { run [ 'npm', 'pack', '--silent', '@microsoft/jest-sarif@1.0.0-beta.0' ],
		'>', \$output, '2>', \$error, init => sub { chdir $folder or die } };
	return undef unless run [ 'tar', 'xzf', "$folder/microsoft-jest-sarif-1.0.0-beta.0.tgz", '-C', $folder ];
	return "$folder/package/lib/schemas/sarif-2.1.0-rtm.5.json";
}

# The demonstration database, and one of names that mean something in a format.
$node->safe_psql('postgres', "CREATE DATABASE $_") foreach qw(demo enemy unscanned);
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-v', 'rows=2000', '-d', $node->connstr('demo'),
	'-f', checkout() . '/bench/leak.sql', '-f', checkout() . '/doc/demo/shop.sql',
	'-c', 'CREATE EXTENSION pg_pii', '-c', 'CALL pii.scan()' ], 'the demonstration database loads');
$node->safe_psql('unscanned', 'CREATE EXTENSION pg_pii; CREATE TABLE t (email text, x int); GRANT SELECT ON t TO PUBLIC');
$node->safe_psql('enemy', <<'SQL');
CREATE EXTENSION pg_pii;
DO $do$
DECLARE
	odd CONSTANT text[] := ARRAY['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '''; DROP TABLE t; --',
		'a|b`c``d', E'line\nbreak\r\ttab', '=cmd()', '+1;@x', '{0}[a](b)', E'esc\x1b[2J', U&'\202Eright', '</style><b>', '&amp;',
		repeat('`', 63), repeat('<', 63), repeat('|', 63), repeat('"', 63), repeat(U&'\4E2D', 21), ' ', '%s%n$I', '</details>', '-->'];
	name text;
	n int := 0;
BEGIN
	FOREACH name IN ARRAY odd LOOP
		n := n + 1;
		EXECUTE format('CREATE SCHEMA %I; CREATE TABLE %1$I.%1$I (%1$I text, plain text)', name);
		EXECUTE format('INSERT INTO %1$I.%1$I SELECT ''secret'' || i || ''@pg-pii.org'', ''x'' FROM generate_series(1, 50) i', name);
		EXECUTE format('CREATE ROLE %I LOGIN; GRANT USAGE ON SCHEMA %2$I TO %1$I; GRANT SELECT ON %2$I.%2$I TO %1$I', 'r' || left(name, 21), name);
		IF n % 3 = 0 THEN
			PERFORM pii.label(format('%1$I.%1$I', name)::regclass, name, 'email; waived until 2100-01-01: <script>|`' || n);
		END IF;
	END LOOP;
END
$do$;
INSERT INTO pii.policy (allowed, require_label, reason) VALUES ('none', true, '<script>alert(1)</script>|`=1');
CREATE PUBLICATION "<script>|`" FOR ALL TABLES;
CALL pii.scan();
CALL pii.scan();
SQL

# JSON and SARIF by their schemas
my $sarif_schema = sarif_schema();
foreach my $database (qw(demo enemy unscanned))
{
	my %file = map { $_ => "$folder/$database.$_" } qw(json sarif csv);

	report($node, $database, "'$_'", file => $file{$_}) foreach sort keys %file;
  SKIP:
	{
		my $complaints = complaints(checkout() . '/doc/report.schema.json', $file{json});

		skip 'no python3-jsonschema', 1 unless defined $complaints;
		is($complaints, '', "$database: json is as doc/report.schema.json says");
	}
  SKIP:
	{
		skip 'the schema of SARIF cannot be had: npm, or the network', 1 unless $sarif_schema;
		my $complaints = complaints($sarif_schema, $file{sarif});

		skip 'no python3-jsonschema', 1 unless defined $complaints;
		is($complaints, '', "$database: sarif is as its schema says");
	}
  SKIP:
	{
		my ($output, $error);

		skip 'no python3', 1 unless run [ $python, '-c', '' ], '2>', \$error;
		run [ $python, '-c', <<'PYTHON', $file{csv} ], '>', \$output, '2>', \$error or diag($error);
import csv, sys
lines = list(csv.reader(open(sys.argv[1], encoding='utf-8', newline='')))
physical = open(sys.argv[1], encoding='utf-8', newline='').read().rstrip('\n').split('\n')
print(len({len(l) for l in lines}) == 1, len(lines) == len(physical), any(f.lstrip()[:1] in '=+-@' for l in lines for f in l if f.lstrip()))
PYTHON
		is($output, "True True False\n", "$database: csv has one width, a line per row, and no formula");
	}
}

# names of an enemy stay names; a failure prints what matched, not the report
sub lacks
{
	my ($text, $pattern, $name) = @_;
	my @matches = $text =~ /(.{0,40}(?:$pattern).{0,40})/g;

	is("@matches", '', $name);
}
my %enemy = map { $_ => report($node, 'enemy', "'$_'") } @formats;
lacks($enemy{$_}, qr/secret\d/, "$_ has no value") foreach @formats;
lacks($enemy{$_} =~ s/<style>.*<\/style>//sr, qr/[\x00-\x09\x0b-\x1f\x7f]/, "$_ has no control character") foreach @formats;
lacks($enemy{$_}, qr/\xe2\x80\xae/, "$_ has nothing that turns the direction of text") foreach qw(text markdown csv html);
lacks($enemy{html}, qr/<script|<img|<b>|<\/style><b/, 'html has no tag that a name brought');
is(() = $enemy{html} =~ /<style>/g, 1, 'html has one style sheet');
lacks($enemy{html}, qr/<[^>]*\s(?:on\w+|src|srcset|action|formaction|background|ping)\s*=/, 'html runs and loads nothing');
lacks($enemy{html}, qr/href="[^#]/, 'html links to nothing but itself');
lacks($enemy{html}, qr/url\(|\@import/, 'nor does its style sheet load anything');
cmp_ok((sort { $b <=> $a } map { utf8::decode(my $l = $_); length $l } split /\n/, $enemy{text})[0], '<=', 100, 'text fits 100 columns');
cmp_ok(length $enemy{markdown}, '<', 65536, 'markdown fits a comment');
{
	# without code spans and fences nothing of a name is left
	my $rest = $enemy{markdown};

	$rest =~ s/^(`{3,})sql\n.*?^\1$//gms;
	$rest =~ s/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)//g;
	lacks($rest, qr/script|alert|cmd|&amp;|-->|DROP/, 'markdown has every name in a code span');
	is(() = $rest =~ /<details>/g, () = $rest =~ /<\/details>/g, 'and closes what it opens');
	is_deeply([ grep { /^\|/ && $_ !~ /^\|.*\|$/ } split /\n/, $rest ], [], 'and every row of its tables');
}

# who may report: a role that may read what a report tells, nothing else
$node->safe_psql('demo', <<'SQL');
CREATE ROLE auditor LOGIN;

SQL
isnt($node->psql('demo', 'SET ROLE auditor; SELECT pii.report()'), 0, 'reports are not for everybody');
$node->safe_psql('demo', <<'SQL');
GRANT SELECT ON ALL TABLES IN SCHEMA pii TO auditor;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pii TO auditor;
SQL
foreach my $format (@formats)
{
	my $mine = report($node, 'demo', "'$format'", role => 'auditor');

	cmp_ok(length($mine // ''), '>', 500, "an auditor reports: $format");
}

isnt($node->psql('demo', 'SET ROLE auditor; SELECT mobile FROM shop.customer LIMIT 0'), 0, 'but reads no column itself');

# never scanned
like(report($node, 'unscanned', ''), qr/^Never scanned: this rests on names and labels alone/m, 'a report that rests on names says so');
like(report($node, 'unscanned', "'markdown'"), qr/\*\*Never scanned/, 'in markdown too');
like(report($node, 'unscanned', "'html'"), qr/Never scanned/, 'and in html');
like(report($node, 'unscanned', "'json'"), qr/"scan": null/, 'and in json');

# every format in every encoding
foreach my $encoding (qw(LATIN1 EUC_JP SQL_ASCII))
{
	my $database = lc $encoding;

	$node->safe_psql('postgres', "CREATE DATABASE $database ENCODING '$encoding' LOCALE 'C' TEMPLATE template0");
	$node->safe_psql($database, <<'SQL');
CREATE EXTENSION pg_pii;
DO $$ BEGIN EXECUTE format('CREATE TABLE %I (email text)', 'a' || chr(10) || repeat('b', 60)); END $$;
SQL
	foreach my $format (@formats)
	{
		my $report = report($node, $database, "'$format'");

		ok(length($report // '') > 100, "$encoding: $format");
	}
	like(report($node, $database, ''), qr/\.\.\./, "$encoding: what is cut is marked in ASCII");
}

# bounded in size, and complete where it is for programs
$node->safe_psql('unscanned', <<'SQL');
SELECT format('CREATE TABLE t%s (email text, phone text); GRANT SELECT ON t%1$s TO PUBLIC', i) FROM generate_series(1, 700) i \gexec
SQL
cmp_ok(length report($node, 'unscanned', "'markdown'"), '<', 65536, 'markdown stays short');
like(report($node, 'unscanned', ''), qr/^  and 1351 more: SELECT \* FROM pii\.exposure;/m, 'text says what it leaves out');
is(() = report($node, 'unscanned', "'csv'") =~ /^"/gm, 1401, 'csv leaves nothing out');
is(() = report($node, 'unscanned', "'sarif'") =~ /"ruleId"/g, 1401, 'nor does sarif');

# on a standby
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('report_standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby, 'replay', $node->lsn('flush'));
foreach my $format (@formats)
{
	my ($here, $there) = map { report($_, 'demo', "'$format'") } $node, $standby;

	cmp_ok(length $there, '>', 500, "on a standby: $format");
}
like(report($standby, 'demo', "'json'"), qr/"standby": true/, 'which it says');
$standby->stop;

$node->stop;
done_testing();
