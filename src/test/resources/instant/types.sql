-- What changes the text of values that nobody wrote: names that types' output functions look up when they print. No lock
-- that a reader holds prevents these. See Change for the form.

-- ## a label renamed
-- at: taken, planned, defined, dumped
-- names: public.mood
-- said: label
CREATE TYPE mood AS ENUM ('sad', 'fine', 'glad');
CREATE TABLE diary AS SELECT n, (enum_range(NULL::mood))[1 + n % 3] AS mood FROM generate_series(1, 100) n;
-- meanwhile
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';

-- ## labels swapped
-- at: taken, defined
-- names: public.mood
-- said: label
CREATE TYPE mood AS ENUM ('sad', 'fine', 'glad');
CREATE TABLE diary AS SELECT n, (enum_range(NULL::mood))[1 + n % 3] AS mood FROM generate_series(1, 100) n;
-- meanwhile
BEGIN;
ALTER TYPE mood RENAME VALUE 'sad' TO 'other';
ALTER TYPE mood RENAME VALUE 'glad' TO 'sad';
ALTER TYPE mood RENAME VALUE 'other' TO 'glad';
COMMIT;

-- ## labels swapped below an array of a domain over a range
-- at: defined
-- names: public.level
-- said: label
CREATE TYPE level AS ENUM ('low', 'middle', 'high');
CREATE TYPE span AS RANGE (subtype = level);
CREATE DOMAIN wide AS span CHECK (NOT isempty(VALUE));
CREATE TABLE plan AS SELECT n, ARRAY[span('low', 'middle', '[]')]::wide[] AS spans FROM generate_series(1, 100) n;
-- meanwhile
BEGIN;
ALTER TYPE level RENAME VALUE 'low' TO 'other';
ALTER TYPE level RENAME VALUE 'middle' TO 'low';
ALTER TYPE level RENAME VALUE 'other' TO 'middle';
COMMIT;

-- ## labels swapped, and swapped back when the rows are read
-- at: defined
-- names: public.mood
-- said: label
CREATE TYPE mood AS ENUM ('sad', 'fine', 'glad');
CREATE TABLE diary AS SELECT n, (enum_range(NULL::mood))[1 + n % 3] AS mood FROM generate_series(1, 100) n;
-- meanwhile
BEGIN;
ALTER TYPE mood RENAME VALUE 'sad' TO 'other';
ALTER TYPE mood RENAME VALUE 'glad' TO 'sad';
ALTER TYPE mood RENAME VALUE 'other' TO 'glad';
COMMIT;
-- afterwards
BEGIN;
ALTER TYPE mood RENAME VALUE 'sad' TO 'other';
ALTER TYPE mood RENAME VALUE 'glad' TO 'sad';
ALTER TYPE mood RENAME VALUE 'other' TO 'glad';
COMMIT;

-- ## an enum recreated under its name
-- at: planned, defined
-- names: public.mood|public.diary
-- said: recreated|replaced|rewritten|type|label
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE diary AS SELECT n, 'sad'::mood AS mood FROM generate_series(1, 100) n;
-- meanwhile
BEGIN;
ALTER TYPE mood RENAME TO mood_old;
CREATE TYPE mood AS ENUM ('sad', 'glad', 'fine');
ALTER TABLE diary ALTER mood TYPE mood USING mood::text::mood;
DROP TYPE mood_old;
COMMIT;

-- ## an enum renamed
-- at: planned, defined
-- names: public.mood
-- said: renamed|type
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE diary AS SELECT n, 'sad'::mood AS mood FROM generate_series(1, 100) n;
-- meanwhile
ALTER TYPE mood RENAME TO humour;

-- ## an attribute added
-- at: taken, planned, defined, dumped
-- names: public.pair
-- said: attribute|column
CREATE TYPE pair AS (a int, b int);
CREATE TABLE pairs AS SELECT n, (n, -n)::pair AS p FROM generate_series(1, 100) n;
-- meanwhile
ALTER TYPE pair ADD ATTRIBUTE c int CASCADE;

-- ## an attribute dropped
-- at: defined
-- names: public.pair
-- said: attribute|column
CREATE TYPE pair AS (a int, b int);
CREATE TABLE pairs AS SELECT n, (n, -n)::pair AS p FROM generate_series(1, 100) n;
-- meanwhile
ALTER TYPE pair DROP ATTRIBUTE b;

-- ## an attribute replaced
-- at: defined
-- names: public.pair
-- said: attribute|column
CREATE TYPE pair AS (a int, b int);
CREATE TABLE pairs AS SELECT n, (n, -n)::pair AS p FROM generate_series(1, 100) n;
-- meanwhile
ALTER TYPE pair DROP ATTRIBUTE b;
ALTER TYPE pair ADD ATTRIBUTE b int;

