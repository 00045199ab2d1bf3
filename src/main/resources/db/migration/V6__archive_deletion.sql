-- Why an archive is, or was, deleted. Set before anything of it goes: a deletion that was interrupted is finished by whoever
-- finds it, and no other archive without a manifest is taken for the rest of one. archive_deleted_at says that it is done.
ALTER TABLE backup_history ADD COLUMN archive_delete_reason text;
