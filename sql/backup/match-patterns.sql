-- What each pattern means here: the comparison that pg_dump makes, with the regular expressions that it derives.
-- A pattern without a schema means what the search path finds. That is the role's own here, in which others may have made
-- functions, operators and types of the same names: each has its schema.
WITH patterns AS (
    SELECT * FROM pg_catalog.jsonb_to_recordset(:#${header.patterns}::pg_catalog.jsonb)
                  AS p(n int, of_schemas boolean, schema pg_catalog.text, name pg_catalog.text)
), schemas AS (
    SELECT oid, nspname FROM pg_catalog.pg_namespace
     WHERE nspname OPERATOR(pg_catalog.!~) '^(pg_catalog|information_schema|pg_toast|pg_(toast_)?temp_.*)$'
)
SELECT p.n, s.nspname AS schema, NULL AS name
  FROM patterns p JOIN schemas s ON s.nspname OPERATOR(pg_catalog.~) p.name COLLATE pg_catalog.default
 WHERE p.of_schemas
UNION ALL
SELECT p.n, s.nspname, c.relname
  FROM patterns p
  JOIN pg_catalog.pg_class c ON c.relname OPERATOR(pg_catalog.~) p.name COLLATE pg_catalog.default
  JOIN schemas s ON s.oid OPERATOR(pg_catalog.=) c.relnamespace
 WHERE NOT p.of_schemas AND c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,f,v,m,S}'::pg_catalog."char"[])
   AND CASE WHEN p.schema IS NULL THEN pg_catalog.pg_table_is_visible(c.oid)
            ELSE s.nspname OPERATOR(pg_catalog.~) p.schema COLLATE pg_catalog.default END
