package dev.bactrian.archive.read;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.FileDigest;
import dev.bactrian.archive.MeasuredStream;
import dev.bactrian.archive.ReadLimits;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.support.BulkFilterStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An entry of the archive, held against the manifest's SHA-256 while it is read. */
public final class CheckedEntry extends MeasuredStream {

    private static final int BUFFER = 1 << 16;

    private final String name;
    private final @Nullable String expected;
    private final BooleanSupplier toTheEnd;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable IOException failure;

    private CheckedEntry(InputStream in, String name, @Nullable String expected, BooleanSupplier toTheEnd) {
        super(in);
        this.name = name;
        this.expected = expected;
        this.toTheEnd = toTheEnd;
    }

    /**
     * Opens any entry for a reader that goes to its end, where an exception comes instead when it wasn't what was saved.
     *
     * @param expected the SHA-256 that it has to have
     */
    public static InputStream proven(SavedBackup saved, String name, String expected) throws IOException {
        return provenAtEnd(open(saved, name, expected));
    }

    /** The entry for a reader that goes to its end and calls nothing else, see {@link #proven}. */
    public static InputStream provenAtEnd(CheckedEntry entry) {
        return new BulkFilterStream(entry) {
            private boolean whole;

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = whole ? -1 : super.read(bytes, offset, length);
                if (count < 0 && !whole) {
                    entry.requireWhole();
                    whole = true;
                }
                return count;
            }
        };
    }

    /** Opens any entry that is read to its end, by the SHA-256 that it has to have. */
    public static CheckedEntry open(SavedBackup saved, String name, String expected) throws IOException {
        return new CheckedEntry(saved.reader().open(name), name, expected, () -> false);
    }

    /** Opens one of its files that is read to its end. */
    public static CheckedEntry open(SavedBackup saved, String name) throws IOException {
        return open(saved, name, () -> false);
    }

    /**
     * Opens one for a reader that may stop early.
     *
     * @param toTheEnd whether the rest is worth reading then, which only tells whether it was right
     */
    public static CheckedEntry open(SavedBackup saved, String name, BooleanSupplier toTheEnd) throws IOException {
        return new CheckedEntry(saved.reader().open(name), name, expected(saved, name), toTheEnd);
    }

    /**
     * All of a file that isn't large.
     *
     * @param largest bytes of it
     * @throws DamagedArchiveException when it isn't what was written, or is too large for the memory here
     */
    public static byte[] read(SavedBackup saved, String name, int largest) throws IOException {
        int most = ReadLimits.HERE.entryBytes(largest);
        if (saved.reader().size(name) > most) {
            throw tooLarge(name, largest, most);
        }
        return use(saved, name, in -> {
            byte[] bytes = in.readNBytes(most);
            if (in.read() >= 0) {
                throw tooLarge(name, largest, most);
            }
            return bytes;
        });
    }

    private static DamagedArchiveException tooLarge(String name, int largest, int most) {
        return most < largest
                ? ReadLimits.HERE.largeEntry(name)
                : new DamagedArchiveException(name + " is larger than it can be");
    }

    /** What is done with a whole entry, and can be done again. */
    @FunctionalInterface
    public interface Use<T> {
        T of(InputStream entry) throws IOException;
    }

    /**
     * Uses a file to its end; again from its beginning where it came damaged, and only the way here may have done that.
     *
     * @throws DamagedArchiveException when it isn't what was written
     */
    public static <T> T use(SavedBackup saved, String name, Use<T> use) throws IOException {
        try {
            return useOnce(saved, name, use);
        } catch (DamagedArchiveException e) {
            if (!saved.reader().readAgain(name)) {
                throw e;
            }
        }
        return useOnce(saved, name, use);
    }

    /**
     * Opens one that is used while it is read, and can't be used again: where it comes from a store, from a copy in the run's
     * folder, which was proven first.
     *
     * @throws DamagedArchiveException when that isn't what was written
     */
    public static CheckedEntry openCopy(SavedBackup saved, String name, StoppableRun run) throws IOException {
        if (!saved.reader().mayBeRightLater(name)) {
            return open(saved, name);
        }
        Path copy = Files.createTempFile(run.getFolder(), "entry", ".copy");
        use(saved, name, in -> Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING));
        return new CheckedEntry(
                Files.newInputStream(copy, StandardOpenOption.DELETE_ON_CLOSE),
                name,
                expected(saved, name),
                () -> false);
    }

    private static @Nullable String expected(SavedBackup saved, String name) {
        FileDigest told = saved.manifest().files().get(name);
        return told == null ? null : told.sha256();
    }

    private static <T> T useOnce(SavedBackup saved, String name, Use<T> use) throws IOException {
        try (CheckedEntry in = open(saved, name)) {
            T result = use.of(in);
            in.requireWhole();
            return result;
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return super.read(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /**
     * To be called when it has been read to its end.
     *
     * @throws DamagedArchiveException when it wasn't, or its SHA-256 differs from the one in the manifest
     */
    public void requireWhole() throws IOException {
        IOException broken = failure;
        if (broken != null) {
            throw broken;
        }
        if (!isAtEnd() || !sha256().equals(expected)) {
            throw new DamagedArchiveException("the SHA-256 of " + name + " differs from the one in the manifest");
        }
    }

    /** As {@link #requireWhole}, for another thread than the one that reads: waits until that has closed it. */
    public void awaitWhole() throws IOException, InterruptedException {
        closed.await();
        requireWhole();
    }

    @Override
    public void close() throws IOException {
        byte[] rest = new byte[BUFFER];
        try {
            while (failure == null && !isAtEnd() && toTheEnd.getAsBoolean()) {
                read(rest, 0, BUFFER);
            }
        } catch (IOException e) {
            // Whoever waits for the end learns of it.
            failure = e;
        } finally {
            super.close();
            closed.countDown();
        }
    }
}
