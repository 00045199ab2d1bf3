-- What happens to a table between two backups, and whether the second may take the rows of the first. A case has the name of its
-- table and what becomes of it: "same", where nothing that is saved of it has been changed and that must be proved; "read",
-- where it must be read again; "doubt", where it could be the same, and is read again. A file of three parts: statements before the first
-- backup; after "-- open" those of transactions that are open during the first backup, or prepared; after "-- then" those in between.
-- The open ones are one transaction, which is committed before those. Every statement ends with a semicolon at the end of a line, and is a transaction of its own.

-- ## untouched same
CREATE TABLE untouched AS SELECT i, repeat('x', i) AS t FROM generate_series(1, 500) i;

-- ## without_rows same
CREATE TABLE without_rows (i int);

-- ## without_columns same
CREATE TABLE without_columns ();
INSERT INTO without_columns DEFAULT VALUES;

-- ## inserted read
CREATE TABLE inserted (i int);
-- then
INSERT INTO inserted VALUES (1);

-- ## updated_hot read
CREATE TABLE updated_hot AS SELECT 1 AS i;
-- then
UPDATE updated_hot SET i = 2;

-- ## updated_alike doubt
CREATE TABLE updated_alike AS SELECT 1 AS i;
-- then
UPDATE updated_alike SET i = 1;

-- ## deleted read
CREATE TABLE deleted AS SELECT i FROM generate_series(1, 3) i;
-- then
DELETE FROM deleted WHERE i = 2;

-- ## exchanged read
CREATE TABLE exchanged AS SELECT i FROM generate_series(1, 3) i;
-- then
DELETE FROM exchanged WHERE i = 2;
INSERT INTO exchanged VALUES (4);

-- ## insert_undone same
CREATE TABLE insert_undone AS SELECT 1 AS i;
-- then
DO $$ BEGIN INSERT INTO insert_undone VALUES (2); RAISE EXCEPTION 'x'; EXCEPTION WHEN OTHERS THEN END $$;

-- ## delete_undone same
CREATE TABLE delete_undone AS SELECT 1 AS i;
-- then
DO $$ BEGIN DELETE FROM delete_undone; RAISE EXCEPTION 'x'; EXCEPTION WHEN OTHERS THEN END $$;

-- ## locked_rows same
CREATE TABLE locked_rows (i int PRIMARY KEY);
INSERT INTO locked_rows VALUES (1);
-- then
SELECT * FROM locked_rows FOR UPDATE;
SELECT * FROM locked_rows FOR KEY SHARE;

-- ## subtransaction read
CREATE TABLE subtransaction AS SELECT 1 AS i;
-- then
DO $$ BEGIN DELETE FROM subtransaction; BEGIN INSERT INTO subtransaction VALUES (2); EXCEPTION WHEN OTHERS THEN END; END $$;

-- ## prepared_before read
CREATE TABLE prepared_before AS SELECT 1 AS i;
-- open
BEGIN; UPDATE prepared_before SET i = 2; PREPARE TRANSACTION 'prepared_before';
-- then
COMMIT PREPARED 'prepared_before';

-- ## prepared_and_undone same
CREATE TABLE prepared_and_undone AS SELECT 1 AS i;
-- open
BEGIN; UPDATE prepared_and_undone SET i = 2; PREPARE TRANSACTION 'prepared_and_undone';
-- then
ROLLBACK PREPARED 'prepared_and_undone';

-- ## open_meanwhile read
CREATE TABLE open_meanwhile AS SELECT 1 AS i;
-- open
BEGIN; UPDATE open_meanwhile SET i = 2;

-- ## open_then_older_delete read
CREATE TABLE open_then_older_delete AS SELECT i FROM generate_series(1, 2) i;
-- open
INSERT INTO open_then_older_delete VALUES (3);
-- then
DELETE FROM open_then_older_delete WHERE i = 1;

-- ## upserted read
CREATE TABLE upserted (i int PRIMARY KEY, n int);
INSERT INTO upserted VALUES (1, 1);
-- then
INSERT INTO upserted VALUES (1, 2) ON CONFLICT (i) DO UPDATE SET n = excluded.n;

