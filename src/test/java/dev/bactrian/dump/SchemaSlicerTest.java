package dev.bactrian.dump;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.dump.plan.SupabaseParts;
import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.postgres.SupabaseTables;
import dev.bactrian.postgres.Table;
import dev.bactrian.selection.Selection;
import dev.bactrian.testing.SampleRun;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each table's schema.sql must hold all that belongs to the table, and nothing that somebody else wrote. */
class SchemaSlicerTest {

    private static final long PG_CLASS = 1259;
    private static final long A = 16386;
    private static final long B = 16394;
    private static final long PARENT = 16400;
    private static final long PART = 16403;

    /** As pg_restore 15 and 17 print it; the function's owner wrote the function's body. */
    private static final String SCRIPT =
            """
            --
            -- PostgreSQL database dump
            --

            \\restrict OEb9GFsQyiQ8W5kJ5Yu5xwUq6VpdgSGHExDPffsLA2QoaRqtowVxNAwkJ0jlKNI

            -- Started on 2026-11-20 18:44:05 UTC

            SET client_encoding = 'UTF8';
            SET standard_conforming_strings = on;
            SELECT pg_catalog.set_config('search_path', '', false);

            --
            -- TOC entry 223 (class 1255 OID 16408)
            -- Name: evil(); Type: FUNCTION; Schema: public; Owner: nobody
            -- Data Pos: 0
            --

            CREATE FUNCTION public.evil() RETURNS integer
                LANGUAGE plpgsql
                AS $$
            begin
            --
            -- TOC entry 214 (class 1259 OID 16386)
            -- Name: a; Type: TABLE; Schema: public; Owner: postgres
            --
            perform 'it''s "quoted';
            ALTER ROLE nobody SUPERUSER;
            end $$;


            ALTER FUNCTION public.evil() OWNER TO nobody;

            SET default_tablespace = '';

            SET default_table_access_method = heap;

            --
            -- TOC entry 214 (class 1259 OID 16386)
            -- Name: a; Type: TABLE; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            CREATE TABLE public.a (
                id integer NOT NULL,
                t text DEFAULT 'x\r
            y'::text
            );


            ALTER TABLE public.a OWNER TO postgres;

            --
            -- TOC entry 3387 (class 0 OID 0)
            -- Dependencies: 214
            -- Name: TABLE a; Type: COMMENT; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            COMMENT ON TABLE public.a IS 'line one
            --
            -- TOC entry 215 (class 1259 OID 16394)
            -- it''s $$ the comment''s end';


            SET default_tablespace = fast;

            --
            -- TOC entry 215 (class 1259 OID 16394)
            -- Name: b; Type: TABLE; Schema: public; Owner: postgres; Tablespace: fast
            -- Data Pos: 0
            --

            CREATE TABLE public.b (
                id integer NOT NULL
            );


            SET default_tablespace = '';

            --
            -- TOC entry 216 (class 1259 OID 16400)
            -- Name: p; Type: TABLE; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            CREATE TABLE public.p (
                d date
            )
            PARTITION BY RANGE (d);


            --
            -- TOC entry 217 (class 1259 OID 16403)
            -- Dependencies: 216
            -- Name: p1; Type: TABLE; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            CREATE TABLE public.p1 (
                d date
            );


            --
            -- TOC entry 3224 (class 0 OID 0)
            -- Dependencies: 217 216
            -- Name: p1; Type: TABLE ATTACH; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            ALTER TABLE ONLY public.p ATTACH PARTITION public.p1 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');


            --
            -- TOC entry 3228 (class 2606 OID 16393)
            -- Dependencies: 214
            -- Name: a a_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            ALTER TABLE ONLY public.a
                ADD CONSTRAINT a_pkey PRIMARY KEY (id);


            SET default_tablespace = fast;

            --
            -- TOC entry 3231 (class 2606 OID 16398)
            -- Dependencies: 215
            -- Name: b b_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres; Tablespace: fast
            -- Data Pos: 0
            --

            ALTER TABLE ONLY public.b
                ADD CONSTRAINT b_pkey PRIMARY KEY (id);


            SET default_tablespace = '';

            --
            -- TOC entry 3229 (class 1259 OID 16399)
            -- Dependencies: 214
            -- Name: a_t; Type: INDEX; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            CREATE INDEX a_t ON public.a USING btree (t);


            --
            -- TOC entry 3230 (class 1259 OID 16410)
            -- Dependencies: 215
            -- Name: b_slow; Type: INDEX; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            CREATE INDEX b_slow ON public.b USING btree (id);


            --
            -- TOC entry 3232 (class 1259 OID 16406)
            -- Dependencies: 216
            -- Name: p_i; Type: INDEX; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            CREATE INDEX p_i ON ONLY public.p USING btree (d);


            --
            -- TOC entry 3233 (class 1259 OID 16407)
            -- Dependencies: 3232 217 217
            -- Name: p1_i; Type: INDEX; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            CREATE INDEX p1_i ON public.p1 USING btree (d);


            --
            -- TOC entry 3234 (class 0 OID 0)
            -- Dependencies: 3233 3232 217 216
            -- Name: p1_i; Type: INDEX ATTACH; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            ALTER INDEX public.p_i ATTACH PARTITION public.p1_i;


            --
            -- TOC entry 3235 (class 2620 OID 16419)
            -- Dependencies: 224 214
            -- Name: a tr; Type: TRIGGER; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            CREATE TRIGGER tr BEFORE INSERT ON public.a FOR EACH ROW EXECUTE FUNCTION public.f();


            --
            -- TOC entry 3391 (class 0 OID 0)
            -- Dependencies: 3235
            -- Name: TRIGGER tr ON a; Type: COMMENT; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            COMMENT ON TRIGGER tr ON public.a IS 'tt';


            --
            -- TOC entry 3378 (class 0 OID 16386)
            -- Dependencies: 214
            -- Name: a; Type: ROW SECURITY; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            ALTER TABLE public.a ENABLE ROW LEVEL SECURITY;

            --
            -- TOC entry 3389 (class 0 OID 0)
            -- Dependencies: 214
            -- Name: TABLE a; Type: ACL; Schema: public; Owner: postgres
            -- Data Pos: 0
            --

            GRANT SELECT ON TABLE public.a TO reader;


            --
            -- TOC entry 3400 (class 0 OID 0)
            -- Dependencies: 223
            -- Name: FUNCTION evil(); Type: ACL; Schema: public; Owner: nobody
            -- Data Pos: 0
            --

            REVOKE ALL ON FUNCTION public.evil() FROM PUBLIC;


            -- Completed on 2026-11-20 18:44:05 UTC

            --
            -- PostgreSQL database dump complete
            --

            \\unrestrict OEb9GFsQyiQ8W5kJ5Yu5xwUq6VpdgSGHExDPffsLA2QoaRqtowVxNAwkJ0jlKNI

            """;

