UPDATE backup_history SET archive_deleted_at = now()
 WHERE id = :#${exchangeProperty.backupId}::uuid AND archive_delete_reason IS NOT NULL AND archive_deleted_at IS NULL
