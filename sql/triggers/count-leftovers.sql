-- Failed backups that may still have something in the store, which can't be removed yet (find-leftovers.sql).
SELECT count(*) AS leftovers FROM backup_history
 WHERE node IS NOT NULL AND status IN ('failed', 'cancelled') AND s3_key IS NOT NULL AND coalesce(sha256, crc32) IS NULL AND finished_at > now() - interval '30 days'
