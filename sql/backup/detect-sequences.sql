-- Every sequence, with what decides which of two values is the further one, and the file it is in at this instant.
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relfilenode AS file, s.seqincrement AS increment, s.seqcycle AS cycles,
       -- What is unlogged has no content on a standby, where reading it is an error.
       c.relpersistence = 'u' AND pg_is_in_recovery() AS unreadable
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_sequence s ON s.seqrelid = c.oid
 WHERE c.relkind = 'S'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(toast_)?temp_'
 ORDER BY n.nspname, c.relname
