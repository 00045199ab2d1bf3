UPDATE backup_history SET verified_at = now() WHERE id = :#${exchangeProperty.backupId}::uuid AND status = 'success'
