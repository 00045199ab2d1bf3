-- Nothing is deleted by this. Not the newest one, nor one whose deletion has begun.
UPDATE backup_history b
   SET archive_delete_reason = 'something other than Bactrian removed it from the store', archive_deleted_at = now()
 WHERE id = :#${exchangeProperty.backupId}::uuid AND s3_key = :#${exchangeProperty.key}
   AND status = 'success' AND archive_delete_reason IS NULL AND archive_deleted_at IS NULL
   AND id <> :#${exchangeProperty.newest[id]}::uuid
