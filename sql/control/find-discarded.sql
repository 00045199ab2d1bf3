-- Backups that were removed a while ago: a request that was under way may have stored something since. The last look is an
-- hour later. Not where another backup has the key by now.
SELECT d.id, d.discarded_key AS s3_key, d.discarded_at < now() - interval '1 hour' AS last_look
  FROM backup_history d
 WHERE d.discarded_key IS NOT NULL AND d.status <> 'success' AND d.discarded_at > now() - interval '30 days'
   AND NOT EXISTS (SELECT FROM backup_history o WHERE o.s3_key = d.discarded_key)
 ORDER BY d.discarded_at
 LIMIT 100
