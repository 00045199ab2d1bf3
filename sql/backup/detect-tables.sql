-- Every table: ordinary (r), partitioned (p: its rows are in its partitions), foreign (f: its rows are elsewhere).
-- scattered: into which partition a row goes is decided here or above by a hash that comes out otherwise in another
-- database, because it is made of the oid of an enum's label or the like, or by a function that isn't PostgreSQL's own.
WITH RECURSIVE scattering AS (
    SELECT p.partrelid AS oid FROM pg_partitioned_table p
     WHERE p.partstrat = 'h'
       AND EXISTS (SELECT FROM pg_opclass o
                    WHERE o.oid = ANY (p.partclass::oid[])
                      AND (o.opcnamespace <> 'pg_catalog'::regnamespace
                           OR o.opcname IN ('enum_ops', 'oid_ops', 'array_ops', 'record_ops', 'range_ops', 'multirange_ops')))
), scattered AS (
    SELECT i.inhrelid AS oid FROM pg_inherits i JOIN scattering s ON s.oid = i.inhparent
    UNION
    SELECT i.inhrelid FROM pg_inherits i JOIN scattered s ON s.oid = i.inhparent
)
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence,
       coalesce(pg_table_size(c.oid), 0) AS size,
       -- In this order: the file that is empty must be the one that the snapshot knows.
       CASE WHEN pg_relation_size(c.oid) = 0 THEN pg_relation_filenode(c.oid) = c.relfilenode ELSE false END AS blank,
       -- By which ranges of its rows can be read.
       CASE WHEN c.relkind = 'r' AND c.relam = (SELECT oid FROM pg_am WHERE amname = 'heap')
            THEN coalesce(pg_relation_size(c.oid) / current_setting('block_size')::int8, 0) ELSE 0 END AS blocks,
       (SELECT i.inhparent FROM pg_inherits i WHERE i.inhrelid = c.oid AND c.relispartition) AS partition_of,
       e.extname AS extension,
       c.oid IN (SELECT oid FROM scattering UNION ALL SELECT oid FROM scattered) AS scattered
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
  LEFT JOIN pg_extension e ON e.oid = d.refobjid
 WHERE c.relkind IN ('r', 'p', 'f')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(toast_)?temp_'
 ORDER BY n.nspname, c.relname
