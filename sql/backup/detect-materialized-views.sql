-- Their rows aren't stored: whoever restores refreshes them, in this order: each after all that it reads, also where it
-- reads them through views and functions. Neither names nor ages tell that, since views can be replaced.
WITH RECURSIVE views AS (
    SELECT c.oid, n.nspname, c.relname, c.relispopulated
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'm'
       AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(toast_)?temp_'
), reads (view, class, object) AS (
    SELECT v.oid, 'pg_class'::regclass::oid, v.oid FROM views v
    UNION
    SELECT r.view, d.refclassid, d.refobjid
      FROM reads r
      LEFT JOIN pg_rewrite w ON r.class = 'pg_class'::regclass AND w.ev_class = r.object
      JOIN pg_depend d ON d.classid = CASE WHEN w.oid IS NULL THEN r.class ELSE 'pg_rewrite'::regclass END
                      AND d.objid = coalesce(w.oid, r.object)
     WHERE d.deptype = 'n' AND d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass)
       AND (w.oid IS NOT NULL OR r.class = 'pg_proc'::regclass)
)
SELECT v.nspname AS schema, v.relname AS name
  FROM views v
 WHERE v.relispopulated
 ORDER BY (SELECT count(*) FROM reads r JOIN views other ON r.class = 'pg_class'::regclass AND other.oid = r.object
            WHERE r.view = v.oid), v.oid
