-- Which object needs which other one, among all that lies in users' schemas. Only looked at where something is left out.
WITH schemas AS (
    SELECT oid, nspname FROM pg_namespace
     WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND nspname !~ '^pg_(toast_)?temp_'
), relations AS (
    SELECT c.oid, s.nspname AS schema, c.relname AS name, c.reltype, c.relispartition,
           CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
                          WHEN 'c' THEN 'type' ELSE 'table' END AS kind
      FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c')
), named AS (
    SELECT 'pg_class'::regclass::oid AS class, oid AS object, kind, schema, name FROM relations
    UNION ALL
    -- The row type of a table is the table; an array is what its elements are.
    SELECT 'pg_type'::regclass::oid, t.oid, coalesce(r.kind, 'type'), s.nspname, coalesce(r.name, e.typname, t.typname)
      FROM pg_type t
      JOIN schemas s ON s.oid = t.typnamespace
      LEFT JOIN pg_type e ON e.typarray = t.oid
      LEFT JOIN relations r ON r.oid = coalesce(e.typrelid, t.typrelid)
    UNION ALL
    SELECT 'pg_proc'::regclass::oid, o.oid, 'function', s.nspname, o.proname FROM pg_proc o JOIN schemas s ON s.oid = o.pronamespace
    UNION ALL
    SELECT 'pg_operator'::regclass::oid, o.oid, 'operator', s.nspname, o.oprname FROM pg_operator o JOIN schemas s ON s.oid = o.oprnamespace
    UNION ALL
    SELECT 'pg_opclass'::regclass::oid, o.oid, 'operator class', s.nspname, o.opcname FROM pg_opclass o JOIN schemas s ON s.oid = o.opcnamespace
    UNION ALL
    SELECT 'pg_collation'::regclass::oid, o.oid, 'collation', s.nspname, o.collname FROM pg_collation o JOIN schemas s ON s.oid = o.collnamespace
    UNION ALL
    SELECT 'pg_ts_config'::regclass::oid, o.oid, 'text search configuration', s.nspname, o.cfgname FROM pg_ts_config o JOIN schemas s ON s.oid = o.cfgnamespace
    UNION ALL
    SELECT 'pg_event_trigger'::regclass::oid, oid, 'event trigger', NULL, evtname FROM pg_event_trigger
), parts AS (
    -- What stands for something named, and in which part of it the need arises.
    SELECT class, object, class AS of_class, object AS of_object,
           CASE kind WHEN 'event trigger' THEN 'function' ELSE 'definition' END AS how FROM named
    UNION ALL
    SELECT 'pg_attrdef'::regclass, oid, 'pg_class'::regclass, adrelid, 'default of a column' FROM pg_attrdef
    UNION ALL
    SELECT 'pg_constraint'::regclass, oid, 'pg_class'::regclass, conrelid,
           CASE contype WHEN 'f' THEN 'foreign key ' ELSE 'constraint ' END || conname
      FROM pg_constraint WHERE conparentid = 0 AND conrelid <> 0
    UNION ALL
    SELECT 'pg_class'::regclass, indexrelid, 'pg_class'::regclass, indrelid, 'index' FROM pg_index
    UNION ALL
    SELECT 'pg_trigger'::regclass, oid, 'pg_class'::regclass, tgrelid, 'trigger ' || tgname FROM pg_trigger
     WHERE NOT tgisinternal AND tgparentid = 0
    UNION ALL
    SELECT 'pg_policy'::regclass, oid, 'pg_class'::regclass, polrelid, 'policy ' || polname FROM pg_policy
    UNION ALL
    SELECT 'pg_rewrite'::regclass, oid, 'pg_class'::regclass, ev_class, 'definition' FROM pg_rewrite
)
SELECT DISTINCT b.kind AS by_kind, b.schema AS by_schema, b.name AS by_name,
       n.kind AS needs_kind, n.schema AS needs_schema, n.name AS needs_name,
       CASE WHEN p.how = 'definition' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                 THEN CASE WHEN r.relispartition THEN 'partition' ELSE 'inheritance' END
            WHEN p.how = 'definition' AND d.classid = 'pg_class'::regclass AND d.objsubid > 0 THEN 'column'
            ELSE p.how END AS how
  FROM pg_depend d
  JOIN parts p ON p.class = d.classid AND p.object = d.objid
  JOIN named b ON b.class = p.of_class AND b.object = p.of_object
  JOIN named n ON n.class = d.refclassid AND n.object = d.refobjid
  LEFT JOIN relations r ON d.classid = 'pg_class'::regclass AND r.oid = d.objid
 WHERE d.deptype <> 'e' AND (b.kind, b.schema, b.name) IS DISTINCT FROM (n.kind, n.schema, n.name)
UNION ALL
-- An extension is saved whatever schema it lies in, but needs that schema to be created.
SELECT 'extension', NULL, e.extname, 'schema', s.nspname, s.nspname, 'schema'
  FROM pg_extension e JOIN schemas s ON s.oid = e.extnamespace
 ORDER BY 5, 6, 2, 3, 7
