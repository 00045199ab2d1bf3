package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.ProjectFolder;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flags of PostgreSQL's programs are those of the routes, which users edit; what could drop rows is refused at the start. */
class ProgramFlagsIT {

    private static final String DUMP = "pg_dump -d --snapshot --encoding=UTF8 ";

    @TempDir
    private Path folder;

    private TestDatabase database;
    private TestDatabase control;
    private TestStore store;
    private Map<String, String> settings;
    private Path calls;

    @BeforeEach
    void start() throws IOException {
        database = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE TABLE note (id int PRIMARY KEY, text text)",
                        "INSERT INTO note VALUES (1, 'one'), (2, 'two')",
                        "COMMENT ON TABLE note IS 'remember me'",
                        "CREATE PUBLICATION changes FOR TABLE note",
                        "SELECT lo_from_bytea(0, 'large')");
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        calls = folder.resolve("calls");
        settings = new HashMap<>(store.settings());
        settings.put("DATABASE_URL", database.url());
        settings.put("CONTROL_DATABASE_URL", control.url());
        settings.put("BACKUP_API_KEY", BactrianService.API_KEY);
        settings.put("HTTP_PORT", Integer.toString(BactrianService.freePort()));
        settings.put("MANAGEMENT_PORT", Integer.toString(BactrianService.freePort()));
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        settings.put("PG_BIN", recordingPrograms().toString());
        settings.put("VERIFY_DATABASE_URL", database.url());
        ProjectFolder.copyTo(folder);
    }

    @AfterEach
    void stop() {
        store.close();
    }

    /** Flags first, then what the call itself adds. */
    @Test
    void everyProgramIsCalledWithTheseArguments() throws IOException {
        settings.put("BACKUP_FORMATS", "tables,dump,sql");
        settings.put("DATABASE_URL_RESCUE", PostgresServer.V17.createDatabase().url());

        succeeds("backup", "default");
        assertThat(calls())
                .containsExactlyInAnyOrder(
                        sorted(DUMP + "--schema-only --format=custom --lock-wait-timeout=60s --file"),
                        sorted("pg_restore --verbose --file=- FILE"),
                        sorted(DUMP + "--data-only --quote-all-identifiers --strict-names --lock-wait-timeout=60s "
                                + "--table"),
                        sorted("pg_dumpall -d -l --encoding=UTF8 --roles-only"),
                        sorted(DUMP + "--data-only --format=custom --blobs --exclude-schema"),
                        sorted(DUMP + "--format=custom --compress=1 --strict-names --lock-wait-timeout=60s --schema"),
                        sorted(DUMP + "--no-owner --no-privileges --lock-wait-timeout=60s --blobs"));

        Files.delete(calls);
        succeeds("restore", "latest", "--to", "rescue");
        succeeds("restore", "latest", "--to", "rescue", "--table", "public.note", "--drop-existing");
        assertThat(calls())
                .contains(
                        sorted("pg_restore --verbose --section --file FILE"),
                        sorted(
                                "pg_dump -d --encoding=UTF8 --schema-only --format=custom --lock-wait-timeout=60s --file "
                                        + "--table"),
                        sorted("pg_restore --format=custom --file=-"));

        Files.delete(calls);
        succeeds("verify", "latest");
        assertThat(calls())
                .contains(
                        sorted("pg_dump -d --encoding=UTF8 --schema-only --format=custom --file"),
                        sorted("pg_restore --verbose --file FILE"));
    }

    @Test
    void aFlagIsChangedByOneWord() throws IOException {
        edit("tableDataDump", "--lock-wait-timeout=60s", "--lock-wait-timeout=5s");
        edit("schemaDump", "--lock-wait-timeout=60s", "--lock-wait-timeout=5s --no-comments --no-publications");
        // Calls without a binding of ours are the user's.
        Files.writeString(
                folder.resolve("routes/mine.camel.yaml"),
                """
                - route:
                    id: mine
                    from:
                      uri: direct:mine
                      steps:
                        - to: { uri: "exec:pg_dump", parameters: { args: "--exclude-table-data=note" } }
                """);

        succeeds("backup", "default");

        assertThat(calls())
                .contains(
                        sorted(DUMP + "--schema-only --format=custom --lock-wait-timeout=5s --no-comments "
                                + "--no-publications --file"),
                        sorted(DUMP + "--data-only --quote-all-identifiers --strict-names --lock-wait-timeout=5s "
                                + "--table"));
        String key = store.keys().stream()
                .filter(found -> found.contains("/archive/") && found.endsWith(".zip"))
                .findFirst()
                .orElseThrow();
        Run definitions = Run.shell(
                folder,
                Map.of(),
                "unzip -q '" + store.download(key) + "' db/schema.dump && " + BactrianService.pg17()
                        + "/pg_restore -f - db/schema.dump");
        assertThat(definitions.out()).contains("CREATE TABLE public.note").doesNotContain("remember me", "PUBLICATION");
        succeeds("verify", "latest");
    }

    @Test
    void whatCouldDropRowsIsRefusedAtTheStart() throws IOException {
        edit("tableDataDump", "--data-only", "--data-only --exclude-table-data=note --no-such-flag");
        edit("schemaDump", "--format=custom ", "");

        for (String command : List.of("backup", "serve")) {
            Run run = Run.bactrianFrom(folder, settings, command);

            assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(2);
            assertThat(run.err())
                    .contains(
                            "step pg-dump of route read-group in routes/",
                            "dump-tables.camel.yaml",
                            "--exclude-table-data=note would leave something out although the backup counts as "
                                    + "complete",
                            "BACKUP_EXCLUDE_TABLE_DATA",
                            "--no-such-flag isn't known to keep the saved rows complete",
                            "step pg-dump-schema of route dump-definitions",
                            "--format=custom is missing: the next step reads this format. Add it.");
        }
        assertThat(calls).doesNotExist();
        assertThat(store.keys()).isEmpty();
        assertThat(control.jdbc().queryForObject("SELECT count(*) FROM backup_history", Integer.class))
                .isZero();
    }

    private void succeeds(String... arguments) {
        Run run = Run.bactrianFrom(folder, settings, arguments);
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
    }

    /** Changes the args of the steps that have a binding, in whatever file they are. */
    private void edit(String binding, String from, String to) throws IOException {
        int edited = 0;
        try (Stream<Path> files = Files.walk(folder.resolve("routes"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                String after = text;
                for (String args : argsBefore(text, binding)) {
                    after = after.replace(args, args.replace(from, to));
                }
                edited += after.equals(text) ? 0 : 1;
                Files.writeString(file, after);
            }
        }
        assertThat(edited).as("files with " + from + " before " + binding).isPositive();
    }

    /** The line of args above each line that names the binding. */
    private static List<String> argsBefore(String text, String binding) {
        List<String> lines = text.lines().toList();
        List<String> found = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).contains("\"#bean:" + binding + "\"")) {
                found.add(lines.get(i - 1));
            }
        }
        return found;
    }

    /** PostgreSQL's programs, which write down how they are called. */
    private Path recordingPrograms() throws IOException {
        Path programs = Files.createDirectory(folder.resolve("programs"));
        for (String name : List.of("pg_dump", "pg_dumpall", "pg_restore", "psql")) {
            Path program = Files.writeString(
                    programs.resolve(name),
                    """
                    #!/bin/bash
                    if [ "$1" != --version ]; then
                      line=%1$s
                      for word in "$@"; do line="$line|$word"; done
                      printf '%%s\\n' "$line" >> '%2$s'
                    fi
                    exec '%3$s/%1$s' "$@"
                    """
                            .formatted(name, calls, BactrianService.pg17()));
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
        return programs;
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(calls).stream()
                .map(line -> sorted(String.join(" ", words(line.split("\\|")))))
                .distinct()
                .toList();
    }

    /** Without what differs from backup to backup. */
    private static List<String> words(String[] call) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < call.length; i++) {
            String word = call[i];
            words.add(
                    word.startsWith("/")
                            ? "FILE"
                            : word.equals("--file=-")
                                    ? word
                                    : word.replaceFirst(
                                            "^(--(snapshot|file|table|schema|exclude-schema|section))=.*", "$1"));
            if (word.equals("-d") || word.equals("-l")) {
                i++;
            }
        }
        return words;
    }

    private static String sorted(String call) {
        String[] words = call.split(" ");
        Arrays.sort(words, 1, words.length);
        return String.join(" ", words);
    }
}