    @TempDir
    private Path folder;

    @Test
    void everythingThatBelongsToATableIsInItsFileInOrder() throws IOException {
        assertThat(slice().get("a"))
                .containsSubsequence(
                        "SET client_encoding = 'UTF8';",
                        "SELECT pg_catalog.set_config('search_path', '', false);",
                        "CREATE TABLE public.a (",
                        "ALTER TABLE public.a OWNER TO postgres;",
                        "COMMENT ON TABLE public.a",
                        "ADD CONSTRAINT a_pkey PRIMARY KEY (id);",
                        "CREATE INDEX a_t ON public.a",
                        "CREATE TRIGGER tr BEFORE INSERT ON public.a",
                        "COMMENT ON TRIGGER tr ON public.a",
                        "ALTER TABLE public.a ENABLE ROW LEVEL SECURITY;",
                        "GRANT SELECT ON TABLE public.a TO reader;");
    }

    @Test
    void nothingOfOtherObjectsIsInATablesFile() throws IOException {
        Map<String, String> slices = slice();

        assertThat(slices.keySet()).containsExactly("a", "b", "p", "p1");
        assertThat(slices.get("a")).doesNotContain("public.b", "public.p");
        assertThat(slices.get("b")).doesNotContain("public.a", "public.p");
        assertThat(slices.values()).noneMatch(text -> text.contains("FUNCTION public.evil"));
    }

    /** Who owns a function writes its body: a header in it would make that text SQL that a restorer runs. */
    @Test
    void aFunctionsBodyCannotSmuggleStatementsIntoATablesFile() throws IOException {
        assertThat(slice().values()).noneMatch(text -> text.contains("SUPERUSER"));
    }

