package dev.bactrian.http.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.servers.RawHttp;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits of time and number, on a server with small ones. */
class GuardedVertxTest {

    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final String GET = "GET /%s HTTP/1.1\r\nHost: a\r\n\r\n";

    /** More than the sockets between the two hold. */
    private static final Buffer LARGE = Buffer.buffer(new byte[16 << 20]).appendString("\n");

    private GuardedVertx vertx;
    private HttpServer server;
    private volatile HttpServerRequest endless;
    private final AtomicInteger large = new AtomicInteger();

    @BeforeEach
    void start() throws Exception {
        Duration second = Duration.ofSeconds(1);
        vertx = GuardedVertx.with(new HttpLimits(5, 4, 200, 400, 1000, second, second, second, Duration.ofSeconds(2)));
        server = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        vertx.shutDown();
    }

    /** In one go; in ten pieces, four seconds after one another in all; or in as many bytes as are taken. */
    private void answer(HttpServerRequest request) {
        if (request.path().equals("/slow")) {
            request.response().setChunked(true);
            piece(request, 10);
        } else if (request.path().equals("/silent")) {
            vertx.setTimer(3000, late -> request.response().end("at last"));
        } else if (request.path().equals("/endless")) {
            endless = request;
            request.response().setChunked(true);
            fill(request);
            request.response().drainHandler(drained -> fill(request));
        } else if (request.path().equals("/large")) {
            large.incrementAndGet();
            request.response().end(LARGE);
        } else {
            request.body().onSuccess(whole -> request.response().end("done\n"));
        }
    }

    private void piece(HttpServerRequest request, int left) {
        if (left == 0) {
            request.response().end();
        } else {
            request.response().write("piece");
            vertx.setTimer(400, next -> piece(request, left - 1));
        }
    }

    private static void fill(HttpServerRequest request) {
        while (!request.response().writeQueueFull() && !request.response().closed()) {
            request.response().write(Buffer.buffer(new byte[65_536]));
        }
    }

    private RawHttp connect() {
        return RawHttp.to("http://127.0.0.1:" + server.actualPort());
    }

    @Test
    void aConnectionEndsWhenNothingMoreIsAsked() {
        try (RawHttp connection = connect().send(String.format(GET, ""))) {
            assertThat(connection.answer(LONGEST)).startsWith("HTTP/1.1 200 ").endsWith("done\n");
        }
    }

    @Test
    void anAnswerThatTakesLongIsNotCut() {
        try (RawHttp slow = connect().send(String.format(GET, "slow"));
                RawHttp silent = connect().send(String.format(GET, "silent"))) {
            assertThat(slow.answer(LONGEST).split("piece", -1)).hasSize(11);
            assertThat(silent.answer(LONGEST)).endsWith("at last");
        }
    }

    @Test
    void anAnswerThatNobodyReadsIsGivenUp() {
        try (RawHttp connection = connect().send(String.format(GET, "endless"))) {
            Awaitility.await()
                    .atMost(LONGEST)
                    .until(() -> endless != null && endless.response().closed());
        }
    }

    @Test
    void aRequestIsPassedOnWhenTheAnswerBeforeItIsSent() {
        try (RawHttp connection = connect().send(String.format(GET, "large").repeat(4))) {
            Awaitility.await().atMost(LONGEST).during(Duration.ofMillis(500)).until(() -> large.get() == 1);

            assertThat(RawHttp.answers(connection.answer(LONGEST))).isEqualTo(4);
            assertThat(large.get()).isEqualTo(4);
        }
    }

    @Test
    void requestsInOneGoAndRequestsByteForByteAreAllAnswered() {
        String requests = (String.format(GET, "") + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /"
                        + "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
                .repeat(30);
        try (RawHttp together = connect().send(requests);
                RawHttp apart = connect()) {
            for (int i = 0; i < requests.length(); i++) {
                apart.send(requests.substring(i, i + 1));
            }
            assertThat(RawHttp.answers(together.answer(LONGEST))).isEqualTo(90);
            assertThat(RawHttp.answers(apart.answer(LONGEST))).isEqualTo(90);
        }
    }

    @Test
    void moreConnectionsThanThereIsRoomForAreRefusedUntilOneEnds() {
        List<RawHttp> open = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                open.add(connect().send(String.format(GET, "silent")));
            }
            Awaitility.await().atMost(LONGEST).untilAsserted(() -> {
                try (RawHttp more = connect()) {
                    assertThat(more.answer(LONGEST))
                            .startsWith("HTTP/1.1 503 ")
                            .contains("Retry-After: 10", "Connection: close");
                }
            });
            open.forEach(RawHttp::close);
            Awaitility.await().atMost(LONGEST).untilAsserted(() -> {
                try (RawHttp next = connect().send(String.format(GET, ""))) {
                    assertThat(next.answer(LONGEST)).startsWith("HTTP/1.1 200 ");
                }
            });
        } finally {
            open.forEach(RawHttp::close);
        }
    }
}
