-- What belongs to the database itself.
SELECT count(*) AS made FROM (SELECT 'fidelity_database' AS r EXCEPT SELECT rolname FROM pg_roles) r \gset
\if :made
  CREATE ROLE fidelity_database;
\endif
SELECT current_database() AS this \gset
ALTER DATABASE :"this" OWNER TO fidelity_database;
ALTER DATABASE :"this" CONNECTION LIMIT 77;
COMMENT ON DATABASE :"this" IS 'it''s';
REVOKE ALL ON DATABASE :"this" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"this" TO fidelity_database WITH GRANT OPTION;
GRANT CONNECT ON DATABASE :"this" TO PUBLIC;
REVOKE TEMPORARY ON DATABASE :"this" FROM fidelity_database;
ALTER DATABASE :"this" SET TimeZone = 'Europe/Berlin';
ALTER DATABASE :"this" SET app.key = 'fidelity-secret';
ALTER DATABASE :"this" SET temp_tablespaces = '';
ALTER ROLE fidelity_database IN DATABASE :"this" SET search_path = "$user", public, "A,b ""c";
ALTER ROLE fidelity_database IN DATABASE :"this" SET statement_timeout = '5s';
