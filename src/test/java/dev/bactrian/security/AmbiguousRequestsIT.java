package dev.bactrian.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.RawHttp;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that a proxy and the server behind it may take in two ways, so that one of them sees a request that the other doesn't
 * (RFC 9112, 11.2), and requests that never come to their end. Each is sent to both ports, with the right key.
 */
class AmbiguousRequestsIT {

    private static final Duration AT_ONCE = Duration.ofSeconds(8);
    private static final String KEY = "Authorization: Bearer " + BactrianService.API_KEY + "\r\n";
    private static final String POST = "POST /api/backups HTTP/1.1\r\n";
    private static final String HOST = "Host: bactrian\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String CHUNKS = "2\r\n{}\r\n0\r\n\r\n";

    private static TestDatabase control;
    private static TestStore store;
    private static BactrianService service;

    @BeforeAll
    static void start() {
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        service = BactrianService.start(control.url(), control, store);
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    static Stream<Arguments> ambiguous() {
        Map<String, String> requests = new LinkedHashMap<>();
        requests.put("length and chunks", posted("Content-Length: 2\r\n" + CHUNKED, CHUNKS));
        requests.put("chunks and length", posted(CHUNKED + "Content-Length: 2\r\n", CHUNKS));
        requests.put("two encodings", posted(CHUNKED + "Transfer-Encoding: identity\r\n", CHUNKS));
        requests.put("the same encoding twice", posted(CHUNKED + CHUNKED, CHUNKS));
        requests.put("two lengths", posted("Content-Length: 2\r\nContent-Length: 7\r\n", "{}     "));
        requests.put("the same length twice", posted("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"));
        requests.put("a list of lengths", posted("Content-Length: 2, 2\r\n", "{}"));
        for (String length : List.of("+2", "-2", "0x2", "2 0", "2.0", "", "\u00b2", "99999999999999999999")) {
            requests.put("length " + length, posted("Content-Length: " + length + "\r\n", "{}"));
        }
        for (String coding : List.of(
                "xchunked",
                "chunked, identity",
                "identity, chunked",
                "identity",
                "gzip",
                "gzip, chunked",
                "chunked,",
                "chunked;q=1",
                "\u000bchunked",
                "\"chunked\"",
                "")) {
            requests.put("encoding " + coding, posted("Transfer-Encoding: " + coding + "\r\n", CHUNKS));
        }
        requests.put("a folded encoding", posted("Transfer-Encoding:\r\n chunked\r\n", CHUNKS));
        requests.put("a folded header", posted("X-A: 1\r\n\t2\r\nContent-Length: 2\r\n", "{}"));
        requests.put("a first header that is folded", POST + " X-A: 1\r\n" + HOST + KEY + "\r\n");
        requests.put("a space before the colon", posted("Content-Length : 2\r\n", "{}"));
        requests.put("a tab before the colon", posted("Transfer-Encoding\t: chunked\r\n", CHUNKS));
        requests.put("an underscore", posted("Content_Length: 2\r\n", "{}"));
        requests.put("a control byte in a name", posted("Content-Length\u0000: 2\r\n", "{}"));
        requests.put("a control byte in a value", posted("X-A: a\u0001b\r\nContent-Length: 2\r\n", "{}"));
        requests.put("a NUL in a value", posted("X-A: a\u0000b\r\nContent-Length: 2\r\n", "{}"));
        requests.put("a DEL in a value", posted("X-A: a\u007fb\r\nContent-Length: 2\r\n", "{}"));
        requests.put("a header without a name", posted(": 1\r\nContent-Length: 2\r\n", "{}"));
        requests.put("a header without a colon", posted("X-A\r\nContent-Length: 2\r\n", "{}"));
        requests.put(
                "lines that end with LF", posted("Content-Length: 2\r\n", "").replace("\r\n", "\n") + "{}");
        requests.put("one line that ends with LF", posted("X-A: 1\nContent-Length: 2\r\n", "{}"));
        requests.put("one line that ends with CR", posted("X-A: 1\rContent-Length: 2\r\n", "{}"));
        requests.put("two CR", posted("X-A: 1\r\r\nContent-Length: 2\r\n", "{}"));
        requests.put(
                "the connection takes the length off",
                posted("Connection: content-length\r\nContent-Length: 2\r\n", "{}"));
        requests.put("no host", POST + KEY + "Content-Length: 0\r\n\r\n");
        requests.put("two hosts", posted("Host: elsewhere\r\nContent-Length: 2\r\n", "{}"));
        requests.put("a list of hosts", POST + "Host: a, b\r\n" + KEY + "Content-Length: 0\r\n\r\n");
        requests.put("a host with a path", POST + "Host: a/b\r\n" + KEY + "Content-Length: 0\r\n\r\n");
        requests.put("another host in the line", line("POST http://elsewhere/api/backups HTTP/1.1"));
        requests.put("a user in the line", line("POST http://me@bactrian/api/backups HTTP/1.1"));
        requests.put("a NUL in the path", line("POST /api/\u0000backups HTTP/1.1"));
        requests.put("an encoded NUL in the path", line("POST /api/backups%00 HTTP/1.1"));
        requests.put("a broken escape in the path", line("POST /api/backups%zz HTTP/1.1"));
        requests.put("half an escape in the path", line("POST /api/backups%4 HTTP/1.1"));
        requests.put("a backslash in the path", line("POST /api\\backups HTTP/1.1"));
        requests.put("a fragment", line("POST /api/backups#x HTTP/1.1"));
        requests.put("a byte over 127 in the path", line("POST /api/b\u00e4ckups HTTP/1.1"));
        requests.put("two spaces", line("POST  /api/backups HTTP/1.1"));
        requests.put("a tab for a space", line("POST\t/api/backups HTTP/1.1"));
        requests.put("a space at the end", line("POST /api/backups HTTP/1.1 "));
        requests.put("no version", line("POST /api/backups"));
        requests.put("version 1.2", line("POST /api/backups HTTP/1.2"));
        requests.put("version 2.0", line("POST /api/backups HTTP/2.0"));
        requests.put("chunks by 1.0", posted(CHUNKED, CHUNKS).replace("HTTP/1.1", "HTTP/1.0"));
        requests.put("a space first", " " + posted("Content-Length: 2\r\n", "{}"));
        requests.put("a NUL first", "\u0000" + posted("Content-Length: 2\r\n", "{}"));
        requests.put("empty lines first", "\r\n\r\n" + posted("Content-Length: 2\r\n", "{}"));
        requests.put("HTTP/2 by prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        for (String size : List.of("0x2", "+2", "-2", " 2", "2 ", "2;a=b", "2;a\n", "2\t", "", "000000002", "g")) {
            requests.put("chunk size " + size, posted(CHUNKED, size + "\r\n{}\r\n0\r\n\r\n"));
        }
        requests.put("a chunk size that ends with LF", posted(CHUNKED, "2\n{}\r\n0\r\n\r\n"));
        requests.put("a chunk that ends with LF", posted(CHUNKED, "2\r\n{}\n0\r\n\r\n"));
        requests.put("a chunk that is longer than it says", posted(CHUNKED, "2\r\n{} \r\n0\r\n\r\n"));
        requests.put("a trailer", posted(CHUNKED, "2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n"));
        return requests.entrySet().stream().map(request -> Arguments.of(request.getKey(), request.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ambiguous")
    void whatCanBeTakenInTwoWaysIsRefusedOnBothPorts(String name, String request) {
        for (String base : List.of(service.base(), service.management())) {
            // What would be smuggled: it must never be answered.
            try (RawHttp connection =
                    RawHttp.to(base).send(request).send("GET /openapi.yaml HTTP/1.1\r\n" + HOST + "\r\n")) {
                String answer = connection.answer(AT_ONCE);

                assertThat(answer).as(base).matches("(?s)HTTP/1\\.1 (400|505) .*");
                assertThat(answer).contains("Connection: close", "urn:bactrian:problem:");
                assertThat(RawHttp.answers(answer)).as(answer).isEqualTo(1);
            }
        }
        assertThat(backups()).isZero();
    }

    @Test
    void whatHasOneMeaningIsServedOnOneConnection() {
        String open = "GET /openapi.yaml HTTP/1.1\r\n";
        List<String> requests = new ArrayList<>(List.of(
                open + HOST + "\r\n",
                "\r\n" + open + HOST + "\r\n",
                "GET http://bactrian/openapi.yaml HTTP/1.1\r\nHOST:bactrian\r\n\r\n",
                open + "Host:\t[::1]:8080 \r\nX-A:\r\nX-B: caf\u00e9\t|{}\r\nConnection: keep-alive, x-a\r\n\r\n",
                "GET /openapi.yaml?a={b|c}^`&d=%00 HTTP/1.1\r\n" + HOST + "\r\n",
                open + HOST + "Content-Length: 3\r\n\r\nabc",
                open + HOST + "transfer-encoding: CHUNKED\r\n\r\n3\r\nabc\r\n00A\r\n0123456789\r\n0\r\n\r\n",
                open + HOST + "Connection: close\r\n\r\n"));
        // As it comes, byte by byte, and all at once.
        for (int portion : List.of(1, Integer.MAX_VALUE)) {
            try (RawHttp connection = RawHttp.to(service.base())) {
                String all = String.join("", requests);
                for (int i = 0; i < all.length(); i += Math.min(portion, all.length() - i)) {
                    connection.send(all.substring(i, i + Math.min(portion, all.length() - i)));
                }
                String answer = connection.answer(AT_ONCE);

                assertThat(RawHttp.answers(answer)).isEqualTo(requests.size());
                assertThat(answer).doesNotContainPattern("HTTP/1\\.1 [1345]");
            }
        }
    }

    @Test
    void whatCameBeforeIsAnsweredFirst() {
        try (RawHttp connection = RawHttp.to(service.base())
                .send("GET /api/backups HTTP/1.1\r\n" + HOST + KEY + "\r\nGET  / HTTP/1.1\r\n" + HOST + "\r\n")) {
            assertThat(connection.answer(AT_ONCE)).matches("(?s)HTTP/1\\.1 200 .*HTTP/1\\.1 400 .*");
        }
    }

    @Test
    void nobodyIsLedToHttp2() {
        for (String base : List.of(service.base(), service.management())) {
            try (RawHttp connection = RawHttp.to(base)
                    .send("GET /nowhere HTTP/1.1\r\n" + HOST + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                            + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n")
                    .send("GET /nowhere HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")) {
                assertThat(connection.answer(AT_ONCE)).matches("(?s)HTTP/1\\.1 40[14] .*HTTP/1\\.1 40[14] .*");
            }
        }
    }

    @Test
    void largeHeadsAndStrangeExpectationsAreRefused() {
        Map<String, String> requests = Map.of(
                "GET /" + "x".repeat(5000) + " HTTP/1.1\r\n" + HOST + "\r\n",
                "414",
                "GET / HTTP/1.1\r\n" + HOST + "X-A: " + "x".repeat(9000) + "\r\n\r\n",
                "431",
                "GET / HTTP/1.1\r\n" + HOST + "A: 1\r\n".repeat(101) + "\r\n",
                "431",
                "GET / HTTP/1.1\r\n" + HOST + "Expect: the worst\r\n\r\n",
                "417",
                posted("Content-Length: 4194305\r\n", ""),
                "413",
                posted(CHUNKED, "400001\r\n"),
                "413");
        for (String base : List.of(service.base(), service.management())) {
            requests.forEach((request, status) -> {
                try (RawHttp connection = RawHttp.to(base).send(request)) {
                    assertThat(connection.answer(AT_ONCE)).startsWith("HTTP/1.1 " + status + " ");
                }
            });
        }
    }

    /** One who isn't let in sends on and on: the answer comes, and the connection ends. */
    @Test
    void aBodyThatNobodyWantsIsNotTaken() {
        try (RawHttp connection = RawHttp.to(service.base())
                .send("POST /nowhere HTTP/1.1\r\n" + HOST + CHUNKED + "\r\n100000\r\n" + "x".repeat(100_000))) {
            String answer = connection.answer(AT_ONCE);

            assertThat(answer).startsWith("HTTP/1.1 401 ").containsIgnoringCase("Connection: close");
            assertThat(RawHttp.answers(answer)).isEqualTo(1);
        }
    }

    @Test
    void anUploadOfFilesIsRefusedBeforeAnythingIsWritten() {
        try (RawHttp connection = RawHttp.to(service.base())
                .send(POST + HOST + KEY
                        + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100\r\n\r\n")) {
            assertThat(connection.answer(AT_ONCE)).startsWith("HTTP/1.1 415 ");
        }
    }

    @Test
    void whatComesTooSlowlyIsEnded() {
        Map<String, String> slow = Map.of(
                "",
                "",
                "\r\n",
                "",
                "GET / HT",
                "HTTP/1.1 408 ",
                "GET / HTTP/1.1\r\nHost: a\r\nX-A: ",
                "HTTP/1.1 408 ",
                posted("Content-Length: 2\r\n", "{"),
                "HTTP/1.1 408 ",
                posted(CHUNKED, "2\r\n{"),
                "HTTP/1.1 408 ");
        Map<RawHttp, String> waiting = new LinkedHashMap<>();
        slow.forEach((sent, expected) -> {
            waiting.put(RawHttp.to(service.base()).send(sent), expected);
            // There, what has a whole head is answered without its body.
            if (!sent.startsWith(POST)) {
                waiting.put(RawHttp.to(service.management()).send(sent), expected);
            }
        });
        waiting.forEach((connection, expected) -> {
            assertThat(connection.answer(Duration.ofSeconds(40))).startsWith(expected);
            connection.close();
        });
        assertThat(backups()).isZero();
    }

    private static String posted(String framing, String body) {
        return POST + HOST + KEY + JSON + framing + "\r\n" + body;
    }

    private static String line(String line) {
        return line + "\r\n" + HOST + KEY + "Content-Length: 0\r\n\r\n";
    }

    private static int backups() {
        return control.jdbc().queryForObject("SELECT count(*) FROM backup_history", Integer.class);
    }
}
