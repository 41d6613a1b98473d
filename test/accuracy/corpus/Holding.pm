# Holding.pm
#
# The families of columns that hold e-mail addresses or telephone numbers.
package Holding;

use strict;
use warnings;
use utf8;

use Draw;
use Emails qw(address work_address private_address internal_address
	reserved_address obfuscated username);
use Phones qw(@regions number wrong);

my @email_names = qw(email e_mail email_address user_email contact_email mail
	emailAddress EMAIL customer_email correo_electronico billing_email
	work_email courriel adres_email email1);
my @phone_names = qw(phone phone_number mobile telephone tel cell_phone
	contact_phone phoneNumber PHONE mobile_no home_phone fax telefon telefono
	customer_phone work_phone handynummer telefone celular);
my @prose_names = qw(notes comment description body message remarks content
	details summary memo text_body about observations);

sub email { return say('email', address()); }

sub phone
{
	my ($region, $form) = @_;
	return say('phone', number($region, $form || 'messy'));
}

# Families of plain e-mail columns: name, how one value is made.
sub email_families
{
	my $case = 0;

	return (
		['mixed providers', \&email],
		['private', sub { say('email', private_address()) }],
		['work', sub { say('email', work_address()) }],
		['upper case', sub { uc email() }],
		['mixed case', sub { join '', map { chance(0.3) ? uc : $_ } split //, email() }],
		['one domain', sub { my $a = email(); $a =~ s/\@.*/\@northwind-traders.com/; $a }],
		['sub-addressed', sub { my $a = email(); $a =~ s/\@/'+' . word() . '@'/e; $a }],
		['with placeholders', sub { chance(0.8) ? email() : pick('', 'n/a', 'none', '-') }],
		['with nulls', sub { chance(0.4) ? email() : undef }],
		['with typing errors', sub { my $a = email(); chance(0.12) ? $a =~ s/\@//r : chance(0.05) ? $a =~ s/\.\w+$//r : $a }],
		['padded', sub { ' ' . email() . pick(' ', '', "\t") }],
		['name in front', sub { person() . ' <' . email() . '>' }],
		['quoted name', sub { '"' . last_name() . ', ' . first_name() . '" <' . email() . '>' }],
		['mailto', sub { 'mailto:' . email() }],
		['two by comma', sub { email() . ',' . email() }],
		['list by semicolon', sub { join '; ', map { email() } 1 .. between(1, 5) }],
		['list with names', sub { join ', ', map { person() . ' <' . email() . '>' } 1 .. between(1, 3) }],
		['list by line', sub { join "\n", map { email() } 1 .. between(2, 4) }],
		['internationalised', sub { say('email', pick('jürgen', 'zoë', 'señor', 'данил', '用户') . digits(3) . '@' . pick('gmx.de', 'bücher.de', 'почта.рф', 'xn--bcher-kva.de', '例子.中国')) }],
		['role addresses', sub { say('email', pick('info', 'sales', 'support', 'office', 'hr') . '@' . word() . word() . '.' . pick('com', 'de', 'co.uk')) }],
		['digits in front', sub { say('email', digits(9) . '@' . pick('qq.com', '163.com', '126.com')) }],
		['students', sub { say('email', letters(2) . digits(6) . '@' . pick('student.', 'stu.') . word() . '.edu') }],
		['few repeated', sub { say('email', ('anna.berg@gmx.de', 'it@firma-nord.de', 'ops@relay.io')[ $row % 3 ]) }],
		['relay', sub { say('email', hex(12) . '@privaterelay.appleid.com') }],
		['machine made', sub { say('email', letters(10) . digits(3) . '@' . letters(7) . '.' . pick('com', 'org', 'info')) }],
		['percent encoded', sub { email() =~ s/\@/%40/r }],
	);
}

sub add_emails
{
	my ($add) = @_;

	foreach (email_families())
	{
		my ($name, $make) = @$_;
		$add->("email $name", truth => { email => 'pii' }, names => \@email_names, make => $make);
	}
	$add->('email internal', truth => { email => 'pii' }, names => \@email_names,
		make => sub { say('email', internal_address()) });
	$add->('email reserved', truth => { email => 'pii' }, names => \@email_names,
		make => sub { say('email', reserved_address()) });
	$add->('email array', type => 'text[]', truth => { email => 'pii' }, names => \@email_names,
		make => sub { '{' . join(',', map { email() } 1 .. between(1, 3)) . '}' });
	$add->('email json array', type => 'jsonb', truth => { email => 'pii' }, names => \@email_names,
		make => sub { '[' . join(', ', map { '"' . email() . '"' } 1 .. between(1, 3)) . ']' });
	foreach my $share (0.2, 0.3, 0.4)
	{
		$add->("usernames, addresses $share", truth => { email => 'mixed' },
			names => [qw(username login user_name account_name nickname)],
			make => sub { chance($share) ? email() : username() });
	}
	$add->('usernames, few addresses', truth => { email => 'mixed' },
		names => [qw(username login handle)],
		make => sub { chance(0.02) ? email() : username() });
	$add->('contact of either kind', truth => { email => 'some', phone => 'some' },
		names => [qw(contact contact_info reach_at contact_details)],
		make => sub { chance(0.5) ? email() : phone(pick('US', 'GB', 'DE'), 'spaced') });
	foreach my $region (qw(US GB FR BR CN DE JP MX PL KR))
	{
		$add->("contact by e-mail or telephone of $region", truth => { email => 'some', phone => 'some' },
			names => [qw(contact contact_info reach_at contact_details)],
			make => sub { chance(0.5) ? email() : phone($region, 'national_any') });
		$add->("login by e-mail or telephone of $region", truth => { email => 'mixed', phone => 'mixed' },
			names => [qw(username login user_name account_name)],
			make => sub { chance(0.3) ? phone($region, 'mobile dialled') : chance(0.5) ? email() : username() });
	}
	$add->('contact of both kinds', truth => { email => 'some', phone => 'some' },
		names => [qw(contact contact_info contact_details)],
		make => sub { email() . pick(' / ', ', ', ' ') . phone('US', 'national') });
	return;
}

# Telephone numbers: a region and a form each, and some of several regions.
sub add_phones
{
	my ($add) = @_;
	my @forms = (qw(e164 spaced national national_any dialled significant
		plusless prefixed uri extension messy dashed), 'mobile dialled', 'mobile significant');

	foreach my $region (@regions)
	{
		foreach my $form (@forms)
		{
			my $nth;
			my $error = 0;
			my $numeric = $form =~ /significant|plusless/;

			# two thirds of all, national ones more often
			seed("phone $region $form");
			next if chance($form =~ /^(national|dialled|significant)$/ ? 0.1
				: $form =~ /^(uri|dashed|prefixed|extension)$/ ? 0.7 : 0.4);
			$nth = between(0, 5);
			$error = pick(0, 0.01, 0.03, 0.08) unless $numeric;
			$add->("phone $region $form", group => "phone $region",
				truth => { phone => 'pii' }, names => \@phone_names, columns => 1,
				type => $numeric ? pick('bigint', 'bigint', 'text', 'numeric') : 'text',
				make => sub {
					my $number = number($region, $form, $nth);

					return $row > 0 && chance($error) ? wrong($number) : say('phone', $number);
				});
		}
	}
	foreach my $mix ('GB DE FR IT ES', 'US CA', 'US GB AU IN', 'BR AR MX CO CL', 'SG MY ID TH PH', 'SE NO DK FI', join ' ', @regions)
	{
		my @mix = split / /, $mix;
		my $title = @mix > 9 ? 'the world' : $mix;

		foreach my $form (qw(e164 spaced plusless national_any messy prefixed))
		{
			$add->("phone mixed $title $form", group => "phone mixed $title",
				truth => { phone => 'pii' }, names => \@phone_names, columns => 1,
				make => sub { phone(pick(@mix), $form) });
		}
	}
	$add->('phone of test data', truth => { phone => 'pii' }, names => \@phone_names,
		make => sub { say('phone', fill('{([2-9]XX) XXX-XXXX|XXX-XXX-XXXX|1-XXX-XXX-XXXX|XXX.XXX.XXXX|+1-XXX-XXX-XXXX|(XXX)XXX-XXXX|XXX-XXX-XXXX xXXXX}')) });
	$add->('phone reserved', truth => { phone => 'pii' }, names => \@phone_names,
		make => sub { say('phone', fill('{(212) 555-01XX|415-555-01XX|+1 303 555 01XX}')) });
	$add->('phone with nulls', truth => { phone => 'pii' }, names => \@phone_names,
		make => sub { chance(0.3) ? phone('US', 'national_any') : undef });
	$add->('phone with placeholders', truth => { phone => 'pii' }, names => \@phone_names,
		make => sub { chance(0.7) ? phone('DE', 'national_any') : pick('', 'n/a', 'unknown') });
	$add->('phone array', type => 'text[]', truth => { phone => 'pii' }, names => \@phone_names,
		make => sub { '{' . join(',', map { '"' . phone(pick('US', 'GB'), 'spaced') . '"' } 1 .. between(1, 3)) . '}' });
	$add->('phone several', truth => { phone => 'pii' }, names => \@phone_names,
		make => sub { join pick(' / ', ', ', '; '), map { phone('GB', 'national') } 1 .. between(1, 3) });
	$add->('phone with words', truth => { phone => 'some' }, names => \@phone_names,
		make => sub { pick('mobile', 'home', 'work', 'Tel.') . pick(': ', ' ') . phone('US', 'national') });
	$add->('phone toll-free', truth => { phone => 'pii' }, names => \@phone_names,
		make => sub { say('phone', fill('{1-8{00|88|77|66}-NXX-XXXX|(800) NXX-XXXX|0800 XXX XXXX}')) });
	$add->('phone full-width', truth => { phone => 'pii' }, names => \@phone_names,
		make => sub { join '', map { /\d/ ? chr(0xFF10 + $_) : $_ } split //, phone('JP', 'national') });
	return;
}

# Prose in which one value in so many holds something.
sub add_prose
{
	my ($add) = @_;
	my %put = (
		email => sub { say('email', address()) },
		obfuscated => sub { say('email', obfuscated()) },
		e164 => sub { phone(pick(@regions), 'e164') },
		spaced => sub { phone(pick(@regions), 'spaced') },
		map { my $region = $_; ($region => sub { phone($region, 'national') }) } qw(US GB FR DE AU BR JP IN));
	my %lead = (
		email => ['mail', 'write to', 'e-mail:', 'contact', 'sent to', 'cc', ''],
		phone => ['call', 'tel', 'phone:', 'reach me on', 'ring', 'number', 'new mobile', '']);

	foreach my $what (sort keys %put)
	{
		my $kind = $what =~ /email|obfuscated/ ? 'email' : 'phone';

		foreach my $share (1, 0.5, 0.2, 0.05, 0.01, 0.001)
		{
			$add->("prose with $what $share", group => "prose with $what", columns => 1,
				rows => $share < 0.01 ? 5000 : $share < 0.2 ? 500 : undef,
				truth => { $kind => 'mixed' }, names => \@prose_names,
				make => sub {
					my $text = sentence();
					$text .= ' ' . ucfirst(pick(@{ $lead{$kind} })) . ' ' . $put{$what}->()
					  . pick('.', '', ' please.', " $text", ' after ' . between(2, 8) . ' pm')
					  if chance($share);
					return $text . (chance(0.5) ? ' ' . sentence() : '');
				});
		}
	}
	add_documents($add);
	return;
}

# Logs, json, markup, addresses: text that machines and clerks write.
sub add_documents
{
	my ($add) = @_;
	my @log = qw(log_line message event payload line entry);
	my @documents = (
		['log', 'text', \@log, { email => 'mixed' }, sub {
			sprintf '2024-%02d-%02d 10:%02d:%02d,%03d %s %s', between(1, 12), between(1, 28), between(0, 59), between(0, 59), between(0, 999),
			  pick('INFO', 'WARN', 'ERROR'), chance(0.1) ? 'login failed for ' . email() . ' from 10.0.0.' . between(1, 254)
			  : "job $row done in " . between(1, 9000) . ' ms' }],
		['json profile', 'jsonb', [qw(profile data payload attributes)], { email => 'mixed', phone => 'mixed' }, sub {
			sprintf '{"id": %d, "name": "%s", "contact": {"email": "%s", "phone": "%s"}, "age": %d}', $row, person(), email(), phone('US', 'national'), between(18, 90) }],
		['json text', 'text', [qw(payload raw_json request_body data)], { email => 'mixed' }, sub {
			sprintf '{"user":"%s","mail":"%s","score":%d}', username(), email(), between(0, 999) }],
		['json e164', 'jsonb', [qw(data meta props)], { phone => 'mixed' }, sub {
			sprintf '{"sku": "%s", "msisdn": "%s", "ts": 17%s}', fill('AA-XXXX'), phone(pick(@regions), 'e164'), digits(8) }],
		['xml', 'text', [qw(xml_doc document payload)], { email => 'mixed', phone => 'mixed' }, sub {
			'<customer id="' . between(1, 9999) . '"><name>' . person() . '</name><mail>' . email() . '</mail><tel>' . phone('GB', 'spaced') . '</tel></customer>' }],
		['html', 'text', [qw(html body_html page content)], { email => 'mixed' }, sub {
			'<p>' . sentence() . '</p>' . (chance(0.3) ? '<a href="mailto:' . email() . '">Contact us</a>' : '<br/>') }],
		['signature', 'text', [qw(signature footer)], { email => 'mixed', phone => 'mixed' }, sub {
			join "\n", person(), company(), 'T ' . phone('DE', 'spaced'), 'E ' . email() }],
		['bio', 'text', [qw(bio about_me biography)], { email => 'mixed' }, sub {
			sentence() . (chance(0.15) ? ' Business: ' . email() : ' Follow @' . username()) }],
		['address block', 'text', [qw(address_block label postal)], { phone => 'mixed' }, sub {
			between(1, 200) . ' ' . street() . ', ' . city() . (chance(0.25) ? ' Tel: ' . phone('GB', 'national') : '') }],
		['query string', 'text', [qw(url request_uri referer)], { email => 'mixed' }, sub {
			'/signup?step=' . between(1, 4) . (chance(0.2) ? '&email=' . (email() =~ s/\@/%40/r) : '&ref=' . word()) }],
		['csv line', 'text', [qw(raw_line import_row record)], { email => 'mixed', phone => 'mixed' }, sub {
			join ';', between(1, 99999), person(), email(), phone('FR', 'national'), city() }],
		['ticket', 'text', [qw(subject title ticket_subject)], { email => 'mixed' }, sub {
			'[#' . digits(6) . '] ' . (chance(0.05) ? 'Re: account ' . email() : sentence()) }],
		['settings', 'text', [qw(value setting_value config_value)], { email => 'mixed', phone => 'mixed' }, sub {
			chance(0.04) ? email() : chance(0.04) ? phone('US', 'e164')
			  : pick('true', word(), between(1, 500), '10.0.0.1', '2024-01-01', 'https://' . word() . '.com/') }]);

	foreach (@documents)
	{
		my ($name, $type, $names, $truth, $make) = @$_;
		$add->("document $name", type => $type, names => $names, truth => $truth, make => $make);
	}
	return;
}

sub add_all
{
	my ($add) = @_;

	add_emails($add);
	add_phones($add);
	add_prose($add);
	return;
}

1;
