-- Everything that pg_dump would refuse or leave out in silence for this role. Any row here ends the backup.
WITH mine AS (
    SELECT c.oid, n.nspname, c.relname, c.relkind, n.oid AS schema_oid
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'f', 'S')
       AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(toast_)?temp_'
)
SELECT 'schema' AS kind, nspname AS schema, NULL AS name
  FROM mine WHERE NOT has_schema_privilege(schema_oid, 'USAGE') GROUP BY nspname
UNION ALL
SELECT 'table', nspname, relname FROM mine WHERE relkind IN ('r', 'p') AND NOT has_table_privilege(oid, 'SELECT')
UNION ALL
-- CASE, because AND may look at a table's oid first, which isn't a sequence.
SELECT 'sequence', nspname, relname
  FROM mine WHERE CASE relkind WHEN 'S' THEN NOT has_sequence_privilege(oid, 'SELECT') END
UNION ALL
SELECT 'row security', nspname, relname FROM mine WHERE relkind IN ('r', 'p') AND row_security_active(oid)
ORDER BY 1, 2, 3
