# The oracle of exposure: in worlds of random roles, memberships, schemas,
# tables with generated columns and children, views upon views, grants and
# policies, what the views say is compared with what the
# server does when each role tries to read each column.  Not one disagreement
# is allowed.
#
# A world is made from its number alone.  PII_WORLDS sets how many are tried,
# PII_FIRST_WORLD with which to begin: a failure names the world.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::Bin;
use PgPii qw(start_node);
use Test::More;

my $worlds = $ENV{PII_WORLDS} || 20;
my $first = $ENV{PII_FIRST_WORLD} || 1;
my $node = start_node('exposure');
my $version = $node->safe_psql('postgres', q{SHOW server_version_num});
my $has_options = $version >= 160000;
my $has_virtual = $version >= 180000;

# A generator of its own, so that a world is the same under every Perl.
my $state;

# A number from 0 to $limit - 1.
sub number
{
	my ($limit) = @_;

	$state = ($state * 1103515245 + 12345) & 0x7fffffff;
	return ($state >> 8) % $limit;
}

sub chance { return number(100) < $_[0]; }

sub pick { return $_[ number(scalar @_) ]; }

sub identifier
{
	my ($name) = @_;

	$name =~ s/"/""/g;
	return qq{"$name"};
}

# Do something as a role, if it may.
sub attempt
{
	my ($role, $statement) = @_;

	return "DO \$world\$ BEGIN SET LOCAL ROLE $role; $statement"
	  . " EXCEPTION WHEN OTHERS THEN NULL; END \$world\$;";
}

