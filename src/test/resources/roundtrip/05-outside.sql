SET search_path = kinds;
-- Foreign data: nothing listens at the server, and nobody asks it.
CREATE FOREIGN DATA WRAPPER dummy OPTIONS (debug 'it''s \ on');
CREATE SERVER nowhere TYPE 'old' VERSION '1' FOREIGN DATA WRAPPER dummy OPTIONS (host 'a b');
CREATE SERVER "far away" FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1', dbname 'none', connect_timeout '1');
CREATE USER MAPPING FOR PUBLIC SERVER "far away" OPTIONS (user 'nobody', password 'a mapping''s');
CREATE USER MAPPING FOR rt_owner SERVER "far away" OPTIONS (user 'x');
CREATE FOREIGN TABLE far (id int OPTIONS (column_name 'ID') NOT NULL, t text DEFAULT 'x', CONSTRAINT "some" CHECK (id > 0)) SERVER "far away" OPTIONS (schema_name 's', table_name 'T''t');
CREATE FOREIGN TABLE nowhere_table (id int) SERVER nowhere;
COMMENT ON FOREIGN TABLE far IS 'foreign table';
COMMENT ON SERVER nowhere IS 'server';
COMMENT ON FOREIGN DATA WRAPPER dummy IS 'wrapper';
GRANT SELECT ON far TO rt_reader;
GRANT USAGE ON FOREIGN SERVER nowhere TO rt_reader;
GRANT USAGE ON FOREIGN DATA WRAPPER dummy TO rt_writer;
CREATE TRIGGER far_touch BEFORE INSERT ON far FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE parted (id int, at date) PARTITION BY RANGE (at);
CREATE EXTENSION file_fdw SCHEMA ext;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
-- ANALYZE of the partitioned table reads it: it must be there, and empty.
CREATE FOREIGN TABLE parted_far PARTITION OF parted FOR VALUES FROM ('2000-01-01') TO ('2001-01-01') SERVER files OPTIONS (filename '/dev/null');
CREATE TABLE parted_near PARTITION OF parted FOR VALUES FROM ('2001-01-01') TO ('2002-01-01');
INSERT INTO parted VALUES (1, '2001-06-01');

-- Replication
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, truncate', publish_via_partition_root);
CREATE PUBLICATION "some" FOR TABLE parent (id) WHERE (id > 10), ONLY animal;
CREATE PUBLICATION "whole schemas" FOR TABLES IN SCHEMA kinds, "Kinds";
COMMENT ON PUBLICATION "some" IS 'publication';
ALTER PUBLICATION "some" OWNER TO postgres;
-- What pg_dump 17 prints of a subscription needs a server of 16 or newer, as its option run_as_owner does.
SELECT current_setting('server_version_num')::int >= 160000 AS v16 \gset
\if :v16
CREATE SUBSCRIPTION idle CONNECTION 'host=127.0.0.1 port=1 dbname=none password=''a subscription\''s''' PUBLICATION p1, "p 2"
    WITH (connect = false, slot_name = NONE, binary = true);
COMMENT ON SUBSCRIPTION idle IS 'subscription';
\endif

-- Event triggers
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE COLLATION', 'DROP COLLATION') EXECUTE FUNCTION on_ddl();
CREATE EVENT TRIGGER unwatched ON sql_drop EXECUTE FUNCTION on_ddl();
ALTER EVENT TRIGGER unwatched DISABLE;
COMMENT ON EVENT TRIGGER watch IS 'event trigger';

-- Large objects
SELECT lo_from_bytea(4711, decode('00ff5c2e0a0d', 'hex')), lo_from_bytea(4712, ''), lo_from_bytea(4713, decode(repeat('5c', 100000), 'hex'));
ALTER LARGE OBJECT 4711 OWNER TO rt_owner;
GRANT SELECT ON LARGE OBJECT 4711 TO rt_reader, PUBLIC;
GRANT UPDATE ON LARGE OBJECT 4713 TO rt_writer WITH GRANT OPTION;
COMMENT ON LARGE OBJECT 4711 IS 'it''s large';
