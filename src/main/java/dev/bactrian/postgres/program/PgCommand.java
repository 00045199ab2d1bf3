package dev.bactrian.postgres.program;

import dev.bactrian.postgres.DatabaseRun;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.exec.ExecCommand;
import org.jspecify.annotations.Nullable;

/** A command of one backup: camel-exec's, with the backup it belongs to, so that the two end together. */
final class PgCommand extends ExecCommand {

    private static final long serialVersionUID = 1L;

    private final transient DatabaseRun run;
    private final boolean printing;
    private final transient PgOutput output;
    private final @Nullable String script;

    /**
     * A command of a backup.
     *
     * @param input what it reads on stdin; null for nothing
     * @param printing whether it prints all the time, so that silence means that it hangs
     */
    PgCommand(String program, List<String> arguments, DatabaseRun run, boolean printing, @Nullable InputStream input) {
        this(program, arguments, run, printing, input, null, PgOutput.NONE);
    }

    /**
     * As the other one, of a program whose output is proven.
     *
     * @param script what it reads on stdin each time it is started; null for the input
     */
    PgCommand(
            String program,
            List<String> arguments,
            DatabaseRun run,
            boolean printing,
            @Nullable InputStream input,
            @Nullable String script,
            PgOutput output) {
        // No working folder, no timeout of exec's own.
        super(program, arguments, null, Long.MAX_VALUE, Set.of(0), input, null, false, LoggingLevel.DEBUG);
        this.run = run;
        this.printing = printing;
        this.script = script;
        this.output = output;
    }

    @Nullable
    String script() {
        return script;
    }

    PgOutput output() {
        return output;
    }

    boolean printing() {
        return printing;
    }

    DatabaseRun run() {
        return run;
    }
}
