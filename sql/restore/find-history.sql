-- Whether there is a history that can be asked without running what others wrote. Where it needn't be there (a command that keeps none),
-- a view or somebody else's table of that name isn't one: only this role's own table is, or a superuser's.
SELECT c.oid::bigint
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
 WHERE n.nspname = :#historySchema AND c.relname = 'backup_history'
   AND (:#${exchangeProperty.historyNeeded}::text = 'needed'
        OR c.relkind = 'r' AND NOT c.relforcerowsecurity AND (o.rolname = current_user OR o.rolsuper))
