-- What other sessions do all the time and what changes neither rows nor their text: no reason for a backup to fail, and none
-- of it may be found in it. See Change for the form. Every database has the table small, of 1,000 rows.

-- ## rows changed, deleted and added
-- at: taken, planned, defined
CREATE TABLE event (n int, text text) PARTITION BY LIST (text);
CREATE TABLE event_a PARTITION OF event FOR VALUES IN ('a');
CREATE TABLE event_b PARTITION OF event FOR VALUES IN ('b');
INSERT INTO event SELECT n, 'a' FROM generate_series(1, 100) n;
-- meanwhile
UPDATE small SET amount = 0;
DELETE FROM small WHERE id > 500;
INSERT INTO small (id) VALUES (5000);
UPDATE event SET text = 'b';

-- ## vacuumed and analyzed
-- at: defined
-- meanwhile
DELETE FROM small WHERE id > 500;
VACUUM (FREEZE, ANALYZE) small;
VACUUM (INDEX_CLEANUP ON, TRUNCATE ON) small;
ANALYZE;

-- ## compacted by VACUUM FULL
-- at: taken, planned, defined
-- meanwhile
DELETE FROM small WHERE id > 500;
VACUUM FULL small;

-- ## compacted by CLUSTER
-- at: defined
-- meanwhile
UPDATE small SET amount = 0;
CLUSTER small USING small_pkey;

-- ## put in another tablespace
-- at: defined
SET allow_in_place_tablespaces = on;
DROP TABLESPACE IF EXISTS bactrian_instant;
CREATE TABLESPACE bactrian_instant LOCATION '';
-- meanwhile
ALTER TABLE small SET TABLESPACE bactrian_instant;
ALTER TABLE small SET TABLESPACE pg_default;

-- ## indexes made, rebuilt and dropped
-- at: taken, planned, defined
-- meanwhile
CREATE INDEX small_by_name ON small (name);
REINDEX TABLE small;
ALTER INDEX small_by_name RENAME TO by_name;
DROP INDEX by_name;

-- ## rights, comments and owners
-- at: planned, defined
CREATE VIEW named AS SELECT name FROM small;
-- meanwhile
GRANT SELECT ON small TO PUBLIC;
REVOKE INSERT ON small FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
COMMENT ON TABLE small IS 'a comment';
COMMENT ON COLUMN small.name IS 'another';
ALTER TABLE small OWNER TO pg_monitor;
ALTER VIEW named OWNER TO pg_monitor;

-- ## other objects made and dropped
-- at: taken, planned, defined
-- meanwhile
CREATE SCHEMA fresh;
CREATE TABLE fresh.small AS SELECT * FROM small;
CREATE TABLE fresh.kept (n int);
DROP TABLE fresh.small;
CREATE TYPE fresh.kind AS ENUM ('one', 'two');
CREATE FUNCTION fresh.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW fresh.v AS SELECT * FROM small;
CREATE MATERIALIZED VIEW fresh.m AS SELECT * FROM small;
CREATE TEMP TABLE small AS SELECT 1 AS one;
CREATE EXTENSION hstore SCHEMA fresh;
CREATE TABLE fresh.child () INHERITS (public.small);

-- ## settings of a table and its columns
-- at: defined
-- meanwhile
ALTER TABLE small SET (fillfactor = 70, autovacuum_enabled = off);
ALTER TABLE small ALTER name SET STATISTICS 500;
ALTER TABLE small ALTER name SET STORAGE EXTERNAL;
ALTER TABLE small ALTER name SET COMPRESSION pglz;
ALTER TABLE small ALTER name SET (n_distinct = 100);
ALTER TABLE small REPLICA IDENTITY FULL;
CREATE STATISTICS small_together ON name, status FROM small;

-- ## constraints, defaults and triggers
-- at: planned, defined
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
-- meanwhile
ALTER TABLE small ALTER amount SET DEFAULT 7;
ALTER TABLE small ALTER amount SET NOT NULL;
ALTER TABLE small ADD CONSTRAINT positive CHECK (amount > 0);
ALTER TABLE small ADD UNIQUE (name);
CREATE TRIGGER nothing BEFORE INSERT ON small FOR EACH ROW EXECUTE FUNCTION nothing();

