package dev.bactrian.restore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.archive.ArchiveContents;
import dev.bactrian.archive.ArchiveReader;
import dev.bactrian.archive.ArchiveSource;
import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An archive that can be restored, and what it holds.
 *
 * @param name its key or file, for messages
 */
public record SavedBackup(String name, ArchiveReader reader, Manifest manifest) {

    private static final ObjectMapper JSON = ManifestJson.mapper();

    /**
     * Opens an archive.
     *
     * @param beside the manifest that lies beside it in the store; null for an archive that is only a file
     * @throws DamagedArchiveException when archive and manifest don't belong together, or lack something
     */
    public static SavedBackup open(ArchiveSource source, @Nullable String beside) throws IOException {
        ArchiveReader reader = ArchiveReader.open(source);
        if (!reader.has(EntryNames.MANIFEST)) {
            throw new DamagedArchiveException(
                    "it has no " + EntryNames.MANIFEST + ", so it isn't a whole archive of Bactrian's");
        }
        byte[] inside = reader.bytes(EntryNames.MANIFEST);
        Manifest manifest = parse(inside);
        if (beside != null) {
            requireSame(JSON.readTree(inside), tree(beside), source.storedSize());
        }
        requireEntries(manifest, reader);
        return new SavedBackup(source.name(), reader, manifest);
    }

    private static Manifest parse(byte[] json) throws IOException {
        Manifest manifest;
        try {
            JsonNode tree = JSON.readTree(json);
            int format = tree.path("format_version").asInt();
            if (format < 1 || format > Manifest.FORMAT_VERSION) {
                throw new DamagedArchiveException("its manifest is of format " + format
                        + ", and this Bactrian reads up to " + Manifest.FORMAT_VERSION + ": use a newer one");
            }
            manifest = JSON.treeToValue(tree, Manifest.class);
        } catch (JsonProcessingException e) {
            throw new DamagedArchiveException("its manifest can't be read", e);
        }
        requireComplete(manifest);
        return manifest;
    }

    /** JSON may lack anything, whatever the records say. */
    private static void requireComplete(Manifest manifest) throws DamagedArchiveException {
        require(manifest.backupId(), "backup_id");
        require(manifest.tables(), "tables");
        require(manifest.files(), "files");
        require(manifest.schemas(), "schemas");
        require(manifest.materializedViews(), "materialized_views");
        require(manifest.source(), "source");
        require(manifest.source().encoding(), "encoding");
        for (String version : Arrays.asList(
                manifest.source().serverVersion(), manifest.source().pgDumpVersion())) {
            require(version != null && version.matches("\\d{1,4}(\\D.*)?") ? version : null, "version");
        }
        for (Manifest.TablePart table : manifest.tables()) {
            require(table, "table");
            require(table.schema(), "schema of a table");
            require(table.name(), "name of a table");
            if (table.dataEntry() != null) {
                require(table.rows(), "rows of a table");
                require(table.sha256(), "sha256 of a table");
            }
        }
        for (ArchiveContents.File file : manifest.files().values()) {
            require(file, "file");
            require(file.sha256(), "sha256 of a file");
        }
    }

    private static void require(@Nullable Object value, String what) throws DamagedArchiveException {
        if (value == null) {
            throw new DamagedArchiveException("its manifest lacks the " + what + ", or it isn't readable");
        }
    }

    private static JsonNode tree(String beside) throws DamagedArchiveException {
        try {
            return JSON.readTree(beside);
        } catch (JsonProcessingException e) {
            throw new DamagedArchiveException("the manifest beside it can't be read", e);
        }
    }

    private static void requireSame(JsonNode inside, JsonNode beside, long size) throws DamagedArchiveException {
        long told = beside.path("archive").path("size").asLong(-1);
        if (told != size) {
            throw new DamagedArchiveException("it has " + size + " bytes, but the manifest beside it tells of " + told);
        }
        if (beside instanceof ObjectNode object) {
            object.remove("archive");
        }
        if (!inside.equals(beside)) {
            throw new DamagedArchiveException("the manifest beside it belongs to another archive, or was changed");
        }
    }

    private static void requireEntries(Manifest manifest, ArchiveReader reader) throws DamagedArchiveException {
        Stream<@Nullable String> wanted = Stream.concat(
                manifest.files().keySet().stream(),
                manifest.tables().stream().flatMap(table -> Stream.of(table.schemaEntry(), table.dataEntry())));
        Set<String> seen = new HashSet<>();
        for (String entry : (Iterable<@Nullable String>) wanted::iterator) {
            if (entry == null) {
                continue;
            }
            if (!reader.has(entry)) {
                throw new DamagedArchiveException("it lacks " + entry + ", which its manifest names");
            }
            if (!seen.add(entry)) {
                throw new DamagedArchiveException("its manifest names " + entry + " twice");
            }
        }
    }
}
