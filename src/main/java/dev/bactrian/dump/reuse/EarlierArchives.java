package dev.bactrian.dump.reuse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.Reusable;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.FreshSession;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.StoppableConnection;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.program.PgTools;
import dev.bactrian.unchanged.Judgement;
import dev.bactrian.unchanged.SourceState;
import dev.bactrian.unchanged.Unchanged;
import dev.bactrian.unchanged.Witnesses;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out of which tables an earlier archive may have the rows of now. Nothing here fails a backup: then all tables are read. */
public final class EarlierArchives {

    private static final Logger LOG = LoggerFactory.getLogger(EarlierArchives.class);
    private static final ObjectMapper JSON = ManifestJson.mapper();

    /** What becomes of the setting once a proof was wrong. */
    static final String STOPPED =
            "Nothing is copied from earlier archives any more, whatever BACKUP_UNCHANGED says. Report this "
                    + "to Bactrian's developers, and set BACKUP_UNCHANGED=off.";

    private final String version;
    private final int fullEvery;

    /**
     * Prepares.
     *
     * @param version of this program: another one may write entries otherwise
     * @param fullEvery in every so many backups all tables are read
     */
    public EarlierArchives(String version, int fullEvery) {
        this.version = version;
        this.fullEvery = fullEvery;
    }

    /** What a later backup needs to know of this one's source. */
    public SourceState source(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("snapshot") Snapshot snapshot,
            @ExchangeProperty("plan") Plan plan)
            throws SQLException {
        Witnesses witnesses;
        try (Connection fresh = FreshSession.open(run);
                StoppableConnection stoppable = StoppableConnection.of(run, fresh)) {
            witnesses = Witnesses.take(fresh);
        }
        try (Connection connection = snapshot.dataSource().getConnection()) {
            return SourceState.read(connection, plan.tables(), witnesses);
        }
    }

    /**
     * Compares the source with that of the last good archive.
     *
     * @param manifest as the store has it
     * @param size bytes of the archive as the store has it
     * @param storedVersion what the store calls this content of it, where it has a word for that
     * @param archive the history's row of it
     * @return null where nothing can be taken over; the log says why
     */
    public @Nullable Reuse compare(
            @Header("earlierManifest") @Nullable String manifest,
            @Header("storedSize") @Nullable Long size,
            @ExchangeProperty("storedVersion") @Nullable String storedVersion,
            @Header("earlierArchive") Map<String, Object> archive,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("tools") PgTools tools,
            @ExchangeProperty("snapshot") Snapshot snapshot,
            @ExchangeProperty("sourceState") SourceState now)
            throws SQLException {
        String key = String.valueOf(archive.get("key"));
        // The history's word, not the store's.
        if (manifest == null || !ManifestText.sha256(manifest).equals(archive.get("manifest_sha256"))) {
            return none(run, key, "its manifest isn't the one that was stored");
        }
        Manifest told;
        Manifest.Stored stored;
        Reusable reusable;
        SourceState source;
        try {
            told = ManifestText.parse(manifest, "of " + key);
            stored = told.archive();
            reusable = stored == null ? null : stored.reusable();
            if (stored == null || reusable == null) {
                return none(run, key, "its backup was made without BACKUP_UNCHANGED=reuse");
            }
            if (reusable.refuted() != null) {
                run.warn("The rows of " + reusable.refuted()
                        + " had changed in an earlier backup though they seemed proved to be the same. " + STOPPED);
                SourceState nothing = SourceState.unprovable(reusable.refuted());
                return new Reuse(new Reuse.Earlier(key, told.backupId(), 0, nothing, reusable), Map.of(), true);
            }
            source = JSON.treeToValue(reusable.source(), SourceState.class);
        } catch (DamagedArchiveException | JsonProcessingException | IllegalArgumentException e) {
            return none(run, key, e.getMessage());
        }
        if (source == null || !key.equals(stored.key())) {
            return none(run, key, "its manifest is another's");
        }
        Reuse.Earlier earlier = new Reuse.Earlier(key, told.backupId(), stored.size(), source, reusable);
        if (!Objects.equals(storedVersion, reusable.version())) {
            return none(run, key, "the store has another object there than was stored");
        }
        if (size == null || size != stored.size()) {
            return none(run, key, "the store has " + size + " bytes of it, not " + stored.size());
        }
        if (stored.encryption() != null) {
            return none(run, key, "it is encrypted");
        }
        if (!version.equals(told.bactrianVersion())
                || !tools.version().equals(told.source().pgDumpVersion())) {
            return none(run, key, "another version of Bactrian or of pg_dump has made it");
        }
        return judge(run, plan, told, earlier, now, snapshot);
    }

    private @Nullable Reuse judge(
            BackupRun run, Plan plan, Manifest told, Reuse.Earlier earlier, SourceState now, Snapshot snapshot)
            throws SQLException {
        Judgement judgement;
        try (Connection connection = snapshot.dataSource().getConnection()) {
            judgement = Unchanged.judge(earlier.source(), now, connection);
        }
        if (judgement.all() != null) {
            return none(run, earlier.key(), judgement.all());
        }
        Map<List<String>, Manifest.TablePart> parts = new HashMap<>();
        told.tables().forEach(part -> parts.put(List.of(part.schema(), part.name()), part));
        Map<Long, Candidate> candidates = new HashMap<>();
        plan.groups().stream()
                .flatMap(group -> group.tables().stream())
                .distinct()
                .forEach(table -> {
                    Manifest.TablePart before = parts.get(List.of(table.schema(), table.name()));
                    Candidate candidate =
                            before == null || !judgement.candidates().contains(table.oid())
                                    ? null
                                    : Candidate.of(table, before, earlier.reusable(), earlier.size());
                    if (candidate != null) {
                        candidates.put(table.oid(), candidate);
                    } else {
                        LOG.debug("{}: {} is read: {}", run, table.quoted(), reason(judgement, table));
                    }
                });
        return new Reuse(earlier, candidates, earlier.reusable().since() + 1 >= fullEvery);
    }

    private static String reason(Judgement judgement, Table table) {
        return judgement.others().getOrDefault(table.oid(), "the earlier archive doesn't have its rows by itself");
    }

    private static @Nullable Reuse none(BackupRun run, String key, @Nullable String why) {
        LOG.info("{}: all tables are read, none can be copied from {}: {}", run, key, why);
        return null;
    }
}
