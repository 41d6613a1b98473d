# What holds for every object of the extension, whichever part brings it: it
# says what it is, and it opens nothing to PUBLIC that reads anything.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use Test::More;

my $node = start_node('objects');

# Run a query that lists offenders, and expect none.
sub none
{
	my ($name, $query) = @_;

	is($node->safe_psql('postgres', $query), '', $name);
}

# The extension's own objects, as (class, object).
my $members = q{
	(SELECT classid, objid FROM pg_catalog.pg_depend
	WHERE refclassid = 'pg_catalog.pg_extension'::regclass AND deptype = 'e'
		AND refobjid = (SELECT oid FROM pg_catalog.pg_extension WHERE extname = 'pg_pii'))
};

cmp_ok($node->safe_psql('postgres', "SELECT count(*) FROM $members AS m"), '>', 20, 'the extension has objects');

none('every type, function, operator, table, view and schema has a comment', qq{
	SELECT pg_catalog.pg_describe_object(classid, objid, 0)
	FROM $members AS m
	WHERE pg_catalog.obj_description(objid, classid::regclass::name) IS NULL
		AND classid IN ('pg_type'::regclass, 'pg_proc'::regclass, 'pg_operator'::regclass, 'pg_class'::regclass, 'pg_namespace'::regclass)
		AND NOT EXISTS (SELECT FROM pg_type t WHERE classid = 'pg_type'::regclass AND t.oid = objid AND (t.typelem <> 0 OR t.typrelid <> 0))
		AND NOT EXISTS (SELECT FROM pg_class c WHERE classid = 'pg_class'::regclass AND c.oid = objid AND c.relkind NOT IN ('r', 'v', 'm', 'p'))
	ORDER BY 1
});

none('every SECURITY DEFINER function has a pinned search_path', qq{
	SELECT p.oid::regprocedure
	FROM $members AS m JOIN pg_proc p ON p.oid = objid AND classid = 'pg_proc'::regclass
	WHERE prosecdef AND NOT coalesce(proconfig, '{}') \@> ARRAY['search_path=pg_catalog, pg_temp']
});

# name_tag, judge and is_readable look up the name of a type; judge_name and
# modifications what pii.columns shows of the catalogs and of the public
# counters; label does what the caller may do by SECURITY LABEL; check_now brings
# forward what the caller's own commit does; load does nothing at all; the others
# read the catalogs that everybody may read, for the views that call them.
none('PUBLIC may execute nothing but functions of their arguments alone', qq{
	SELECT p.oid::regprocedure
	FROM $members AS m JOIN pg_proc p ON p.oid = objid AND classid = 'pg_proc'::regclass,
		aclexplode(coalesce(proacl, acldefault('f', proowner))) AS a
	WHERE a.grantee = 0 AND provolatile <> 'i' AND proname NOT IN ('check_now', 'inherited_label', 'is_readable', 'judge', 'judge_name', 'label', 'load', 'modifications', 'name_tag',
			'may_select', 'view_lineage', 'view_reads', 'generated_lineage', 'carriers', 'direct_carriers', 'foreign_carriers',
			'memberships', 'entrances', 'mask_providers', 'role_names', 'role_number', 'role_self', 'role_owners', 'role_heirs', 'role_switchers', 'role_members')
	ORDER BY 1
});

none('PUBLIC may read no table and no view', qq{
	SELECT objid::regclass
	FROM $members AS m JOIN pg_class c ON c.oid = objid AND classid = 'pg_class'::regclass,
		aclexplode(relacl) AS a
	WHERE a.grantee = 0
	ORDER BY 1
});

none('every immutable function is parallel safe', qq{
	SELECT p.oid::regprocedure
	FROM $members AS m JOIN pg_proc p ON p.oid = objid AND classid = 'pg_proc'::regclass
	WHERE provolatile = 'i' AND proparallel <> 's'
	ORDER BY 1
});

$node->safe_psql('postgres', 'DROP EXTENSION pg_pii');
none('nothing is left after DROP EXTENSION, the schema included', q{SELECT nspname FROM pg_namespace WHERE nspname = 'pii'});
$node->safe_psql('postgres', 'CREATE EXTENSION pg_pii');
is($node->safe_psql('postgres', q{SELECT extversion FROM pg_extension WHERE extname = 'pg_pii'}),
	$node->safe_psql('postgres', q{SELECT default_version FROM pg_available_extensions WHERE name = 'pg_pii'}),
	'it can be created again');

$node->stop;
done_testing();
