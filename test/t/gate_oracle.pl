# The gate against its own definition: in generated worlds, a random statement
# is refused if and only if all of pii.violations, read before and after it,
# has something added.  What the gate takes for harmless by a look at the
# statement and at a few catalogs is thereby held to what it stands for.
#
# A world is made from its number alone.  PII_WORLDS sets how many are tried,
# PII_FIRST_WORLD with which to begin: a failure names the world.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use Test::More;

my $worlds = $ENV{PII_WORLDS} || 2;
my $first = $ENV{PII_FIRST_WORLD} || 1;
my $statements = 60;
my %answers;
my $node = start_node('gate_oracle', 'jit = off', q{session_preload_libraries = 'pg_pii'});

# A generator with a fixed seed of its own: the worlds are the same everywhere.
my $state;

sub number
{
	my ($below) = @_;

	$state = ($state * 1103515245 + 12345) & 0x7fffffff;
	return ($state >> 8) % $below;
}

sub chance { return number(100) < $_[0]; }

sub pick { return @_ ? $_[ number(scalar @_) ] : undef; }

my @roles = qw(app member team outsider);
my @names = qw(id email phone note contact login who x amount made_at "E-Mail");
my $fresh = 0;

sub fresh_name { return 'n' . ++$fresh; }

# The type of a column and, if it is to have one, its label.
sub column_type { return pick(qw(text text text varchar(40) integer bigint), 's.address'); }

sub make_columns
{
	my %seen = (id => 1);
	my @columns = grep { !$seen{$_}++ } map { pick(@names) } 1 .. 3;

	return ('id', @columns);
}

