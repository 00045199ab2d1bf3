package dev.bactrian.dump;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestFormat;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.Reusable;
import dev.bactrian.archive.SavedDatabase;
import dev.bactrian.archive.SavedExtension;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.StoredArchive;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.config.Settings;
import dev.bactrian.dump.instant.InstantWatch;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.program.PgTools;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.selection.Relation;
import dev.bactrian.signing.SignedText;
import dev.bactrian.signing.SigningKey;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Tells what an archive holds, once every table is in it. */
public final class ManifestBuilder {

    private static final String ENTRIES = "manifest";

    private final String version;
    private final @Nullable SigningKey signing;
    private final Completeness completeness;

    /** By settings that say what a whole archive holds, and whether manifests are signed. */
    public ManifestBuilder(String version, Settings settings) {
        this.version = version;
        this.signing = settings.signing().key();
        this.completeness = new Completeness(settings);
    }

    /** The manifest of what has gone into the archive. */
    public Manifest build(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("tools") PgTools tools,
            @ExchangeProperty("snapshot") Snapshot snapshot,
            @ExchangeProperty("instant") InstantWatch instant,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("contents") ArchiveContents contents,
            @ExchangeProperty("savedDatabase") SavedDatabase database,
            @ExchangeProperty("extensionParts") List<SavedExtension.Part> extensions) {
        instant.requireProven(plan.tables().stream()
                .filter(table -> contents.data(table.oid()).isPresent())
                .toList());
        completeness.requireDumped(run, plan, contents);
        ServerInfo server = plan.server();
        List<Manifest.TablePart> tables = new TableParts(plan, contents).all();
        List<Manifest.TablePart> withData =
                tables.stream().filter(Manifest.TablePart::hasRows).toList();
        return new Manifest(
                ManifestFormat.of(tables, contents.isTakenOver()),
                run.getId().toString(),
                version,
                new Manifest.Source(
                        run.getDatabase().name(),
                        run.getDatabase().url().toString(),
                        server.databaseName(),
                        server.version(),
                        tools.version(),
                        server.encoding(),
                        server.databaseSize(),
                        SessionSettings.MONEY_LOCALE),
                new Manifest.Snapshot(snapshot.getId(), server.snapshotAt()),
                trigger(run.getRow()),
                new Manifest.Totals(plan.schemas().size(), withData.size(), rows(withData), bytes(withData)),
                new Manifest.Roles(EntryNames.ROLES, server.canReadPasswords()),
                plan.schemas().stream().map(schema -> part(schema, withData)).toList(),
                tables,
                plan.sequences().size(),
                plan.materializedViews().stream().map(Relation.Named::quoted).toList(),
                plan.largeObjects(),
                contents.files(),
                contents.supabase(),
                null,
                plan.selection().leftOut(),
                plan.selection().missing(),
                Stream.concat(plan.selection().warnings().stream(), run.getWarnings().stream())
                        .distinct()
                        .toList(),
                database.withoutValues(),
                SavedExtension.of(extensions));
    }

    /** Writes manifest, README and the loader's list: the last entries of the archive. */
    public void addToArchive(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents,
            @ExchangeProperty("manifest") Manifest manifest)
            throws IOException {
        try (StoppableRun.Work work = run.beginWork()) {
            LastEntries.add(archive, contents, manifest, signing);
            run.getEvidence().made(ENTRIES, entries(manifest.with(contents.files())));
        }
    }

    /** The manifest as it lies beside the archive: with the archive's key, size and hash, and signed where there is a key for it. */
    public String beside(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("tools") PgTools tools,
            @ExchangeProperty("snapshot") Snapshot snapshot,
            @ExchangeProperty("instant") InstantWatch instant,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents,
            @ExchangeProperty("savedDatabase") SavedDatabase database,
            @ExchangeProperty("extensionParts") List<SavedExtension.Part> extensions,
            @ExchangeProperty("reusable") @Nullable Reusable reusable) {
        StoredArchive stored = run.getStored();
        if (stored == null) {
            throw LeftOutStep.of("confirm-archive", "what is stored wasn't compared with what was sent");
        }
        completeness.requireStored(run, contents, archive);
        Manifest manifest = build(run, tools, snapshot, instant, plan, contents, database, extensions);
        if (!run.getEvidence().isMade(ENTRIES, entries(manifest))) {
            throw LeftOutStep.edited("add entries to the archive that its own manifest doesn't name");
        }
        String text = ManifestJson.write(manifest.beside(new Manifest.Stored(
                stored.key(),
                stored.size(),
                stored.sha256(),
                stored.crc32(),
                Manifest.Encrypted.of(stored.recipients()),
                reusable)));
        return SignedText.sign(text, signing);
    }

    private static List<Object> entries(Manifest manifest) {
        return List.of(manifest.files(), manifest.tables(), Optional.ofNullable(manifest.supabase()));
    }

    private static Manifest.Trigger trigger(Map<String, Object> row) {
        return new Manifest.Trigger(
                String.valueOf(row.get("trigger")),
                text(row, "dispatch_id"),
                text(row, "source_repo"),
                text(row, "source_event"),
                text(row, "source_ref"),
                text(row, "source_sha"),
                text(row, "workflow_run_id"));
    }

    private static @Nullable String text(Map<String, Object> row, String column) {
        Object value = row.get(column);
        return value == null ? null : value.toString();
    }

    private static Manifest.SchemaPart part(Plan.Schema schema, List<Manifest.TablePart> tables) {
        List<Manifest.TablePart> own = tables.stream()
                .filter(table -> table.schema().equals(schema.name()))
                .toList();
        return new Manifest.SchemaPart(schema.name(), schema.owner(), own.size(), rows(own), bytes(own));
    }

    private static long rows(List<Manifest.TablePart> tables) {
        return tables.stream()
                .mapToLong(table -> Objects.requireNonNullElse(table.rows(), 0L))
                .sum();
    }

    private static long bytes(List<Manifest.TablePart> tables) {
        return tables.stream()
                .mapToLong(table -> Objects.requireNonNullElse(table.bytes(), 0L))
                .sum();
    }
}