# Roles with all sorts of attributes, and memberships of later in earlier,
# some of them passed on by those who may.
sub make_roles
{
	my ($names) = @_;
	my @sql;

	foreach my $role (@$names)
	{
		push @sql, join ' ', "CREATE ROLE $role",
		  (chance(60) ? 'LOGIN' : 'NOLOGIN'),
		  (chance(25) ? 'NOINHERIT' : 'INHERIT'),
		  (chance(7) ? 'SUPERUSER' : 'NOSUPERUSER'),
		  (chance(10) ? 'BYPASSRLS' : 'NOBYPASSRLS') . ';';
	}
	foreach my $member (1 .. $#$names)
	{
		foreach my $role (0 .. $member - 1)
		{
			push @sql, make_membership($names->[$role], $names->[$member])
			  if chance(22);
		}
	}
	foreach my $role (qw(pg_read_all_data pg_write_all_data postgres))
	{
		push @sql, make_membership($role, pick(@$names)) if chance(25);
	}
	foreach (1 .. 4)
	{
		push @sql, attempt(pick(@$names), make_membership(pick(@$names), pick(@$names)));
	}
	return @sql;
}

# One membership, with the options that the server knows.
sub make_membership
{
	my ($role, $member) = @_;
	my @options;

	return "GRANT $role TO $member" . (chance(25) ? ' WITH ADMIN OPTION;' : ';')
	  unless $has_options;
	@options = ('INHERIT ' . pick(qw(TRUE TRUE FALSE)),
		'SET ' . pick(qw(TRUE TRUE FALSE)));
	push @options, 'ADMIN TRUE' if chance(25);
	return "GRANT $role TO $member WITH " . join(', ', @options) . ';';
}

# Grant SELECT on something to someone, who sometimes passes it on; or, often
# enough, take it away from the owner.
sub make_grants
{
	my ($table, $owner, $roles, @columns) = @_;
	my @sql;

	foreach (1 .. number(4))
	{
		my $what = chance(60) ? 'SELECT' : 'SELECT (' . pick(@columns) . ')';
		my $to = chance(15) ? 'PUBLIC' : pick(@$roles, 'pg_database_owner');
		if ($to ne 'PUBLIC' && chance(30))
		{
			push @sql, "GRANT $what ON $table TO $to WITH GRANT OPTION;";
			push @sql, attempt($to, "GRANT $what ON $table TO " . pick(@$roles, 'PUBLIC') . ';');
		}
		else
		{
			push @sql, "GRANT $what ON $table TO $to;";
		}
	}
	push @sql, "REVOKE SELECT ON $table FROM $owner;" if chance(12);
	push @sql, "GRANT SELECT (email) ON $table TO $owner;" if chance(8);
	return @sql;
}

# Policies that admit all rows, some or none, and some that take rows away.
sub make_policies
{
	my ($table, $roles) = @_;
	my @sql = ("ALTER TABLE $table ENABLE ROW LEVEL SECURITY;");

	push @sql, "ALTER TABLE $table FORCE ROW LEVEL SECURITY;" if chance(40);
	foreach my $policy (1 .. number(4))
	{
		my $for = pick(qw(ALL SELECT UPDATE));
		push @sql, "CREATE POLICY p$policy ON $table AS "
		  . pick(qw(PERMISSIVE PERMISSIVE RESTRICTIVE)) . " FOR $for TO "
		  . pick('PUBLIC', @$roles)
		  . ' USING (' . pick('true', 'false', 'NULL', 'id = 1') . ');';
	}
	return @sql;
}

# A query over relations that have the columns id, email and phone, giving the
# same; and what its columns come from, as pairs of a table and a column, and
# whether a copy lies between.  "Plain" is one that shows the rows of one table.
sub make_query
{
	my ($first, $second) = @_;
	my ($r, $s) = ($first->{name}, $second->{name});
	my @email = @{ $first->{email} };
	my @phone = @{ $first->{phone} };

	return pick(
		[ "SELECT id, email, phone FROM $r", \@email, \@phone, 1 ],
		[ "SELECT * FROM (SELECT id, email AS mail, phone FROM $r) x (id, email, phone)", \@email, \@phone, 1 ],
		[ "WITH x AS (SELECT * FROM $r) SELECT id, lower(email) AS email, md5(phone) AS phone FROM x", \@email, \@phone, 1 ],
		[ "SELECT x.id, y.email, x.phone FROM $r x JOIN $s y USING (id)", $second->{email}, \@phone, 0 ],
		[ "SELECT x.id, x.email, y.phone FROM $r x CROSS JOIN LATERAL (SELECT phone FROM $s z WHERE z.id = x.id) y",
			\@email, $second->{phone}, 0 ],
		[ "SELECT id, email, phone FROM $r UNION ALL SELECT id, phone, email FROM $s",
			[ @email, @{ $second->{phone} } ], [ @phone, @{ $second->{email} } ], 0 ],
		[ "SELECT id, '-' AS email, phone FROM $r WHERE email IN (SELECT email FROM $s)", [], \@phone, 0 ]);
}

# A table's owner, grants and policies.
sub make_table
{
	my ($table, $owner, $roles, @columns) = @_;

	return ("ALTER TABLE $table OWNER TO $owner;",
		make_grants($table, $owner, $roles, @columns),
		chance(35) ? make_policies($table, $roles) : ());
}

# Views, some of them upon others, all of them there before owners and grants
# come: a materialised view is filled when it is made.
sub make_views
{
	my ($schemas, $roles, @relations) = @_;
	my (@sql, @grants);

	foreach my $number (1 .. 2 + number(4))
	{
		my $name = pick(@$schemas) . '.' . identifier("v%I$number");
		my ($from, $beside) = (pick(@relations), pick(@relations));
		my ($query, $email, $phone, $plain) = @{ make_query($from, $beside) };
		my $copies = chance(20);
		my $owner = pick('postgres', 'pg_database_owner', @$roles, @$roles);
		my %view = (name => $name, email => $email, phone => $phone,
			plain => $plain && $from->{plain});
		push @sql, 'CREATE ' . ($copies ? 'MATERIALIZED VIEW' : 'VIEW') . " $name"
		  . (!$copies && chance(35) ? ' WITH (security_invoker)' : '') . " AS $query;";
		foreach my $column (qw(email phone))
		{
			push @sql, map { "INSERT INTO oracle.origin VALUES ('$name', '$column', '$_->[0]', '$_->[1]', "
				  . ($view{plain} ? 'true' : 'false') . ', '
				  . ($copies || $_->[2] ? 'true' : 'false') . ');' } @{ $view{$column} };
			# a copy is a table, too, and speaks for what it was made of
			$view{$column} = [ (map { [ @$_[ 0, 1 ], 1 ] } @{ $view{$column} }), [ $name, $column ] ]
			  if $copies;
		}
		push @grants, "ALTER TABLE $name OWNER TO $owner;", make_grants($name, $owner, $roles, qw(email phone));
		push @relations, \%view;
	}
	return (@sql, @grants);
}

# The SQL that makes world $world; the names of its roles; the trusted ones.
sub make_world
{
	my ($world) = @_;
	my (@sql, @schemas, @tables, @owned);

	$state = $world;
	number(2) foreach 1 .. 8;
	my @names = map { $_ % 3 == 0 ? qq{we;ird "$_} : "role_$_" } 1 .. 5 + number(6);
	my @roles = map { identifier($_) } @names;
	push @sql, make_roles(\@roles);
	foreach my $schema (map { identifier(qq{s "$_}) } 1 .. 2)
	{
		push @schemas, $schema;
		push @sql, "CREATE SCHEMA $schema AUTHORIZATION "
		  . pick('postgres', 'pg_database_owner', @roles) . ';';
		push @sql, "GRANT USAGE ON SCHEMA $schema TO " . pick(@roles) . ';'
		  foreach 1 .. number(4);
		push @sql, "GRANT USAGE ON SCHEMA $schema TO PUBLIC;" if chance(50);
	}
	foreach my $number (1 .. 3)
	{
		my $table = pick(@schemas) . '.' . identifier("t%I$number");
		my $owner = pick('postgres', 'pg_database_owner', @roles, @roles);
		my @columns = qw(email phone);
		push @columns, 'mirror' if chance(40);
		my $kept = pick('STORED', $has_virtual ? 'VIRTUAL' : 'STORED');
		push @sql, "CREATE TABLE $table (id int, email text, phone text, active bool"
		  . (@columns > 2 ? ", mirror text GENERATED ALWAYS AS (lower(email)) $kept" : '') . ');';
		push @sql, "INSERT INTO $table (id, email, phone) SELECT n, 'a', 'b' FROM generate_series(1, 3) n;";
		push @owned, make_table($table, $owner, \@roles, @columns);
		if (chance(30))
		{
			my $child = pick(@schemas) . '.' . identifier("child$number");
			push @sql, "CREATE TABLE $child () INHERITS ($table);";
			push @sql, "INSERT INTO $child (id, email, phone) SELECT n, 'a', 'b' FROM generate_series(1, 3) n;";
			push @owned, make_table($child, pick(@roles), \@roles, @columns);
		}
		push @tables, { name => $table, plain => 1,
			email => [ [ $table, 'email' ] ], phone => [ [ $table, 'phone' ] ] };
	}
	push @sql, make_views(\@schemas, \@roles, @tables), @owned;
	push @sql, 'ALTER DATABASE postgres OWNER TO ' . pick(@roles) . ';' if chance(40);
	if (chance(30))
	{
		push @sql, 'REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;';
		push @sql, 'GRANT CONNECT ON DATABASE postgres TO ' . pick(@roles) . ';';
	}
	return (\@sql, \@roles, \@schemas, [ chance(40) ? pick(@roles) : () ]);
}

# What the server does and what the views say is written down in tables; the
# questions that compare them are below.
my $oracle = <<'SQL';
CREATE SCHEMA oracle;
CREATE TABLE oracle.fact (role oid, relation oid, attnum smallint, seen int);
CREATE TABLE oracle.switch (member oid, role oid);
CREATE TABLE oracle.trusted (role oid);
CREATE TABLE oracle.origin (view regclass, view_column name, relation regclass,
	column_name name, plain boolean, copied boolean);
CREATE TABLE oracle.said (relation oid, attnum smallint, role oid, path text);
CREATE TABLE oracle.exposure AS SELECT * FROM pii.exposure;
CREATE VIEW oracle.own AS SELECT * FROM oracle.exposure WHERE via IS NULL;

-- What each column of a view truly comes from.
CREATE VIEW oracle.shown AS
SELECT v.oid AS view, z.attnum AS view_attnum, z.attname AS view_column,
	   z.attacl IS NOT NULL AS has_acl, a.attrelid AS relation, a.attnum, o.plain,
	   bool_and(o.copied) AS copied
FROM oracle.origin o
JOIN pg_class v ON v.oid = o.view
JOIN pg_attribute z ON (z.attrelid, z.attname) = (v.oid, o.view_column)
JOIN pg_attribute a ON (a.attrelid, a.attname) = (o.relation, o.column_name)
GROUP BY v.oid, z.attnum, z.attname, z.attacl IS NOT NULL, a.attrelid, a.attnum, o.plain;

-- How many rows there are.
CREATE FUNCTION oracle.rows_there(relation oid) RETURNS int
LANGUAGE sql AS $$
	SELECT seen
	FROM oracle.fact f
	WHERE f.relation = rows_there.relation
	  AND f.role = 'postgres'::regrole
	LIMIT 1
$$;

-- How many rows a role sees; null if it is refused.
CREATE FUNCTION oracle.rows_seen(role name, query text) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
	seen int;
BEGIN
	PERFORM set_config('role', role, true);
	EXECUTE query INTO seen;
	PERFORM set_config('role', 'none', true);
	RETURN seen;
EXCEPTION WHEN insufficient_privilege THEN
	RETURN NULL;
END
$$;

-- Whether someone logged in as the member may become the role.
CREATE FUNCTION oracle.may_switch(member name, role name) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('session_authorization', member, true);
	PERFORM set_config('role', role, true);
	PERFORM set_config('role', 'none', true);
	PERFORM set_config('session_authorization', 'postgres', true);
	RETURN true;
EXCEPTION WHEN insufficient_privilege THEN
	RETURN false;
END
$$;

-- The exposure is gone after its remedy, whose effect is then undone.
CREATE FUNCTION oracle.remedy_closes(id uuid, remedy text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	gone boolean;
BEGIN
	BEGIN
		EXECUTE remedy;
		SELECT count(*) = 0 INTO gone FROM pii.exposure WHERE exposure_id = id;
		RAISE EXCEPTION USING ERRCODE = 'PIIOK';
	EXCEPTION WHEN SQLSTATE 'PIIOK' THEN
		RETURN gone;
	END;
END
$$;

CREATE VIEW oracle.role AS
SELECT oid, rolname, rolsuper,
	   rolcanlogin AND has_database_privilege(oid, current_database(), 'CONNECT') AS can_login
FROM pg_roles
WHERE rolname !~ '^pg_';

-- Whom a report on this relation is about.
CREATE VIEW oracle.watched AS
SELECT t.oid AS relation, r.oid AS role, r.can_login
FROM oracle.role r
CROSS JOIN pg_class t
WHERE NOT r.rolsuper
  AND r.oid <> t.relowner
  AND NOT (pg_get_userbyid(t.relowner) = 'pg_database_owner'
		   AND r.oid = (SELECT datdba FROM pg_database WHERE datname = current_database()))
  AND NOT EXISTS (SELECT FROM oracle.trusted x WHERE pg_has_role(r.oid, x.role, 'MEMBER'));

CREATE PROCEDURE oracle.look() LANGUAGE sql AS $$
	TRUNCATE oracle.fact, oracle.switch, oracle.said, oracle.exposure;
	INSERT INTO oracle.fact
	SELECT r.oid, c.relation, c.attnum,
		   oracle.rows_seen(r.rolname, format('SELECT count(%I) FROM %I.%I',
							c.column_name, c.table_schema, c.table_name))
	FROM oracle.role r
	CROSS JOIN (
		SELECT relation, attnum, column_name, table_schema, table_name
		FROM pii.columns
		UNION
		SELECT v.oid, s.view_attnum, s.view_column, n.nspname, v.relname
		FROM oracle.shown s
		JOIN pg_class v ON v.oid = s.view
		JOIN pg_namespace n ON n.oid = v.relnamespace) c
	WHERE c.column_name IN ('email', 'phone', 'mirror');
	INSERT INTO oracle.switch
	SELECT m.oid, r.oid
	FROM oracle.role m, pg_roles r
	WHERE oracle.may_switch(m.rolname, r.rolname);
	INSERT INTO oracle.said
	SELECT c.relation, c.attnum, r.oid, w.path
	FROM pii.columns c
	CROSS JOIN pii.who_can_read(c.relation, c.column_name) w
	JOIN pg_roles r ON r.rolname = w.role_name
	WHERE c.column_name IN ('email', 'phone', 'mirror');
	INSERT INTO oracle.exposure SELECT * FROM pii.exposure;
$$;
SQL

# Each question lists disagreements: none is right.
my %question = (
	'SELECT agrees with the privilege functions' => q{
SELECT role::regrole, relation::regclass, attnum, seen
FROM oracle.fact
JOIN pg_class t ON t.oid = relation
WHERE (seen IS NOT NULL)
   <> (has_column_privilege(role, relation, attnum, 'SELECT')
	   AND has_schema_privilege(role, t.relnamespace, 'USAGE'))
  AND t.relkind <> 'v'},

	'who_can_read lists who reads directly' => q{
WITH said AS (
	SELECT role, relation, attnum FROM oracle.said WHERE path !~ ' ?via '
), is_so AS (
	SELECT role, relation, attnum
	FROM oracle.fact
	WHERE seen IS NOT NULL
	  AND relation IN (SELECT relation FROM pii.columns)
)
(SELECT 'too many', * FROM said EXCEPT SELECT 'too many', * FROM is_so)
UNION ALL
(SELECT 'missing', * FROM is_so EXCEPT SELECT 'missing', * FROM said)},

	'who_can_read lists who reads after SET ROLE only' => q{
WITH said AS (
	SELECT role, relation, attnum, path
	FROM oracle.said
	WHERE path ~ '^via set role ' AND path !~ '^via set role pg_'
), is_so AS (
	SELECT s.member, x.relation, x.attnum, 'via set role ' || s.role::regrole
	FROM oracle.switch s
	JOIN oracle.fact x ON x.role = s.role AND x.seen IS NOT NULL
	JOIN oracle.fact m ON m.role = s.member AND m.seen IS NULL
	WHERE (m.relation, m.attnum) = (x.relation, x.attnum)
	  AND m.relation IN (SELECT relation FROM pii.columns)
)
(SELECT 'too many', * FROM said EXCEPT SELECT 'too many', * FROM is_so)
UNION ALL
(SELECT 'missing', * FROM is_so EXCEPT SELECT 'missing', * FROM said)},

	'what_can answers as who_can_read' => q{
WITH what AS (
	SELECT r.rolname, w.table_schema, w.table_name, w.column_name, w.path
	FROM oracle.role r
	CROSS JOIN pii.what_can(r.oid) w
), who AS (
	SELECT r.rolname, c.table_schema, c.table_name, c.column_name, s.path
	FROM oracle.said s
	JOIN oracle.role r ON r.oid = s.role
	JOIN pii.columns c USING (relation, attnum)
)
(SELECT 'what', * FROM what EXCEPT SELECT 'what', * FROM who)
UNION ALL
(SELECT 'who', * FROM who EXCEPT SELECT 'who', * FROM what)},

	'everyone watched who reads directly is exposed' => q{
SELECT f.role::regrole, f.relation::regclass, f.attnum
FROM oracle.fact f
JOIN oracle.watched w USING (role, relation)
JOIN pg_class t ON t.oid = f.relation AND t.relkind <> 'v'
WHERE f.seen IS NOT NULL
  AND NOT EXISTS (
	SELECT
	FROM oracle.own e
	WHERE (e.relation, e.attnum) = (f.relation, f.attnum)
	  AND e.path !~ '^via set role '
	  AND CASE WHEN e.grantee = 'PUBLIC' THEN true
			   ELSE pg_has_role(f.role, e.grantee, 'USAGE') END)},

	'everyone watched who reads after SET ROLE is exposed' => q{
SELECT DISTINCT f.role::regrole, f.relation::regclass, f.attnum
FROM oracle.fact f
JOIN oracle.watched w USING (role, relation)
JOIN oracle.switch s ON s.member = f.role
JOIN oracle.fact x ON x.role = s.role
				  AND (x.relation, x.attnum) = (f.relation, f.attnum)
JOIN pg_class t ON t.oid = f.relation AND t.relkind <> 'v'
WHERE f.seen IS NULL
  AND x.seen IS NOT NULL
  AND NOT EXISTS (
	SELECT
	FROM oracle.own e
	JOIN pg_roles g ON g.rolname = e.grantee
	JOIN oracle.switch m ON (m.member, m.role) = (f.role, g.oid)
	WHERE (e.relation, e.attnum) = (f.relation, f.attnum)
	  AND e.path ~ '^via set role ')},

	'each exposure has its readers, and as many logins as it says' => q{
SELECT e.table_schema, e.table_name, e.column_name, e.grantee, e.path,
	   e.login_roles, r.readers, r.logins
FROM oracle.own e
CROSS JOIN LATERAL (
	SELECT count(*) AS readers, count(*) FILTER (WHERE w.can_login) AS logins
	FROM oracle.watched w
	JOIN oracle.fact f USING (role, relation)
	WHERE (f.relation, f.attnum) = (e.relation, e.attnum)
	  AND f.seen IS NOT NULL
	  AND CASE WHEN e.grantee = 'PUBLIC' THEN true
			   ELSE pg_has_role(w.role, e.grantee, 'USAGE') END) r
WHERE e.path !~ '^via set role '
  AND (r.readers = 0 OR r.logins <> e.login_roles)},

	'each exposure by SET ROLE is one' => q{
SELECT e.table_schema, e.table_name, e.column_name, e.grantee, e.path,
	   e.login_roles, r.readers, r.logins
FROM oracle.own e
JOIN pg_class t ON t.oid = e.relation
JOIN pg_roles g ON g.rolname = e.grantee
JOIN pg_roles x ON x.oid = substr(e.path, 14)::regrole
LEFT JOIN oracle.fact s ON (s.role, s.relation, s.attnum) = (x.oid, e.relation, e.attnum)
CROSS JOIN LATERAL (
	SELECT count(*) AS readers, count(*) FILTER (WHERE w.can_login) AS logins
	FROM oracle.watched w
	JOIN oracle.fact f USING (role, relation)
	JOIN oracle.switch m ON (m.member, m.role) = (w.role, g.oid)
	WHERE (f.relation, f.attnum) = (e.relation, e.attnum)
	  AND (f.seen IS NULL OR x.rolsuper OR t.relrowsecurity)) r
WHERE e.path ~ '^via set role '
  AND (r.readers = 0
	   OR r.logins <> e.login_roles
	   OR x.rolname !~ '^pg_' AND s.seen IS NULL
	   OR NOT EXISTS (SELECT FROM oracle.switch m
					  WHERE (m.member, m.role) = (g.oid, x.oid)))},

	'protection is what it says' => q{
SELECT e.table_schema, e.table_name, e.column_name, e.grantee, e.path,
	   e.protection, r.most
FROM oracle.own e
CROSS JOIN LATERAL (
	SELECT max(f.seen) AS most
	FROM oracle.fact f
	LEFT JOIN oracle.watched w USING (role, relation)
	WHERE (f.relation, f.attnum) = (e.relation, e.attnum)
	  AND CASE WHEN e.path ~ '^via set role ' THEN f.role = substr(e.path, 14)::regrole
			   WHEN w.role IS NULL THEN false
			   WHEN e.grantee = 'PUBLIC' THEN true
			   ELSE pg_has_role(f.role, e.grantee, 'USAGE') END) r
WHERE e.path !~ '^via set role pg_'
  AND e.relation IN (SELECT oid FROM pg_class WHERE relkind = 'r')
  AND CASE WHEN e.protection IS NULL THEN r.most <> oracle.rows_there(e.relation)
		   WHEN e.protection ~ 'no policy lets a row through$' THEN r.most <> 0
		   ELSE r.most IN (0, oracle.rows_there(e.relation)) END},

	'views show what they show' => q{
WITH said AS (
	SELECT view, view_attnum, relation, attnum
	FROM pii.lineage
	WHERE (relation, attnum) IN (SELECT relation, attnum FROM pii.columns WHERE column_name IN ('email', 'phone'))
	  AND relation NOT IN (SELECT oid FROM pg_class WHERE relnamespace = 'pii'::regnamespace)
	  AND note IS DISTINCT FROM 'test'
	  AND view NOT IN (SELECT oid FROM pg_class WHERE relnamespace IN ('pii'::regnamespace, 'oracle'::regnamespace))
), is_so AS (
	SELECT view, view_attnum, relation, attnum FROM oracle.shown
)
(SELECT 'too many', * FROM said EXCEPT SELECT 'too many', * FROM is_so)
UNION ALL
(SELECT 'missing', * FROM is_so EXCEPT SELECT 'missing', * FROM said)},

	'who_can_read lists who reads through a view' => q{
WITH said AS (
	SELECT DISTINCT role, relation, attnum, regexp_replace(path, '^.* via ', '')::regclass::oid AS view
	FROM oracle.said
	WHERE path ~ ' via ' AND path !~ '^set role '
), is_so AS (
	SELECT f.role, s.relation, s.attnum, s.view, f.seen
	FROM oracle.shown s
	JOIN oracle.fact f ON (f.relation, f.attnum) = (s.view, s.view_attnum)
	JOIN oracle.role r ON r.oid = f.role AND NOT r.rolsuper
	WHERE f.seen IS NOT NULL
)
(SELECT 'too many', * FROM said
 EXCEPT SELECT 'too many', role, relation, attnum, view FROM is_so)
UNION ALL
-- the server may not check what it finds to be empty beforehand
(SELECT 'missing', role, relation, attnum, view FROM is_so
 WHERE seen > 0 AND NOT pg_has_role(role, 'pg_read_all_data', 'USAGE')
 EXCEPT SELECT 'missing', * FROM said)},

	'everyone watched who reads through a view is exposed' => q{
SELECT f.role::regrole, s.view::regclass, s.relation::regclass, s.attnum
FROM oracle.shown s
JOIN oracle.fact f ON (f.relation, f.attnum) = (s.view, s.view_attnum)
JOIN oracle.watched w ON (w.role, w.relation) = (f.role, s.relation)
JOIN oracle.fact b ON (b.role, b.relation, b.attnum) = (f.role, s.relation, s.attnum)
WHERE f.seen > 0
  AND NOT s.copied
  AND NOT EXISTS (
	SELECT
	FROM oracle.exposure e
	WHERE (e.relation, e.attnum, e.via) = (s.relation, s.attnum, s.view)
	  AND e.path !~ '^set role '
	  AND CASE WHEN e.grantee = 'PUBLIC' THEN true
			   ELSE pg_has_role(f.role, e.grantee, 'USAGE') END)
  -- the owner of a view, and who reads everything, may need no view
  AND NOT (b.seen IS NOT NULL
		   AND (pg_has_role(f.role, 'pg_read_all_data', 'USAGE')
				OR pg_has_role(f.role, (SELECT relowner FROM pg_class WHERE oid = s.view), 'USAGE')))},

	'each exposure through a view has its readers, and as many logins as it says' => q{
SELECT e.table_schema, e.table_name, e.column_name, e.grantee, e.path,
	   e.login_roles, r.readers, r.logins
FROM oracle.exposure e
CROSS JOIN LATERAL (
	SELECT count(*) AS readers, count(*) FILTER (WHERE w.can_login) AS logins
	FROM oracle.watched w
	JOIN oracle.fact b USING (role, relation)
	WHERE (b.relation, b.attnum) = (e.relation, e.attnum)
	  AND (b.seen IS NULL OR e.path !~ 'view owner via ')
	  AND EXISTS (SELECT
				  FROM oracle.shown s
				  JOIN oracle.fact f ON (f.relation, f.attnum) = (s.view, s.view_attnum)
				  WHERE (s.view, s.relation, s.attnum) = (e.via, e.relation, e.attnum)
					AND f.role = w.role AND f.seen IS NOT NULL)
	  AND CASE WHEN e.grantee = 'PUBLIC' THEN true
			   ELSE pg_has_role(w.role, e.grantee, 'USAGE') END) r
WHERE e.via IS NOT NULL
  AND e.path !~ '^set role '
  AND (r.readers = 0 OR r.logins <> e.login_roles)},

	'everyone watched who reads through a view after SET ROLE is exposed' => q{
SELECT DISTINCT f.role::regrole, s.view::regclass, s.relation::regclass, s.attnum
FROM oracle.shown s
JOIN oracle.fact f ON (f.relation, f.attnum) = (s.view, s.view_attnum) AND f.seen IS NULL
JOIN oracle.watched w ON (w.role, w.relation) = (f.role, s.relation)
JOIN oracle.fact b ON (b.role, b.relation, b.attnum) = (f.role, s.relation, s.attnum) AND b.seen IS NULL
JOIN oracle.switch m ON m.member = f.role
JOIN oracle.fact x ON (x.role, x.relation, x.attnum) = (m.role, s.view, s.view_attnum) AND x.seen > 0
JOIN oracle.fact y ON (y.role, y.relation, y.attnum) = (m.role, s.relation, s.attnum) AND y.seen IS NULL
-- who may become one who needs no view has that path
WHERE NOT EXISTS (
	SELECT
	FROM oracle.switch n
	JOIN oracle.fact d ON (d.role, d.relation, d.attnum) = (n.role, s.relation, s.attnum)
	WHERE n.member = f.role AND d.seen IS NOT NULL)
  AND NOT s.copied
  AND NOT EXISTS (
	SELECT
	FROM oracle.exposure e
	JOIN pg_roles g ON g.rolname = e.grantee
	JOIN oracle.switch n ON (n.member, n.role) = (f.role, g.oid)
	WHERE (e.relation, e.attnum, e.via) = (s.relation, s.attnum, s.view)
	  AND e.path ~ '^set role ')},

	'each exposure through a view by SET ROLE is one' => q{
SELECT e.table_schema, e.table_name, e.column_name, e.grantee, e.path,
	   e.login_roles, r.readers, r.logins
FROM oracle.exposure e
JOIN pg_roles g ON g.rolname = e.grantee
JOIN pg_roles x ON x.oid = regexp_replace(e.path, '^set role (.*) via .*', '\1')::regrole
CROSS JOIN LATERAL (
	SELECT count(DISTINCT w.role) AS readers,
		   count(DISTINCT w.role) FILTER (WHERE w.can_login) AS logins
	FROM oracle.watched w
	JOIN oracle.fact b USING (role, relation)
	JOIN oracle.switch m ON (m.member, m.role) = (w.role, g.oid)
	JOIN oracle.shown s ON (s.view, s.relation, s.attnum) = (e.via, e.relation, e.attnum)
	JOIN oracle.fact f ON (f.role, f.relation, f.attnum) = (w.role, s.view, s.view_attnum) AND f.seen IS NULL
	JOIN oracle.fact y ON (y.role, y.relation, y.attnum) = (x.oid, s.view, s.view_attnum) AND y.seen IS NOT NULL
	WHERE (b.relation, b.attnum) = (e.relation, e.attnum)
	  AND CASE WHEN s.has_acl THEN e.path ~ ('\.' || s.view_column || '$')
			   ELSE e.path !~ '\.(email|phone)$' END
	  AND b.seen IS NULL) r
WHERE e.path ~ '^set role '
  AND x.rolname !~ '^pg_'
  AND (r.readers = 0 OR r.logins <> e.login_roles)},

	'protection of what a view shows is what it says' => q{
SELECT e.table_schema, e.table_name, e.column_name, e.grantee, e.path, e.protection, r.most
FROM oracle.exposure e
JOIN oracle.shown s ON (s.view, s.relation, s.attnum) = (e.via, e.relation, e.attnum) AND s.plain
CROSS JOIN LATERAL (
	SELECT max(f.seen) AS most
	FROM oracle.fact f
	LEFT JOIN oracle.watched w ON (w.role, w.relation) = (f.role, e.relation)
	LEFT JOIN oracle.fact b ON (b.role, b.relation, b.attnum) = (f.role, e.relation, e.attnum)
	WHERE (f.relation, f.attnum) = (s.view, s.view_attnum)
	  AND CASE WHEN e.path ~ '^set role '
			   THEN f.role = regexp_replace(e.path, '^set role (.*) via .*', '\1')::regrole
			   WHEN w.role IS NULL THEN false
			   WHEN e.path ~ 'view owner via ' AND b.seen IS NOT NULL THEN false
			   WHEN e.grantee = 'PUBLIC' THEN true
			   ELSE pg_has_role(f.role, e.grantee, 'USAGE') END) r
WHERE e.path !~ '^set role pg_'
  AND CASE WHEN e.protection IS NULL THEN r.most <> oracle.rows_there(e.relation)
		   WHEN e.protection ~ 'no policy lets a row through$' THEN r.most <> 0
		   ELSE r.most IN (0, oracle.rows_there(e.relation)) END},

	'an exposure is reported once' => q{
SELECT exposure_id, count(*) FROM oracle.exposure GROUP BY exposure_id HAVING count(*) > 1},

	'summary counts the same' => q{
SELECT * FROM (
	SELECT table_schema, severity, count(*) FROM oracle.exposure GROUP BY 1, 2) e
FULL JOIN (
	SELECT table_schema, severity, exposures FROM pii.summary WHERE severity <> 'none') s
USING (table_schema, severity)
WHERE e.count IS DISTINCT FROM s.exposures},

	'each remedy closes its path' => q{
SELECT grantee, path, remedy
FROM (SELECT * FROM oracle.exposure ORDER BY exposure_id LIMIT 8) e
WHERE NOT oracle.remedy_closes(exposure_id, remedy)
});

$node->safe_psql('postgres', $oracle);
my ($exposures, $doors, $shown) = (0, 0, 0);

foreach my $world ($first .. $first + $worlds - 1)
{
	my ($sql, $roles, $schemas, $trusted) = make_world($world);
	my $setting = join ', ', @$trusted;
	my $before = "SET pii.trusted_roles = '$setting';\n";

	$node->safe_psql('postgres', join "\n", 'SET client_min_messages = error;', @$sql);
	$node->safe_psql('postgres', q{CALL pii.scan(method => 'name')});
	$node->safe_psql('postgres', join "\n",
		$before, 'TRUNCATE oracle.trusted;',
		(map { "INSERT INTO oracle.trusted VALUES ('$_'::regrole);" } @$trusted),
		'CALL oracle.look();');
	foreach my $name (sort keys %question)
	{
		is($node->safe_psql('postgres', $before . $question{$name}), '', "world $world: $name")
		  or diag(join "\n", $before, @$sql);
	}
	$exposures += $node->safe_psql('postgres', $before . 'SELECT count(*) FROM oracle.exposure');
	$doors += $node->safe_psql('postgres',
		$before . q{SELECT count(*) FROM oracle.exposure WHERE path ~ '^via set role'});
	$shown += $node->safe_psql('postgres',
		$before . q{SELECT count(*) FROM oracle.exposure WHERE via IS NOT NULL});
	$node->safe_psql('postgres', join "\n", 'SET client_min_messages = error;',
		'ALTER DATABASE postgres OWNER TO postgres;', 'TRUNCATE oracle.origin;',
		'GRANT CONNECT ON DATABASE postgres TO PUBLIC;',
		(map { "DROP SCHEMA $_ CASCADE;" } @$schemas),
		(map { ("DROP OWNED BY $_ CASCADE;") } @$roles),
		(map { "DROP ROLE $_;" } @$roles));
}

# Worlds without exposures would agree about nothing.
cmp_ok($exposures, '>', 5 * $worlds, "there was something to compare: $exposures exposures");
cmp_ok($doors, '>', $worlds, "$doors of them via SET ROLE");
cmp_ok($shown, '>', $worlds, "$shown of them through views");

$node->stop;
done_testing();
