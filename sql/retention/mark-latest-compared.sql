UPDATE backup_history SET latest_at = now() - CAST(:#${exchangeProperty.comparedAgo} AS interval) WHERE id = :#${exchangeProperty.backupId}::uuid AND status = 'success'
