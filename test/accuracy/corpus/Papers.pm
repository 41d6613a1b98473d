# Papers.pm
#
# Families of columns that hold neither kind: the numbers that states, banks,
# shops and machines give, with their real check digits where they have any.
package Papers;

use strict;
use warnings;
use utf8;

use Draw;

# The sum of digits times weights.
sub weighted_sum
{
	my ($digits, @weights) = @_;
	my $sum = 0;

	$sum += substr($digits, $_, 1) * $weights[$_] foreach 0 .. $#weights;
	return $sum;
}

# Append the check digit of a weighted sum; of one that would be ten, draw anew.
sub checked
{
	my ($pattern, $modulus, @weights) = @_;

	while (1)
	{
		my $digits = fill($pattern);
		my $check = weighted_sum($digits, @weights) % $modulus;

		return $digits . $check if $check < 10;
	}
	return;
}

# Append the digit that fills the sum up to a multiple of the modulus.
sub filled_up
{
	my ($digits, $modulus, @weights) = @_;

	return $digits . (($modulus - weighted_sum($digits, @weights) % $modulus) % $modulus) % 10;
}

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

# Append the check digit of ISO 7064, modulo 11,10.
sub iso_7064
{
	my ($digits) = @_;
	my $product = 10;

	foreach (split //, $digits)
	{
		my $sum = ($_ + $product) % 10 || 10;
		$product = 2 * $sum % 11;
	}
	return $digits . (11 - $product) % 10;
}

# Append Verhoeff's check digit.
sub verhoeff
{
	my ($digits) = @_;
	my @shift = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4);
	my $times = sub {
		my ($a, $b) = @_;
		return $a < 5 ? $b < 5 ? ($a + $b) % 5 : 5 + ($a + $b - 5) % 5
		  : $b < 5 ? 5 + ($a - 5 - $b) % 5 : ($a - $b) % 5;
	};
	my $check = 0;
	my $place = 1;

	foreach my $digit (reverse split //, $digits)
	{
		$digit = $shift[$digit] for 1 .. $place % 8;
		$check = $times->($check, $digit);
		$place++;
	}
	return $digits . ($check == 0 ? 0 : $check < 5 ? 5 - $check : $check);
}

sub tckn
{
	my $digits = fill('ZXXXXXXXX');
	my @d = split //, $digits;
	my $tenth = (7 * ($d[0] + $d[2] + $d[4] + $d[6] + $d[8]) - ($d[1] + $d[3] + $d[5] + $d[7])) % 10;
	my $sum = $tenth;

	$sum += $_ foreach @d;
	return $digits . $tenth . $sum % 10;
}

sub snils
{
	my $digits = fill('[01]XXXXXXXX');
	return $digits . sprintf '%02d', weighted_sum($digits, reverse 1 .. 9) % 101 % 100;
}

sub cnpj
{
	my $digits = filled_up(digits(8) . '0001', 11, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2);
	return filled_up($digits, 11, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2);
}

sub cuit { return checked('{20|23|27|30}XXXXXXXX', 11, 6, 7, 8, 9, 4, 5, 6, 7, 8, 9); }

sub nip { return checked('[1-9][1-9]XXXXXXX', 11, 6, 5, 7, 2, 3, 4, 5, 6, 7); }

sub rut
{
	my $n = between(4_000_000, 26_000_000);
	my ($sum, $weight) = (0, 2);

	foreach (reverse split //, $n)
	{
		$sum += $_ * $weight;
		$weight = $weight == 7 ? 2 : $weight + 1;
	}
	return $n . ('-', (1 .. 9), 'K', '0')[ 11 - $sum % 11 ] =~ s/^-$/0/r;
}

sub birth { return sprintf '%02d%02d%02d', between(40, 99), between(1, 12), between(1, 28); }

sub birth_first { return sprintf '%02d%02d%02d', between(1, 28), between(1, 12), between(40, 99); }

# Put hyphens, blanks and dots into digits: groups and what joins them.
sub grouped
{
	my ($digits, $format) = @_;
	my @digits = split //, $digits;

	$format =~ s/#/shift @digits/ge;
	return $format . join '', @digits;
}

my $start;

sub growing
{
	my ($from, $step) = @_;

	$start = $from if $row == 0;
	return $start += between(1, $step);
}

# Of persons and firms: name, type, column names, how one is made.
sub state_families
{
	return (
		['NIP checked', 'text', [qw(nip)], \&nip],
		['NIP dashed', 'text', [qw(nip nip_klienta)], sub { grouped(nip(), pick('###-###-##-##', '###-##-##-###')) }],
		['REGON', 'text', [qw(regon)], sub { checked('XXXXXXXX', 11, 8, 9, 2, 3, 4, 5, 6, 7) }],
		['INN of firms', 'bigint', [qw(inn)], sub { my $d = sprintf('%02d', between(1, 92)) . digits(7); $d . weighted_sum($d, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 }],
		['INN of Moscow', 'text', [qw(inn)], sub { my $d = '77' . digits(7); $d . weighted_sum($d, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 }],
		['INN of persons', 'text', [qw(inn)], sub { my $d = '50' . digits(8); $d .= weighted_sum($d, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10; $d . weighted_sum($d, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 }],
		['SNILS', 'text', [qw(snils)], \&snils],
		['SNILS grouped', 'text', [qw(snils)], sub { grouped(snils(), '###-###-### ##') }],
		['TCKN', 'text', [qw(tckn kimlik_no)], \&tckn],
		['CUIT', 'bigint', [qw(cuit cuil)], \&cuit],
		['CUIT dashed', 'text', [qw(cuit)], sub { grouped(cuit(), '##-########-#') }],
		['CNPJ checked', 'text', [qw(cnpj)], \&cnpj],
		['Aadhaar checked', 'text', [qw(aadhaar uid_no)], sub { verhoeff(fill('NXXXXXXXXXX')) }],
		['NPI', 'bigint', [qw(npi provider_npi)], sub { substr luhn('808401' . digits(8)), 5 }],
		['ABA', 'text', [qw(aba_number routing)], sub { filled_up(fill('{01|02|03|05|06|07|09|10|11|12|26|31|32}XXXXXX'), 10, 3, 7, 1, 3, 7, 1, 3, 7) }],
		['SIN', 'text', [qw(sin)], sub { luhn(fill('[1-7]XXXXXXX')) }],
		['SIN spaced', 'text', [qw(sin)], sub { grouped(luhn(fill('[1-7]XXXXXXX')), '### ### ###') }],
		['Teudat Zehut', 'text', [qw(teudat_zehut id_number)], sub { luhn(fill('[023]XXXXXXX')) }],
		['TFN spaced', 'text', [qw(tfn)], sub { fill('XXX XXX XXX') }],
		['ABN spaced', 'text', [qw(abn)], sub { fill('ZX XXX XXX XXX') }],
		['ACN spaced', 'text', [qw(acn)], sub { fill('{0|1|6}XX XXX XXX') }],
		['Medicare', 'text', [qw(medicare_no)], sub { fill('[2-6]XXX XXXXX X') }],
		['IRD', 'text', [qw(ird)], sub { fill('{0|1}XX-XXX-XXX') }],
		['Swedish personal number, digits', 'text', [qw(personnummer)], sub { luhn(birth() . digits(3)) }],
		['Swedish personal number, long', 'text', [qw(personnummer)], sub { '19' . luhn(birth() . digits(3)) }],
		['Swedish firms', 'text', [qw(orgnr)], sub { luhn(fill('55[6-9]XXXXXX')) =~ s/^(.{6})/$1-/r }],
		['CPR', 'text', [qw(cpr cpr_nummer)], sub { birth_first() . '-' . digits(4) }],
		['CPR digits', 'text', [qw(cpr)], sub { birth_first() . digits(4) }],
		['Norwegian birth number', 'text', [qw(fodselsnummer)], sub { birth_first() . digits(5) }],
		['Norwegian firms', 'text', [qw(organisasjonsnummer)], sub { filled_up(fill('{8|9}XXXXXXX'), 11, 3, 2, 7, 6, 5, 4, 3, 2) }],
		['KvK', 'text', [qw(kvk_nummer)], sub { fill('[0-7]XXXXXXX') }],
		['Portuguese tax number', 'text', [qw(nif)], sub { filled_up(fill('[125]XXXXXXX'), 11, reverse 2 .. 9) }],
		['German tax id', 'text', [qw(steuer_id)], sub { iso_7064(fill('ZXXXXXXXXX')) }],
		['German tax number', 'text', [qw(steuernummer)], sub { fill('{1|2|3|4|5}X/XXX/XXXXX') }],
		['German health card', 'text', [qw(kvnr)], sub { fill('AXXXXXXXXX') }],
		['German trade register', 'text', [qw(handelsregister)], sub { pick('HRB ', 'HRA ') . between(1000, 250000) }],
		['partita IVA', 'text', [qw(partita_iva)], sub { luhn(fill('0XXXXXXX{0|1}{0|1|5}')) }],
		['French social security', 'text', [qw(nir numero_secu)], sub { fill('{1|2} [5-9]X {0Z|1[0-2]} XX XXX XXX XX') }],
		['French social security, digits', 'text', [qw(nir)], sub { fill('{1|2}[5-9]X{0Z|1[0-2]}XXXXXXXXXX') }],
		['Belgian national number', 'text', [qw(rijksregisternummer)], sub { sprintf '%02d.%02d.%02d-%s.%s', between(40, 99), between(1, 12), between(1, 28), digits(3), digits(2) }],
		['Belgian firms', 'text', [qw(ondernemingsnummer kbo)], sub { fill('{0|1}XXX.XXX.XXX') }],
		['Belgian firms, digits', 'text', [qw(kbo)], sub { my $n = '0' . fill('[4-7]XXXXXX'); $n . sprintf '%02d', 97 - $n % 97 }],
		['AHV', 'text', [qw(ahv_nummer)], sub { fill('756.XXXX.XXXX.XX') }],
		['Austrian insurance', 'text', [qw(svnr)], sub { fill('ZXXX') . birth_first() }],
		['AFM', 'text', [qw(afm)], sub { my $d = fill('{0|1}XXXXXXX'); $d . weighted_sum($d, 256, 128, 64, 32, 16, 8, 4, 2) % 11 % 10 }],
		['TAJ', 'text', [qw(taj_szam)], sub { fill('XXX XXX XXX') }],
		['Hungarian tax number', 'text', [qw(adoszam)], sub { fill('XXXXXXXX-[1-5]-{02|13|41|42}') }],
		['CNP', 'text', [qw(cnp)], sub { fill('[1256]') . birth() . digits(6) }],
		['EGN', 'text', [qw(egn)], sub { my $d = birth() . digits(3); $d . weighted_sum($d, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10 }],
		['Czech birth number', 'text', [qw(rodne_cislo)], sub { birth() . '/' . digits(4) }],
		['Czech birth number, digits', 'text', [qw(rodne_cislo)], sub { my $n = birth() . digits(3); my $r = $n % 11; $n . $r % 10 }],
		['Czech firms', 'text', [qw(ico)], sub { filled_up(fill('{0|2|4|6}XXXXXX'), 11, reverse 2 .. 8) }],
		['OIB', 'text', [qw(oib)], sub { iso_7064(digits(10)) }],
		['Ukrainian tax number', 'text', [qw(ipn rnokpp)], sub { fill('[23]XXXXXXXXX') }],
		['EDRPOU', 'text', [qw(edrpou)], sub { fill('[2-4]XXXXXXX') }],
		['IIN', 'text', [qw(iin)], sub { birth() . fill('[3-6]XXXXX') }],
		['South African id', 'text', [qw(sa_id id_number)], sub { luhn(birth() . digits(4) . '08') }],
		['NIN of Nigeria', 'text', [qw(nin)], sub { digits(11) }],
		['BVN', 'text', [qw(bvn)], sub { '22' . digits(9) }],
		['Kenyan id', 'integer', [qw(national_id)], sub { between(1_000_000, 41_000_000) }],
		['Egyptian id', 'text', [qw(national_id)], sub { '2' . birth() . digits(7) }],
		['CNIC', 'text', [qw(cnic)], sub { fill('[1-7]XXXX-XXXXXXX-X') }],
		['CNIC digits', 'text', [qw(cnic)], sub { fill('[1-7]XXXXXXXXXXXX') }],
		['NID of Bangladesh', 'text', [qw(nid)], sub { fill('ZXXXXXXXXX') }],
		['NIC of Sri Lanka', 'text', [qw(nic)], sub { '19' . between(40, 99) . sprintf('%03d', between(1, 365)) . digits(5) }],
		['My Number', 'text', [qw(my_number kojin_bango)], sub { digits(12) }],
		['Korean resident number', 'text', [qw(rrn jumin)], sub { birth() . '-' . fill('{1|2}XXXXXX') }],
		['Korean business number', 'text', [qw(brn)], sub { fill('[1-8]XX-[0-8]X-XXXXX') }],
		['Taiwanese firms', 'text', [qw(tax_no)], sub { digits(8) }],
		['MyKad', 'text', [qw(mykad nric)], sub { birth() . '-' . sprintf('%02d', between(1, 16)) . '-' . digits(4) }],
		['MyKad digits', 'text', [qw(mykad)], sub { birth() . sprintf('%02d', between(1, 16)) . digits(4) }],
		['Thai id', 'text', [qw(citizen_id)], sub { fill('[1-8]-XXXX-XXXXX-XX-X') }],
		['Thai id, digits', 'text', [qw(citizen_id)], sub { fill('[1-8]XXXXXXXXXXXX') }],
		['CCCD', 'text', [qw(cccd)], sub { fill('0{01|31|48|79|92}[0-3]XXXXXXXX') }],
		['NIK', 'text', [qw(nik no_ktp)], sub { fill('{31|32|33|35|36}[0-7]X0Z') . birth_first() . '000' . digits(1) }],
		['NPWP', 'text', [qw(npwp)], sub { fill('0[1-9].XXX.XXX.X-XXX.000') }],
		['TIN of the Philippines', 'text', [qw(tin)], sub { fill('XXX-XXX-XXX-000') }],
		['SSS', 'text', [qw(sss_no)], sub { fill('{03|33|34}-XXXXXXX-X') }],
		['ITIN', 'text', [qw(itin)], sub { fill('9XX-[78]X-XXXX') }],
		['CLABE', 'text', [qw(clabe)], sub { fill('0{02|12|14|72}XXXXXXXXXXXXXXX') }],
		['NSS', 'text', [qw(nss)], sub { luhn(digits(10)) }],
		['RUT with dots', 'text', [qw(rut)], sub { rut() =~ s/^(\d+)(\d{3})(\d{3})(.)$/$1.$2.$3-$4/r }],
		['cedula of Colombia', 'bigint', [qw(cedula)], sub { pick(between(1_000_000_000, 1_199_999_999), between(10_000_000, 99_999_999)) }],
		['cedula of Colombia, dots', 'text', [qw(cedula)], sub { '1.' . fill('0XX.XXX.XXX') }],
		['NIT', 'text', [qw(nit)], sub { fill('{8|9}XX.XXX.XXX-X') }],
		['DNI of Peru', 'text', [qw(dni)], sub { fill('{0|1|4|7}XXXXXXX') }],
		['RUC of Peru', 'text', [qw(ruc)], sub { checked('{20|10}XXXXXXXX', 11, 6, 7, 8, 9, 4, 5, 6, 7, 8, 9) }],
		['cedula of Ecuador', 'text', [qw(cedula)], sub { luhn(sprintf('%02d', between(1, 24)) . fill('[0-5]XXXXXX')) }],
		['RUC of Ecuador', 'text', [qw(ruc)], sub { luhn(sprintf('%02d', between(1, 24)) . fill('[0-5]XXXXXX')) . '001' }],
		['PIS', 'text', [qw(pis_pasep)], sub { filled_up('1' . digits(9), 11, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) }],
		['voter title', 'text', [qw(titulo_eleitor)], sub { digits(12) }],
	);
}

# Of accounts, goods and machines.
sub trade_families
{
	return (
		['random int4', 'integer', [qw(hash_code seed)], sub { between(0, 2_147_483_647) }],
		['random int8', 'bigint', [qw(fingerprint)], sub { int(rand(9.2e18)) }],
		['IPv4 of one network', 'bigint', [qw(ip_from)], sub { 3_232_235_520 + between(0, 65_535) }],
		['one tenth of int4', 'integer', [qw(node_id)], sub { between(0, 214_748_364) }],
		['hashed bucket', 'bigint', [qw(shard_key)], sub { between(1_000_000_000, 9_999_999_999) }],
		['waybill', 'text', [qw(waybill awb)], sub { fill('{1|2|3|4|5|6|7|8|9}XXXXXXXXX') }],
		['air waybill', 'text', [qw(mawb)], sub { my $n = digits(7); pick('020', '125', '157', '176') . "-$n" . $n % 7 }],
		['parcel, fourteen', 'text', [qw(parcel_no)], sub { '0' . fill('1XXXXXXXXXXXX') }],
		['FedEx', 'text', [qw(tracking)], sub { fill('{39|40|61|79}XXXXXXXXXX') }],
		['GLS', 'text', [qw(parcel)], sub { fill('{49|50|51}XXXXXXXXX') }],
		['waybill, eleven', 'text', [qw(awb_no)], sub { '1' . digits(10) }],
		['OCLC', 'bigint', [qw(oclc)], sub { between(1_000_000, 1_300_000_000) }],
		['PubMed', 'integer', [qw(pmid)], sub { between(7_000_000, 38_000_000) }],
		['auction item', 'bigint', [qw(item_id listing)], sub { pick('11', '12', '16', '17', '25', '33') . digits(10) }],
		['listing', 'bigint', [qw(listing_id)], sub { between(180_000_000, 1_650_000_000) }],
		['booking', 'text', [qw(booking_ref)], sub { fill('[1-4]XXXXXXXXX') }],
		['student by year', 'text', [qw(student_no matric_no)], sub { between(2008, 2024) . digits(5) }],
		['student by year, ten', 'text', [qw(student_id)], sub { between(2008, 2024) . digits(6) }],
		['member by branch', 'text', [qw(member_no)], sub { pick('0101', '0204', '0307', '0911') . digits(6) }],
		['library card', 'text', [qw(library_card)], sub { luhn('2' . fill('{3021|1148}XXXXXXXX')) }],
		['gift card', 'text', [qw(gift_card)], sub { '6006' . digits(12) }],
		['passport digits', 'text', [qw(passport)], sub { fill('[3-6]XXXXXXXX') }],
		['licence digits', 'text', [qw(dl_number)], sub { digits(8) }],
		['record number', 'text', [qw(mrn)], sub { fill('{00|01|02}XXXXXX') }],
		['policy', 'text', [qw(policy_no)], sub { pick('POL', 'KFZ', 'HV') . '-' . digits(9) }],
		['policy digits', 'text', [qw(policy_number)], sub { '7' . pick('01', '02', '05') . digits(7) }],
		['increment', 'text', [qw(increment_id)], sub { sprintf '%09d', 100_000_000 + growing(10, 3) }],
		['order by day', 'text', [qw(order_no)], sub { sprintf '24%02d%02d%04d', between(1, 12), between(1, 28), between(1, 900) }],
		['order by day, dashed', 'text', [qw(order_no)], sub { sprintf '24%02d%02d-%04d', between(1, 12), between(1, 28), between(1, 900) }],
		['order by year', 'text', [qw(order_no)], sub { '2023' . digits(6) }],
		['order, prefixed', 'text', [qw(order_id)], sub { '1000' . digits(6) }],
		['order, prefixed by six', 'text', [qw(order_id)], sub { '600' . digits(6) }],
		['purchase, prefixed by 55', 'bigint', [qw(po_number)], sub { '55' . digits(8) }],
		['contract, prefixed by 9', 'text', [qw(vertrag contract_no)], sub { '9' . digits(8) }],
		['contract, prefixed by 0170', 'text', [qw(vertragskonto)], sub { '0170' . digits(7) }],
		['customer, prefixed by 0', 'text', [qw(kundennummer)], sub { '0' . digits(9) }],
		['vendor zero-padded', 'text', [qw(lifnr kunnr)], sub { sprintf '%010d', between(100_000, 999_999) }],
		['material zero-padded', 'text', [qw(matnr)], sub { sprintf '%018d', between(100_000, 99_999_999) }],
		['account of Germany', 'text', [qw(kontonummer)], sub { between(100_000, 9_999_999_999) }],
		['account of India', 'text', [qw(account_no)], sub { fill('{0|1|2|3|5}') . digits(between(10, 14)) }],
		['account of Japan', 'text', [qw(koza_bango)], sub { digits(7) }],
		['account of Nigeria', 'text', [qw(nuban)], sub { fill('{0|1|2|3}XXXXXXXXX') }],
		['account with branch', 'text', [qw(bsb_account)], sub { fill('0[1-9]X-XXX XXXXXXXXX') }],
		['card masked', 'text', [qw(card_mask)], sub { pick('**** **** **** ', 'XXXX-XXXX-XXXX-') . digits(4) }],
		['card first and last', 'text', [qw(card_display)], sub { fill('4XXXXX******XXXX') }],
		['payment reference', 'text', [qw(utr)], sub { fill('[1-4]XXXXXXXXXXX') }],
		['payment address', 'text', [qw(upi_id vpa)], sub { lc(first_name()) . digits(between(0, 4)) . '@' . pick('okhdfcbank', 'ybl', 'paytm', 'upi') }],
		['creditor reference', 'text', [qw(verwendungszweck)], sub { 'RF' . digits(16) }],
		['reference of Finland', 'text', [qw(viitenumero)], sub { fill('XXXXX XXXXX XXXXX') }],
		['meter point', 'text', [qw(mpan)], sub { fill('{10|12|14|19|20}XXXXXXXXXXX') }],
		['meter serial', 'text', [qw(meter_serial)], sub { digits(8) }],
		['ISNI', 'text', [qw(isni orcid)], sub { fill('0000-000[1-3]-XXXX-XXXX') }],
		['DUNS', 'text', [qw(duns)], sub { fill('XX-XXX-XXXX') }],
		['DUNS digits', 'text', [qw(duns_number)], sub { fill('ZXXXXXXXX') }],
		['NDC', 'text', [qw(ndc)], sub { fill('{XXXXX-XXX-XX|XXXX-XXXX-XX|XXXXX-XXXX-X}') }],
		['HS code with dots', 'text', [qw(hs_code)], sub { fill('XXXX.XX.XXXX') }],
		['NCT', 'text', [qw(nct_id)], sub { 'NCT0' . digits(7) }],
		['patent', 'text', [qw(patent)], sub { 'US ' . fill('{8|9|10},XXX,XXX') }],
		['licence key', 'text', [qw(license_key)], sub { join '-', map { digits(5) } 1 .. 4 }],
		['plot', 'text', [qw(parcel_apn apn)], sub { fill('XXX-XXX-XX') }],
		['wagon', 'text', [qw(wagon)], sub { fill('[38]1 80 XXXX XXX-X') }],
		['docket', 'text', [qw(docket)], sub { fill('{1|2|3}:1X-cv-XXXXX') }],
		['MLS', 'text', [qw(mls_no)], sub { fill('[2-9]XXXXXX') }],
		['zip plus four digits', 'text', [qw(zip9)], sub { digits(9) }],
		['UTM', 'text', [qw(utm)], sub { between(200_000, 800_000) . ' ' . between(4_000_000, 6_000_000) }],
		['northing', 'integer', [qw(northing)], sub { between(4_000_000, 6_000_000) }],
		['grid', 'text', [qw(gauss_krueger)], sub { fill('34XXXXX.XX') . ' ' . fill('5[3-9]XXXXX.XX') }],
		['scaled latitude', 'integer', [qw(lat_e6)], sub { between(35_000_000, 60_000_000) }],
		['basic ISO time', 'text', [qw(stamp)], sub { sprintf '2023%02d%02dT%02d%02d%02dZ', between(1, 12), between(1, 28), between(0, 23), between(0, 59), between(0, 59) }],
		['epoch with fraction', 'text', [qw(ts)], sub { between(1_500_000_000, 1_730_000_000) . '.' . digits(6) }],
		['minute number', 'bigint', [qw(minute_key)], sub { sprintf '23%02d%02d%02d%02d', between(1, 12), between(1, 28), between(0, 23), between(0, 59) }],
		['week and item', 'text', [qw(batch)], sub { sprintf '23%02d%05d', between(1, 52), between(1, 99_999) }],
		['time range', 'text', [qw(slot)], sub { sprintf '%02d:%02d-%02d:%02d', between(0, 12), between(0, 59), between(13, 23), between(0, 59) }],
		['date range', 'text', [qw(validity)], sub { sprintf '%02d.%02d.-%02d.%02d.2024', between(1, 28), between(1, 6), between(1, 28), between(7, 12) }],
		['phone model number', 'text', [qw(phone_model handset)], sub { pick('SM-G', 'SM-A', 'XT', 'RM-', 'CPH') . digits(4) }],
		['phone part number', 'text', [qw(phone_part_no)], sub { fill('661-XXXXX') }],
		['last four', 'text', [qw(phone_last4 last_four)], sub { digits(4) }],
		['masked number', 'text', [qw(masked msisdn_masked)], sub { pick('***-***-' . digits(4), '+49 *** ***' . digits(3), '(***) ***-' . digits(4), 'XXX-XXX-' . digits(4)) }],
		['masked address', 'text', [qw(masked_login)], sub { letters(1) . '***' . letters(1) . '@' . pick('g***.com', 'gmail.com', '***.de') }],
		['extension number', 'text', [qw(extension ext)], sub { digits(between(3, 4)) }],
		['short code', 'text', [qw(shortcode)], sub { fill('[2-8]XXXX') }],
		['area code', 'text', [qw(area_code)], sub { fill('NXX') }],
		['calling code', 'text', [qw(dial_code)], sub { '+' . pick(1, 44, 49, 33, 91, 971, 420, 7, 86) }],
		['number prefix', 'text', [qw(number_prefix)], sub { '+' . pick(44, 49, 33, 91) . digits(3) }],
		['hashed address', 'text', [qw(email_hash)], sub { Draw::hex(64) }],
		['sftp URL', 'text', [qw(upload_url)], sub { 'sftp://' . word() . '@files.' . word() . '.com/in/' . word() }],
		['decorator', 'text', [qw(snippet)], sub { '@' . word() . '.' . word() . "(\"/" . word() . "\")\ndef " . word() . '(): return ' . digits(3) }],
		['telemetry', 'text', [qw(frame)], sub { join ',', map { between(-4000, 4000) } 1 .. 6 }],
		['sensor', 'text', [qw(raw)], sub { join ';', map { sprintf '%.3f', rand 100 } 1 .. 4 }],
	);
}

sub add_all
{
	my ($add) = @_;

	foreach (state_families(), trade_families())
	{
		my ($name, $type, $names, $make) = @$_;
		$add->($name, type => $type, names => $names, make => $make, columns => 1);
	}
	return;
}

1;
