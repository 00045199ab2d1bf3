package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.config.S3ObjectSettings;
import dev.bactrian.config.S3Settings;
import dev.bactrian.testing.SampleRun;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a server that behaves badly makes of an upload. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3UploadTest {

    @TempDir
    private Path work;

    @Test
    void aRefusalThatDrownsInABrokenConnectionIsStillToldAsOne() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> refuseEverything(server), "refusing-server");
            serving.start();
            S3Settings settings = settings(server.getLocalPort());
            try (S3Clients clients = new S3Clients(settings)) {
                assertThatThrownBy(() -> new S3Upload(clients, new RefusedOptions(settings))
                                .upload(
                                        new ByteArrayInputStream(new byte[100]),
                                        "key",
                                        "application/zip",
                                        100,
                                        0,
                                        SampleRun.in(work)))
                        .isInstanceOfSatisfying(S3Exception.class, answer -> assertThat(answer.statusCode())
                                .isEqualTo(403));
            }
        }
    }

    /** Uploads are cut off before an answer; requests without a body get one. */
    private static void refuseEverything(ServerSocket server) {
        while (true) {
            try (Socket connection = server.accept()) {
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
                String request = in.readLine();
                if (request != null && request.startsWith("HEAD")) {
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                } else {
                    connection.setSoLinger(true, 0);
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private static S3Settings settings(int port) {
        return new S3Settings(
                "bucket",
                "backups",
                "us-east-1",
                URI.create("http://127.0.0.1:" + port),
                true,
                false,
                S3ObjectSettings.PLAIN,
                true,
                "id",
                "secret");
    }
}
