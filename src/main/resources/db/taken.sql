-- What has a name that migrations are going to make in the history's schema: in words, with the statement that moves it out of the way.
-- Left out are indexes of the history's own tables, and tables of their names (planted.sql judges these), as far as they may be there.
WITH asked (schema, relations, tables, allowed, history) AS (
    VALUES (?::text, ?::text[], ?::text[], ?::text[], ?::text)
), relations AS (
    SELECT c.oid, c.relname AS name, c.relkind AS kind, c.relowner AS owner, nspname,
           c.relname = ANY (allowed)
               AND CASE c.relkind WHEN 'r' THEN c.relname = ANY (tables)
                                  WHEN 'i' THEN EXISTS (SELECT FROM pg_index JOIN pg_class t ON t.oid = indrelid
                                                         WHERE indexrelid = c.oid AND t.relnamespace = n.oid AND t.relname ~ history)
                                  ELSE false END AS may_be_there
      FROM asked JOIN pg_namespace n ON n.nspname = schema JOIN pg_class c ON c.relnamespace = n.oid
     WHERE c.relname = ANY (relations)
), taken (name, nspname, kind, owner, word, remedy) AS (
    SELECT name, nspname, word, owner, word,
           format('ALTER %s %I.%I RENAME TO %I;', upper(word), nspname, name, 'others_' || left(name, 50))
      FROM relations
     CROSS JOIN LATERAL (SELECT CASE kind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
                                          WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'type' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index'
                                          ELSE 'table' END AS word) w
     WHERE NOT may_be_there
    UNION ALL
    -- Types that no relation has. The server moves the type of an array out of the way by itself.
    SELECT typname, nspname, 'type', typowner, 'type',
           CASE WHEN typisdefined THEN format('ALTER TYPE %I.%I RENAME TO %I;', nspname, typname, 'others_' || left(typname, 50))
                ELSE format('DROP TYPE %I.%I;', nspname, typname) END
      FROM asked JOIN pg_namespace n ON n.nspname = schema JOIN pg_type t ON t.typnamespace = n.oid
     WHERE typname = ANY (tables) AND typrelid = 0 AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
)
SELECT format('the %s %I.%I of %s', word, nspname, name, pg_get_userbyid(owner)) AS what, remedy FROM taken ORDER BY name, what
