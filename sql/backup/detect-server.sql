-- Run first in the snapshot's transaction: what the server is and what this role may do.
SELECT current_setting('server_version_num')::int AS server_version_num,
       current_setting('server_version') AS server_version,
       current_database() AS database_name,
       current_user AS role_name,
       pg_encoding_to_char((SELECT encoding FROM pg_database WHERE datname = current_database())) AS encoding,
       pg_database_size(current_database()) AS database_size,
       transaction_timestamp() AS snapshot_at,
       has_table_privilege('pg_catalog.pg_authid', 'SELECT') AS can_read_passwords,
       (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata) AS large_objects,
       pg_is_in_recovery() AS standby
