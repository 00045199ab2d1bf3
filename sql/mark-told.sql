-- Somebody has been told. What others are still to be told can be tried again at once.
UPDATE backup_history
   SET notified_to = array_append(notified_to, :#${exchangeProperty.notification.key})
 WHERE id = :#${exchangeProperty.backupId}::uuid AND NOT :#${exchangeProperty.notification.key} = ANY (notified_to)
