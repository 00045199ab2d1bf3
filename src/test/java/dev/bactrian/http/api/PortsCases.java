package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What each port serves, on which address, and what is left while the control database is away. */
abstract class PortsCases extends ApiCases {

    @Test
    void aLostControlDatabaseIsAProblemOfItsOwn() throws Exception {
        EmbeddedPostgres server = PostgresServer.V15.start(0);
        try (BactrianService lost =
                BactrianService.start(database.url(), new TestDatabase(server.getPort(), "postgres"), store)) {
            assertThat(lost.send("GET", BACKUPS, null).statusCode()).isEqualTo(200);
            server.close();

            String one = BACKUPS + "/" + UNKNOWN;
            List<String> requests = List.of(
                    "POST " + BACKUPS,
                    "GET " + BACKUPS,
                    "GET " + one,
                    "GET " + one + "/manifest",
                    "POST " + one + "/download-url");
            List<Callable<HttpResponse<String>>> calls = requests.stream()
                    .<Callable<HttpResponse<String>>>map(
                            request -> () -> lost.send(request.split(" ")[0], request.split(" ")[1], null))
                    .toList();
            for (HttpResponse<String> answer : together(calls)) {
                assertProblem(answer, 503, "control-database-unavailable");
            }
            assertThat(lost.send("GET", "/openapi.yaml", null).statusCode()).isEqualTo(200);
        } finally {
            server.close();
        }
    }

    @Test
    void healthAndMetricsAreOnTheManagementPortAlone() {
        for (String path : List.of("/observe/health", "/observe/health/live", "/observe/health/ready")) {
            HttpResponse<String> answer = management(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(BactrianService.json(answer.body()).path("status").asText())
                    .isEqualTo("UP");
        }
        assertThat(management("/observe/metrics").statusCode()).isEqualTo(200);
        assertThat(management("/observe/metrics").body()).contains("# TYPE ").contains("camel_");
        for (String path : List.of(BACKUPS, BACKUPS + "/" + good.path("id").asText(), "/openapi.yaml", "/")) {
            assertThat(management(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void bothPortsListenOnTheConfiguredAddressAlone() throws Exception {
        List<InetAddress> others = new ArrayList<>(List.of(InetAddress.getByName("127.0.0.2")));
        for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            others.addAll(Collections.list(network.getInetAddresses()));
        }
        InetAddress own = InetAddress.getByName("127.0.0.1");
        others.remove(own);
        assertThat(others).isNotEmpty();
        for (String base : List.of(service.base(), service.management())) {
            int port = URI.create(base).getPort();
            assertThat(connects(own, port)).isTrue();
            assertThat(others).noneMatch(address -> connects(address, port));
        }
    }

    private static boolean connects(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static HttpResponse<String> management(String path) {
        return BactrianService.send(
                HttpRequest.newBuilder(URI.create(service.management() + path)).build());
    }
}
