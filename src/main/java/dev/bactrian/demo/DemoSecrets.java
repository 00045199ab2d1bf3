package dev.bactrian.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The demonstration's API keys and S3 secret: made at the first start, readable by this user alone. */
public record DemoSecrets(String apiKey, String restoreKey, String s3Secret) {

    private static final int BYTES = 16;

    /** Those of a data folder. */
    public static DemoSecrets in(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new DemoSecrets(
                secret(folder.resolve("api-key")),
                secret(folder.resolve("restore-key")),
                secret(folder.resolve("s3-secret")));
    }

    private static String secret(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(random) + "\n");
        }
        return Files.readString(file).strip();
    }
}