-- ## row security that this role bypasses
-- at: defined
-- meanwhile
ALTER TABLE small ENABLE ROW LEVEL SECURITY;
ALTER TABLE small FORCE ROW LEVEL SECURITY;
CREATE POLICY few ON small USING (id < 10);

-- ## partitions attached and detached
-- at: taken, planned, defined
CREATE TABLE event (n int, text text) PARTITION BY RANGE (n);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (101);
INSERT INTO event SELECT n, 'old' FROM generate_series(1, 100) n;
CREATE TABLE event_2 (n int, text text);
INSERT INTO event_2 SELECT n, 'new' FROM generate_series(101, 200) n;
-- meanwhile
ALTER TABLE event DETACH PARTITION event_1;
ALTER TABLE event ATTACH PARTITION event_2 FOR VALUES FROM (101) TO (201);
CREATE TABLE event_3 PARTITION OF event FOR VALUES FROM (201) TO (301);
INSERT INTO event SELECT n, 'newest' FROM generate_series(201, 300) n;

-- ## inheritance begun and ended
-- at: planned, defined
CREATE TABLE parent (n int);
CREATE TABLE child () INHERITS (parent);
INSERT INTO child SELECT n FROM generate_series(1, 100) n;
CREATE TABLE other AS SELECT n FROM generate_series(1, 100) n;
-- meanwhile
ALTER TABLE child NO INHERIT parent;
ALTER TABLE other INHERIT parent;

-- ## a label added to an enum
-- at: taken, planned, defined
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE diary AS SELECT n, 'sad'::mood AS mood FROM generate_series(1, 100) n;
-- meanwhile
ALTER TYPE mood ADD VALUE 'fine' BEFORE 'glad';
INSERT INTO diary VALUES (101, 'fine');

-- ## constraints of a domain
-- at: defined
CREATE DOMAIN positive AS int CONSTRAINT above CHECK (VALUE > 0);
CREATE TABLE amounts AS SELECT n::positive AS n FROM generate_series(1, 100) n;
-- meanwhile
ALTER DOMAIN positive ADD CONSTRAINT below CHECK (VALUE < 1000) NOT VALID;
ALTER DOMAIN positive SET DEFAULT 5;

-- ## large objects written, removed and made
-- at: defined, followed
SELECT lo_from_bytea(0, 'kept'), lo_from_bytea(0, 'changed'), lo_from_bytea(0, 'removed');
-- meanwhile
SELECT lo_put(oid, 0, 'other') FROM pg_largeobject_metadata WHERE convert_from(lo_get(oid), 'UTF8') = 'changed';
SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE convert_from(lo_get(oid), 'UTF8') = 'removed';
SELECT lo_from_bytea(0, 'new');

-- ## a materialized view refreshed
-- at: defined
CREATE MATERIALIZED VIEW total AS SELECT sum(amount) FROM small;
-- meanwhile
UPDATE small SET amount = 0;
REFRESH MATERIALIZED VIEW total;

-- ## emptied, renamed and moved, and all of it taken back
-- at: defined
-- meanwhile
BEGIN;
TRUNCATE small;
ALTER TABLE small RENAME TO big;
ALTER TABLE big DROP name;
ROLLBACK;

-- ## renamed and renamed back
-- at: defined
CREATE SCHEMA app;
CREATE TABLE app.item AS SELECT n FROM generate_series(1, 100) n;
-- meanwhile
ALTER TABLE small RENAME TO big;
ALTER TABLE big RENAME TO small;
ALTER SCHEMA app RENAME TO app_old;
ALTER SCHEMA app_old RENAME TO app;

-- ## a new table emptied
-- at: defined
-- meanwhile
CREATE TABLE fresh AS SELECT * FROM small;
TRUNCATE fresh;

-- ## objects renamed that no row names
-- at: defined
CREATE FUNCTION greet(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW watched AS SELECT 1 AS one;
CREATE SEQUENCE numbers;
CREATE TABLE handlers AS SELECT n, 'now'::regproc AS f, 'pg_class'::regclass AS c FROM generate_series(1, 100) n;
-- meanwhile
ALTER FUNCTION greet(int) RENAME TO welcome;
ALTER VIEW watched RENAME TO seen;

-- ## prepared for by a lock that lasts a moment
-- at: defined
-- meanwhile
BEGIN;
LOCK TABLE small IN ACCESS EXCLUSIVE MODE;
COMMIT;
