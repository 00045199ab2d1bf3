-- What makes a backup read other rows than its snapshot saw, or none, since COPY finds tables and columns by the names and
-- in the files that they have when it runs. See Change for the form. Every database has the table small, of 1,000 rows.

-- ## emptied
-- at: taken, planned, defined, dumped
-- names: public.small
-- said: truncated|rewritten
-- meanwhile
TRUNCATE small;

-- ## emptied with the table that it refers to
-- at: defined
-- names: public.line|public.small
-- said: truncated|rewritten
CREATE TABLE line (n int PRIMARY KEY REFERENCES small (id));
INSERT INTO line SELECT id FROM small;
-- meanwhile
TRUNCATE small CASCADE;

-- ## emptied and filled by as many other rows
-- at: defined
-- names: public.small
-- said: truncated|rewritten
-- meanwhile
BEGIN;
TRUNCATE small;
INSERT INTO small SELECT n, 'other ' || n, n, 'new' FROM generate_series(1, 1000) n;
COMMIT;

-- ## emptied and filled by frozen rows, which every snapshot sees
-- at: taken, defined
-- names: public.small
-- said: truncated|rewritten
-- meanwhile
BEGIN;
TRUNCATE small;
COPY small (id) FROM PROGRAM 'seq 5001 6000' (FREEZE);
COMMIT;

-- ## rewritten by another type
-- at: planned, defined, dumped
-- names: public.small
-- said: rewritten|columns|type
-- meanwhile
ALTER TABLE small ALTER id TYPE bigint;

-- ## rewritten by the same type
-- at: taken, defined
-- names: public.small
-- said: rewritten|truncated
-- meanwhile
ALTER TABLE small ALTER name TYPE text USING upper(name);

-- ## rewritten by a column whose default differs from row to row
-- at: defined
-- names: public.small
-- said: rewritten|truncated|columns
-- meanwhile
ALTER TABLE small ADD token uuid DEFAULT gen_random_uuid();

-- ## rewritten by a generated column
-- at: defined
-- names: public.small
-- said: rewritten|truncated|columns
-- meanwhile
ALTER TABLE small ADD twice numeric GENERATED ALWAYS AS (amount * 2) STORED;

-- ## rewritten by another expression
-- at: defined
-- names: public.made
-- said: rewritten|truncated|columns
CREATE TABLE made (n int, twice int GENERATED ALWAYS AS (n * 2) STORED);
INSERT INTO made SELECT n FROM generate_series(1, 100) n;
-- meanwhile
ALTER TABLE made ALTER twice SET EXPRESSION AS (n * 3);

-- ## rewritten as an unlogged table
-- at: defined
-- names: public.small
-- said: rewritten|truncated|unlogged|logged
-- meanwhile
ALTER TABLE small SET UNLOGGED;

-- ## rewritten as a logged table
-- at: defined
-- names: public.cache
-- said: rewritten|truncated|logged
CREATE UNLOGGED TABLE cache AS SELECT n FROM generate_series(1, 100) n;
-- meanwhile
ALTER TABLE cache SET LOGGED;

-- ## rewritten by another access method
-- at: defined
-- names: public.small
-- said: rewritten|truncated|access method
CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler;
-- meanwhile
ALTER TABLE small SET ACCESS METHOD pile;

-- ## swapped by names, as loaders do every night
-- at: defined, dumped
-- names: public.small|public.small_new
-- said: renamed|replaced|recreated|swapped
CREATE TABLE small_new AS SELECT id, 'new ' || name AS name, amount, status FROM small WHERE id < 500;
-- meanwhile
BEGIN;
ALTER TABLE small RENAME TO small_old;
ALTER TABLE small_new RENAME TO small;
COMMIT;

