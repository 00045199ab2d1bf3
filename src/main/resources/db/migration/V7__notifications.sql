-- Who has been told of a backup: a node that tells takes the row until notify_after, so that no other does.
-- Keys of settings, separated by spaces (Notification.java).
ALTER TABLE backup_history
    ADD COLUMN notified_to text NOT NULL DEFAULT '',
    ADD COLUMN notify_after timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN notified_at timestamptz;

-- What ended before is nobody's news.
UPDATE backup_history SET notified_at = now() WHERE status <> 'in_progress';

CREATE INDEX backup_history_to_notify ON backup_history (created_at) WHERE notified_at IS NULL;
