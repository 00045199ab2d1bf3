package dev.bactrian.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.config.ConnectionBudget;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.run.Workers;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code check} says how many connections a backup takes, and how many there are. */
class ConnectionCheckTest {

    private static final DatabaseUrl POOLER = DatabaseUrl.parse(
            "postgresql://postgres.abcdefghijklmnopqrst:hush@aws-0-eu-west-1.pooler.supabase.com:5432/postgres");
    private static final DatabaseUrl ELSEWHERE = DatabaseUrl.parse("postgresql://a:hush@db.example.com/shop");
    private static final Map<String, Object> LIMITS = Map.of("most", 5L, "used", 3L);

    @Test
    void theSessionPoolersLimitIsTheSetting() {
        assertThat(new ConnectionCheck(new ConnectionBudget(15, 20, POOLER), Workers.fixed(4)).look(POOLER, LIMITS))
                .isEqualTo(
                        "up to 14 at once, of 15 that the session pooler has (SUPABASE_POOL_SIZE); BACKUP_PARALLELISM=20 is lowered "
                                + "to 4 to stay below the session pooler's limit");
    }

    @Test
    void anotherServersLimitIsItsOwn() {
        assertThat(new ConnectionCheck(new ConnectionBudget(15, 1, POOLER), Workers.fixed(1)).look(ELSEWHERE, LIMITS))
                .isEqualTo("up to 5 at once, of 5 allowed; the server has 3 now");
    }

    @Test
    void whatCanNeverBeEnoughIsToldWithTheRemedy() {
        assertThatThrownBy(() -> new ConnectionCheck(new ConnectionBudget(15, 4, POOLER), Workers.fixed(4))
                        .look(ELSEWHERE, LIMITS))
                .hasMessage("A backup uses up to 8 connections at once, and there are at most 5."
                        + " Lower BACKUP_PARALLELISM, or raise the connection limit of the server, the database or "
                        + "the role.");
        assertThatThrownBy(() ->
                        new ConnectionCheck(new ConnectionBudget(8, 4, POOLER), Workers.fixed(1)).look(POOLER, LIMITS))
                .hasMessage("A backup uses up to 11 connections at once, and there are at most 8."
                        + " Set CONTROL_DATABASE_URL to another database; or raise the Pool Size in the dashboard's database settings, and "
                        + "set SUPABASE_POOL_SIZE to the same.");
    }
}
