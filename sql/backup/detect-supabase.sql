-- Which tables of a Supabase project there are, and whose they are; of another database's, none. On the platform the schemas
-- auth and storage belong to supabase_admin, and many applications have an auth.users: only the owners of these three tables
-- tell a project. What follows from it, and from the setting SUPABASE, is in routes/backup/detect/detect.camel.yaml. No name is looked up:
-- a role that may not look into these schemas gets the same answer.
WITH found AS (
    SELECT n.nspname || '.' || c.relname AS name, pg_catalog.pg_get_userbyid(c.relowner) AS owner,
           CASE n.nspname WHEN 'auth' THEN 'supabase_auth_admin' ELSE 'supabase_storage_admin' END AS platforms
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p')
       AND (n.nspname, c.relname) IN (('auth', 'users'), ('storage', 'buckets'), ('storage', 'objects')))
SELECT count(*) FILTER (WHERE name = 'auth.users') = 1 AS users_table,
       count(*) FILTER (WHERE name = 'auth.users' AND owner = platforms) = 1 AS users_owned,
       count(*) FILTER (WHERE name <> 'auth.users') = 2 AS storage_tables,
       count(*) FILTER (WHERE name <> 'auth.users' AND owner = platforms) = 2 AS storage_owned,
       -- Reading it runs its functions: of no one's but a superuser's, or this role's own.
       EXISTS (SELECT FROM pg_catalog.pg_class c
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                 JOIN pg_catalog.pg_roles s ON s.oid = n.nspowner
                 JOIN pg_catalog.pg_roles r ON r.oid = c.relowner
                WHERE n.nspname = 'vault' AND c.relname = 'decrypted_secrets'
                  AND (s.rolsuper OR s.rolname = current_user) AND (r.rolsuper OR r.rolname = current_user)) AS vault,
       coalesce(string_agg(name || ' belongs to ' || owner || ', not to ' || platforms, '; ' ORDER BY name)
                FILTER (WHERE owner <> platforms), '') AS others
  FROM found
