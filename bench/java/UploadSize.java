package dev.bactrian.store;

import dev.bactrian.archive.read.ArchiveReader;
import dev.bactrian.archive.read.FileSource;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.config.S3ObjectSettings;
import dev.bactrian.config.S3Settings;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * Writes an archive of generated entries by two workers through the real zip writer, and uploads it in parts. Arguments: the
 * endpoint of a {@code CountingS3}, bytes, bytes that are expected at most, an empty folder. Prints {@code name value} lines. With the
 * one argument {@code zip64 FOLDER} it writes entries of more than 4 GiB into a sparse file instead, straight and waiting ones, and
 * reads them again.
 */
final class UploadSize {

    private static final int BLOCK = 1 << 20;
    private static final long SPOOL = 256L << 20;
    private static final long LARGE = 4_500_000_000L;
    private static final int PAGE = 1 << 12;

    private UploadSize() {}

    public static void main(String[] args) throws Exception {
        if ("zip64".equals(args[0])) {
            zip64(Path.of(args[1]));
        } else {
            upload(URI.create(args[0]), Long.parseLong(args[1]), Long.parseLong(args[2]), Path.of(args[3]));
        }
        System.exit(0);
    }

    private static void upload(URI endpoint, long bytes, long expected, Path folder) throws Exception {
        S3Settings settings = new S3Settings(
                "bucket", "backups", "us-east-1", endpoint, true, true, S3ObjectSettings.PLAIN, true, "id", "secret");
        StoppableRun run = new StoppableRun(UUID.randomUUID(), folder) {};
        Archive archive = new Archive(folder, SPOOL, Instant.now());
        FutureTask<Void> writing = start(() -> {
            try {
                FutureTask<Void> other = start(() -> write(archive, "one", bytes / 2));
                write(archive, "other", bytes - bytes / 2);
                other.get();
                archive.finish();
            } catch (Exception e) {
                archive.abandon(e);
                throw e;
            }
            return null;
        });
        try (S3Clients clients = new S3Clients(settings)) {
            S3Upload upload = new S3Upload(clients, new RefusedOptions(settings));
            upload.upload(archive.stream(), "key", "application/zip", expected, SPOOL, run);
            writing.get();
            SentParts parts = upload.sent("key").parts();
            System.out.println("sent " + parts.bytes());
            System.out.println("parts " + parts.count());
        }
        System.out.println("heap " + ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum());
    }

    /** Entries of 5 GB and, each after one of these, of 1 MB to 32 MB: they go straight, and wait in a file or in memory. */
    private static Void write(Archive archive, String folder, long bytes) throws IOException {
        byte[] block = new byte[BLOCK];
        new Random(folder.hashCode()).nextBytes(block);
        long left = bytes;
        for (int number = 0; left > 0; number++) {
            long size = Math.min(left, number % 2 == 0 ? 5_000_000_000L : (long) BLOCK << number / 2 % 6);
            try (ArchiveEntryWriter entry = archive.beginStored(folder + "/" + number)) {
                for (long written = 0; written < size; ) {
                    int count = (int) Math.min(BLOCK, size - written);
                    entry.write(block, 0, count);
                    written += count;
                }
            }
            left -= size;
        }
        return null;
    }

    private static void zip64(Path folder) throws Exception {
        Path file = folder.resolve("archive.zip");
        Archive archive = new Archive(folder, 2 * LARGE, Instant.now());
        FutureTask<Void> storing = start(() -> {
            store(archive.stream(), file);
            return null;
        });
        // The first goes straight as soon as it has a megabyte; the others find it there, and wait until it ends.
        try (ArchiveEntryWriter straight = archive.beginStored("straight")) {
            straight.write(new byte[2 * BLOCK]);
            for (String name : new String[] {"waiting-in-a-file", "waiting-compressed"}) {
                try (ArchiveEntryWriter entry =
                        name.endsWith("file") ? archive.beginStored(name) : archive.begin(name)) {
                    zeros(entry, LARGE);
                }
            }
            zeros(straight, LARGE - 2 * BLOCK);
        }
        try (ArchiveEntryWriter last = archive.begin("beyond-4-GiB")) {
            last.write("the end".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        archive.finish();
        storing.get();
        ArchiveReader reader = ArchiveReader.open(new FileSource(file));
        for (String name : new String[] {"straight", "waiting-in-a-file", "waiting-compressed", "beyond-4-GiB"}) {
            long size = 0;
            byte[] buffer = new byte[BLOCK];
            try (InputStream in = reader.open(name)) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    size += count;
                }
            }
            if (size != (name.startsWith("beyond") ? 7 : LARGE) || size != reader.size(name)) {
                throw new IllegalStateException(name + " has " + size + " bytes");
            }
        }
        System.out.println("size " + Files.size(file));
    }

    private static void zeros(ArchiveEntryWriter entry, long bytes) throws IOException {
        byte[] block = new byte[BLOCK];
        for (long left = bytes; left > 0; left -= BLOCK) {
            entry.write(block, 0, (int) Math.min(BLOCK, left));
        }
    }

    /** Pages of zeros become holes. */
    private static void store(InputStream in, Path file) throws IOException {
        byte[] page = new byte[PAGE];
        byte[] zeros = new byte[PAGE];
        long position = 0;
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            for (int count = in.readNBytes(page, 0, PAGE); count > 0; count = in.readNBytes(page, 0, PAGE)) {
                if (!Arrays.equals(page, 0, count, zeros, 0, count)) {
                    out.seek(position);
                    out.write(page, 0, count);
                }
                position += count;
            }
            out.setLength(position);
        }
    }

    private static FutureTask<Void> start(Callable<Void> work) {
        FutureTask<Void> task = new FutureTask<>(work);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
