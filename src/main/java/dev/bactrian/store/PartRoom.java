package dev.bactrian.store;

import dev.bactrian.problem.ProblemException;
import dev.bactrian.support.Units;
import java.io.File;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many parts of an upload are in the work folder at once: one that is written, and those that are sent. */
final class PartRoom {

    private static final Logger LOG = LoggerFactory.getLogger(PartRoom.class);
    private static final int LEAST = 2;
    private static final int MOST = 5;
    private static final long COMFORTABLE = 512L << 20;

    private final long bytes;

    /** @param bytes that parts may take, if that is more than two of them */
    PartRoom(long bytes) {
        this.bytes = bytes;
    }

    /**
     * Looks for room, and says in the log what may be needed.
     *
     * @param waiting bytes of the archive that may wait in the same folder until they become part of the stream
     * @param largest bytes that the archive has at most; 0 where that isn't known
     * @throws ProblemException when the disk has less
     */
    static PartRoom require(Path folder, PartSizes sizes, long waiting, long largest) {
        File disk = folder.toFile();
        // There are file systems that don't tell.
        return require(
                folder, sizes, waiting, largest, disk.getTotalSpace() == 0 ? Long.MAX_VALUE : disk.getUsableSpace());
    }

    static PartRoom require(Path folder, PartSizes sizes, long waiting, long largest, long free) {
        long parts = LEAST * sizes.largest();
        // Each byte waits in one place at a time.
        long needed = largest > 0 ? Math.min(waiting + parts, largest) : waiting + parts;
        LOG.info(
                "The archive has at most {}; the work folder may need {}: {} for tables that wait, {} for two parts of the upload",
                largest > 0 ? Units.readable(largest) : "an unknown size",
                Units.readable(needed),
                Units.readable(waiting),
                Units.readable(parts));
        if (free < needed) {
            throw ProblemException.stopped(
                    "The disk of the work folder " + folder + " has " + Units.readable(free)
                            + " left, and this backup may need "
                            + Units.readable(needed) + ": " + Units.readable(waiting)
                            + " for tables that wait (BACKUP_SPOOL), "
                            + Units.readable(parts) + " for two parts of the upload.",
                    "Free space there, set WORK_DIR to a larger disk, or lower BACKUP_SPOOL.");
        }
        return new PartRoom(Math.min(COMFORTABLE, free - waiting));
    }

    /** Of parts of this size. */
    int parts(long size) {
        return (int) Math.max(LEAST, Math.min(MOST, bytes / size));
    }
}
