# Migration tools against the gate: each one's ordinary migration that exposes a
# column is refused with the gate's message and leaves nothing behind, and the
# repaired one passes.  And a pipeline without the gate.  Tools that are not
# installed are skipped.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use File::Path qw(make_path);
use IPC::Run ();
use PgPii qw(checkout sample_database start_node);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('deploy');
my $tables = <<'SQL';
CREATE TABLE customer (id bigint PRIMARY KEY, full_name text);
GRANT SELECT ON customer TO reporting;
SQL
my $exposing = "ALTER TABLE customer ADD COLUMN email text;\n";
my $repaired = $exposing . "REVOKE SELECT ON customer FROM reporting;\n";

$node->safe_psql('postgres', 'CREATE ROLE reporting LOGIN; CREATE ROLE deployer LOGIN');
$ENV{PGHOST} = $node->host;
$ENV{PGPORT} = $node->port;
$ENV{HOME} = PostgreSQL::Test::Utils::tempdir();

# Write a file of a project, and the folders above it.
sub write_file
{
	my ($path, $text) = @_;

	make_path($path =~ s{/[^/]*$}{}r);
	open my $file, '>', $path or die "$path: $!";
	print $file $text;
	close $file or die "$path: $!";
	return;
}

# Whether a command can be run.
sub has
{
	my (@command) = @_;
	my $output;

	return eval { IPC::Run::run([@command], '<', \undef, '>&', \$output) };
}

# Run a command in a project.  Returns whether it succeeded, and what it said.
sub run_in
{
	my ($project, @command) = @_;
	my $output = '';
	local $ENV{PGUSER} = 'deployer';
	my $done = IPC::Run::run([@command], '<', \undef, '>&', \$output, init => sub { chdir $project or die "$project: $!" });

	note("@command\n$output");
	return ($done, $output);
}

# A new database of the deployer's, with the extension.
sub new_database
{
	my ($name) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $name OWNER deployer");
	$node->safe_psql($name, 'CREATE EXTENSION pg_pii; GRANT CREATE ON SCHEMA public TO deployer');
	$ENV{PGDATABASE} = $name;
	return;
}

# The columns of the table that the migrations are about.
sub columns
{
	my ($name) = @_;

	return $node->safe_psql($name, <<'SQL');
SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = 'customer'::regclass AND attnum > 0 AND NOT attisdropped
SQL
}

# What a tool does with a migration that makes the table, one that exposes a
# column, and the same one repaired.  $write->($project, $ddl) writes the
# second migration, @command deploys.
sub try_tool
{
	my ($name, $write, @command) = @_;
	my $project = PostgreSQL::Test::Utils::tempdir() . "/$name";
	my ($done, $output);

	new_database($name);
	$write->($project);
	($done) = run_in($project, @command);
	ok($done, "$name: the table is made");
	$node->safe_psql($name, 'SELECT pii.enable_gate()');

	$write->($project, $exposing);
	($done, $output) = run_in($project, @command);
	ok(!$done, "$name: a migration that exposes a column fails");
	like(
		$output,
		qr/personal data is not protected in column public\.customer\.email/,
		"$name: and says so");
	like($output, qr/REVOKE SELECT ON TABLE public\.customer FROM reporting;/, "$name: and says what would pass");
	is(columns($name), 'id,full_name', "$name: it leaves nothing behind");

	$write->($project, $repaired);
	($done) = run_in($project, @command);
	ok($done, "$name: the repaired migration passes");
	is(columns($name), 'id,full_name,email', "$name: and does what it says");
	return;
}

