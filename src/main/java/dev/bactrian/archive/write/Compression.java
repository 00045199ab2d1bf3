package dev.bactrian.archive.write;

import dev.bactrian.archive.ArchiveSettings;
import dev.bactrian.archive.isal.IsalLibrary;
import dev.bactrian.problem.ConfigurationException;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How entries are compressed; hands out compressors, and keeps those that were given back: making one costs more than
 * compressing a small table.
 */
public final class Compression {

    /** The fastest level: at zlib's 6, compression is by far the slowest part of a backup. */
    public static final int FASTEST = 1;

    private static final int HIGHEST_OF_ISAL = 3;

    /** For what is compressed already: deflate's stored blocks, 5 bytes more per 64 KiB. */
    static final Compression STORED = new Compression("stored", () -> new ZlibCompressor(0));

    private final String name;
    private final Supplier<Compressor> maker;
    private final Queue<Compressor> idle = new ConcurrentLinkedQueue<>();

    private Compression(String name, Supplier<Compressor> maker) {
        this.name = name;
        this.maker = maker;
    }

    /**
     * Chooses for this machine.
     *
     * @param level 1 to 9; ISA-L knows no higher one than 3
     * @throws ConfigurationException when ISA-L is asked for and can't be used
     */
    public static Compression of(ArchiveSettings.Compressor choice, int level) {
        Optional<IsalLibrary> isal = choice == ArchiveSettings.Compressor.ZLIB ? Optional.empty() : IsalLibrary.find();
        if (isal.isPresent()) {
            int highest = Math.min(level, HIGHEST_OF_ISAL);
            return new Compression(
                    "ISA-L " + isal.get().version() + ", level " + highest,
                    () -> new IsalCompressor(isal.get(), highest));
        }
        if (choice == ArchiveSettings.Compressor.ISAL) {
            throw new ConfigurationException(
                    List.of("BACKUP_COMPRESSION is isal, but ISA-L isn't available. It needs Java 22 or newer (this "
                            + "is " + Runtime.version().feature() + ") and libisal 2.30 or 2.31: "
                            + "apt-get install libisal2. Or set BACKUP_COMPRESSION to auto."));
        }
        return new Compression("zlib, level " + level, () -> new ZlibCompressor(level));
    }

    /** What this machine would gain by ISA-L, and how to get it; null where it has it. */
    @Nullable
    public static String advice() {
        if (IsalLibrary.find().isPresent()) {
            return null;
        }
        int java = Runtime.version().feature();
        return "ISA-L would compress three times as fast, which is a third of a backup's CPU time here: apt-get install libisal2"
                + (java < IsalLibrary.FIRST_JAVA
                        ? ", and run Bactrian on Java " + IsalLibrary.FIRST_JAVA + " or newer (this is " + java + ")"
                        : "");
    }

    /** As users may read it. */
    public String name() {
        return name;
    }

    Compressor take() {
        Compressor kept = idle.poll();
        return kept == null ? maker.get() : kept;
    }

    /** Takes a compressor back whose entry is finished. */
    void giveBack(Compressor compressor) {
        idle.add(compressor);
    }
}
