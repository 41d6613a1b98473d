-- the tables that corpus.pl fills
CREATE EXTENSION pg_pii;
CREATE TABLE corpus_column (
	id integer PRIMARY KEY,
	family text,
	half "char",			-- t: tuned on, h: held out
	data_type regtype,
	rows integer,
	email text,				-- the truth: pii, mixed, some (either), none
	phone text,
	telling text,			-- names
	neutral text,
	misleading text
);
CREATE UNLOGGED TABLE corpus_value (id integer, value text);
