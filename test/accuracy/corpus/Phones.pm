# Phones.pm
#
# Telephone numbers as people of 60 countries write them.  The plans below are
# a small part of the real ones, written down apart from the extension's own
# data; columns of them carry a few numbers that are wrong, as real ones do.
package Phones;

use strict;
use warnings;

use Exporter 'import';

use Draw;

our @EXPORT_OK = qw(@regions number nsn dialled international wrong);

# Region, calling code, trunk prefix, mobile and fixed numbers as patterns of
# Draw::fill, formats of mobile and fixed ones with the trunk prefix (| parts
# them; a trunk prefix of - is not written), formats behind the calling code.
my @plans = map { [ split /\s*;\s*/ ] } grep { /\S/ } split /\n/, <<'PLANS';
US; 1; ; {212|415|303|617|972|305|206|404|702|619}NXXXXXX; {312|718|214|713|602}NXXXXXX; (###) ###-####|###-###-####|###.###.####|### ### ####|(###)###-####; ###-###-####; ###-###-####|### ### ####|(###) ###-####
CA; 1; ; {416|604|514|403|613}NXXXXXX; {905|250|450}NXXXXXX; (###) ###-####|###-###-####|### ###-####; ###-###-####; ###-###-####|### ### ####
GB; 44; 0; 7{4|5|7|8|9}{1|2|3|4}XXXXXXX; {207[0-2]X|208[034]X|121[2-7]X|161[2-9]X|113[2-4]X}XXXXX; ##### ######|##### ### ###|#### ### ####; ### #### ####|#### ### ####|(###) #### ####; #### ######|## #### ####
DE; 49; 0; {151[1-7]|152[0-3]|157[0-9]|17[0-9]|160}XXXXXXX; {30|89|40|69}[2-7]XXXXXXX; #### #######|####/#######|####-#######|#### ### ## ##; ### ########|###/########|(###) ########; ### #######|### ### ####
FR; 33; 0; {6[0-8]|7[5-8]}XXXXXXX; {14[0-9]|4[79][0-9]|2[45][0-9]|3[28][0-9]|5[56][0-9]}XXXXXX; ## ## ## ## ##|##.##.##.##.##|##-##-##-##-##; ## ## ## ## ##; # ## ## ## ##
ES; 34; ; 6[0-8]XXXXXXX; {91|93|95}[2-8]XXXXXX; ### ### ###|### ## ## ##|###-###-###; ## ### ## ##|### ### ###; ### ### ###|### ## ## ##
IT; 39; ; 3{2[0-9]|3[013-9]|4[0-9]|8[089]|9[0-3]}XXXXXXX; {06[4-9]|02[2-9]|011[2-9]}XXXXXXX; ### #######|### ### ####|###-#######; ##-########|## ########; ### #######|### ### ####
PT; 351; ; 9[1236]XXXXXXX; 2[12][0-9]XXXXXX; ### ### ###; ### ### ###|## ### ####; ### ### ###
NL; 31; 0; 6[1-5]XXXXXXX; {20[2-7]|10[2-4]|30[2-6]}XXXXXX; ##-########|## ########|## #### ####; ###-#######|### ### ####; # ########|# ## ## ## ##
BE; 32; 0; 4{7[0-9]|8[3-9]|9[0-9]}XXXXXX; 2[2-7]XXXXXX; #### ## ## ##|####/######; ## ### ## ##; ### ## ## ##
CH; 41; 0; 7[6-9]XXXXXXX; {44|22|31|61}[2-8]XXXXXX; ### ### ## ##; ### ### ## ##; ## ### ## ##
AT; 43; 0; {664|676|660|650|699}XXXXXXX; 1[2-9]XXXXXX; #### #######|####/#######|#### ### ## ##; ## #######; ### #######|### ### ## ##
PL; 48; ; {50|51|53|60|66|69|72|78|88}XXXXXXX; 22[2-8]XXXXXX; ### ### ###|###-###-###; ## ### ## ##; ### ### ###
CZ; 420; ; {60[1-8]|72[0-9]|73[0-9]|77[0-9]}XXXXXX; 2[2-8]XXXXXXX; ### ### ###; ### ### ###; ### ### ###
SK; 421; 0; 9{0[1-8]|1[015-9]|4[0489]}XXXXXX; 2[2-6]XXXXXXX; #### ### ###; ##/####-####|## #### ####; ### ### ###
SE; 46; 0; 7[0236]XXXXXXX; 8[4-7]XXXXXX; ###-### ## ##|###-#######|### ### ## ##; ##-### ### ##; ## ### ## ##
NO; 47; ; {4[015678]|9[0-9]}XXXXXX; 2[1-4]XXXXXX; ### ## ###|## ## ## ##; ## ## ## ##; ### ## ###
DK; 45; ; {2[0-9]|3[01]|4[0-2]|5[0-3]|6[01]|71|81|9[1-3]}ZXXXXX; {33|35|36|38|39|43|44|45|70|86|87|89}ZXXXXX; ## ## ## ##|#### ####; ## ## ## ##; ## ## ## ##
FI; 358; 0; {4[0-6]|50}XXXXXXX; 9[2-8]XXXXXX; ### #######|### ### ####|###-#######; ## ### ####; ## ### ####|## #######
IE; 353; 0; 8[35-7]XXXXXXX; 1[2-8]XXXXXX; ### ### ####|###-#######; ## ### ####|(##) ### ####; ## ### ####
GR; 30; ; 69[0345789]XXXXXXX; 21[0-9][2-7]XXXXXX; ### ### ####|#### ######; ### ### ####|### #######; ### ### ####
HU; 36; 06; {20|30|70}[2-9]XXXXXX; 1[2-4]XXXXXX; ##-##-###-####|## ## ### ####|##/##-######; ## # ### ####; ## ### ####
RO; 40; 0; 7[2-8]XXXXXXX; 21[2-4]XXXXXX; #### ### ###|####.###.###; ### ### ####; ### ### ###
BG; 359; 0; 8[789][2-9]XXXXXX; 2[4-9]XXXXXX; ### ### ####|#### ### ###; ## ### ####; ## ### ####
HR; 385; 0; 9[1589][1-9]XXXXXX; 1[2-6]XXXXXX; ### ### ####|###/###-####; ## #### ###; ## ### ####
RS; 381; 0; 6[0-6][1-9]XXXXXX; 11[2-3]XXXXXX; ### ### ####|###/###-####; ### ### ####|###/#######; ## #######
UA; 380; 0; {50|63|66|67|68|9[1-9]}XXXXXXX; 44[2-5]XXXXXX; (###) ###-##-##|### ### ## ##|### ###-##-##; (###) ###-##-##; ## ### ## ##|(##) ###-##-##
RU; 7; 8; 9{0[0-6]|1[0-9]|2[0-9]|6[0-9]|8[0-9]}XXXXXXX; {495|812|343}[2-7]XXXXXX; # (###) ###-##-##|# ### ### ## ##|# ### ###-##-##|#-###-###-##-##; # (###) ###-##-##; (###) ###-##-##|### ### ## ##
KZ; 7; 8; 70[1578]XXXXXXX; 727[23]XXXXXX; # (###) ###-##-##|# ### ### ## ##; # (###) ###-##-##; ### ### ## ##
TR; 90; 0; 5{3[0-9]|4[0-9]|0[5-7]|5[0-5]}XXXXXXX; {212|312|216}[2-6]XXXXXX; #### ### ## ##|(####) ### ## ##|(####) ### ####; (####) ### ## ##|#### ### ## ##; ### ### ## ##|### ### ####
IL; 972; 0; 5{0[2-8]|2[2-8]|4[2-7]}XXXXXX; 3[5-7]XXXXXX; ###-###-####|###-#######; ##-#######|##-###-####; ##-###-####
SA; 966; 0; 5[03-9]XXXXXXX; 11[24]XXXXXX; ### ### ####; ### ### ####; ## ### ####
AE; 971; 0; 5[024568]XXXXXXX; 4[2-4]XXXXXX; ### ### ####|###-#######; ## ### ####; ## ### ####
EG; 20; 0; 1[0125]XXXXXXXX; 2[2-3]XXXXXXX; #### ### ####|### #### ####; ## #### ####; ### ### ####|## #### ####
MA; 212; 0; 6[1-7]XXXXXXX; 52[2-4][2-6]XXXXX; ## ## ## ## ##|####-######; ## ## ## ## ##; ###-######|# ## ## ## ##
ZA; 27; 0; {7[1-4]|8[2-4]|6[1-5]}XXXXXXX; {11|21|31}[2-7]XXXXXX; ### ### ####; ### ### ####|(###) ### ####; ## ### ####
NG; 234; 0; {80[35-9]|70[36]|81[03-6]|90[35-9]}XXXXXXX; {80[35]|81[03]}XXXXXXX; #### ### ####; #### ### ####; ### ### ####
KE; 254; 0; 7{0[0-9]|1[0-9]|2[0-9]|9[0-9]}XXXXXX; 20[2-6]XXXXXX; #### ######|#### ### ###; ### #######; ### ######|### ### ###
GH; 233; 0; {24|54|20|50|27}XXXXXXX; 302[2-7]XXXXX; ### ### ####; #### ### ###; ## ### ####
TZ; 255; 0; {71|74|75|76|78|65|68}XXXXXXX; 22[2-7]XXXXXX; #### ### ###; ### ### ####; ### ### ###
IN; 91; -; {98|99|97|96|94|93|90|89|88|87|70|80|81}XXXXXXXX; {22[2-6]|11[2-4]|80[2-4]|44[2-4]}XXXXXXX; ##### #####|#### ### ###|##########; ## #### ####|##-########; ##### #####|###-###-####
PK; 92; 0; 3{0[0-9]|1[0-8]|2[0-8]|3[0-6]|4[0-9]}XXXXXXX; {42|21}3[2-8]XXXXXX; ####-#######|#### #######; ###-########; ### #######
BD; 880; 0; 1[3-9]XXXXXXXX; 255XXXXXX; #####-######|##### ######; ##-########; ####-######
LK; 94; 0; 7[0125-8]XXXXXXX; 11[2-4]XXXXXX; ### ### ####|###-#######; ### ### ####; ## ### ####
CN; 86; -; {13[0-9]|15[0-35-9]|18[0-9]|17[3678]}XXXXXXXX; 10[568]XXXXXXX; ### #### ####|###-####-####; ###-########|##-########; ### #### ####
JP; 81; 0; {9|8|7}0[1-9]XXXXXXX; {3[3-6]XXXXXXX|6[4-7]XXXXXXX}; ###-####-####; ##-####-####|(##)####-####|##(####)####; ##-####-####
KR; 82; 0; 10[2-9]XXXXXXX; 2[2-7]XXXXXXX; ###-####-####|### #### ####; ##-####-####; ##-####-####
TW; 886; 0; 9[1-8]XXXXXXX; 2[2-8]XXXXXXX; ####-###-###|#### ### ###; (##) ####-####|##-####-####; ### ### ###
HK; 852; ; {9[2-8]|6[0-9]|5[346]}XXXXXX; 2[1-8]XXXXXX; #### ####|####-####; #### ####; #### ####
SG; 65; ; {8[1-8]|9[0-8]}XXXXXX; 6[2-9]XXXXXX; #### ####; #### ####; #### ####
MY; 60; 0; 1[23679][2-9]XXXXXX; 3[2-9]XXXXXXX; ###-### ####|###-#######; ##-#### ####; ##-### ####
TH; 66; 0; {8[1-9]|9[0-8]|6[1-5]}XXXXXXX; 2[1-9]XXXXXX; ###-###-####|### ### ####; ##-###-####; ## ### ####
VN; 84; 0; {9[0-46-8]|3[2-9]|7[06-9]|8[1-68]}XXXXXXX; 2{4|8}[2-7]XXXXXXX; #### ### ###|### ### ####; ### #### ####; ## ### ## ##
ID; 62; 0; 8{1[1-35-9]|5[2-37-8]|7[7-8]}XXXXXXXX; 21[2-7]XXXXXXX; ####-####-####|#### #### ####; (###) ########|### #### ####; ###-####-####
PH; 63; 0; 9{1[5-9]|2[0-9]|0[5-9]|3[2-9]}XXXXXXX; 28[1-8]XXXXXX; #### ### ####|####-###-####; (##) #### ####; ### ### ####
AU; 61; 0; 4{0|1|2|3}XXXXXXX; {2[89]|3[89]|7[3-5]|8[89]}XXXXXXX; #### ### ###; (##) #### ####|## #### ####; ### ### ###|# #### ####
NZ; 64; 0; 2[127]XXXXXXX; {9[2-9]|3[3-9]|4[2-9]}XXXXXX; ### ### ####|### #######; ## ### ####; ## ### ####
BR; 55; -; {11|21|31|41|51|61|71|81|85|19}9[6-9]XXXXXXX; {11|21|31|41|51}3[0-9]XXXXXX; (##) #####-####|## #####-####|(##)#####-####|## ##### ####; (##) ####-####; ## #####-####|(##) #####-####
MX; 52; ; {55N|33N|81N|664|222|477}XXXXXXX; {55|33|81}[1-8]XXXXXXX; ## #### ####|(##) #### ####|###-###-####; ## #### ####; ## #### ####
AR; 54; 0; 11[3-6]XXXXXXX; {341|351}[4-6]XXXXXX; ### ####-####|(###) ####-####|###-####-####; #### ###-####; ## ####-####
CL; 56; ; 9[568]XXXXXXX; 22[2-9]XXXXXX; # #### ####|#########; ## #### ###; # #### ####
CO; 57; ; 3{0[0-4]|1[0-9]|2[0-2]|5[01]}XXXXXXX; 60[124-8][2-8]XXXXXX; ### ### ####|### #######; ### ### ####; ### ### ####
PE; 51; -; 9[1-9]XXXXXXX; 1[2-7]XXXXXX; ### ### ###|###-###-###; # ### ####; ### ### ###
VE; 58; 0; {412|414|424|416|426}XXXXXXX; {212|241}[2-9]XXXXXX; ####-#######|(####) ###-####|####-###-####; (####) ###-####; ###-#######
EC; 593; 0; 9[89]XXXXXXX; 2[2-7]XXXXXX; ### ### ####; ##-###-####; ## ### ####
PLANS

my %plan = map { $_->[0] => $_ } @plans;
our @regions = map { $_->[0] } @plans;

# A national significant number, mobile more often than not, and whether it is.
sub nsn
{
	my ($region, $mobile) = @_;
	my $plan = $plan{$region};
	my $number;

	$mobile = chance(0.8) unless defined $mobile;
	$number = fill($plan->[ $mobile ? 3 : 4 ]);
	# exchanges that end in 11 are services
	substr($number, 5, 1) = "4" if $plan->[1] eq "1" && substr($number, 4, 2) eq "11";
	return ($number, $mobile);
}

# Put digits into a format; what is left over is appended.
sub into
{
	my ($digits, $format) = @_;
	my @digits = split //, $digits;

	$format =~ s/#/@digits ? shift @digits : ''/ge;
	$format =~ s/[ \-.\/(]+$//;
	return $format . join '', @digits;
}

# A number as dialled inside its region, digits only; mobile ones if so asked.
sub dialled
{
	my ($region, $mobile) = @_;
	my ($nsn) = nsn($region, $mobile);

	return ($plan{$region}[2] eq '-' ? '' : $plan{$region}[2]) . $nsn;
}

sub national
{
	my ($region, $nth) = @_;
	my ($nsn, $mobile) = nsn($region);
	my $plan = $plan{$region};
	my @formats = split /\|/, $plan->[ $mobile ? 5 : 6 ];
	my $format = defined $nth ? $formats[ $nth % @formats ] : pick(@formats);

	return into(($plan->[2] eq '-' ? '' : $plan->[2]) . $nsn, $format);
}

sub international
{
	my ($region, $spaced) = @_;
	my ($nsn) = nsn($region);
	my $plan = $plan{$region};

	return "+$plan->[1]$nsn" unless $spaced;
	return "+$plan->[1]"
	  . ($spaced eq '-' ? '-' : ' ')
	  . into($nsn, pick(split /\|/, $plan->[7]));
}

# What stands in columns of numbers without being one.
sub wrong
{
	my ($right) = @_;

	return weighted(
		'n/a', 2, '-', 2, 'unknown', 1, 'none', 1,
		substr($right, 0, length($right) - between(1, 3)), 3,
		$right . between(0, 9), 2, '0000000000', 1, '1234567890', 1, 'ask reception', 1);
}

# A number of a region in a form; `nth` keeps to one of the region's formats.
sub number
{
	my ($region, $form, $nth) = @_;
	my $plan = $plan{$region};

	return international($region, 0) if $form eq 'e164';
	return international($region, ' ') if $form eq 'spaced';
	return international($region, '-') if $form eq 'dashed';
	return national($region, $nth) if $form eq 'national';
	return national($region) if $form eq 'national_any';
	return dialled($region) if $form eq 'dialled';
	return (nsn($region))[0] if $form eq 'significant';
	return dialled($region, 1) if $form eq 'mobile dialled';
	return (nsn($region, 1))[0] if $form eq 'mobile significant';
	return $plan->[1] . (nsn($region))[0] if $form eq 'plusless';
	return '00' . $plan->[1] . (nsn($region))[0] if $form eq 'prefixed';
	return 'tel:' . international($region, 0) if $form eq 'uri';
	return national($region, $nth) . pick(' ext. ', ' x', ' ext ') . digits(between(2, 4))
	  if $form eq 'extension';
	return number($region,
		weighted('e164', 2, 'spaced', 3, 'national_any', 5, 'dialled', 3, 'dashed', 1))
	  if $form eq 'messy';
	die "no form $form";
}

1;
