-- Which columns the auth service's tables have here, and the name of each in auth/users.json (key): the admin API's name
-- where it has one, else the column's own. Without a key, a column isn't in the file: secrets of flows that are under way,
-- which nobody can end in another project, and what goes without saying. Take columns out, or rename them, here.
SELECT c.relname AS relation, a.attname AS name, t.typname AS type, t.typcategory = 'A' AS is_array,
       a.attgenerated <> '' AS generated, a.attnotnull AS not_null,
       CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS default_value,
       CASE WHEN c.relname = 'users' AND (a.attname = 'instance_id' OR a.attname ~ '(^|_)token(_|$)') THEN NULL
            WHEN c.relname = 'mfa_factors' AND a.attname = 'user_id' THEN NULL
            -- Before November 2023 the column id was the provider's own id, which is called provider_id since then.
            WHEN c.relname = 'identities' AND a.attname = 'id' AND t.typname = 'uuid' THEN 'identity_id'
            ELSE coalesce(api.key, a.attname) END AS key
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  LEFT JOIN (VALUES ('users', 'raw_app_meta_data', 'app_metadata'),
                    ('users', 'raw_user_meta_data', 'user_metadata'),
                    ('users', 'email_change', 'new_email'),
                    ('users', 'phone_change', 'new_phone'),
                    ('identities', 'provider_id', 'id')) AS api (relation, name, key)
    ON api.relation = c.relname AND api.name = a.attname
 WHERE c.relnamespace = to_regnamespace('auth') AND c.relkind = 'r'
   AND c.relname IN ('users', 'identities', 'mfa_factors')
 ORDER BY c.relname, a.attnum
