-- Failed backups that may still hold something in the store: it couldn't be reached when they failed.
-- With a SHA-256 or CRC-32 it was good once, and was set to failed by hand: that isn't left over.
-- Without a node nobody here has stored anything: the key is what a worker elsewhere, or an older system, wrote.
SELECT id, s3_key FROM backup_history
 WHERE node IS NOT NULL AND status IN ('failed', 'cancelled') AND s3_key IS NOT NULL AND coalesce(sha256, crc32) IS NULL AND finished_at > now() - interval '30 days'
 -- Any of them: what can't be removed mustn't keep the others waiting.
 ORDER BY random()
 LIMIT 20
