package dev.bactrian.store;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.TemporaryFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;

/**
 * Adobe's S3Mock (github.com/adobe/S3Mock), another server than the one of all other tests. It is a program of its own, fetched
 * when the profile {@code stores} runs this.
 */
@Tag("stores")
class StoreOfS3MockIT extends S3StoreContract {

    private static final Path LIBRARIES = Path.of("src/test/resources/stores/s3mock.xml");

    private Process server;

    @Override
    Map<String, String> startServer() throws IOException {
        Path classPath = TemporaryFiles.file("s3mock", ".classpath");
        Run fetched = Run.shell(
                Path.of("."),
                Map.of(),
                "./mvnw -q -B -f " + LIBRARIES
                        + " org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath"
                        + " -Dmdep.outputFile=" + classPath);
        if (fetched.exit() != 0) {
            throw new IllegalStateException(fetched.out() + fetched.err());
        }
        int port = BactrianService.freePort();
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        Files.readString(classPath),
                        "com.adobe.testing.s3mock.S3MockApplication",
                        "--server.port=0",
                        "--com.adobe.testing.s3mock.httpPort=" + port,
                        "--com.adobe.testing.s3mock.store.initialBuckets=archives")
                .redirectErrorStream(true)
                .redirectOutput(TemporaryFiles.file("s3mock", ".log").toFile())
                .start();
        URI endpoint = URI.create("http://127.0.0.1:" + port);
        Awaitility.await("S3Mock")
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() ->
                        BactrianService.send(HttpRequest.newBuilder(endpoint).build())
                                        .statusCode()
                                == 200);
        return Map.of(
                "BACKUP_STORAGE", "false",
                "S3_BUCKET", "archives",
                "S3_ENDPOINT", endpoint.toString(),
                "S3_PATH_STYLE", "true",
                "AWS_ACCESS_KEY_ID", "any",
                "AWS_SECRET_ACCESS_KEY", "any");
    }

    @Override
    void stopServer() {
        Objects.requireNonNull(server).destroy();
    }
}
