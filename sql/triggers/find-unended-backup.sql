-- Why a scheduled backup isn't asked for; no row when it is to be. One by hand, or one that takes longer than the schedule
-- thinks, is enough; and what another node has asked for already is not asked for twice.
SELECT CASE WHEN target <> :#${exchangeProperty.target}
            THEN 'another service with this history backs up another database, ' || target || ', under the same name at the '
                 || 'same time. Give one of the two another name.'
            WHEN dispatch_id = :#${exchangeProperty.scheduled.dispatchId}
            THEN 'it was requested already, as backup ' || id || '.'
            ELSE 'backup ' || id || ' of this database is still ' || phase || ', since '
                 || to_char(coalesce(started_at, created_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '.'
       END AS reason
  FROM backup_history
 WHERE dispatch_id = :#${exchangeProperty.scheduled.dispatchId}
    OR (status = 'in_progress' AND phase <> 'external' AND database = :#${exchangeProperty.scheduled.database} AND target = :#${exchangeProperty.target})
 ORDER BY (dispatch_id = :#${exchangeProperty.scheduled.dispatchId}) IS TRUE DESC, created_at
 LIMIT 1
