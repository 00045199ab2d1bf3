package dev.bactrian.restore.ddl;

import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.nio.file.Path;

/** The archive's schema dump, and the scripts that pg_restore makes of it, in the run's folder. */
public final class RestoreScripts {

    private RestoreScripts() {}

    public static Path schemaDump(StoppableRun run) {
        return run.getFolder().resolve("schema.dump");
    }

    /** The script of a section of the dump: {@code pre-data} or {@code post-data}. */
    public static Path of(StoppableRun run, String section) {
        return run.getFolder().resolve(section + ".sql");
    }

    /** The archive's definitions, once both scripts are there. */
    public static Definitions definitions(StoppableRun run) throws IOException {
        return Definitions.read(of(run, "pre-data"), of(run, "post-data"));
    }
}