-- ## swapped with one that is made meanwhile
-- at: planned, defined
-- names: public.small
-- said: renamed|replaced|recreated|swapped
-- meanwhile
BEGIN;
LOCK TABLE small;
CREATE TABLE small_new (LIKE small INCLUDING ALL);
INSERT INTO small_new SELECT * FROM small;
ALTER TABLE small RENAME TO small_old;
ALTER TABLE small_new RENAME TO small;
DROP TABLE small_old;
COMMIT;

-- ## swapped with one that is made meanwhile, and kept
-- at: taken, planned, defined, dumped
-- names: public.small
-- said: renamed|replaced|recreated|swapped
-- meanwhile
BEGIN;
CREATE TABLE small_new AS SELECT id, 'new ' || name AS name, amount, status FROM small;
ALTER TABLE small RENAME TO small_old;
ALTER TABLE small_new RENAME TO small;
COMMIT;

-- ## renamed
-- at: taken, planned, defined, dumped
-- names: public.small
-- said: renamed|dropped
-- meanwhile
ALTER TABLE small RENAME TO big;

-- ## moved to another schema
-- at: taken, defined, dumped
-- names: public.small
-- said: moved|schema
CREATE SCHEMA archive;
-- meanwhile
ALTER TABLE small SET SCHEMA archive;

-- ## moved to another schema, with another in its place
-- at: defined
-- names: public.small|stage.small
-- said: moved|replaced|recreated|swapped
CREATE SCHEMA archive;
CREATE SCHEMA stage;
CREATE TABLE stage.small AS SELECT id, 'new ' || name AS name, amount, status FROM small;
-- meanwhile
ALTER TABLE small SET SCHEMA archive;
ALTER TABLE stage.small SET SCHEMA public;

-- ## dropped
-- at: taken, planned, defined, dumped
-- names: public.small
-- said: dropped
-- meanwhile
DROP TABLE small;

-- ## dropped and made again
-- at: taken, defined, dumped
-- names: public.small
-- said: recreated|replaced|dropped
-- meanwhile
DROP TABLE small;
CREATE TABLE small (id int PRIMARY KEY, name text, amount numeric, status text);
INSERT INTO small VALUES (1, 'other', 1, 'new');

-- ## replaced by a view
-- at: defined
-- names: public.small
-- said: renamed|replaced|recreated
-- meanwhile
ALTER TABLE small RENAME TO small_rows;
CREATE VIEW small AS SELECT * FROM small_rows;

-- ## made a partition of a table that has its name
-- at: defined
-- names: public.small
-- said: renamed|replaced|recreated
-- meanwhile
ALTER TABLE small RENAME TO small_1;
CREATE TABLE small (LIKE small_1 INCLUDING ALL) PARTITION BY RANGE (id);
ALTER TABLE small ATTACH PARTITION small_1 FOR VALUES FROM (1) TO (2000);

-- ## a partition swapped with another
-- at: taken, planned, defined
-- names: public.event|public.event_1|public.event_1_new
-- said: renamed|replaced|recreated|swapped
CREATE TABLE event (n int, text text) PARTITION BY RANGE (n);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (101);
INSERT INTO event SELECT n, 'old' FROM generate_series(1, 100) n;
CREATE TABLE event_1_new (n int, text text);
INSERT INTO event_1_new SELECT n, 'new' FROM generate_series(1, 100) n;
-- meanwhile
BEGIN;
ALTER TABLE event DETACH PARTITION event_1;
ALTER TABLE event_1 RENAME TO event_1_old;
ALTER TABLE event_1_new RENAME TO event_1;
ALTER TABLE event ATTACH PARTITION event_1 FOR VALUES FROM (1) TO (101);
COMMIT;

-- ## a partition emptied
-- at: defined
-- names: public.event|public.event_1
-- said: truncated|rewritten
CREATE TABLE event (n int, text text) PARTITION BY RANGE (n);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (101);
INSERT INTO event SELECT n, 'old' FROM generate_series(1, 100) n;
-- meanwhile
TRUNCATE event;

