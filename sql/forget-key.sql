UPDATE backup_history SET s3_key = NULL WHERE id = :#${exchangeProperty.backupId}::uuid AND status <> 'success'
