-- The backups of a request: those just put into the queue, and those that its dispatch id asked for before.
SELECT * FROM backup_history
 WHERE id = ANY (string_to_array(:#inserted, ',')::uuid[])
    OR dispatch_id = :#${exchangeProperty.request.dispatchId}
       AND database = ANY (string_to_array(:#${exchangeProperty.request.databaseLines}, E'\n'))
 ORDER BY array_position(string_to_array(:#${exchangeProperty.request.databaseLines}, E'\n'), database)
