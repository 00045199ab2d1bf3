-- What services of the platform write into a project in use, and what only its superuser can make for a user.

CREATE TABLE realtime.messages_2026_03_01 PARTITION OF realtime.messages FOR VALUES FROM ('2026-03-01') TO ('2026-03-02');
ALTER TABLE realtime.messages_2026_03_01 OWNER TO supabase_realtime_admin;
INSERT INTO realtime.messages (topic, extension, payload, event, inserted_at, updated_at, id)
VALUES ('room:1', 'broadcast', '{"text": "hello"}', 'message', '2026-03-01 10:00:00', '2026-03-01 10:00:00', md5('message')::uuid);
INSERT INTO realtime.subscription (subscription_id, entity, claims)
VALUES (md5('subscription')::uuid, 'public.notes', '{"role": "authenticated"}');
INSERT INTO net._http_response (id, status_code) VALUES (1, 200);
INSERT INTO supabase_functions.hooks (hook_table_id, hook_name) VALUES (16384, 'tell_warehouse');
INSERT INTO cron.job (schedule, command, username, jobname) VALUES ('0 0 * * *', 'SELECT 2', 'supabase_admin', 'of the platform');

-- An event trigger of a user's, as the platform lets them have one.
SET ROLE postgres;
CREATE FUNCTION public.refuse_unprotected_tables() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
RESET ROLE;
CREATE EVENT TRIGGER ensure_rls ON ddl_command_end WHEN TAG IN ('CREATE TABLE')
    EXECUTE FUNCTION public.refuse_unprotected_tables();
ALTER ROLE postgres SUPERUSER;
ALTER EVENT TRIGGER ensure_rls OWNER TO postgres;
-- Until 2025-04 the platform's init scripts were run by postgres, and left this one to it.
ALTER EVENT TRIGGER issue_pg_net_access OWNER TO postgres;
ALTER ROLE postgres NOSUPERUSER;
