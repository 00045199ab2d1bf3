-- What goes on in a target.
SELECT id, created_at FROM restore_history WHERE target = :#${exchangeProperty.requested.target} AND status = 'in_progress'
