-- Of the tables that shrank, those that nobody expects to. Patterns are compared as PostgreSQL compares them, like those of
-- match-patterns.sql; here by the control database, since the losses are known from manifests alone.
SELECT l.schema, l.name, l.rows, l.rows_before
  FROM pg_catalog.jsonb_to_recordset(:#${header.losses}::jsonb) AS l (schema text, name text, rows bigint, rows_before bigint)
 WHERE NOT EXISTS (
       SELECT
         FROM pg_catalog.jsonb_to_recordset(:#${header.ignored}::jsonb) AS p (schema text, name text)
        WHERE l.schema OPERATOR(pg_catalog.~) p.schema COLLATE pg_catalog.default
          AND l.name OPERATOR(pg_catalog.~) p.name COLLATE pg_catalog.default)
