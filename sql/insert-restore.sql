-- A restore that shall begin now. Inserts nothing while another one goes on in the same target.
INSERT INTO restore_history (id, kind, backup_id, backup, database, target, request, status, phase, node, heartbeat_at)
VALUES (:#${exchangeProperty.order.id}::uuid, coalesce(:#${exchangeProperty.restoreKind}, 'restore'),
        :#${exchangeProperty.order.backupId}::uuid, :#${exchangeProperty.key},
        :#${exchangeProperty.order.database}, :#${exchangeProperty.order.target}, :#${exchangeProperty.order.asked}::jsonb,
        'in_progress', 'queued', :#node, now())
ON CONFLICT (target) WHERE status = 'in_progress' DO NOTHING
RETURNING id