-- ## an attribute renamed
-- at: defined
-- names: public.pair
-- said: attribute|column
CREATE TYPE pair AS (a int, b int);
CREATE TABLE pairs AS SELECT n, (n, -n)::pair AS p FROM generate_series(1, 100) n;
-- meanwhile
ALTER TYPE pair RENAME ATTRIBUTE b TO c;

-- ## a column added to a table whose row type is a column elsewhere
-- at: taken, planned, defined, dumped
-- names: public.small
-- said: column
CREATE TABLE history AS SELECT s.id, s AS before, ARRAY[s] AS all_before FROM small s;
-- meanwhile
ALTER TABLE small ADD note text;

-- ## a column dropped from a table whose row type is a column elsewhere
-- at: defined
-- names: public.small
-- said: column
CREATE TABLE history AS SELECT s.id, s AS before FROM small s;
-- meanwhile
ALTER TABLE small DROP status;

-- ## a domain renamed
-- at: planned, defined
-- names: public.positive
-- said: renamed|domain|type
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE amounts AS SELECT n::positive AS n FROM generate_series(1, 100) n;
-- meanwhile
ALTER DOMAIN positive RENAME TO above_zero;

-- ## a type moved to another schema
-- at: planned, defined
-- names: public.mood
-- said: moved|schema|type
CREATE SCHEMA types;
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE diary AS SELECT n, 'sad'::mood AS mood FROM generate_series(1, 100) n;
-- meanwhile
ALTER TYPE mood SET SCHEMA types;

-- ## an extension moved to another schema
-- at: planned, defined
-- names: citext|public.citext
-- said: moved|schema|extension|type
CREATE SCHEMA extensions;
CREATE EXTENSION citext;
CREATE TABLE words AS SELECT ('Word ' || n)::citext AS w FROM generate_series(1, 100) n;
-- meanwhile
ALTER EXTENSION citext SET SCHEMA extensions;

-- ## a type's output function replaced
-- at: defined
-- names: public.number|public.number_out
-- said: function|type
CREATE TYPE number;
CREATE FUNCTION number_in(cstring) RETURNS number LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION number_out(number) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE number (INPUT = number_in, OUTPUT = number_out, LIKE = int);
CREATE TABLE numbers AS SELECT (-n)::text::number AS n FROM generate_series(1, 100) n;
-- meanwhile
CREATE OR REPLACE FUNCTION number_out(number) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'oidout';

