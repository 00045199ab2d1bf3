package dev.bactrian.store;

import dev.bactrian.config.S3Settings;
import dev.bactrian.config.SettingSource;
import dev.bactrian.config.SettingsReader;
import dev.bactrian.problem.CheckResult;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.testing.SampleRun;
import dev.bactrian.testing.stores.TestStore;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.s3.S3Client;

/** What tests of the store do with settings as users write them. */
final class Stores {

    static final String KEY = "backups/archive/2026-11-20T18-42-07Z/backup-2026-11-20-18-42-UTC.zip";

    private Stores() {}

    static S3Settings settings(TestStore store, URI endpoint, Map<String, String> own) {
        Map<String, String> all = new HashMap<>(store.settings());
        all.put("DATABASE_URL", "postgresql://a:b@127.0.0.1:1/c");
        all.put("S3_ENDPOINT", endpoint.toString());
        all.putAll(own);
        return Objects.requireNonNull(
                new SettingsReader(SettingSource.of(all), true).read(false).s3());
    }

    static ErrorTranslators translators(S3Settings settings) {
        return new ErrorTranslators(List.of(new S3Errors(settings)));
    }

    static List<CheckResult> check(S3Settings settings) {
        return new BucketCheck(settings, translators(settings), true).check();
    }

    static List<CheckResult> failures(S3Settings settings) {
        return check(settings).stream().filter(result -> !result.good()).toList();
    }

    /** Stores a small archive as the routes do; what went wrong, in words, or null. */
    static String upload(S3Settings settings, Path work) {
        try (S3Clients clients = new S3Clients(settings);
                S3Client client = clients.client()) {
            new S3Upload(clients, new RefusedOptions(settings))
                    .upload(
                            new ByteArrayInputStream(new byte[100]),
                            KEY,
                            "application/zip",
                            100,
                            0,
                            SampleRun.in(work));
            new KeptOptions(settings, client).confirm(KEY);
            return null;
        } catch (RuntimeException e) {
            return translators(settings).explain(e, "upload-archive").text();
        }
    }
}
