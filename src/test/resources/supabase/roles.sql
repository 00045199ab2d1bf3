-- The roles of a Supabase server, run by the bootstrap superuser supabase_admin. People log in as postgres, which is no
-- superuser. Two memberships stand for what an extension of the platform (supautils) allows it: policies on storage's and
-- realtime's tables.

CREATE ROLE postgres LOGIN CREATEDB CREATEROLE BYPASSRLS REPLICATION;

CREATE ROLE anon NOLOGIN;
CREATE ROLE authenticated NOLOGIN;
CREATE ROLE service_role NOLOGIN BYPASSRLS;
CREATE ROLE authenticator LOGIN NOINHERIT;
GRANT anon, authenticated, service_role TO authenticator;
ALTER ROLE anon SET statement_timeout = '3s';
ALTER ROLE authenticated SET statement_timeout = '8s';
ALTER ROLE authenticator SET statement_timeout = '8s';
ALTER ROLE authenticator SET lock_timeout = '8s';

CREATE ROLE dashboard_user NOLOGIN CREATEDB CREATEROLE REPLICATION;
CREATE ROLE pgbouncer LOGIN;
CREATE ROLE supabase_auth_admin LOGIN NOINHERIT;
ALTER ROLE supabase_auth_admin SET search_path = 'auth';
ALTER ROLE supabase_auth_admin SET idle_in_transaction_session_timeout = 60000;
CREATE ROLE supabase_storage_admin LOGIN NOINHERIT CREATEROLE;
ALTER ROLE supabase_storage_admin SET search_path = 'storage';
GRANT authenticator TO supabase_storage_admin;
CREATE ROLE supabase_functions_admin LOGIN NOINHERIT CREATEROLE;
ALTER ROLE supabase_functions_admin SET search_path = 'supabase_functions';
CREATE ROLE supabase_realtime_admin NOLOGIN NOINHERIT;
CREATE ROLE supabase_replication_admin LOGIN REPLICATION;
CREATE ROLE supabase_read_only_user LOGIN BYPASSRLS;
GRANT pg_read_all_data TO supabase_read_only_user;
CREATE ROLE supabase_etl_admin LOGIN REPLICATION;
GRANT pg_read_all_data TO supabase_etl_admin;

GRANT anon, authenticated, service_role, authenticator TO postgres WITH ADMIN OPTION;
GRANT pg_read_all_data, pg_monitor, pg_signal_backend TO postgres WITH ADMIN OPTION;
GRANT supabase_storage_admin, supabase_realtime_admin, supabase_functions_admin TO postgres;
ALTER ROLE supabase_read_only_user SET default_transaction_read_only = on;
ALTER ROLE supabase_auth_admin SET log_statement = 'none';
ALTER ROLE supabase_storage_admin SET log_statement = 'none';
ALTER ROLE supabase_admin SET log_statement = 'none';
ALTER ROLE postgres SET search_path = "$user", public, extensions;
ALTER ROLE supabase_admin SET search_path = "$user", public, auth, extensions;
