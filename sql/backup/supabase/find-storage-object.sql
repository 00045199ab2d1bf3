-- A file's row as it is now, in the words in which the snapshot's row says the same.
SELECT to_jsonb(o) ->> 'version' AS version, to_jsonb(o) ->> 'updated_at' AS updated_at
  FROM storage.objects o
 WHERE o.bucket_id = :#${body.object.bucket} AND o.name = :#${body.object.name}
