# Emails.pm
#
# E-mail addresses as columns hold them.
package Emails;

use strict;
use warnings;

use Exporter 'import';

use Draw;

our @EXPORT_OK = qw(address work_address private_address internal_address
	reserved_address obfuscated username);

my @providers = qw(gmail.com yahoo.com hotmail.com outlook.com icloud.com
	gmx.de web.de t-online.de orange.fr free.fr libero.it wp.pl seznam.cz
	yandex.ru mail.ru qq.com 163.com naver.com yahoo.co.jp uol.com.br
	rediffmail.com proton.me aol.com btinternet.com telenet.be ziggo.nl
	bluewin.ch abv.bg ukr.net hotmail.co.uk live.com yahoo.com.br terra.es);
my @suffixes = qw(com org net de fr co.uk it es nl pl cz ru com.br in cn jp
	com.au ca ch at se no dk fi be pt gr ro hu ie us io dev app info biz eu
	edu gov online shop tech agency museum travel);

# A local part as people choose one.
sub local_part
{
	my $first = lc first_name();
	my $last = lc last_name();

	return weighted(
		"$first.$last", 30, "$first$last", 12, substr($first, 0, 1) . $last, 12,
		"${first}_$last", 6, $first . between(1, 9999), 12, $first, 6,
		"$last.$first", 4, "$first-$last", 2, $last . digits(2), 6,
		word() . word() . digits(2), 5, letters(between(3, 9)), 5);
}

sub private_address { return local_part() . '@' . pick(@providers); }

# An address at a firm, whose name is in no list.
sub work_address
{
	my $host = pick(lc last_name(), word()) . pick('', '', '-') . word();

	$host = pick('mail', 'corp', 'uk', 'sales') . ".$host" if chance(0.1);
	return local_part() . "\@$host." . pick(@suffixes);
}

sub address { return chance(0.6) ? private_address() : work_address(); }

# An address that no public registry delegates the host of.
sub internal_address
{
	return local_part() . '@' . pick('', '', 'mail.') . pick('corp', 'acme', 'office', 'hq')
	  . pick('.local', '.internal', '.lan', '.corp', '.intra');
}

sub reserved_address
{
	return local_part() . '@' . pick('example.com', 'example.org', 'example.net', 'mail.example.com');
}

sub obfuscated
{
	my $address = private_address();

	$address =~ s/\@/pick(' (at) ', ' [at] ', ' at ')/e;
	$address =~ s/\.(\w+)$/pick(' (dot) ', ' [dot] ', ' dot ') . $1/e
	  if $address =~ / at / || chance(0.5);
	return $address;
}

# What people are called where no address is asked for.
sub username
{
	my $name = local_part();

	return chance(0.3) ? $name . digits(between(1, 3)) : $name;
}

1;
