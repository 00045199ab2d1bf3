package dev.bactrian.supabase.storage;

import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.SupabaseTables;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.problem.CheckResult;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.support.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** Looks whether the files of a database's project could be fetched now, with the queries that a backup uses. */
public final class FilesCheck {

    private final Path sql;
    private final FilePlans plans;
    private final FileStores stores;
    private final ErrorTranslators translators;

    /**
     * Prepares the check.
     *
     * @param sql folder of the detection queries
     */
    public FilesCheck(Path sql, FilePlans plans, FileStores stores, ErrorTranslators translators) {
        this.sql = sql;
        this.plans = plans;
        this.stores = stores;
        this.translators = translators;
    }

    /** Nothing where the database isn't a Supabase project's, or can't be reached: another check says that. */
    public Optional<CheckResult> check(Database database) {
        String subject = "database " + database.name();
        String name = "files";
        FilePlan plan;
        try (Snapshot snapshot = Snapshot.export(database.url())) {
            JdbcTemplate jdbc = new JdbcTemplate(snapshot.dataSource());
            if (!SupabaseTables.of(jdbc.queryForMap(query("detect-supabase.sql")), database.recognition())
                    .storage()) {
                return Optional.empty();
            }
            plan = plans.of(jdbc.queryForList(query("supabase/detect-storage-buckets.sql")), database);
        } catch (Exception e) {
            return Optional.empty();
        }
        String what = Units.counted(plan.objects(), "file") + " in "
                + Units.counted(plan.buckets().size(), "bucket") + ", " + Units.readable(plan.bytes());
        if (plan.objects() == 0) {
            return Optional.of(CheckResult.good(subject, name, what));
        }
        try (FileStore store = stores.open(database)) {
            StorageFiles.requireOneOf(plan, store.buckets());
            return Optional.of(CheckResult.good(subject, name, what + ", returned for this key"));
        } catch (IOException | RuntimeException e) {
            return Optional.of(CheckResult.bad(subject, name, translators.explain(e, subject + ": " + name)));
        }
    }

    private String query(String file) throws IOException {
        return Files.readString(sql.resolve(file));
    }
}
