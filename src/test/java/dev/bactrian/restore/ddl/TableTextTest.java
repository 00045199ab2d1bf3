package dev.bactrian.restore.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTextTest {

    @Test
    void columnsAndConstraintsAreToldApart() {
        TableText text = TableText.of(
                """
                CREATE TABLE app."odd (table" (
                    id integer NOT NULL,
                    "a, b" text DEFAULT 'x, (y'::text,
                    amount numeric(10,2) DEFAULT (1 + 2),
                    "constraint" text,
                    CONSTRAINT "over, zero" CHECK ((amount > (0)::numeric)),
                    CONSTRAINT plain CHECK (true)
                );

                ALTER TABLE ONLY app."odd (table" FORCE ROW LEVEL SECURITY;
                """);

        assertThat(text.columns()).containsOnlyKeys("id", "a, b", "amount", "constraint");
        assertThat(text.columns()).containsEntry("amount", "amount numeric(10,2) DEFAULT (1 + 2)");
        assertThat(text.constraints()).containsOnlyKeys("over, zero", "plain");
        assertThat(text.parents()).isEmpty();
        assertThat(text.typed()).isFalse();
        assertThat(text.forced()).isTrue();
    }

    @Test
    void columnsThatMayReferToLargeObjectsAreFound() {
        assertThat(TableText.of(
                                "CREATE TABLE a.b (\n    id integer,\n    body oid NOT NULL,\n    thumb public.lo,\n    lo text\n);\n")
                        .objectColumns())
                .containsExactly("body", "thumb");
    }

    @Test
    void parentsAreRead() {
        TableText text =
                TableText.of("CREATE TABLE app.dog (\n    tail integer\n)\nINHERITS (app.animal, \"B\".\"x.y\");\n");

        assertThat(text.columns()).containsOnlyKeys("tail");
        assertThat(text.parents()).containsExactly(List.of("app", "animal"), List.of("B", "x.y"));
        assertThat(text.forced()).isFalse();
    }

    @Test
    void tablesWithoutColumnsOfTheirOwnAreRead() {
        assertThat(TableText.of("CREATE TABLE app.none (\n);\n").columns()).isEmpty();
        assertThat(TableText.of("CREATE TABLE app.typed OF app.kind;\n").typed())
                .isTrue();
        assertThat(TableText.of("CREATE TABLE app.heir (\n)\nINHERITS (app.animal);\n")
                        .parents())
                .containsExactly(List.of("app", "animal"));
        assertThat(TableText.of("").columns()).isEmpty();
    }
}