-- ## a partition dropped
-- at: defined, dumped
-- names: public.event|public.event_1
-- said: dropped
CREATE TABLE event (n int, text text) PARTITION BY RANGE (n);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (101);
INSERT INTO event SELECT n, 'old' FROM generate_series(1, 100) n;
-- meanwhile
DROP TABLE event_1;

-- ## its schema renamed
-- at: planned, defined, dumped
-- names: app
-- said: schema
CREATE SCHEMA app;
CREATE TABLE app.item AS SELECT n FROM generate_series(1, 100) n;
-- meanwhile
ALTER SCHEMA app RENAME TO app_old;

-- ## its schema swapped with another
-- at: taken, planned, defined, dumped
-- names: app|app_new
-- said: schema|renamed|moved
CREATE SCHEMA app;
CREATE TABLE app.item AS SELECT n FROM generate_series(1, 100) n;
CREATE SCHEMA app_new;
CREATE TABLE app_new.item AS SELECT n + 1000 AS n FROM generate_series(1, 100) n;
-- meanwhile
BEGIN;
ALTER SCHEMA app RENAME TO app_old;
ALTER SCHEMA app_new RENAME TO app;
COMMIT;

-- ## its schema swapped with another, and swapped back when the rows are read
-- at: defined
-- names: app|app_new
-- said: schema|renamed|moved
CREATE SCHEMA app;
CREATE TABLE app.item AS SELECT n FROM generate_series(1, 100) n;
CREATE SCHEMA app_new;
CREATE TABLE app_new.item AS SELECT n + 1000 AS n FROM generate_series(1, 100) n;
-- meanwhile
BEGIN;
ALTER SCHEMA app RENAME TO app_old;
ALTER SCHEMA app_new RENAME TO app;
ALTER SCHEMA app_old RENAME TO app_new;
COMMIT;
-- afterwards
BEGIN;
ALTER SCHEMA app RENAME TO app_old;
ALTER SCHEMA app_new RENAME TO app;
ALTER SCHEMA app_old RENAME TO app_new;
COMMIT;

-- ## swapped with another, and swapped back when the rows are read
-- at: defined
-- names: public.small|public.other
-- said: renamed|replaced|recreated|swapped
CREATE TABLE other AS SELECT id, 'other ' || name AS name, amount, status FROM small;
-- meanwhile
BEGIN;
ALTER TABLE small RENAME TO small_old;
ALTER TABLE other RENAME TO small;
ALTER TABLE small_old RENAME TO other;
COMMIT;
-- afterwards
BEGIN;
ALTER TABLE small RENAME TO small_old;
ALTER TABLE other RENAME TO small;
ALTER TABLE small_old RENAME TO other;
COMMIT;

-- ## its schema dropped and made again
-- at: defined
-- names: app
-- said: schema|recreated|replaced|dropped
CREATE SCHEMA app;
CREATE TABLE app.item AS SELECT n FROM generate_series(1, 100) n;
-- meanwhile
DROP SCHEMA app CASCADE;
CREATE SCHEMA app;
CREATE TABLE app.item AS SELECT n + 1000 AS n FROM generate_series(1, 100) n;

-- ## a table of an extension emptied
-- at: taken, defined
-- names: jobs.job
-- said: truncated|rewritten
CREATE SCHEMA jobs;
CREATE EXTENSION bactrian_instant SCHEMA jobs;
INSERT INTO jobs.job SELECT n, 'job ' || n FROM generate_series(1, 100) n;
-- meanwhile
TRUNCATE jobs.job;

-- ## a table of an extension dropped and made again
-- at: defined
-- names: jobs.job
-- said: recreated|replaced|dropped
CREATE SCHEMA jobs;
CREATE EXTENSION bactrian_instant SCHEMA jobs;
INSERT INTO jobs.job SELECT n, 'job ' || n FROM generate_series(1, 100) n;
-- meanwhile
DROP EXTENSION bactrian_instant;
CREATE EXTENSION bactrian_instant SCHEMA jobs;
