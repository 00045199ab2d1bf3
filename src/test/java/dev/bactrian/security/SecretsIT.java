package dev.bactrian.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * No secret shows anywhere: secrets that can be told from everything else, four backups of which three fail, and a search
 * through all that others may get to see. A text that is no secret goes the same ways, and must be found in each.
 */
class SecretsIT {

    private static final String UNIQUE = UUID.randomUUID().toString().substring(0, 8);
    /** Given as a request's ref, so that it shows where requests show. */
    private static final String PLANTED = "planted ré/f:%41 " + UNIQUE + "-planted";

    /** Whoever sends needs them. */
    private static final Map<String, String> OF_ENDPOINTS = Map.of(
            "password of the mail server", "m@il:w/rd%?#&+é'\"{}$-" + UNIQUE + "-mail",
            "path of a webhook", "p4th-" + UNIQUE + "-hook",
            "path of a webhook that refuses", "p4th-" + UNIQUE + "-refusing",
            "path of a webhook that isn't there", "p4th-" + UNIQUE + "-gone",
            "path of pings", "p4th-" + UNIQUE + "-ping");

    private static final Map<String, String> SECRETS = new TreeMap<>(Map.of(
            "password of the database", "p@ss:w/rd%?#&+ é\\'\"{}$-" + UNIQUE + "-reader",
            "password of a superuser", "p@ss:w/rd%?#&+ é\\'\"{}$-" + UNIQUE + "-super",
            "password that is wrong", "p@ss:w/rd%?#&+ é\\'\"{}$-" + UNIQUE + "-wrong",
            "password of the control database", "p@ss:w/rd%?#&+ é\\'\"{}$-" + UNIQUE + "-control",
            "API key", "k3y~!#$&'*+-.^_|/=%41:\"" + UNIQUE + "-api",
            "key for restores", "k3y~!#$&'*+-.^_|/=%41:\"" + UNIQUE + "-restores",
            "API key that is wrong", "k3y~!#$&'*+-.^_|/=%41:\"" + UNIQUE + "-other",
            "secret of S3", TestStore.SECRET,
            "secret of S3 that is wrong", "s3cr/et+=/" + UNIQUE + "-refused",
            "what a caller sent by mistake", "postgresql://a:b@c/" + UNIQUE + "-mistake"));

    static {
        SECRETS.put("secret of GitHub's webhook", "w3b&h%ok=/" + UNIQUE + "-github");
        SECRETS.putAll(OF_ENDPOINTS);
    }

    private static final List<String> CHATTY = List.of(
            "dev.bactrian",
            "org.apache.camel",
            "com.zaxxer.hikari",
            "org.flywaydb",
            "software.amazon.awssdk",
            "io.vertx",
            "org.apache.hc",
            "org.eclipse.angus",
            "org.springframework");

    /** What stays quiet whatever -Dbactrian.log says, since it would show endpoints. */
    private static final Pattern QUIET = Pattern.compile("<logger name=\"(org[.]apache[.][^\"]+)\" level=\"(\\w+)\"/>");

    /** Where others may look. */
    private enum Place {
        LOG,
        RESPONSES,
        CONTROL_DATABASE,
        ARCHIVES,
        STORE,
        EXCHANGES,
        PROCESSES
    }

    private static final Map<Place, String> FOUND = new EnumMap<>(Place.class);
    private static final Map<String, JsonNode> ROWS = new TreeMap<>();
    private static final Map<String, String> MODES = new TreeMap<>();
    private static final List<String> FILES_WITH_SECRETS = new ArrayList<>();
    private static final StringBuilder RESPONSES = new StringBuilder();
    private static final Set<String> PROCESSES = ConcurrentHashMap.newKeySet();
    private static final Set<String> EXCHANGES = ConcurrentHashMap.newKeySet();

    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();
    private static final List<Appender<ILoggingEvent>> USUAL = new ArrayList<>();
    private static Level usualLevel;
    private static final List<TestDatabase> DATABASES = new ArrayList<>();
    private static Map<String, String> roleFiles;
    private static List<Path> leftInWorkFolder;

