-- Takes the oldest queued backup whose database has none running, for exactly one node, and gives it its key:
--   {prefix}/archive/{timestamp}--{repo}--{event}--{sha}/backup-YYYY-MM-DD-HH-mm-UTC.zip, and .pgp after that where archives are encrypted
-- where parts that are unknown are left out, and other characters than these, whoever wrote the row, become one -.
-- Change the template here, but keep keys distinct, and the time at the beginning: their order is taken for that of time.
--
-- It begins by the clock: the transaction may have begun before the one that ended the backup before.
-- Two nodes that look at the same moment may want the same place: then one of the unique indexes refuses the second.
WITH running AS (
    SELECT database, slot FROM backup_history WHERE status = 'in_progress' AND phase NOT IN ('queued', 'external')
), free AS (
    SELECT min(place) AS slot FROM generate_series(1, :#mostAtOnce::int) AS place
     WHERE NOT EXISTS (SELECT FROM running WHERE running.slot = place)
), queued AS (
    SELECT q.id, free.slot,
           :#prefix || '/archive/'
               || concat_ws('--', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24-MI-SS"Z"'),
                            nullif(left(regexp_replace(q.source_repo, '[^A-Za-z0-9._-]+', '-', 'g'), 80), ''),
                            nullif(left(regexp_replace(q.source_event, '[^A-Za-z0-9._-]+', '-', 'g'), 40), ''),
                            nullif(left(regexp_replace(q.source_sha, '[^A-Za-z0-9._-]+', '-', 'g'), 7), ''))
               || '/backup-' || to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD-HH24-MI') || '-UTC.zip'
               || CASE WHEN :#encrypted::boolean THEN '.pgp' ELSE '' END AS s3_key
      FROM backup_history q CROSS JOIN free
     WHERE q.status = 'in_progress' AND q.phase = 'queued' AND free.slot IS NOT NULL
       -- Only what this node's settings mean by that name.
       AND q.database || ' ' || q.target = ANY (string_to_array(:#targets, E'\n'))
       AND NOT EXISTS (SELECT FROM running WHERE running.database = q.database)
       -- First come, first served, also where another node is just taking the first. A command takes its own alone.
       AND CASE WHEN :#only::text IS NOT NULL THEN q.id = ANY (string_to_array(:#only, ',')::uuid[])
                ELSE NOT EXISTS (SELECT FROM backup_history older
                                  WHERE older.status = 'in_progress' AND older.phase = 'queued'
                                    AND older.database = q.database AND older.target = q.target
                                    AND (older.created_at, older.id) < (q.created_at, q.id)) END
     ORDER BY q.created_at, q.id
       FOR UPDATE OF q SKIP LOCKED
     LIMIT 1
)
UPDATE backup_history b
   SET phase = 'connecting', node = :#node, slot = queued.slot, started_at = clock_timestamp(), heartbeat_at = now(), moved_at = now(),
       s3_key = queued.s3_key
  FROM queued
 WHERE b.id = queued.id
   -- Two backups of one second would share a key: the second waits for the next second.
   AND NOT EXISTS (SELECT FROM backup_history k WHERE k.s3_key = queued.s3_key)
   AND NOT EXISTS (SELECT FROM backup_history k WHERE k.discarded_key = queued.s3_key)
RETURNING b.*
