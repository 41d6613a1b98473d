# Kept.pm
#
# Families of columns that hold e-mail addresses or telephone numbers in the
# ways in which applications, exports and people leave them behind.
package Kept;

use strict;
use warnings;
use utf8;

use Draw;
use Emails qw(address username);
use Phones qw(@regions number);

my @email_names = qw(email user_email mail contact_email email_addr reply_to_email);
my @phone_names = qw(phone phone_number mobile telephone msisdn contact_phone
	customer_phone fax_number home_phone);

sub email { return say('email', address()); }

sub phone
{
	my ($region, $form) = @_;
	return say('phone', number($region, $form));
}

# A number in international form, its calling code and the rest apart.
sub parts
{
	my ($region) = @_;
	my $plain = number($region, 'spaced');

	return $plain =~ /^\+(\d+) (.*)$/;
}

# Ways to keep the numbers of one region: name, share of regions, how.
sub ways
{
	my ($region) = @_;

	return (
		['half without plus', sub { my $n = phone($region, 'e164'); chance(0.5) ? $n : substr $n, 1 }],
		['rarely filled', sub { chance(0.04) ? phone($region, 'national_any') : pick(undef, undef, '') }],
		['mostly placeholders', sub { chance(0.4) ? phone($region, 'national_any') : pick('N/A', '000-000-0000', '-', 'none', '0', 'unknown', '') }],
		['bare with placeholders', sub { chance(0.75) ? phone($region, 'dialled') : pick('0', '0000000000', 'N/A', '1111111111', '') }],
		['dialled, some international', sub { chance(0.85) ? phone($region, 'dialled') : phone(pick(@regions), 'e164') }],
		['zero lost in some', sub { my $n = phone($region, 'dialled'); chance(0.4) ? $n =~ s/^0//r : $n }],
		['number or zero', sub { chance(0.7) ? phone($region, 'significant') : 0 }, 'bigint'],
		['code in brackets', sub { my ($code, $rest) = parts($region); say('phone', "(+$code) $rest") }],
		['zero in brackets', sub { my ($code, $rest) = parts($region); say('phone', "+$code (0) $rest") }],
		['00 and spaces', sub { my ($code, $rest) = parts($region); say('phone', "00$code $rest") }],
		['registry form', sub { my ($code, $rest) = parts($region); $rest =~ s/\D//g; say('phone', "+$code.$rest") }],
		['code without plus, spaced', sub { my ($code, $rest) = parts($region); say('phone', "$code $rest") }],
		['apostrophe', sub { "'" . phone($region, 'e164') }],
		['typographic', sub { phone($region, 'national') =~ s/-/\N{U+2011}/gr =~ s/ /\N{U+00A0}/gr }],
		['with owner', sub { phone($region, 'national') . pick(' (m)', ' (home)', ' work', ' Mrs ' . last_name()) }],
		['short or long', sub { chance(0.3) ? fill('[2-8]XXXX') : phone($region, 'e164') }],
		['few lines', sub { srand(Draw::hash("few lines $region" . $row % 5)); phone($region, 'national') }],
		['two by slash', sub { phone($region, 'national') . (chance(0.5) ? ' / ' . phone($region, 'national') : '') }],
	);
}

sub add_phones
{
	my ($add) = @_;

	foreach my $region (@regions)
	{
		foreach my $way (ways($region))
		{
			my ($name, $make, $type) = @$way;

			seed("kept $name $region");
			next if chance(0.82);
			next if $name eq 'zero lost in some' && number($region, 'dialled') !~ /^0/;
			$add->("kept $name $region", group => "phone $region", columns => 1,
				type => $type || 'text', names => \@phone_names,
				rows => $name eq 'rarely filled' ? pick(500, 1000, 2000) : undef,
				truth => { phone => $name eq 'mostly placeholders' || $name eq 'with owner' ? 'some' : 'pii' },
				make => $make);
		}
	}
	foreach my $pair ('US MX', 'DE AT', 'GB IE', 'FR BE', 'ES PT', 'SE FI', 'AU NZ', 'IN PK', 'CZ SK', 'RU KZ')
	{
		foreach my $form (qw(dialled national_any significant))
		{
			$add->("kept neighbours $pair $form", columns => 1, names => \@phone_names,
				truth => { phone => 'pii' }, make => sub { phone(pick(split / /, $pair), $form) });
		}
	}
	foreach my $area (212, 415, 303)
	{
		$add->("kept area $area formatted", columns => 1, names => \@phone_names, truth => { phone => 'pii' },
			make => sub { say('phone', fill("($area) NXX-XXXX") =~ s/11-/14-/r) });
	}
	$add->('kept Arabic digits', names => \@phone_names, truth => { phone => 'pii' },
		make => sub { phone(pick('EG', 'SA', 'AE'), pick('dialled', 'e164')) =~ s/(\d)/chr(0x660 + $1)/ger });
	$add->('kept links', names => \@phone_names, truth => { phone => 'some' },
		make => sub { my $n = phone(pick('US', 'DE', 'FR'), 'e164'); "<a href=\"tel:$n\">$n</a>" });
	$add->('kept cards', names => [qw(vcard contact_card)], truth => { email => 'mixed', phone => 'mixed' },
		make => sub { "BEGIN:VCARD\nFN:" . person() . "\nTEL;TYPE=CELL:" . phone(pick('US', 'GB'), 'e164') . "\nEMAIL:" . email() . "\nEND:VCARD" });
	$add->('kept names and numbers', names => [qw(emergency_contact next_of_kin)], truth => { phone => 'some' },
		make => sub { person() . pick(' ', ', ', ': ', ' - ') . phone('US', 'national') });
	$add->('kept names and world numbers', names => [qw(emergency_contact next_of_kin)], truth => { phone => 'some' },
		make => sub { person() . pick(' ', ', ', ': ') . phone(pick(@regions), 'spaced') });
	return;
}

sub add_emails
{
	my ($add) = @_;
	my @families = (
		['rarely filled', 'pii', sub { chance(0.03) ? email() : undef }],
		['mostly placeholders', 'some', sub { chance(0.3) ? email() : pick('none', 'n/a', 'no email', 'x', '-') }],
		['author lines', 'some', sub { person() . ' <' . email() . '> ' . between(1_500_000_000, 1_700_000_000) . ' +0' . between(0, 9) . '00' }],
		['cut short', 'some', sub { my $a = email(); length $a > 20 ? substr $a, 0, 20 : $a }],
		['subjects of certificates', 'mixed', sub { 'CN=' . person() . ', O=' . company() . ', emailAddress=' . email() }],
		['deleted users', 'pii', sub { chance(0.8) ? email() : say('email', 'deleted+' . digits(6) . '@users.' . word() . '.com') }],
		['in angle brackets', 'pii', sub { '<' . email() . '>' }],
		['typed by phone', 'pii', sub { ucfirst email() }],
		['by slash', 'pii', sub { email() . '/' . email() }],
		['with a full stop', 'pii', sub { email() . '.' }],
		['in quotes', 'pii', sub { '"' . email() . '"' }],
		['with a status', 'some', sub { email() . pick(' (verified)', ' - bounced', ' [primary]') }],
		['two to a cell', 'pii', sub { email() . "\r\n" . email() }],
		['school ids', 'pii', sub { say('email', digits(8) . '@' . pick('stud.', 'campus.') . word() . '.ac.uk') }],
		['actors', 'mixed', sub { chance(0.05) ? email() : pick('system', 'cron', 'admin', username()) }],
		['search terms', 'mixed', sub { chance(0.004) ? email() : words(between(1, 4)) }, 2000],
		['audit', 'mixed', sub { 'user ' . (chance(0.5) ? email() : username()) . ' changed ' . word() . ' to ' . word() }],
		['json of events', 'mixed', sub { sprintf '{"event":"%s","props":{"$email":"%s","n":%d}}', word(), chance(0.1) ? email() : '', between(1, 900) }],
	);

	foreach (@families)
	{
		my ($name, $truth, $make, $rows) = @$_;
		$add->("kept email $name", truth => { email => $truth }, make => $make,
			columns => $rows ? 1 : 3, rows => $rows,
			names => $truth eq 'mixed' ? [qw(entry actor subject_dn q payload details)] : \@email_names);
	}
	return;
}

sub add_all
{
	my ($add) = @_;

	add_phones($add);
	add_emails($add);
	return;
}

1;
