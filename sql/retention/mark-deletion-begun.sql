-- Before anything of an archive goes. Not while a restore reads it, and not when no other backup of all of the database would
-- be left, unless somebody insists; a deletion that has begun goes on.
UPDATE backup_history b
   SET archive_delete_reason = coalesce(archive_delete_reason, :#${exchangeProperty.deleteReason})
 WHERE id = :#${exchangeProperty.backupId}::uuid AND s3_key = :#${exchangeProperty.key}
   AND status = 'success' AND archive_deleted_at IS NULL
   AND (archive_delete_reason IS NOT NULL OR selection IS NOT NULL OR :#${exchangeProperty.force}::boolean
        OR EXISTS (SELECT FROM backup_history o
                    WHERE o.database = b.database AND o.id <> b.id
                      AND o.status = 'success' AND o.s3_key IS NOT NULL AND coalesce(o.sha256, o.crc32) IS NOT NULL AND o.selection IS NULL
                      AND o.archive_delete_reason IS NULL AND o.archive_deleted_at IS NULL))
   AND NOT EXISTS (SELECT FROM restore_history r
                    WHERE r.status = 'in_progress' AND (r.backup_id = b.id OR r.backup = b.s3_key))
   -- Nor when one began while this waited for the row: that is then compared as it is now, all else as it was at the beginning.
   AND reads = (SELECT c.reads FROM backup_history c WHERE c.id = b.id)
