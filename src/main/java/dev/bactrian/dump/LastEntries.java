package dev.bactrian.dump;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.archive.write.ReadMe;
import dev.bactrian.archive.write.RowsByHand;
import dev.bactrian.signing.SignedText;
import dev.bactrian.signing.SigningKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is made of the manifest, and the manifest itself, which tells of all entries before it. */
final class LastEntries {

    private LastEntries() {}

    /**
     * Writes them.
     *
     * @param contents gets the others among its files
     * @param manifest without them
     * @param signing null where manifests aren't signed
     */
    static void add(Archive archive, ArchiveContents contents, Manifest manifest, @Nullable SigningKey signing)
            throws IOException {
        add(archive, contents, EntryNames.DATA_FILES, RowsByHand.files(manifest));
        add(archive, contents, EntryNames.LOADER, resource("/archive/load-data.sh"));
        add(archive, contents, EntryNames.README, ReadMe.text(manifest));
        String text = ManifestJson.write(manifest.with(contents.files()));
        try (ArchiveEntryWriter entry = archive.begin(EntryNames.MANIFEST)) {
            entry.write(SignedText.sign(text, signing).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void add(Archive archive, ArchiveContents contents, String name, String text) throws IOException {
        ArchiveEntryWriter entry = archive.begin(name);
        try (entry) {
            entry.write(text.getBytes(StandardCharsets.UTF_8));
        }
        contents.addFile(name, entry.bytes(), entry.sha256());
    }

    /** A text that is shipped with the program and goes into archives as it is. */
    static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(LastEntries.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
