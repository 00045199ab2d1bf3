-- The backups that a dispatch id has asked for before.
SELECT id FROM backup_history WHERE dispatch_id = :#${exchangeProperty.request.dispatchId}
