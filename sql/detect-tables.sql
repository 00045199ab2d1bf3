-- Every table: ordinary (r), partitioned (p: its rows are in its partitions), foreign (f: its rows are elsewhere).
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence,
       coalesce(pg_table_size(c.oid), 0) AS size,
       -- In this order: the file that is empty must be the one that the snapshot knows.
       CASE WHEN pg_relation_size(c.oid) = 0 THEN pg_relation_filenode(c.oid) = c.relfilenode ELSE false END AS blank,
       (SELECT i.inhparent FROM pg_inherits i WHERE i.inhrelid = c.oid AND c.relispartition) AS partition_of,
       e.extname AS extension
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
  LEFT JOIN pg_extension e ON e.oid = d.refobjid
 WHERE c.relkind IN ('r', 'p', 'f')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(toast_)?temp_'
 ORDER BY n.nspname, c.relname
