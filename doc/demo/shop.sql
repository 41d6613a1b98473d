-- A small shop: who works with it, what it holds, who may read what.  Half of
-- its columns are traps for anyone who looks at names or at digits alone.

CREATE ROLE office NOLOGIN;
CREATE ROLE analyst LOGIN;
CREATE ROLE app LOGIN;
CREATE ROLE intern LOGIN IN ROLE office;
CREATE ROLE support LOGIN IN ROLE office;

CREATE SCHEMA shop;

CREATE TABLE shop.customer
(
	customer_id bigint PRIMARY KEY,
	full_name text NOT NULL,
	email text NOT NULL UNIQUE,
	email_verified boolean NOT NULL,
	email_sent_at timestamptz,
	mobile varchar(30),
	phone_model text,
	loyalty_number bigint NOT NULL,
	created_at timestamptz NOT NULL
);
COMMENT ON COLUMN shop.customer.phone_model IS 'what the app runs on';

CREATE TABLE shop.orders
(
	order_number text PRIMARY KEY,
	customer_id bigint NOT NULL REFERENCES shop.customer,
	placed_epoch bigint NOT NULL,
	payment_id uuid NOT NULL,
	barcode text NOT NULL,
	total numeric(10, 2) NOT NULL,
	delivery_note text
);

-- EAN-13 of product n: twelve digits and their check digit.
CREATE FUNCTION pg_temp.ean13(n bigint) RETURNS text LANGUAGE sql AS $$
	SELECT base || (10 - sum(substr(base, p, 1)::int * (1 + 2 * ((p + 1) % 2))) % 10) % 10
	FROM (SELECT '400638' || lpad((n % 1000000)::text, 6, '0')) AS b (base),
		generate_series(1, 12) AS p
	GROUP BY base
$$;

CREATE TABLE shop.product_image
(
	file_name text PRIMARY KEY,
	bytes bigint NOT NULL,
	package text NOT NULL
);

-- What the marketing tool exports: a contact in a column named after nothing.
CREATE TABLE shop.newsletter
(
	subscriber text NOT NULL,
	source text NOT NULL,
	payload jsonb NOT NULL
);

INSERT INTO shop.customer
SELECT id, full_name, 'c' || id || '.' || email, id % 7 > 0,
	created_at + interval '1 day', phone,
	(ARRAY['Pixel 4a', 'iPhone 13', 'Galaxy S21', 'Moto G 5000'])[1 + id % 4],
	4000000000 + id * 7, created_at
FROM influencer
WHERE email IS NOT NULL AND id <= 20000;

INSERT INTO shop.orders
SELECT '2019-' || lpad(n::text, 7, '0'), customer_id,
	1546300800 + n * 731, md5(n::text)::uuid, pg_temp.ean13(n), 5 + n % 20000 / 100.0,
	CASE n % 50
		WHEN 0 THEN 'Please ring ' || coalesce(mobile, 'twice') || ' before delivery'
		WHEN 1 THEN 'Leave it with the neighbour, 2nd floor'
		WHEN 2 THEN 'Order 2019-0000' || n || ' again, please'
	END
FROM shop.customer, generate_series(customer_id * 3, customer_id * 3 + 2) AS n;

INSERT INTO shop.product_image
SELECT 'shirt-' || n || (ARRAY['@2x.png', '@3x.png', '.png'])[1 + n % 3], 20000 + n * 37 % 90000,
	(ARRAY['sharp@0.33.', '@shop/thumbs@2.1.'])[1 + n % 2] || n % 10
FROM generate_series(1, 3000) AS n;

INSERT INTO shop.newsletter
SELECT email, 'spring-2019',
	jsonb_build_object('id', customer_id, 'contact', jsonb_build_object('mail', email, 'tel', mobile))
FROM shop.customer WHERE customer_id % 3 = 0;

-- The view that "only shows what is needed" reads with its owner's rights.
CREATE VIEW shop.order_contact AS
SELECT o.order_number, c.full_name, c.email
FROM shop.orders o JOIN shop.customer c USING (customer_id);

-- Everyone got to read the table of the leak, once, "for now".
GRANT SELECT ON influencer TO PUBLIC;
GRANT USAGE ON SCHEMA shop TO app, analyst, office;
GRANT SELECT, INSERT, UPDATE ON shop.customer, shop.orders TO app;
GRANT SELECT (customer_id, full_name, mobile) ON shop.customer TO support;
GRANT SELECT ON shop.order_contact, shop.product_image TO analyst;
GRANT SELECT ON shop.newsletter TO office;

ANALYZE shop.customer, shop.orders, shop.product_image, shop.newsletter;
