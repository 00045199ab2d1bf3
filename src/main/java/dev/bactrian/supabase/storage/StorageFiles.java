package dev.bactrian.supabase.storage;

import com.zaxxer.hikari.HikariDataSource;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** What the routes {@code plan-storage-files} and {@code storage-files} do between their queries. */
public final class StorageFiles {

    private static final Duration FIRST_WAIT = Duration.ofMillis(250);

    private final Supplier<CamelContext> camel;
    private final FileStores stores;

    public StorageFiles(Supplier<CamelContext> camel, FileStores stores) {
        this.camel = camel;
        this.stores = stores;
    }

    /**
     * Opens the way to the files, and makes sure that it leads to them, before anything is dumped.
     *
     * @throws ProblemException when a setting is missing, or the store refuses
     */
    public FilesRun open(@ExchangeProperty("run") BackupRun run, @ExchangeProperty("filePlan") FilePlan plan)
            throws IOException {
        FileStore store = plan.objects() == 0 ? null : stores.open(run.getDatabase());
        FilesRun files = new FilesRun(plan, store, run.getFolder());
        run.closeAtEnd(files);
        if (store != null) {
            requireBuckets(run, store, plan);
            bindDatabaseAsItIsNow(run);
        }
        run.getEvidence().done("open-storage-files");
        return files;
    }

    private void requireBuckets(BackupRun run, FileStore store, FilePlan plan) throws IOException {
        requireOneOf(
                plan,
                new RequestRetry(run, FIRST_WAIT)
                        .send("The list of the project's buckets couldn't be fetched", store::buckets));
    }

    /** A key that is valid may be that of another project. */
    private static void requireOneOf(FilePlan plan, Set<String> there) {
        if (plan.buckets().stream()
                .noneMatch(bucket -> there.contains(bucket.path("id").asText()))) {
            throw ProblemException.stopped(
                    "The project in the settings has none of the buckets that the database lists: it is a different "
                            + "project.",
                    "Set SUPABASE_URL (for s3: SUPABASE_S3_ENDPOINT) and its keys to those of the project that the "
                            + "database belongs to, or set BACKUP_STORAGE to false.");
        }
    }

    /** Unlike the snapshot's, this data source shows the database as it is when it is asked. */
    private void bindDatabaseAsItIsNow(BackupRun run) {
        HikariDataSource now = new HikariDataSource();
        now.setJdbcUrl(run.getDatabase().url().jdbcUrl());
        now.setDataSourceProperties(run.getDatabase().url().jdbcProperties());
        now.setMaximumPoolSize(1);
        now.setMinimumIdle(0);
        now.setInitializationFailTimeout(-1);
        now.setConnectionInitSql(SessionSettings.ofSession());
        String name = nameOfNow(run);
        camel.get().getRegistry().bind(name, now);
        run.closeAtEnd(() -> {
            camel.get().getRegistry().unbind(name);
            now.close();
        });
    }

    /** The name under which {@code sql:} endpoints find it. */
    public String nameOfNow(@ExchangeProperty("run") BackupRun run) {
        return "now-" + run.getId();
    }

    /** Files with the entries that they become, one at a time. */
    public Iterator<StorageObject> objects(
            @Body Iterator<Map<String, Object>> rows, @ExchangeProperty("previous") @Nullable PreviousArchive earlier) {
        return new ObjectRows(rows, earlier);
    }

    /** Writes down a file that is in the archive, or, after a look at its row as it is now, one that isn't. */
    public void note(
            @Body FetchedFile file,
            @Header("rowNow") @Nullable Map<String, Object> now,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("files") FilesRun files)
            throws IOException {
        run.getEvidence().done("fetch-files");
        run.getEvidence().undone("judge-skew", "confirm-platform-tables");
        if (file.doubt() == null) {
            files.add(file);
        } else {
            files.add(Skew.of(file, now));
        }
    }

    /** Bytes that the archive is surely smaller than. */
    public long largest(long databaseSize, @ExchangeProperty("filePlan") @Nullable FilePlan plan) {
        return databaseSize + (plan == null ? 0 : plan.bytes());
    }
}
