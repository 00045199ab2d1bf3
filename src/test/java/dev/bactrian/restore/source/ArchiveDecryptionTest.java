package dev.bactrian.restore.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.archive.read.FileSource;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.encryption.Encryption;
import dev.bactrian.testing.SampleRun;
import dev.bactrian.testing.keys.PgpKeys;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The decrypted archive on the disk: only where there is room, for nobody else, and only for as long as it is needed. */
class ArchiveDecryptionTest {

    private static final byte[] PLAIN = new byte[200_000];

    @TempDir
    private Path folder;

    private FileSource sealed() throws Exception {
        Path file = folder.resolve("backup.zip.pgp");
        try (DefaultCamelContext camel = new DefaultCamelContext();
                OutputStream out = Files.newOutputStream(file)) {
            new Encryption(PgpKeys.recipients("alice"))
                    .encrypt(new ByteArrayInputStream(PLAIN), "backup.zip", out, camel);
        }
        return new FileSource(file);
    }

    @Test
    void theFileIsForThisUserAloneAndGoesWithTheRun() throws Exception {
        BackupRun run = SampleRun.in(folder.resolve("work"));
        var opened = new ArchiveDecryption(PgpKeys.opening("alice", null)).decrypt(sealed(), null, run);
        Path file = run.getFolder().resolve("archive.zip");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(opened.size()).isEqualTo(PLAIN.length);
        assertThat(opened.storedSize()).isGreaterThan(PLAIN.length);
        assertThat(opened.name()).endsWith("backup.zip.pgp");
        run.close();
        assertThat(file).doesNotExist();
    }

    @Test
    void aDiskThatIsTooSmallIsSaidBeforeAnythingIsDecrypted() throws Exception {
        try (BackupRun run = SampleRun.in(folder.resolve("work"))) {
            assertThatThrownBy(() -> new ArchiveDecryption(PgpKeys.opening("alice", null), disk -> 100_000)
                            .decrypt(sealed(), null, run))
                    .hasMessageContaining("has to be decrypted into the work folder")
                    .hasMessageContaining("are free there")
                    .hasMessageContaining("set WORK_DIR to a larger disk");
            assertThat(run.getFolder().resolve("archive.zip")).doesNotExist();
        }
    }

    @Test
    void aStoppedRestoreDecryptsNoFurther() throws Exception {
        try (BackupRun run = SampleRun.in(folder.resolve("work"))) {
            run.stop(new IllegalStateException("cancelled"));

            assertThatThrownBy(() -> new ArchiveDecryption(PgpKeys.opening("alice", null)).decrypt(sealed(), null, run))
                    .hasMessageContaining("stopped");
        }
    }
}
