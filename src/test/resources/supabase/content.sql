-- What a user's project holds, run by postgres. Rows are the same at each run, but for salts and times of definition.

-- Users: every second with a phone, each third by Google, too; password of user 7: 'password 7'.
INSERT INTO auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, confirmation_token,
        recovery_token, email_change_token_new, email_change, last_sign_in_at, raw_app_meta_data, raw_user_meta_data,
        created_at, updated_at, phone, phone_confirmed_at, banned_until, is_sso_user, deleted_at, is_anonymous)
SELECT '00000000-0000-0000-0000-000000000000', md5('user ' || n)::uuid, 'authenticated', 'authenticated',
       'User' || n || '@Example.com', extensions.crypt('password ' || n, extensions.gen_salt('bf', 4)),
       timestamptz '2026-01-01 10:00:00.123456+00' + n * interval '1 hour', '', '', '', '',
       timestamptz '2026-02-01 10:00:00+00' + n * interval '1 hour',
       jsonb_build_object('provider', 'email', 'providers', jsonb_build_array('email')),
       jsonb_build_object('name', 'Ünser Nr. ' || n, 'quote', E'tab\there "and" \\ there'),
       timestamptz '2026-01-01 09:00:00+00' + n * interval '1 hour', timestamptz '2026-02-01 10:00:00+00',
       CASE WHEN n % 2 = 0 THEN '4930' || (1000000 + n) END, CASE WHEN n % 2 = 0 THEN timestamptz '2026-01-02 10:00:00+00' END,
       CASE WHEN n = 5 THEN timestamptz '2126-01-01 00:00:00+00' END, false,
       CASE WHEN n = 6 THEN timestamptz '2026-03-01 00:00:00+00' END, false
  FROM generate_series(1, 40) n;
INSERT INTO auth.users (instance_id, id, aud, role, raw_app_meta_data, raw_user_meta_data, created_at, is_anonymous)
VALUES ('00000000-0000-0000-0000-000000000000', md5('anonymous')::uuid, 'authenticated', 'authenticated', '{}', '{}',
        '2026-01-05 00:00:00+00', true);
INSERT INTO auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at, id)
SELECT id::text, id, jsonb_build_object('sub', id, 'email', email, 'email_verified', true, 'padding', repeat('x', 200)),
       'email', last_sign_in_at, created_at, updated_at, md5('email ' || id)::uuid
  FROM auth.users WHERE email IS NOT NULL;
INSERT INTO auth.identities (provider_id, user_id, identity_data, provider, created_at, updated_at, id)
SELECT 'g-' || n, md5('user ' || n)::uuid,
       jsonb_build_object('sub', 'g-' || n, 'email', 'user' || n || '@gmail.example', 'iss', 'https://accounts.google.com'),
       'google', '2026-01-03 00:00:00+00', '2026-01-03 00:00:00+00', md5('google ' || n)::uuid
  FROM generate_series(3, 40, 3) n;
INSERT INTO auth.sessions (id, user_id, created_at, updated_at, aal, user_agent, ip)
SELECT md5('session ' || n)::uuid, md5('user ' || n)::uuid, '2026-02-01 00:00:00+00', '2026-02-01 00:00:00+00', 'aal1',
       'Mozilla/5.0', '192.0.2.1' FROM generate_series(1, 10) n;
INSERT INTO auth.refresh_tokens (instance_id, token, user_id, revoked, created_at, updated_at, session_id)
SELECT '00000000-0000-0000-0000-000000000000', md5('token ' || n), md5('user ' || n)::uuid, false,
       '2026-02-01 00:00:00+00', '2026-02-01 00:00:00+00', md5('session ' || n)::uuid FROM generate_series(1, 10) n;
INSERT INTO auth.mfa_factors (id, user_id, friendly_name, factor_type, status, created_at, updated_at, secret)
SELECT md5('factor ' || n)::uuid, md5('user ' || n)::uuid, 'Phone ' || n, 'totp', 'verified', '2026-01-10 00:00:00+00',
       '2026-01-10 00:00:00+00', 'JBSWY3DPEHPK3PXP' FROM generate_series(1, 4) n;
INSERT INTO auth.mfa_challenges (id, factor_id, created_at, ip_address)
VALUES (md5('challenge')::uuid, md5('factor 1')::uuid, '2026-01-11 00:00:00+00', '192.0.2.2');
INSERT INTO auth.mfa_amr_claims (session_id, created_at, updated_at, authentication_method, id)
VALUES (md5('session 1')::uuid, '2026-02-01 00:00:00+00', '2026-02-01 00:00:00+00', 'password', md5('claim')::uuid);
INSERT INTO auth.audit_log_entries (id, payload, created_at)
VALUES (md5('audit')::uuid, '{"action": "login"}', '2026-02-01 00:00:00+00');

