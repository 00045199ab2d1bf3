package dev.bactrian.postgres.program;

import dev.bactrian.run.StoppableRun;
import dev.bactrian.support.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a program's output, which is proven whatever the routes do between the program and the archive.
 *
 * @param entry of the archive that must be the same, byte for byte; null for none
 * @param file that the program writes; null where it prints
 * @param confirmations steps that confirm what it has read: those that were done before its end prove nothing of it
 */
public record PgOutput(@Nullable String entry, @Nullable Path file, List<String> confirmations) {

    /** What is done once the program has ended well, before the reader sees the end. */
    @FunctionalInterface
    interface WhenWhole {
        /** With the SHA-256 of what was printed, in lower-case hex; empty where it wasn't asked for. */
        void whole(String sha256) throws IOException;
    }

    /** Of a program that reads nothing for an archive. */
    static final PgOutput NONE = new PgOutput(null, null, List.of());

    /** What is printed becomes an entry. */
    public static PgOutput printed(String entry, String... confirmations) {
        return new PgOutput(entry, null, List.of(confirmations));
    }

    /** The file becomes an entry. */
    public static PgOutput written(Path file, String entry, String... confirmations) {
        return new PgOutput(entry, file, List.of(confirmations));
    }

    /** Whether the SHA-256 of what is printed is needed. */
    boolean isHashed() {
        return entry != null && file == null;
    }

    /**
     * The program has ended well.
     *
     * @param printed SHA-256 of what it printed
     */
    void whole(StoppableRun run, String printed) throws IOException {
        if (entry != null) {
            run.getEvidence().text(entry, file == null ? printed : sha256(file));
        }
        run.getEvidence().undone(confirmations);
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = Sha256.begin();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return Sha256.hex(digest);
    }
}