-- ## upserted_nothing same
CREATE TABLE upserted_nothing (i int PRIMARY KEY, n int);
INSERT INTO upserted_nothing VALUES (1, 1);
-- then
INSERT INTO upserted_nothing VALUES (1, 2) ON CONFLICT DO NOTHING;

-- ## toasted read
CREATE TABLE toasted AS SELECT string_agg(md5(i::text), '') AS t FROM generate_series(1, 1000) i;
-- then
UPDATE toasted SET t = 'y' || t;

-- ## toasted_still same
CREATE TABLE toasted_still AS SELECT string_agg(md5(i::text), '') AS t FROM generate_series(1, 1000) i;
-- then
VACUUM toasted_still;

-- ## frozen same
CREATE TABLE frozen AS SELECT i FROM generate_series(1, 3) i;
-- then
VACUUM (FREEZE, ANALYZE) frozen;

-- ## frozen_before same
CREATE TABLE frozen_before AS SELECT i FROM generate_series(1, 3) i;
VACUUM (FREEZE) frozen_before;

-- ## copied_frozen read
CREATE TABLE copied_frozen AS SELECT 1 AS i;
-- then
BEGIN; TRUNCATE copied_frozen; COPY copied_frozen FROM PROGRAM 'echo 2' (FREEZE); COMMIT;

-- ## vacuum_full doubt
CREATE TABLE vacuum_full AS SELECT i FROM generate_series(1, 3) i;
-- then
VACUUM FULL vacuum_full;

-- ## clustered doubt
CREATE TABLE clustered (i int PRIMARY KEY);
INSERT INTO clustered VALUES (2), (1);
-- then
CLUSTER clustered USING clustered_pkey;

-- ## truncated read
CREATE TABLE truncated AS SELECT 1 AS i;
-- then
TRUNCATE truncated;

-- ## truncated_and_filled read
CREATE TABLE truncated_and_filled AS SELECT 1 AS i;
-- then
TRUNCATE truncated_and_filled;
INSERT INTO truncated_and_filled VALUES (2);

-- ## made_logged doubt
CREATE UNLOGGED TABLE made_logged AS SELECT 1 AS i;
-- then
ALTER TABLE made_logged SET LOGGED;

-- ## analyzed same
CREATE TABLE analyzed AS SELECT i FROM generate_series(1, 300) i;
-- then
ANALYZE analyzed;
CREATE INDEX ON analyzed (i);
REINDEX TABLE analyzed;

-- ## with_policy doubt
CREATE TABLE with_policy AS SELECT 1 AS i;
-- then
ALTER TABLE with_policy ENABLE ROW LEVEL SECURITY;
ALTER TABLE with_policy FORCE ROW LEVEL SECURITY;

-- ## has_policy same
CREATE TABLE has_policy AS SELECT 1 AS i;
CREATE POLICY p ON has_policy USING (false);
ALTER TABLE has_policy ENABLE ROW LEVEL SECURITY;

-- ## column_renamed read
CREATE TABLE column_renamed AS SELECT 1 AS i;
-- then
ALTER TABLE column_renamed RENAME i TO j;

-- ## table_renamed read
CREATE TABLE table_was_renamed AS SELECT 1 AS i;
-- then
ALTER TABLE table_was_renamed RENAME TO table_renamed;

-- ## schema_renamed read
CREATE SCHEMA was_named;
CREATE TABLE was_named.schema_renamed AS SELECT 1 AS i;
-- then
ALTER SCHEMA was_named RENAME TO is_named;

-- ## schema_granted same
CREATE SCHEMA granted;
CREATE TABLE granted.schema_granted AS SELECT 1 AS i;
-- then
GRANT USAGE ON SCHEMA granted TO PUBLIC;

-- ## moved_to_schema read
CREATE SCHEMA elsewhere;
CREATE TABLE moved_to_schema AS SELECT 1 AS i;
-- then
ALTER TABLE moved_to_schema SET SCHEMA elsewhere;

