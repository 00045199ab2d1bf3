UPDATE backup_history SET latest_at = now() WHERE id = :#${exchangeProperty.backupId}::uuid AND status = 'success'
