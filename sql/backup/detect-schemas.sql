-- Every schema but PostgreSQL's own.
SELECT n.nspname AS name, pg_get_userbyid(n.nspowner) AS owner
  FROM pg_namespace n
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(toast_)?temp_'
 ORDER BY n.nspname
