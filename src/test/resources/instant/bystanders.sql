-- What writers do at random that harms no backup. See Change for the form. Where a statement waits for the end of all older
-- snapshots, and so for the backup's, no other one here wants its table for itself: the two would stop the backup.

-- ## rows written
-- at: any
CREATE TABLE account (id int PRIMARY KEY, amount bigint NOT NULL);
INSERT INTO account SELECT n, 1000 FROM generate_series(1, 60) n;
-- meanwhile
UPDATE account SET amount = amount - 7 WHERE id = (SELECT tick % 60 + 1 FROM clock);
UPDATE account SET amount = amount + 7 WHERE id = (SELECT tick % 59 + 1 FROM clock);

-- ## rows deleted and added
-- at: any
CREATE TABLE queue AS SELECT n AS task, 0::bigint AS tick FROM generate_series(1, 60) n;
-- meanwhile
DELETE FROM queue WHERE tick < (SELECT tick - 5 FROM clock);
INSERT INTO queue SELECT n, tick FROM clock, generate_series(1, 5) n;

-- ## moved between partitions
-- at: any
CREATE TABLE parcel (n int, at text) PARTITION BY LIST (at);
CREATE TABLE parcel_here PARTITION OF parcel FOR VALUES IN ('here');
CREATE TABLE parcel_there PARTITION OF parcel FOR VALUES IN ('there');
INSERT INTO parcel SELECT n, 'here' FROM generate_series(1, 60) n;
-- meanwhile
UPDATE parcel SET at = CASE at WHEN 'here' THEN 'there' ELSE 'here' END WHERE n % 7 = (SELECT tick % 7 FROM clock);

-- ## large objects written
-- at: any
-- meanwhile
SELECT lo_unlink(oid) FROM pg_largeobject_metadata LIMIT 1;
SELECT lo_from_bytea(0, convert_to('at ' || tick, 'UTF8')) FROM clock;
SELECT lo_from_bytea(0, convert_to('and ' || tick, 'UTF8')) FROM clock WHERE tick % 2 = 0;

-- ## compacted by VACUUM FULL
-- at: any
-- alone: as PostgreSQL has it
CREATE TABLE compact (id int PRIMARY KEY, text text);
INSERT INTO compact SELECT n, md5(n::text) FROM generate_series(1, 60) n;
-- meanwhile
VACUUM FULL compact;

-- ## compacted by CLUSTER
-- at: any
-- meanwhile
UPDATE compact SET text = md5(text);
CLUSTER compact USING compact_pkey;

-- ## vacuumed and analyzed
-- at: any
-- alone: as PostgreSQL has it
-- meanwhile
VACUUM (FREEZE, ANALYZE, SKIP_LOCKED) account, queue, parcel_here;
ANALYZE (SKIP_LOCKED);

-- ## indexes made and rebuilt
-- at: any
CREATE TABLE searched AS SELECT n, md5(n::text) AS text FROM generate_series(1, 60) n;
CREATE INDEX searched_by_n ON searched (n);
-- meanwhile
CREATE INDEX IF NOT EXISTS searched_by_text ON searched (text);
REINDEX TABLE searched;
REINDEX INDEX searched_by_n;

-- ## indexes made and rebuilt concurrently
-- at: any
-- alone: as PostgreSQL has it
-- meanwhile
CREATE INDEX CONCURRENTLY IF NOT EXISTS account_by_amount ON account (amount);
REINDEX TABLE CONCURRENTLY account;

-- ## rights and comments
-- at: any
-- meanwhile
GRANT SELECT ON account TO PUBLIC;
REVOKE SELECT ON account FROM PUBLIC;
DO $$ BEGIN EXECUTE format('COMMENT ON TABLE queue IS %L', (SELECT tick FROM clock)); END $$;
COMMENT ON COLUMN queue.task IS 'what is to do';

-- ## tables, functions and types made
-- at: any
CREATE SCHEMA fresh;
-- meanwhile
DO $$ DECLARE t bigint := (SELECT tick FROM clock); BEGIN IF (SELECT count(*) FROM pg_class WHERE relnamespace = 'fresh'::regnamespace AND relkind = 'r') < 15 THEN EXECUTE format('CREATE TABLE fresh.t%s AS SELECT n FROM generate_series(1, 10) n', t); EXECUTE format('CREATE TYPE fresh.e%s AS ENUM (''one'')', t); EXECUTE format('CREATE FUNCTION fresh.f%s() RETURNS int LANGUAGE sql AS ''SELECT 1''', t); EXECUTE format('CREATE SCHEMA s%s', t); END IF; END $$;

-- ## settings of tables and columns
-- at: any
CREATE TABLE tuned AS SELECT n, md5(n::text) AS text FROM generate_series(1, 60) n;
-- meanwhile
DO $$ BEGIN EXECUTE format('ALTER TABLE tuned SET (fillfactor = %s)', 50 + (SELECT tick % 50 FROM clock)); END $$;
ALTER TABLE tuned ALTER text SET STATISTICS 200;
ALTER TABLE tuned ALTER text SET STORAGE EXTERNAL;
ALTER TABLE tuned ALTER n SET DEFAULT 7;

-- ## labels added
-- at: any
CREATE TYPE stage AS ENUM ('new');
CREATE TABLE ticket AS SELECT n, 'new'::stage AS stage FROM generate_series(1, 60) n;
-- meanwhile
DO $$ BEGIN IF array_length(enum_range(NULL::stage), 1) < 50 THEN EXECUTE format('ALTER TYPE stage ADD VALUE %L', 'stage ' || (SELECT tick FROM clock)); END IF; END $$;

-- ## a partition attached and detached
-- at: any
CREATE TABLE reading (n int) PARTITION BY RANGE (n);
CREATE TABLE reading_1 PARTITION OF reading FOR VALUES FROM (1) TO (101);
INSERT INTO reading SELECT n FROM generate_series(1, 60) n;
-- meanwhile
DO $$ BEGIN IF (SELECT relispartition FROM pg_class WHERE oid = 'reading_1'::regclass) THEN ALTER TABLE reading DETACH PARTITION reading_1; ELSE ALTER TABLE reading ATTACH PARTITION reading_1 FOR VALUES FROM (1) TO (101); END IF; END $$;

-- ## a materialized view refreshed
-- at: any
-- alone: two of them at once would wait for each other
CREATE MATERIALIZED VIEW parcels AS SELECT sum(n) FROM parcel;
-- meanwhile
REFRESH MATERIALIZED VIEW parcels;
