-- Stands for pg_cron, after its own scripts and functions (pg_cron.sql, pg_cron--*.sql, job_metadata.c of 1.4 to 1.6): its
-- tables, who sees which rows, what its functions write and refuse; nothing runs. Where cron.database_name isn't set it goes
-- into any database but a verification's, which real servers never name there.
DO $$ BEGIN
    IF coalesce(current_setting('cron.database_name', true) <> current_database(),
            current_database() LIKE 'bactrian\_verify\_%') THEN
        RAISE EXCEPTION 'can only create extension in database %',
            coalesce(current_setting('cron.database_name', true), 'postgres');
    END IF;
END $$;
CREATE SCHEMA cron;
CREATE SEQUENCE cron.jobid_seq;
CREATE TABLE cron.job (
    jobid bigint PRIMARY KEY DEFAULT nextval('cron.jobid_seq'),
    schedule text NOT NULL,
    command text NOT NULL,
    nodename text NOT NULL DEFAULT 'localhost',
    nodeport int NOT NULL DEFAULT inet_server_port(),
    database text NOT NULL DEFAULT current_database(),
    username text NOT NULL DEFAULT current_user,
    active boolean NOT NULL DEFAULT true,
    jobname text);
ALTER TABLE cron.job ADD CONSTRAINT jobname_username_uniq UNIQUE (jobname, username);
CREATE SEQUENCE cron.runid_seq;
CREATE TABLE cron.job_run_details (
    jobid bigint, runid bigint PRIMARY KEY DEFAULT nextval('cron.runid_seq'), job_pid int, database text, username text,
    command text, status text, return_message text, start_time timestamptz, end_time timestamptz);
GRANT SELECT ON cron.job TO PUBLIC;
ALTER TABLE cron.job ENABLE ROW LEVEL SECURITY;
CREATE POLICY cron_job_policy ON cron.job USING (username = current_user);
GRANT SELECT, DELETE ON cron.job_run_details TO PUBLIC;
ALTER TABLE cron.job_run_details ENABLE ROW LEVEL SECURITY;
CREATE POLICY cron_job_run_details_policy ON cron.job_run_details USING (username = current_user);
GRANT SELECT ON SEQUENCE cron.jobid_seq, cron.runid_seq TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('cron.job', '');
SELECT pg_catalog.pg_extension_config_dump('cron.jobid_seq', '');
SELECT pg_catalog.pg_extension_config_dump('cron.job_run_details', '');
SELECT pg_catalog.pg_extension_config_dump('cron.runid_seq', '');

-- The server's own port, whatever the caller came through; the name and the role decide which job is replaced.
CREATE FUNCTION cron._schedule(job_name text, schedule text, command text, database text, username text, active boolean)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    made bigint;
BEGIN
    IF $2 !~ '^\s*(\S+\s+){4}\S+\s*$' AND $2 !~ '^\s*[1-5]?[0-9] seconds?\s*$' THEN
        RAISE EXCEPTION 'invalid schedule: %', $2 USING ERRCODE = '22023';
    END IF;
    IF $5 IS NOT NULL AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user) THEN
        RAISE EXCEPTION 'must be superuser to create a job for another role';
    END IF;
    PERFORM cron._require_login(coalesce($5, session_user));
    IF NOT has_database_privilege(coalesce($5, session_user)::name, coalesce($4, current_database()), 'CONNECT') THEN
        RAISE EXCEPTION 'User % does not have CONNECT privilege on %', coalesce($5, session_user), $4;
    END IF;
    INSERT INTO cron.job AS j (jobname, schedule, command, nodename, nodeport, database, username, active)
    VALUES ($1, $2, $3, 'localhost', current_setting('port')::int, coalesce($4, current_database()),
            coalesce($5, session_user), $6)
    ON CONFLICT ON CONSTRAINT jobname_username_uniq DO UPDATE
       SET schedule = excluded.schedule, command = excluded.command, database = excluded.database
    RETURNING jobid INTO made;
    RETURN made;
END $$;
CREATE FUNCTION cron._require_login(role text) RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $1) THEN
        RAISE EXCEPTION 'role "%" does not exist', $1 USING ERRCODE = '42704';
    ELSIF NOT (SELECT rolcanlogin FROM pg_catalog.pg_roles WHERE rolname = $1) THEN
        RAISE EXCEPTION 'role "%" can not log in', $1 USING ERRCODE = '42501';
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION cron._schedule FROM PUBLIC;
CREATE FUNCTION cron.schedule(job_name text, schedule text, command text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT cron._schedule($1, $2, $3, NULL, NULL, true) $$;
CREATE FUNCTION cron.schedule(schedule text, command text) RETURNS bigint
LANGUAGE sql STRICT SECURITY DEFINER SET search_path = '' AS $$ SELECT cron._schedule(NULL, $1, $2, NULL, NULL, true) $$;
CREATE FUNCTION cron.schedule_in_database(job_name text, schedule text, command text, database text,
    username text DEFAULT NULL, active boolean DEFAULT true) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT cron._schedule($1, $2, $3, $4, $5, $6) $$;
CREATE FUNCTION cron.alter_job(job_id bigint, schedule text DEFAULT NULL, command text DEFAULT NULL,
    database text DEFAULT NULL, username text DEFAULT NULL, active boolean DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    super boolean := (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user);
BEGIN
    IF $5 IS NOT NULL AND NOT super THEN
        RAISE EXCEPTION 'must be superuser to alter username';
    END IF;
    PERFORM cron._require_login(coalesce($5, session_user));
    UPDATE cron.job AS j
       SET schedule = coalesce($2, j.schedule), command = coalesce($3, j.command), database = coalesce($4, j.database),
           username = coalesce($5, j.username), active = coalesce($6, j.active)
     WHERE j.jobid = $1 AND (super OR j.username = session_user);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Job % does not exist or you don''t own it', $1;
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION cron.schedule_in_database, cron.alter_job FROM PUBLIC;
CREATE FUNCTION cron.unschedule(job_id bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
    WITH gone AS (DELETE FROM cron.job j WHERE j.jobid = $1 AND j.username = session_user RETURNING 1)
    SELECT EXISTS (SELECT FROM gone)
$$;

-- What the platform's event trigger does after CREATE EXTENSION pg_cron, where there is the platform's role.
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'supabase_admin') THEN
        GRANT USAGE ON SCHEMA cron TO postgres WITH GRANT OPTION;
        GRANT ALL ON ALL FUNCTIONS IN SCHEMA cron TO postgres WITH GRANT OPTION;
        GRANT SELECT ON cron.job TO postgres WITH GRANT OPTION;
        GRANT ALL ON cron.job_run_details TO postgres WITH GRANT OPTION;
        GRANT ALL ON ALL SEQUENCES IN SCHEMA cron TO postgres WITH GRANT OPTION;
    END IF;
END $$;
