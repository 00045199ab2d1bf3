package dev.bactrian.postgres.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.testing.SampleRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one file that holds the password. */
class PassFileTest {

    @TempDir
    private Path folder;

    @Test
    void nobodyElseCanReadIt() throws IOException {
        BackupRun run = SampleRun.in(folder);

        new PassFile().write(run);

        Path file = PassFile.of(run);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).isEqualTo("127.0.0.1:1:*:backup:hush\\:password\n");
    }

    @Test
    void itEndsWithItsBackup() throws IOException {
        BackupRun run = SampleRun.in(folder);
        new PassFile().write(run);

        run.close();

        assertThat(PassFile.of(run)).doesNotExist();
    }

    /** A file that is there already could be a link to somewhere else. */
    @Test
    void aFileThatIsThereAlreadyIsNotWrittenTo() throws IOException {
        BackupRun run = SampleRun.in(folder);
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "");
        Files.createSymbolicLink(PassFile.of(run), elsewhere);

        assertThatThrownBy(() -> new PassFile().write(run))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("hush");
        assertThat(elsewhere).isEmptyFile();
    }
}
