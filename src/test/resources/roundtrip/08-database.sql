-- What belongs to the database itself: pg_restore brings it back with --create alone.
SELECT format('ALTER DATABASE %I SET search_path = %s', current_database(), '"$user", public') \gexec
SELECT format('COMMENT ON DATABASE %I IS %L', current_database(), 'database') \gexec
