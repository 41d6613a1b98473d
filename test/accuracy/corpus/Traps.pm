# Traps.pm
#
# The families of columns that hold neither kind and may look as if they did.
package Traps;

use strict;
use warnings;
use utf8;

use Draw;

# Append the digit that makes a number pass Luhn's check.
sub luhn
{
	my ($digits) = @_;
	my $sum = 0;
	my $double = 1;

	foreach (reverse split //, $digits)
	{
		my $add = $double ? $_ * 2 : $_;
		$sum += $add > 9 ? $add - 9 : $add;
		$double = !$double;
	}
	return $digits . (10 - $sum % 10) % 10;
}

# Append the check digit of bar codes.
sub gtin
{
	my ($digits) = @_;
	my $sum = 0;
	my $weight = 3;

	foreach (reverse split //, $digits)
	{
		$sum += $weight * $_;
		$weight = 4 - $weight;
	}
	return $digits . (10 - $sum % 10) % 10;
}

# Append check digits by weights, modulo 11.
sub modulo_11
{
	my ($digits, @weights) = @_;
	my @digits = split //, $digits;
	my $sum = 0;

	$sum += $digits[$_] * $weights[$_] foreach 0 .. $#digits;
	$sum %= 11;
	return $digits . ($sum < 2 ? 0 : 11 - $sum);
}

sub cpf
{
	return modulo_11(modulo_11(digits(9), reverse 2 .. 10), reverse 2 .. 11);
}

sub pesel
{
	my @weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3);
	my $digits = sprintf '%02d%02d%02d%s', between(40, 99), between(1, 12), between(1, 28), digits(4);
	my $sum = 0;

	$sum += $weights[$_] * substr $digits, $_, 1 foreach 0 .. 9;
	return $digits . (10 - $sum % 10) % 10;
}

sub iban
{
	return pick('DE', 'GB', 'FR', 'NL', 'ES') . digits(2) . pick(
		digits(18), ' ' . join(' ', map { digits(4) } 1 .. 4) . ' ' . digits(2),
		'ABNA' . digits(10));
}

sub ip { return join '.', map { between(0, 255) } 1 .. 4; }

sub base64 { return join('', map { (0 .. 9, 'a' .. 'z', 'A' .. 'Z', '+', '/')[ rand 64 ] } 1 .. shift) . pick('', '=', '=='); }

# A number that grows from value to value, starting where the column says.
my $start;

sub growing
{
	my ($from, $step) = @_;

	$start = $from if $row == 0;
	return $start += between(1, $step);
}

# Digits only: what is stored as text or as a number.
sub digit_families
{
	return (
		['sequence', 'bigint', [qw(id seq row_id)], sub { $row + 1 }],
		['sequence with gaps', 'bigint', [qw(id pk)], sub { growing(1000, 4) }],
		['sequence, seven digits', 'bigint', [qw(customer_id user_id)], sub { growing(4_100_000, 3) }],
		['sequence, ten digits', 'bigint', [qw(order_id txn_id)], sub { growing(4_155_550_000, 5) }],
		['sequence, eleven digits', 'bigint', [qw(event_id)], sub { growing(79_161_230_000, 7) }],
		['sequence, nine digits', 'text', [qw(case_number)], sub { growing(612_345_000, 2) }],
		['zero-padded sequence', 'text', [qw(member_no customer_number)], sub { sprintf '%010d', $row + 4711 }],
		['zero-padded, eight', 'text', [qw(employee_number)], sub { sprintf '%08d', growing(1000, 9) }],
		['several blocks', 'bigint', [qw(voucher_id ticket_id)], sub { pick(4_155_550_000, 2_125_000_000, 9_812_340_000) + between(0, 3000) }],
		(map { my $n = $_; ["random id, $n digits", 'bigint', [qw(id ref_id object_id external_id)], sub { fill('Z' . 'X' x ($n - 1)) }] } 6 .. 13),
		(map { my $n = $_; ["random id as text, $n digits", 'text', [qw(reference ref_code external_ref)], sub { digits($n) }] } 7 .. 12),
		['random id, prefixed', 'text', [qw(purchase_order)], sub { '4500' . digits(6) }],
		['random id of any length', 'bigint', [qw(source_id)], sub { int(exp(rand 23)) }],
		['snowflake', 'bigint', [qw(tweet_id message_id)], sub { fill('1[1-7]XXXXXXXXXXXXXXXXX') }],
		['facebook id', 'bigint', [qw(fb_id social_id)], sub { fill('1000XXXXXXXXXXX') }],
		['telegram id', 'bigint', [qw(chat_id)], sub { between(100_000_000, 7_200_000_000) }],
		['epoch', 'bigint', [qw(created created_ts)], sub { between(1_500_000_000, 1_730_000_000) }],
		['epoch in a month', 'bigint', [qw(logged_at)], sub { between(1_700_000_000, 1_702_600_000) }],
		['epoch ms', 'bigint', [qw(timestamp_ms)], sub { between(1_500_000_000_000, 1_730_000_000_000) }],
		['epoch us', 'bigint', [qw(event_time_us)], sub { between(1_500_000_000, 1_730_000_000) . digits(6) }],
		['date number', 'integer', [qw(date_key)], sub { sprintf '%04d%02d%02d', between(1990, 2024), between(1, 12), between(1, 28) }],
		['date of this year', 'text', [qw(booking_date)], sub { sprintf '2024%02d%02d', between(1, 12), between(1, 28) }],
		['date and time number', 'text', [qw(stamp created_key)], sub { sprintf '2023%02d%02d%02d%02d%02d', between(1, 12), between(1, 28), between(0, 23), between(0, 59), between(0, 59) }],
		['date and hour', 'bigint', [qw(hour_key)], sub { sprintf '2023%02d%02d%02d', between(1, 12), between(1, 28), between(0, 23) }],
		['DDMMYYYY', 'text', [qw(birth_date)], sub { sprintf '%02d%02d%04d', between(1, 28), between(1, 12), between(1950, 2005) }],
		['DDMMYY', 'text', [qw(value_date)], sub { sprintf '%02d%02d%02d', between(1, 28), between(1, 12), between(0, 24) }],
		['months', 'integer', [qw(period)], sub { sprintf '%04d%02d', between(2000, 2024), between(1, 12) }],
		['card', 'text', [qw(card_number pan)], sub { luhn(pick('4', '51', '37') . digits(13)) }],
		['IMEI', 'text', [qw(imei)], sub { luhn('35' . digits(12)) }],
		['IMSI', 'bigint', [qw(imsi)], sub { pick('26201', '310410', '23430') . digits(9) }],
		['ICCID', 'text', [qw(iccid sim_serial)], sub { luhn('8949' . digits(14)) }],
		['EAN-13', 'text', [qw(ean barcode)], sub { gtin(pick('400', '301', '540', '871') . digits(9)) }],
		['UPC', 'text', [qw(upc)], sub { gtin(digits(11)) }],
		['GTIN-14', 'text', [qw(gtin)], sub { gtin('1' . digits(12)) }],
		['EAN-8', 'text', [qw(ean8)], sub { gtin(digits(7)) }],
		['ISBN-13', 'text', [qw(isbn)], sub { gtin('978' . digits(9)) }],
		['CPF', 'text', [qw(cpf tax_id)], sub { cpf() }],
		['PESEL', 'text', [qw(pesel)], sub { pesel() }],
		['BSN', 'text', [qw(bsn)], sub { fill('[1-3]XXXXXXXX') }],
		['SSN digits', 'text', [qw(ssn)], sub { fill('[1-6]XXXXXXXX') }],
		['Aadhaar', 'text', [qw(aadhaar_no)], sub { fill('NXXXXXXXXXXX') }],
		['NHS', 'text', [qw(nhs_number)], sub { modulo_11(fill('4XXXXXXXX'), reverse 2 .. 10) }],
		['SIREN', 'text', [qw(siren)], sub { luhn(digits(8)) }],
		['SIRET', 'text', [qw(siret)], sub { luhn(digits(13)) }],
		['ABN', 'text', [qw(abn)], sub { fill('ZXXXXXXXXXX') }],
		['INN', 'text', [qw(inn)], sub { fill('77XXXXXXXX') }],
		['NIP', 'text', [qw(nip)], sub { fill('ZXXXXXXXXX') }],
		['RUT digits', 'text', [qw(rut)], sub { between(5_000_000, 26_000_000) }],
		['Chinese id', 'text', [qw(id_card)], sub { sprintf '%s%04d%02d%02d%s', pick(110101, 310104, 440305), between(1950, 2005), between(1, 12), between(1, 28), digits(4) }],
		['account number', 'text', [qw(account_no)], sub { digits(8) }],
		['routing number', 'text', [qw(routing_number)], sub { fill('[01]NXXXXXXX') }],
		['account number, ten', 'text', [qw(konto account)], sub { fill('ZXXXXXXXXX') }],
		['tracking number', 'text', [qw(tracking_number)], sub { '9400' . digits(15) }],
		['tracking, twelve', 'text', [qw(shipment_no)], sub { digits(12) }],
		['postal code', 'text', [qw(zip postal_code)], sub { digits(5) }],
		['postal code, six', 'text', [qw(pin_code)], sub { fill('ZXXXXX') }],
		['postal code, seven', 'text', [qw(postal)], sub { fill('ZXXXXXX') }],
		['one-time code', 'text', [qw(otp verification_code)], sub { digits(6) }],
		['PIN', 'text', [qw(pin)], sub { digits(4) }],
		['year', 'integer', [qw(year)], sub { between(1900, 2024) }],
		['file size', 'bigint', [qw(size_bytes file_size)], sub { int(exp(4 + rand 18)) }],
		['cents', 'bigint', [qw(amount_cents)], sub { between(100, 9_999_999) }],
		['revenue', 'numeric', [qw(revenue)], sub { int(exp(10 + rand 10)) }],
		['round amounts', 'bigint', [qw(budget)], sub { between(1, 9999) * 1_000_000 }],
		['population', 'bigint', [qw(population)], sub { int(exp(9 + rand 12)) }],
		['view count', 'bigint', [qw(views hits)], sub { int(exp(rand 16)) }],
		['quantity', 'integer', [qw(qty)], sub { between(1, 500) }],
		['meter reading', 'integer', [qw(meter_reading)], sub { growing(1_234_000, 900) }],
		['lottery numbers', 'text', [qw(draw)], sub { join ' ', map { sprintf '%02d', between(1, 49) } 1 .. 6 }],
		['lottery numbers by hyphens', 'text', [qw(draw)], sub { join '-', map { sprintf '%02d', between(1, 49) } 1 .. 6 }],
		['range from ten million', 'text', [qw(customer_no account_no)], sub { between(10_000_000, 19_999_999) }],
		['range to forty million', 'bigint', [qw(article_id pmid)], sub { between(10_000_000, 39_999_999) }],
		['range from a hundred million', 'bigint', [qw(post_id)], sub { between(100_000_000, 240_000_000) }],
		['order of a year, six digits', 'text', [qw(order_no)], sub { '2024-' . digits(6) }],
		['order of a year, seven digits', 'text', [qw(order_no)], sub { pick(2022, 2023, 2024) . '-' . digits(7) }],
		['ledger account', 'text', [qw(ledger_account)], sub { fill('01-XXXX-XXXX') }],
		['part number behind zero', 'text', [qw(part_number)], sub { fill('0 XXX XXX XXX') }],
		['passport, nine digits', 'text', [qw(passport_no)], sub { fill('[45]XXXXXXXX') }],
		['checksum', 'bigint', [qw(crc32)], sub { between(0, 4_294_967_295) }],
		['IPv4 as a number', 'bigint', [qw(ip_num)], sub { between(167_772_160, 3_758_096_383) }],
		['codes repeated', 'text', [qw(product_code)], sub { pick('2125551234', '4155552671', '3035550188', '6175551212') }],
		['one value', 'bigint', [qw(tenant)], sub { 4_158_586_273 }],
		['colour', 'integer', [qw(color_int)], sub { between(0, 16_777_215) }],
		['permille', 'integer', [qw(score)], sub { between(0, 1000) }],
		['NAICS', 'text', [qw(naics)], sub { fill('[1-9][1-9]XXXX') }],
		['HS code', 'text', [qw(hs_code tariff)], sub { sprintf '%02d%s', between(1, 97), digits(8) }],
		['OSM id', 'bigint', [qw(osm_id)], sub { between(100_000, 11_000_000_000) }],
		['device serial', 'text', [qw(serial)], sub { '2023' . digits(8) }],
		['octal', 'text', [qw(mode)], sub { '0' . pick(644, 755, 600) }],
		['longitude, scaled', 'integer', [qw(lon_e7)], sub { between(-1_800_000_000, 1_800_000_000) }],
	);
}

# Digits with punctuation.
sub punctuated_families
{
	return (
		['ISO date', 'text', [qw(date created_on)], sub { sprintf '%04d-%02d-%02d', between(1980, 2024), between(1, 12), between(1, 28) }],
		['German date', 'text', [qw(datum)], sub { sprintf '%02d.%02d.%04d', between(1, 28), between(1, 12), between(1980, 2024) }],
		['US date', 'text', [qw(due_date)], sub { sprintf '%d/%d/%04d', between(1, 12), between(1, 28), between(1980, 2024) }],
		['timestamp', 'text', [qw(created_at)], sub { sprintf '%04d-%02d-%02d %02d:%02d:%02d', between(2000, 2024), between(1, 12), between(1, 28), between(0, 23), between(0, 59), between(0, 59) }],
		['ISO timestamp', 'text', [qw(updated_at)], sub { sprintf '%04d-%02d-%02dT%02d:%02d:%02d.%sZ', between(2000, 2024), between(1, 12), between(1, 28), between(0, 23), between(0, 59), between(0, 59), digits(3) }],
		['basic timestamp', 'text', [qw(backup_name)], sub { sprintf '%04d%02d%02d-%02d%02d%02d', between(2000, 2024), between(1, 12), between(1, 28), between(0, 23), between(0, 59), between(0, 59) }],
		['time', 'text', [qw(opens_at)], sub { sprintf '%02d:%02d:%02d', between(0, 23), between(0, 59), between(0, 59) }],
		['opening hours', 'text', [qw(hours)], sub { sprintf '%02d:00 - %02d:30', between(7, 11), between(14, 22) }],
		['IPv4', 'text', [qw(ip_address client_ip)], sub { ip() }],
		['IPv4 with port', 'text', [qw(endpoint)], sub { ip() . ':' . between(1024, 65535) }],
		['network', 'text', [qw(cidr)], sub { ip() . '/' . between(8, 32) }],
		['SSN', 'text', [qw(ssn social_security)], sub { fill('[1-6]XX-XX-XXXX') }],
		['CPF formatted', 'text', [qw(cpf documento)], sub { cpf() =~ s/(...)(...)(...)(..)/$1.$2.$3-$4/r }],
		['CNPJ', 'text', [qw(cnpj)], sub { fill('XX.XXX.XXX/0001-XX') }],
		['RUT', 'text', [qw(rut)], sub { fill('[1-2]X.XXX.XXX-X') }],
		['Swedish personal number', 'text', [qw(personnummer)], sub { sprintf '%02d%02d%02d-%s', between(40, 99), between(1, 12), between(1, 28), digits(4) }],
		['Aadhaar grouped', 'text', [qw(aadhaar)], sub { fill('NXXX XXXX XXXX') }],
		['NHS grouped', 'text', [qw(nhs_no)], sub { fill('4XX XXX XXXX') }],
		['Korean resident number', 'text', [qw(rrn)], sub { sprintf '%02d%02d%02d-%s', between(40, 99), between(1, 12), between(1, 28), fill('[1-2]XXXXXX') }],
		['card grouped', 'text', [qw(card_no)], sub { join ' ', luhn('4' . digits(14)) =~ /..../g }],
		['card dashed', 'text', [qw(credit_card)], sub { join '-', luhn('5' . digits(14)) =~ /..../g }],
		['ISBN dashed', 'text', [qw(isbn)], sub { fill('978-X-XXX-XXXXX-X') }],
		['ISBN-10', 'text', [qw(isbn10)], sub { fill('X-XXX-XXXXX-X') }],
		['ISSN', 'text', [qw(issn)], sub { fill('XXXX-XXX{X|X|X|X}') }],
		['DOI', 'text', [qw(doi)], sub { fill('10.XXXX/') . letters(4) . '.' . digits(7) }],
		['zip plus four', 'text', [qw(zip)], sub { fill('XXXXX-XXXX') }],
		['Polish post code', 'text', [qw(kod_pocztowy)], sub { fill('XX-XXX') }],
		['Brazilian post code', 'text', [qw(cep)], sub { fill('XXXXX-XXX') }],
		['Japanese post code', 'text', [qw(yubin)], sub { fill('XXX-XXXX') }],
		['invoice by year', 'text', [qw(invoice_number)], sub { sprintf '2019-%07d', growing(100, 3) }],
		['invoice by year and month', 'text', [qw(invoice)], sub { sprintf '2023-%02d-%05d', between(1, 12), growing(1, 3) }],
		['invoice by slash', 'text', [qw(faktura)], sub { sprintf '%d/%02d/2022', $row + 1, between(1, 12) }],
		['court file', 'text', [qw(case_no)], sub { fill('XXX/XXXXX/{19|20|21}') }],
		['part number', 'text', [qw(part_no)], sub { fill('XX-XXX-XXX') }],
		['part number, long', 'text', [qw(part_number)], sub { fill('XXXX-XXXX-XX') }],
		['part number, four groups', 'text', [qw(item_code)], sub { fill('XX.XXX.XX.XX') }],
		['article number', 'text', [qw(article_no)], sub { fill('XXX.XXX.XX') }],
		['order number', 'text', [qw(order_number)], sub { fill('XXX-XXXXXXX-XXXXXXX') }],
		['lot', 'text', [qw(lot)], sub { fill('{21|22|23}XXX-XXX') }],
		['ticket number', 'text', [qw(ticket_no)], sub { fill('XXX XXXXXXXXXX') }],
		['chemical registry', 'text', [qw(cas_number)], sub { fill('ZXXXX-XX-X') }],
		['EIN', 'text', [qw(ein)], sub { fill('XX-XXXXXXX') }],
		['sort code', 'text', [qw(sort_code)], sub { fill('XX-XX-XX') }],
		['account with sort code', 'text', [qw(bank_account)], sub { fill('XX-XX-XX XXXXXXXX') }],
		['bank and branch', 'text', [qw(conta)], sub { fill('XXXX XXXXX-X') }],
		['decimals', 'numeric', [qw(price amount)], sub { sprintf '%.2f', rand 1000 }],
		['large decimals', 'numeric', [qw(total)], sub { sprintf '%.2f', exp(8 + rand 10) }],
		['money', 'text', [qw(price)], sub { '$' . between(1, 999) . ',' . digits(3) . '.' . digits(2) }],
		['European money', 'text', [qw(betrag)], sub { fill('Z.XXX.XXX,XX') }],
		['spaced thousands', 'text', [qw(montant)], sub { fill('Z XXX XXX') }],
		['measurement', 'double precision', [qw(reading)], sub { rand(100) }],
		['latitude', 'numeric', [qw(lat latitude)], sub { sprintf '%.6f', -90 + rand 180 }],
		['coordinates', 'text', [qw(location coords)], sub { sprintf '%.5f, %.5f', -90 + rand 180, -180 + rand 360 }],
		['coordinates by degree', 'text', [qw(position)], sub { fill('{4|5}X°[0-5]X\'[0-5]X"\N') }],
		['version', 'text', [qw(version app_version)], sub { join '.', map { between(0, 40) } 1 .. 3 }],
		['build', 'text', [qw(build)], sub { fill('10.0.[1-2]XXXX.XXX') }],
		['range of years', 'text', [qw(period years)], sub { my $y = between(1900, 2000); $y . '-' . ($y + between(1, 20)) }],
		['range', 'text', [qw(range)], sub { my $n = between(100, 5000); $n . '-' . ($n + between(10, 900)) }],
		['pages', 'text', [qw(pages)], sub { my $n = between(100, 2000); 'pp. ' . $n . '-' . ($n + 12) }],
		['score', 'text', [qw(result)], sub { between(0, 6) . '-' . between(0, 6) . ' ' . between(0, 6) . '-' . between(0, 6) }],
		['dimensions', 'text', [qw(dimensions)], sub { join ' x ', map { between(10, 2000) } 1 .. 3 }],
		['ratio', 'text', [qw(odds)], sub { between(1, 900) . '/' . between(1, 900) }],
		['equation', 'text', [qw(formula)], sub { between(100, 999) . ' + ' . between(1000, 9999) . ' = ' . between(1000, 9999) }],
		['paragraph', 'text', [qw(section)], sub { join '.', map { between(1, 20) } 1 .. between(2, 5) }],
		['OID', 'text', [qw(oid_path)], sub { '1.3.6.1.4.1.' . between(1, 60000) . '.' . between(1, 99) }],
		['numbers in a list', 'integer[]', [qw(scores)], sub { '{' . join(',', map { between(1, 99_999) } 1 .. 5) . '}' }],
		['ids in a list', 'text', [qw(ids members)], sub { join ',', map { between(1_000_000, 9_999_999) } 1 .. 4 }],
		['temperature readings', 'text', [qw(series)], sub { join ' ', map { between(100, 400) } 1 .. 8 }],
		['phone-like scores', 'text', [qw(set_scores)], sub { fill('[0-7]-[0-7] [0-7]-[0-7] [0-7]-[0-7]') }],
	);
}

# Letters and at-signs.
sub lettered_families
{
	return (
		['MAC', 'text', [qw(mac_address)], sub { join ':', map { Draw::hex(2) } 1 .. 6 }],
		['IPv6', 'text', [qw(ipv6)], sub { join ':', map { Draw::hex(4) } 1 .. 8 }],
		['UUID', 'text', [qw(uuid guid)], sub { fill('hhhhhhhh-hhhh-4hhh-[89ab]hhh-hhhhhhhhhhhh') }],
		['MD5', 'text', [qw(md5 checksum)], sub { Draw::hex(32) }],
		['SHA-256', 'text', [qw(hash digest)], sub { Draw::hex(64) }],
		['git commit', 'text', [qw(commit_sha)], sub { Draw::hex(40) }],
		['short commit', 'text', [qw(revision)], sub { Draw::hex(7) }],
		['bcrypt', 'text', [qw(password_hash)], sub { '$2b$12$' . base64(52) =~ s/=//gr }],
		['base64', 'text', [qw(token blob)], sub { base64(44) }],
		['JWT', 'text', [qw(jwt)], sub { 'eyJ' . base64(20) =~ s/[=+\/]//gr . '.' . base64(40) =~ s/[=+\/]//gr . '.' . base64(40) =~ s/[=+\/]//gr }],
		['IBAN', 'text', [qw(iban)], sub { iban() }],
		['BIC', 'text', [qw(bic)], sub { fill('AAAADEFFXXX') }],
		['NINO', 'text', [qw(nino)], sub { fill('AA XX XX XX {A|B|C|D}') }],
		['DNI', 'text', [qw(dni)], sub { fill('XXXXXXXXA') }],
		['PAN India', 'text', [qw(pan_no)], sub { fill('AAA{P|C}AXXXXA') }],
		['passport', 'text', [qw(passport_no)], sub { fill('AXXXXXXXX') }],
		['VAT', 'text', [qw(vat_number)], sub { fill('{DE|GB|ATU|PL|NL}XXXXXXXXX') }],
		['tracking UPS', 'text', [qw(tracking)], sub { fill('1\Z999\A\A1XXXXXXXXXX') }],
		['tracking post', 'text', [qw(tracking_no)], sub { fill('AAXXXXXXXXX{GB|DE|CN}') }],
		['plate', 'text', [qw(plate license_plate)], sub { fill('{AA-AA XXXX|AAXX AAA|AAA-XXX}') }],
		['VIN', 'text', [qw(vin)], sub { fill('{WVW|WBA|1HG}AA') . fill('XAXXXAXXXXXX') }],
		['flight', 'text', [qw(flight_no)], sub { fill('{LH|BA|AF|UA} XXXX') }],
		['SKU', 'text', [qw(sku)], sub { fill('AAA-XXXXX-AA') }],
		['SKU with digits', 'text', [qw(product_sku)], sub { fill('AXX-XXX-XXXX') }],
		['prefixed order', 'text', [qw(order_ref)], sub { 'ORD-' . digits(10) }],
		['prefixed invoice', 'text', [qw(invoice_no)], sub { 'INV-2023-' . digits(6) }],
		['case with hash', 'text', [qw(ticket)], sub { '#' . digits(7) }],
		['serial', 'text', [qw(serial_number)], sub { fill('SNXXXXXXXXXX') }],
		['git remote', 'text', [qw(remote repo_url)], sub { 'git@' . pick('github.com', 'gitlab.com', 'bitbucket.org') . ':' . word() . '/' . word() . '.git' }],
		['ssh remote', 'text', [qw(clone_url)], sub { 'ssh://git@' . word() . '.com:' . pick(22, 2222) . '/' . word() . '/' . word() . '.git' }],
		['package version', 'text', [qw(package dependency)], sub { word() . '-' . word() . '@' . join '.', map { between(0, 20) } 1 .. 3 }],
		['scoped package', 'text', [qw(npm_package)], sub { '@' . word() . '/' . word() . '@^' . join '.', map { between(0, 20) } 1 .. 3 }],
		['image name', 'text', [qw(docker_image)], sub { 'registry.' . word() . '.io/' . word() . '@sha256:' . Draw::hex(64) }],
		['icon', 'text', [qw(file_name icon)], sub { word() . pick('@2x', '@3x') . '.png' }],
		['handle', 'text', [qw(handle twitter)], sub { '@' . lc(first_name()) . digits(2) }],
		['two handles', 'text', [qw(mentions)], sub { '@' . word() . ' @' . word() . '.' . word() }],
		['matrix id', 'text', [qw(matrix_id)], sub { '@' . word() . digits(2) . ':matrix.org' }],
		['fediverse handle', 'text', [qw(fediverse)], sub { '@' . word() . digits(2) . '@' . pick('mastodon.social', 'hachyderm.io') }],
		['hashtag', 'text', [qw(tags)], sub { '#' . word() . ' #' . word() . between(1, 2024) }],
		['URL', 'text', [qw(url link website)], sub { 'https://www.' . word() . word() . '.com/' . word() . '/' . digits(8) }],
		['URL with password', 'text', [qw(proxy_url)], sub { 'http://' . word() . ':' . letters(8) . '@' . word() . '.example.com:8080/' }],
		['map URL', 'text', [qw(map_link)], sub { sprintf 'https://www.google.com/maps/@%.6f,%.6f,15z', rand 90, rand 180 }],
		['profile URL', 'text', [qw(profile_url)], sub { 'https://medium.com/@' . word() . digits(2) . '/' . word() }],
		['DSN', 'text', [qw(dsn connection_string)], sub { 'postgres://' . word() . ':' . letters(10) . '@db' . between(1, 9) . '.' . word() . '.com:5432/' . word() }],
		['MongoDB DSN', 'text', [qw(database_url)], sub { 'mongodb+srv://' . word() . ':' . letters(8) . '@cluster' . between(0, 9) . '.' . letters(5) . '.mongodb.net/' . word() }],
		['user at host', 'text', [qw(ssh_target principal)], sub { pick('root', 'deploy', 'ubuntu') . '@' . pick('web', 'db') . between(1, 99) }],
		['Message-ID', 'text', [qw(message_id)], sub { 'Message-ID: <' . letters(12) . digits(6) . '@mail.' . word() . '.com>' }],
		['host name', 'text', [qw(hostname fqdn)], sub { word() . between(1, 99) . '.' . word() . '.com' }],
		['path', 'text', [qw(path)], sub { '/var/lib/' . word() . '/' . word() . '-' . digits(8) . '.log' }],
		['file name with date', 'text', [qw(filename)], sub { 'IMG_' . sprintf('2023%02d%02d_%02d%02d%02d', between(1, 12), between(1, 28), between(0, 23), between(0, 59), between(0, 59)) . '.jpg' }],
		['user agent', 'text', [qw(user_agent)], sub { 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/' . between(80, 120) . '.0.' . digits(4) . '.' . digits(2) . ' Safari/537.36' }],
		['person name', 'text', [qw(name full_name)], sub { person() }],
		['first name', 'text', [qw(first_name)], sub { first_name() }],
		['company', 'text', [qw(company)], sub { company() }],
		['company with number', 'text', [qw(supplier)], sub { company() . ' ' . digits(6) }],
		['address', 'text', [qw(address street)], sub { between(1, 9999) . ' ' . street() . ', ' . city() . ' ' . digits(5) }],
		['apartment', 'text', [qw(address2)], sub { pick('Apt ', 'Suite ', 'Unit #') . between(1, 3000) }],
		['PO box', 'text', [qw(po_box)], sub { 'P.O. Box ' . digits(5) . ', ' . digits(5) . '-' . digits(4) }],
		['city', 'text', [qw(city)], sub { city() }],
		['product', 'text', [qw(product_name)], sub { ucfirst(word()) . ' ' . ucfirst(word()) . ' ' . between(100, 9999) }],
		['phone model', 'text', [qw(phone_model device)], sub { pick('iPhone 1', 'Galaxy S2', 'Pixel ') . between(0, 9) . pick('', ' Pro', ' 5G', ' 256GB') }],
		['status', 'text', [qw(status)], sub { pick('active', 'pending', 'closed') }],
		['country', 'text', [qw(country_code)], sub { pick('US', 'DE', 'GB', 'FR', 'IN') }],
		['currency', 'text', [qw(currency)], sub { pick('USD', 'EUR', 'GBP') }],
		['measures', 'text', [qw(dosage size)], sub { between(1, 900) . ' ' . pick('mg', 'ml', 'cm', 'kg') . ' / ' . between(1, 90) . ' h' }],
		['boolean words', 'text', [qw(flag)], sub { pick('yes', 'no') }],
		['nothing', 'text', [qw(unused)], sub { undef }],
		['white space', 'text', [qw(padding)], sub { pick('', ' ', '  ') }],
		['XPath', 'text', [qw(xpath)], sub { '//' . word() . '[@' . word() . '="' . word() . '"]/@' . word() }],
		['annotation', 'text', [qw(source_line)], sub { '@' . ucfirst(word()) . '(' . word() . ' = ' . between(1, 99) . ')' }],
		['prices by at', 'text', [qw(order_text)], sub { between(1, 99) . ' @ ' . between(1, 99) . '.' . digits(2) . ' each' }],
		['time at place', 'text', [qw(event)], sub { ucfirst(word()) . ' @ ' . city() . ', ' . between(1, 12) . 'pm' }],
	);
}

# Prose with digits and at-signs in it that are neither.
sub prose_families
{
	my @names = qw(notes comment description message remarks content);
	my %put = (
		'nothing' => sub { '' },
		'order numbers' => sub { 'Order ' . digits(10) . ' was shipped' },
		'dashed order numbers' => sub { 'Order ' . fill('XXX-XXXXXXX-XXXXXXX') },
		'part numbers' => sub { 'Replaced part ' . fill('XX-XXX-XXX') },
		'invoice numbers' => sub { 'Invoice ' . sprintf('2019-%07d', between(1, 90000)) },
		'amounts' => sub { 'Paid ' . between(1, 9) . ',' . digits(3) . '.' . digits(2) . ' EUR' },
		'spaced amounts' => sub { 'Total ' . fill('Z XXX XXX') . ' EUR' },
		'dates' => sub { sprintf 'Seen on %02d.%02d.%04d at %02d:%02d', between(1, 28), between(1, 12), between(1990, 2024), between(0, 23), between(0, 59) },
		'ranges' => sub { 'Years ' . between(1900, 1950) . '-' . between(1951, 2024) },
		'handles' => sub { 'Thanks @' . word() . ' and @' . lc first_name() },
		'packages' => sub { 'Bumped ' . word() . '@' . join '.', map { between(0, 20) } 1 .. 3 },
		'IPs' => sub { 'Request from ' . ip() },
		'tracking numbers' => sub { 'Tracking ' . '9400' . digits(15) },
		'meter readings' => sub { 'Meter ' . digits(6) . ' reads ' . digits(5) },
		'cards' => sub { 'Card ' . join ' ', luhn('4' . digits(14)) =~ /..../g },
		'IBANs' => sub { 'Pay to ' . iban() },
		'serials' => sub { 'Serial no. ' . digits(10) },
		'equations' => sub { between(100, 999) . ' x ' . between(1000, 9999) . ' = ' . digits(6) },
		'coordinates' => sub { sprintf 'Found at %.6f, %.6f', rand 90, rand 180 },
		'case numbers' => sub { 'Case ' . fill('XX XXX XXXX') },
		'ISBNs' => sub { 'ISBN ' . fill('978-X-XXX-XXXXX-X') },
		'long numbers' => sub { 'Reference ' . digits(between(7, 12)) . '.' },
		'scores' => sub { fill('Won [0-7]-[0-7] [0-7]-[0-7] [0-7]-[0-7]') },
		'social security' => sub { 'SSN ' . fill('XXX-XX-XXXX') },
	);

	return map {
		my $put = $put{$_};
		["prose with $_", 'text', \@names, sub {
			my $text = sentence();
			$text .= ' ' . $put->() . '.' if chance(0.6);
			return $text . (chance(0.4) ? ' ' . sentence() : '');
		}]
	} sort keys %put;
}

sub add_documents
{
	my ($add) = @_;

	$add->('json without', type => 'jsonb', names => [qw(data payload)], make => sub {
		sprintf '{"id": %d, "sku": "%s", "total": %.2f, "at": "2024-0%d-1%d", "ean": "%s"}', $row,
		  fill('AA-XXXX'), rand 1000, between(1, 9), between(0, 9), gtin(digits(12)) });
	$add->('json numbers', type => 'jsonb', names => [qw(metrics)], make => sub {
		sprintf '{"a": %d, "b": [%d, %d], "ts": %d}', digits(9), digits(7), digits(10), between(1_500_000_000, 1_700_000_000) });
	$add->('xml without', names => [qw(xml)], make => sub {
		'<item id="' . digits(8) . '"><price>' . between(1, 99) . '.99</price><ean>' . gtin(digits(12)) . '</ean></item>' });
	$add->('css', names => [qw(style)], make => sub { '@media (max-width: ' . between(300, 1200) . 'px) { .' . word() . ' { margin: ' . between(1, 9) . 'px } }' });
	$add->('log without', names => [qw(log_line)], make => sub {
		sprintf '2024-%02d-%02d 10:%02d:%02d,%03d INFO [worker-%d] req=%s took %d ms, %d bytes', between(1, 12), between(1, 28), between(0, 59), between(0, 59), between(0, 999), between(1, 20), Draw::hex(16), between(1, 9999), between(100, 9_999_999) });
	return;
}

sub add_all
{
	my ($add) = @_;

	foreach (digit_families(), punctuated_families(), lettered_families(), prose_families())
	{
		my ($name, $type, $names, $make) = @$_;
		$add->($name, type => $type, names => $names, make => $make);
	}
	add_documents($add);
	return;
}

1;
