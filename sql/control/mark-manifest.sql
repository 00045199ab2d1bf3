-- Which manifest is about to be stored: another node that finds one, once this process is gone, knows by that whether it is this.
UPDATE backup_history
   SET manifest_sha256 = :#manifestHash, heartbeat_at = now()
 WHERE id = :#${exchangeProperty.backupId}::uuid AND status = 'in_progress' AND ending_node IS NULL
