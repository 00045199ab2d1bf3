-- Back to the path that the snapshot's session was opened with, in which nobody can plant functions. Until then it is another.
SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true) AS search_path