    @BeforeAll
    static void makeBackupsAndCollectAllThatShows() throws Exception {
        TestDatabase database = PostgresServer.V17.createDatabase().run("CREATE TABLE t AS SELECT 1 AS a");
        TestDatabase broken = PostgresServer.V17.createDatabase().run("CREATE TABLE t AS SELECT 1 AS a");
        TestDatabase control = PostgresServer.V17.createDatabase();
        TestDatabase otherControl = PostgresServer.V17.createDatabase();
        DATABASES.addAll(List.of(database, broken, control, otherControl));
        String reader = role(database, "reader", "password of the database", "BYPASSRLS");
        String superuser = role(database, "super", "password of a superuser", "SUPERUSER");
        String owner = role(control, "control", "password of the control database", "CREATEDB");
        database.run("GRANT SELECT ON t TO " + reader);
        // Its file is gone: pg_dump fails when it comes to the rows.
        broken.run("GRANT SELECT ON t TO " + reader, "UPDATE pg_class SET relfilenode = 999999 WHERE relname = 't'");
        for (TestDatabase own : List.of(control, otherControl)) {
            own.run("ALTER DATABASE " + own.name() + " OWNER TO " + owner);
        }
        Path work = BactrianService.temporaryFolder();
        HttpServer hooks = hooks();
        Map<String, String> settings = new TreeMap<>(Map.of(
                "DATABASE_URL", url(database, reader, "password of the database"),
                "DATABASE_URL_SUPER", url(database, superuser, "password of a superuser"),
                "DATABASE_URL_WRONG", url(database, reader, "password that is wrong"),
                "DATABASE_URL_BROKEN", url(broken, reader, "password of the database"),
                "CONTROL_DATABASE_URL", url(control, owner, "password of the control database"),
                "BACKUP_API_KEY", SECRETS.get("API key"),
                "RESTORE_API_KEY", SECRETS.get("key for restores"),
                "BACKUP_MAX_CONCURRENT", "4",
                "WORK_DIR", work.toString()));
        settings.put("GITHUB_WEBHOOK_SECRET", SECRETS.get("secret of GitHub's webhook"));
        settings.putAll(endpoints(hooks.getAddress().getPort()));

        startLog();
        ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
        Process planted = new ProcessBuilder("sh", "-c", "read wait", PLANTED).start();
        try (TestStore store = TestStore.start()) {
            try (BactrianService service = BactrianService.start(settings, control, store)) {
                sampler.scheduleWithFixedDelay(SecretsIT::sampleProcesses, 0, 5, TimeUnit.MILLISECONDS);
                watchExchanges(service);
                store.faults().holdUploads();
                Map<String, String> ids = new TreeMap<>();
                for (String name : List.of("default", "super", "wrong", "broken")) {
                    ids.put(name, request(service, name));
                }
                awaitPhase(service, ids.get("default"), "uploading");
                // What other backups have there may go while it is looked at.
                Awaitility.await("a whole look into the work folder")
                        .ignoreExceptions()
                        .until(() -> lookIntoWorkFolder(work));
                store.faults().releaseUploads();
                ids.forEach((name, id) -> ROWS.put(name, awaitEnd(service, id)));
                leftInWorkFolder = service.workFiles();
                awaitNotifications(control, 2);
                deliver(service);
                callEverything(service, ids.get("default"));
                lookIntoStore(store, ids);
            }
            Map<String, String> refused = new TreeMap<>(settings);
            refused.putAll(Map.of(
                    "CONTROL_DATABASE_URL", url(otherControl, owner, "password of the control database"),
                    "AWS_SECRET_ACCESS_KEY", SECRETS.get("secret of S3 that is wrong")));
            try (BactrianService service = BactrianService.start(refused, otherControl, store)) {
                watchExchanges(service);
                ROWS.put("refused by S3", awaitEnd(service, request(service, "default")));
                awaitNotifications(otherControl, 1);
            }
        } finally {
            planted.destroy();
            hooks.stop(0);
            sampler.shutdown();
            stopLog();
        }
        FOUND.put(Place.LOG, log());
        FOUND.put(Place.RESPONSES, RESPONSES.toString());
        FOUND.put(Place.CONTROL_DATABASE, rows(control) + rows(otherControl));
        FOUND.put(Place.EXCHANGES, String.join("\n", EXCHANGES));
        FOUND.put(Place.PROCESSES, String.join("\n", PROCESSES));
    }

