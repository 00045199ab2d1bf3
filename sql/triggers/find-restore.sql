SELECT * FROM restore_history WHERE id = :#${exchangeProperty.restoreId}::uuid
