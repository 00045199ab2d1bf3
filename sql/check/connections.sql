-- How many connections this role may have to this database at the most, and how many the server has now. What is
-- reserved for superusers isn't counted, nor what a role's or a database's own limit forbids.
SELECT least(
           current_setting('max_connections')::bigint
               - current_setting('superuser_reserved_connections')::bigint
               - coalesce(current_setting('reserved_connections', true), '0')::bigint,
           CASE WHEN d.datconnlimit >= 0 AND NOT r.rolsuper THEN d.datconnlimit END,
           CASE WHEN r.rolconnlimit >= 0 AND NOT r.rolsuper THEN r.rolconnlimit END) AS most,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used
  FROM pg_roles r, pg_database d
 WHERE r.rolname = session_user AND d.datname = current_database()
