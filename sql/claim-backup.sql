-- Takes the oldest queued backup whose database has none running, for exactly one node, and gives it its key:
--   {prefix}/archive/{timestamp}--{repo}--{event}--{sha}/backup-YYYY-MM-DD-HH-mm-UTC.zip
-- where parts that are unknown are left out. Change the template here, but keep keys distinct.
WITH queued AS (
    SELECT q.id,
           :#prefix || '/archive/'
               || concat_ws('--', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24-MI-SS"Z"'),
                            replace(q.source_repo, '/', '-'), q.source_event, left(q.source_sha, 7))
               || '/backup-' || to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD-HH24-MI') || '-UTC.zip' AS s3_key
      FROM backup_history q
     WHERE q.status = 'in_progress' AND q.phase = 'queued'
       -- Only what this node's settings mean by that name.
       AND q.database || ' ' || q.target = ANY (string_to_array(:#targets, E'\n'))
       AND (:#only::uuid IS NULL OR q.id = :#only::uuid)
       AND NOT EXISTS (SELECT FROM backup_history r
                        WHERE r.database = q.database AND r.status = 'in_progress' AND r.phase <> 'queued')
       AND (SELECT count(*) FROM backup_history m
             WHERE m.node = :#node AND m.status = 'in_progress' AND m.phase <> 'queued') < :#mostAtOnce::int
     ORDER BY q.created_at, q.id
       FOR UPDATE SKIP LOCKED
     LIMIT 1
)
UPDATE backup_history b
   SET phase = 'connecting', node = :#node, started_at = now(), heartbeat_at = now(), s3_key = queued.s3_key
  FROM queued
 WHERE b.id = queued.id
   -- Two backups of one second would share a key: the second waits for the next second.
   AND NOT EXISTS (SELECT FROM backup_history k WHERE k.s3_key = queued.s3_key)
RETURNING b.*
