UPDATE backup_history SET verified_at = now() WHERE id = :#${exchangeProperty.proven}::uuid AND status = 'success'
