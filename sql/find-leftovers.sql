-- Failed backups that may still hold something in the store: it couldn't be reached when they failed.
SELECT id, s3_key FROM backup_history
 WHERE status IN ('failed', 'cancelled') AND s3_key IS NOT NULL AND finished_at > now() - interval '30 days'
 ORDER BY finished_at
 LIMIT 20
