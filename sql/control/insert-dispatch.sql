-- Keeps what is asked under a dispatch id, unless it is kept already; says whether it is the same.
INSERT INTO backup_dispatches AS known (dispatch_id, request)
VALUES (:#${exchangeProperty.request.dispatchId}, :#${exchangeProperty.request.asked}::jsonb)
    -- Changes nothing, but returns the row, after whoever writes it just now.
    ON CONFLICT (dispatch_id) DO UPDATE SET dispatch_id = known.dispatch_id
RETURNING request = :#${exchangeProperty.request.asked}::jsonb AS same