    @AfterAll
    static void dropRoles() {
        TestDatabase any = PostgresServer.V17.createDatabase();
        DATABASES.forEach(database -> any.run("DROP DATABASE " + database.name() + " WITH (FORCE)"));
        any.run("DROP ROLE canary_reader, canary_super, canary_control");
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void noSecretShows(Place place) {
        String text = FOUND.get(place);
        assertThat(shows(text, PLANTED))
                .as("what is no secret is found in " + place)
                .isTrue();
        Map<String, String> sought = new TreeMap<>(SECRETS);
        if (place == Place.EXCHANGES) {
            // A request's body is in its exchange until it has been refused.
            sought.remove("what a caller sent by mistake");
            sought.keySet().removeAll(OF_ENDPOINTS.keySet());
        }
        sought.forEach((name, secret) ->
                assertThat(shows(text, secret)).as(name + " shows in " + place).isFalse());
    }

    @Test
    void theBackupsEndedAsThisTestNeedsThem() {
        assertThat(ROWS.get("default").path("status").asText()).isEqualTo("success");
        assertThat(ROWS.get("super").path("status").asText()).isEqualTo("success");
        Map<String, String> reasons = Map.of(
                "wrong", "refused the user or the password",
                "broken", "pg_dump failed with exit code 1",
                "refused by S3", "S3 answered 403");
        reasons.forEach((name, reason) -> {
            assertThat(ROWS.get(name).path("status").asText()).as(name).isEqualTo("failed");
            assertThat(ROWS.get(name).path("error_text").asText()).contains(reason);
        });
    }

    @Test
    void theLogWasListenedToClosely() {
        assertThat(logged(Level.DEBUG, "dev.bactrian.backup.FailureText")).isTrue();
        assertThat(logged(Level.DEBUG, "org.apache.camel")).isTrue();
        assertThat(logged(Level.INFO, "request-backup")).isTrue();
        assertThat(logged(Level.ERROR, "backup-failed")).isTrue();
        assertThat(logged(Level.WARN, "notify-of-one")).isTrue();
    }

    @Test
    void theProgramsRanWhileTheirArgumentsWereLookedAt() {
        assertThat(PROCESSES)
                .anyMatch(arguments -> arguments.contains("/pg_dump ") && arguments.contains("--schema-only"))
                .anyMatch(arguments -> arguments.contains("/pg_dump ") && arguments.contains("--data-only"))
                .anyMatch(arguments -> arguments.contains("passfile="));
    }

    @Test
    void passwordsLieInAFileForThisUserAlone() {
        assertThat(MODES).hasSizeGreaterThanOrEqualTo(4);
        assertThat(MODES.entrySet().stream().filter(file -> file.getKey().endsWith("/passfile")))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(file.getValue()).isEqualTo("rw-------"));
        // Nobody else gets past the process's own folder, whatever modes the files in it have.
        assertThat(MODES.entrySet().stream()
                        .filter(file -> Path.of(file.getKey()).getNameCount() == 1))
                .isNotEmpty()
                .allSatisfy(folder -> assertThat(folder.getValue()).isEqualTo("rwx------"));
        assertThat(FILES_WITH_SECRETS).isNotEmpty().allMatch(file -> file.endsWith("/passfile"));
        assertThat(leftInWorkFolder).isEmpty();
    }

