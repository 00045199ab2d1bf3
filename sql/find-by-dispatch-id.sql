SELECT id FROM backup_history WHERE dispatch_id = :#${exchangeProperty.request.dispatchId}
