-- The files in these buckets. The order matters: a file comes before those in a folder of the same name.
SELECT o.bucket_id, o.name, (to_jsonb(o) - 'path_tokens')::text AS row
  FROM storage.objects o
 WHERE o.name IS NOT NULL
   AND o.bucket_id IN (SELECT jsonb_array_elements_text(:#${exchangeProperty.filePlan.ids}::jsonb))
 ORDER BY o.bucket_id COLLATE "C", o.name COLLATE "C"
