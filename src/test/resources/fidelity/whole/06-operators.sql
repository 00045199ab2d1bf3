-- Operators that the text of a definition doesn't name, and names that functions don't qualify.
CREATE SCHEMA "Op s";
CREATE EXTENSION citext SCHEMA "Op s";
CREATE EXTENSION ltree SCHEMA "Op s";
CREATE EXTENSION unaccent SCHEMA public;
CREATE SCHEMA meaning;
SET search_path = meaning, "Op s";
CREATE TABLE word (id int PRIMARY KEY, a citext, b citext, way ltree,
    different citext GENERATED ALWAYS AS (nullif(a, b)) STORED,
    fallback citext DEFAULT nullif('x'::citext, 'X'),
    CHECK (a IS NOT DISTINCT FROM a AND CASE b WHEN 'FORBIDDEN' THEN false ELSE true END));
CREATE TABLE other (a citext);
CREATE DOMAIN lonely AS citext DEFAULT nullif('x'::citext, 'X') CHECK (nullif(value, 'a') IS DISTINCT FROM 'q');
CREATE VIEW joined AS SELECT a, id, CASE b WHEN 'X' THEN 'same' ELSE 'other' END AS is_x FROM word JOIN other USING (a);
CREATE VIEW compared AS SELECT id, (a, b) < (b, a) AS less, a IS DISTINCT FROM b AS differs, nullif(a, b) AS kept FROM word;
-- Needs the primary key: pg_dump makes it twice.
CREATE VIEW by_key AS SELECT id, a, nullif(a, b) AS kept FROM word GROUP BY id;
CREATE MATERIALIZED VIEW filled AS SELECT word.a, count(*) AS n FROM word JOIN other USING (a) GROUP BY word.a;
CREATE INDEX ON filled (nullif(a, 'B'));
CREATE INDEX by_expression ON word (nullif(a, b)) WHERE nullif(b, 'z') IS NOT NULL;
CREATE STATISTICS of_expression ON (nullif(a, b)), id FROM word;
CREATE POLICY same ON word USING (a IS NOT DISTINCT FROM b);
CREATE FUNCTION joined_words() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM word JOIN other USING (a); END;
CREATE FUNCTION fired() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.fallback = ''fired''; RETURN NEW; END';
CREATE TRIGGER when_changed BEFORE UPDATE ON word FOR EACH ROW
    WHEN (OLD.a IS DISTINCT FROM NEW.a OR OLD.way IS DISTINCT FROM NEW.way) EXECUTE FUNCTION fired();
CREATE TABLE parted (a citext) PARTITION BY LIST ((nullif(a, 'x')));
CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('A');
INSERT INTO word (id, a, b, way) VALUES (1, 'x', 'X', 'a.b'), (2, 'Y', 'z', 'c');
INSERT INTO other VALUES ('X'), ('y');
REFRESH MATERIALIZED VIEW filled;
INSERT INTO parted VALUES ('a');

-- What came from a plain restore means text's operators by now, and goes on to.
SET search_path = '';
CREATE VIEW meaning.already_text AS SELECT nullif(a, b) AS kept FROM meaning.word;
CREATE TABLE meaning.of_text (a "Op s".citext, b "Op s".citext, kept text GENERATED ALWAYS AS (nullif(a, b)) STORED);
INSERT INTO meaning.of_text VALUES ('x', 'X');
RESET search_path;

-- Operators of the database's own.
CREATE TYPE meaning.pair AS (x int, y text);
CREATE FUNCTION meaning.same_y(meaning.pair, meaning.pair) RETURNS bool LANGUAGE sql IMMUTABLE
    AS 'SELECT pg_catalog.lower(($1).y) OPERATOR(pg_catalog.=) pg_catalog.lower(($2).y)';
CREATE OPERATOR meaning.= (FUNCTION = meaning.same_y, LEFTARG = meaning.pair, RIGHTARG = meaning.pair);
SET search_path = meaning, pg_catalog;
CREATE TABLE pairs (a pair, b pair);
CREATE VIEW same_pairs AS SELECT nullif(a, b) IS NULL AS same FROM pairs;
INSERT INTO pairs VALUES ((1, 'q'), (2, 'Q'));
RESET search_path;

-- Bodies that name things as a search path of the application's finds them.
CREATE FUNCTION plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT unaccent($1)';
CREATE TABLE slugs (name text, slug text GENERATED ALWAYS AS (lower(plain(name))) STORED);
INSERT INTO slugs VALUES ('Ä');
CREATE TABLE valid_ids (id int);
INSERT INTO valid_ids VALUES (1);
CREATE FUNCTION is_valid(int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN EXISTS (SELECT FROM valid_ids v WHERE v.id = $1); END';
CREATE TABLE a_user_of_ids (id int CHECK (is_valid(id)));
INSERT INTO a_user_of_ids VALUES (1);

-- PostgreSQL's own operators for any array, beside an extension's for arrays of integers, which refuse a null.
CREATE EXTENSION intarray SCHEMA "Op s";
CREATE TABLE meaning.numbers (id int PRIMARY KEY, arr int[], CONSTRAINT has_one CHECK (arr @> '{1}'));
INSERT INTO meaning.numbers VALUES (1, '{1,NULL}');
CREATE VIEW meaning.with_one AS SELECT id, arr @> '{1}' AS one FROM meaning.numbers;
CREATE INDEX numbers_with_one ON meaning.numbers (id) WHERE arr @> '{1}';
