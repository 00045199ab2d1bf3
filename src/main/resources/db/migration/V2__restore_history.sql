-- What was restored, or put to the test by a restore, whenever a running service was asked for it. A restore from the command
-- line needs no control database, and writes nothing here.
CREATE TABLE restore_history (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL DEFAULT 'restore',
    -- Of the archive, as its manifest says; the backup needn't be in backup_history.
    backup_id uuid,
    -- The archive's key in the store.
    backup text NOT NULL,
    database text NOT NULL,
    -- host:port/name of the database that is written to, as in backup_history; that of the created one, where one is created.
    target text NOT NULL,
    -- What was asked for: the request's body, without its confirmation.
    request jsonb NOT NULL,
    status text NOT NULL DEFAULT 'in_progress',
    phase text,
    tables_total integer,
    tables_done integer,
    bytes_total bigint,
    bytes_done bigint,
    -- What was done and what couldn't be (RestoreView.java); null while it is in progress.
    report jsonb,
    error_text text,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    node text,
    heartbeat_at timestamptz,
    CONSTRAINT restore_history_kind_check CHECK (kind IN ('restore', 'verify')),
    CONSTRAINT restore_history_status_check
        CHECK (status IN ('in_progress', 'success', 'partial', 'failed', 'cancelled')),
    -- A phase is where a restore in progress stands; an ended one has none.
    CONSTRAINT restore_history_phase_while_in_progress CHECK ((status = 'in_progress') = (phase IS NOT NULL))
);

-- Never two into one database, whatever the number of nodes.
CREATE UNIQUE INDEX restore_history_one_running ON restore_history (target) WHERE status = 'in_progress';
CREATE INDEX restore_history_newest ON restore_history (created_at DESC, id DESC);

-- No policy for anybody: only the owner, which the service connects as, sees this table.
ALTER TABLE restore_history ENABLE ROW LEVEL SECURITY;
