-- After the restore's own row is there. A deletion that decided before that sees the changed number (mark-deletion-begun.sql).
UPDATE backup_history
   SET reads = reads + 1
 WHERE (id = :#${exchangeProperty.requested.backupId}::uuid OR s3_key = :#${exchangeProperty.key})
   AND archive_delete_reason IS NULL AND archive_deleted_at IS NULL
