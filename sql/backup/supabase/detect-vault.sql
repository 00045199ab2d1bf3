-- How many secrets a vault holds, and whether this role may read them in readable form. The function that decrypts them is
-- checked as this role's, too (PostgreSQL manual, "Rules and Privileges").
SELECT (SELECT count(*) FROM vault.secrets) AS secrets,
       has_table_privilege('vault.decrypted_secrets', 'SELECT')
       AND NOT EXISTS (SELECT FROM pg_proc p
                        WHERE p.pronamespace = 'vault'::regnamespace AND p.proname ~ 'decrypt'
                          AND NOT has_function_privilege(p.oid, 'EXECUTE')) AS readable
