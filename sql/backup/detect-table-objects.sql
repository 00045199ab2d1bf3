-- Which object belongs to which table: by it the one schema dump is cut into a schema.sql per table.
WITH tables AS (
    SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'f')
       AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(toast_)?temp_'
)
SELECT 'pg_class'::regclass::oid AS class, t.oid AS object, t.oid AS table_oid FROM tables t
UNION ALL
SELECT 'pg_constraint'::regclass::oid, o.oid, t.oid FROM pg_constraint o JOIN tables t ON t.oid = o.conrelid
UNION ALL
SELECT 'pg_class'::regclass::oid, o.indexrelid, t.oid FROM pg_index o JOIN tables t ON t.oid = o.indrelid
UNION ALL
SELECT 'pg_trigger'::regclass::oid, o.oid, t.oid FROM pg_trigger o JOIN tables t ON t.oid = o.tgrelid
UNION ALL
SELECT 'pg_policy'::regclass::oid, o.oid, t.oid FROM pg_policy o JOIN tables t ON t.oid = o.polrelid
UNION ALL
SELECT 'pg_attrdef'::regclass::oid, o.oid, t.oid FROM pg_attrdef o JOIN tables t ON t.oid = o.adrelid
UNION ALL
SELECT 'pg_rewrite'::regclass::oid, o.oid, t.oid FROM pg_rewrite o JOIN tables t ON t.oid = o.ev_class
UNION ALL
SELECT 'pg_statistic_ext'::regclass::oid, o.oid, t.oid FROM pg_statistic_ext o JOIN tables t ON t.oid = o.stxrelid
UNION ALL
SELECT 'pg_class'::regclass::oid, s.oid, t.oid
  FROM pg_class s
  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
                  AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
  JOIN tables t ON t.oid = d.refobjid
 WHERE s.relkind = 'S'
