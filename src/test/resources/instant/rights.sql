-- What ends the right of the backup's role, instant_reader, to read all rows. See Change for the form. Every database has
-- the table small, of 1,000 rows.

-- ## the right to read everything revoked
-- at: planned, defined
-- names: small|public.small|ends|ends.first
-- said: permission
-- remedy: grant
GRANT pg_read_all_data TO instant_reader;
ALTER ROLE instant_reader BYPASSRLS;
-- meanwhile
REVOKE pg_read_all_data FROM instant_reader;

-- ## the right to bypass row security revoked
-- at: planned, defined
-- names: small|public.small
-- said: row-level security|row security
-- remedy: bypassrls
GRANT pg_read_all_data TO instant_reader;
ALTER ROLE instant_reader BYPASSRLS;
ALTER TABLE small ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON small USING (id < 10);
-- meanwhile
ALTER ROLE instant_reader NOBYPASSRLS;

-- ## row security begun where the role can't bypass it
-- at: planned, defined
-- names: small|public.small
-- said: row-level security|row security
-- remedy: bypassrls
GRANT pg_read_all_data TO instant_reader;
ALTER ROLE instant_reader NOBYPASSRLS;
-- meanwhile
CREATE POLICY few ON small USING (id < 10);
ALTER TABLE small ENABLE ROW LEVEL SECURITY;

-- ## row security of an extension's table begun where the role can't bypass it
-- at: planned, defined
-- names: job|jobs.job
-- said: row-level security|row security
-- remedy: bypassrls
GRANT pg_read_all_data TO instant_reader;
ALTER ROLE instant_reader NOBYPASSRLS;
CREATE SCHEMA jobs;
CREATE EXTENSION bactrian_instant SCHEMA jobs;
INSERT INTO jobs.job SELECT n, 'job ' || n FROM generate_series(1, 100) n;
-- meanwhile
CREATE POLICY few ON jobs.job USING (n < 10);
ALTER TABLE jobs.job ENABLE ROW LEVEL SECURITY;

-- ## row security forced upon the owner
-- at: planned, defined
-- names: small|public.small
-- said: row-level security|row security
-- remedy: bypassrls
GRANT pg_read_all_data TO instant_reader;
ALTER ROLE instant_reader NOBYPASSRLS;
ALTER TABLE small OWNER TO instant_reader;
CREATE POLICY few ON small USING (id < 10);
ALTER TABLE small ENABLE ROW LEVEL SECURITY;
-- meanwhile
ALTER TABLE small FORCE ROW LEVEL SECURITY;
