package dev.bactrian.postgres.program;

import dev.bactrian.postgres.DatabaseRun;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.apache.camel.ExchangeProperty;

/** Hands the password to PostgreSQL's programs: by a file that only this user can read, never by an argument. */
public final class PassFile {

    private static final String NAME = "passfile";

    /** Writes the password file of a backup into its folder, where it ends with the backup. */
    public void write(@ExchangeProperty("run") DatabaseRun run) throws IOException {
        Path file = of(run);
        try (var channel = Files.newByteChannel(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                var out = Channels.newOutputStream(channel)) {
            out.write(run.getDatabase().url().passfileLine().getBytes(StandardCharsets.UTF_8));
        } catch (FileAlreadyExistsException e) {
            throw new IOException("There is a passfile already in " + file, e);
        }
    }

    public static Path of(DatabaseRun run) {
        return run.getFolder().resolve(NAME);
    }
}
