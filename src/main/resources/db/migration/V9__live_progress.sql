-- What a running backup is doing at this moment (LiveProgress.java): each heartbeat writes it, and nobody asks for it after the end.
ALTER TABLE backup_history ADD COLUMN progress jsonb;
