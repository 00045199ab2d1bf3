package dev.bactrian.postgres.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pg_dump that is older than the server can't read it; which one is there is asked of the program itself. */
class PgToolsFinderTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pg_dump (PostgreSQL) 17.6                                     | 17 | 17.6",
                "pg_dump (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)           | 15 | 15.13",
                "pg_dump (PostgreSQL) 18beta1                                  | 18 | 18beta1",
                "pg_dump (PostgreSQL) 19devel                                  | 19 | 19devel",
                "pg_dump (PostgreSQL) 9.6.24                                   | 9  | 9.6.24",
            })
    void everyFormOfVersionIsRead(String printed, int major, String version) throws IOException {
        pgDump("echo '" + printed + "'");

        assertThat(finder().newest()).contains(new PgTools(folder, major, version));
    }

    @ParameterizedTest
    @ValueSource(ints = {150013, 160004, 170000, 170099})
    void theServersOwnMajorAndOlderOnesCanBeRead(int server) throws IOException {
        pgDump("echo 'pg_dump (PostgreSQL) 17.6'");

        PgTools tools = finder().forServer(server(server));

        assertThat(tools.program("pg_dump")).isEqualTo(folder.resolve("pg_dump"));
        assertThat(tools.has("pg_dump")).isTrue();
    }

    @Test
    void aProgramThatIsMissingNextToPgDumpIsNamedWithTheRemedy() throws IOException {
        pgDump("echo 'pg_dump (PostgreSQL) 17.6'");

        PgTools tools = finder().forServer(server(170000));

        assertThat(tools.has("psql")).isFalse();
        assertThatThrownBy(() -> tools.program("psql"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("psql was not found in " + folder + ", where pg_dump is.")
                .hasMessageContaining("PG_BIN");
    }

    @Test
    void anOlderProgramIsRefusedBeforeItFails() throws IOException {
        pgDump("echo 'pg_dump (PostgreSQL) 15.13'");

        assertThatThrownBy(() -> finder().forServer(server(160000)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("pg_dump 15.13 is older than the server, which is PostgreSQL 160000")
                .hasMessageContaining("Install PostgreSQL client 16 or newer, or set PG_BIN");
    }

    @Test
    void anEmptyFolderIsNotThePlaceToGuess() {
        assertThatThrownBy(() -> finder().forServer(server(150000)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("pg_dump was not found in PG_BIN (" + folder + ").")
                .hasMessageContaining("apt-get install postgresql-client");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo nothing",
                "exit 0",
                "echo 'pg_dump: error while loading shared libraries: libpq.so.5' >&2; exit 127",
                "echo 'psql (PostgreSQL) seventeen'"
            })
    void aProgramThatDoesNotTellItsVersionIsNotUsed(String script) throws IOException {
        pgDump(script);

        assertThat(finder().newest()).isEmpty();
    }

    @Test
    void aFileThatCannotBeRunIsNotUsed() throws IOException {
        Path file = pgDump("echo 'pg_dump (PostgreSQL) 17.6'");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(finder().newest()).isEmpty();
    }

    @Test
    void aFileThatIsNoProgramIsNotUsed() throws IOException {
        Path file = pgDump("");
        Files.write(file, new byte[] {0x7F, 'E', 'L', 'F', 0});

        assertThat(finder().newest()).isEmpty();
    }

    private PgToolsFinder finder() {
        return new PgToolsFinder(folder);
    }

    private Path pgDump(String script) throws IOException {
        Path file = Files.writeString(folder.resolve("pg_dump"), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static ServerInfo server(int version) {
        return new ServerInfo(version, Integer.toString(version), "d", "r", "UTF8", 0, Instant.EPOCH, false, 0, false);
    }
}
