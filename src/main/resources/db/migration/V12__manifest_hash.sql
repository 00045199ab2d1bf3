-- SHA-256 of the manifest beside a good backup's archive, taken when it was written: whoever changes the one in the store doesn't
-- change this one. Null: from before it was kept, or of a worker elsewhere that doesn't say.
ALTER TABLE backup_history ADD COLUMN manifest_sha256 text;
