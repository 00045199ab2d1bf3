-- For the next query: the search path that whoever connects has, because pg_dump finds unqualified names by it.
SELECT set_config('search_path', reset_val, true) AS search_path FROM pg_settings WHERE name = 'search_path'