    @Test
    void aCommentStaysWholeEvenWhenItLooksLikeAHeader() throws IOException {
        Map<String, String> slices = slice();

        assertThat(slices.get("a"))
                .contains("COMMENT ON TABLE public.a IS 'line one\n--\n-- TOC entry 215 (class 1259 OID 16394)\n"
                        + "-- it''s $$ the comment''s end';\n");
        assertThat(slices.get("b")).doesNotContain("comment");
    }

    @Test
    void carriageReturnsInValuesStay() throws IOException {
        assertThat(slice().get("a")).contains("t text DEFAULT 'x\r\ny'::text");
    }

    /** Text of an SQL_ASCII database has no encoding: it is bytes, and must come out as it went in. */
    @Test
    void bytesThatAreNoTextInAnyEncodingStay() throws IOException {
        String script = SCRIPT.replace("'tt'", "'caf\u00E9 \u0080\u00FF $\u00E9$'");

        Map<String, byte[]> slices = sliceBytes(script.getBytes(ISO_8859_1), plan(tables(), "SQL_ASCII"));

        assertThat(new String(slices.get("a"), ISO_8859_1))
                .startsWith("SET client_encoding = 'SQL_ASCII';\n")
                .contains("IS 'caf\u00E9 \u0080\u00FF $\u00E9$';\n")
                .contains("GRANT SELECT ON TABLE public.a");
    }

