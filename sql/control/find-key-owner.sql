-- The backup that has the reported key, when it is another one than the report is about.
SELECT id FROM backup_history
 WHERE s3_key = :#${exchangeProperty.report.key}::text
   AND id IS DISTINCT FROM :#${exchangeProperty.report.backupId}::uuid
   AND dispatch_id IS DISTINCT FROM :#${exchangeProperty.report.dispatchId}::text
 LIMIT 1
