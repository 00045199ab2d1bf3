package dev.bactrian.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.servers.Webhooks;
import dev.bactrian.testing.stores.TestStore;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody is told of every end of a backup, once, by a real mail server and real HTTP; and no backup suffers from it. */
class NotifyIT {

    private static final String UNREACHABLE = "postgresql://nobody:none@127.0.0.1:1/none";
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final TestDatabase control = PostgresServer.V15.createDatabase();
    private final TestDatabase source = PostgresServer.V15.createDatabase().run("CREATE TABLE a (id int)");
    private final TestStore store = TestStore.start();
    private final Webhooks web = Webhooks.start();
    private GreenMail mail;

    @BeforeEach
    void start() {
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP).dynamicPort());
        mail.start();
    }

    @AfterEach
    void stop() {
        web.close();
        mail.stop();
        store.close();
    }

    private String mailbox() {
        return "smtp://127.0.0.1:" + mail.getSmtp().getPort() + "?from=bactrian@example.com&to=me@example.com";
    }

    private BactrianService service(Map<String, String> own) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "DATABASE_URL",
                source.url(),
                "DATABASE_URL_GONE",
                UNREACHABLE,
                "PUBLIC_URL",
                "https://backups.example.com/"));
        settings.putAll(own);
        return BactrianService.start(settings, control, store);
    }

    private void await(String what, String path, int times) {
        Awaitility.await(what).atMost(LONGEST).until(() -> web.calls(path).size() >= times);
    }

    private static String text(MimeMessage message) {
        try {
            return message.getSubject() + "\n" + GreenMailUtil.getBody(message);
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFailureIsToldByHookAndMailWithItsReasonAndRemedy() {
        try (BactrianService service = service(Map.of("NOTIFY_FAILURE", web.address("/hush-key") + " " + mailbox()))) {
            String good = service.request("{}");
            String failed = service.request("{\"database\": \"gone\", \"source_repo\": \"acme/shop\"}");
            service.awaitEnd(good);
            String reason = service.awaitEnd(failed).path("error_text").asText();
            await("the hook's call", "/hush-key", 1);
            assertThat(mail.waitForIncomingEmail(LONGEST.toMillis(), 1)).isTrue();

            JsonNode told = BactrianService.json(web.calls("/hush-key").get(0).body());
            assertThat(told.path("event").asText()).isEqualTo("failure");
            assertThat(told.path("text").asText())
                    .startsWith("Backup of gone failed.")
                    .contains(reason, "acme/shop", "https://backups.example.com/#/history/" + failed)
                    .containsPattern("Ended: \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
            assertThat(told.path("content").asText())
                    .isEqualTo(told.path("text").asText());
            assertThat(told.at("/backup/id").asText()).isEqualTo(failed);
            assertThat(text(mail.getReceivedMessages()[0]).replace("\r\n", "\n"))
                    .startsWith("Backup of gone failed\n")
                    .contains("can't be reached", "https://backups.example.com/#/history/" + failed);
            awaitNotified(2);
            assertThat(web.calls()).as("a success is nothing to tell here").hasSize(1);
            assertThat(mail.getReceivedMessages()).hasSize(1);
        }
    }

    @Test
    void aSuccessAfterAFailureIsARecovery() {
        try (BactrianService service = service(
                Map.of("NOTIFY_SUCCESS", web.address("/success"), "NOTIFY_RECOVERED", web.address("/recovered")))) {
            service.goodBackUp();
            control.run("INSERT INTO backup_history (status, created_at, finished_at, error_text) "
                    + "VALUES ('failed', now(), now(), 'It broke.')");
            service.goodBackUp();
            await("the recovery's call", "/recovered", 1);
            service.goodBackUp();
            awaitNotified(4);

            assertThat(web.calls("/success")).hasSize(3);
            assertThat(web.calls("/recovered")).hasSize(1);
            assertThat(web.calls("/recovered").get(0).body()).contains("succeeds again", "recovered");
        }
    }

    @Test
    void whoCannotBeToldIsTriedAgainAndNobodyTwice() {
        web.refuse(1);
        try (BactrianService one =
                        service(Map.of("NOTIFY_SUCCESS", web.address("/first") + " " + web.address("/second")));
                BactrianService other =
                        service(Map.of("NOTIFY_SUCCESS", web.address("/first") + " " + web.address("/second")))) {
            one.goodBackUp();
            other.goodBackUp();
            awaitNotified(2);

            assertThat(web.calls("/first")).hasSize(2);
            assertThat(web.calls("/second")).hasSize(2);
            assertThat(web.calls().stream().map(Webhooks.Call::body).distinct()).hasSize(2);
        }
    }

    /** Servers that accept and never answer: by mail, by HTTP, and as the address of pings. */
    @Test
    void whoNeverAnswersKeepsNobodyElseWaiting() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                BactrianService service = service(Map.of(
                        "NOTIFY_FAILURE",
                        "smtp://127.0.0.1:" + silent.getLocalPort()
                                + "?from=a@example.com&to=me@example.com http://127.0.0.1:" + silent.getLocalPort()
                                + "/ " + web.address("/failure"),
                        "NOTIFY_SUCCESS",
                        web.address("/success")))) {
            String failed = service.request("{\"database\": \"gone\"}");
            await("the call of who answers", "/failure", 1);
            assertThat(control.jdbc()
                            .queryForObject(
                                    "SELECT notify_after > now() + interval '1 minute' FROM backup_history",
                                    Boolean.class))
                    .as("nobody else takes over what is being told")
                    .isTrue();
            service.goodBackUp();
            await("the next backup's call", "/success", 1);
            Awaitility.await("the end of all patience")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> control.jdbc()
                            .queryForObject(
                                    "SELECT notify_after - now() BETWEEN interval '10 seconds' AND interval '1 minute' "
                                            + "FROM backup_history WHERE status = 'failed'",
                                    Boolean.class));
            assertThat(control.jdbc().queryForMap("SELECT * FROM backup_history WHERE status = 'failed'"))
                    .containsEntry("id", UUID.fromString(failed))
                    .containsEntry("notified_to", "failure/3")
                    .containsEntry("notified_at", null);
            assertThat(web.calls("/failure")).hasSize(1);
        }
    }

    @Test
    void startAndEndArePingedPerDatabase() {
        try (BactrianService service = service(
                Map.of("NOTIFY_PING_URL", web.address("/ping"), "NOTIFY_PING_URL_GONE", web.address("/ping-gone")))) {
            service.goodBackUp();
            service.awaitEnd(service.request("{\"database\": \"gone\"}"));
            await("the end's ping", "/ping", 1);
            await("the failure's ping", "/ping-gone/fail", 1);
            awaitNotified(2);

            assertThat(web.calls("/ping")).hasSize(1);
            assertThat(web.calls("/ping/fail")).isEmpty();
            assertThat(web.calls("/ping-gone/fail").get(0).body()).contains("can't be reached");
        }
    }

    @Test
    void aCommandTellsWithoutAService() {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(Map.of(
                "DATABASE_URL", source.url(),
                "CONTROL_DATABASE_URL", control.url(),
                "PG_BIN", BactrianService.pg17().toString(),
                "NOTIFY_SUCCESS", web.address("/success") + " http://127.0.0.1:1/hush-key"));

        Run run = Run.bactrian(settings, "backup");

        assertThat(run.exit())
                .as(run.err())
                .as("one that can't be told fails no backup")
                .isZero();
        assertThat(web.calls("/success")).hasSize(1);
        assertThat(run.out() + run.err()).doesNotContain("hush-key");

        settings.put("NOTIFY_SUCCESS", "carrierpigeon:loft hush-key");
        Run wrong = Run.bactrian(settings, "backup");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("carrierpigeon:", "lib/ext").doesNotContain("loft", "hush-key");
    }

    private void awaitNotified(int backups) {
        Awaitility.await("an end of all telling")
                .atMost(LONGEST)
                .until(() -> control.jdbc()
                                .queryForObject(
                                        "SELECT count(*) FROM backup_history WHERE notified_at IS NOT NULL",
                                        Integer.class)
                        == backups);
    }
}
