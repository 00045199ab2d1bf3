-- What makes pg_dump print other definitions than its snapshot saw, or half of one: the functions that print an index, a
-- constraint, a view or a function look into the catalog as it is now. See Change for the form. Every database has the table
-- small, of 1,000 rows.

-- ## an index dropped
-- at: planned, defined
-- names: public.small_by_name|public.small
-- said: dropped|index
CREATE INDEX small_by_name ON small (name);
-- meanwhile
DROP INDEX small_by_name;

-- ## an index renamed
-- at: planned
-- names: public.small_by_name|public.small
-- said: renamed|index
CREATE INDEX small_by_name ON small (name);
-- meanwhile
ALTER INDEX small_by_name RENAME TO by_name;

-- ## a primary key dropped
-- at: planned, defined
-- names: public.small_pkey|public.small
-- said: dropped|constraint|index
-- meanwhile
ALTER TABLE small DROP CONSTRAINT small_pkey;

-- ## a constraint dropped
-- at: planned
-- names: public.small
-- said: dropped|constraint
ALTER TABLE small ADD CONSTRAINT positive CHECK (amount > 0);
-- meanwhile
ALTER TABLE small DROP CONSTRAINT positive;

-- ## a column renamed that an index and a constraint name
-- at: planned
-- names: public.small
-- said: column
CREATE INDEX small_by_name ON small (name);
ALTER TABLE small ADD CONSTRAINT named CHECK (name <> '');
-- meanwhile
ALTER TABLE small RENAME name TO title;

-- ## a view dropped
-- at: planned, defined
-- names: public.named
-- said: dropped|view
CREATE VIEW named AS SELECT name FROM small;
-- meanwhile
DROP VIEW named;

-- ## a view replaced
-- at: planned
-- names: public.named
-- said: replaced|changed|view
CREATE VIEW named AS SELECT name FROM small;
-- meanwhile
CREATE OR REPLACE VIEW named AS SELECT upper(name) AS name FROM small;

-- ## a table renamed that a view reads
-- at: planned
-- names: public.empty|public.empties
-- said: renamed|dropped|view
CREATE TABLE empty (n int);
CREATE VIEW empties AS SELECT n FROM empty;
-- meanwhile
ALTER TABLE empty RENAME TO void;

-- ## a function dropped
-- at: planned, defined
-- names: public.greet
-- said: dropped|function
CREATE FUNCTION greet(name text) RETURNS text LANGUAGE sql AS 'SELECT name';
-- meanwhile
DROP FUNCTION greet(text);

-- ## a function replaced
-- at: planned
-- names: public.greet
-- said: replaced|changed|function
CREATE FUNCTION greet(name text DEFAULT 'you') RETURNS text LANGUAGE sql RETURN name;
-- meanwhile
CREATE OR REPLACE FUNCTION greet(name text DEFAULT 'me') RETURNS text LANGUAGE sql RETURN name || '!';

-- ## a trigger dropped
-- at: planned
-- names: public.small
-- said: dropped|trigger
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER nothing BEFORE INSERT ON small FOR EACH ROW EXECUTE FUNCTION nothing();
-- meanwhile
DROP TRIGGER nothing ON small;

-- ## a policy dropped
-- at: planned
-- names: public.small
-- said: dropped|policy
CREATE POLICY few ON small USING (id < 10);
-- meanwhile
DROP POLICY few ON small;

-- ## a type dropped that no row has
-- at: planned, defined
-- names: public.mood
-- said: dropped|type
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
-- meanwhile
DROP TYPE mood;
DROP DOMAIN positive;

-- ## an owner renamed
-- at: planned, defined, dumped
-- names: instant_owner
-- said: renamed|role
DROP ROLE IF EXISTS instant_owner, instant_heir;
CREATE ROLE instant_owner;
CREATE TABLE owned (n int);
ALTER TABLE owned OWNER TO instant_owner;
GRANT SELECT ON small TO instant_owner;
-- meanwhile
ALTER ROLE instant_owner RENAME TO instant_heir;

-- ## a function of one expression replaced
-- at: planned
-- names: public.counted
-- said: function
CREATE FUNCTION counted() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END;
-- meanwhile
CREATE OR REPLACE FUNCTION counted() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 222; END;

-- ## an index given another option
-- at: planned
-- names: public.small_by_name
-- said: index
CREATE INDEX small_by_name ON small (name);
-- meanwhile
ALTER INDEX small_by_name SET (fillfactor = 55);
