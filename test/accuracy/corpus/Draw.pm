# Draw.pm
#
# Random choices that come out the same on every machine, and what columns are
# filled with: words, names, places.  All of it is invented or common knowledge.
package Draw;

use strict;
use warnings;

use Exporter 'import';

our @EXPORT = qw(seed pick weighted chance between digits fill hex letters
	word words sentence first_name last_name person company city street
	%said say $row);

our $row;						# number of the value being made, from 0
our %said;						# values of the column that hold a kind

# A number from 0 to 2^32-1 that depends on the text alone (FNV-1a).
sub hash
{
	my $hash = 0x811c9dc5;

	$hash = (($hash ^ ord) * 0x01000193) & 0xffffffff foreach split //, shift;
	return $hash;
}

my $salt = '';

# Draw differently from now on.
sub salt { $salt = shift; return; }

# Begin anew: the same text gives the same draws.
sub seed { srand(hash($salt . shift)); return; }

# One of the arguments.
sub pick { return $_[ int rand @_ ]; }

# One of alternating values and weights.
sub weighted
{
	my @pairs = @_;
	my $sum = 0;
	my $at;

	$sum += $pairs[ 2 * $_ + 1 ] foreach 0 .. $#pairs / 2;
	$at = rand $sum;
	while (@pairs)
	{
		my ($value, $weight) = splice @pairs, 0, 2;
		return $value if ($at -= $weight) < 0;
	}
	return;
}

# True with a probability.
sub chance { return rand() < shift; }

# A whole number of a range, ends included.
sub between { my ($low, $high) = @_; return $low + int rand($high - $low + 1); }

# So many digits.
sub digits { return join '', map { int rand 10 } 1 .. shift; }

sub hex { return join '', map { (0 .. 9, 'a' .. 'f')[ rand 16 ] } 1 .. shift; }

sub letters { return join '', map { chr(ord('a') + int rand 26) } 1 .. shift; }

# Fill a pattern: X a digit, N one of 2 to 9, Z one of 1 to 9, A a capital, a a
# small letter, h a hexadecimal digit, [..] one of a set, {a|b} one of several,
# anything behind a backslash itself.
sub fill
{
	my $pattern = shift;

	$pattern =~ s/\{([^}]*)\}/pick(split m{\|}, $1, -1)/ge;
	$pattern =~ s{\\(.)|\[([^\]]+)\]|([XNZAah])}{
		defined $1 ? $1
		: defined $2 ? set($2)
		: $3 eq 'X' ? int rand 10
		: $3 eq 'N' ? 2 + int rand 8
		: $3 eq 'Z' ? 1 + int rand 9
		: $3 eq 'A' ? chr(65 + int rand 26)
		: $3 eq 'a' ? chr(97 + int rand 26)
		: (0 .. 9, 'a' .. 'f')[ rand 16 ]}ge;
	return $pattern;
}

# One of the characters of a set such as 1-37.
sub set
{
	my $set = shift;

	$set =~ s/(\w)-(\w)/join '', $1 .. $2/ge;
	return substr $set, int rand length $set, 1;
}

# Note that the value being made holds a kind, and give it back.
sub say { my ($kind, $value) = @_; $said{$kind}{$row} = 1; return $value; }

my @words = qw(
	account after agreed also answer area around asked battery before board
	book broken building business call came cannot change check city clean
	client close cold colour come complete contract cost could country current
	customer damaged data date days delay delivered department different door
	early email empty engine error every extra failed family field file final
	find first floor follow form found from front full garden general give
	glass going good great green group hand have heavy help high home hour
	house idea important inside invoice issue item keep kitchen know large last
	late later leave left less letter level light line list little local long
	look machine main make manager many market meeting message middle minute
	missing money month more morning much music name near need never next night
	note nothing number office often open order other over owner package page
	paid paper part party pending people phone piece place plan please point
	power present price problem process product project public quality question
	ready reason received record refund repair replaced reply report request
	return right road room said sale same schedule school second sent service
	several shipped short side simple small some soon special staff start still
	stock store street strong sure system table talk team test thing time today
	told took total town travel tried under unit until update urgent used user
	very visit wait want warranty water week well went when white wife window
	with without work would write wrong year yellow young);
my @firsts = qw(
	Anna James Maria John Fatima Wei Olga Juan Sophie Ahmed Yuki Lars Priya
	Carlos Emma Ivan Chloe Kofi Ingrid Pedro Aisha Tom Lucia Hans Mei Sara
	Ali Elena Marek Nina Paulo Rosa Sven Tariq Uma Victor Wanda Xavier Yasmin
	Zoe Bruno Claire Dmitri Eva Felix Greta Hugo Irene Jan Katya Liam Mona
	Noah Oscar Paula Quinn Rita Samuel Teresa Ulrich Vera William Ximena Yusuf);
my @lasts = qw(
	Smith Garcia Mueller Rossi Dubois Kowalski Novak Ivanov Tanaka Kim Nguyen
	Patel Singh Silva Santos Jansen Andersson Nielsen Hansen Virtanen Popescu
	Papadopoulos Yilmaz Khan Hassan Okafor Mensah Dlamini Wang Li Chen Lopez
	Brown Jones Taylor Wilson Moreau Laurent Weber Fischer Ferrari Bianchi
	Horvat Nagy Petrov Sokolov Sato Suzuki Park Lee Tran Sharma Gupta Costa
	Ferreira Visser Berg Larsen Korhonen Ionescu Demir Malik Ali Ncube);
my @cities = qw(
	London Paris Berlin Madrid Rome Lisbon Vienna Warsaw Prague Dublin Oslo
	Tokyo Seoul Mumbai Delhi Beijing Sydney Toronto Boston Chicago Denver
	Lagos Nairobi Cairo Lima Bogota Santiago Manila Jakarta Hanoi Ankara);
my @streets = qw(High Station Church Park Mill Victoria King Queen Oak Maple
	Main Green Elm Lake Hill River Bridge North South Garden);

sub word { return pick(@words); }

sub words { return join ' ', map { word() } 1 .. shift; }

sub sentence
{
	my $text = ucfirst words(between(4, 14));

	$text .= ', ' . words(between(3, 8)) if chance(0.3);
	return $text . pick('.', '.', '.', '!', '?');
}

sub first_name { return pick(@firsts); }

sub last_name { return pick(@lasts); }

sub person { return first_name() . ' ' . last_name(); }

sub city { return pick(@cities); }

sub street { return pick(@streets) . ' ' . pick('Street', 'Road', 'Lane', 'Ave', 'Rd.'); }

sub company
{
	return pick(last_name(), ucfirst word(), city()) . ' '
	  . pick('Ltd', 'GmbH', 'Inc.', 'SA', '& Sons', 'Group', 'Trading Co', 'LLC');
}

1;
