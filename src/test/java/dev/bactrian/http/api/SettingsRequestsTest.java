package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.Databases;
import dev.bactrian.testing.SampleRun;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What isn't exactly as openapi.yaml says changes nothing, and is answered with what to send. */
class SettingsRequestsTest {

    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    private final SettingsRequests requests = new SettingsRequests(new Databases(
            List.of(new Database("default", SampleRun.DATABASE), new Database("prod", SampleRun.DATABASE))));

    @Test
    void whatIsSentIsKeptUnderItsNames() {
        assertThat(changes("{\"timezone\": \"Europe/Berlin\", \"backup_enabled\": false, "
                        + "\"schedules\": {\"prod\": \"0 0 2 * * ?\", \"default\": null}}"))
                .isEqualTo("{\"timezone\":\"Europe/Berlin\",\"backup_enabled\":false,"
                        + "\"schedule.prod\":\"0 0 2 * * ?\",\"schedule.default\":null}");
        assertThat(changes("{\"retention\": {\"keep_daily\": 7}}"))
                .isEqualTo("{\"retention\":{\"keep_last\":null,\"keep_daily\":7,\"keep_weekly\":null,"
                        + "\"keep_monthly\":null,\"keep_days\":null}}");
        assertThat(changes("{\"retention\": null}")).isEqualTo("{\"retention\":{}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "{}                                 | The body changes nothing. Send one or more of: backup_enabled, "
                        + "retention, schedules, timezone",
                "{\"schedules\": {}}                | The body changes nothing.",
                "{\"retain\": 1}                    | The body has an unknown field. Known are: backup_enabled, retention, schedules, timezone.",
                "{\"backup_enabled\": \"no\"}       | backup_enabled must be true or false.",
                "{\"backup_enabled\": null}         | backup_enabled must be true or false.",
                "{\"timezone\": 1}                  | timezone must be the name of a time zone, such as UTC or "
                        + "Europe/Berlin.",
                "{\"timezone\": \"CEST\"}           | timezone isn't the name of a time zone. Write UTC, or a name "
                        + "like Europe/Berlin.",
                "{\"retention\": 7}                 | retention must be an object",
                "{\"retention\": {\"keep_lost\": 1}} | retention has an unknown rule.",
                "{\"retention\": {\"keep_last\": 0}} | keep_last must be null or a whole number from 1 to 36500.",
                "{\"schedules\": \"0 0 2 * * ?\"}   | schedules must be an object that maps database names to cron "
                        + "expressions",
                "{\"schedules\": {\"dev\": null}}   | schedules names a database that isn't configured. Configured "
                        + "are: default, prod.",
                "{\"schedules\": {\"prod\": 1}}     | schedules.prod must be a string, or null for no schedule.",
                "{\"schedules\": {\"prod\": \"\"}}  | schedules.prod isn't a Quartz cron expression.",
                "{\"schedules\": {\"prod\": \"0 0 0 1 1 ? 2020\"}} | schedules.prod has no time in the future.",
                "{\"schedules\": {\"prod\": \"0/30 * * * * ?\"}} | schedules.prod has times that are less than a "
                        + "minute apart.",
                "{\"schedules\": {\"default\": null, \"prod\": \"0 2 * * *\"}} | schedules.prod isn't a Quartz cron "
                        + "expression",
            })
    void anythingElseIsRefused(String body, String detail) {
        ApiException refused = catchThrowableOfType(ApiException.class, () -> changes(body));

        assertThat(refused.problem().status()).isEqualTo(400);
        assertThat(refused.problem().detail()).startsWith(detail);
    }

    private String changes(String body) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
        exchange.getMessage().setBody(body);
        return requests.changes(exchange);
    }
}
