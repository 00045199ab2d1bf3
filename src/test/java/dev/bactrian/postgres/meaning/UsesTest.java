package dev.bactrian.postgres.meaning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.archive.UsesFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UsesTest {

    private static final Definition VIEW = new Definition("rule", "app", "odd \"name\"\n\u00e9", Definition.QUERY);
    private static final Definition CHECK = new Definition("constraint", "Left out", "t", "c");
    private static final Use OPERATOR = new Use("operator", "ext", "=", "ext.citext, ext.citext", "citext");
    private static final Use FUNCTION = new Use("function", "app", "f", "app.pair, \"app x\".t, integer", "");

    private static Uses uses() {
        Uses uses = new Uses();
        uses.add(VIEW, OPERATOR);
        uses.add(VIEW, FUNCTION);
        uses.add(CHECK, OPERATOR);
        return uses;
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        String file = UsesFile.write(uses(), definition -> !"Left out".equals(definition.schema()));

        Uses read = UsesFile.read(file.getBytes(StandardCharsets.UTF_8));

        assertThat(read.definitions()).containsExactly(VIEW);
        assertThat(read.of(VIEW)).containsExactly(OPERATOR, FUNCTION);
        assertThat(file).doesNotContain("Left out").hasLineCount(3);
    }

    @Test
    void nothingUsedIsAFileToo() throws IOException {
        assertThat(UsesFile.read(UsesFile.write(new Uses(), all -> true).getBytes(StandardCharsets.UTF_8))
                        .definitions())
                .isEmpty();
    }

    @Test
    void anythingElseIsRefused() {
        assertThatThrownBy(() -> UsesFile.read("[{\"kind\":\"rule\"}]".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("schema");
        assertThatThrownBy(() -> UsesFile.read("[{".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void anotherSchemaIsAnotherNameForTheSame() {
        Uses moved = uses().inSchema("app", "Saved");

        assertThat(moved.definitions()).containsExactly(VIEW.inSchema("Saved"));
        assertThat(moved.of(VIEW.inSchema("Saved")))
                .containsExactly(
                        OPERATOR, new Use("function", "Saved", "f", "\"Saved\".pair, \"app x\".t, integer", ""));
    }

    @Test
    void schemasOfOperatorsAreThoseOfTheAskedDefinitions() {
        assertThat(uses().operatorSchemas(Set.of(VIEW))).containsExactly("ext");
        assertThat(uses().operatorSchemas(Set.of())).isEmpty();
    }
}
