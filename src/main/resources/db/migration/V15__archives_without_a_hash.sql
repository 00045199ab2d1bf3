-- What an archive takes over inside the store isn't read, so its SHA-256 isn't known; its CRC-32 is (8 hex digits), by those of its
-- parts. A backup that something else reports has neither.
ALTER TABLE backup_history ADD COLUMN crc32 text;
DROP INDEX backup_history_good;
CREATE INDEX backup_history_good ON backup_history (database, created_at DESC, id DESC)
    WHERE status = 'success' AND s3_key IS NOT NULL AND coalesce(sha256, crc32) IS NOT NULL AND selection IS NULL
          AND archive_delete_reason IS NULL AND archive_deleted_at IS NULL;
