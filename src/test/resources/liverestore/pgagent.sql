-- Stands for pgagent's tables, after pgagent.sql of 4.2: what a job, its steps and its schedules are, and the trigger that
-- works out a started job's next run. An agent outside of the server reads them; here there is none.
CREATE TABLE pgagent.pga_jobclass (jclid serial PRIMARY KEY, jclname text NOT NULL UNIQUE);
INSERT INTO pgagent.pga_jobclass (jclname) VALUES ('Routine Maintenance'), ('Miscellaneous');
CREATE TABLE pgagent.pga_jobagent (
    jagpid int PRIMARY KEY, jaglogintime timestamptz NOT NULL DEFAULT current_timestamp, jagstation text NOT NULL);
CREATE TABLE pgagent.pga_job (
    jobid serial PRIMARY KEY,
    jobjclid int NOT NULL REFERENCES pgagent.pga_jobclass ON DELETE RESTRICT ON UPDATE RESTRICT,
    jobname text NOT NULL,
    jobdesc text NOT NULL DEFAULT '',
    jobhostagent text NOT NULL DEFAULT '',
    jobenabled bool NOT NULL DEFAULT true,
    jobcreated timestamptz NOT NULL DEFAULT current_timestamp,
    jobchanged timestamptz NOT NULL DEFAULT current_timestamp,
    jobagentid int REFERENCES pgagent.pga_jobagent ON DELETE SET NULL ON UPDATE RESTRICT,
    jobnextrun timestamptz,
    joblastrun timestamptz);
CREATE TABLE pgagent.pga_jobstep (
    jstid serial PRIMARY KEY,
    jstjobid int NOT NULL REFERENCES pgagent.pga_job ON DELETE CASCADE ON UPDATE RESTRICT,
    jstname text NOT NULL,
    jstenabled bool NOT NULL DEFAULT true,
    jstkind char NOT NULL CHECK (jstkind IN ('b', 's')),
    jstcode text NOT NULL,
    jstconnstr text NOT NULL DEFAULT '',
    jstdbname name NOT NULL DEFAULT '',
    CHECK (jstkind = 'b' AND jstconnstr = '' AND jstdbname = '' OR jstkind = 's' AND (jstconnstr <> '') <> (jstdbname <> '')));
CREATE TABLE pgagent.pga_schedule (
    jscid serial PRIMARY KEY,
    jscjobid int NOT NULL REFERENCES pgagent.pga_job ON DELETE CASCADE ON UPDATE RESTRICT,
    jscname text NOT NULL,
    jscenabled bool NOT NULL DEFAULT true,
    jscstart timestamptz NOT NULL DEFAULT current_timestamp);
CREATE FUNCTION pgagent.pga_job_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.jobenabled THEN
        NEW.jobnextrun := NULL;
    ELSIF NEW.jobnextrun IS NULL THEN
        NEW.jobnextrun := (SELECT min(greatest(jscstart, date_trunc('minute', now()) + interval '1 minute'))
                             FROM pgagent.pga_schedule WHERE jscenabled AND jscjobid = NEW.jobid);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pga_job_trigger BEFORE UPDATE ON pgagent.pga_job FOR EACH ROW EXECUTE FUNCTION pgagent.pga_job_trigger();
