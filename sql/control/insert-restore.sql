-- A restore that shall begin now. Inserts nothing while another one goes on in the same target, nor when the deletion of its archive
-- has begun; one that begins at this very moment is found by mark-archive-read.sql.
INSERT INTO restore_history (id, kind, backup_id, backup, database, target, request, status, phase, node, heartbeat_at)
SELECT :#${exchangeProperty.requested.id}::uuid, coalesce(:#${exchangeProperty.restoreKind}, 'restore'),
       :#${exchangeProperty.requested.backupId}::uuid, :#${exchangeProperty.key},
       :#${exchangeProperty.requested.database}, :#${exchangeProperty.requested.target}, :#${exchangeProperty.requested.asked}::jsonb,
       'in_progress', 'queued', :#node, now()
 WHERE NOT EXISTS (SELECT FROM backup_history b
                    WHERE (b.id = :#${exchangeProperty.requested.backupId}::uuid OR b.s3_key = :#${exchangeProperty.key})
                      AND (b.archive_delete_reason IS NOT NULL OR b.archive_deleted_at IS NOT NULL))
ON CONFLICT (target) WHERE status = 'in_progress' DO NOTHING
RETURNING id
