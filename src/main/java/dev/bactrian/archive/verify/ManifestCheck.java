package dev.bactrian.archive.verify;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.DataEntry;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.WholeStream;
import dev.bactrian.postgres.script.CopyStatement;
import dev.bactrian.postgres.script.RowDigest;
import dev.bactrian.support.Units;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Holds what was read of an archive against its manifests: the one inside, and the one beside it. */
final class ManifestCheck {

    private final Differences differences;
    private @Nullable Manifest manifest;
    private Manifest.@Nullable Stored stored;

    ManifestCheck(Differences differences) {
        this.differences = differences;
    }

    /** No entry may be written outside of the folder that an archive is unpacked into. */
    void names(Collection<String> entries) {
        entries.stream()
                .filter(name -> !EntryNames.isSafe(name))
                .forEach(name -> differences.add("The entry " + name
                        + " has a name that Bactrian never uses: unpacking it could write anywhere."));
    }

    /** The two manifests are the same, but for what only the one next to the archive can know. */
    void manifests(@Nullable String inside, @Nullable String beside, boolean besideExpected) {
        if (inside == null) {
            differences.add("The archive contains no manifest.");
        }
        besideAlone(beside, besideExpected);
        if (inside != null && beside != null && !same(inside, beside)) {
            differences.add("The manifest in the archive and the one next to it differ" + where(inside, beside) + ".");
        }
        manifest =
                inside != null ? parse(inside, "in the archive") : beside == null ? null : parse(beside, "next to it");
    }

    private boolean same(String inside, String beside) {
        try {
            return ManifestText.same(inside, beside);
        } catch (DamagedArchiveException e) {
            differences.add("The archive's manifests can't be compared: " + e.getMessage() + ".");
            return true;
        }
    }

    /** As {@link #manifests}, where what is inside can't be read. */
    void besideAlone(@Nullable String beside, boolean expected) {
        if (beside != null) {
            Manifest whole = parse(beside, "next to the archive");
            stored = whole == null ? null : whole.archive();
        } else if (expected) {
            differences.add("There is no manifest next to the archive. An incomplete backup has none.");
        }
    }

    private static String where(String inside, String beside) {
        String one = ManifestJson.text(inside, "/backup_id");
        String other = ManifestJson.text(beside, "/backup_id");
        return one.equals(other) ? "" : ": they belong to the backups " + one + " and " + other;
    }

    private @Nullable Manifest parse(String text, String which) {
        try {
            Manifest parsed = ManifestText.parse(text, which);
            if (parsed.tables() != null && parsed.files() != null && parsed.totals() != null) {
                return parsed;
            }
            differences.add("The manifest " + which + " isn't the manifest of a backup.");
        } catch (DamagedArchiveException e) {
            differences.add("Of this archive, " + e.getMessage() + ".");
        }
        return null;
    }

    /** The archive as one object is the one that was stored. */
    void whole(String key, WholeStream read, boolean keyMatters) {
        Manifest.Stored told = stored;
        if (told == null) {
            return;
        }
        if (keyMatters && !key.equals(told.key())) {
            differences.add("The manifest next to the archive is the one of " + told.key() + ".");
        }
        if (read.bytes() != told.size()) {
            differences.add(
                    "The archive has " + read.bytes() + " bytes; the manifest next to it says " + told.size() + ".");
        }
        if (told.sha256() == null && told.crc32() != null) {
            hash("CRC-32", read.crc32(), told.crc32());
        } else {
            hash("SHA-256", read.sha256(), told.sha256());
        }
    }

    private void hash(String kind, String read, @Nullable String told) {
        if (!read.equals(told)) {
            differences.add("The archive's " + kind + " is " + read + "; the manifest next to it says " + told + ".");
        }
    }

