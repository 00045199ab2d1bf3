package dev.bactrian.cli;

import dev.bactrian.history.HistorySchema;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads backup_history for commands. */
final class History {

    private static final String COLUMNS =
            "SELECT id, dispatch_id, database, status, phase, s3_key, size_bytes, sha256, crc32, "
                    + "created_at, started_at, finished_at, error_text, trigger, source_repo, source_event, source_ref, source_sha, "
                    + "workflow_run_id, selection, tables_total, tables_done, bytes_done, rows_total, warnings, archive_delete_reason, archive_deleted_at FROM backup_history ";

    private final JdbcTemplate jdbc;

    private final HistorySchema schema;

    History(DataSource controlDatabase, HistorySchema schema) {
        this.schema = schema;
        this.jdbc = new JdbcTemplate(controlDatabase);
    }

    List<Map<String, Object>> newest(int limit) {
        return jdbc.queryForList(schema.in(COLUMNS + "ORDER BY created_at DESC, id DESC LIMIT ?"), limit);
    }

    /** What users have set at run time: key, value as JSON text, updated_at. */
    List<Map<String, Object>> settings() {
        return jdbc.queryForList(
                schema.in("SELECT key, value::text AS value, updated_at FROM system_settings_kv ORDER BY key"));
    }

    Map<String, Object> find(UUID id) {
        return jdbc.queryForMap(schema.in(COLUMNS + "WHERE id = ?"), id);
    }
}
