package dev.bactrian.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.database.Database;
import dev.bactrian.database.Databases;
import dev.bactrian.testing.SampleRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may end a silent backup: nobody, while whoever runs it might come back. */
class NodeTest {

    @TempDir
    private Path folder;

    private Runs runs;
    private Node node;

    @BeforeEach
    void open() {
        runs = new Runs(new Databases(List.of(new Database("default", SampleRun.DATABASE))), WorkFolder.open(folder));
        node = new Node(runs::isActive);
    }

    @Test
    void aNodeIsAHostAProcessAndItsStart() {
        assertThat(node.getName()).matches(".+/" + ProcessHandle.current().pid() + "/[1-9]\\d{12}");
        assertThat(new Node(runs::isActive).getName()).isEqualTo(node.getName());
    }

    @Test
    void aBackupThatRunsHereIsNotAbandonedHoweverSilent() throws IOException {
        UUID id = UUID.randomUUID();
        BackupRun run = runs.begin(Map.of("id", id, "s3_key", "k", "database", "default"));

        assertThat(node.isAbandoned(row(id, node.getName(), true))).isFalse();

        runs.forget(run);
        assertThat(node.isAbandoned(row(id, node.getName(), false))).isTrue();
    }

    @Test
    void aProcessThatIsGoneHasAbandonedItsBackups() {
        String dead = node.getName().replaceAll("/\\d+/", "/" + unusedPid() + "/");

        assertThat(node.isAbandoned(row(UUID.randomUUID(), dead, false))).isTrue();
    }

    /** Process numbers come round again. */
    @Test
    void anotherProcessOfTheSameNumberIsNotTheOneThatRanIt() {
        String earlier = node.getName().replaceAll("\\d+$", "1234567890123");

        assertThat(node.isAbandoned(row(UUID.randomUUID(), earlier, false))).isTrue();
    }

    @Test
    void aProcessOfThisHostThatLivesIsGivenTime() {
        ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
        String alive = node.getName()
                .replaceAll(
                        "/.*",
                        "/" + parent.pid() + "/"
                                + parent.info().startInstant().orElseThrow().toEpochMilli());

        assertThat(node.isAbandoned(row(UUID.randomUUID(), alive, false))).isFalse();
        assertThat(node.isAbandoned(row(UUID.randomUUID(), alive, true))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"another-host/1/2", "nonsense", "", "a/b/c/1/2"})
    void whatCannotBeLookedAtIsOnlyAbandonedAfterALongSilence(String owner) {
        assertThat(node.isAbandoned(row(UUID.randomUUID(), owner, false))).isFalse();
        assertThat(node.isAbandoned(row(UUID.randomUUID(), owner, true))).isTrue();
    }

    @Test
    void aBackupOfNobodyIsOnlyAbandonedAfterALongSilence() {
        assertThat(node.isAbandoned(row(UUID.randomUUID(), null, false))).isFalse();
        assertThat(node.isAbandoned(row(UUID.randomUUID(), null, true))).isTrue();
    }

    private static long unusedPid() {
        long pid = 4_000_000;
        while (ProcessHandle.of(pid).isPresent()) {
            pid++;
        }
        return pid;
    }

    private static Map<String, Object> row(UUID id, String owner, boolean longSilent) {
        Map<String, Object> row = new HashMap<>();
        row.put("id", id);
        row.put("node", owner);
        row.put("long_silent", longSilent);
        return row;
    }
}
