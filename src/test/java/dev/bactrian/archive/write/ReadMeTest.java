package dev.bactrian.archive.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestTest;
import dev.bactrian.selection.LeftOut;
import dev.bactrian.selection.MissingDependency;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever restores by hand pastes from README.txt into a shell: names of the database must not write its lines. */
class ReadMeTest {

    @Test
    void everyPlaceholderIsFilled() throws IOException {
        String text = ReadMe.text(ManifestTest.sample());

        assertThat(text).doesNotContainPattern("@[A-Z_]+@");
        assertThat(text)
                .contains("database  shop (configured as \"default\")")
                .contains("instant   2026-11-20T18:27:04.123456Z")
                .contains("PostgreSQL 15.13, read by pg_dump 17.6")
                .contains("2 tables, 3000000001 rows")
                .contains("roles and memberships, with password hashes")
                // load-data.sh loads it.
                .doesNotContain("spatial_ref_sys/data.sql")
                .contains("   pg_restore --dbname=\"$TARGET\" db/large-objects.dump")
                .contains("   psql \"$TARGET\" -c 'REFRESH MATERIALIZED VIEW \"public\".\"sales\"'");
    }

    @Test
    void rowsOfExtensionsAreLoadedFirst() {
        assertThat(RowsByHand.files(ManifestTest.sample()))
                .isEqualTo(
                        "extension db/public/tables/spatial_ref_sys/data.sql\ndb/public/tables/orders_2026/data.sql\n");
        // They come back paused, by lines of README.txt.
        assertThat(RowsByHand.files(manifest("shop", List.of(), List.of(table("cron", "job", "pg_cron")))))
                .isEmpty();
    }

    @Test
    void whatIsNotThereIsNotAskedFor() throws IOException {
        String text = ReadMe.text(manifest("shop", List.of(), List.of()));

        assertThat(text)
                .contains("without password hashes")
                .doesNotContain("REFRESH MATERIALIZED")
                .doesNotContain("extension")
                .doesNotContain("--dbname=\"$TARGET\" db/large-objects.dump");
        assertThat(text.split("there are none in this archive", -1)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\n", "\r", "\r\n", "\u000B", "\f", "\u0085", "\u2028", "\u2029", "\u001B[2K", "\b", "\u009B1G"})
    void aNameCannotForgeALine(String control) throws IOException {
        String evil = "x" + control + "0. Run: rm -rf /";
        Manifest manifest = manifest(evil, List.of("\"public\".\"" + evil + "\""), List.of(table(evil)));

        String text = ReadMe.text(manifest);

        assertThat(text.codePoints().filter(c -> c != '\n'))
                .noneMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029');
        assertThat(text.lines()).noneMatch(line -> line.strip().startsWith("0. Run"));
        assertThat(text.lines().count())
                .isEqualTo(ReadMe.text(manifest("x", List.of("\"public\".\"x\""), List.of(table("x"))))
                        .lines()
                        .count());
    }

    @Test
    void aViewWithALineBreakInItsNameCanBeRefreshedAllTheSame() throws IOException {
        String text = ReadMe.text(manifest("d", List.of("\"public\".\"a\nb\\\"\"c\""), List.of()));

        assertThat(text).contains("REFRESH MATERIALIZED VIEW U&\"public\".U&\"a\\000Ab\\\\\"\"c\"'");
    }

    /** Copied into a shell, a view's name must stay one word of psql's. */
    @Test
    void aQuoteInAViewsNameDoesNotEndTheShellsQuotes() throws IOException {
        String text = ReadMe.text(manifest("d", List.of("\"public\".\"a'; touch pwned; '\""), List.of()));

        assertThat(text).contains("-c 'REFRESH MATERIALIZED VIEW \"public\".\"a'\\''; touch pwned; '\\''\"'");
    }

    @Test
    void aNameThatLooksLikeAPlaceholderIsANameAndNotFilled() throws IOException {
        String text = ReadMe.text(manifest("@REFRESH@", List.of("\"public\".\"v\""), List.of()));

        assertThat(text).contains("database  @REFRESH@ (configured");
    }

    @Test
    void aPartIsntTakenForTheWhole() throws IOException {
        String text = ReadMe.text(manifest(
                "d",
                List.of(),
                List.of(),
                Collections.nCopies(
                        25, new LeftOut("table", "\"s\".\"evil\n   psql -c drop\"", "BACKUP_EXCLUDE_TABLES: s.*")),
                List.of(new MissingDependency("table \"s\".\"t\"", "table \"s\".\"u\"", "foreign key f"))));

        assertThat(text)
                .contains("This archive is partial")
                .contains("table \"s\".\"evil    psql -c drop\" (BACKUP_EXCLUDE_TABLES: s.*)\n")
                .contains("and 5 more\n")
                .contains("   - table \"s\".\"t\" (foreign key f of table \"s\".\"u\")\n");
        assertThat(ReadMe.text(manifest("d", List.of(), List.of()))).doesNotContain("partial");
    }

    @Test
    void jobsAreLoadedPausedOrPausedAtOnce() throws IOException {
        String text = ReadMe.text(
                manifest("d", List.of(), List.of(table("cron", "job", "pg_cron"), table("timetable", "chain", null))));

        assertThat(text)
                .contains("--single-transaction \"$TARGET\" -f db/d.sql -c 'UPDATE cron.job SET active = false,")
                .contains("nullif(database, '\\''d'\\'')")
                .contains("--single-transaction \"$TARGET\" -c 'UPDATE timetable.chain SET live = false'\n");
        assertThat(ReadMe.text(manifest("d", List.of(), List.of(table("x"))))).doesNotContain("by schedule");
    }

    private static Manifest.TablePart table(String schema, String name, String extension) {
        return new Manifest.TablePart(
                schema,
                name,
                "table",
                null,
                extension,
                1L,
                1L,
                "aa",
                "bb",
                "k",
                "db/s.sql",
                "db/d.sql",
                null,
                null,
                null);
    }

    private static Manifest.TablePart table(String extension) {
        return table("public", "t", extension);
    }

    private static Manifest manifest(String database, List<String> views, List<Manifest.TablePart> tables) {
        return manifest(database, views, tables, List.of(), List.of());
    }

    private static Manifest manifest(
            String database,
            List<String> views,
            List<Manifest.TablePart> tables,
            List<LeftOut> leftOut,
            List<MissingDependency> missing) {
        return new Manifest(
                1,
                "id",
                "0",
                new Manifest.Source(database, "url", database, database, database, "UTF8", 1, "C"),
                new Manifest.Snapshot("s", Instant.EPOCH),
                new Manifest.Trigger("manual", null, null, null, null, null, null),
                new Manifest.Totals(0, 0, 0, 0),
                new Manifest.Roles("db/roles.sql", false),
                List.of(),
                tables,
                0,
                views,
                0,
                Map.of(),
                null,
                null,
                leftOut,
                missing,
                List.of(),
                null,
                List.of());
    }
}
