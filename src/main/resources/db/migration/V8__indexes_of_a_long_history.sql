-- A history of years must not slow down what asks it every second, nor a page of it.

-- What ended longer ago than somebody is told of isn't looked at, whether somebody was told or not: where nobody is to be
-- told, and of cancelled backups, rows stay without notified_at for good.
DROP INDEX backup_history_to_notify;
CREATE INDEX backup_history_to_notify ON backup_history ((coalesce(finished_at, started_at))) WHERE notified_at IS NULL;

-- Pages of one status or database: it may have its last rows far back.
CREATE INDEX backup_history_newest_of_status ON backup_history (status, created_at DESC, id DESC);
CREATE INDEX backup_history_newest_of_database ON backup_history (database, created_at DESC, id DESC);