-- Storage
INSERT INTO storage.buckets (id, name, public, file_size_limit, allowed_mime_types, created_at, updated_at)
VALUES ('avatars', 'avatars', true, 1048576, '{image/png,image/jpeg}', '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'),
       ('documents', 'documents', false, NULL, NULL, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO storage.objects (id, bucket_id, name, owner, owner_id, created_at, updated_at, last_accessed_at, metadata,
        version, user_metadata)
SELECT md5('avatar ' || n)::uuid, 'avatars', md5('user ' || n) || '/avatar ' || n || '.png', md5('user ' || n)::uuid,
       md5('user ' || n)::uuid::text, '2026-01-04 00:00:00+00', '2026-01-04 00:00:00+00', '2026-01-04 00:00:00+00',
       jsonb_build_object('eTag', '"' || md5('bytes ' || n) || '"', 'size', 6 + length(n::text), 'mimetype', 'image/png',
           'cacheControl', 'max-age=3600', 'lastModified', '2026-01-04T00:00:00.000Z',
           'contentLength', 6 + length(n::text), 'httpStatusCode', 200),
       md5('version ' || n)::uuid::text, CASE WHEN n = 1 THEN '{"taken by": "Zoë"}'::jsonb END
  FROM generate_series(1, 30) n;
INSERT INTO storage.objects (id, bucket_id, name, created_at, updated_at, last_accessed_at, metadata, version)
VALUES (md5('document')::uuid, 'documents', 'Verträge/2026/№ 1 & 100%.pdf', '2026-01-04 00:00:00+00',
        '2026-01-04 00:00:00+00', '2026-01-04 00:00:00+00',
        '{"eTag": "\"d41d8cd98f00b204e9800998ecf8427e\"", "size": 0, "mimetype": "application/pdf", "cacheControl": "no-cache"}',
        md5('version of the document')::uuid::text);
CREATE POLICY "Avatars are public" ON storage.objects FOR SELECT TO anon, authenticated USING (bucket_id = 'avatars');
CREATE POLICY "Owners write" ON storage.objects FOR INSERT TO authenticated
    WITH CHECK (bucket_id = 'avatars' AND (storage.foldername(name))[1] = (SELECT auth.uid())::text);

-- The application
CREATE ROLE shop_reader NOLOGIN;
CREATE EXTENSION citext SCHEMA extensions;
CREATE TABLE public.profiles (
    id uuid PRIMARY KEY REFERENCES auth.users ON DELETE CASCADE, email text, joined_at timestamptz DEFAULT now());
INSERT INTO public.profiles SELECT id, email, created_at FROM auth.users;
ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_profile ON public.profiles TO authenticated USING ((SELECT auth.uid()) = id);
CREATE FUNCTION public.handle_new_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.profiles (id, email) VALUES (NEW.id, NEW.email);
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION public.handle_new_user FROM PUBLIC, anon, authenticated;
CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users
    FOR EACH ROW EXECUTE FUNCTION public.handle_new_user();
CREATE TABLE public.notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author uuid DEFAULT auth.uid() REFERENCES auth.users,
    text extensions.citext);
INSERT INTO public.notes (author, text) SELECT md5('user ' || n)::uuid, 'note ' || n FROM generate_series(1, 40) n;
ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;
ALTER PUBLICATION supabase_realtime ADD TABLE public.notes;
-- A table that nobody but its owner may use: a dump says nothing of rights to it.
CREATE TABLE public.ledger (id int PRIMARY KEY, cents bigint);
REVOKE ALL ON public.ledger FROM anon, authenticated, service_role;
INSERT INTO public.ledger VALUES (1, 100);
CREATE SCHEMA shop;
GRANT USAGE ON SCHEMA shop TO authenticated, shop_reader;
CREATE TABLE shop.orders (
    id serial PRIMARY KEY, buyer uuid REFERENCES auth.users, cents int NOT NULL CHECK (cents > 0),
    euros numeric GENERATED ALWAYS AS (cents / 100.0) STORED, at timestamptz NOT NULL);
INSERT INTO shop.orders (buyer, cents, at)
SELECT md5('user ' || 1 + n % 40)::uuid, n * 7 + 1, timestamptz '2026-03-01 00:00:00+00' + n * interval '1 minute'
  FROM generate_series(1, 500) n;
CREATE INDEX orders_buyer ON shop.orders (buyer);
ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY buyers ON shop.orders FOR SELECT TO authenticated USING (buyer = (SELECT auth.uid()));
GRANT SELECT ON shop.orders TO authenticated, shop_reader;
CREATE VIEW shop.turnover AS SELECT date_trunc('hour', at) AS hour, sum(euros) AS euros FROM shop.orders GROUP BY 1;
CREATE MATERIALIZED VIEW shop.buyers AS SELECT buyer, count(*) AS orders FROM shop.orders GROUP BY 1;
CREATE TRIGGER tell_warehouse AFTER INSERT ON shop.orders FOR EACH ROW EXECUTE FUNCTION supabase_functions.http_request(
    'https://example.com/hooks/orders', 'POST', '{"Content-Type":"application/json"}', '{}', '1000');
CREATE POLICY "Own topics" ON realtime.messages FOR SELECT TO authenticated
    USING (realtime.topic() = 'user:' || (SELECT auth.uid())::text);

-- What the platform's extensions keep for users
CREATE EXTENSION pg_cron SCHEMA pg_catalog;
SELECT cron.schedule('nightly', '0 3 * * *', $$DELETE FROM shop.orders WHERE at < now() - interval '10 years'$$);
SELECT cron.schedule('paused', '*/5 * * * *', 'SELECT 1');
SELECT cron.alter_job(jobid, active => false) FROM cron.job WHERE jobname = 'paused';
SELECT cron.schedule('30 4 * * 0', 'REFRESH MATERIALIZED VIEW shop.buyers');
INSERT INTO cron.job_run_details (jobid, database, username, command, status)
VALUES (1, current_database(), 'postgres', 'SELECT 1', 'succeeded');
SELECT vault.create_secret('sk_live_of_the_shop', 'payment key', 'for the checkout');
SELECT vault.create_secret('of nobody');

-- What the CLI keeps: which of the user's migrations have run
CREATE SCHEMA supabase_migrations;
CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY, statements text[], name text);
INSERT INTO supabase_migrations.schema_migrations VALUES ('20260101000000', '{"create table profiles ()"}', 'profiles');
