package dev.bactrian.dump.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a role can't read ends the backup, in words that say what to run. */
class ReadAccessTest {

    @Test
    void aTableThatCannotBeReadIsNamedWithTheGrant() {
        assertThat(explain(List.of(row("table", "billing", "card")), "backup"))
                .isEqualTo("Cannot read table \"billing\".\"card\": role backup doesn't have SELECT."
                        + " Run as the owner or a superuser: GRANT pg_read_all_data TO \"backup\";");
    }

    @Test
    void aSchemaLacksUsage() {
        assertThat(explain(List.of(row("schema", "hidden", null)), "backup"))
                .startsWith("Cannot read schema \"hidden\": role backup doesn't have USAGE.");
    }

    @Test
    void aSequenceLacksSelect() {
        assertThat(explain(List.of(row("sequence", "s", "n")), "backup"))
                .startsWith("Cannot read sequence \"s\".\"n\": role backup doesn't have SELECT.");
    }

    @Test
    void hiddenRowsNeedAnotherRemedy() {
        assertThat(explain(List.of(row("row security", "public", "orders")), "back\"up"))
                .startsWith("Row level security hides rows of \"public\".\"orders\" from role back\"up, which doesn't "
                        + "have BYPASSRLS.")
                .endsWith("ALTER ROLE \"back\"\"up\" BYPASSRLS;");
    }

    @Test
    void manyAreCountedAndNotAllListed() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            rows.add(row("table", "s", "t" + i));
        }
        rows.add(row("sequence", "s", "other"));

        assertThat(explain(rows, "r"))
                .contains("\"s\".\"t4\" and 3 more: role")
                .doesNotContain("t5")
                .doesNotContain("other");
        assertThat(explain(rows.subList(0, 5), "r"))
                .contains("\"s\".\"t4\": role")
                .doesNotContain("more");
    }

    @Test
    void nothingRefusedIsNoRefusal() {
        ServerInfo server = new ServerInfo(150013, "15.13", "d", "backup", "UTF8", 0, Instant.EPOCH, false, 0, false);

        assertThatCode(() -> new ReadAccess().check(List.of(), server, null)).doesNotThrowAnyException();
        assertThatThrownBy(() -> new ReadAccess().check(List.of(row("table", "s", "t")), server, null))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("role backup doesn't have SELECT");
    }

    private static String explain(List<Map<String, Object>> rows, String role) {
        return ReadAccess.explain(rows, role).orElseThrow().getMessage();
    }

    private static Map<String, Object> row(String kind, String schema, String name) {
        Map<String, Object> row = new HashMap<>();
        row.put("kind", kind);
        row.put("schema", schema);
        row.put("name", name);
        return row;
    }
}
