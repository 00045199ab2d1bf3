package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.servers.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Routes without one of the steps by which unchanged tables are copied: the backup fails, or has all tables all the same. */
class LeftOutUnchangedIT {

    private static final Set<String> ROUTES = Set.of("find-unchanged", "take-over-unchanged", "compare-unchanged");

    private static Scene scene;
    private static TestDatabase source;

    @BeforeAll
    static void start() {
        source = Sources.small().run("CREATE TABLE calm AS SELECT n, md5(n::text) FROM generate_series(1, 5000) n");
        scene = Scene.start(Map.of(
                "DATABASE_URL",
                source.url(),
                "BACKUP_UNCHANGED",
                "reuse",
                "BACKUP_FULL_EVERY",
                "1000",
                "BACKUP_RATE_LIMIT",
                "1000"));
        scene.assertSucceeds("default", null);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    static List<EditedRoutes.Cut> steps() {
        List<EditedRoutes.Cut> edits = new ArrayList<>(EditedRoutes.cuts(ROUTES));
        // Or that are called twice.
        edits.add(EditedRoutes.after("run-backup", "to direct:find-unchanged", "to: direct:find-unchanged"));
        edits.add(
                EditedRoutes.after("write-archive", "to direct:take-over-unchanged", "to: direct:take-over-unchanged"));
        return edits;
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aBackupFailsOrIsWhole(EditedRoutes.Cut cut) {
        try {
            if (!cut.use(scene.service().app().context())) {
                return;
            }
            String id = scene.request("default");
            scene.service().awaitEnd(id);
            Map<String, Object> row = scene.aftermath().row(id);
            if ("success".equals(row.get("status"))) {
                assertThat(scene.service().manifest(id).totals().rows())
                        .isEqualTo(source.rowCounts().values().stream()
                                .mapToLong(Long::longValue)
                                .sum());
                scene.aftermath().assertStoreHoldsOnlyGoodBackups();
            } else {
                assertThat(String.valueOf(row.get("error_text")))
                        .isNotBlank()
                        .doesNotContain("NullPointer", "Cannot invoke");
            }
        } finally {
            cut.restore(scene.service().app().context());
        }
    }
}