# psql, one transaction a file.
sub write_psql
{
	my ($project, $ddl) = @_;

	write_file("$project/migration.sql", $ddl // $tables);
	return;
}

sub write_sqitch
{
	my ($project, $ddl) = @_;
	my $plan = "%syntax-version=1.0.0\n%project=shop\n\ncustomer 2026-01-01T00:00:00Z Dev <dev\@example.org> # Customers\n";

	write_file("$project/sqitch.conf", "[core]\n\tengine = pg\n");
	write_file("$project/deploy/customer.sql", "BEGIN;\n${tables}COMMIT;\n");
	if (defined $ddl)
	{
		$plan .= "email [customer] 2026-01-02T00:00:00Z Dev <dev\@example.org> # Addresses\n";
		write_file("$project/deploy/email.sql", "BEGIN;\n${ddl}COMMIT;\n");
	}
	write_file("$project/sqitch.plan", $plan);
	return;
}

sub write_alembic
{
	my ($project, $ddl) = @_;
	my $revision = sub {
		my ($number, $below, $text) = @_;
		return join '', "from alembic import op\nrevision = '$number'\ndown_revision = $below\n\n\ndef upgrade():\n",
		  map { qq{    op.execute("$_")\n} } grep { /\S/ } split /;\n/, $text;
	};

	write_file("$project/alembic.ini", "[alembic]\nscript_location = migrations\n");
	write_file("$project/migrations/env.py", <<'PYTHON');
from alembic import context
from sqlalchemy import create_engine

with create_engine("postgresql://").connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
PYTHON
	write_file("$project/migrations/versions/1.py", $revision->('1', 'None', $tables));
	write_file("$project/migrations/versions/2.py", $revision->('2', "'1'", $ddl)) if defined $ddl;
	return;
}

sub write_django
{
	my ($project, $ddl) = @_;
	my $migration = sub {
		my ($below, $text) = @_;
		return <<"PYTHON";
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [$below]
    operations = [migrations.RunSQL("""$text""")]
PYTHON
	};

	write_file("$project/settings.py", <<"PYTHON");
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "$ENV{PGDATABASE}"}}
INSTALLED_APPS = ["shop"]
SECRET_KEY = "test"
PYTHON
	write_file("$project/shop/__init__.py", '');
	write_file("$project/shop/migrations/__init__.py", '');
	write_file("$project/shop/migrations/0001_customer.py", $migration->('', $tables));
	write_file("$project/shop/migrations/0002_email.py", $migration->('("shop", "0001_customer")', $ddl)) if defined $ddl;
	return;
}

sub write_rails
{
	my ($project, $ddl) = @_;
	my $migration = sub {
		my ($name, $text) = @_;
		return "class $name < ActiveRecord::Migration[6.1]\n  def up\n    execute <<~SQL\n$text    SQL\n  end\nend\n";
	};

	write_file("$project/migrate.rb", <<'RUBY');
require "active_record"
ActiveRecord::Base.establish_connection(adapter: "postgresql", database: ENV["PGDATABASE"])
ActiveRecord::MigrationContext.new("db/migrate", ActiveRecord::SchemaMigration).migrate
RUBY
	write_file("$project/db/migrate/1_create_customer.rb", $migration->('CreateCustomer', $tables));
	write_file("$project/db/migrate/2_add_email.rb", $migration->('AddEmail', $ddl)) if defined $ddl;
	return;
}

# A pipeline without the gate: the migration is checked before it runs, and the
# database after, by a role that may ask and owns the database.
sub try_pipeline
{
	my $project = PostgreSQL::Test::Utils::tempdir() . '/pipeline';
	my @enforce = ('psql', '-X', '-v', 'ON_ERROR_STOP=1', '-c', 'CALL pii.enforce()');
	my @check = ('psql', '-X', '-v', 'ON_ERROR_STOP=1', '-f', 'check.sql');
	my ($done, $output);

	new_database('pipeline');
	$node->safe_psql('pipeline', <<'SQL');
GRANT SELECT ON ALL TABLES IN SCHEMA pii TO deployer;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA pii TO deployer;
GRANT INSERT, DELETE ON pii.scan_run, pii.scan_result TO deployer;
SQL
	write_file("$project/check.sql", <<'SQL');
\set migration `sed '/^BEGIN;$/d; /^COMMIT;$/d' migration.sql`
SELECT pii.raise_violations(ARRAY(SELECT v FROM pii.check_ddl(:'migration') v));
SQL
	run_in($project, 'psql', '-Xq', '-c', $tables);
	($done, $output) = run_in($project, @enforce);
	ok($done, 'pipeline: nothing to say of the tables');
	like($output, qr/NOTICE:  no violations in 2 columns/, 'pipeline: but what was looked at');

	write_file("$project/migration.sql", "BEGIN;\n${exposing}COMMIT;\n");
	($done, $output) = run_in($project, @check);
	ok(!$done, 'pipeline: a migration that would expose a column fails the check');
	like(
		$output,
		qr/ERROR:  personal data is not protected in column public\.customer\.email/,
		'pipeline: in the words of the gate');
	is(columns('pipeline'), 'id,full_name', 'pipeline: nothing of it stays');

	write_file("$project/migration.sql", "BEGIN;\n${repaired}COMMIT;\n");
	($done) = run_in($project, @check);
	ok($done, 'pipeline: the repaired migration passes the check');

	write_file("$project/migration.sql", "${exposing}CREATE TABLE copied AS SELECT 'u' || i || '\@pg-pii.org' AS c FROM generate_series(1, 100) i;\n"
		. "REVOKE SELECT ON customer FROM reporting;\nGRANT SELECT ON copied TO reporting;\n");
	($done, $output) = run_in($project, @check);
	like($output, qr/in column public\.copied\.c\b/, 'pipeline: what a migration fills is read');

	run_in($project, 'psql', '-Xq', '-c', $exposing);
	($done, $output) = run_in($project, @enforce);
	ok(!$done, 'pipeline: what was deployed all the same fails it');
	like($output, qr/public\.customer\.email/, 'pipeline: and is named');
	run_in($project, 'psql', '-Xq', '-c', q{SELECT pii.label('customer', 'email', 'email; waived until 2999-12-31: reporting needs it')});
	($done) = run_in($project, @enforce);
	ok($done, 'pipeline: a waiver passes');
	return;
}

