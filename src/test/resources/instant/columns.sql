-- What makes COPY read another column under a name, or the same one as another type. The table's file stays as it is, unless
-- the case says otherwise. See Change for the form. Every database has the table small, of 1,000 rows.

-- ## replaced and filled
-- at: taken, planned, defined, dumped
-- names: public.small
-- said: column
-- meanwhile
BEGIN;
ALTER TABLE small RENAME amount TO amount_old;
ALTER TABLE small ADD amount numeric;
UPDATE small SET amount = amount_old * 100;
COMMIT;

-- ## widened by a second column that takes its name
-- at: planned, defined
-- names: public.small
-- said: column
-- meanwhile
ALTER TABLE small ADD id_new bigint;
UPDATE small SET id_new = id;
ALTER TABLE small DROP id;
ALTER TABLE small RENAME id_new TO id;

-- ## dropped and added with a default
-- at: taken, defined, dumped
-- names: public.small
-- said: column
-- meanwhile
ALTER TABLE small DROP status;
ALTER TABLE small ADD status text DEFAULT 'new';

-- ## names of two of one type swapped
-- at: taken, planned, defined
-- names: public.small
-- said: column
-- meanwhile
BEGIN;
ALTER TABLE small RENAME name TO other;
ALTER TABLE small RENAME status TO name;
ALTER TABLE small RENAME other TO status;
COMMIT;

-- ## names of two of one type swapped, and swapped back when the rows are read
-- at: defined
-- names: public.small
-- said: column
-- meanwhile
BEGIN;
ALTER TABLE small RENAME name TO other;
ALTER TABLE small RENAME status TO name;
ALTER TABLE small RENAME other TO status;
COMMIT;
-- afterwards
BEGIN;
ALTER TABLE small RENAME name TO other;
ALTER TABLE small RENAME status TO name;
ALTER TABLE small RENAME other TO status;
COMMIT;

-- ## names swapped in a partitioned table
-- at: defined
-- names: public.event|public.event_1
-- said: column
CREATE TABLE event (n int, a text, b text) PARTITION BY RANGE (n);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (101);
INSERT INTO event SELECT n, 'a', 'b' FROM generate_series(1, 100) n;
-- meanwhile
BEGIN;
ALTER TABLE event RENAME a TO c;
ALTER TABLE event RENAME b TO a;
ALTER TABLE event RENAME c TO b;
COMMIT;

-- ## renamed
-- at: defined, dumped
-- names: public.small
-- said: column
-- meanwhile
ALTER TABLE small RENAME status TO state;

-- ## renamed by the type that the table is made of
-- at: defined
-- names: public.typed|public.pair
-- said: column
CREATE TYPE pair AS (a int, b int);
CREATE TABLE typed OF pair;
INSERT INTO typed SELECT n, -n FROM generate_series(1, 100) n;
-- meanwhile
ALTER TYPE pair RENAME ATTRIBUTE b TO c CASCADE;

-- ## dropped
-- at: defined, dumped
-- names: public.small
-- said: column
-- meanwhile
ALTER TABLE small DROP status;

-- ## added
-- at: taken, planned, defined, dumped
-- names: public.small
-- said: column
-- meanwhile
ALTER TABLE small ADD note text;

-- ## added with a constant default
-- at: defined
-- names: public.small
-- said: column
-- meanwhile
ALTER TABLE small ADD note text NOT NULL DEFAULT 'none';

-- ## read as another type of the same bytes and another text
-- at: taken, planned, defined, dumped
-- names: public.signed
-- said: column|type
CREATE TABLE signed AS SELECT -n AS n FROM generate_series(1, 100) n;
-- meanwhile
ALTER TABLE signed ALTER n TYPE oid;

-- ## read as another type of the same bytes and text
-- at: defined
-- names: public.short
-- said: column|type
CREATE TABLE short AS SELECT ('text ' || n)::varchar(10) AS t FROM generate_series(1, 100) n;
-- meanwhile
ALTER TABLE short ALTER t TYPE text;

-- ## read as a type of an extension
-- at: defined
-- names: public.short
-- said: column|type
CREATE EXTENSION citext;
CREATE TABLE short AS SELECT ('text ' || n)::varchar AS t FROM generate_series(1, 100) n;
-- meanwhile
ALTER TABLE short ALTER t TYPE citext;

-- ## read with another collation
-- at: defined
-- names: public.small
-- said: column|type|collation
-- meanwhile
ALTER TABLE small ALTER name TYPE text COLLATE "C";

-- ## no longer generated
-- at: planned, defined
-- names: public.made
-- said: column|generated
CREATE TABLE made (n int, twice int GENERATED ALWAYS AS (n * 2) STORED);
INSERT INTO made SELECT n FROM generate_series(1, 100) n;
-- meanwhile
ALTER TABLE made ALTER twice DROP EXPRESSION;
UPDATE made SET twice = 0;
