-- Roles belong to the whole server: several tests of one server load this file.
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rt_owner') AS missing \gset
\if :missing
CREATE ROLE rt_owner LOGIN PASSWORD 'never-in-a-log' VALID UNTIL '2040-01-01 00:00:00+00';
CREATE ROLE rt_reader NOINHERIT CONNECTION LIMIT 3;
CREATE ROLE rt_writer CREATEDB CREATEROLE;
CREATE ROLE "rt Größe ""x"" $(id) \ %s -- '" BYPASSRLS REPLICATION;
COMMENT ON ROLE rt_owner IS 'it''s
two lines';
ALTER ROLE rt_owner SET search_path = '$user', "public";
ALTER ROLE rt_reader SET application_name = 'O''Brien \ "x"';
GRANT rt_reader TO rt_writer WITH ADMIN OPTION;
GRANT pg_monitor, rt_writer TO rt_owner;
\endif
