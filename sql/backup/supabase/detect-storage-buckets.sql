-- The buckets of a Supabase project's Storage with all their columns, and how much is in them. A row as JSON has whichever
-- columns the project's version of Storage knows.
SELECT b.id, to_jsonb(b)::text AS row, coalesce(o.objects, 0) AS objects, coalesce(o.bytes, 0) AS bytes
  FROM storage.buckets b
  LEFT JOIN (SELECT bucket_id,
                    count(*) AS objects,
                    sum(CASE WHEN jsonb_typeof(to_jsonb(o) -> 'metadata' -> 'size') = 'number'
                             THEN (to_jsonb(o) -> 'metadata' ->> 'size')::numeric ELSE 0 END)::bigint AS bytes
               FROM storage.objects o
              WHERE name IS NOT NULL
              GROUP BY bucket_id) AS o ON o.bucket_id = b.id
 ORDER BY b.id COLLATE "C"
