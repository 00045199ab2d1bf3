package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.EveryKind;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.UnpackedArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every table's schema.sql and data.sql alone give the table back, with all that belongs to it, in a database that holds
 * only what tables depend on: roles, schemas, types, functions, sequences of nobody, and the tables it refers to.
 */
class TableSlicesIT {

    /** What tables may depend on, as pg_restore lists it; the only sequence of no table that one reads. */
    private static final String NEEDED =
            "^[0-9]+; [0-9]+ [0-9]+ (ACCESS METHOD|AGGREGATE|CAST|COLLATION|DOMAIN|EXTENSION"
                    + "|FOREIGN DATA WRAPPER|FUNCTION|OPERATOR|PROCEDURAL LANGUAGE|SCHEMA|SERVER|SEQUENCE kinds alone|SHELL TYPE|TEXT SEARCH|TYPE) ";

    private static final String TABLES =
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                    + "WHERE relkind IN ('r', 'p', 'f') AND n.nspname !~ '^(pg_|information_schema)' ORDER BY 1";

    @ParameterizedTest
    @EnumSource(names = {"V18"})
    void everyTablesFilesGiveItBack(PostgresServer server) throws IOException {
        TestDatabase source = EveryKind.in(server);
        UnpackedArchive archive = UnpackedArchive.of(server, source);
        TestDatabase target = server.createDatabase();
        loadWhatTablesDependOn(archive, target);

        List<Path> folders = folders(archive);
        assertThat(folders).hasSizeGreaterThan(90);
        List<Path> left = new ArrayList<>(folders);
        List<String> errors = new ArrayList<>();
        // In rounds: a table whose parent or referenced table isn't there yet has to wait for it.
        for (int before = -1; before != left.size(); ) {
            before = left.size();
            errors.clear();
            left.removeIf(folder -> load(archive, server, target, folder, errors));
        }
        assertThat(left).as(errors.toString()).isEmpty();

        List<String> options = source.jdbc().queryForList(TABLES, String.class).stream()
                .map(table -> "--table=" + table)
                .toList();
        assertThat(EveryKind.differences(
                        EveryKind.definitions(server, source, options), EveryKind.definitions(server, target, options)))
                // pg_dump goes by age where names don't tell, and these tables were made in another order.
                .isSubsetOf(EveryKind.ANOTHER_ORDER);
        assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
        assertThat(target.rowCounts()).isEqualTo(source.rowCounts());
    }

    private static void loadWhatTablesDependOn(UnpackedArchive archive, TestDatabase target) {
        Run run = archive.run(
                target,
                "pg_restore --list db/schema.dump | grep -E '" + NEEDED + "' > needed.txt"
                        + " && pg_restore --use-list=needed.txt --dbname=\"$TARGET\" db/schema.dump");
        // Functions that read tables can't be made yet, and no table here needs them.
        assertThat(run.err().lines().filter(line -> line.contains("ERROR:")))
                .as(run.err())
                .allMatch(line -> line.matches(".*(relation|type) \"?kinds\\.(parent|child)\"? does not exist.*|"
                        + ".*function kinds\\.\\w+.* does not exist.*|.*transaction_timeout.*"));
    }

    private static boolean load(
            UnpackedArchive archive, PostgresServer server, TestDatabase target, Path folder, List<String> errors) {
        String data = Files.exists(folder.resolve("data.sql")) ? " -f data.sql" : "";
        Run run = EveryKind.psql(folder, server, target, " --single-transaction -f schema.sql" + data);
        if (run.exit() != 0) {
            errors.add(folder + ": " + run.err());
        }
        return run.exit() == 0;
    }

    private static List<Path> folders(UnpackedArchive archive) throws IOException {
        try (Stream<Path> files = Files.walk(archive.folder().resolve("db"))) {
            return files.filter(file -> file.endsWith("schema.sql"))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
        }
    }
}
