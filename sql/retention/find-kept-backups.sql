-- Successful backups whose archives are in the store. Bactrian's own: who else reports a backup gives neither SHA-256 nor CRC-32.
SELECT id, database, coalesce(started_at, created_at) AS made_at, selection IS NOT NULL AS partial, s3_key, size_bytes,
       archive_delete_reason, now() AS asked_at
  FROM backup_history
 WHERE status = 'success' AND s3_key IS NOT NULL AND coalesce(sha256, crc32) IS NOT NULL AND archive_deleted_at IS NULL
