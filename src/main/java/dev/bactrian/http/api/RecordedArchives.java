package dev.bactrian.http.api;

import dev.bactrian.archive.ManifestText;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Gives nothing out that lies in the bucket and isn't what the history says; rows from before it said that are as they were. */
public final class RecordedArchives {

    private static final int CONFLICT = 409;

    /** Refuses a manifest that isn't the one that was stored, or that is gone. */
    public void confirmManifest(@ExchangeProperty("row") Map<String, Object> row, @Body @Nullable String manifest) {
        Object recorded = row.get("manifest_sha256");
        if (recorded != null && !recorded.equals(manifest == null ? "" : ManifestText.sha256(manifest))) {
            throw changed("The manifest of the backup " + row.get("id") + " in the store "
                    + (manifest == null ? "is gone" : "isn't the one that was stored: its SHA-256 differs")
                    + ".");
        }
    }

    /** Refuses an archive of another size. */
    public void confirmSize(@ExchangeProperty("row") Map<String, Object> row, @Header("storedSize") long size) {
        if (row.get("size_bytes") != null && !Objects.equals(row.get("size_bytes"), size)) {
            throw changed("The archive of the backup " + row.get("id") + " in the store has " + size + " bytes; "
                    + row.get("size_bytes") + " were stored.");
        }
    }

    static ApiException changed(String what) {
        return new ApiException(new ApiProblem(
                CONFLICT,
                "changed-archive",
                "The archive isn't the one that was stored",
                what + " Find out who changed it, and use another backup."));
    }
}
