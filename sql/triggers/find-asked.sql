-- Of each database, when a backup of everything was last asked for, by whomever, and when that one ended: now, while it goes on.
-- Beside it since when its schedule lies there as it is; Quartz notes that anew when the schedule changes.
SELECT d.name AS database, a.created_at AS asked_at, coalesce(a.finished_at, now()) AS ended_at,
       (SELECT to_timestamp(max(t.start_time) / 1000.0)
          FROM bactrian_qrtz_triggers t
         WHERE t.trigger_name = d.name AND starts_with(t.trigger_group, 'backup-')) AS scheduled_since
  FROM unnest(string_to_array(:#${exchangeProperty.databases}, ' ')) AS d (name)
  LEFT JOIN LATERAL (
       SELECT h.created_at, h.finished_at
         FROM backup_history h
        WHERE h.database = d.name AND h.selection IS NULL AND h.created_at <= now()
        ORDER BY h.created_at DESC, h.id DESC
        LIMIT 1) AS a ON true
