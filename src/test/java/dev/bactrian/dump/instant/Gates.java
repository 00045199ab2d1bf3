package dev.bactrian.dump.instant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.TemporaryFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * PostgreSQL's programs, of which each pg_dump of a backup can be held up before it connects: a folder for PG_BIN. A
 * gate is a FIFO that a pg_dump reads before anything else; it comes through when the FIFO's writer, which is this
 * process, closes it. What has come to a gate, and which definitions are complete, is shown by files.
 */
final class Gates implements AutoCloseable {

    /** The calls of pg_dump that a backup makes. */
    enum Part {
        /** All definitions, in one pg_dump. */
        DEFINITIONS,
        /** The rows of the table {@code first}. */
        FIRST,
        /** The rows of the table {@code last}. */
        LAST,
        /** The rows of any other table. */
        ROWS,
        /** Large objects, and the whole dumps that BACKUP_FORMATS asks for. */
        OTHER
    }

    private static final String SCRIPT =
            """
            #!/bin/bash
            case "$*" in
              --version) exec %1$s/pg_dump "$@" ;;
              *--schema-only*) part=DEFINITIONS ;;
              *--data-only*'--table='*'("first")'*) part=FIRST ;;
              *--data-only*'--table='*'("last")'*) part=LAST ;;
              *--data-only*'--table='*) part=ROWS ;;
              *) part=OTHER ;;
            esac
            if [ -p %2$s/$part.gate ]; then
              : > %2$s/$part.waits
              read -r _ < %2$s/$part.gate
            fi
            if [ $part = DEFINITIONS ]; then
              %1$s/pg_dump "$@" || exit
              : > %2$s/$part.done
              exit
            fi
            exec %1$s/pg_dump "$@"
            """;

    /** That anything is waited for. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private final Path bin = TemporaryFiles.folder("gated-programs");
    private final Path state = TemporaryFiles.folder("gates");
    private final Map<Part, RandomAccessFile> writers = new EnumMap<>(Part.class);

    Gates() throws IOException {
        Path real = BactrianService.pg17();
        for (String program : List.of("pg_dumpall", "pg_restore", "psql")) {
            Files.createSymbolicLink(bin.resolve(program), real.resolve(program));
        }
        Path script = bin.resolve("pg_dump");
        Files.writeString(script, SCRIPT.formatted(real, state));
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    /** The folder of the programs. */
    Path bin() {
        return bin;
    }

    /** From now on these are held up; what earlier backups left is forgotten. */
    void close(List<Part> parts) throws IOException {
        open();
        try (Stream<Path> files = Files.list(state)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        for (Part part : parts) {
            Path gate = state.resolve(part + ".gate");
            assertThat(Run.program(List.of("mkfifo", gate.toString())).exit()).isZero();
            // Open for both: neither side waits for the other to come.
            writers.put(part, new RandomAccessFile(gate.toFile(), "rw"));
        }
    }

    /** Waits until one of these has come to its gate. */
    void awaitAny(Runnable check, Part... parts) {
        await("a pg_dump at its gate", check, Stream.of(parts).map(part -> part + ".waits"));
    }

    /** Whether this one has come to its gate. */
    boolean holds(Part part) {
        return Files.exists(state.resolve(part + ".waits"));
    }

    /** Waits until all definitions are dumped. */
    void awaitDefinitions(Runnable check) {
        await("the definitions", check, Stream.of(Part.DEFINITIONS + ".done"));
    }

    private void await(String what, Runnable check, Stream<String> names) {
        List<Path> files = names.map(state::resolve).toList();
        Awaitility.await(what)
                .atMost(LONGEST)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    check.run();
                    return files.stream().anyMatch(Files::exists);
                });
    }

    /** Lets all through. */
    void open() throws IOException {
        open(Part.values());
    }

    /** Lets these through. */
    void open(Part... parts) throws IOException {
        for (Part part : parts) {
            Files.deleteIfExists(state.resolve(part + ".gate"));
            RandomAccessFile writer = writers.remove(part);
            if (writer != null) {
                writer.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        open();
    }
}
