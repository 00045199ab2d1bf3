-- Back to the path that the snapshot's session was opened with, in which nobody can plant functions.
SELECT set_config('search_path', 'pg_catalog', true) AS search_path
