package dev.bactrian.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.config.NotifySettings;
import dev.bactrian.config.NotifySettings.Event;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotificationsTest {

    private static final String LOSSES = "[{\"table\": \"app.orders\", \"rows\": 1, \"rows_before\": 1000}]";

    private final Notifications notifications = new Notifications(new NotifySettings(
            Map.of(
                    Event.FAILURE, List.of("log:both", "log:failures"),
                    Event.SUCCESS, List.of("log:successes", "log:both"),
                    Event.RECOVERED, List.of("log:both")),
            Map.of(),
            null));

    private static Map<String, Object> row(String status, String before, String warnings) {
        Map<String, Object> row = new HashMap<>();
        row.put("id", "1");
        row.put("database", "default");
        row.put("status", status);
        row.put("status_before", before);
        row.put("warnings", warnings);
        return row;
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "failed,  success, -,                  failure/1 failure/2",
                "success, success, -,                  success/1 success/2",
                "success, success, app.orders,         success/1 success/2 warning/2",
                "success, failed,  -,                  success/1 success/2 recovered/1",
            })
    void eachIsToldWhatItIsSetFor(String status, String before, String lost, String wanted) {
        assertThat(notifications.wanted(row(status, before, lost == null ? null : LOSSES)))
                .isEqualTo(wanted);
    }

    @Test
    void whoIsToldOfSuccessesAndFailuresLearnsOfALossByOneMessage() {
        List<Notification> pending = notifications.pending(row("success", "success", LOSSES));

        assertThat(pending.stream().filter(one -> one.uri().equals("log:both")))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.message().event()).isEqualTo("success");
                    assertThat(one.message().text()).contains("Table app.orders has 1 row, 1,000 before.");
                });
        assertThat(pending.stream().filter(one -> one.uri().equals("log:failures")))
                .extracting(one -> one.message().event())
                .containsExactly("warning");
    }

    @Test
    void aCertificateThatIsRefusedIsNamedWithoutTheAddress() {
        SSLHandshakeException refused = new SSLHandshakeException("PKIX path building failed for k3y.example.com");
        refused.initCause(new CertificateException(
                "k3y.example.com", new CertPathBuilderException("unable to find valid certification path")));

        assertThat(notifications.why(new IllegalStateException(refused), null))
                .contains("its server's certificate isn't trusted here", "javax.net.ssl.trustStore")
                .doesNotContain("k3y");
    }
}
