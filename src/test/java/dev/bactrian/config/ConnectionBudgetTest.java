package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.DatabaseUrl;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Everything that a backup connects at once fits into the session pooler's pool. */
class ConnectionBudgetTest {

    private static final DatabaseUrl POOLER = DatabaseUrl.parse(
            "postgresql://postgres.abcdefghijklmnopqrst:hush@aws-0-eu-west-1.pooler.supabase.com:5432/postgres");
    private static final DatabaseUrl ELSEWHERE = DatabaseUrl.parse("postgresql://a:hush@db.example.com/shop");

    @Test
    void manyDumpsAreLoweredToWhatThePoolHas() {
        ConnectionBudget shared = new ConnectionBudget(15, 64, POOLER);
        ConnectionBudget apart = new ConnectionBudget(15, 64, ELSEWHERE);

        assertThat(lanes(shared, POOLER)).isEqualTo(3);
        assertThat(shared.needed(POOLER, 3))
                .as("three dumps, snapshot, definitions, roles, what looks for changes, history")
                .isEqualTo(13);
        assertThat(lanes(apart, POOLER)).isEqualTo(9);
        assertThat(apart.needed(POOLER, 9)).isLessThan(15);
        assertThat(lanes(new ConnectionBudget(40, 64, POOLER), POOLER)).isEqualTo(28);
    }

    @Test
    void thereIsAlwaysOne() {
        assertThat(lanes(new ConnectionBudget(3, 4, POOLER), POOLER)).isEqualTo(1);
    }

    @Test
    void fewAreLeftAlone() {
        assertThat(lanes(new ConnectionBudget(15, 3, POOLER), POOLER)).isEqualTo(3);
    }

    @Test
    void otherServersBoundNothing() {
        assertThat(lanes(new ConnectionBudget(15, 64, ELSEWHERE), ELSEWHERE)).isEqualTo(64);
    }

    private static int lanes(ConnectionBudget budget, DatabaseUrl url) {
        return budget.parallelism(List.of(new Database("default", url), new Database("other", ELSEWHERE)));
    }
}