-- ## column_added read
CREATE TABLE column_added AS SELECT 1 AS i;
-- then
ALTER TABLE column_added ADD j int DEFAULT 7;

-- ## column_dropped read
CREATE TABLE column_dropped AS SELECT 1 AS i, 2 AS j;
-- then
ALTER TABLE column_dropped DROP j;

-- ## column_replaced read
CREATE TABLE column_replaced AS SELECT 1 AS i;
ALTER TABLE column_replaced ADD j int DEFAULT 7;
-- then
ALTER TABLE column_replaced DROP j;
ALTER TABLE column_replaced ADD j int DEFAULT 8;

-- ## default_changed doubt
CREATE TABLE default_changed AS SELECT 1 AS i;
-- then
ALTER TABLE default_changed ALTER i SET DEFAULT 5;

-- ## column_generated read
CREATE TABLE column_generated (i int, j int GENERATED ALWAYS AS (i * 2) STORED);
INSERT INTO column_generated VALUES (1);
-- then
ALTER TABLE column_generated ALTER j DROP EXPRESSION;

-- ## zone_added read
CREATE TABLE zone_added AS SELECT '2026-01-01 00:00'::timestamp AS i;
-- then
SET TimeZone = 'UTC';
ALTER TABLE zone_added ALTER i TYPE timestamptz;
RESET TimeZone;

-- ## longer_text doubt
CREATE TABLE longer_text (t varchar(10));
INSERT INTO longer_text VALUES ('x');
-- then
ALTER TABLE longer_text ALTER t TYPE varchar(20);

-- ## text_of_varchar doubt
CREATE TABLE text_of_varchar (t varchar(10));
INSERT INTO text_of_varchar VALUES ('x');
-- then
ALTER TABLE text_of_varchar ALTER t TYPE text;

-- ## stored_otherwise doubt
CREATE TABLE stored_otherwise (t text);
INSERT INTO stored_otherwise VALUES ('x');
-- then
ALTER TABLE stored_otherwise ALTER t SET STORAGE EXTERNAL;

-- ## label_renamed read
CREATE TYPE renamed_labels AS ENUM ('a', 'b');
CREATE TABLE label_renamed AS SELECT 'a'::renamed_labels AS e;
-- then
ALTER TYPE renamed_labels RENAME VALUE 'a' TO 'z';

-- ## label_of_element read
CREATE TYPE element_labels AS ENUM ('a', 'b');
CREATE DOMAIN element_domain AS element_labels[];
CREATE TYPE element_composite AS (x int, y element_domain);
CREATE TABLE label_of_element AS SELECT ARRAY[ROW(1, '{a}')::element_composite] AS e;
-- then
ALTER TYPE element_labels RENAME VALUE 'a' TO 'z';

-- ## label_of_range read
CREATE TYPE range_labels AS ENUM ('a', 'b');
CREATE TYPE labels_range AS RANGE (SUBTYPE = range_labels);
CREATE TABLE label_of_range AS SELECT labels_range('a', 'b') AS r;
-- then
ALTER TYPE range_labels RENAME VALUE 'a' TO '0';

-- ## label_of_multirange read
CREATE TYPE multirange_labels AS ENUM ('a', 'b');
CREATE TYPE labels_of_range AS RANGE (SUBTYPE = multirange_labels, MULTIRANGE_TYPE_NAME = labels_of_multirange);
CREATE TABLE label_of_multirange AS SELECT '{[a,b)}'::labels_of_multirange AS r;
-- then
ALTER TYPE multirange_labels RENAME VALUE 'a' TO '0';

-- ## label_added doubt
CREATE TYPE added_labels AS ENUM ('a', 'b');
CREATE TABLE label_added AS SELECT 'a'::added_labels AS e;
-- then
ALTER TYPE added_labels ADD VALUE 'c';

-- ## labels_untouched same
CREATE TYPE labels AS ENUM ('a', 'b');
CREATE TYPE composite_of_labels AS (a labels, b labels[]);
CREATE TABLE labels_untouched AS SELECT 'a'::labels AS e, ROW('a', '{b}')::composite_of_labels AS c;

