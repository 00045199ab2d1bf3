package dev.bactrian.restore.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableRightsTest {

    private static List<String> beyond(String some, String others) {
        return TableRights.of(List.of(some)).beyond(TableRights.of(List.of(others))).stream()
                .map(TableRights.Right::text)
                .toList();
    }

    @Test
    void whatOneGivesAndAnotherDoesntIsFound() {
        assertThat(beyond(
                        "GRANT SELECT,INSERT ON TABLE app.t TO clerk;\nGRANT SELECT ON TABLE app.t TO \"Odd TO; Role\";\n",
                        "GRANT INSERT ON TABLE app.t TO clerk;\n"))
                .containsExactly("SELECT for Odd TO; Role", "SELECT for clerk");
        assertThat(beyond("GRANT ALL ON TABLE app.t TO a;", "GRANT SELECT,INSERT,UPDATE,DELETE ON TABLE app.t TO a;"))
                .containsExactly("REFERENCES for a", "TRIGGER for a", "TRUNCATE for a");
        assertThat(beyond("REVOKE ALL ON TABLE app.t FROM a;", "")).isEmpty();
    }

    @Test
    void rightsOfAllRolesAndOfAllColumnsCoverThoseOfSome() {
        String columns = "GRANT SELECT(id,\"a, b\"),UPDATE(id) ON TABLE app.t TO clerk;";
        assertThat(beyond(columns, "GRANT SELECT ON TABLE app.t TO PUBLIC;"))
                .containsExactly("UPDATE of column \"id\" for clerk");
        assertThat(beyond("GRANT SELECT ON TABLE app.t TO clerk;", columns)).containsExactly("SELECT for clerk");
        assertThat(beyond("GRANT SELECT ON TABLE app.t TO PUBLIC;", "GRANT SELECT ON TABLE app.t TO clerk;"))
                .containsExactly("SELECT for PUBLIC");
        assertThat(beyond("GRANT MAINTAIN ON TABLE app.t TO clerk;", "")).isEmpty();
        assertThat(beyond("GRANT SELECT ON TABLE app.t TO clerk WITH GRANT OPTION;", ""))
                .containsExactly("SELECT for clerk");
    }
}
