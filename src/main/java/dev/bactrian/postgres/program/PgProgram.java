package dev.bactrian.postgres.program;

import dev.bactrian.postgres.DatabaseRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecBinding;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecEndpoint;
import org.apache.camel.component.exec.ExecResult;
import org.jspecify.annotations.Nullable;

/**
 * How an {@code exec:} step of a backup calls a PostgreSQL program: the path from the tools found for the server, the step's
 * own flags ({@code args}), then the arguments of this call, as a list that no shell ever sees, and its output, live, as the
 * body. Reading the body to its end fails
 * unless the program exited with 0.
 */
public final class PgProgram implements ExecBinding {

    private final ProgramFlags flags;
    private final Arguments arguments;
    private final boolean silent;
    private final boolean reading;
    private final @Nullable Script script;
    private final Outputs outputs;

    private PgProgram(ProgramFlags flags, Arguments arguments, boolean silent, boolean reading) {
        this(flags, arguments, silent, reading, null, (run, exchange) -> PgOutput.NONE);
    }

    private PgProgram(
            ProgramFlags flags,
            Arguments arguments,
            boolean silent,
            boolean reading,
            @Nullable Script script,
            Outputs outputs) {
        this.flags = flags;
        this.script = script;
        this.outputs = outputs;
        this.arguments = arguments;
        this.silent = silent;
        this.reading = reading;
    }

    /** A program whose output is the body. */
    public static PgProgram printing(ProgramFlags flags, Arguments arguments) {
        return new PgProgram(flags, arguments, false, false);
    }

    /** As {@link #printing(ProgramFlags, Arguments)}, of output that is proven. */
    public static PgProgram printing(ProgramFlags flags, Arguments arguments, Outputs outputs) {
        return new PgProgram(flags, arguments, false, false, null, outputs);
    }

    /** A program that is told by a script on stdin what to print; its output is the body, and proven. */
    public static PgProgram scripted(ProgramFlags flags, Arguments arguments, Script script, Outputs outputs) {
        return new PgProgram(flags, arguments, false, false, script, outputs);
    }

    /** As {@link #silent(ProgramFlags, Arguments)}, of a file that is proven. */
    public static PgProgram silent(ProgramFlags flags, Arguments arguments, Outputs outputs) {
        return new PgProgram(flags, arguments, true, false, null, outputs);
    }

    /** A program that reads the body on stdin, and whose output is the next body. */
    public static PgProgram filtering(ProgramFlags flags, Arguments arguments) {
        return new PgProgram(flags, arguments, false, true);
    }

    /** A program that writes a file: the step ends when it has. */
    public static PgProgram silent(ProgramFlags flags, Arguments arguments) {
        return new PgProgram(flags, arguments, true, false);
    }

    /** Works out the arguments of one call: connection, snapshot, encoding, files and what is selected. */
    @FunctionalInterface
    public interface Arguments {
        List<String> of(DatabaseRun run, Exchange exchange);
    }

    /** Writes the script of one call, in UTF-8. */
    public @FunctionalInterface interface Script {
        String of(DatabaseRun run, Exchange exchange);
    }

    /** Says what must become of the output of one call. */
    public @FunctionalInterface interface Outputs {
        PgOutput of(DatabaseRun run, Exchange exchange);
    }

    ProgramFlags flags() {
        return flags;
    }

    @Override
    public ExecCommand readInput(Exchange exchange, ExecEndpoint endpoint) {
        DatabaseRun run = exchange.getProperty("run", DatabaseRun.class);
        Object body = exchange.getMessage().getBody();
        PgTools tools = exchange.getProperty("tools", PgTools.class);
        String program = tools.program(endpoint.getExecutable()).toString();
        List<String> words = new ArrayList<>(flags.words(endpoint.getArgs()));
        words.addAll(arguments.of(run, exchange));
        return new PgCommand(
                program,
                words,
                run,
                !silent,
                reading && body instanceof InputStream input ? input : null,
                script == null ? null : script.of(run, exchange),
                outputs.of(run, exchange));
    }

    @Override
    public void writeOutput(Exchange exchange, ExecResult result) {
        InputStream output = result.getStdout();
        if (!silent) {
            exchange.getMessage().setBody(output);
            return;
        }
        try (output) {
            output.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
