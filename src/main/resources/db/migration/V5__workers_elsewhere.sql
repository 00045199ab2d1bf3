-- Workers elsewhere, such as those of a system that Bactrian replaces step by step, insert rows themselves and report how
-- they ended (POST /functions/v1/update-backup). Such a row is in the phase 'external': no node takes it, and it keeps none
-- of its database from running.
ALTER TABLE backup_history DROP CONSTRAINT IF EXISTS backup_history_phase_check;
ALTER TABLE backup_history
    ADD CONSTRAINT backup_history_phase_check
        CHECK (phase IN ('queued', 'external', 'connecting', 'detecting', 'dumping', 'uploading', 'finishing'));

DROP INDEX IF EXISTS backup_history_one_running;
CREATE UNIQUE INDEX backup_history_one_running ON backup_history (database)
    WHERE status = 'in_progress' AND phase NOT IN ('queued', 'external');

-- What writes this table without knowing of phases says in_progress, and success or completed for the same.
CREATE FUNCTION backup_history_of_workers_elsewhere() RETURNS trigger
    LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    IF NEW.status = 'completed' THEN
        NEW.status := 'success';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.status = 'in_progress' AND NEW.phase IS NULL THEN
        NEW.phase := 'external';
    END IF;
    IF NEW.status <> 'in_progress' AND NEW.phase = 'external' THEN
        NEW.phase := NULL;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER backup_history_of_workers_elsewhere BEFORE INSERT OR UPDATE ON backup_history
    FOR EACH ROW EXECUTE FUNCTION backup_history_of_workers_elsewhere();