-- ## a function renamed that a column names
-- at: taken, planned, defined, dumped
-- names: public.greet
-- said: renamed|function
CREATE FUNCTION greet(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE handlers AS SELECT n, 'greet'::regproc AS f, 'greet(int)'::regprocedure AS p FROM generate_series(1, 100) n;
-- meanwhile
ALTER FUNCTION greet(int) RENAME TO welcome;

-- ## functions swapped that columns name
-- at: defined
-- names: public.f|public.g
-- said: renamed|function
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 2';
CREATE TABLE handlers AS SELECT n, 'f'::regproc AS f, 'g'::regproc AS g FROM generate_series(1, 100) n;
-- meanwhile
BEGIN;
ALTER FUNCTION f() RENAME TO h;
ALTER FUNCTION g() RENAME TO f;
ALTER FUNCTION h() RENAME TO g;
COMMIT;

-- ## functions swapped that columns name, and swapped back when the rows are read
-- at: defined
-- names: public.f|public.g
-- said: renamed|function
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 2';
CREATE TABLE handlers AS SELECT n, 'f'::regproc AS f, 'g'::regproc AS g FROM generate_series(1, 100) n;
-- meanwhile
BEGIN;
ALTER FUNCTION f() RENAME TO h;
ALTER FUNCTION g() RENAME TO f;
ALTER FUNCTION h() RENAME TO g;
COMMIT;
-- afterwards
BEGIN;
ALTER FUNCTION f() RENAME TO h;
ALTER FUNCTION g() RENAME TO f;
ALTER FUNCTION h() RENAME TO g;
COMMIT;

-- ## a function dropped that a column names
-- at: planned, defined
-- names: public.greet
-- said: dropped|function
CREATE FUNCTION greet(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE handlers AS SELECT n, 'greet'::regproc AS f FROM generate_series(1, 100) n;
-- meanwhile
DROP FUNCTION greet(int);

-- ## a function made of the name that a column names
-- at: defined
-- names: public.greet
-- said: function
CREATE FUNCTION greet(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE handlers AS SELECT n, 'greet'::regproc AS f FROM generate_series(1, 100) n;
-- meanwhile
ALTER FUNCTION greet(int) RENAME TO greet_old;
CREATE FUNCTION greet(int) RETURNS int LANGUAGE sql AS 'SELECT 2';

-- ## a view renamed that a column names
-- at: defined, dumped
-- names: public.watched
-- said: renamed|view|relation
CREATE VIEW watched AS SELECT 1 AS one;
CREATE TABLE subscriptions AS SELECT n, 'watched'::regclass AS what FROM generate_series(1, 100) n;
-- meanwhile
ALTER VIEW watched RENAME TO seen;

-- ## an index renamed that a column names
-- at: defined
-- names: public.small_by_name
-- said: renamed|index|relation
CREATE INDEX small_by_name ON small (name);
CREATE TABLE advice AS SELECT n, ARRAY['small_by_name'::regclass] AS what FROM generate_series(1, 100) n;
-- meanwhile
ALTER INDEX small_by_name RENAME TO by_name;

-- ## a type renamed that a column names
-- at: defined
-- names: public.mood
-- said: renamed|type
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE kinds AS SELECT n, 'mood'::regtype AS what, 'mood[]'::regtype AS many FROM generate_series(1, 100) n;
-- meanwhile
ALTER TYPE mood RENAME TO humour;

-- ## a schema renamed that a column names
-- at: defined
-- names: app
-- said: renamed|schema
CREATE SCHEMA app;
CREATE TABLE tenants AS SELECT n, 'app'::regnamespace AS what FROM generate_series(1, 100) n;
-- meanwhile
ALTER SCHEMA app RENAME TO app_old;

-- ## a role renamed that a column names
-- at: taken, defined, dumped
-- late: roles are dumped at the end
-- names: instant_clerk
-- said: renamed|role
DROP ROLE IF EXISTS instant_clerk, instant_scribe;
CREATE ROLE instant_clerk;
CREATE TABLE duties AS SELECT n, 'instant_clerk'::regrole AS what FROM generate_series(1, 100) n;
-- meanwhile
ALTER ROLE instant_clerk RENAME TO instant_scribe;

-- ## a role renamed that grants in a column name
-- at: defined
-- names: instant_clerk
-- said: renamed|role
DROP ROLE IF EXISTS instant_clerk, instant_scribe;
CREATE ROLE instant_clerk;
CREATE TABLE grants AS SELECT n, ARRAY['instant_clerk=r/instant_clerk'::aclitem] AS what FROM generate_series(1, 100) n;
-- meanwhile
ALTER ROLE instant_clerk RENAME TO instant_scribe;

-- ## a text search configuration renamed that a column names
-- at: defined
-- names: public.plain
-- said: renamed|text search|configuration
CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple);
CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple);
CREATE TABLE sites AS SELECT n, 'plain'::regconfig AS what, 'words'::regdictionary AS dict FROM generate_series(1, 100) n;
-- meanwhile
ALTER TEXT SEARCH CONFIGURATION plain RENAME TO bare;

-- ## an operator moved that a column names
-- at: defined
-- names: public.===
-- said: moved|operator
CREATE SCHEMA operators;
CREATE FUNCTION same(int, int) RETURNS bool LANGUAGE sql AS 'SELECT $1 = $2';
CREATE OPERATOR === (FUNCTION = same, LEFTARG = int, RIGHTARG = int);
CREATE TABLE signs AS SELECT n, '==='::regoper AS o, '===(int,int)'::regoperator AS p FROM generate_series(1, 100) n;
-- meanwhile
ALTER OPERATOR === (int, int) SET SCHEMA operators;

-- ## a collation renamed that a column names
-- at: defined
-- names: public.german
-- said: renamed|collation
CREATE COLLATION german (LOCALE = 'C');
CREATE TABLE orders AS SELECT n, 'german'::regcollation AS what FROM generate_series(1, 100) n;
-- meanwhile
ALTER COLLATION german RENAME TO other;

-- ## a type renamed that an argument of a named function has
-- at: defined
-- names: public.mood
-- said: renamed|type
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE FUNCTION greet(mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE handlers AS SELECT n, 'greet(mood)'::regprocedure AS p FROM generate_series(1, 100) n;
-- meanwhile
ALTER TYPE mood RENAME TO humour;

-- ## a type renamed of which a column names the array
-- at: defined
-- names: public.mood|public._mood
-- said: renamed|type
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE kinds AS SELECT n, 'mood[]'::regtype AS many FROM generate_series(1, 100) n;
-- meanwhile
ALTER TYPE mood RENAME TO humour;

-- ## a table renamed of which a column names the row type
-- at: defined
-- names: public.other
-- said: renamed|type
CREATE TABLE other (n int);
CREATE TABLE kinds AS SELECT n, 'other'::regtype AS what FROM generate_series(1, 100) n;
-- meanwhile
ALTER TABLE other RENAME TO another;
