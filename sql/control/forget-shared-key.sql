-- Beside each archive lies its manifest, under a name that all have: two archives in one folder would share it. Where another
-- backup's key is, or was, in the same folder, this one gets none. Keys are given before this is asked: of two backups that
-- were given theirs at the same time, at least one finds the other.
WITH own AS (
    SELECT id, regexp_replace(s3_key, '[^/]*$', '') AS folder FROM backup_history
     WHERE id = :#${exchangeProperty.backupId}::uuid
)
UPDATE backup_history b SET s3_key = NULL
  FROM own
 WHERE b.id = own.id
   AND EXISTS (SELECT FROM backup_history other
                CROSS JOIN LATERAL (VALUES (other.s3_key), (other.discarded_key)) AS keys (key)
                WHERE other.id <> own.id AND left(keys.key, length(own.folder)) = own.folder
                  AND strpos(substr(keys.key, length(own.folder) + 1), '/') = 0)
