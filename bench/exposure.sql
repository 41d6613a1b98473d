-- A database to measure exposure on: :tables tables of twenty columns, one of
-- them tagged, in schemas of a hundred tables; a thousand roles, of which two
-- hundred are groups in four layers; four grants on each table, some of them
-- to PUBLIC, to columns, or in schemas that few may use; and a view for every
-- twenty tables, half of them upon another view.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

DO $$
BEGIN
	IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pii_bench_1') THEN
		RETURN;
	END IF;
	FOR i IN 1 .. 1000 LOOP
		EXECUTE format('CREATE ROLE %I %s %s', 'pii_bench_' || i,
					   CASE WHEN i > 200 THEN 'LOGIN' ELSE 'NOLOGIN' END,
					   CASE WHEN i % 20 = 0 THEN 'NOINHERIT' ELSE 'INHERIT' END);
	END LOOP;
	-- groups in layers of 50, each a member of one or two of the layer below;
	-- everyone else is in two of the upper layers
	FOR i IN 51 .. 1000 LOOP
		EXECUTE format('GRANT %I, %I TO %I',
					   'pii_bench_' || 50 * (least(i - 1, 200) / 50 - 1) + 1 + i * 7 % 50,
					   'pii_bench_' || 50 * (least(i - 1, 200) / 50 - 1) + 1 + i * 13 % 50,
					   'pii_bench_' || i);
	END LOOP;
END
$$;

CREATE PROCEDURE make_tables(total integer)
LANGUAGE plpgsql
AS $$
DECLARE
	place text;
BEGIN
	FOR i IN 0 .. total - 1 LOOP
		place := format('s%s.t%s', i / 100, i);
		IF i % 100 = 0 THEN
			EXECUTE format('CREATE SCHEMA s%s', i / 100);
			EXECUTE format('GRANT USAGE ON SCHEMA s%s TO %s', i / 100,
						   CASE WHEN i % 1000 = 0
								THEN 'pii_bench_1, pii_bench_2, pii_bench_3'
								ELSE 'PUBLIC' END);
		END IF;
		EXECUTE format('CREATE TABLE %s (email text, %s)', place,
					   (SELECT string_agg(format('flag_%s boolean', n), ', ')
						FROM generate_series(2, 20) n));
		EXECUTE format('ALTER TABLE %s OWNER TO %I', place, 'pii_bench_' || 1 + i % 10);
		EXECUTE format('GRANT SELECT ON %s TO %I, %I, %I', place,
					   'pii_bench_' || 11 + i % 190,
					   'pii_bench_' || 201 + i * 7 % 800,
					   'pii_bench_' || 201 + i * 11 % 800);
		IF i % 10 = 0 THEN
			EXECUTE format('GRANT SELECT (email, flag_2) ON %s TO %I', place,
						   'pii_bench_' || 11 + i * 3 % 190);
		ELSIF i % 50 = 1 THEN
			EXECUTE format('GRANT SELECT ON %s TO PUBLIC', place);
		END IF;
		IF i % 40 = 0 THEN
			EXECUTE format('CREATE VIEW %s_view AS SELECT a.*, b.email AS other FROM %1$s a JOIN %s b USING (flag_2)',
						   place, format('s%s.t%s', greatest(i - 1, 0) / 100, greatest(i - 1, 0)));
			EXECUTE format('CREATE VIEW %s_upon AS SELECT lower(email) AS email, md5(other) AS other FROM %1$s_view', place);
			EXECUTE format('GRANT SELECT ON %s_view, %1$s_upon TO %I', place, 'pii_bench_' || 201 + i * 3 % 800);
		END IF;
		IF i % 100 = 99 THEN
			COMMIT;
		END IF;
	END LOOP;
END
$$;

CALL make_tables(:tables);
DROP PROCEDURE make_tables;
VACUUM ANALYZE;
CREATE EXTENSION pg_pii;
CALL pii.scan(method => 'name');
VACUUM ANALYZE;
