-- Somebody may have cancelled it while it waited for a thread.
UPDATE restore_history
   SET phase = 'opening', started_at = now(), heartbeat_at = now()
 WHERE id = :#${exchangeProperty.restoreId}::uuid AND status = 'in_progress'
