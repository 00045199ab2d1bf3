-- Event triggers that log and forbid definitions: the last script, since they fire for whatever comes after them.
CREATE TABLE public.ddl_log (tag text, at timestamptz DEFAULT now());
CREATE FUNCTION public.log_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO ddl_log (tag) VALUES (tg_tag); END $$;
CREATE FUNCTION public.forbid_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no % here', tg_tag; END $$;
CREATE MATERIALIZED VIEW public.refreshed AS SELECT 1 AS x;
CREATE EVENT TRIGGER "Audit ""A""" ON ddl_command_end EXECUTE FUNCTION public.log_ddl();
ALTER EVENT TRIGGER "Audit ""A""" ENABLE ALWAYS;
CREATE TABLE public.logged (i int);
CREATE EVENT TRIGGER no_drop ON sql_drop EXECUTE FUNCTION public.forbid_ddl();
CREATE EVENT TRIGGER no_change ON ddl_command_start WHEN TAG IN ('DROP SCHEMA', 'REFRESH MATERIALIZED VIEW', 'CREATE TABLE')
    EXECUTE FUNCTION public.forbid_ddl();
ALTER EVENT TRIGGER no_change ENABLE REPLICA;
COMMENT ON EVENT TRIGGER no_drop IS 'it''s forbidden';
CREATE EVENT TRIGGER off ON ddl_command_end EXECUTE FUNCTION public.forbid_ddl();
ALTER EVENT TRIGGER off DISABLE;
