package dev.bactrian.store;

import dev.bactrian.archive.StoredObject;
import dev.bactrian.archive.read.FileSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of a folder as a store ({@code docs/examples/store-folder.camel.yaml}), but for {@code put}. A file ends in {@code .part}
 * until it is whole. A share that isn't mounted is an empty folder, and mustn't mean that the archives are gone: the store is known
 * by the folder {@code .bactrian} in it.
 */
public final class FolderStore {

    private final Path folder;
    private final Path mark;

    /** The folder need not exist yet. */
    public FolderStore(String folder) {
        this.folder = Path.of(folder).toAbsolutePath().normalize();
        this.mark = this.folder.resolve(".bactrian");
    }

    /** Whether the folder is known as the store. */
    public boolean isMarked() {
        return Files.isDirectory(mark);
    }

    /** Makes the folder the store. */
    public void mark() throws IOException {
        Files.createDirectories(mark);
    }

    /** Refuses to look for anything where the folder isn't the store. */
    public void see() throws FileNotFoundException {
        if (!isMarked()) {
            throw new FileNotFoundException("The folder .bactrian isn't in STORE_FOLDER (" + folder
                    + "): is the share mounted? If this is the right folder, create it: mkdir -p '" + mark + "'");
        }
    }

    /** Writes a text where {@code version} is what is there, null for nothing; the header {@code stored} says whether it was. */
    public synchronized void putIfAbsent(
            @Body String text,
            @Header("key") String key,
            @Header("version") @Nullable String version,
            Exchange exchange)
            throws IOException {
        Path file = file(key);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        // Other processes, perhaps of other machines, store here, too.
        try (FileChannel lock =
                        FileChannel.open(mark.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = lock.lock()) {
            boolean same = held.isValid() && Objects.equals(version, versionOf(file));
            if (same) {
                move(Files.writeString(part(file), text), file);
            }
            exchange.getMessage().setHeader("stored", same);
        }
    }

    /** The content, or null where there is none; sets the header {@code version}. No other error means that there is none. */
    public @Nullable InputStream get(@Header("key") String key, Exchange exchange) throws IOException {
        Path file = file(key);
        exchange.getMessage().setHeader("version", versionOf(file));
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            see();
            return null;
        }
    }

    /** In bytes. */
    public long size(@Header("key") String key) throws IOException {
        return Files.size(file(key));
    }

    /** From one offset up to another, itself included. */
    public InputStream range(@Header("key") String key, @Header("rangeStart") long start, @Header("rangeEnd") long end)
            throws IOException {
        return new FileSource(file(key)).read(start, end - start + 1);
    }

    /** Everything whose key begins so; on request what was begun, too. */
    public List<StoredObject> list(@Header("prefix") String prefix, @Header("unfinished") @Nullable Boolean unfinished)
            throws IOException {
        Path below = file(prefix.substring(0, prefix.lastIndexOf('/') + 1));
        List<StoredObject> found = new ArrayList<>();
        if (!Files.exists(below)) {
            see();
            return found;
        }
        try (Stream<Path> files = Files.walk(below)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                StoredObject object = PartFiles.object(
                        name, Files.size(file), Files.getLastModifiedTime(file).toInstant());
                if (object.key().startsWith(prefix) && (object.finished() || Boolean.TRUE.equals(unfinished))) {
                    found.add(object);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return found;
    }

    /** No error where there is nothing. */
    public void delete(@Header("key") String key) throws IOException {
        Files.deleteIfExists(file(key));
    }

    /** Whole or not at all. */
    public void copy(@Header("source") String source, @Header("key") String key) throws IOException {
        Path file = file(key);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        move(Files.copy(file(source), part(file), StandardCopyOption.REPLACE_EXISTING), file);
    }

    /** Removes what a {@code put} that didn't get to its end has left. */
    public void abort(@Header("key") String key) throws IOException {
        Files.deleteIfExists(part(file(key)));
    }

    /** Each write makes another file of it, and so another version. */
    private static @Nullable String versionOf(Path file) throws IOException {
        try {
            BasicFileAttributes told = Files.readAttributes(file, BasicFileAttributes.class);
            return told.fileKey() + " " + told.lastModifiedTime() + " " + told.size();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static void move(Path part, Path file) throws IOException {
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + PartFiles.PART);
    }

    /** Keys come from histories and manifests: none leads out of the folder. */
    private Path file(String key) throws IOException {
        Path file = folder.resolve(key).normalize();
        if (!file.startsWith(folder)) {
            throw new IOException("The key " + key + " leads out of the folder");
        }
        return file;
    }
}
