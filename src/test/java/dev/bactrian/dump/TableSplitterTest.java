package dev.bactrian.dump;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.TableRows;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.instant.Reading;
import dev.bactrian.dump.plan.DumpGroup;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.dump.plan.SupabaseParts;
import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.postgres.SupabaseTables;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.script.CopyReaderTest;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.selection.Selection;
import dev.bactrian.testing.SampleRun;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The output of one pg_dump becomes files of several tables: all that were asked for, whole, and no others. */
class TableSplitterTest {

    private static final Table A = table(1, "a");
    private static final Table WEIRD = table(2, "we\"ird\nname");
    private static final Table EMPTY = table(3, "empty");
    private static final Table ZERO = table(4, "zero");
    private static final List<Table> ALL = List.of(A, WEIRD, EMPTY, ZERO);

    @TempDir
    private Path folder;

    private ArchiveContents contents = new ArchiveContents();
    private BackupRun run;
    private Archive archive;

    @BeforeEach
    void begin() {
        run = SampleRun.in(folder);
        archive = new Archive(folder, 0, Instant.EPOCH);
    }

    @Test
    void everyTableBecomesAScriptThatLoadsIt() throws IOException, SQLException {
        split(stream(CopyReaderTest.OUTPUT), ALL, "UTF8");
        archive.finish();

        try (ZipInputStream zip = new ZipInputStream(archive.stream())) {
            ZipEntry first = zip.getNextEntry();
            assertThat(first.getName()).isEqualTo("db/public/tables/a/data.sql");
            assertThat(new String(zip.readAllBytes(), UTF_8))
                    .startsWith("SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n")
                    .contains("\n\nCOPY \"public\".\"a\" (\"id\", \"t\") FROM stdin;\n1\tx\n")
                    .contains("\näöü €\n\\.\nSET LOCAL ")
                    .endsWith("COMMIT;\n");
            assertThat(zip.getNextEntry().getName()).isEqualTo("db/public/tables/we%22ird%0Aname/data.sql");
        }
        assertThat(contents.data(A.oid())).get().extracting(TableRows::rows).isEqualTo(11L);
        assertThat(contents.data(ZERO.oid())).get().extracting(TableRows::rows).isEqualTo(2L);
        assertThat(contents.data(EMPTY.oid()))
                .get()
                .extracting(TableRows::rowDigest)
                .isEqualTo("0000000000000000");
        assertThat(run.getProgress().getTablesDone()).isEqualTo(4);
        assertThat(run.getProgress().getBytesDone()).isPositive();
    }

    @Test
    void bytesWithoutAnEncodingAreSaidToHaveNone() throws IOException, SQLException {
        split(stream(CopyReaderTest.OUTPUT), ALL, "SQL_ASCII");
        archive.finish();

        assertThat(new String(
                        new ZipInputStream(archive.stream()) {
                            {
                                getNextEntry();
                            }
                        }.readAllBytes(),
                        UTF_8))
                .startsWith("SET client_encoding = 'SQL_ASCII';");
    }

    @Test
    void aTableThatIsMissingFromTheOutputIsAnError() {
        Table lost = table(9, "lost");

        assertThatThrownBy(() -> split(stream(CopyReaderTest.OUTPUT), List.of(A, WEIRD, EMPTY, ZERO, lost), "UTF8"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("left out \"public\".\"lost\"");
    }

    @Test
    void aTableThatNobodyAskedForIsAnError() {
        assertThatThrownBy(() -> split(stream(CopyReaderTest.OUTPUT), List.of(A), "UTF8"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("wasn't requested");
    }

    @Test
    void aTableThatComesTwiceIsAnError() {
        String once = "COPY \"public\".\"a\" (\"id\") FROM stdin;\n1\n\\.\n";

        assertThatThrownBy(() -> split(stream(once + once), List.of(A), "UTF8")).isInstanceOf(IOException.class);
    }

    /** Wherever pg_dump's output breaks off, the tables are either all whole or the step fails. */
    @Test
    void outputThatBreaksOffNeverSucceeds() {
        byte[] output = CopyReaderTest.OUTPUT.getBytes(UTF_8);
        int whole = CopyReaderTest.OUTPUT
                .substring(0, CopyReaderTest.OUTPUT.lastIndexOf("\\.\n") + 3)
                .getBytes(UTF_8)
                .length;
        for (int length = 0; length < whole; length++) {
            begin(length);
            InputStream cut = new ByteArrayInputStream(Arrays.copyOf(output, length));

            Throwable failure = catchThrowable(() -> split(cut, ALL, "UTF8"));

            assertThat(failure)
                    .as("%s of %s bytes", length, output.length)
                    .isInstanceOfAny(IOException.class, ProblemException.class);
        }
    }

    @Test
    void aFailingProgramIsAFailureEvenWhenAllTablesHaveArrived() {
        InputStream failing = new java.io.SequenceInputStream(stream(CopyReaderTest.OUTPUT), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("exit code 1");
            }
        });

        assertThatThrownBy(() -> split(failing, ALL, "UTF8")).hasMessage("exit code 1");
    }

    /** A program whose output nobody reads any more would wait for ever, and its lane with it. */
    @Test
    void theProgramIsEndedWhenItsOutputIsRefused() {
        AtomicBoolean closed = new AtomicBoolean();
        InputStream output = new ByteArrayInputStream("DROP TABLE a;\n".getBytes(UTF_8)) {
            @Override
            public void close() {
                closed.set(true);
            }
        };

        assertThatThrownBy(() -> split(output, ALL, "UTF8")).isInstanceOf(IOException.class);
        assertThat(closed).isTrue();
    }

    /** Of a database that nothing changes. */
    private static final Reading UNDISTURBED = new Reading() {
        @Override
        public List<Table> inPlace() {
            return ALL;
        }

        @Override
        public List<Table> elsewhere() {
            return List.of();
        }

        @Override
        public void locked() {}

        @Override
        public void ended() {}

        @Override
        public void explain(Throwable failure) {}
    };

    private void begin(int number) {
        archive = new Archive(folder.resolve("a" + number), 0, Instant.EPOCH);
        contents = new ArchiveContents();
    }

    private void split(InputStream output, List<Table> tables, String encoding) throws IOException, SQLException {
        ServerInfo server =
                new ServerInfo(150013, "15.13", "shop", "backup", encoding, 0, Instant.EPOCH, false, 0, false);
        Plan plan = new Plan(
                server,
                List.of(),
                tables,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Selection.everything(),
                SupabaseParts.of(SupabaseTables.NONE, Selection.everything()),
                List.of(),
                List.of());
        new TableSplitter(stream -> stream)
                .split(output, new DumpGroup(tables), UNDISTURBED, run, plan, archive, contents);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static Table table(long oid, String name) {
        return new Table(oid, "public", name, "r", "p", 0, null, null);
    }
}