    @Test
    void rolesAreSavedWithHashesAtTheMost() {
        assertThat(roleFiles.get("super"))
                .contains("ALTER ROLE canary_super")
                .containsPattern("ALTER ROLE canary_reader .*PASSWORD 'SCRAM-SHA-256\\$");
        assertThat(roleFiles.get("default"))
                .contains("ALTER ROLE canary_reader")
                .doesNotContain("PASSWORD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s", "a%sb", "\"%s\"",
            })
    void theSearchFindsASecretInEveryDisguise(String around) throws IOException {
        for (String secret : SECRETS.values()) {
            for (String text : List.of(
                    secret,
                    url(secret),
                    url(secret).toLowerCase(Locale.ROOT),
                    URLEncoder.encode(secret, StandardCharsets.UTF_8),
                    new ObjectMapper().writeValueAsString(secret),
                    secret.replace("\\", "\\\\").replace(":", "\\:"),
                    secret.replace("'", "''"),
                    secret.replace("\\", "\\\\").replace("'", "\\'"),
                    base64("Aladdin:" + secret),
                    base64("user:" + secret + ":"),
                    base64("x" + secret),
                    base64("xy" + secret + "z"),
                    Base64.getUrlEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)))) {
                assertThat(shows(String.format(around, text), secret)).as(text).isTrue();
                assertThat(shows(String.format(around, text.substring(0, text.length() / 2)), secret))
                        .as(text)
                        .isFalse();
            }
        }
    }

    // What is done

    private static String role(TestDatabase database, String name, String secret, String rights) {
        String role = "canary_" + name;
        database.run(
                "DROP ROLE IF EXISTS " + role,
                "CREATE ROLE " + role + " LOGIN PASSWORD '"
                        + SECRETS.get(secret).replace("'", "''") + "' " + rights);
        return role;
    }

    private static String url(TestDatabase database, String role, String secret) {
        return database.url(role, url(SECRETS.get(secret)));
    }

    private static String request(BactrianService service, String database) {
        HttpResponse<String> answer = call(
                service,
                "POST",
                "/api/backups",
                "{\"database\": \"" + database + "\", \"ref\": \"" + PLANTED + "\"}",
                SECRETS.get("API key"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return BactrianService.json(answer.body()).path("id").asText();
    }

    private static void awaitPhase(BactrianService service, String id, String phase) {
        Awaitility.await(phase)
                .atMost(Duration.ofSeconds(60))
                .until(() -> backup(service, id).path("phase").asText(), phase::equals);
    }

    private static JsonNode awaitEnd(BactrianService service, String id) {
        return Awaitility.await("the end of backup " + id)
                .atMost(Duration.ofSeconds(60))
                .until(() -> backup(service, id), row -> !"in_progress"
                        .equals(row.path("status").asText()));
    }

    private static JsonNode backup(BactrianService service, String id) {
        return BactrianService.json(call(service, "GET", "/api/backups/" + id, null, SECRETS.get("API key"))
                .body());
    }

    /** One takes what it gets; the other refuses it, and quotes what it was sent. */
    private static HttpServer hooks() throws IOException {
        HttpServer hooks = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        hooks.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            byte[] answer = path.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(
                    path.contains(SECRETS.get("path of a webhook that refuses")) ? 403 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        hooks.start();
        return hooks;
    }

    /** All kinds of endpoints that fail, and some that don't. */
    private static Map<String, String> endpoints(int port) {
        String web = "http://127.0.0.1:" + port + "/";
        String mail = "?username=me&password=RAW(" + SECRETS.get("password of the mail server")
                + ")&from=a@example.com&to=b@example.com";
        return Map.of(
                "NOTIFY_FAILURE",
                String.join(
                        " ",
                        web + SECRETS.get("path of a webhook"),
                        web + SECRETS.get("path of a webhook that refuses"),
                        "http://127.0.0.1:1/" + SECRETS.get("path of a webhook that isn't there"),
                        "smtp://127.0.0.1:1" + mail,
                        "smtps://127.0.0.1:" + port + mail,
                        "smtp://127.0.0.1:1" + mail + "&noSuchOption=1"),
                "NOTIFY_SUCCESS",
                web + SECRETS.get("path of a webhook"),
                "NOTIFY_PING_URL",
                web + SECRETS.get("path of pings"));
    }

    private static void awaitNotifications(TestDatabase control, int failed) {
        Awaitility.await("a try to tell everybody")
                .atMost(Duration.ofSeconds(60))
                .until(() -> control.jdbc()
                                .queryForObject(
                                        "SELECT count(*) FROM backup_history WHERE status = 'failed' AND "
                                                + "notified_to LIKE '%failure/1%' AND notify_after < now() + interval '1 minute'",
                                        Integer.class)
                        == failed);
    }

    private static void deliver(BactrianService service) throws Exception {
        byte[] body = ("{\"ref\": \"" + PLANTED + "\"}").getBytes(StandardCharsets.UTF_8);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(
                SECRETS.get("secret of GitHub's webhook").getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String signature = "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        for (String shown : List.of(signature, "sha256=" + "0".repeat(64), "none")) {
            HttpResponse<String> answer =
                    BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + "/hooks/github"))
                            .header("X-GitHub-Event", "ping")
                            .header("X-GitHub-Delivery", UUID.randomUUID().toString())
                            .header("X-Hub-Signature-256", shown)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build());
            assertThat(answer.statusCode()).isEqualTo(shown.equals(signature) ? 200 : 401);
            show(answer);
        }
    }

    private static void callEverything(BactrianService service, String id) {
        String mistake = SECRETS.get("what a caller sent by mistake");
        String key = SECRETS.get("API key");
        String one = "/api/backups/" + id;
        for (String path : List.of("/", "/openapi.yaml", "/api/backups", one, one + "/manifest")) {
            call(service, "GET", path, null, key);
            call(service, "GET", path, null, SECRETS.get("API key that is wrong"));
            call(service, "GET", path + "?cursor=" + url(mistake), null, key);
        }
        call(service, "POST", one + "/download-url", null, key);
        call(service, "GET", "/api/backups/" + url(mistake), null, key);
        for (String body : List.of(
                "{\"database\": \"" + mistake + "\"}",
                "{\"" + mistake + "\": 1}",
                "{\"dispatch_id\": \"" + mistake + "\"}",
                mistake)) {
            assertThat(call(service, "POST", "/api/backups", body, key).statusCode())
                    .isEqualTo(400);
        }
        restore(service, id, mistake);
        for (String path : List.of("/observe/health", "/observe/health/ready", "/observe/metrics")) {
            show(BactrianService.send(HttpRequest.newBuilder(URI.create(service.management() + path))
                    .build()));
        }
    }

    /** One that fails, since what it would make is there; and some that aren't even begun. */
    private static void restore(BactrianService service, String id, String mistake) {
        String key = SECRETS.get("key for restores");
        String path = "/api/restores";
        String name = DATABASES.get(0).name();
        String asked = "{\"backup\": \"" + id + "\", \"database\": \"%s\", \"confirm\": \"%s\"%s}";
        for (String body : List.of(
                asked.formatted(mistake, name, ""),
                asked.formatted("super", mistake, ""),
                asked.formatted("super", name, ", \"" + mistake + "\": 1"),
                mistake)) {
            assertThat(call(service, "POST", path, body, key).statusCode()).isEqualTo(400);
        }
        String body = asked.formatted("super", name, "");
        assertThat(call(service, "POST", path, body, SECRETS.get("API key")).statusCode())
                .isEqualTo(403);
        String begun = call(service, "POST", path, body, key)
                .headers()
                .firstValue("Location")
                .orElseThrow();
        Awaitility.await("the end of a restore")
                .atMost(Duration.ofSeconds(60))
                .until(() -> call(service, "GET", begun, null, key).body().contains("\"failed\""));
        call(service, "GET", path, null, key);
    }

    private static HttpResponse<String> call(
            BactrianService service, String method, String path, String body, String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.base() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + key);
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        HttpResponse<String> answer = BactrianService.send(request.method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build());
        show(answer);
        return answer;
    }

    // What shows

    private static void show(HttpResponse<String> answer) {
        RESPONSES
                .append(answer.statusCode())
                .append(' ')
                .append(answer.headers().map())
                .append('\n')
                .append(answer.body())
                .append('\n');
    }

    /** Everything from INFO on, more of what handles secrets; nothing on the terminal meanwhile. */
    private static void startLog() throws IOException {
        Logger root = logger(Logger.ROOT_LOGGER_NAME);
        root.iteratorForAppenders().forEachRemaining(USUAL::add);
        USUAL.forEach(root::detachAppender);
        usualLevel = root.getLevel();
        root.setLevel(Level.INFO);
        CHATTY.forEach(name -> logger(name).setLevel(Level.DEBUG));
        quiet().forEach((name, level) -> logger(name).setLevel(level));
        LOG.start();
        root.addAppender(LOG);
    }

    private static Map<String, Level> quiet() throws IOException {
        return QUIET.matcher(Files.readString(Path.of("src/main/resources/logback.xml")))
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> Level.toLevel(found.group(2))));
    }

    private static void stopLog() throws IOException {
        Logger root = logger(Logger.ROOT_LOGGER_NAME);
        root.detachAppender(LOG);
        CHATTY.forEach(name -> logger(name).setLevel(null));
        quiet().keySet().forEach(name -> logger(name).setLevel(null));
        root.setLevel(usualLevel);
        USUAL.forEach(root::addAppender);
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }

    private static boolean logged(Level level, String logger) {
        return LOG.list.stream()
                .anyMatch(event ->
                        event.getLevel() == level && event.getLoggerName().startsWith(logger));
    }

    private static String log() {
        StringBuilder text = new StringBuilder();
        for (ILoggingEvent event : LOG.list) {
            text.append(event.getFormattedMessage()).append('\n');
            if (event.getThrowableProxy() != null) {
                text.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
        return text.toString();
    }

    private static void sampleProcesses() {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes
                    .filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .forEach(path -> sample(path.resolve("cmdline")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Of these alone: other tests start services, whose settings come from their environment.
        ProcessHandle.current()
                .descendants()
                .forEach(child -> sample(Path.of("/proc", Long.toString(child.pid()), "environ")));
    }

    private static void sample(Path file) {
        try {
            PROCESSES.add(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace('\0', ' '));
        } catch (IOException e) {
            // It has ended, or is another user's.
        }
    }

    /** Whatever a route could log of an exchange. */
    private static void watchExchanges(BactrianService service) throws Exception {
        EventNotifierSupport notifier = new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                Exchange exchange = ((CamelEvent.ExchangeEvent) event).getExchange();
                EXCHANGES.add(exchange.getMessage().getHeaders() + " " + exchange.getAllProperties() + " "
                        + exchange.getMessage().getBody());
            }

            @Override
            public boolean isEnabled(CamelEvent event) {
                return event instanceof CamelEvent.ExchangeEvent;
            }
        };
        notifier.start();
        service.app().context().getManagementStrategy().addEventNotifier(notifier);
    }

    private static boolean lookIntoWorkFolder(Path work) throws IOException {
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.filter(path -> !path.equals(work)).toList()) {
                String name = work.relativize(file).toString();
                MODES.put(name, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                if (Files.isRegularFile(file)) {
                    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                    if (SECRETS.values().stream().anyMatch(secret -> shows(text, secret))) {
                        FILES_WITH_SECRETS.add(name);
                    }
                }
            }
        }
        return true;
    }

    private static void lookIntoStore(TestStore store, Map<String, String> ids) throws IOException {
        StringBuilder objects = new StringBuilder(String.join("\n", store.keys()));
        StringBuilder archives = new StringBuilder();
        roleFiles = new TreeMap<>();
        for (String key : store.keys()) {
            Path object = store.download(key);
            objects.append(new String(Files.readAllBytes(object), StandardCharsets.UTF_8));
            if (!key.endsWith(".zip")) {
                continue;
            }
            try (ZipFile zip = new ZipFile(object.toFile())) {
                for (ZipEntry entry : zip.stream().toList()) {
                    String text = new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                    archives.append(entry.getName()).append('\n').append(text);
                    if (entry.getName().equals("db/roles.sql")) {
                        ROWS.entrySet().stream()
                                .filter(row ->
                                        key.equals(row.getValue().path("s3_key").asText()))
                                .forEach(row -> roleFiles.put(row.getKey(), text));
                    }
                }
            }
        }
        assertThat(roleFiles).containsOnlyKeys("default", "super");
        FOUND.put(Place.ARCHIVES, archives.toString());
        FOUND.put(Place.STORE, objects.toString());
    }

    private static String rows(TestDatabase database) {
        StringBuilder rows = new StringBuilder();
        for (String table : database.rowCounts().keySet()) {
            database.jdbc()
                    .queryForList("SELECT t::text FROM " + table + " t", String.class)
                    .forEach(row -> rows.append(row).append('\n'));
        }
        return rows.toString();
    }

    // The search

    /**
     * Whether a text shows a secret. The secrets' ends are unique, and are what they are in URLs, JSON, SQL and passfiles
     * alike; in base64 they have one of three forms, by where they begin.
     */
    private static boolean shows(String text, String secret) {
        String end = secret.substring(Math.max(0, secret.indexOf(UNIQUE)));
        Set<String> forms = new LinkedHashSet<>(List.of(end));
        for (int before = 0; before < 3; before++) {
            byte[] shifted = ("\0".repeat(before) + end).getBytes(StandardCharsets.UTF_8);
            // Only the characters that no neighbour has a part in.
            int first = (before * 8 + 5) / 6;
            int last = shifted.length * 8 / 6;
            forms.add(Base64.getEncoder().encodeToString(shifted).substring(first, last));
            forms.add(Base64.getUrlEncoder().encodeToString(shifted).substring(first, last));
        }
        return forms.stream().anyMatch(text::contains);
    }

    /** Percent-encoded, as in a connection URL. */
    private static String url(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
