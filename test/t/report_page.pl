# The page that pii.report('html') makes, in a browser: it runs nothing, reads
# well in light and dark, wide and narrow, has the structure that a screen
# reader needs, and its filters hide what they should.  Skipped without
# Chromium.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use IPC::Run qw(run timeout);
use JSON::PP;
use PgPii qw(checkout start_node);
use PostgreSQL::Test::Utils;
use Test::More;

my ($browser) = grep { run [ 'sh', '-c', "command -v $_" ], '>', \my $path } qw(chromium chromium-browser google-chrome);
plan skip_all => 'no Chromium' unless $browser;

my $folder = PostgreSQL::Test::Utils::tempdir();
my $node = start_node('report_page');

# What a script that looks at a page says, as a structure.  The script stands
# in a page of its own around the report, which has its policy taken off: in
# the report itself none would run.
sub inspect
{
	my ($page, %how) = @_;
	my $width = $how{width} // 1280;
	my $json = JSON::PP->new->ascii;
	my $axe = $how{axe} ? $json->encode(slurp_file($how{axe})) =~ s/<\//<\\\//gr : 'null';
	my $srcdoc = $json->encode($page =~ s/<meta http-equiv="Content-Security-Policy"[^>]*>//r) =~ s/<\//<\\\//gr;
	my ($output, $error);

	$json->canonical;
	append_to_file("$folder/$how{name}.html", <<"HTML" . <<'SCRIPT');
<!DOCTYPE html><meta charset="utf-8"><body><iframe id="frame" width="$width" height="2000"></iframe><script>
const source = $srcdoc, axe = $axe;
HTML
const frame = document.getElementById('frame');
frame.srcdoc = source;
function luminance(c) {
	const [r, g, b] = c.match(/[\d.]+/g).map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
frame.onload = async () => {
	const w = frame.contentWindow, d = frame.contentDocument, all = s => [...d.querySelectorAll(s)];
	const visible = () => all('#exposures tbody tr').filter(r => r.getClientRects().length > 0).length;
	const background = e => { for (; e; e = e.parentElement) { const c = w.getComputedStyle(e).backgroundColor; if (!/^rgba\(.*, 0\)$/.test(c)) return c; } };
	const texts = all('body *').filter(e => [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()) && e.getClientRects().length > 0);
	const contrast = texts.map(e => {
		const [a, b] = [luminance(w.getComputedStyle(e).color), luminance(background(e))].sort((x, y) => y - x);
		return { ratio: (a + 0.05) / (b + 0.05), text: e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 40) };
	}).sort((x, y) => x.ratio - y.ratio)[0];
	const filters = {};
	for (const select of all('#exposures select')) {
		filters[select.id] = [...select.options].map(o => { select.value = o.value; return [o.text, visible()]; });
		select.value = '';
	}
	const said = {
		scripts: all('script, img, iframe, object, embed, link').length,
		contrast, filters,
		dark: luminance(w.getComputedStyle(d.body).backgroundColor) < 0.1,
		overflow: d.documentElement.scrollWidth - w.innerWidth,
		headings: all('h1, h2, h3').map(h => +h.tagName[1]),
		tables: all('table').length,
		unscoped: all('th:not([scope])').length,
		uncaptioned: all('main table:not(article table)').filter(t => !t.caption).length,
		unlabelled: all('select').filter(s => s.labels.length != 1).length,
		pictures: all('svg[role=img]').length,
		unnamed: all('svg[role=img]:not([aria-label])').length,
		broken: all('a[href^="#"]').filter(a => !d.getElementById(a.getAttribute('href').slice(1))).length,
		twice: all('[id]').length - new Set(all('[id]').map(e => e.id)).size,
		bars: all('#schemas td svg').map(s => [...s.querySelectorAll('rect')].map(r => Math.round(r.getBBox().width / s.getBoundingClientRect().width * 100))),
		animated: all('*').filter(e => w.getComputedStyle(e).animationName != 'none' || w.getComputedStyle(e).transitionDuration != '0s').length,
		scroll: w.getComputedStyle(d.documentElement).scrollBehavior,
	};
	if (axe) {
		w.eval(axe);
		said.axe = (await w.axe.run(d)).violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' | '));
	}
	const result = document.createElement('pre');
	result.id = 'result';
	result.textContent = JSON.stringify(said);
	document.body.replaceChildren(result);
};
</script>
SCRIPT
	run [ $browser, '--headless', '--no-sandbox', '--disable-gpu', "--user-data-dir=$folder/profile", '--virtual-time-budget=20000',
		'--timeout=60000', "--window-size=1400,2100", @{ $how{options} // [] }, '--dump-dom', "file://$folder/$how{name}.html" ],
		'>', \$output, '2>', \$error, timeout(120);
	my ($result) = ($output // '') =~ /<pre id="result">(.*?)<\/pre>/s;
	if (!defined $result)
	{
		diag("$browser said nothing: " . substr($error // '', -2000));
		return {};
	}
	$result =~ s/&lt;/</g;
	$result =~ s/&gt;/>/g;
	$result =~ s/&amp;/&/g;
	return JSON::PP->new->utf8->decode($result);
}

# axe-core, which knows more of accessibility than we test; undef where the
# package is not to be had.
sub axe
{
	my ($output, $error);

	return undef unless eval { run [ 'npm', 'pack', '--silent', 'axe-core@4.10.2' ],
		'>', \$output, '2>', \$error, init => sub { chdir $folder or die } };
	return undef unless run [ 'tar', 'xzf', "$folder/axe-core-4.10.2.tgz", '-C', $folder ];
	return "$folder/package/axe.min.js";
}

$node->safe_psql('postgres', 'CREATE DATABASE demo');
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-v', 'rows=2000', '-d', $node->connstr('demo'),
	'-f', checkout() . '/bench/leak.sql', '-f', checkout() . '/doc/demo/shop.sql',
	'-c', 'CREATE EXTENSION pg_pii', '-c', 'CALL pii.scan()' ], 'the demonstration database loads');
$node->safe_psql('demo', <<'SQL');
SELECT pii.label('shop.orders', 'delivery_note', 'phone; waived until 2100-12-31: <script>alert(1)</script>');
INSERT INTO pii.policy (table_schema, allowed, require_label, reason) VALUES ('shop', 'medium', true, 'internal');
CREATE SCHEMA "<b>";
CREATE TABLE "<b>"."<img src=x onerror=alert(1)>" ("</style><script>alert(1)</script>" text);
INSERT INTO "<b>"."<img src=x onerror=alert(1)>" SELECT 'user' || i || '@pg-pii.org' FROM generate_series(1, 100) i;
CREATE TABLE "<b>".a_very_long_name_of_a_table_that_makes_every_layout_break_at_last (a_column_with_a_name_that_is_just_as_long_as_names_may_be_at_all text);
INSERT INTO "<b>".a_very_long_name_of_a_table_that_makes_every_layout_break_at_last SELECT 'user' || i || '@pg-pii.org' FROM generate_series(1, 100) i;
GRANT USAGE ON SCHEMA "<b>" TO analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA "<b>" TO analyst;
CREATE PUBLICATION "<script>" FOR TABLE shop.customer;
CALL pii.scan();
SQL
my $page = $node->safe_psql('demo', "SELECT pii.report('html')");
my $axe = axe();
my @light = (options => [ '--blink-settings=preferredColorScheme=1' ]);
my @dark = (options => [ '--blink-settings=preferredColorScheme=0', '--force-prefers-reduced-motion' ]);

my %seen = (
	'light, wide' => inspect($page, name => 'light', axe => $axe, @light),
	'dark, wide' => inspect($page, name => 'dark', axe => $axe, @dark),
	'light, 400 px' => inspect($page, name => 'narrow', width => 400, axe => $axe, @light));

foreach my $how (sort keys %seen)
{
	my $said = $seen{$how};
	my $level = 0;
	my @skipped = grep { my $jump = $_ > $level + 1; $level = $_; $jump } @{ $said->{headings} };

	is($said->{scripts}, 0, "$how: nothing that a name could have brought");
	cmp_ok($said->{contrast}{ratio}, '>=', 4.5, "$how: contrast of $said->{contrast}{text}");
	cmp_ok($said->{overflow}, '<=', 0, "$how: no wider than the window");
	is((grep { $_ == 1 } @{ $said->{headings} }), 1, "$how: one heading of the first level");
	is("@skipped", '', "$how: no level of headings left out");
	is($said->{$_}, 0, "$how: $_") foreach qw(unscoped uncaptioned unlabelled unnamed broken twice animated);
	cmp_ok($said->{pictures}, '>', 5, "$how: pictures");
  SKIP:
	{
		skip 'axe-core cannot be had: npm, or the network', 1 unless $axe;
		is(join("\n", @{ $said->{axe} // ['nothing said'] }), '', "$how: axe has nothing against it");
	}
}

my $said = $seen{'light, wide'};
ok(!$said->{dark}, 'light where light is preferred');
ok($seen{'dark, wide'}{dark}, 'dark where dark is preferred');
is($said->{scroll}, 'smooth', 'smooth scrolling');
is($seen{'dark, wide'}{scroll}, 'auto', 'none where motion is to be reduced');

# the picture tells what the numbers say
my $schemas = JSON::PP->new->utf8->decode($node->safe_psql('demo', "SELECT pii.report_data() -> 'schemas'"));
my ($most) = sort { $b <=> $a } map { $_->{tagged} } @$schemas;
is_deeply($said->{bars}, [ map { my $s = $_; [ map { sprintf('%.0f', 100 * $_ / $most) } grep { $_ } @$s{qw(critical high medium low none)} ] } @$schemas ],
	'bars are as long as there are columns');

# the filters: each choice shows as many exposures as there are
foreach my $filter ([ severity => 'severity' ], [ table_schema => 'table_schema' ], [ grantee => 'grantee' ], [ status => 'status' ])
{
	my ($id, $key) = @$filter;
	my %expected = map { split /\t/ } split /\n/, $node->safe_psql('demo', <<SQL);
SELECT 'all' || E'\\t' || jsonb_array_length(d -> 'exposures') FROM pii.report_data() d
UNION ALL
SELECT (e ->> '$key') || E'\\t' || count(*) FROM pii.report_data() d, jsonb_array_elements(d -> 'exposures') e GROUP BY e ->> '$key'
SQL

	is_deeply({ map { @$_ } @{ $said->{filters}{"by-$id"} } }, \%expected, "the filter by $id");
}

# the page as it is: its policy lets no script run
append_to_file("$folder/policy.html", $page =~ s/<\/body>/<script>document.title = 'run'<\/script><\/body>/r);
my ($dom, $error);
run [ $browser, '--headless', '--no-sandbox', '--disable-gpu', "--user-data-dir=$folder/profile", '--virtual-time-budget=2000',
	'--dump-dom', "file://$folder/policy.html" ], '>', \$dom, '2>', \$error, timeout(120);
like($dom, qr/<title>Personal data in demo/, 'a script in the page would not run');

$node->stop;
done_testing();