# A world: what is in it, and the SQL that makes it.
sub make_world
{
	my %world = (columns => {}, tables => [], views => [], plain_views => [], policies => []);
	my @sql;
	my $table = sub {
		my ($name, $definition, @columns) = @_;

		push @sql, "CREATE TABLE $name $definition;";
		$world{columns}{$name} = [@columns];
		push @{ $world{tables} }, $name;
	};

	for my $i (1 .. 6)
	{
		my @columns = make_columns();
		my $name = pick('s', 's', 'closed') . ".t$i";

		$table->($name,
			'(' . join(', ', 'id integer PRIMARY KEY',
				map { "$_ " . ($_ eq 'id' ? 'integer' : column_type()) } @columns[ 1 .. $#columns ]) . ')',
			@columns);
	}
	$table->('s.named', '(login text UNIQUE, id integer)', qw(login id));
	$table->('s.referring', '(id integer, who text REFERENCES s.named (login))', qw(id who));
	$table->('s.root', '(id integer, x text) PARTITION BY RANGE (id)', qw(id x));
	$table->('s.part', 'PARTITION OF s.root FOR VALUES FROM (0) TO (9)', qw(id x));
	$table->('s.loose', '(id integer, x text)', qw(id x));
	$table->('s.old', '(id integer, note text)', qw(id note));
	$table->('s.kid', '(own text) INHERITS (s.old)', qw(id note own));
	$table->('s.made', '(id integer, note text, copy text GENERATED ALWAYS AS (lower(note)) STORED)', qw(id note copy));

	for my $i (1 .. 8)
	{
		my $source = pick(@{ $world{tables} }, @{ $world{views} });
		my $column = pick(@{ $world{columns}{$source} });
		my $name = "s.v$i";
		my $kind = chance(25) ? 'MATERIALIZED VIEW' : 'VIEW';
		my $option = $kind eq 'VIEW' && chance(30) ? 'WITH (security_invoker)' : '';

		push @sql, "CREATE $kind $name $option AS SELECT $column AS y FROM $source;";
		$world{columns}{$name} = ['y'];
		push @{ $world{views} }, $name;
		push @{ $world{plain_views} }, $name if $kind eq 'VIEW';
	}
	for my $name (@{ $world{tables} })
	{
		my $label = pick('email', 'phone', 'none', 'email; waived until 2999-01-01: known');

		push @sql, sprintf 'SELECT pii.label(%s, %s, %s);', quoted($name),
			quoted(pick(@{ $world{columns}{$name} }) =~ tr/"//dr), quoted($label)
			if chance(40);
		if (chance(20))
		{
			push @sql, "ALTER TABLE $name ENABLE ROW LEVEL SECURITY;",
				"CREATE POLICY p ON $name TO " . pick(@roles) . ' USING (' . pick('true', 'false', 'id = 1') . ');';
			push @{ $world{policies} }, $name;
		}
	}
	for my $name (@{ $world{tables} }, @{ $world{views} })
	{
		push @sql, "GRANT SELECT ON $name TO " . pick(@roles, 'PUBLIC') . ';' if chance(30);
		push @sql, "GRANT SELECT (" . pick(@{ $world{columns}{$name} }) . ") ON $name TO " . pick(@roles) . ';' if chance(15);
	}
	$world{sql} = join "\n", @sql;
	return \%world;
}

sub quoted { return "'" . ($_[0] =~ s/'/''/gr) . "'"; }

# A statement of a random kind about something of the world.
sub make_statement
{
	my ($world) = @_;
	my @tables = @{ $world->{tables} };
	my @plain = grep { !/part$|root$|kid$/ } @tables;
	my @all = (@tables, @{ $world->{views} });
	my $table = pick(@tables);
	my $own = pick(@plain);
	my $column = pick(@{ $world->{columns}{$own} });
	my $any = pick(@all);
	my $shown = pick(@{ $world->{columns}{$any} });
	my $role = pick(@roles, 'PUBLIC');
	my $new = fresh_name();
	my $name = pick(@names);
	my $type = column_type();
	my @kinds = (
		"CREATE TABLE s.$new (id integer, $name $type)",
		"CREATE TABLE s.$new (id integer, who text REFERENCES s.named (login)); GRANT SELECT ON s.$new TO $role",
		"CREATE TABLE s.$new (LIKE $table INCLUDING ALL); GRANT SELECT ON s.$new TO $role",
		"CREATE TABLE s.$new () INHERITS ($own); GRANT SELECT ON s.$new TO $role",
		"CREATE TABLE s.$new PARTITION OF s.root FOR VALUES FROM (10) TO (20); GRANT SELECT ON s.$new TO $role",
		"CREATE TABLE s.$new AS SELECT * FROM $any",
		"CREATE VIEW s.$new AS SELECT $shown AS z FROM $any; GRANT SELECT ON s.$new TO $role",
		"CREATE VIEW s.$new WITH (security_invoker) AS SELECT $shown AS z FROM $any; GRANT SELECT ON s.$new TO $role",
		"CREATE MATERIALIZED VIEW s.$new AS SELECT $shown AS z FROM $any; GRANT SELECT ON s.$new TO $role",
		"CREATE FUNCTION s.$new() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER BEGIN ATOMIC SELECT $shown\::text FROM $any; END",
		"ALTER TABLE $own ADD COLUMN $new $type",
		"ALTER TABLE $own ADD COLUMN \"phone_$new\" $type",
		"ALTER TABLE $own ADD COLUMN $new text GENERATED ALWAYS AS (upper($column\::text)) STORED",
		"ALTER TABLE $own ADD COLUMN $new text REFERENCES s.named (login)",
		"ALTER TABLE s.named ADD UNIQUE (id); ALTER TABLE $own ADD FOREIGN KEY (id) REFERENCES s.named (id)",
		"ALTER TABLE $own ADD CHECK ($column\::text LIKE '%@%')",
		"ALTER TABLE $own ALTER COLUMN $column TYPE text USING $column\::text",
		"ALTER TABLE $own RENAME COLUMN $column TO $new",
		"ALTER TABLE $own RENAME COLUMN $column TO mobile_phone",
		"ALTER TABLE $own RENAME TO email_addresses",
		"ALTER TABLE s.root ATTACH PARTITION s.loose FOR VALUES FROM (30) TO (40)",
		'ALTER TABLE s.root DETACH PARTITION s.part',
		'ALTER TABLE s.loose INHERIT s.old',
		'ALTER TABLE s.kid NO INHERIT s.old',
		"ALTER TABLE $own DISABLE ROW LEVEL SECURITY",
		"ALTER TABLE $own ENABLE ROW LEVEL SECURITY",
		"ALTER TABLE $own SET SCHEMA " . pick('s', 'closed', 'public'),
		"ALTER TABLE $own OWNER TO " . pick(@roles),
		"ALTER TABLE $own DROP COLUMN $column CASCADE",
		"GRANT SELECT ON $any TO $role",
		"GRANT SELECT ($shown) ON $any TO $role",
		"GRANT SELECT ON ALL TABLES IN SCHEMA s TO $role",
		"GRANT USAGE ON SCHEMA closed TO $role",
		"REVOKE SELECT ON $any FROM $role",
		"COMMENT ON COLUMN $own.$column IS 'e-mail address'",
		"COMMENT ON COLUMN $own.$column IS NULL",
		"CREATE PUBLICATION $new FOR TABLE $table",
		"CREATE RULE $new AS ON UPDATE TO $own DO ALSO SELECT 1",
		"SECURITY LABEL FOR pii ON COLUMN $own.$column IS " . quoted(pick('email', 'phone', 'none')),
		"SECURITY LABEL FOR pii ON COLUMN $own.$column IS NULL",
		"DROP TABLE $own CASCADE",
	);

	if (my $view = pick(@{ $world->{plain_views} }))
	{
		push @kinds, "ALTER VIEW $view SET (security_invoker = " . pick('true', 'false') . ')',
			"ALTER VIEW $view OWNER TO " . pick(@roles),
			"CREATE OR REPLACE VIEW $view AS SELECT y FROM (SELECT y FROM $view) q WHERE true",
			"ALTER VIEW $view RENAME COLUMN y TO email";
	}
	if (my $policed = pick(@{ $world->{policies} }))
	{
		push @kinds, "DROP POLICY p ON $policed", "ALTER POLICY p ON $policed USING (true)",
			"CREATE POLICY q ON $policed TO $role USING (true)",
			"CREATE POLICY q ON $policed AS RESTRICTIVE USING (false)";
	}
	return pick(@kinds);
}

$node->safe_psql('postgres', <<'SQL');
CREATE ROLE app LOGIN;
CREATE ROLE team;
CREATE ROLE member LOGIN;
CREATE ROLE outsider LOGIN NOINHERIT;
GRANT team TO member, outsider;
SELECT pii.enable_gate();

-- What all of the violations say of a statement, without the gate.
CREATE FUNCTION judged(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	before pii.violations[] := ARRAY(SELECT v FROM pii.violations v);
	added text;
BEGIN
	SET LOCAL pii.gate = off;
	EXECUTE statement;
	SELECT string_agg(DISTINCT format('%s.%s to %s', v.table_name, v.column_name, v.grantee), ', ') INTO added
	FROM pii.violations_added(before, ARRAY(SELECT v FROM pii.violations v)) v;
	RAISE EXCEPTION USING MESSAGE = coalesce(added, 'nothing');
EXCEPTION
	WHEN raise_exception THEN RETURN SQLERRM;
	WHEN OTHERS THEN RETURN 'fails: ' || SQLERRM;
END
$$;

-- What the gate says of it.
CREATE FUNCTION gated(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	CALL pii.check_now();
	RAISE EXCEPTION USING MESSAGE = 'passes';
EXCEPTION
	WHEN raise_exception THEN RETURN SQLERRM;
	WHEN SQLSTATE 'PII01' THEN RETURN 'refuses';
	WHEN OTHERS THEN RETURN 'fails: ' || SQLERRM;
END
$$;
SQL

for my $seed ($first .. $first + $worlds - 1)
{
	$state = $seed * 7919;
	my $world = make_world();
	my @asked = map { make_statement($world) } 1 .. $statements;

	$node->safe_psql('postgres', join "\n", 'SET client_min_messages = error;', 'SET pii.gate = off;',
		'DROP SCHEMA IF EXISTS s, closed CASCADE;', 'CREATE SCHEMA s;', 'CREATE SCHEMA closed;',
		'GRANT USAGE ON SCHEMA s TO PUBLIC;', 'CREATE DOMAIN s.address AS text;', $world->{sql});
	for my $statement (@asked)
	{
		my $quoted = quoted($statement);
		my ($status, $judged) = $node->psql('postgres', "SELECT judged($quoted);");
		my ($again, $gated, $said) = $node->psql('postgres', "SELECT gated($quoted);");
		# what a label has merely made known is said, and passes
		my $refuses = $gated eq 'refuses' || $said =~ /WARNING:  personal data/;

		$answers{ $gated =~ /^(\w+)/ ? $1 : '' }++;
		next if $judged =~ /^fails/ && $gated =~ /^fails/;
		ok($judged eq 'nothing' ? $gated eq 'passes' && !$refuses : $refuses,
			"world $seed: $statement")
			or diag("judged: $judged; the gate: $gated $said");
	}
}

cmp_ok($answers{refuses} // 0, '>', 0, 'some statements are refused');
cmp_ok($answers{passes} // 0, '>', 0, 'and some are not');
note(join ', ', map { "$_: $answers{$_}" } sort keys %answers);

done_testing();