    /** A database with many tables must not be slow, nor fill the heap with the whole script. */
    @Test
    void thousandsOfTablesAreCutInOneQuickPass() throws IOException {
        int count = 5000;
        List<Table> tables = IntStream.range(0, count)
                .mapToObj(i -> table(i * 3L, "t" + i, null))
                .toList();
        StringBuilder script = new StringBuilder();
        IntStream.range(0, count).forEach(i -> script.append(object(i * 3, PG_CLASS, i * 3, "TABLE t" + i)));
        IntStream.range(0, count).forEach(i -> script.append(object(i * 3 + 1, PG_CLASS, i * 3 + 1, "INDEX t" + i)));
        IntStream.range(0, count).forEach(i -> script.append(object(i * 3 + 2, 2606, i * 3 + 2, "PKEY t" + i)));
        Map<Plan.ObjectId, Long> objects = new HashMap<>();
        for (long oid = 0; oid < count * 3L; oid++) {
            objects.put(new Plan.ObjectId(oid % 3 == 2 ? 2606 : PG_CLASS, oid), oid / 3 * 3);
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();

        Map<String, byte[]> slices = sliceBytes(script.toString().getBytes(UTF_8), plan(tables, objects, "UTF8"));

        // Less than a second on a machine of 2020, warming up included.
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - before)).isLessThan(Duration.ofSeconds(8));
        assertThat(slices).hasSize(count);
        assertThat(new String(slices.get("t4999"), UTF_8))
                .containsSubsequence("CREATE TABLE t4999 ", "CREATE INDEX t4999 ", "CREATE PKEY t4999 ")
                .doesNotContain("t4998");
    }

    private static String object(int entry, long catalog, int oid, String what) {
        return "--\n-- TOC entry " + entry + " (class " + catalog + " OID " + oid
                + ")\n-- Name: x\n-- Data Pos: 0\n--\n\n"
                + "CREATE " + what + " (\n"
                + "    a_column_of_the_table character varying(80) DEFAULT 'x'::text NOT NULL,\n".repeat(10)
                + ");\n\n\nALTER " + what + " OWNER TO postgres;\n\n";
    }

    /** Loaded before or without its parent's, the part's file is what attaches it. */
    @Test
    void attachingAPartitionBelongsToThePart() throws IOException {
        Map<String, String> slices = slice();

        assertThat(slices.get("p1"))
                .containsSubsequence(
                        "CREATE TABLE public.p1 (",
                        "CREATE INDEX p1_i",
                        "ATTACH PARTITION public.p1 ",
                        "ALTER INDEX public.p_i ATTACH PARTITION public.p1_i;");
        assertThat(slices.get("p")).contains("CREATE INDEX p_i").doesNotContain("ATTACH");
    }

    /** A partition of a partition mentions both that are above it, as pg_dump 17 prints it for primary keys. */
    @Test
    void attachingBelongsToTheLowestOfSeveralLevels() throws IOException {
        long below = 16600;
        String script = SCRIPT.replace(
                "-- Completed on",
                """
                --
                -- TOC entry 3300 (class 1259 OID 16600)
                -- Dependencies: 217
                -- Name: p1a; Type: TABLE; Schema: public; Owner: postgres
                --

                CREATE TABLE public.p1a ();

                --
                -- TOC entry 3301 (class 0 OID 0)
                -- Dependencies: 3233 3232 217 3300 217
                -- Name: p1a_i; Type: INDEX ATTACH; Schema: public; Owner: postgres
                --

                ALTER INDEX public.p1_i ATTACH PARTITION public.p1a_i;

                -- Completed on""");
        List<Table> tables = new ArrayList<>(tables());
        tables.add(new Table(below, "public", "p1a", "r", "p", 0, PART, null));

        Map<String, String> slices = slice(script, plan(tables));

        assertThat(slices.get("p1a")).contains("ALTER INDEX public.p1_i ATTACH PARTITION public.p1a_i;");
        assertThat(slices.get("p1")).doesNotContain("p1a_i");
    }

    @Test
    void attachingBelongsToThePartInWhateverOrderTheTwoAreMentioned() throws IOException {
        String script = SCRIPT.replace("-- Dependencies: 217 216", "-- Dependencies: 216 217")
                .replace("3233 3232 217 216", "3232 3233 216 217");

        assertThat(slice(script, plan(tables()))).isEqualTo(slice());
    }

    /** pg_restore prints the setting only when it changes, which may be in the text of another object. */
    @Test
    void eachObjectIsMadeInItsOwnTablespace() throws IOException {
        Map<String, String> slices = slice();

        assertThat(tablespaces(slices.get("a")))
                .isEqualTo(Map.of("CREATE TABLE", "''", "ADD CONSTRAINT", "''", "CREATE INDEX", "''"));
        assertThat(tablespaces(slices.get("b")))
                .isEqualTo(Map.of("CREATE TABLE", "fast", "ADD CONSTRAINT", "fast", "CREATE INDEX", "''"));
        assertThat(tablespaces(slices.get("p"))).isEqualTo(Map.of("CREATE TABLE", "''", "CREATE INDEX", "''"));
        assertThat(tablespaces(slices.get("p1"))).isEqualTo(Map.of("CREATE TABLE", "''", "CREATE INDEX", "''"));
    }

    /** What is usual everywhere needn't be set: a server without such a tablespace could not load the file. */
    @Test
    void aTableInTheUsualPlaceSaysNothingOfIt() throws IOException {
        for (String table : List.of("a", "p", "p1")) {
            assertThat(slice().get(table)).doesNotContain("default_tablespace", "default_table_access_method");
        }
    }

    @Test
    void anotherAccessMethodIsSet() throws IOException {
        String script = SCRIPT.replace(
                "SET default_table_access_method = heap;", "SET default_table_access_method = columnar;");

        assertThat(slice(script, plan(tables())).values()).allSatisfy(text -> assertThat(text)
                .containsSubsequence("SET default_table_access_method = columnar;", "CREATE TABLE"));
    }

    /** Were a quote misread, headers would be missed, and what belongs to tables would be lost without a word. */
    @Test
    void aScriptThatEndsInsideAQuoteIsAnError() {
        assertThatThrownBy(() -> slice(SCRIPT + "COMMENT ON TABLE public.a IS 'open\n", plan(tables())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("inside a quoted text");
    }

    @Test
    void aTableWithoutADefinitionIsAnErrorThatNamesIt() {
        Plan plan = plan(List.of(table(99, "lost", null)));

        assertThatThrownBy(() -> slice(SCRIPT, plan))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no definition of \"public\".\"lost\"");
    }

    @Test
    void aTableOfAnExtensionIsMadeByItsExtension() throws IOException {
        Plan plan = plan(List.of(table(99, "spatial_ref_sys", "post\"gis")));

        assertThat(slice(SCRIPT, plan).get("spatial_ref_sys"))
                .endsWith("CREATE EXTENSION IF NOT EXISTS \"post\"\"gis\";\n");
    }

    @Test
    void theContentsTellEachTablesFile() throws IOException {
        ArchiveContents contents = new ArchiveContents();
        BackupRun run = SampleRun.in(folder);
        new SchemaSlicer(stream -> stream)
                .slice(stream(SCRIPT), run, plan(tables()), new Archive(folder, 0, Instant.EPOCH), contents);

        assertThat(contents.schema(A).map(ArchiveContents.Schema::entry)).contains("db/public/tables/a/schema.sql");
        assertThat(contents.schema(PART).map(ArchiveContents.Schema::entry)).contains("db/public/tables/p1/schema.sql");
        assertThat(contents.schema(A).orElseThrow().sha256()).matches("[0-9a-f]{64}");
        assertThat(contents.schema(1)).isEmpty();
    }

    /** The tablespace in force where each kind of object is made. */
    private static Map<String, String> tablespaces(String script) {
        Map<String, String> found = new HashMap<>();
        String now = "''";
        for (String line : script.split("\n", -1)) {
            if (line.startsWith("SET default_tablespace = ")) {
                now = line.substring("SET default_tablespace = ".length()).replace(";", "");
            }
            for (String object : List.of("CREATE TABLE", "ADD CONSTRAINT", "CREATE INDEX")) {
                if (line.strip().startsWith(object)) {
                    found.put(object, now);
                }
            }
        }
        return found;
    }

    private Map<String, String> slice() throws IOException {
        return slice(SCRIPT, plan(tables()));
    }

    private Map<String, String> slice(String script, Plan plan) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        sliceBytes(script.getBytes(UTF_8), plan).forEach((table, bytes) -> texts.put(table, new String(bytes, UTF_8)));
        return texts;
    }

    private Map<String, byte[]> sliceBytes(byte[] script, Plan plan) throws IOException {
        Archive archive = new Archive(folder, 0, Instant.EPOCH);
        // Read meanwhile, as by the store: what nobody reads fills the pipe.
        CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> readAll(archive.stream()));
        new SchemaSlicer(stream -> stream)
                .slice(new ByteArrayInputStream(script), SampleRun.in(folder), plan, archive, new ArchiveContents());
        archive.finish();
        Map<String, byte[]> slices = new TreeMap<>();
        try (ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(read.join()))
                .get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                String table = entry.getName().replaceAll("^db/public/tables/|/schema\\.sql$", "");
                slices.put(table, zip.getInputStream(entry).readAllBytes());
            }
        }
        return slices;
    }

    private static byte[] readAll(InputStream in) {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteArrayInputStream stream(String script) {
        return new ByteArrayInputStream(script.getBytes(UTF_8));
    }

    private static List<Table> tables() {
        return List.of(
                table(A, "a", null),
                table(B, "b", null),
                table(PARENT, "p", null),
                new Table(PART, "public", "p1", "r", "p", 0, PARENT, null));
    }

    private static Table table(long oid, String name, String extension) {
        return new Table(oid, "public", name, "r", "p", 0, null, extension);
    }

    private static Plan plan(List<Table> tables) {
        return plan(tables, "UTF8");
    }

    private static Plan plan(List<Table> tables, String encoding) {
        Map<Plan.ObjectId, Long> objects = new HashMap<>();
        tables.forEach(table -> objects.put(new Plan.ObjectId(PG_CLASS, table.oid()), table.oid()));
        objects.put(new Plan.ObjectId(2606, 16393), A);
        objects.put(new Plan.ObjectId(PG_CLASS, 16399), A);
        objects.put(new Plan.ObjectId(2620, 16419), A);
        objects.put(new Plan.ObjectId(2606, 16398), B);
        objects.put(new Plan.ObjectId(PG_CLASS, 16410), B);
        objects.put(new Plan.ObjectId(PG_CLASS, 16406), PARENT);
        objects.put(new Plan.ObjectId(PG_CLASS, 16407), PART);
        return plan(tables, objects, encoding);
    }

    private static Plan plan(List<Table> tables, Map<Plan.ObjectId, Long> objects, String encoding) {
        ServerInfo server =
                new ServerInfo(150013, "15.13", "shop", "backup", encoding, 0, Instant.EPOCH, false, 0, false);
        return new Plan(
                server,
                List.of(),
                tables,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                objects,
                Selection.everything(),
                SupabaseParts.of(SupabaseTables.NONE, Selection.everything()),
                List.of(),
                List.of());
    }
}
