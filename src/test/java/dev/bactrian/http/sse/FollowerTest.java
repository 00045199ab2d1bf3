package dev.bactrian.http.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a follower reads, over HTTP, of a route's answers one after another. */
@Timeout(20)
class FollowerTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration NEVER = Duration.ofMinutes(1);

    @AfterAll
    static void stop() throws Exception {
        VERTX.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatHasNotChangedIsNotToldAgain() throws Exception {
        HttpResponse<String> answer = follow(NEVER, NEVER, running("a"), running("a"), running("b"), ended("b!"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(answer.headers().firstValue("X-Accel-Buffering")).hasValue("no");
        assertThat(answer.body())
                .isEqualTo("event: backup\ndata: a\n\nevent: backup\ndata: b\n\nevent: backup\ndata: b!\n\n");
    }

    @Test
    void whatHasEndedIsToldOnce() throws Exception {
        assertThat(follow(NEVER, NEVER, ended("a")).body()).isEqualTo("event: backup\ndata: a\n\n");
    }

    @Test
    void whileNothingChangesThereAreComments() throws Exception {
        assertThat(follow(Duration.ZERO, NEVER, running("a"), running("a"), running("a"), ended("b"))
                        .body())
                .isEqualTo("event: backup\ndata: a\n\n:\n\n:\n\nevent: backup\ndata: b\n\n");
    }

    @Test
    void aStreamThatHasLivedForLongEnoughEnds() throws Exception {
        assertThat(follow(NEVER, Duration.ZERO, running("a"), running("b")).body())
                .isEqualTo("event: backup\ndata: a\n\n");
    }

    @Test
    void anErrorAtTheBeginningIsAnsweredAsItIs() throws Exception {
        HttpResponse<String> answer = follow(NEVER, NEVER, error());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.headers().firstValue("Cache-Control")).isEmpty();
        assertThat(answer.body()).isEqualTo("{}");
    }

    @Test
    void anErrorLaterEndsTheStream() throws Exception {
        assertThat(follow(NEVER, NEVER, running("a"), error(), running("b")).body())
                .isEqualTo("event: backup\ndata: a\n\n");
    }

    @Test
    void aQuestionThatBreaksIsAServersErrorFirstAndAnEndLater() throws Exception {
        Future<FollowedResponse> broken = Future.failedFuture(new IOException("no answer"));

        assertThat(follow(NEVER, NEVER, broken).statusCode()).isEqualTo(500);
        assertThat(follow(NEVER, NEVER, running("a"), broken).body()).isEqualTo("event: backup\ndata: a\n\n");
    }

    @SafeVarargs
    private static HttpResponse<String> follow(Duration quiet, Duration longest, Future<FollowedResponse>... answers)
            throws Exception {
        Iterator<Future<FollowedResponse>> next =
                List.copyOf(Arrays.asList(answers)).iterator();
        Pace pace = new Pace(Duration.ofMillis(5), quiet, longest);
        Router router = Router.router(VERTX);
        router.get("/").handler(context -> new Follower(context, next::next, pace).ask());
        HttpServer server = VERTX.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/"))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } finally {
            server.close();
        }
    }

    private static Future<FollowedResponse> running(String body) {
        return Future.succeededFuture(new FollowedResponse(200, "application/json", body, "backup", false));
    }

    private static Future<FollowedResponse> ended(String body) {
        return Future.succeededFuture(new FollowedResponse(200, "application/json", body, "backup", true));
    }

    private static Future<FollowedResponse> error() {
        return Future.succeededFuture(new FollowedResponse(404, "application/problem+json", "{}", "message", false));
    }
}
