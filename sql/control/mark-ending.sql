-- From now on the backup can't become a success any more, and this node removes what it has stored. No row is updated when it
-- has ended already, or another node is ending it.
UPDATE backup_history
   SET ending_node = :#node, heartbeat_at = now()
 WHERE id = :#${exchangeProperty.backupId}::uuid AND status = 'in_progress' AND coalesce(ending_node, :#node) = :#node
