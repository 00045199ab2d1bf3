-- Newest first.
SELECT * FROM restore_history ORDER BY created_at DESC, id DESC LIMIT :#${body}::int
