package dev.bactrian.dump.instant;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.Table;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the snapshot sees, and who compares it; only asked for once something was changed. */
final class SnapshotFacts {

    private final BackupRun run;
    private final Snapshot snapshot;
    private final Witness witness;
    private @Nullable Loaded loaded;

    private record Loaded(
            Fingerprint then, RowChanges rows, Places places, DefinitionChanges definitions, RoleChanges roles) {}

    SnapshotFacts(BackupRun run, Snapshot snapshot, Witness witness) {
        this.run = run;
        this.snapshot = snapshot;
        this.witness = witness;
    }

    RowChanges rows() throws SQLException {
        return loaded().rows();
    }

    Places places() throws SQLException {
        return loaded().places();
    }

    DefinitionChanges definitions() throws SQLException {
        return loaded().definitions();
    }

    RoleChanges roles() throws SQLException {
        return loaded().roles();
    }

    /** What a look saw: where it found nothing changed, what the snapshot sees. */
    Fingerprint seen(@Nullable Fingerprint now) throws SQLException {
        return now == null ? loaded().then() : now;
    }

    /** What was done to a table or what it needs. */
    @Nullable
    ConcurrentChange changeOf(Table table, @Nullable Fingerprint now) throws SQLException {
        if (now == null) {
            return null;
        }
        ConcurrentChange change = rows().ofTable(table, now);
        return change == null ? rows().ofNeeds(table, now) : change;
    }

    private Loaded loaded() throws SQLException {
        Loaded before = loaded;
        if (before != null) {
            return before;
        }
        Loaded read = inSnapshot(connection -> {
            Fingerprint then = Fingerprint.read(connection);
            RowChanges rows =
                    new RowChanges(then, TypeUse.read(connection), this::inSnapshot, witness, snapshot.getBounds());
            return new Loaded(
                    then,
                    rows,
                    new Places(then, rows, this::inSnapshot, witness),
                    new DefinitionChanges(then, this::inSnapshot, witness),
                    new RoleChanges(then, this::inSnapshot));
        });
        loaded = read;
        return read;
    }

    private <T> T inSnapshot(Witness.Question<T> question) throws SQLException {
        try (Connection connection = Snapshot.importInto(run, snapshot.getId())) {
            return question.ask(connection);
        }
    }
}
