-- Takes the oldest backup of which somebody is still to be told: of its start where it has a ping, or of its end; after an hour
-- it is no news any more. Whoever takes it has longer than all telling takes (notify.camel.yaml), and then says when to try
-- again; should it die, another one goes on after that. No wait is longer than five minutes: what is further ahead was written
-- before a clock was set back.
UPDATE backup_history b
   SET notify_after = now() + interval '2 minutes'
 WHERE b.id = (SELECT n.id FROM backup_history n
                WHERE n.notified_at IS NULL AND (n.notify_after <= now() OR n.notify_after > now() + interval '10 minutes')
                  AND coalesce(n.finished_at, n.started_at) > now() - interval '1 hour'
                  AND (n.status IN ('success', 'failed')
                       OR n.status = 'in_progress' AND n.phase NOT IN ('queued', 'external') AND NOT 'ping/start' = ANY (string_to_array(n.notified_to, ' '))
                          AND n.database = ANY (string_to_array(:#pinged, ' ')))
                ORDER BY coalesce(n.finished_at, n.started_at)
                  FOR UPDATE SKIP LOCKED
                LIMIT 1)
RETURNING b.*,
          -- How the one before ended: a success after a failure is a recovery.
          (SELECT p.status FROM backup_history p
            WHERE p.database = b.database AND p.status IN ('success', 'failed') AND p.finished_at < b.finished_at
            ORDER BY p.finished_at DESC LIMIT 1) AS status_before,
          -- What tables that shrank can be brought back from (find-good-before.sql).
          (SELECT p.s3_key FROM backup_history p
            WHERE p.database = b.database AND p.target IS NOT DISTINCT FROM b.target AND p.id <> b.id
              AND p.created_at <= b.created_at AND p.status = 'success' AND p.s3_key IS NOT NULL AND coalesce(p.sha256, p.crc32) IS NOT NULL
              AND p.selection IS NULL AND p.archive_delete_reason IS NULL AND p.archive_deleted_at IS NULL
            ORDER BY p.created_at DESC, p.id DESC LIMIT 1) AS key_before
