package dev.bactrian.restore.target;

import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.DatabaseRun;
import dev.bactrian.postgres.program.PassFile;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.ddl.Definitions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** What a target has, as pg_dump prints it: to be compared with the archive's definitions, entry by entry. */
public final class TargetDefinitions {

    private static final String DUMP = "target.dump";
    /** Linux takes 2 MB of arguments and environment; a target with more names is dumped whole. */
    private static final int MOST_BYTES = 1_500_000;

    /** Whether the programs can't connect yet. */
    public boolean lackPassFile(@ExchangeProperty("run") RestoreRun run) {
        return !Files.exists(PassFile.of(run));
    }

    /** Of the tables that the plan drops, once there is one; else all. */
    public static List<String> dump(DatabaseRun run, Exchange exchange) {
        List<String> arguments = new ArrayList<>(List.of(
                "-d",
                run.getDatabase()
                        .url()
                        .conninfo(
                                PassFile.of(run).toString(), exchange.getProperty("programOptions", "", String.class)),
                "--file=" + run.getFolder().resolve(DUMP)));
        // As the archive's were dumped.
        arguments.addAll(exchange.getProperty("saved", SavedBackup.class)
                .manifest()
                .source()
                .dumpEncoding());
        RestorePlan plan = exchange.getProperty("plan", RestorePlan.class);
        List<String> tables = plan == null
                ? List.of()
                : plan.drops().stream().map(name -> "--table=" + name.quoted()).toList();
        int bytes = tables.stream()
                .mapToInt(argument -> argument.getBytes(StandardCharsets.UTF_8).length + 1)
                .sum();
        if (tables.isEmpty() || bytes > MOST_BYTES) {
            arguments.add("--exclude-schema=" + Marker.SCHEMA);
        } else {
            arguments.addAll(tables);
        }
        return arguments;
    }

    public static List<String> script(DatabaseRun run, String section) {
        return List.of(
                "--section=" + section,
                "--file=" + file(run, section),
                run.getFolder().resolve(DUMP).toString());
    }

    private static Path file(DatabaseRun run, String section) {
        return run.getFolder().resolve("target-" + section + ".sql");
    }

    /** What the last dump of the target holds. */
    public static Definitions read(DatabaseRun run) throws IOException {
        return Definitions.read(file(run, "pre-data"), file(run, "post-data"));
    }
}
