-- What ALTER EXTENSION made members, and what users put on tables of extensions: pg_dump has none of it.
SELECT setting || '/extension/' AS extensions FROM pg_config WHERE name = 'SHAREDIR' \gset
\set file :extensions 'fidelity.control'
\o :file
\qecho default_version = '1.0'
\qecho superuser = false
\o
\set file :extensions 'fidelity--1.0.sql'
\o :file
\qecho 'CREATE TABLE @extschema@.fidelity_conf (id int PRIMARY KEY, v text);'
\qecho 'SELECT pg_catalog.pg_extension_config_dump(\'@extschema@.fidelity_conf\', \'WHERE id > 10\');'
\qecho 'INSERT INTO @extschema@.fidelity_conf VALUES (1, \'its own\');'
\o
SELECT count(*) AS made FROM (SELECT 'fidelity_member' AS r EXCEPT SELECT rolname FROM pg_roles) r \gset
\if :made
  CREATE ROLE fidelity_member;
\endif
CREATE SCHEMA "Ext S";
GRANT USAGE ON SCHEMA "Ext S" TO fidelity_member;
CREATE EXTENSION fidelity SCHEMA "Ext S";
CREATE TYPE "Ext S".ordinary AS ENUM ('x');
CREATE TYPE "Ext S"."E n" AS ENUM ('a', 'it''s');
CREATE TYPE "Ext S".comp AS (a int, b text);
CREATE DOMAIN "Ext S".dom AS int DEFAULT 3 CONSTRAINT pos CHECK (VALUE > 0);
CREATE TABLE "Ext S"."Q j" (id bigserial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, m jsonb DEFAULT '{"it''s": 1}',
    g int GENERATED ALWAYS AS (1) STORED, o "Ext S".ordinary);
INSERT INTO "Ext S"."Q j" (o) SELECT 'x' FROM generate_series(1, 10);
GRANT SELECT ON "Ext S"."Q j" TO PUBLIC;
ALTER TABLE "Ext S"."Q j" OWNER TO fidelity_member;
CREATE SEQUENCE "Ext S".sq MAXVALUE 77;
SELECT setval('"Ext S".sq', 5);
CREATE VIEW "Ext S".vv AS SELECT id, n FROM "Ext S"."Q j";
CREATE FUNCTION "Ext S".ff(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
ALTER EXTENSION fidelity ADD TYPE "Ext S"."E n";
ALTER EXTENSION fidelity ADD TYPE "Ext S".comp;
ALTER EXTENSION fidelity ADD DOMAIN "Ext S".dom;
ALTER EXTENSION fidelity ADD TABLE "Ext S"."Q j";
ALTER EXTENSION fidelity ADD SEQUENCE "Ext S".sq;
ALTER EXTENSION fidelity ADD VIEW "Ext S".vv;
ALTER EXTENSION fidelity ADD FUNCTION "Ext S".ff(int);
GRANT INSERT ON "Ext S"."Q j" TO fidelity_member;
CREATE INDEX "Odd i" ON "Ext S"."Q j" ((m ->> 'a'));
CREATE TABLE "Ext S".uses (e "Ext S"."E n", c "Ext S".comp, d "Ext S".dom, q bigint REFERENCES "Ext S"."Q j");
INSERT INTO "Ext S".uses VALUES ('it''s', (1, 'x'), 4, 3);
CREATE VIEW "Ext S".vo AS SELECT "Ext S".ff(n) FROM "Ext S".vv;
CREATE FUNCTION "Ext S".tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.v := ''fired''; RETURN NEW; END';
INSERT INTO "Ext S".fidelity_conf VALUES (11, 'mine');
ALTER TABLE "Ext S".fidelity_conf ADD COLUMN extra text DEFAULT 'd', ADD CONSTRAINT ck CHECK (id > 0);
UPDATE "Ext S".fidelity_conf SET extra = 'e' WHERE id = 11;
CREATE INDEX by_v ON "Ext S".fidelity_conf (v);
CREATE TRIGGER always BEFORE INSERT ON "Ext S".fidelity_conf FOR EACH ROW EXECUTE FUNCTION "Ext S".tf();
CREATE TRIGGER off BEFORE INSERT ON "Ext S".fidelity_conf FOR EACH ROW EXECUTE FUNCTION "Ext S".tf();
ALTER TABLE "Ext S".fidelity_conf ENABLE ALWAYS TRIGGER always, DISABLE TRIGGER off;
ALTER TABLE "Ext S".fidelity_conf ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON "Ext S".fidelity_conf FOR SELECT TO fidelity_member USING (id > 10);
CREATE STATISTICS "Ext S".of_conf ON id, v FROM "Ext S".fidelity_conf;
COMMENT ON COLUMN "Ext S".fidelity_conf.v IS 'it''s ours';
COMMENT ON TABLE "Ext S".fidelity_conf IS 'ours, too';
SELECT current_setting('search_path') AS path \gset
SET search_path = pg_catalog, "Op s";
CREATE VIEW "Ext S".hidden AS SELECT nullif('x'::citext, 'X') IS NULL AS same;
ALTER EXTENSION fidelity ADD VIEW "Ext S".hidden;
SELECT set_config('search_path', :'path', false);
