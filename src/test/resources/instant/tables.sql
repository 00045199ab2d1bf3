-- What makes a backup read other rows than its snapshot saw, though the table's name leads somewhere. See Change.

-- ## emptied
-- at: planned, defined, dumped
-- names: public.small
-- said: truncated|rewritten
CREATE TABLE small AS SELECT n AS id, 'row ' || n AS name, n * 1.5 AS amount FROM generate_series(1, 1000) n;
-- meanwhile
TRUNCATE small;

-- ## rewritten by another type
-- at: planned, defined, dumped
-- names: public.small
-- said: rewritten|columns
CREATE TABLE small AS SELECT n AS id, 'row ' || n AS name FROM generate_series(1, 1000) n;
-- meanwhile
ALTER TABLE small ALTER id TYPE bigint;
