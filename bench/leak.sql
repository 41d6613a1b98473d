-- The table of the leak: a social network's public figures with the e-mail
-- addresses and phone numbers they never published.
--
--   psql -v rows=200000 -f bench/leak.sql
--
-- Creates and fills influencer in the first schema of the search path, with
-- the same content on every run and every server: row i depends on i alone.
-- Everybody in it is invented, and so are the hosts; the digits of the phone
-- numbers are drawn by hash within the numbering plans of their countries.
-- 55 of 100 rows have an e-mail address, 38 a phone number, and 2.5 tell
-- either in their bio.

\if :{?rows}
\else
\set rows 200000
\endif

-- A number from 0 to n - 1 for row i; salt tells the draws of a row apart.
CREATE FUNCTION pg_temp.draw(i bigint, salt int, n int) RETURNS int
IMMUTABLE LANGUAGE sql AS
$$ SELECT ((hashint8extended(i, salt) >> 8) & 1073741823)::int % n $$;

-- One of some texts for row i.
CREATE FUNCTION pg_temp.pick(i bigint, salt int, VARIADIC choices text[])
RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT choices[1 + pg_temp.draw(i, salt, cardinality(choices))] $$;

-- How people write their numbers, sixteen countries and five ways each, the
-- first an international one; # is any digit.
CREATE TEMPORARY TABLE phone_style AS
SELECT country, style, length(written) - length(replace(written, '#', '')) AS digits,
	'FM' || replace(regexp_replace(written, '([^#]+)', '"\1"', 'g'), '#', '0') AS picture
FROM (VALUES
	(0, ARRAY['+1 (212) 4##-####', '(310) 7##-####', '646-3##-####', '+14048######', '1-702-9##-####']),
	(1, ARRAY['+44 7400 ######', '07912 ######', '+447515######', '07828 ### ###', '0044 7450 ######']),
	(2, ARRAY['+49 151 2#######', '0171/3######', '+49 (0) 160 9#######', '0049 176 2#######', '0152-5#######']),
	(3, ARRAY['+33 6 1# ## ## ##', '06.2#.##.##.##', '06 3# ## ## ##', '+3366#######', '0033 7 6# ## ## ##']),
	(4, ARRAY['+55 (11) 97###-####', '(21) 98###-####', '+55 31 99#######', '(41) 9 96##-####', '+5511996######']),
	(5, ARRAY['+91 98### #####', '+9199########', '098### #####', '+91-97########', '0091 96### #####']),
	(6, ARRAY['+62 812-3###-####', '0813-2###-####', '+628577#######', '0811 8## ####', '+62 878 8### ####']),
	(7, ARRAY['+90 532 4## ## ##', '0533 6## ## ##', '+90 (542) 3## ## ##', '+905557######', '0090 535 2## ## ##']),
	(8, ARRAY['+52 55 1### ####', '+52 33 3### ####', '+52818#######', '+52 (55) 5### ####', '55 2### ####']),
	(9, ARRAY['+81 90-3###-####', '080-4###-####', '+81705#######', '090-6###-####', '+81-80-7###-####']),
	(10, ARRAY['+61 412 ### ###', '0413 ### ###', '+61423######', '0438-###-###', '+61 (0)402 ### ###']),
	(11, ARRAY['+7 912 4##-##-##', '8 (916) 5##-##-##', '+79167######', '8-903-2##-##-##', '+7 (925) 3##-##-##']),
	(12, ARRAY['+34 612 ### ###', '+3465#######', '66# ## ## ##', '0034 62# ### ###', '67#-###-###']),
	(13, ARRAY['+39 320 ### ####', '+39347#######', '333 ## ## ###', '0039 339 #######', '328 #######']),
	(14, ARRAY['+234 803 ### ####', '0805 ### ####', '+234806#######', '0703-###-####', '+234 (0) 813 ### ####']),
	(15, ARRAY['+48 501 ### ###', '+48602######', '66# ### ###', '0048 51# ### ###', '79#-###-###'])
) AS countries (country, ways), unnest(ways) WITH ORDINALITY AS way (written, style);
ANALYZE phone_style;

CREATE TABLE influencer
(
	id bigint PRIMARY KEY,
	user_name text NOT NULL,
	full_name text NOT NULL,
	bio text,
	email text,
	phone text,
	followers bigint NOT NULL,
	city text,
	picture_url text NOT NULL,
	created_at timestamptz NOT NULL
);

INSERT INTO influencer
SELECT i, user_name, given || ' ' || family,
	CASE WHEN pg_temp.draw(i, 1, 1000) < 15 THEN bio || pg_temp.pick(i, 2, ' | bookings: ', ' - mail ', '. Contact ', ' 📩 ') || address
		WHEN pg_temp.draw(i, 1, 1000) < 25 THEN bio || pg_temp.pick(i, 2, ' | WhatsApp ', ' - call ', '. Tel. ', ' 📞 ') || mobile
		WHEN pg_temp.draw(i, 1, 1000) < 800 THEN bio
	END,
	CASE WHEN pg_temp.draw(i, 3, 100) < 55 THEN address END,
	CASE WHEN pg_temp.draw(i, 4, 100) < 38 THEN number END,
	1000 + (10 ^ (pg_temp.draw(i, 5, 4000) / 1000.0 + 2))::bigint,
	city,
	'https://cdn.glimpse.example/p/' || substr(md5(i::text), 1, 10) || '/' || 1300000000 + pg_temp.draw(i, 6, 240000000)
		|| pg_temp.pick(i, 7, '_n.jpg', '_n.jpg', '@2x.jpg'),
	timestamptz '2011-02-01 00:00:00+00' + pg_temp.draw(i, 8, 250000000) * interval '1 second'
