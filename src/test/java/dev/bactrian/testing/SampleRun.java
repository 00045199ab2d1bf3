package dev.bactrian.testing;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.backup.BackupRuns;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.postgres.url.Databases;
import dev.bactrian.run.WorkFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A running backup without any server, for what needs only its folder, its progress and its end. */
public final class SampleRun {

    /** The database it backs up; nothing listens there. */
    public static final DatabaseUrl DATABASE =
            DatabaseUrl.parse("postgresql://backup:hush%3Apassword@127.0.0.1:1/shop");

    private SampleRun() {}

    public static BackupRun in(Path workDir) {
        Databases databases = new Databases(List.of(new Database("default", DATABASE)));
        try {
            return new BackupRuns(databases, WorkFolder.open(workDir))
                    .begin(Map.of(
                            "id", UUID.randomUUID(), "s3_key", "backups/archive/x/backup.zip", "database", "default"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
