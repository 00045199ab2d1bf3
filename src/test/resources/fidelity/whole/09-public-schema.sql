-- Schema public is in every new database, but not whose it is, who may use it, and what is said of it.
SELECT count(*) AS made FROM (SELECT 'fidelity_public' AS r EXCEPT SELECT rolname FROM pg_roles) r \gset
\if :made
  CREATE ROLE fidelity_public;
\endif
ALTER SCHEMA public OWNER TO fidelity_public;
GRANT CREATE ON SCHEMA public TO PUBLIC;
COMMENT ON SCHEMA public IS 'of one''s own';