FROM (
	SELECT i, given, family, city,
		lower(given) || separator || lower(family) || CASE WHEN pg_temp.draw(i, 20, 3) > 0 THEN pg_temp.draw(i, 21, 9000)::text ELSE '' END AS user_name,
		CASE pg_temp.draw(i, 22, 8)
			WHEN 0 THEN pg_temp.pick(i, 23, 'hello', 'info', 'booking', 'press') || '@' || lower(given) || lower(family) || pg_temp.draw(i, 24, 900)
				|| pg_temp.pick(i, 25, '.com', '.de', '.co.uk', '.com.br', '.fr', '.io', '.agency', '.studio')
			WHEN 1 THEN upper(left(given, 1)) || '.' || family || pg_temp.draw(i, 24, 90) || '@' || host
			WHEN 2 THEN lower(family) || '+' || pg_temp.pick(i, 23, 'ig', 'collab', 'business') || '@' || host
			ELSE lower(given) || pg_temp.pick(i, 23, '.', '_', '', '-') || lower(family) || pg_temp.draw(i, 24, 900) || '@' || host
		END AS address,
		pg_temp.pick(i, 26, 'Living for coffee and long walks', 'Travel | Food | Film', 'Mum of two, dog person', 'Fitness coach, 10k in 41:30',
			'Photographer from ' || city, 'New video every Friday 18:00', 'Author of 3 books', '100k+ on the other app @' || lower(given) || '_tv',
			'DM for collabs', 'Since 2014 / 365 outfits a year', 'Founder @' || lower(family) || 'studio', 'ex-athlete, 4x national champion',
			'Shop 20% off until 31.12.2019', 'She/her. ' || city || ' based', 'Gamer since 1998, PC 3080 / 32 GB')
			|| pg_temp.pick(i, 27, '', ' ✨', '. Be kind.', ' #ad', ' 🌍') AS bio,
		to_char((hashint8extended(i, 30) & 1152921504606846975) % (10 ^ own.digits)::bigint, own.picture) AS number,
		to_char((hashint8extended(i, 30) & 1152921504606846975) % (10 ^ first.digits)::bigint, first.picture) AS mobile
	FROM (
		SELECT i,
			pg_temp.pick(i, 40, 'Amara', 'Beatriz', 'Chloe', 'Deniz', 'Emeka', 'Farah', 'Giulia', 'Hana', 'Ines', 'Jonas', 'Kaya', 'Lukas', 'Marta', 'Nikita',
				'Olumide', 'Priya', 'Quentin', 'Rafael', 'Sofia', 'Tariq', 'Uma', 'Viktor', 'Wanda', 'Ximena', 'Yuki', 'Zofia') AS given,
			pg_temp.pick(i, 41, 'Abara', 'Bergmann', 'Costa', 'Dubois', 'Eriksen', 'Ferrari', 'Gupta', 'Hughes', 'Ivanova', 'Jensen', 'Kowalska', 'Lopez',
				'Mwangi', 'Nakamura', 'Okafor', 'Pereira', 'Quispe', 'Rossi', 'Sato', 'Tanaka', 'Usman', 'Varga', 'Wijaya', 'Yilmaz', 'Zielinski') AS family,
			pg_temp.pick(i, 42, '.', '_', '') AS separator,
			pg_temp.pick(i, 43, 'mailbrise.com', 'inboxly.net', 'postfink.de', 'correo-azul.es', 'brevmail.fr', 'lettera-rapida.it', 'pochtum.ru',
				'dakmail.in', 'suratku.co.id', 'mektupla.com.tr', 'yubinpost.jp', 'carteiro.com.br', 'ozpostbox.com.au', 'listomat.pl', 'mail.glimpse.social') AS host,
			pg_temp.pick(i, 44, 'New York', 'London', 'Berlin', 'Paris', 'São Paulo', 'Mumbai', 'Jakarta', 'İstanbul', 'Ciudad de México', 'Tokyo', 'Sydney',
				'Moscow', 'Madrid', 'Milano', 'Lagos', 'Warszawa') AS city
		FROM generate_series(1, :rows) AS i
	) AS person
	JOIN phone_style own ON own.country = pg_temp.draw(i, 44, 16) AND own.style = 1 + pg_temp.draw(i, 31, 5)
	JOIN phone_style first ON first.country = own.country AND first.style = 1
) AS profile
ORDER BY i;

ANALYZE influencer;
DROP TABLE phone_style;
DROP FUNCTION pg_temp.draw, pg_temp.pick;
