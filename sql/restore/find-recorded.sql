-- The row that an archive's manifest names, and the one that its key belongs to: the same, where nothing was swapped.
SELECT * FROM backup_history
 WHERE id = :#${exchangeProperty.identity.backupId}::uuid
    OR s3_key = :#${exchangeProperty.identity.key}::text
