-- Everything that a pattern for tables can mean, and what it goes with: a part with its partitioned table, the sequence
-- of a column with the column's table.
SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind, pn.nspname AS owner_schema, p.relname AS owner_name
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
  LEFT JOIN pg_depend d ON c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid
                       AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
  LEFT JOIN pg_class p ON p.oid = coalesce(i.inhparent, d.refobjid)
  LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(toast_)?temp_'
 ORDER BY n.nspname, c.relname
