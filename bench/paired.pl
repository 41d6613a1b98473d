#!/usr/bin/env perl
# Times the statements of a file in two databases, statement by statement.
#
#   bench/paired.pl FILE RUNS DATABASE DATABASE
#
# Each statement runs in the one and at once in the other, so that whatever
# else the machine does meets both.  Both servers are held to one processor:
# two of them are not equally fast.  The first run warms up.  Prints, in
# microseconds, the sum over the statements of each one's median over the runs.
# Connects as psql does.
use strict;
use warnings;
use IPC::Open2;

@ARGV == 4 or die "usage: $0 FILE RUNS DATABASE DATABASE\n";
my ($file, $runs, @databases) = @ARGV;
my $end = 'the end of what was asked';

# A psql to talk to.
sub connect_to
{
	my ($database) = @_;
	my $pid = open2(my $out, my $in,
		'psql', qw(-X -q -A -t -v ON_ERROR_STOP=1 -d), $database);
	my $session = { in => $in, out => $out, name => $database };
	$in->autoflush(1);
	ask($session, '\timing on');
	my ($backend) = grep { /^[0-9]+$/ } ask($session, 'SELECT pg_backend_pid();');
	system("taskset -cp 0 $backend >/dev/null 2>&1");
	return $session;
}

# What a session answers.
sub ask
{
	my ($session, $text) = @_;
	my @answer;

	print { $session->{in} } "$text\n\\echo $end\n";
	while (defined(my $line = readline $session->{out}))
	{
		chomp $line;
		return @answer if $line eq $end;
		push @answer, $line;
	}
	die "$session->{name} ended at: $text\n";
}

# Microseconds that a statement takes.
sub time_of
{
	my ($session, $statement) = @_;
	my ($time) = map { /^Time: ([0-9.]+) ms/ ? $1 : () } ask($session, $statement);
	return $time * 1000;
}

sub median
{
	my @sorted = sort { $a <=> $b } @_;
	return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}

open my $source, '<', $file or die "$file: $!\n";
chomp(my @statements = <$source>);
close $source;

my @sessions = map { connect_to($_) } @databases;
my @times;
for my $run (0 .. $runs)
{
	ask($_, 'VACUUM pg_class, pg_attribute, pg_depend, pg_type;') for @sessions;
	for my $i (0 .. $#statements)
	{
		for my $session (@sessions)
		{
			my $time = time_of($session, $statements[$i]);
			push @{ $times[$i]{ $session->{name} } }, $time if $run > 0;
		}
		@sessions = reverse @sessions;
	}
}
for my $database (@databases)
{
	my $sum = 0;
	$sum += median(@{ $_->{$database} }) for @times;
	printf "%.0f\n", $sum;
}
