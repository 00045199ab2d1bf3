package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.ReadLimits;
import dev.bactrian.archive.StoreKeys;
import dev.bactrian.archive.StoredObject;
import dev.bactrian.backup.Latest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What a store's file promises the routes above it (docs/routes.md, "The contract of a store"): the verbs one by one, and the shipped
 * routes that call them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreContract {

    private static final String KEY = "backups/archive/2026-11-20T18-42-07Z/backup-2026-11-20-18-42-UTC.zip";
    private static final String LATER = "backups/archive/2026-11-21T18-42-07Z/backup-2026-11-21-18-42-UTC.zip";
    private static final String LATEST = "backups/latest/contract/";
    private static final int LARGE = (20 << 20) + 123;

    private CamelContext camel;

    /** Starts the server; the file of the store. */
    abstract Path start() throws Exception;

    abstract void stop() throws Exception;

    /** What the file names in double braces. */
    abstract Map<String, String> properties() throws Exception;

    /** Beans that the file doesn't declare itself. */
    abstract void bind(Registry registry);

    /** Whether it copies, and latest/ gets a copy of each archive. */
    abstract boolean copies();

    @BeforeAll
    void startAll() throws Exception {
        Path file = start();
        camel = new DefaultCamelContext();
        // As the service does: what goes into a store is larger than any memory.
        camel.setStreamCaching(false);
        Properties properties = new Properties();
        properties.put("S3_PREFIX", "backups");
        properties.put("S3_LATEST", copies() ? "copy" : "pointer");
        properties.putAll(properties());
        camel.getPropertiesComponent().setInitialProperties(properties);
        StoreKeys keys = new StoreKeys("backups");
        camel.getRegistry().bind("keys", keys);
        camel.getRegistry().bind("manifestText", new ManifestText(ReadLimits.HERE));
        camel.getRegistry().bind("latest", new Latest(keys));
        bind(camel.getRegistry());
        for (Path routes : List.of(
                file,
                Path.of("routes/store/archive-store.camel.yaml"),
                Path.of("routes/store/latest-store.camel.yaml"))) {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(
                            PluginHelper.getResourceLoader(camel).resolveResource("file:" + routes.toAbsolutePath()));
        }
        camel.start();
    }

    @AfterAll
    void stopAll() throws Exception {
        camel.stop();
        stop();
    }

    /** What the route answers with, once it has ended without an error. */
    private Exchange call(String route, Object body, Map<String, Object> headers) {
        Exchange answer = camel.createProducerTemplate().request("direct:" + route, exchange -> {
            exchange.setProperty("key", headers.get("key"));
            exchange.setProperty("database", "contract");
            exchange.setProperty("latestKey", headers.get("latestKey"));
            exchange.getMessage().setHeaders(new HashMap<>(headers));
            exchange.getMessage().setBody(body);
        });
        if (answer.getException() != null) {
            throw new CamelExecutionException(route, answer, answer.getException());
        }
        return answer;
    }

    final Exchange verb(String verb, String key, Object body, Map<String, Object> more) {
        Map<String, Object> headers = new HashMap<>(more);
        headers.put("verb", verb);
        headers.put("key", key);
        headers.put("contentType", "application/json");
        return call("archives", body, headers);
    }

    final Exchange verb(String verb, String key) {
        return verb(verb, key, null, Map.of());
    }

    private void put(String key, String text) {
        verb("put", key, text, Map.of());
    }

    private String text(String key) throws IOException {
        try (InputStream in = verb("get", key).getMessage().getBody(InputStream.class)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    final List<String> keys(String prefix, boolean unfinished) {
        return objects(prefix, unfinished).stream().map(StoredObject::key).toList();
    }

    @SuppressWarnings("unchecked")
    private List<StoredObject> objects(String prefix, boolean unfinished) {
        return (List<StoredObject>) verb("list", prefix, null, Map.of("prefix", prefix, "unfinished", unfinished))
                .getMessage()
                .getBody();
    }

    private static String unused() {
        return "backups/contract/" + UUID.randomUUID() + "/manifest.json";
    }

    @Test
    void whatIsPutIsGottenUntilItIsDeleted() throws Exception {
        String key = unused();
        assertThat(text(key)).isNull();

        put(key, "première");
        assertThat(text(key)).isEqualTo("première");
        put(key, "second");
        assertThat(text(key)).isEqualTo("second");

        verb("delete", key);
        assertThat(text(key)).isNull();
        verb("delete", key);
    }

    @Test
    void nothingIsReplacedThatWasChangedMeanwhile() throws Exception {
        String key = unused();

        assertThat(stored(key, "first", null)).isTrue();
        assertThat(stored(key, "of another", null)).isFalse();
        Object first = verb("get", key).getMessage().getHeader("version");
        assertThat(stored(key, "the second one", first)).isTrue();
        assertThat(stored(key, "too late", first)).isFalse();

        assertThat(text(key)).isEqualTo("the second one");
        verb("delete", key);
        assertThat(stored(key, "too late", first)).isFalse();
        assertThat(text(key)).isNull();
    }

    private boolean stored(String key, String text, Object version) {
        Map<String, Object> headers = new HashMap<>();
        headers.put("version", version);
        return verb("put-if-absent", key, text, headers).getMessage().getHeader("stored", Boolean.class);
    }

    @Test
    void aStreamOfUnknownLengthIsReadBackByRanges() throws Exception {
        byte[] content = new byte[LARGE];
        new Random(1).nextBytes(content);
        String key = unused();

        verb("put", key, new ByteArrayInputStream(content), Map.of("largest", 1L << 30));

        assertThat(verb("head", key).getMessage().getHeader("storedSize", Long.class))
                .isEqualTo(LARGE);
        assertThat(range(key, 0, LARGE - 1)).isEqualTo(content);
        assertThat(range(key, LARGE - 5, LARGE - 2))
                .isEqualTo(java.util.Arrays.copyOfRange(content, LARGE - 5, LARGE - 1));
        try (InputStream early = verb("range", key, null, Map.of("rangeStart", 0L, "rangeEnd", LARGE - 1L))
                .getMessage()
                .getBody(InputStream.class)) {
            assertThat(early.read()).isEqualTo(content[0] & 0xff);
        }
        verb("delete", key);
    }

    final byte[] range(String key, long from, long to) throws IOException {
        try (InputStream in = verb("range", key, null, Map.of("rangeStart", from, "rangeEnd", to))
                .getMessage()
                .getBody(InputStream.class)) {
            return in.readAllBytes();
        }
    }

    @Test
    void aStreamThatFailsLeavesNothing() throws Exception {
        String key = unused();
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[LARGE]), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the dump failed");
            }
        });

        assertThatThrownBy(() -> verb("put", key, broken, Map.of())).hasStackTraceContaining("the dump failed");
        verb("abort", key);

        assertThat(text(key)).isNull();
        assertThat(keys(key, true)).isEmpty();
        verb("abort", key);
    }

    @Test
    void theListIsOfAPrefix() {
        String folder = "backups/contract/" + UUID.randomUUID();
        put(folder + "/a", "12345");
        put(folder + "/sub/b", "1");
        put(folder + "-other/c", "1");

        assertThat(keys(folder + "/", false)).containsExactlyInAnyOrder(folder + "/a", folder + "/sub/b");
        assertThat(keys(folder, false)).hasSize(3);
        assertThat(objects(folder + "/a", true)).singleElement().satisfies(object -> {
            assertThat(object.size()).isEqualTo(5);
            assertThat(object.finished()).isTrue();
            assertThat(object.modified()).isNotNull();
        });
        assertThat(keys("backups/contract/nothing/", true)).isEmpty();
    }

    @Test
    void whatIsNotThereHasNoSize() {
        assertThatThrownBy(() -> verb("head", unused())).isInstanceOf(CamelExecutionException.class);
        assertThatThrownBy(() -> verb("range", unused(), null, Map.of("rangeStart", 0L, "rangeEnd", 1L))
                        .getMessage()
                        .getBody(InputStream.class)
                        .read())
                .isInstanceOf(Exception.class);
    }

    @Test
    void aCopyHasTheSameContent() throws Exception {
        if (!copies()) {
            assertThatThrownBy(() -> verb("copy", unused())).hasStackTraceContaining("can't copy");
            return;
        }
        String key = unused();
        put(key, "copied");

        verb("copy", key + ".copy", null, Map.of("source", key));

        assertThat(text(key + ".copy")).isEqualTo("copied");
        assertThat(text(key)).isEqualTo("copied");
    }

    @Test
    void aLinkThatThereIsLeadsToTheContent() throws Exception {
        String key = unused();
        put(key, "linked");

        String link =
                verb("link", key, null, Map.of("seconds", 60)).getMessage().getBody(String.class);

        if (link != null) {
            assertThat(HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create(link)).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("linked");
        }
    }

    @Test
    void anUnknownVerbIsRefused() {
        assertThatThrownBy(() -> verb("rename", unused())).hasStackTraceContaining("can't rename");
    }

    @Test
    void aManifestIsNullUntilItIsStored() {
        Map<String, Object> headers = Map.of("key", LATER);
        assertThat(call("fetch-manifest", null, headers).getMessage().getBody()).isNull();

        call("store-manifest", "{\"format\": 1}", headers);

        assertThat(call("fetch-manifest", null, headers).getMessage().getBody(String.class))
                .isEqualTo("{\"format\": 1}");
        call("discard-archive", null, headers);
        assertThat(call("fetch-manifest", null, headers).getMessage().getBody()).isNull();
    }

    @Test
    void archivesAreListedMeasuredAndDiscarded() {
        put("backups/archive/notes.txt", "mine");
        for (String key : List.of(KEY, LATER)) {
            call("store-archive", new ByteArrayInputStream(new byte[100]), Map.of("key", key, "largest", 1000L));
            call("store-manifest", "{}", Map.of("key", key));
        }

        assertThat(call("measure-stored", null, Map.of("key", KEY)).getMessage().getHeader("storedSize", Long.class))
                .isEqualTo(100);
        assertThat(call("list-archives", null, Map.of()).getMessage().getBody(List.class))
                .asList()
                .containsExactlyInAnyOrder(KEY, LATER);
        for (String key : List.of(KEY, LATER)) {
            call("discard-archive", null, Map.of("key", key));
            call("discard-archive", null, Map.of("key", key));
        }
        assertThat(keys("backups/archive/", true)).containsExactly("backups/archive/notes.txt");
    }

    @Test
    void theLatestIsNamedUnlessAnotherOneWasMeanwhile() throws Exception {
        put(KEY, "first");
        put(LATER, "second");

        assertThat(latest(KEY, "")).isTrue();
        assertThat(latest(LATER, KEY)).isTrue();
        assertThat(latest(KEY, "")).as("another one is named by now").isFalse();

        assertThat(text(LATEST + "manifest.json")).isEqualTo(manifest(LATER));
        assertThat(keys(LATEST, true))
                .containsExactlyInAnyOrderElementsOf(
                        copies()
                                ? List.of(LATEST + "manifest.json", LATEST + StoreKeys.ownName(LATER))
                                : List.of(LATEST + "manifest.json"));
        call("discard-archive", null, Map.of("key", KEY));
        call("discard-archive", null, Map.of("key", LATER));
    }

    private boolean latest(String key, String named) {
        return call("store-latest", manifest(key), Map.of("key", key, "latestKey", named))
                .getMessage()
                .getHeader("latestStored", Boolean.class);
    }

    private static String manifest(String key) {
        return "{\"archive\": {\"key\": \"" + key + "\"}}";
    }
}
