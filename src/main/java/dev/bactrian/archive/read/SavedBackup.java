package dev.bactrian.archive.read;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.DataEntry;
import dev.bactrian.archive.FileDigest;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.ManifestText;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An archive that can be restored, and what it holds.
 *
 * @param name its key or file, for messages
 * @param inside the text of the manifest in it
 */
public record SavedBackup(String name, ArchiveReader reader, Manifest manifest, String inside) {

    /**
     * Opens an archive: it has what its manifest names, in that size, and nothing else.
     *
     * @param beside the manifest that lies beside it in the store; null for an archive that is only a file
     * @throws DamagedArchiveException when archive and manifest don't belong together, or lack something
     */
    public static SavedBackup open(ArchiveSource source, @Nullable String beside) throws IOException {
        ArchiveReader reader = ArchiveReader.open(source);
        String inside = reader.manifest();
        if (beside != null) {
            requireSame(inside, beside, source.storedSize());
        }
        Manifest manifest = ManifestText.parse(inside, "in it");
        requireComplete(manifest);
        SavedBackup saved = new SavedBackup(source.name(), reader, manifest, inside);
        SavedEntries.require(saved);
        return saved;
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
            requireRows(table);
        }
        for (FileDigest file : manifest.files().values()) {
            require(file, "file");
            require(file.sha256(), "sha256 of a file");
        }
    }

    /** Its entries, and that they have together what the table has. */
    private static void requireRows(Manifest.TablePart table) throws DamagedArchiveException {
        if (!table.hasRows()) {
            return;
        }
        require(table.dataEntries() == null || table.dataEntry() == null ? table : null, "one place of a table's rows");
        require(table.rows(), "rows of a table");
        List<DataEntry> parts = table.dataEntries();
        require(parts == null || parts.size() > 1 && table.extension() == null ? table : null, "parts of a table");
        long rows = 0;
        for (DataEntry entry : table.rowEntries()) {
            require(entry, "entry of a table");
            require(entry.entry(), "entry of a table");
            Long ofEntry = entry.rows();
            require(ofEntry, "rows of a table");
            require(entry.sha256(), "sha256 of a table");
            rows += ofEntry == null ? 0 : ofEntry;
        }
        require(
                Long.valueOf(rows).equals(table.rows()) ? table : null,
                "same number of rows for a table and its parts");
    }

    private static void require(@Nullable Object value, String what) throws DamagedArchiveException {
        if (value == null) {
            throw new DamagedArchiveException("its manifest doesn't have the " + what + ", or it can't be read");
        }
    }

    private static void requireSame(String inside, String beside, long size) throws DamagedArchiveException {
        String told = ManifestJson.text(beside, "/archive/size");
        if (!told.equals(Long.toString(size))) {
            throw new DamagedArchiveException("it has " + size + " bytes, but the manifest next to it says "
                    + (told.matches("\\d{1,19}") ? told : "another number"));
        }
        if (!ManifestText.same(inside, beside)) {
            throw new DamagedArchiveException("the manifest next to it belongs to another archive, or was changed");
        }
    }
}
