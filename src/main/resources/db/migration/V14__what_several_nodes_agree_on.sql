ALTER TABLE backup_history
    -- How often a restore or verification has begun to read its archive: a deletion that began to decide before sees that it changed.
    ADD COLUMN reads bigint NOT NULL DEFAULT 0,
    -- When latest/ was last compared with the history after this backup. Null: not yet, as when a process died just then.
    ADD COLUMN latest_at timestamptz;

-- The newest good backup of a database is asked for all the time.
CREATE INDEX backup_history_good ON backup_history (database, created_at DESC, id DESC)
    WHERE status = 'success' AND s3_key IS NOT NULL AND sha256 IS NOT NULL AND selection IS NULL
          AND archive_delete_reason IS NULL AND archive_deleted_at IS NULL;
