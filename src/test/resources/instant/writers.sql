-- What writers do at random that changes rows, or the text of rows, for a backup that began before. Each has tables of its
-- own, and can be done again and again; the clock's tick makes a difference each time. See Change for the form.

-- ## emptied and filled
-- at: any
-- names: public.emptied
-- said: truncated|rewritten
CREATE TABLE emptied AS SELECT n, 0::bigint AS tick FROM generate_series(1, 60) n;
-- meanwhile
TRUNCATE emptied;
INSERT INTO emptied SELECT n, tick FROM clock, generate_series(1, 60) n;

-- ## emptied and filled by frozen rows
-- at: any
-- names: public.frozen
-- said: truncated|rewritten
CREATE TABLE frozen AS SELECT n FROM generate_series(1, 60) n;
-- meanwhile
TRUNCATE frozen;
COPY frozen FROM PROGRAM 'shuf -i 1-100000 -n 60' (FREEZE);

-- ## rewritten
-- at: any
-- names: public.rewritten
-- said: truncated|rewritten
CREATE TABLE rewritten AS SELECT n FROM generate_series(1, 60) n;
-- meanwhile
ALTER TABLE rewritten ALTER n TYPE int USING n + 1;

-- ## swapped by names
-- at: any
-- names: public.swapped
-- said: renamed|replaced|recreated|swapped|dropped
CREATE TABLE swapped AS SELECT n, 0::bigint AS tick FROM generate_series(1, 60) n;
-- meanwhile
CREATE TABLE swapped_new AS SELECT n, clock.tick FROM swapped, clock;
ALTER TABLE swapped RENAME TO swapped_old;
ALTER TABLE swapped_new RENAME TO swapped;
DROP TABLE swapped_old;

-- ## dropped and made again
-- at: any
-- names: public.recreated
-- said: renamed|replaced|recreated|dropped
CREATE TABLE recreated AS SELECT n, 0::bigint AS tick FROM generate_series(1, 60) n;
-- meanwhile
DROP TABLE recreated;
CREATE TABLE recreated AS SELECT n, tick FROM clock, generate_series(1, 60) n;

-- ## moved to another schema and back
-- at: any
-- names: public.moved|away.moved
-- said: moved|schema
CREATE SCHEMA away;
CREATE TABLE moved AS SELECT n FROM generate_series(1, 60) n;
-- meanwhile
SELECT CASE WHEN to_regclass('public.moved') IS NULL THEN 'away' ELSE 'public' END AS here, CASE WHEN to_regclass('public.moved') IS NULL THEN 'public' ELSE 'away' END AS there INTO TEMP move;
DO $$ DECLARE m record; BEGIN SELECT * INTO m FROM move; EXECUTE format('ALTER TABLE %I.moved SET SCHEMA %I', m.here, m.there); END $$;
DROP TABLE move;

-- ## renamed
-- at: any
-- names: public.named_even|public.named_odd
-- said: renamed|dropped
CREATE TABLE named_even AS SELECT n FROM generate_series(1, 60) n;
-- meanwhile
DO $$ BEGIN IF to_regclass('named_even') IS NULL THEN ALTER TABLE named_odd RENAME TO named_even; ELSE ALTER TABLE named_even RENAME TO named_odd; END IF; END $$;

-- ## its schema swapped with another
-- at: any
-- names: app
-- said: schema|renamed|moved|dropped
CREATE SCHEMA app;
CREATE TABLE app.item AS SELECT n, 0::bigint AS tick FROM generate_series(1, 60) n;
-- meanwhile
CREATE SCHEMA app_new;
CREATE TABLE app_new.item AS SELECT n, tick FROM clock, generate_series(1, 60) n;
ALTER SCHEMA app RENAME TO app_old;
ALTER SCHEMA app_new RENAME TO app;
DROP SCHEMA app_old CASCADE;

-- ## its schema renamed
-- at: any
-- names: side_even|side_odd
-- said: schema|renamed
CREATE SCHEMA side_even;
CREATE TABLE side_even.item AS SELECT n FROM generate_series(1, 60) n;
-- meanwhile
DO $$ BEGIN IF to_regnamespace('side_even') IS NULL THEN ALTER SCHEMA side_odd RENAME TO side_even; ELSE ALTER SCHEMA side_even RENAME TO side_odd; END IF; END $$;

