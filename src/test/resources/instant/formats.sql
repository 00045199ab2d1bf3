-- What happens when the tables are dumped, and the whole dumps that BACKUP_FORMATS asks for are not. See Change for the form.
-- Every database has the table small, of 1,000 rows.

-- ## emptied
-- at: defined, followed
-- names: public.small
-- said: truncated|rewritten
-- meanwhile
TRUNCATE small;

-- ## swapped with one that is made meanwhile, and kept
-- at: followed
-- names: public.small
-- said: renamed|replaced|recreated|swapped
-- meanwhile
BEGIN;
CREATE TABLE small_new AS SELECT id, 'new ' || name AS name, amount, status FROM small;
ALTER TABLE small RENAME TO small_old;
ALTER TABLE small_new RENAME TO small;
COMMIT;

-- ## a column dropped and added with a default
-- at: followed
-- names: public.small
-- said: column
-- meanwhile
ALTER TABLE small DROP status;
ALTER TABLE small ADD status text DEFAULT 'new';

-- ## a label renamed
-- at: followed
-- names: public.mood
-- said: label
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE diary AS SELECT n, 'sad'::mood AS mood FROM generate_series(1, 100) n;
-- meanwhile
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';

-- ## its schema swapped with another
-- at: followed
-- names: app
-- said: schema|renamed|moved
CREATE SCHEMA app;
CREATE TABLE app.item AS SELECT n FROM generate_series(1, 100) n;
-- meanwhile
BEGIN;
CREATE SCHEMA app_new;
CREATE TABLE app_new.item AS SELECT n + 1000 AS n FROM generate_series(1, 100) n;
ALTER SCHEMA app RENAME TO app_old;
ALTER SCHEMA app_new RENAME TO app;
COMMIT;

-- ## rows and large objects changed, and all compacted
-- at: followed
SELECT lo_from_bytea(0, 'kept');
-- meanwhile
UPDATE small SET amount = 0;
DELETE FROM small WHERE id > 500;
SELECT lo_unlink(oid) FROM pg_largeobject_metadata;
VACUUM FULL small;
CREATE TABLE fresh AS SELECT * FROM small;
