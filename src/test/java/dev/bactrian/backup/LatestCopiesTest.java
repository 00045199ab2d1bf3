package dev.bactrian.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.archive.StoredObject;
import dev.bactrian.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatestCopiesTest {

    private static final String FOLDER = "backups/latest/default/";
    private static final String COPY = FOLDER + "2026-11-20T18-42-08Z--acme-shop/backup-2026-11-20-18-42-UTC.zip";
    private static final String OLD = FOLDER + "2026-11-20T18-42-07Z--z/backup-2026-11-20-18-42-UTC.zip";
    private static final String UNFINISHED = FOLDER + "2026-11-19T18-42-07Z/backup-2026-11-19-18-42-UTC.zip";
    private static final String LATER = FOLDER + "2026-11-20T18-42-09Z/backup-2026-11-20-18-42-UTC.zip";

    private final LatestCopies copies = new LatestCopies();

    private List<String> former(String former) {
        List<StoredObject> listed = new ArrayList<>();
        for (String key : List.of(
                COPY,
                LATER,
                FOLDER + "manifest.json",
                FOLDER + "notes.txt",
                FOLDER + "2025/mine.zip",
                FOLDER + "2025-11-20T18-42-08Z/mine.txt",
                OLD)) {
            listed.add(new StoredObject(key, 1, Instant.EPOCH, true));
        }
        listed.add(new StoredObject(UNFINISHED, 0, Instant.EPOCH, false));
        return copies.former(listed, FOLDER, COPY, former).stream()
                .map(StoredObject::key)
                .toList();
    }

    @Test
    void onlyOlderCopiesOfItsOwnGo() {
        assertThat(former(null)).containsExactly(OLD, UNFINISHED);
    }

    @Test
    void theOneThatWasNamedBeforeGoesThoughItLooksNewer() {
        assertThat(former("backups/archive/2026-11-20T18-42-09Z/backup-2026-11-20-18-42-UTC.zip"))
                .containsExactly(LATER, OLD, UNFINISHED);
    }

    @Test
    void whatIsReadBackIsOwnOtherOrDamaged() {
        String sent = "{\"archive\": {\"key\": \"a\"}}";

        assertThat(copies.isOwn(sent, sent, "m")).isTrue();
        assertThat(copies.isOwn("{\"archive\": {\"key\": \"b\"}}", sent, "m")).isFalse();
        assertThat(copies.isOwn(null, sent, "m")).isFalse();
        assertThatThrownBy(() -> copies.isOwn("{\"archive\": {\"key\": \"a\"} }", sent, "m"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("different bytes under m");
    }
}
