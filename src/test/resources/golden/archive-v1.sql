-- What golden/archive-v1.zip is a backup of: a little of everything, small.
CREATE ROLE golden_owner;
CREATE ROLE golden_reader;
GRANT golden_reader TO golden_owner;

CREATE SCHEMA shop AUTHORIZATION golden_owner;
CREATE SCHEMA audit;
CREATE TYPE shop.state AS ENUM ('new', 'paid', 'sent');
CREATE DOMAIN shop.price AS numeric(10, 2) CHECK (VALUE >= 0);

CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Name: not_a_header; Type: TABLE; Schema: shop; Owner: nobody
    NEW.touched = '2026-11-20 12:00:00+00';
    RETURN NEW;
END $$;

CREATE TABLE shop.customer (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    email text UNIQUE,
    lower_name text GENERATED ALWAYS AS (lower(name)) STORED,
    touched timestamptz
);
CREATE TRIGGER customer_touch BEFORE INSERT OR UPDATE ON shop.customer FOR EACH ROW EXECUTE FUNCTION shop.touch();
INSERT INTO shop.customer (name, email)
SELECT 'Customer ' || n, CASE WHEN n % 3 > 0 THEN 'c' || n || '@example.com' END FROM generate_series(1, 50) n;
INSERT INTO shop.customer (name, email) VALUES (E'Größe\t日本語 😀\n\\.', NULL);

CREATE TABLE shop."order" (
    id bigserial,
    customer int NOT NULL REFERENCES shop.customer ON DELETE CASCADE,
    day date NOT NULL,
    state shop.state NOT NULL DEFAULT 'new',
    total shop.price,
    detail jsonb,
    PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
CREATE TABLE shop.order_2025 PARTITION OF shop."order" FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE shop.order_2026 PARTITION OF shop."order" FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE shop.order_other PARTITION OF shop."order" DEFAULT;
CREATE INDEX order_customer ON shop."order" (customer);
CREATE INDEX order_paid ON shop.order_2026 (day) WHERE state = 'paid';
INSERT INTO shop."order" (customer, day, state, total, detail)
SELECT n % 50 + 1, date '2025-06-01' + n * 3, (ARRAY['new', 'paid', 'sent'])[n % 3 + 1]::shop.state, n * 1.25,
       jsonb_build_object('n', n, 'note', E'a "b"\\')
  FROM generate_series(1, 200) n;

CREATE TABLE audit."Odd name / ""x"" ä.." (id int PRIMARY KEY, "a column, odd" bytea, at interval, "values" text[]);
INSERT INTO audit."Odd name / ""x"" ä.." VALUES (1, '\x00ff5c0a', '1 year 2 mons -3 days', ARRAY['a', NULL, '{}']), (2, NULL, NULL, '{}');
CREATE TABLE audit.empty (id int);
CREATE TABLE audit.no_columns ();
INSERT INTO audit.no_columns DEFAULT VALUES;

CREATE VIEW shop.sales AS SELECT customer, sum(total) AS total FROM shop."order" GROUP BY customer;
CREATE MATERIALIZED VIEW shop.top AS SELECT * FROM shop.sales ORDER BY total DESC LIMIT 10;
CREATE UNIQUE INDEX top_customer ON shop.top (customer);

ALTER TABLE shop.customer ENABLE ROW LEVEL SECURITY;
CREATE POLICY customer_readers ON shop.customer FOR SELECT TO golden_reader USING (email IS NOT NULL);
GRANT USAGE ON SCHEMA shop TO golden_reader;
GRANT SELECT ON shop.customer, shop.sales TO golden_reader;
GRANT SELECT (id, day) ON shop."order" TO golden_reader;
ALTER TABLE shop.customer OWNER TO golden_owner;
ALTER TABLE shop."order" OWNER TO golden_owner;
COMMENT ON TABLE shop.customer IS E'who buys; it''s\ntwo lines';
COMMENT ON COLUMN shop."order".detail IS 'anything';

SELECT lo_from_bytea(4711, 'a large object'::bytea);
SELECT setval('shop.order_id_seq', 1000, false);
