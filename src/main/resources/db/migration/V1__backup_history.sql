-- The names are those that hand-made Supabase backup systems already use, so that existing dashboards keep working;
-- a table that such a system left behind is taken over, and gets the columns it lacks.
CREATE TABLE IF NOT EXISTS backup_history (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    dispatch_id text,
    status text NOT NULL DEFAULT 'in_progress',
    s3_key text,
    size_bytes bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    error_text text,
    workflow_run_id text
);

ALTER TABLE backup_history
    ADD COLUMN IF NOT EXISTS dispatch_id text,
    ADD COLUMN IF NOT EXISTS database text NOT NULL DEFAULT 'default',
    -- host:port/name of the database behind that name: another node's database of the same name is another database.
    ADD COLUMN IF NOT EXISTS target text,
    ADD COLUMN IF NOT EXISTS phase text,
    ADD COLUMN IF NOT EXISTS sha256 text,
    ADD COLUMN IF NOT EXISTS started_at timestamptz,
    ADD COLUMN IF NOT EXISTS trigger text NOT NULL DEFAULT 'api',
    ADD COLUMN IF NOT EXISTS source_repo text,
    ADD COLUMN IF NOT EXISTS source_event text,
    ADD COLUMN IF NOT EXISTS source_ref text,
    ADD COLUMN IF NOT EXISTS source_sha text,
    -- What of the database the request asks for (Wishes.java); null for everything that the settings leave.
    ADD COLUMN IF NOT EXISTS selection jsonb,
    ADD COLUMN IF NOT EXISTS tables_total integer,
    ADD COLUMN IF NOT EXISTS tables_done integer,
    ADD COLUMN IF NOT EXISTS bytes_done bigint,
    ADD COLUMN IF NOT EXISTS node text,
    ADD COLUMN IF NOT EXISTS heartbeat_at timestamptz,
    ADD COLUMN IF NOT EXISTS verified_at timestamptz,
    ADD COLUMN IF NOT EXISTS archive_deleted_at timestamptz,
    -- Text, whatever it was before: a caller's correlation id is a UUID or a workflow run's number.
    ALTER COLUMN dispatch_id TYPE text;

-- Whatever an older system left running has nobody who would end it.
UPDATE backup_history
   SET status = 'failed', finished_at = now(),
       error_text = 'The system that Bactrian replaced left this backup unfinished. Its result is unknown. Make a new backup.'
 WHERE status = 'in_progress' AND phase IS NULL;

ALTER TABLE backup_history DROP CONSTRAINT IF EXISTS backup_history_status_check;
ALTER TABLE backup_history
    ADD CONSTRAINT backup_history_status_check
        CHECK (status IN ('in_progress', 'success', 'failed', 'cancelled')),
    ADD CONSTRAINT backup_history_phase_check
        CHECK (phase IN ('queued', 'connecting', 'detecting', 'dumping', 'uploading', 'finishing')),
    ADD CONSTRAINT backup_history_trigger_check
        CHECK (trigger IN ('manual', 'schedule', 'push', 'api')),
    -- A phase is where a backup in progress stands; an ended one has none.
    ADD CONSTRAINT backup_history_phase_while_in_progress
        CHECK ((status = 'in_progress') = (phase IS NOT NULL));

CREATE UNIQUE INDEX IF NOT EXISTS backup_history_dispatch_id_key ON backup_history (dispatch_id);
CREATE UNIQUE INDEX backup_history_s3_key_key ON backup_history (s3_key) WHERE s3_key IS NOT NULL;
-- One running backup per database, whatever the number of nodes.
CREATE UNIQUE INDEX backup_history_one_running ON backup_history (database)
    WHERE status = 'in_progress' AND phase <> 'queued';
CREATE INDEX backup_history_newest ON backup_history (created_at DESC, id DESC);

CREATE TABLE IF NOT EXISTS system_settings_kv (
    key text PRIMARY KEY,
    value jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- No policy for anybody: only the owner, which the service connects as, sees these tables.
ALTER TABLE backup_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE system_settings_kv ENABLE ROW LEVEL SECURITY;
