-- Failed backups that may still hold something in the store: it couldn't be reached when they failed.
-- Without a node nobody here has stored anything: the key is what a worker elsewhere, or an older system, wrote.
SELECT id, s3_key FROM backup_history
 WHERE node IS NOT NULL AND status IN ('failed', 'cancelled') AND s3_key IS NOT NULL AND finished_at > now() - interval '30 days'
 ORDER BY finished_at
 LIMIT 20
