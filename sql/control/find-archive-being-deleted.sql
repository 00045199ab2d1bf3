-- The backup whose archive is to be read, when the deletion of that has begun.
SELECT id, archive_delete_reason, archive_deleted_at FROM backup_history
 WHERE (id = :#${exchangeProperty.requested.backupId}::uuid OR s3_key = :#${exchangeProperty.key})
   AND (archive_delete_reason IS NOT NULL OR archive_deleted_at IS NOT NULL)
 LIMIT 1
