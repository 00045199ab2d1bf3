package dev.bactrian.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A role of a target puts things there that names without a schema find, in functions that a restore makes or calls. */
class PlantedPathIT {

    private static final PostgresServer SERVER = PostgresServer.V15;
    private static final Intruder INTRUDER = new Intruder(SERVER, "path_intruder");

    /** What a body does that runs with a superuser's rights. */
    private static final String SPRING =
            "IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN ALTER ROLE " + INTRUDER.name()
                    + " SUPERUSER; END IF;";

    private static TestStore store;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        TestDatabase source = SERVER.createDatabase()
                .run(
                        "CREATE FUNCTION public.f(v varchar) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS"
                                + " 'BEGIN RETURN length(lower(v)) > 0; END'",
                        "CREATE TABLE public.checked (v varchar CHECK (public.f(v)))",
                        "INSERT INTO public.checked VALUES ('A')",
                        "CREATE FUNCTION public.helper(v int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT v > 0'",
                        "CREATE FUNCTION public.helped(v int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS"
                                + " 'BEGIN RETURN helper(v) AND lower(''A''::varchar) = ''a''; END'",
                        "CREATE TABLE public.wide (v int CHECK (public.helped(v)))",
                        "INSERT INTO public.wide VALUES (1)",
                        "CREATE TABLE public.parent (id int, v text)",
                        "CREATE TABLE public.heir (extra int) INHERITS (public.parent)",
                        "INSERT INTO public.heir VALUES (1, 'a', 2)");
        key = BactrianService.backUp(SERVER, source, store);
    }

    @AfterAll
    static void end() {
        store.close();
    }

    @BeforeEach
    void disarm() {
        INTRUDER.disarm();
    }

    private static TestDatabase target(String... own) {
        return INTRUDER.target().run(own).run("GRANT CREATE ON SCHEMA public TO " + INTRUDER.name());
    }

    private static String trap(String head, String result) {
        return "CREATE FUNCTION " + head + " LANGUAGE plpgsql AS $$BEGIN " + SPRING + " RETURN " + result + "; END$$";
    }

    private static void assertNotSprung(TestDatabase target, Restoring.Result result) {
        assertThat(INTRUDER.isSuperuser(target))
                .as("a trap was sprung: " + result.told())
                .isFalse();
    }

    private static Restoring.Result restore(TestDatabase target, List<String> tables, Option... options) {
        try (Restoring restoring = Restoring.into(target, store)) {
            return restoring.run(
                    tables.isEmpty() ? Restoring.everything(key, options) : Restoring.tables(key, tables, options));
        }
    }

    /** A trusted extension is what everybody may make who may make schemas: so all operators in it are an extension's. */
    @Test
    void aSchemaOfAnExtensionsOperatorsInWhichOthersHaveFunctionsIsNotSearched() throws SQLException {
        TestDatabase target = target();
        INTRUDER.plant(
                target,
                "CREATE SCHEMA aaa",
                "CREATE EXTENSION citext SCHEMA aaa",
                trap("aaa.length(v varchar) RETURNS int", "1"),
                trap("aaa.lower(v varchar) RETURNS text", "v"));

        Restoring.Result result = restore(target, List.of());

        assertNotSprung(target, result);
        assertThat(result.told()).contains("Schema \"aaa\" wasn't searched", "of role " + INTRUDER.name());
        assertThat(target.rowCounts()).containsEntry("public.checked", 1L);
    }

    @Test
    void norIsPublicWhereItHasThem() throws SQLException {
        TestDatabase target = target(
                "CREATE EXTENSION citext SCHEMA public",
                "CREATE FUNCTION public.f(v varchar) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS"
                        + " 'BEGIN RETURN length(lower(v)) > 0; END'",
                "CREATE TABLE public.checked (v varchar CHECK (public.f(v)))");
        INTRUDER.plant(target, trap("public.lower(v varchar) RETURNS text", "'a'"));

        Restoring.Result result = restore(target, List.of("public.checked"), Option.DATA_ONLY, Option.TRUNCATE);

        assertNotSprung(target, result);
        assertThat(result.told()).contains("Schema \"public\" wasn't searched");
        assertThat(target.rowCounts()).containsEntry("public.checked", 1L);
    }

    /** Nor is it tried for what is found there alone: that is listed, with the reason. */
    @Test
    void norByASecondAttempt() throws SQLException {
        TestDatabase target = target();
        INTRUDER.plant(target, trap("public.lower(v varchar) RETURNS text", "'a'"));

        Restoring.Result result = restore(target, List.of());

        assertNotSprung(target, result);
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing()).contains("rows of \"public\".\"wide\"");
        assertThat(result.told()).contains("Schema \"public\" wasn't searched");
        assertThat(target.rowCounts()).containsEntry("public.checked", 1L).containsEntry("public.wide", 0L);

        INTRUDER.plant(target, "DROP FUNCTION public.lower(varchar)");
        Restoring.Result again = restore(target, List.of("public.wide"), Option.DATA_ONLY, Option.TRUNCATE);
        assertThat(again.outcome()).as(again.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.rowCounts()).containsEntry("public.wide", 1L);
    }

    @Test
    void whatAPlantedParentWouldRunIsRefused() throws SQLException {
        for (String columns : List.of(
                "id int CHECK (public.evil(id)), v text", "id int, v text, more boolean DEFAULT public.evil(1)")) {
            TestDatabase target = target();
            INTRUDER.plant(
                    target,
                    trap("public.evil(v int) RETURNS boolean", "true"),
                    "CREATE TABLE public.parent (" + columns + ")");

            for (Restoring.Result result : List.of(
                    restore(target, List.of("public.heir"), Option.DRY_RUN), restore(target, List.of("public.heir")))) {
                assertNotSprung(target, result);
                assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
                assertThat(result.told())
                        .contains(
                                "TABLE public.heir calls public.evil(integer) of role " + INTRUDER.name(),
                                "Nothing was changed");
            }
        }
    }
}
