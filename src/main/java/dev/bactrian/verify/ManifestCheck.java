package dev.bactrian.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.config.Units;
import dev.bactrian.script.CopyStatement;
import dev.bactrian.script.RowDigest;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds what was read of an archive against its manifests: the one inside, and the one beside it. */
final class ManifestCheck {

    private static final Set<String> ALWAYS_THERE =
            Set.of(EntryNames.README, EntryNames.MANIFEST, EntryNames.DATA_FILES, "load-data.sh");
    private static final ObjectMapper JSON = ManifestJson.mapper();

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
                        + " has a name that Bactrian never gives: unpacked, it could land anywhere."));
    }

    /** The two manifests are the same, but for what only the one beside the archive can know. */
    void manifests(byte @Nullable [] inside, @Nullable String beside, boolean besideExpected) {
        JsonNode inner = inside == null ? null : tree(inside, "in the archive");
        JsonNode outer = beside == null
                ? null
                : tree(beside.getBytes(java.nio.charset.StandardCharsets.UTF_8), "beside the archive");
        if (inside == null) {
            differences.add("The archive has no manifest in it.");
        }
        if (beside == null && besideExpected) {
            differences.add("There is no manifest beside the archive: a backup that isn't complete has none.");
        }
        if (outer != null) {
            Manifest whole = parse(outer, "beside the archive");
            stored = whole == null ? null : whole.archive();
            if (outer instanceof ObjectNode object) {
                object.remove("archive");
            }
        }
        if (inner != null && outer != null && !inner.equals(outer)) {
            differences.add("The manifest in the archive and the one beside it differ" + where(inner, outer) + ".");
        }
        manifest = inner != null ? parse(inner, "in the archive") : outer == null ? null : parse(outer, "beside it");
    }

    /** As {@link #manifests}, where what is inside can't be read. */
    void besideAlone(@Nullable String beside, boolean expected) {
        if (beside == null) {
            if (expected) {
                differences.add("There is no manifest beside the archive: a backup that isn't complete has none.");
            }
            return;
        }
        JsonNode outer = tree(beside.getBytes(java.nio.charset.StandardCharsets.UTF_8), "beside the archive");
        Manifest whole = outer == null ? null : parse(outer, "beside the archive");
        stored = whole == null ? null : whole.archive();
    }

    private static String where(JsonNode inner, JsonNode outer) {
        String one = inner.path("backup_id").asText();
        String other = outer.path("backup_id").asText();
        return one.equals(other) ? "" : ": they are of the backups " + one + " and " + other;
    }

    private @Nullable JsonNode tree(byte[] json, String which) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            differences.add("The manifest " + which + " isn't JSON.");
            return null;
        }
    }

    private @Nullable Manifest parse(JsonNode tree, String which) {
        int version = tree.path("format_version").asInt(0);
        if (version > Manifest.FORMAT_VERSION) {
            differences.add("The manifest " + which + " is of format " + version + "; this Bactrian reads up to "
                    + Manifest.FORMAT_VERSION + ": take a newer one.");
            return null;
        }
        try {
            Manifest parsed = JSON.treeToValue(tree, Manifest.class);
            if (version > 0
                    && parsed != null
                    && parsed.tables() != null
                    && parsed.files() != null
                    && parsed.totals() != null) {
                return parsed;
            }
        } catch (JsonProcessingException e) {
            // The same difference as below.
        }
        differences.add("The manifest " + which + " isn't one of a backup.");
        return null;
    }

    /** The archive as one object is the one that was stored. */
    void whole(String key, long bytes, String sha256, boolean keyMatters) {
        Manifest.Stored told = stored;
        if (told == null) {
            return;
        }
        if (keyMatters && !key.equals(told.key())) {
            differences.add("The manifest beside the archive is that of " + told.key() + ".");
        }
        if (bytes != told.size()) {
            differences.add("The archive has " + bytes + " bytes; the manifest beside it says " + told.size() + ".");
        }
        if (!sha256.equals(told.sha256())) {
            differences.add(
                    "The archive's SHA-256 is " + sha256 + "; the manifest beside it says " + told.sha256() + ".");
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
            for (String entry : new @Nullable String[] {table.schemaEntry(), table.dataEntry()}) {
                if (entry != null && !named.add(entry)) {
                    differences.add("The manifest names the entry " + entry + " twice.");
                }
            }
            String title = "\"" + table.schema() + "\".\"" + table.name() + "\"";
            present(entries, table.schemaEntry(), "the definition of " + title, incomplete);
            EntryFacts data = present(entries, table.dataEntry(), "the rows of " + title, incomplete);
            if (data != null) {
                rows(table, title, data);
            }
            rows += table.dataEntry() == null || table.rows() == null ? 0 : table.rows();
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
            differences.add("The manifest tells of " + Units.counted(filesTold, "file") + " of Storage; "
                    + EntryNames.OBJECTS + " lists " + files + ".");
        }
        named.addAll(ALWAYS_THERE);
        ALWAYS_THERE.forEach(name -> present(entries, name, "part of every archive", incomplete));
        unnamed.keySet().removeAll(named);
        unnamed.keySet().stream()
                .sorted()
                .forEach(name -> differences.add("The entry " + name + " is named nowhere in the manifest."));
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

    private void rows(Manifest.TablePart table, String title, EntryFacts facts) {
        EntryFacts.Rows rows = facts.rows();
        if (!Objects.equals(table.bytes(), facts.bytes()) || !facts.sha256().equals(table.sha256())) {
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
        if (!Objects.equals(table.rows(), rows.count())) {
            differences.add(title + " has " + Units.counted(rows.count(), "row") + " in the archive; its manifest says "
                    + table.rows() + ".");
        }
        if (!RowDigest.NAME.equals(table.rowDigestKind())) {
            differences.add("The digest of the rows of " + title + " is of a kind that this Bactrian can't compute.");
        } else if (!rows.digest().equals(table.rowDigest())) {
            differences.add("The rows of " + title + " have another digest than the manifest says.");
        }
    }
}
