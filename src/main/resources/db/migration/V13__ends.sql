ALTER TABLE backup_history
    -- The node that removes what a backup has stored, before the row says failed. From then on no node makes it a success.
    ADD COLUMN ending_node text,
    -- Where a backup that failed was stored, and when that was removed: what arrives there late is removed as well.
    ADD COLUMN discarded_key text,
    ADD COLUMN discarded_at timestamptz;

CREATE INDEX backup_history_discarded ON backup_history (discarded_at) WHERE discarded_key IS NOT NULL;
CREATE INDEX backup_history_discarded_key ON backup_history (discarded_key) WHERE discarded_key IS NOT NULL;
