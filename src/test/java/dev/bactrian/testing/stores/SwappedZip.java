package dev.bactrian.testing.stores;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * An archive whose entries somebody has swapped who knows what is looked at first: the manifest in it stays, and the whole is as
 * long as before.
 */
public final class SwappedZip {

    private static final int END = 22;
    private static final int OFFSET_AT = 16;

    private SwappedZip() {}

    /**
     * Swaps entries.
     *
     * @param swapped new contents by name, of the same length where that matters; a name that isn't there is added
     */
    public static byte[] of(byte[] archive, Map<String, byte[]> swapped) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipFile zip = ZipFile.builder()
                        .setSeekableByteChannel(new SeekableInMemoryByteChannel(archive))
                        .get();
                ZipArchiveOutputStream made = new ZipArchiveOutputStream(out)) {
            made.setLevel(9);
            List<ZipArchiveEntry> entries = Collections.list(zip.getEntriesInPhysicalOrder());
            for (ZipArchiveEntry entry : entries) {
                byte[] content = swapped.getOrDefault(
                        entry.getName(), zip.getInputStream(entry).readAllBytes());
                add(made, entry.getName(), content);
            }
            for (var added : swapped.entrySet()) {
                if (entries.stream().noneMatch(entry -> entry.getName().equals(added.getKey()))) {
                    add(made, added.getKey(), added.getValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return padded(out.toByteArray(), archive.length);
    }

    private static void add(ZipArchiveOutputStream zip, String name, byte[] content) throws IOException {
        zip.putArchiveEntry(new ZipArchiveEntry(name));
        zip.write(content);
        zip.closeArchiveEntry();
    }

    /** With bytes in front of the directory that belong to no entry. */
    private static byte[] padded(byte[] zip, int length) {
        ByteBuffer end = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int directory = end.getInt(zip.length - END + OFFSET_AT);
        int padding = length - zip.length;
        if (padding < 0) {
            throw new AssertionError("the swapped archive is longer by " + -padding);
        }
        ByteBuffer padded = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        padded.put(zip, 0, directory);
        padded.position(directory + padding);
        padded.put(zip, directory, zip.length - directory);
        padded.putInt(length - END + OFFSET_AT, directory + padding);
        return padded.array();
    }
}