-- ## attribute_added read
CREATE TYPE composite_added AS (x int);
CREATE TABLE attribute_added AS SELECT ROW(1)::composite_added AS c;
-- then
ALTER TYPE composite_added ADD ATTRIBUTE y int;

-- ## attribute_dropped read
CREATE TYPE composite_dropped AS (x int, y int);
CREATE TABLE attribute_dropped AS SELECT ROW(1, 2)::composite_dropped AS c;
-- then
ALTER TYPE composite_dropped DROP ATTRIBUTE y;

-- ## row_type_changed read
CREATE TABLE row_type (x int);
CREATE TABLE row_type_changed AS SELECT ROW(1)::row_type AS c;
-- then
ALTER TABLE row_type ADD y int;

-- ## recreated read
CREATE TABLE recreated AS SELECT 1 AS i;
-- then
DROP TABLE recreated;
CREATE TABLE recreated AS SELECT 2 AS i;

-- ## made_since read
-- then
CREATE TABLE made_since AS SELECT 1 AS i;

-- ## swapped read
CREATE TABLE swapped AS SELECT 1 AS i;
CREATE TABLE to_be_swapped AS SELECT 2 AS i;
-- then
BEGIN; ALTER TABLE swapped RENAME TO swapped_away; ALTER TABLE to_be_swapped RENAME TO swapped; COMMIT;

-- ## parent same
CREATE TABLE parent (i int);
CREATE TABLE child () INHERITS (parent);
INSERT INTO parent VALUES (1);
-- then
INSERT INTO child VALUES (1);

-- ## partition_kept same
CREATE TABLE partitioned (i int) PARTITION BY RANGE (i);
CREATE TABLE partition_kept PARTITION OF partitioned FOR VALUES FROM (0) TO (10);
CREATE TABLE partition_other PARTITION OF partitioned FOR VALUES FROM (10) TO (20);
INSERT INTO partitioned VALUES (1);
-- then
INSERT INTO partitioned VALUES (11);

-- ## partition_of_renamed doubt
CREATE TABLE partitioned_renamed (i int) PARTITION BY RANGE (i);
CREATE TABLE partition_of_renamed PARTITION OF partitioned_renamed DEFAULT;
INSERT INTO partitioned_renamed VALUES (1);
-- then
ALTER TABLE partitioned_renamed RENAME TO partitioned_is_renamed;

-- ## partition_key_updated read
CREATE TABLE partitioned_keys (i int) PARTITION BY RANGE (i);
CREATE TABLE partition_key_updated PARTITION OF partitioned_keys FOR VALUES FROM (0) TO (10);
CREATE TABLE partition_key_target PARTITION OF partitioned_keys FOR VALUES FROM (10) TO (20);
INSERT INTO partitioned_keys VALUES (1), (11);
-- then
UPDATE partitioned_keys SET i = 13 - i;

-- ## names_of_tables never
CREATE TABLE names_of_tables AS SELECT 'pg_class'::regclass AS r;

-- ## names_of_roles never
CREATE TABLE names_of_roles AS SELECT '{}'::aclitem[] AS r;

-- ## names_inside never
CREATE TYPE with_name AS (x int, r regtype[]);
CREATE DOMAIN domain_with_name AS with_name;
CREATE TABLE names_inside (d domain_with_name);

-- ## names_of_core never
CREATE TABLE names_of_core (a pg_catalog.pg_aggregate);

-- ## core_types same
CREATE TABLE core_types AS SELECT 1::money AS m, '\x00'::bytea AS b, '<a/>'::xml AS x, '{"a": 1}'::jsonb AS j, 1.5::float8 AS f,
       now() AS n, '[1,2)'::int4range AS r, '1 day'::interval AS i, 'a'::tsvector AS v, '1.1.1.1'::inet AS p, 'x'::name AS a, '(1,2)'::point AS o,
       '{[1,2)}'::int4multirange AS mr, '0/1'::pg_lsn AS l, 1::oid AS oid, '$.a'::jsonpath AS jp, 'x'::char AS c, B'1' AS bits;