-- ## a column replaced
-- at: any
-- names: public.replaced
-- said: column
CREATE TABLE replaced AS SELECT n, 0::bigint AS tick FROM generate_series(1, 60) n;
-- meanwhile
ALTER TABLE replaced ADD tick_new bigint;
UPDATE replaced SET tick_new = clock.tick FROM clock;
ALTER TABLE replaced DROP tick;
ALTER TABLE replaced RENAME tick_new TO tick;

-- ## a column dropped and added with a default
-- at: any
-- names: public.defaulted
-- said: column
CREATE TABLE defaulted AS SELECT n, 0::bigint AS tick FROM generate_series(1, 60) n;
-- meanwhile
ALTER TABLE defaulted DROP tick;
DO $$ BEGIN EXECUTE format('ALTER TABLE defaulted ADD tick bigint DEFAULT %s', (SELECT tick FROM clock)); END $$;

-- ## names of columns swapped
-- at: any
-- names: public.crossed
-- said: column
CREATE TABLE crossed AS SELECT n AS a, -n AS b FROM generate_series(1, 60) n;
-- meanwhile
ALTER TABLE crossed RENAME a TO c;
ALTER TABLE crossed RENAME b TO a;
ALTER TABLE crossed RENAME c TO b;

-- ## a column read as another type
-- at: any
-- names: public.signed
-- said: column|type
CREATE TABLE signed AS SELECT -n AS n FROM generate_series(1, 60) n;
-- meanwhile
DO $$ BEGIN IF (SELECT pg_typeof(n) FROM signed LIMIT 1) = 'int'::regtype THEN ALTER TABLE signed ALTER n TYPE oid; ELSE ALTER TABLE signed ALTER n TYPE int; END IF; END $$;

-- ## a partition swapped with another
-- at: any
-- names: public.event|public.event_1|public.event_1_new
-- said: renamed|replaced|recreated|swapped|dropped
CREATE TABLE event (n int, tick bigint) PARTITION BY RANGE (n);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (101);
INSERT INTO event SELECT n, 0 FROM generate_series(1, 60) n;
-- meanwhile
CREATE TABLE event_1_new AS SELECT n, clock.tick FROM event_1, clock;
ALTER TABLE event DETACH PARTITION event_1;
DROP TABLE event_1;
ALTER TABLE event_1_new RENAME TO event_1;
ALTER TABLE event ATTACH PARTITION event_1 FOR VALUES FROM (1) TO (101);

-- ## a label renamed
-- at: any
-- names: public.mood
-- said: label
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE diary AS SELECT n, 'sad'::mood AS mood FROM generate_series(1, 60) n;
-- meanwhile
DO $$ BEGIN EXECUTE format('ALTER TYPE mood RENAME VALUE %L TO %L', enum_first(NULL::mood), 'sad ' || (SELECT tick FROM clock)); END $$;

-- ## an attribute added, and dropped
-- at: any
-- names: public.pair
-- said: attribute|column
CREATE TYPE pair AS (a int, b int);
CREATE TABLE pairs AS SELECT n, (n, -n)::pair AS p FROM generate_series(1, 60) n;
-- meanwhile
DO $$ BEGIN IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'pair'::regclass AND attname = 'c') THEN ALTER TYPE pair DROP ATTRIBUTE c; ELSE ALTER TYPE pair ADD ATTRIBUTE c int; END IF; END $$;

-- ## a column added to a table whose row type is a column elsewhere, and dropped
-- at: any
-- names: public.original
-- said: column
CREATE TABLE original AS SELECT n, n * 2 AS twice FROM generate_series(1, 60) n;
CREATE TABLE history AS SELECT o.n, o AS was FROM original o;
-- meanwhile
DO $$ BEGIN IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'original'::regclass AND attname = 'note') THEN ALTER TABLE original DROP note; ELSE ALTER TABLE original ADD note text; END IF; END $$;

-- ## a function renamed that a column names
-- at: any
-- names: public.greet_even|public.greet_odd
-- said: renamed|function
CREATE FUNCTION greet_even() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE handlers AS SELECT n, 'greet_even'::regproc AS f FROM generate_series(1, 60) n;
-- meanwhile
DO $$ BEGIN IF to_regproc('greet_even') IS NULL THEN ALTER FUNCTION greet_odd RENAME TO greet_even; ELSE ALTER FUNCTION greet_even RENAME TO greet_odd; END IF; END $$;
