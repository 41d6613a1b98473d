# The documentation tells the truth: every SQL block of the README, and of the
# pages under doc/ that need nothing but a server, runs, in order, and prints
# what it says it prints, but for white space at the ends of lines.
#
# doc/schedule.md takes pg_cron, and is tried by cron.pl; doc/deploy.md takes
# other people's tools, and is tried by deploy.pl.
#
# ```sql      runs; an error fails the test.
# ```text     right after a ```sql block: the output it must have.
# ```psql     a transcript, each "=# " prompt followed by its output.
# <!-- database: NAME -->   the blocks that follow run in that database, all of
#             them in one session: readme (new and empty, where the README
#             begins), demo (as `make demo` loads it), shop (the same, and what
#             the examples of the other pages take for granted), or a sample
#             database beside the checkout, without which they are skipped.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use IPC::Run qw(run);
use PgPii qw(checkout sample_database start_node);
use PostgreSQL::Test::Utils;
use Test::More;

# Cut a transcript into statements with their output.
sub transcript
{
	my ($database, $line, @lines) = @_;
	my @blocks;

	foreach my $text (@lines)
	{
		$line++;
		if ($text =~ /^\w*=[#>] ?(.*)$/)
		{
			push @blocks, { database => $database, line => $line, quiet => 'off', sql => "$1\n", expected => '' };
		}
		elsif ($text =~ /^\w*[-('"][#>] ?(.*)$/ && @blocks && $blocks[-1]{expected} eq '')
		{
			$blocks[-1]{sql} .= "$1\n";
		}
		elsif (@blocks)
		{
			$blocks[-1]{expected} .= "$text\n";
		}
	}
	return @blocks;
}

# The blocks of a page in order: database, first line, SQL, and the output they
# must have, undefined where the page shows none.
sub blocks
{
	my ($page, $database) = @_;
	my ($fence, $start, @inside, @blocks);
	my $number = 0;
	my $after_sql = 0;

	foreach my $line (split /\n/, $page)
	{
		$number++;
		if (!defined $fence)
		{
			$database = $1 if $line =~ /^<!-- database: (\w+) -->$/;
			if ($line =~ /^```(\w*)\s*$/)
			{
				($fence, $start, @inside) = ($1, $number);
			}
			elsif ($line =~ /\S/)
			{
				$after_sql = 0;
			}
		}
		elsif ($line =~ /^```\s*$/)
		{
			my $content = join '', map { "$_\n" } @inside;

			push @blocks, { database => $database, line => $start, quiet => 'on', sql => $content }
			  if $fence eq 'sql';
			push @blocks, transcript($database, $start, @inside) if $fence eq 'psql';
			$blocks[-1]{expected} = $content if $fence eq 'text' && $after_sql;
			$after_sql = $fence eq 'sql';
			undef $fence;
		}
		else
		{
			push @inside, $line;
		}
	}
	die "line $start: block without an end" if defined $fence;
	return @blocks;
}

# What does not count: white space at the ends of lines and around the whole,
# and the day of a waiver that is proposed, which is that of reading.
sub trim
{
	my ($text) = @_;

	$text =~ s/(waived until) \d{4}-\d\d-\d\d(?=: reason)/$1 later/g;
	$text =~ s/[ \t]+$//mg;
	$text =~ s/^\n+|\n+$//g;
	return $text;
}

# Run blocks in one session and return the output of each.
sub outputs
{
	my ($connection, @blocks) = @_;
	my $mark = '--8<-- block';
	my $input = join '', map { "\\set QUIET $_->{quiet}\n$_->{sql}\\echo $mark\n" } @blocks;
	my $output;

	run [ 'psql', '-Xq', '-P', 'pager=off', '-d', $connection ], '<', \$input, '>&', \$output;
	return map { trim($_) } split /^\Q$mark\E\n/m, $output, -1;
}

# Whether a block's output is what the page says.
sub holds
{
	my ($block, $output) = @_;

	return defined $block->{expected} ? $output eq trim($block->{expected}) : $output !~ /^(psql: )?(error|ERROR|FATAL):/m;
}

my $node = start_node('readme');
my %have = (readme => 1);
$node->safe_psql('postgres', 'CREATE DATABASE readme');

# The test itself: it must see a wrong output and an error.
my @sample = blocks(<<'MARKDOWN', 'postgres');
```sql
SELECT 1 AS one;
```

```text
 one
-----
   1
(1 row)
```
```sql
SELECT 1 AS one;
```
```text
 one
-----
   2
(1 row)
```
```sql
SELECT nothing;
```
```psql
=# SELECT 'a'
-# AS a \g (format=unaligned tuples_only=on)
a
=# CREATE TEMPORARY TABLE t ();
CREATE TABLE
```
MARKDOWN
my @sample_outputs = outputs($node->connstr('postgres'), @sample);
is_deeply(
	[ map { holds($sample[$_], $sample_outputs[$_]) ? 1 : 0 } 0 .. $#sample ],
	[ 1, 0, 0, 1, 1 ],
	'a wrong output and an error are seen');

# Read a page; every one of them has something to run.
sub page
{
	my ($file, $database) = @_;
	my @found = blocks(slurp_file(checkout() . "/$file"), $database);

	cmp_ok(scalar @found, '>', 0, "$file has SQL blocks");
	$_->{file} = $file foreach @found;
	return @found;
}

my @blocks = (page('README.md', 'readme'),
	map { page("doc/$_.md", 'shop') } qw(exposure monitoring report));

$node->safe_psql('postgres', 'CREATE DATABASE demo');
$node->command_ok(
	[
		'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('demo'),
		'-f', checkout() . '/bench/leak.sql', '-f', checkout() . '/doc/demo/shop.sql',
		'-c', 'CREATE EXTENSION pg_pii'
	],
	'the demonstration database loads');
$node->safe_psql('postgres', $_)
  foreach 'CREATE DATABASE shop TEMPLATE demo', 'CREATE ROLE alice LOGIN', 'CREATE ROLE backup';
$node->safe_psql('shop', 'CREATE SCHEMA billing');
$have{demo} = $have{shop} = 1;

# Page by page, and each database of it in one session.
my %seen;
foreach my $session (grep { !$seen{"@$_"}++ } map { [ $_->{file}, $_->{database} ] } @blocks)
{
	my ($file, $database) = @$session;
	my @here = grep { $_->{file} eq $file && $_->{database} eq $database } @blocks;

	$have{$database} //= sample_database($node, $database);
  SKIP:
	{
		skip "no sample database $database", scalar @here unless $have{$database};
		my @outputs = outputs($node->connstr($database), @here);
		foreach my $block (@here)
		{
			my $output = shift @outputs // '';
			my $name = "$block->{file} line $block->{line}";

			if (!holds($block, $output))
			{
				fail($name);
				diag("$block->{sql}printed\n$output\ninstead of\n", $block->{expected} // 'no error');
			}
			else
			{
				pass($name);
			}
		}
	}
}

$node->stop;
done_testing();
