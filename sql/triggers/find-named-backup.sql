-- By id, else by dispatch id, else by key.
SELECT * FROM backup_history
 WHERE id = :#${exchangeProperty.named.backupId}::uuid
    OR dispatch_id = :#${exchangeProperty.named.dispatchId}::text
    OR s3_key = :#${exchangeProperty.named.key}::text
 ORDER BY id = :#${exchangeProperty.named.backupId}::uuid DESC NULLS LAST,
          dispatch_id = :#${exchangeProperty.named.dispatchId}::text DESC NULLS LAST, created_at, id
 LIMIT 1
