-- What each pattern means here: the comparison that pg_dump makes, with the regular expressions that it derives.
-- A pattern without a schema means what the search path finds.
WITH patterns AS (
    SELECT * FROM pg_catalog.jsonb_to_recordset(:#${header.patterns}::jsonb)
                  AS p(n int, of_schemas boolean, schema text, name text)
), schemas AS (
    SELECT oid, nspname FROM pg_catalog.pg_namespace
     WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
       AND nspname OPERATOR(pg_catalog.!~) '^pg_(toast_)?temp_'
)
SELECT p.n, s.nspname AS schema, NULL AS name
  FROM patterns p JOIN schemas s ON s.nspname OPERATOR(pg_catalog.~) p.name COLLATE pg_catalog.default
 WHERE p.of_schemas
UNION ALL
SELECT p.n, s.nspname, c.relname
  FROM patterns p
  JOIN pg_catalog.pg_class c ON c.relname OPERATOR(pg_catalog.~) p.name COLLATE pg_catalog.default
  JOIN schemas s ON s.oid = c.relnamespace
 WHERE NOT p.of_schemas AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
   AND CASE WHEN p.schema IS NULL THEN pg_catalog.pg_table_is_visible(c.oid)
            ELSE s.nspname OPERATOR(pg_catalog.~) p.schema COLLATE pg_catalog.default END
