package dev.bactrian.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.problem.ProblemException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What dead processes left is cleared away, and nothing of one that lives. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkFolderTest {

    @TempDir
    private Path workDir;

    @Test
    void whatADeadProcessLeftIsCleared() throws IOException {
        Path dead = leftover("4711-dead");

        try (WorkFolder folder = WorkFolder.open(workDir)) {
            assertThat(dead).doesNotExist();
            assertThat(folder.leftovers()).isEmpty();
        }
    }

    /** The threads of a backup that is stopped close their files while its folder is deleted. */
    @Test
    void aFolderGoesThoughOthersDeleteOfIt() throws Exception {
        for (int round = 0; round < 100; round++) {
            Path run = Files.createDirectory(workDir.resolve("run"));
            for (int file = 0; file < 50; file++) {
                Files.createFile(run.resolve("waiting-" + file));
            }
            Thread other = new Thread(() -> {
                for (int file = 49; file >= 0; file--) {
                    run.resolve("waiting-" + file).toFile().delete();
                }
            });
            other.start();

            WorkFolder.delete(run);

            other.join();
            assertThat(run).doesNotExist();
        }
    }

    @Test
    void whatNobodyMadeStays() throws IOException {
        Path other = Files.createDirectory(workDir.resolve("photos"));
        Files.writeString(other.resolve("x"), "x");
        Path file = Files.writeString(workDir.resolve("file"), "x");

        WorkFolder.open(workDir).close();

        assertThat(other.resolve("x")).exists();
        assertThat(file).exists();
    }

    @Test
    void anotherProcessesFolderStaysWhileItLivesAndGoesWhenItIsKilled() throws Exception {
        Path alive = leftover("4711-alive");
        Process holder = holdLock(alive.resolve("lock"));
        try {
            WorkFolder.open(workDir).close();
            assertThat(alive.resolve("backup/waiting-1")).exists();
        } finally {
            holder.destroyForcibly();
            assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }

        WorkFolder.open(workDir).close();
        assertThat(alive).doesNotExist();
    }

    @Test
    void twoInOneProcessLeaveEachOtherAlone() throws IOException {
        try (WorkFolder first = WorkFolder.open(workDir)) {
            Path mine = first.forRun("backup");
            try (WorkFolder second = WorkFolder.open(workDir)) {
                assertThat(mine).exists();
                assertThat(second.forRun("backup")).isNotEqualTo(mine);
            }
            assertThat(mine).exists();
        }
        assertThat(workDir).isEmptyDirectory();
    }

    @Test
    void theFolderIsMadeWhenItIsMissing() {
        Path missing = workDir.resolve("a/b");

        try (WorkFolder folder = WorkFolder.open(missing)) {
            assertThat(missing).isNotEmptyDirectory();
        }
    }

    /** Rows of every table lie in it for a while. */
    @Test
    void nobodyElseCanLookInside() throws IOException {
        try (WorkFolder folder = WorkFolder.open(workDir)) {
            Path own = folder.forRun("backup").getParent();

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void whatABackupLeavesBehindIsSeen() throws IOException {
        try (WorkFolder folder = WorkFolder.open(workDir)) {
            Path left = folder.forRun("backup");

            assertThat(folder.leftovers()).containsExactly(left);
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsExplained() throws IOException {
        Path file = Files.writeString(workDir.resolve("file"), "x");

        assertThatThrownBy(() -> WorkFolder.open(file))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("The work folder " + file + " can't be used")
                .hasMessageContaining("set WORK_DIR");
    }

    @Test
    void aLinkInsideIsRemovedAndNotFollowed() throws IOException {
        Path outside = Files.createDirectory(workDir.resolve("outside"));
        Files.writeString(outside.resolve("keep"), "x");
        Path dead = leftover("4711-dead");
        Files.createSymbolicLink(dead.resolve("link"), outside);

        WorkFolder.open(workDir).close();

        assertThat(dead).doesNotExist();
        assertThat(outside.resolve("keep")).exists();
    }

    @Test
    void deletingWhatIsNotThereIsNoError() throws IOException {
        WorkFolder.delete(workDir.resolve("none"));

        assertThat(workDir).isEmptyDirectory();
    }

    private Path leftover(String name) throws IOException {
        Path folder = Files.createDirectory(workDir.resolve(name));
        Files.createDirectory(folder.resolve("backup"));
        Files.writeString(folder.resolve("backup/waiting-1"), "rows");
        Files.createFile(folder.resolve("lock"));
        return folder;
    }

    /** Locks of this process would look different: the system keeps them by process. */
    private static Process holdLock(Path file) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        Path.of("target/test-classes").toAbsolutePath().toString(),
                        LockHolder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.getInputStream().read()).as("the lock is held").isEqualTo('!');
        return process;
    }

    /** The other process. */
    static final class LockHolder {

        private LockHolder() {}

        public static void main(String[] arguments) throws IOException {
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
                channel.lock();
                System.out.write('!');
                System.out.flush();
                // Until it is killed.
                System.in.read();
            }
        }
    }
}
