package dev.bactrian.store;

import dev.bactrian.config.S3Limits;
import dev.bactrian.config.SettingName;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.support.Units;

/**
 * How large each part of an upload is whose length is known only at its end. Parts begin small and grow with what was sent, so
 * that a small archive of a large database has small parts; and they are large enough for the archive that is expected at most
 * to fit into the parts that S3 takes (Amazon S3 User Guide, "Amazon S3 multipart upload limits"). Bytes are counted exactly.
 */
final class PartSizes {

    /** A part is at most this fraction of what was sent before it, unless the archive would not fit otherwise. */
    private static final int FRACTION = 100;

    /** One part in so many isn't planned for: an archive may outgrow what was expected of it. */
    private static final int SPARE = 5;

    /** As much larger than expected an archive may be where parts can't grow. */
    private static final int MARGIN = 4;

    private final Limits limits;
    private final long expected;
    private final long equal;

    /**
     * What a server takes, in bytes but for the number of parts.
     *
     * @param smallest of a part, the last excepted
     * @param largest of a part
     * @param most parts
     * @param object of all parts together
     * @param equal whether all parts but the last have one size
     */
    record Limits(long smallest, long largest, int most, long object, boolean equal) {

        /** Of one upload, with every server that speaks S3's protocol. */
        static final int MOST_PARTS = 10_000;

        /** What every server takes that speaks S3's protocol, and what the settings say of this one. S3 takes parts from 5 MiB on. */
        static Limits of(S3Limits settings) {
            return new Limits(8L << 20, 5L << 30, MOST_PARTS, settings.largestObject(), settings.equalParts());
        }
    }

    /**
     * Plans an upload.
     *
     * @param most bytes that the archive is expected to have at most; 0 where that isn't known
     */
    PartSizes(Limits limits, long most) {
        this.limits = limits;
        this.expected = Math.min(most, limits.object());
        long withMargin = expected > limits.object() / MARGIN ? limits.object() : expected * MARGIN;
        this.equal = Math.min(Math.max(limits.smallest(), quotient(withMargin, limits.most())), limits.largest());
    }

    /**
     * Bytes of the next part, at most.
     *
     * @param sent bytes of the parts before it
     * @param parts how many these are
     * @throws ProblemException when there can be no further part
     */
    long next(long sent, int parts) {
        if (parts >= limits.most() || sent >= limits.object()) {
            throw tooLarge(sent, parts);
        }
        return Math.min(limits.equal() ? equal : growing(sent, parts), limits.object() - sent);
    }

    /** Whether all parts but the last have one size. */
    boolean areEqual() {
        return limits.equal();
    }

    /** Bytes of the largest part, if the archive is as large as expected. */
    long largest() {
        long largest = 0;
        long sent = 0;
        for (int parts = 0; parts == 0 || sent < expected; parts++) {
            long size = next(sent, parts);
            largest = Math.max(largest, size);
            sent += size;
        }
        return largest;
    }

    private long growing(long sent, int parts) {
        long size = Math.min(sent / FRACTION, sent < expected ? planned(sent, parts) : outgrown(sent, parts));
        return Math.min(Math.max(limits.smallest(), Math.max(size, required(sent, parts))), limits.largest());
    }

    /** With parts of this size, what is left of the expected archive fits into those that are planned. */
    private long planned(long sent, int parts) {
        int planned = limits.most() - limits.most() / SPARE;
        return parts < planned ? quotient(expected - sent, planned - parts) : Long.MAX_VALUE;
    }

    /** With parts of this size, as much again fits into half of the parts that are left. */
    private long outgrown(long sent, int parts) {
        return quotient(sent, Math.max(1, (limits.most() - parts) / 2));
    }

    /** A smaller part, and what is left would not fit even into the largest parts. */
    private long required(long sent, int parts) {
        return expected - sent - (limits.most() - parts - 1) * limits.largest();
    }

    /** Rounded up. */
    static long quotient(long bytes, long parts) {
        return bytes / parts + (bytes % parts == 0 ? 0 : 1);
    }

    private ProblemException tooLarge(long sent, int parts) {
        String cause = "The archive is larger than the S3 server takes: " + Units.readable(sent) + " were sent in "
                + Units.counted(parts, "part") + ", and it isn't at its end. ";
        return parts < limits.most()
                ? ProblemException.stopped(
                        cause + "An object can have " + Units.readable(limits.object()) + ".",
                        "Leave tables or schemas out and back them up in a backup of their own, store elsewhere, or set "
                                + SettingName.S3_LARGEST_OBJECT + " if the server takes larger objects.")
                : ProblemException.stopped(
                        cause + "An upload can have " + limits.most() + " parts.",
                        "Leave tables or schemas out and back them up in a backup of their own"
                                + (limits.equal()
                                        ? ", or set " + SettingName.S3_EQUAL_PARTS
                                                + "=false if the server takes parts of different sizes."
                                        : "."));
    }
}
