-- Expressions that PostgreSQL prints otherwise once they were read back.
CREATE SCHEMA texts;
SET search_path = texts;
CREATE TABLE item (id int PRIMARY KEY, state varchar(20) CHECK (state IN ('new', 'paid')),
    n int CHECK (n BETWEEN 1 AND 9 AND n <> 5),
    good bool GENERATED ALWAYS AS (state IN ('a', 'b') AND n BETWEEN 1 AND 2 AND id > 0) STORED,
    fine bool DEFAULT ('a'::varchar IN ('a', 'b') AND 1 BETWEEN 0 AND 2 AND 3 > 2),
    day date CHECK (day BETWEEN '2020-01-01' AND '2030-01-01'::timestamp AND n > 0),
    EXCLUDE USING btree (id WITH =) WHERE (state IN ('x', 'y')));
CREATE INDEX ON item (id) WHERE state IN ('new', 'paid');
CREATE UNIQUE INDEX ON item ((state IN ('a', 'b') AND n BETWEEN 1 AND 2 AND id > 0));
CREATE VIEW good AS SELECT * FROM item WHERE state IN ('new', 'paid') AND n BETWEEN 1 AND 9 AND id > 0;
CREATE MATERIALIZED VIEW kept AS SELECT id FROM item WHERE state IN ('new', 'paid') AND n BETWEEN 1 AND 9 AND id > 0;
ALTER TABLE item ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON item USING (state IN ('new', 'paid') AND n BETWEEN 1 AND 9 AND id > 0) WITH CHECK (n BETWEEN 1 AND 2 AND id > 0);
CREATE STATISTICS of_both ON (state IN ('a', 'b') AND n BETWEEN 1 AND 2 AND id > 0), n FROM item;
CREATE DOMAIN state AS varchar DEFAULT CASE WHEN 'a'::varchar IN ('a', 'b') THEN 'c' END CHECK (VALUE IN ('a', 'b'));
CREATE TABLE parted (state varchar) PARTITION BY LIST ((state IN ('a', 'b')));
CREATE TABLE parted_true PARTITION OF parted FOR VALUES IN (true);
CREATE FUNCTION body(varchar) RETURNS bool LANGUAGE sql BEGIN ATOMIC SELECT $1 IN ('a', 'b') AND 1 BETWEEN 0 AND 2 AND 3 > 2; END;
CREATE FUNCTION argument(x bool DEFAULT 'a'::varchar IN ('a', 'b') AND 1 BETWEEN 0 AND 2 AND 3 > 2) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION fired() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER when_good BEFORE INSERT ON item FOR EACH ROW
    WHEN (NEW.state IN ('a', 'b') AND NEW.n BETWEEN 1 AND 2 AND NEW.id > 0) EXECUTE FUNCTION fired();
CREATE RULE unless_good AS ON DELETE TO item WHERE OLD.state IN ('a', 'b') AND OLD.n BETWEEN 1 AND 2 AND OLD.id > 0 DO INSTEAD NOTHING;
-- As well as an operator that pg_restore doesn't find, of 06-operators.sql.
CREATE TABLE mixed (way "Op s".ltree, state varchar CHECK (state IN ('a', 'b')), word "Op s".citext);
SET search_path = texts, "Op s";
ALTER TABLE mixed ADD CHECK (nullif(word, 'X') IS NULL OR state BETWEEN 'a' AND 'c' AND state <> 'b');
CREATE TRIGGER when_both BEFORE UPDATE ON mixed FOR EACH ROW
    WHEN (OLD.way IS DISTINCT FROM NEW.way AND NEW.state IN ('a', 'b')) EXECUTE FUNCTION fired();
INSERT INTO item VALUES (1, 'new', 1);
INSERT INTO mixed VALUES ('a.b', 'a', 'x');
REFRESH MATERIALIZED VIEW kept;

-- Columns that were inherited later come first in what is made again.
CREATE TABLE parent (a int, gone int);
CREATE TABLE second_parent (q text);
CREATE TABLE child (b text, "B b" int) INHERITS (parent, second_parent);
CREATE TABLE grandchild (own int) INHERITS (child);
ALTER TABLE parent ADD COLUMN c int;
ALTER TABLE second_parent ADD COLUMN "C" int DEFAULT 7;
ALTER TABLE child ADD COLUMN late bool;
ALTER TABLE parent DROP COLUMN gone;
INSERT INTO child (a, q, b, "B b", c) VALUES (1, 'q', 'x', 2, 3);
INSERT INTO grandchild (a, b, c, own) VALUES (1, 'b', 3, 4);
RESET search_path;
