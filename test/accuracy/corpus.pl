#!/usr/bin/env perl
#
# Write the corpus of columns: corpus.pl DIR [SEED] makes DIR/column.tsv and
# DIR/value.tsv, in the text format of COPY.  The same bytes on every machine;
# another seed draws other values and sizes.
#
# A family is one way of filling a column; it gives columns of different
# sizes.  Which half of the corpus a column belongs to is a hash: of families
# (telephone numbers: of countries) two thirds fall wholly into one half, so
# that each half has families the other has never seen; the rest are split
# column by column.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/corpus";

use Draw;
use Holding;
use Kept;
use Papers;
use Traps;

my @neutral = qw(c1 col_7 value1 data x field_3 attr a v column2 f12 val_b);
my @misleading_email = qw(email contact_email mail_address);
my @misleading_phone = qw(phone mobile_number telephone);
my @misleading_other = qw(order_ref product_code title sku batch_no city);

die "usage: corpus.pl DIR [SEED]\n" if @ARGV < 1 || @ARGV > 2;
Draw::salt($ARGV[1]) if @ARGV == 2;
open my $columns, '>:utf8', "$ARGV[0]/column.tsv" or die "$ARGV[0]: $!\n";
open my $values, '>:utf8', "$ARGV[0]/value.tsv" or die "$ARGV[0]: $!\n";
my $count = 0;

# Which half: t to tune on, h held out.
sub half
{
	my ($group, $column) = @_;
	my $third = Draw::hash("group $group") % 6;

	return $third < 2 ? 't' : $third < 4 ? 'h'
	  : Draw::hash("column $column") % 2 ? 't' : 'h';
}

# How many rows the nth column of a family has.
sub rows
{
	my ($nth) = @_;

	return pick(1, 3, 10) if $nth == 1;
	return pick(30, 50, 100, 200) if $nth == 2;
	return pick(500, 500, 500, 1000, 2000);
}

sub escaped
{
	my ($value) = @_;

	return '\N' unless defined $value;
	return $value =~ s/([\\\t\n\r])/{"\\" => '\\\\', "\t" => '\t', "\n" => '\n', "\r" => '\r'}->{$1}/ger;
}

# Write one column.
sub column
{
	my ($name, $rows, %family) = @_;
	my %truth = (email => 'none', phone => 'none');
	my $type = $family{type} || 'text';
	my $misleading;

	$count++;
	seed("$name/$rows");
	%said = ();
	for ($row = 0; $row < $rows; $row++)
	{
		print $values "$count\t", escaped($family{make}->()), "\n";
	}
	foreach my $kind (keys %truth)
	{
		$truth{$kind} = $family{truth}{$kind} if $said{$kind};
	}
	$misleading = pick(
		$family{truth} ? @misleading_other
		: chance(0.5) && $type eq 'text' ? @misleading_email : @misleading_phone);
	print $columns join("\t", $count, $name, half($family{group} || $name, "$name/$rows"), $type,
		$rows, $truth{email}, $truth{phone}, pick(@{ $family{names} }), pick(@neutral), $misleading), "\n";
	return;
}

# Write the columns of one family.
sub family
{
	my ($name, %family) = @_;

	if (($family{columns} || 3) == 1)
	{
		seed("size of $name");
		return column($name, $family{rows} || rows(1 + (chance(0.9) ? 1 + int rand 2 : 0)), %family);
	}
	foreach my $nth (1 .. 3)
	{
		seed("size of $name/$nth");
		column($name, rows($nth), %family);
	}
	return;
}

Holding::add_all(\&family);
Traps::add_all(\&family);
Kept::add_all(\&family);
Papers::add_all(\&family);
close $columns or die "$!\n";
close $values or die "$!\n";
