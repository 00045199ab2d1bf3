-- Which parts of a Supabase project there are; all false in another database. A project is known by its schemas auth and
-- storage and their owners. Restores ask for present alone.
SELECT project AS present,
       project AND to_regclass('auth.users') IS NOT NULL AS auth_users,
       project AND to_regclass('storage.objects') IS NOT NULL AS storage,
       project AND to_regclass('vault.decrypted_secrets') IS NOT NULL AS vault
  FROM (SELECT count(*) = 2 AS project
          FROM pg_catalog.pg_namespace n
          JOIN pg_catalog.pg_roles r ON r.oid = n.nspowner
         WHERE (n.nspname, r.rolname) IN (('auth', 'supabase_auth_admin'), ('storage', 'supabase_storage_admin'))) AS found
