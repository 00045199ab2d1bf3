-- What was under the key is removed; what arrives there late is looked for (find-discarded.sql).
UPDATE backup_history SET discarded_key = s3_key, discarded_at = now(), s3_key = NULL
 WHERE id = :#${exchangeProperty.backupId}::uuid AND status <> 'success' AND s3_key IS NOT NULL
