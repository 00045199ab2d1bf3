package dev.bactrian.retention;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of a backup.
 *
 * @param reasons every rule that keeps it; or why it goes
 */
public record Decision(KeptBackup backup, boolean keep, List<String> reasons) {

    public Decision {
        reasons = List.copyOf(reasons);
    }

    /** In one line. */
    public String reason() {
        return String.join(", ", reasons);
    }

    /** By their names in JSON. */
    public Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", backup.id());
        members.put("database", backup.database());
        members.put("made_at", backup.madeAt());
        members.put("partial", backup.partial());
        members.put("s3_key", backup.key());
        members.put("size_bytes", backup.size());
        members.put("keep", keep);
        members.put("reasons", reasons);
        return members;
    }
}
