package dev.bactrian.faults;

import dev.bactrian.testing.servers.Relay;
import dev.bactrian.testing.stores.FaultyBlobStore.Operation;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** What goes wrong, or is asked for at an awkward moment. Each says whether it has met what it was meant for. */
enum ChaosFault {
    /** {@code kill -9} of a node, which is started again when the time is over. */
    KILL((chaos, strike) -> {
        chaos.node(strike.node()).kill();
        chaos.waits(strike.millis());
        chaos.startNode(strike.node());
        return 1;
    }),
    /** SIGSTOP, and SIGCONT when the time is over. */
    FREEZE((chaos, strike) -> {
        chaos.signal(strike.node(), "STOP");
        int stopped = awaitStopped(chaos.node(strike.node()).pid());
        chaos.waits(strike.millis());
        chaos.signal(strike.node(), "CONT");
        return stopped;
    }),
    HISTORY_CUT(cut(chaos -> chaos.toHistory)),
    SOURCE_CUT(cut(chaos -> chaos.toSource)),
    STORE_CUT(cut(chaos -> chaos.toStore)),
    HISTORY_RESET(reset(chaos -> chaos.toHistory)),
    SOURCE_RESET(reset(chaos -> chaos.toSource)),
    STORE_RESET(reset(chaos -> chaos.toStore)),
    HISTORY_SILENT(silent(chaos -> chaos.toHistory)),
    SOURCE_SILENT(silent(chaos -> chaos.toSource)),
    STORE_SILENT(silent(chaos -> chaos.toStore)),
    STORE_500((chaos, strike) -> {
        chaos.store.faults().fail(operation(strike), 500, "InternalError", 1 + strike.number() % 6);
        return struck(chaos, strike);
    }),
    STORE_503((chaos, strike) -> {
        chaos.store.faults().fail(operation(strike), 503, "SlowDown", 1 + strike.number() % 6);
        return struck(chaos, strike);
    }),
    /** What was asked for is done, and the answer says that it isn't. */
    STORE_LOST_ANSWER((chaos, strike) -> {
        List<Operation> changing = List.of(
                Operation.PUT_OBJECT, Operation.UPLOAD_PART, Operation.COMPLETE_UPLOAD, Operation.DELETE_OBJECT);
        chaos.store
                .faults()
                .failAfterwards(
                        changing.get(strike.number() % changing.size()), 500, "InternalError", 1 + strike.number() % 5);
        return struck(chaos, strike);
    }),
    /** Uploads stand still. */
    STORE_SLOW((chaos, strike) -> {
        int before = chaos.store.faults().held();
        chaos.store.faults().holdUploads();
        chaos.waits(strike.millis());
        int held = chaos.store.faults().held() - before;
        chaos.store.faults().releaseUploads();
        return held;
    }),
    HISTORY_RESTART((chaos, strike) -> {
        chaos.historyServer.stop();
        chaos.waits(strike.millis());
        chaos.historyServer.start();
        return 1;
    }),
    CANCEL((chaos, strike) -> accepted(
            strike.id() == null
                    ? null
                    : chaos.send(strike.node(), "POST", "/api/backups/" + strike.id() + "/cancel", "{}"))),
    /** An archive is deleted while others are made. */
    DELETE((chaos, strike) -> {
        List<Map<String, Object>> rows = chaos.history
                .jdbc()
                .queryForList("SELECT id FROM backup_history WHERE status = 'success' AND archive_deleted_at IS NULL"
                        + " ORDER BY created_at");
        return rows.size() < 2
                ? 0
                : accepted(chaos.send(
                        strike.node(),
                        "DELETE",
                        "/api/backups/"
                                + rows.get(strike.number() % (rows.size() - 1)).get("id"),
                        null));
    }),
    /** A restore beside everything else; what it brings is looked at when all is quiet again. */
    RESTORE((chaos, strike) -> {
        String made = "chaos_" + strike.number();
        String body = "{\"backup\":\"latest:" + strike.database() + "\",\"database\":\"copy\",\"create_database\":\""
                + made + "\",\"confirm\":\"" + made + "\"}";
        return accepted(chaos.send(strike.node(), "POST", "/api/restores", body));
    });

    /** Of these each can be told at once whether it has happened. */
    private static final Set<Integer> GOOD = Set.of(200, 202, 204);

    private final Effect effect;

    ChaosFault(Effect effect) {
        this.effect = effect;
    }

    /** Does it, and undoes it; returns how often it has met something. */
    @FunctionalInterface
    private interface Effect {
        int of(Chaos chaos, Strike strike);
    }

    /**
     * One of a plan.
     *
     * @param database that is backed up meanwhile
     * @param phase of that backup, in which it begins
     * @param delay milliseconds from then on
     * @param millis how long it lasts
     * @param id of that backup; null in a plan, or when no node took the request
     */
    record Strike(
            int number, ChaosFault fault, int node, String database, String phase, long delay, long millis, String id) {

        static Strike random(int number, Random random) {
            ChaosFault fault = values()[random.nextInt(values().length)];
            String phase = PHASES.get(random.nextInt(PHASES.size()));
            // Longer than any heartbeat now and then.
            long millis = random.nextInt(8) == 0 ? 30_000 + random.nextInt(40_000) : 50 + random.nextInt(5_000);
            return new Strike(
                    number,
                    fault,
                    random.nextInt(2),
                    Chaos.DATABASES.get(random.nextInt(Chaos.DATABASES.size())),
                    phase,
                    random.nextInt(600),
                    millis,
                    null);
        }

        Strike of(String backup) {
            return new Strike(number, fault, node, database, phase, delay, millis, backup);
        }

        int happens(Chaos chaos) {
            return fault.effect.of(chaos, this);
        }

        @Override
        public String toString() {
            return String.format(
                    "%3d %-17s node %d, %d ms, while %s is %s + %d ms",
                    number, fault, node, millis, database, phase, delay);
        }
    }

    static final List<String> PHASES =
            List.of("queued", "connecting", "detecting", "dumping", "uploading", "finishing");

    private static Effect cut(Function<Chaos, Relay> link) {
        return (chaos, strike) -> {
            int broken = link.apply(chaos).connections();
            link.apply(chaos).cut();
            chaos.waits(strike.millis());
            link.apply(chaos).mend();
            return broken;
        };
    }

    private static Effect reset(Function<Chaos, Relay> link) {
        return (chaos, strike) -> {
            int broken = link.apply(chaos).connections();
            link.apply(chaos).reset();
            return broken;
        };
    }

    /** Connections stay, and nothing comes back over them. */
    private static Effect silent(Function<Chaos, Relay> link) {
        return (chaos, strike) -> {
            int silenced = link.apply(chaos).connections();
            link.apply(chaos).holdAfter(0);
            chaos.waits(strike.millis());
            link.apply(chaos).release();
            return silenced;
        };
    }

    private static Operation operation(Strike strike) {
        return Operation.values()[strike.number() % Operation.values().length];
    }

    private static int struck(Chaos chaos, Strike strike) {
        chaos.waits(strike.millis());
        return chaos.store.faults().struck();
    }

    private static int accepted(HttpResponse<String> answer) {
        return answer != null && GOOD.contains(answer.statusCode()) ? 1 : 0;
    }

    private static int awaitStopped(long pid) {
        Awaitility.await("a process that stands still")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() ->
                        Files.readString(Path.of("/proc/" + pid + "/status")).contains("State:\tT"));
        return 1;
    }
}
