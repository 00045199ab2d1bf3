package dev.bactrian.archive.write;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.FileDigest;
import dev.bactrian.archive.SupabaseContents;
import dev.bactrian.postgres.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What has gone into an archive so far, as the manifest will tell it. Workers add to it. */
public final class ArchiveContents {

    private final Map<Long, Portions> data = new ConcurrentHashMap<>();
    private final Map<Long, Schema> schemas = new ConcurrentHashMap<>();
    private final Map<String, FileDigest> files = new ConcurrentHashMap<>();
    private volatile boolean takenOver;
    private volatile SupabaseContents supabase = SupabaseContents.NONE;

    /**
     * A table's data.sql, or one of several.
     *
     * @param bytes of the entry
     * @param rowDigest order-independent digest of the rows
     */
    public record Data(String entry, long rows, long bytes, String sha256, String rowDigest) {}

    /** A table's schema.sql. */
    public record Schema(String entry, String sha256) {}

    /**
     * A part of a table's rows.
     *
     * @param number of this part, from 1 on
     * @param count of parts that the table's rows are in
     * @return whether it is the last one to come: all of them are there
     * @throws IllegalStateException when this part is there already, or parts of another count are
     */
    public boolean addData(Table table, int number, int count, Data entry) {
        return data.computeIfAbsent(table.oid(), none -> new Portions(count)).add(number, count, entry);
    }

    /** All steps have ended well that put these parts of tables' rows into the archive; 1 of a table that isn't split. */
    public void complete(List<Table> tables, int number) {
        for (Table table : tables) {
            Portions portions = data.get(table.oid());
            if (portions != null) {
                portions.complete(number);
            }
        }
    }

    public boolean isComplete(long table) {
        Portions portions = data.get(table);
        return portions != null && portions.isComplete();
    }

    /** Some of it comes from an earlier archive. */
    public void takenOver() {
        takenOver = true;
    }

    public boolean isTakenOver() {
        return takenOver;
    }

    public void addSchema(Table table, Schema entry) {
        schemas.put(table.oid(), entry);
    }

    public void addFile(String name, long bytes, String sha256) {
        files.put(name, new FileDigest(bytes, sha256));
    }

    /** Entries, with those that describe the archive, that it doesn't have, or not with this content. */
    public List<String> notIn(Archive archive) {
        List<String> missing = new ArrayList<>();
        files().forEach((name, file) -> {
            if (!archive.written.holds(name, file.sha256())) {
                missing.add(name);
            }
        });
        data.values().stream()
                .flatMap(portions -> portions.entries().stream())
                .filter(entry -> !archive.written.holds(entry.entry(), entry.sha256()))
                .forEach(entry -> missing.add(entry.entry()));
        schemas.values().stream()
                .filter(entry -> !archive.written.holds(entry.entry(), entry.sha256()))
                .forEach(entry -> missing.add(entry.entry()));
        Stream.of(EntryNames.README, EntryNames.MANIFEST)
                .filter(name -> !archive.written.holds(name))
                .forEach(missing::add);
        return missing;
    }

    /** A table's rows; empty as long as a part of them is missing. */
    public Optional<TableRows> data(long table) {
        return Optional.ofNullable(data.get(table)).filter(Portions::areAll).map(all -> TableRows.of(all.entries()));
    }

    public Optional<Schema> schema(long table) {
        return Optional.ofNullable(schemas.get(table));
    }

    public Map<String, FileDigest> files() {
        return new TreeMap<>(files);
    }

    public synchronized void addUsers(SupabaseContents.Users users) {
        supabase = supabase.with(users);
    }

    public synchronized void addStorage(SupabaseContents.Files stored) {
        supabase = supabase.with(stored);
    }

    public synchronized void addSecrets(SupabaseContents.Secrets secrets) {
        supabase = supabase.with(secrets);
    }

    /** Null where nothing of a Supabase project was saved beside its tables. */
    public @Nullable SupabaseContents supabase() {
        return supabase.equals(SupabaseContents.NONE) ? null : supabase;
    }
}
