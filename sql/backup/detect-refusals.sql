-- Everything that pg_dump would refuse or leave out in silence for this role. Any row here ends the backup.
WITH mine AS (
    SELECT c.oid, n.nspname, c.relname, c.relkind, n.oid AS schema_oid
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'f', 'S')
       AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(toast_)?temp_'
)
SELECT 'schema' AS kind, nspname AS schema, NULL AS name, 1::bigint AS objects
  FROM mine WHERE NOT has_schema_privilege(schema_oid, 'USAGE') GROUP BY nspname
UNION ALL
SELECT 'table', nspname, relname, 1 FROM mine WHERE relkind IN ('r', 'p') AND NOT has_table_privilege(oid, 'SELECT')
UNION ALL
-- CASE, because AND may look at a table's oid first, which isn't a sequence.
SELECT 'sequence', nspname, relname, 1
  FROM mine WHERE CASE relkind WHEN 'S' THEN NOT has_sequence_privilege(oid, 'SELECT') END
UNION ALL
SELECT 'row security', nspname, relname, 1 FROM mine WHERE relkind IN ('r', 'p') AND row_security_active(oid)
UNION ALL
-- Large objects by their owner, with one of them. pg_read_all_data doesn't cover them.
SELECT 'large object', pg_get_userbyid(lomowner), min(oid)::text, count(*)
  FROM pg_largeobject_metadata
 WHERE current_setting('lo_compat_privileges') = 'off' AND NOT pg_has_role(lomowner, 'USAGE')
   AND NOT EXISTS (SELECT FROM aclexplode(lomacl) a
                    WHERE a.privilege_type = 'SELECT' AND CASE a.grantee WHEN 0 THEN true ELSE pg_has_role(a.grantee, 'USAGE') END)
 GROUP BY lomowner
ORDER BY 1, 2, 3
