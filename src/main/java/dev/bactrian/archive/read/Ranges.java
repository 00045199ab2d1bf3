package dev.bactrian.archive.read;

import dev.bactrian.archive.StoreKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** For routes that keep archives in files: parts of them, and a list of them. */
public final class Ranges {

    /**
     * A part of a file.
     *
     * @param start offset of the first byte
     * @param end offset of the last byte, which belongs to the part
     */
    public InputStream ofFile(Path file, long start, long end) throws IOException {
        return new FileSource(file).read(start, end - start + 1);
    }

    /** Names of all archives below a folder, relative to it, the newest first. */
    public List<String> archivesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> StoreKeys.isArchiveName(file.toString()))
                    .sorted(Comparator.comparing(Ranges::modified).reversed())
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }

    private static java.nio.file.attribute.FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