    /**
     * Every entry that the manifest names is there and what it says, and no other.
     *
     * @param files how many files of Storage {@code storage/objects.json} lists, which vouches for them
     * @param incomplete whether reading had to stop early: then what is missing isn't named one by one
     */
    void contents(Map<String, EntryFacts> entries, long files, boolean incomplete) {
        Manifest told = manifest;
        if (told == null) {
            return;
        }
        Map<String, EntryFacts> unnamed = new HashMap<>(entries);
        Set<String> named = new HashSet<>();
        long rows = 0;
        for (Manifest.TablePart table : told.tables()) {
            if (!PartSums.fit(table)) {
                differences.add("The manifest says something else of \"" + table.schema() + "\".\"" + table.name()
                        + "\" than of its parts.");
                continue;
            }
            Stream.concat(
                            Stream.ofNullable(table.schemaEntry()),
                            table.rowEntries().stream().map(DataEntry::entry))
                    .filter(entry -> !named.add(entry))
                    .forEach(entry -> differences.add("The manifest names the entry " + entry + " twice."));
            String title = "\"" + table.schema() + "\".\"" + table.name() + "\"";
            EntryFacts schema = present(entries, table.schemaEntry(), "the definition of " + title, incomplete);
            if (schema != null
                    && table.schemaSha256() != null
                    && !schema.sha256().equals(table.schemaSha256())) {
                differences.add("The definition of " + title + " isn't what was saved: the SHA-256 of " + schema.name()
                        + " differs.");
            }
            for (DataEntry part : table.rowEntries()) {
                EntryFacts data = present(entries, part.entry(), "the rows of " + title, incomplete);
                if (data != null) {
                    rows(table, part, title, data);
                }
            }
            rows += !table.hasRows() || table.rows() == null ? 0 : table.rows();
        }
        told.files().forEach((name, file) -> {
            named.add(name);
            EntryFacts facts = present(entries, name, "a file", incomplete);
            if (facts != null
                    && (facts.bytes() != file.bytes() || !facts.sha256().equals(file.sha256()))) {
                differences.add("The entry " + name + " isn't what was saved: its size or its SHA-256 differs.");
            }
        });
        long filesTold = told.supabase() == null || told.supabase().storage() == null
                ? 0
                : told.supabase().storage().objects();
        if (files != filesTold && !incomplete) {
            differences.add("The manifest lists " + Units.counted(filesTold, "file") + " of Storage; "
                    + EntryNames.OBJECTS + " lists " + files + ".");
        }
        named.addAll(EntryNames.ALWAYS_THERE);
        EntryNames.ALWAYS_THERE.forEach(name -> present(entries, name, "part of every archive", incomplete));
        unnamed.keySet().removeAll(named);
        unnamed.keySet().stream()
                .sorted()
                .forEach(name -> differences.add("The entry " + name + " isn't in the manifest."));
        if (rows != told.totals().rows()) {
            differences.add("The manifest's total is "
                    + Units.counted(told.totals().rows(), "row") + "; those of its tables are " + rows + ".");
        }
    }

    private @Nullable EntryFacts present(
            Map<String, EntryFacts> entries, @Nullable String name, String what, boolean incomplete) {
        EntryFacts facts = name == null ? null : entries.get(name);
        if (name != null && facts == null && !incomplete) {
            differences.add("The entry " + name + ", " + what + ", is missing.");
        }
        return facts;
    }

    private void rows(Manifest.TablePart table, DataEntry told, String title, EntryFacts facts) {
        EntryFacts.Rows rows = facts.rows();
        if (!Objects.equals(told.bytes(), facts.bytes()) || !facts.sha256().equals(told.sha256())) {
            differences.add(
                    "The rows of " + title + " aren't what was saved: size or SHA-256 of " + facts.name() + " differ.");
        }
        if (rows == null || rows.problem() != null) {
            differences.add("The rows of " + title + " can't be loaded: "
                    + (rows == null ? facts.name() + " isn't a data.sql" : rows.problem()) + ".");
            return;
        }
        CopyStatement copy = rows.copy();
        if (copy == null
                || !copy.schema().equals(table.schema())
                || !copy.table().equals(table.name())) {
            differences.add("The entry " + facts.name() + " would load another table than " + title + ".");
        }
        if (!Objects.equals(told.rows(), rows.count())) {
            differences.add(title + " has " + Units.counted(rows.count(), "row") + " in "
                    + (table.dataEntries() == null ? "the archive" : told.entry()) + "; its manifest says "
                    + told.rows() + ".");
        }
        if (!RowDigest.NAME.equals(table.rowDigestKind())) {
            differences.add("The digest of the rows of " + title + " is of a kind that this version of Bactrian can't "
                    + "compute.");
        } else if (!rows.digest().equals(told.rowDigest())) {
            differences.add("The rows of " + title + " have a different digest than the manifest says.");
        }
    }
}
