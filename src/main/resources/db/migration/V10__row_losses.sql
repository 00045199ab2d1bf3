-- What a good backup holds, and which tables have lost most of their rows since the one before (ShrunkTables.java). Null: not
-- looked at, or nothing lost.
ALTER TABLE backup_history
    ADD COLUMN rows_total bigint,
    ADD COLUMN warnings jsonb;

-- Pages of one kind of trigger: it may have its last rows far back.
CREATE INDEX backup_history_newest_of_trigger ON backup_history (trigger, created_at DESC, id DESC);
