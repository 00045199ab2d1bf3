ALTER TABLE backup_history
    -- Which of the places for running backups it takes, from 1 to BACKUP_MAX_CONCURRENT.
    ADD COLUMN slot integer,
    -- When it last got further: heartbeat_at only says that its process lives.
    ADD COLUMN moved_at timestamptz;

-- Never more running backups than places, whatever the number of nodes.
CREATE UNIQUE INDEX backup_history_one_per_slot ON backup_history (slot) WHERE status = 'in_progress';

-- A request may name several databases: each has its backup, and all have the request's dispatch id.
DROP INDEX backup_history_dispatch_id_key;
CREATE UNIQUE INDEX backup_history_dispatch_id_key ON backup_history (dispatch_id, database);

-- What was asked under a dispatch id: the same id with another body is refused.
CREATE TABLE backup_dispatches (
    dispatch_id text PRIMARY KEY,
    request jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE backup_dispatches ENABLE ROW LEVEL SECURITY;
