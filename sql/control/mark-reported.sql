-- Somebody has been told.
UPDATE backup_history
   SET notified_to = trim(notified_to || ' ' || :#${exchangeProperty.notification.key})
 WHERE id = :#${exchangeProperty.backupId}::uuid AND NOT :#${exchangeProperty.notification.key} = ANY (string_to_array(notified_to, ' '))
