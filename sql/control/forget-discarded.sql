-- Nothing arrives any more.
UPDATE backup_history SET discarded_key = NULL WHERE id = :#${exchangeProperty.backupId}::uuid
