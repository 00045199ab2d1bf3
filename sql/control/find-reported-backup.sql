-- By id, else by dispatch id: of several databases' backups under one the first.
SELECT * FROM backup_history
 WHERE id = :#${exchangeProperty.report.backupId}::uuid
    OR dispatch_id = :#${exchangeProperty.report.dispatchId}::text
 ORDER BY id = :#${exchangeProperty.report.backupId}::uuid DESC NULLS LAST, created_at, id
 LIMIT 1
