-- Sample database of the demo, part 1 of 9: roles, schemas, default privileges.
--
-- "Oasis Outfitters" is an invented shop for desert travellers that runs on a
-- Supabase project. The nine files are loaded in order into a fresh database with
-- encoding UTF8 by a superuser. Names and numbers are made up, mail addresses end
-- in example.com/.org/.net, IP addresses come from the ranges for documentation.
-- Comments that start with "Guards against" say which mistake of a backup or a
-- restore the oddity below would bring to light.

do $$
begin
  if current_setting('server_encoding') <> 'UTF8' then
    raise exception 'The sample database needs the encoding UTF8, this one has %.',
      current_setting('server_encoding');
  end if;
end
$$;

-- Roles belong to the whole server: make only those that are missing, never touch
-- those that are there, and let nobody log in as any of them.
do $$
declare
  wanted record;
begin
  for wanted in
    select *
    from (values
      ('anon', 'nologin noinherit'),
      ('authenticated', 'nologin noinherit'),
      ('service_role', 'nologin noinherit bypassrls'),
      ('authenticator', 'nologin noinherit'),
      ('supabase_auth_admin', 'nologin noinherit'),
      ('supabase_storage_admin', 'nologin noinherit')
    ) as r (name, options)
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = wanted.name) then
      execute format('create role %I %s', wanted.name, wanted.options);
    end if;
  end loop;
end
$$;

grant anon, authenticated, service_role to authenticator;

-- The platform's schemas don't belong to its services: they may use them, and own the tables in them.
create schema auth;
create schema storage;
grant all on schema auth to supabase_auth_admin;
grant all on schema storage to supabase_storage_admin;
create schema supabase_migrations;
create schema billing;
create schema analytics;

-- Guards against: losing a schema because nothing is in it.
create schema extensions;

-- Guards against: schema names pasted unquoted into SQL, shell commands or URLs.
create schema "Lab & Archive";

comment on schema auth is 'Accounts, run by the sign-in service';
comment on schema storage is 'Buckets and objects, run by the storage service';
comment on schema billing is 'Plans, invoices and the ledger';
comment on schema analytics is 'What visitors did; safe to thin out after two years';
comment on schema "Lab & Archive" is
  'Odd names, odd types, odd values: "quotes", it''s fine, back\slash, Zürich – 東京';

grant usage on schema public, auth, storage to anon, authenticated, service_role;
grant usage on schema billing to authenticated, service_role;
grant usage on schema analytics, "Lab & Archive" to service_role;

-- Guards against: default privileges lost, after which the API answers 401 for
-- every table made later.
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
alter default privileges in schema billing grant select on tables to authenticated;
alter default privileges in schema billing grant all on tables to service_role;
alter default privileges in schema analytics grant select on tables to service_role;
alter default privileges in schema storage
  grant all on tables to anon, authenticated, service_role;
