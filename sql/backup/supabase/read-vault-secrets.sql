-- The secrets of a vault, decrypted: one JSON object each, in one line.
SELECT json_build_object(
           'name', name,
           'description', description,
           'secret', decrypted_secret,
           'created_at', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'updated_at', to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text AS secret
  FROM vault.decrypted_secrets
 ORDER BY created_at, id
