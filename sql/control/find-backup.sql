SELECT * FROM backup_history WHERE id = :#${exchangeProperty.backupId}::uuid