# The columns of a sample database that hold contact data, as table.column.
sub contact_columns
{
	my ($name) = @_;
	my @rows = map { [ split /\t/ ] } split /\n/, slurp_file(checkout() . '/../shared/data/contact_columns.tsv');

	return join "\n", sort map { "$_->[2].$_->[3]" } grep { $_->[0] eq $name && $_->[5] ne 'label' } @rows;
}

# A whole schema as one migration, as pg_dump writes it, into a database where
# everyone may read what will be made.
sub try_schema
{
	my ($name) = @_;
	my $project = PostgreSQL::Test::Utils::tempdir() . "/$name";

  SKIP:
	{
		skip "no sample database $name", 2 unless sample_database($node, $name);
		new_database("${name}_new");
		$node->safe_psql("${name}_new", 'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reporting');
		write_file("$project/check.sql", <<'SQL');
\set migration `pg_dump -U postgres --schema-only "$OLD" | sed '/^\\/d'`
SET client_min_messages = warning;
SELECT DISTINCT table_name || '.' || column_name COLLATE "C" FROM pii.check_ddl(:'migration') ORDER BY 1;
SQL
		local $ENV{OLD} = $name;
		my ($done, $output) = run_in($project, 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-U', 'postgres', '-f', 'check.sql');
		is($output, contact_columns($name) . "\n", "$name: exactly the columns of contact data are seen in its schema");
	}
	return;
}

# Debian's Python has Debian's Django and Alembic.
my $python = -x '/usr/bin/python3' ? '/usr/bin/python3' : 'python3';
my @psql = ('psql', '-Xq1', '-v', 'ON_ERROR_STOP=1', '-f', 'migration.sql');
my @tools = (
	[ 'psql', \&write_psql, [ 'psql', '--version' ], @psql ],
	[ 'sqitch', \&write_sqitch, [ 'perl', '-MApp::Sqitch', '-MDBD::Pg', '-e1' ], 'sqitch', 'deploy', 'db:pg:' ],
	[
		'alembic', \&write_alembic,
		[ $python, '-c', 'import alembic, psycopg2' ],
		$python, '-m', 'alembic.config', 'upgrade', 'head'
	],
	[
		'django', \&write_django,
		[ $python, '-c', 'import django, psycopg2' ],
		$python, '-m', 'django', 'migrate', '--settings=settings', '--pythonpath=.'
	],
	[ 'rails', \&write_rails, [ 'ruby', '-e', 'require "active_record"; require "pg"' ], 'ruby', 'migrate.rb' ]);

foreach my $tool (@tools)
{
	my ($name, $write, $probe, @command) = @$tool;

  SKIP:
	{
		skip "$name is not installed", 7 unless has(@$probe);
		try_tool($name, $write, @command);
	}
}

try_pipeline();
try_schema($_) foreach qw(chinook northwind);

$node->stop;
done_testing();
