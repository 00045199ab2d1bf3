package dev.bactrian.app;

import dev.bactrian.config.S3Settings;
import dev.bactrian.config.Settings;
import dev.bactrian.http.security.ApiKeyGate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What Camel and the routes' placeholders have to know of the settings. */
final class CamelProperties {

    private static final String NOTIFY_PATIENCE_MS = "10000";
    private static final long STALL_MARGIN_SECONDS = 10;

    /** How many restores that were asked for over HTTP run at once; others wait. */
    private static final int RESTORES = 4;

    private static final int FILES_AHEAD = 1000;

    private CamelProperties() {}

    /** Properties that override those of {@code config/application.properties}. */
    static Map<String, String> of(Settings settings, Mode mode) {
        Map<String, String> properties = new HashMap<>();
        properties.put("camel.main.name", "bactrian");
        properties.put("camel.main.routesIncludePattern", RouteFolders.ALL);
        properties.put("camel.main.routesExcludePattern", RouteFolders.excluded(mode));
        // A cached stream would be read into memory at the next step.
        properties.put("camel.main.streamCachingEnabled", "false");
        properties.put("camel.main.shutdownTimeout", "10");
        properties.put("camel.main.autoConfigurationLogSummary", "false");
        // Every line that a step of a backup logs names it (logback.xml).
        properties.put("camel.mdc.enabled", "true");
        properties.put("camel.mdc.customProperties", "backupId,dispatchId");
        // With an end: a list of any length is read only as fast as its files come.
        pool(properties, "storage", settings.files().parallelism(), FILES_AHEAD);
        pool(properties, "backups", settings.queue().maxConcurrent(), 0);
        // Of databases that are restored into; each waits for the workers that all share.
        pool(properties, "restores", RESTORES, Integer.MAX_VALUE);
        properties.put(
                "BACKUP_MAX_CONCURRENT", Integer.toString(settings.queue().maxConcurrent()));
        properties.put("BACKUP_QUEUE_LIMIT", Integer.toString(settings.queue().limit()));
        properties.put("BACKUP_RATE_LIMIT", Integer.toString(settings.queue().requestsPerMinute()));
        properties.put(
                "BACKUP_FORMATS",
                settings.archive().formats().stream()
                        .map(format -> format.name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .collect(Collectors.joining(",")));
        // A program that hangs is named by its own watch, which must come first.
        properties.put(
                "BACKUP_STALL_SECONDS", Long.toString(settings.stallTimeout().toSeconds() + STALL_MARGIN_SECONDS));
        properties.put("BACKUP_READ_BACK", Boolean.toString(settings.readBack()));
        properties.put("BACKUP_UNCHANGED", settings.archive().fullEvery() > 0 ? "reuse" : "off");
        properties.put("BACKUP_SHRINK_WARN", Integer.toString(settings.shrink().percent()));
        properties.put("BACKUP_AUTH_USERS", Boolean.toString(settings.supabase().authUsers()));
        properties.put("BACKUP_STORAGE", Boolean.toString(settings.supabase().storage()));
        properties.put(
                "BACKUP_STORAGE_INCREMENTAL", Boolean.toString(settings.files().incremental()));
        properties.put("BACKUP_VAULT", Boolean.toString(settings.supabase().vault()));
        properties.put("S3_PREFIX", settings.keyPrefix());
        properties.put("HISTORY_SCHEMA", settings.historySchema().name());
        properties.put(
                "ARCHIVE_ENCRYPTED", Boolean.toString(settings.encryption().isOn()));
        properties.put(
                "BACKUP_EXTERNAL_SECONDS",
                Long.toString(settings.functions().externalTimeout().toSeconds()));
        // A command that keeps none asks one all the same, where it can be reached.
        properties.put("HISTORY", mode.hasHistory() ? "needed" : settings.hasHistory() ? "asked" : "none");
        properties.put("RETENTION_SCHEDULED", Boolean.toString(mode == Mode.SERVICE));
        properties.put(
                "NOTIFY_ANYBODY", Boolean.toString(settings.notifications().anybody()));
        for (String http : new String[] {"http", "https"}) {
            // By default they wait for minutes, or for ever.
            properties.put("camel.component." + http + ".connectTimeout", NOTIFY_PATIENCE_MS);
            properties.put("camel.component." + http + ".responseTimeout", NOTIFY_PATIENCE_MS);
        }
        for (String mail : new String[] {"smtp", "smtps"}) {
            properties.put("camel.component." + mail + ".connectionTimeout", NOTIFY_PATIENCE_MS);
        }
        S3Settings s3 = settings.s3();
        if (s3 != null) {
            // A store that is away mustn't keep the service from starting.
            properties.put("camel.component.aws2-s3.lazyStartProducer", "true");
            properties.put("S3_BUCKET", s3.bucket());
            properties.put("S3_LATEST", s3.copiesLatest() ? "copy" : "pointer");
        }
        if (mode == Mode.SERVICE) {
            servers(properties, settings);
        }
        return properties;
    }

    private static void servers(Map<String, String> properties, Settings settings) {
        properties.put("camel.component.quartz.scheduler", "#bean:scheduler");
        properties.put("camel.server.enabled", "true");
        properties.put("camel.server.host", settings.httpHost());
        properties.put("camel.server.port", Integer.toString(settings.httpPort()));
        properties.put("camel.server.maxBodySize", Long.toString(ApiKeyGate.LARGEST_BODY));
        properties.put("camel.management.enabled", "true");
        properties.put("camel.management.host", settings.httpHost());
        properties.put("camel.management.port", Integer.toString(settings.managementPort()));
        properties.put("camel.management.healthCheckEnabled", "true");
        properties.put("camel.management.metricsEnabled", "true");
        properties.put("camel.metrics.enabled", "true");
        // They would show every endpoint's address, which may be a key, to whoever reaches the management port.
        properties.put("camel.metrics.enableExchangeEventNotifier", "false");
    }

    private static void pool(Map<String, String> properties, String name, int threads, int queue) {
        String prefix = "camel.threadpool.config[" + name + "].";
        properties.put(prefix + "poolSize", Integer.toString(threads));
        properties.put(prefix + "maxPoolSize", Integer.toString(threads));
        properties.put(prefix + "maxQueueSize", Integer.toString(queue));
    }
}
