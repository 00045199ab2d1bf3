package dev.bactrian.unchanged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.servers.PostgresServer;
import java.sql.SQLException;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Servers that crash, and servers that come back as they once were, between two backups of random tables: each table that is
 * proved unchanged has the rows that it had. How many: {@code -Dbactrian.unchanged.crashes}, {@code .restores},
 * {@code .setBacks}, {@code .standbys}; each is seen by several tables.
 */
class DisksIT {

    private static final int TABLES = 10;
    private static final int PER_SERVER = 25;
    private static final String COPY = "copy";

    /** What happens to one server, again and again. */
    private abstract static class Event {
        final Random random;
        final Cluster cluster;
        final RandomWork work;

        Event(Cluster cluster, RandomWork work, Random random) {
            this.cluster = cluster;
            this.work = work;
            this.random = random;
        }

        /** Between what happens and a backup, and in the backup, and after it: in one of them. */
        void before(int place) throws SQLException {}

        abstract void happens() throws SQLException;

        /** After the second backup. */
        void afterwards() throws SQLException {}
    }

    /** Which event it is. */
    private interface Kind {
        Event of(Cluster cluster, RandomWork work, Random random);
    }

    /** A server and what is done to it, for so many events of any kind. */
    private static final class Scene implements AutoCloseable {
        private final PostgresServer version;
        private final long seed;
        private final Random random;
        private final Cluster cluster;
        private final RandomWork work;
        private int events;

        Scene(int number) throws SQLException {
            version = PostgresServer.values()[number % PostgresServer.values().length];
            seed = HistoriesIT.SEED + number;
            random = new Random(seed);
            cluster = new Cluster(version);
            work = new RandomWork(cluster.database(), TABLES, random);
            // A crash takes back what is done to the tables, not the tables.
            cluster.database().run("CHECKPOINT");
        }

        @Override
        public void close() throws SQLException {
            work.close();
            cluster.close();
        }

        @Override
        public String toString() {
            return version + " seed " + seed + " event " + events;
        }
    }

    private static int scenes;
    private static @Nullable Scene scene;

    @AfterAll
    static void end() throws SQLException {
        if (scene != null) {
            scene.close();
        }
    }

    private static Scene scene() throws SQLException {
        Scene now = scene;
        if (now == null || now.events == PER_SERVER) {
            end();
            now = new Scene(scenes++);
            scene = now;
        }
        now.events++;
        return now;
    }

    @Test
    void crashes() throws Exception {
        go("crashes", 4, Crash::new);
    }

    @Test
    void disksThatAreSetBack() throws Exception {
        go("setBacks", 4, SetBack::new);
    }

    @Test
    void restoresToAPointInTime() throws Exception {
        go("restores", 1, Restore::new);
    }

    @Test
    void laggingStandbys() throws Exception {
        go("standbys", 2, Standby::new);
    }

    private static void go(String name, int usual, Kind kind) throws Exception {
        int events = Integer.getInteger("bactrian.unchanged." + name, usual);
        Tally tally = new Tally();
        for (int i = 0; i < events; i++) {
            Scene on = scene();
            once(on.cluster, on.work, on.random, kind, tally, name + " " + on);
        }
        System.out.println("unchanged: " + events + " " + name + ": " + tally);
        assertThat(tally.wrong()).isEmpty();
    }

    private static void once(Cluster cluster, RandomWork work, Random random, Kind kind, Tally tally, String what)
            throws SQLException {
        Event event = kind.of(cluster, work, random);
        int place = random.nextInt(5);
        if (place == 0) {
            event.before(0);
        }
        work.changeRows();
        if (random.nextInt(3) == 0) {
            work.begin();
        }
        // Whatever a backup would have made sure of: the proof has to hold without.
        SavedSource earlier = SavedSource.of(cluster.database(), random.nextBoolean(), () -> {
            if (place == 1) {
                event.before(1);
            }
        });
        if (place == 2) {
            event.before(2);
        }
        work.end();
        if (random.nextInt(3) == 0) {
            work.changeRows();
        }
        if (place == 3) {
            event.before(3);
        }
        if (random.nextInt(3) == 0) {
            work.happens();
        }
        if (place == 4) {
            event.before(4);
        }
        event.happens();
        tally.add(earlier, SavedSource.since(earlier, cluster.database()), what + " place " + place);
        event.afterwards();
    }

    private static final class Crash extends Event {
        Crash(Cluster cluster, RandomWork work, Random random) {
            super(cluster, work, random);
        }

        @Override
        void happens() throws SQLException {
            cluster.crash();
            goOn(work, random);
        }
    }

    /** Numbers are assigned, some of them again. */
    private static void goOn(RandomWork work, Random random) throws SQLException {
        work.reconnect();
        if (random.nextInt(4) > 0) {
            work.makeTransactions(random.nextInt(300), random.nextInt(300));
        }
        if (random.nextInt(4) == 0) {
            work.changeRows();
        }
    }

    private static class SetBack extends Event {
        SetBack(Cluster cluster, RandomWork work, Random random) {
            super(cluster, work, random);
        }

        @Override
        void before(int place) throws SQLException {
            if (random.nextBoolean()) {
                cluster.database().run("CHECKPOINT");
            }
            cluster.copyDisk(COPY);
        }

        @Override
        void happens() throws SQLException {
            cluster.setBack(COPY);
            goOn(work, random);
        }
    }

    /** From a copy to a point in time that is before the earlier backup, or after it. */
    private static final class Restore extends SetBack {
        private static int points;
        private final String point = "point" + ++points;

        Restore(Cluster cluster, RandomWork work, Random random) {
            super(cluster, work, random);
        }

        @Override
        void before(int place) throws SQLException {
            super.before(place);
            if (random.nextBoolean()) {
                work.changeRows();
            }
            cluster.database().run("SELECT pg_create_restore_point('" + point + "')");
        }

        @Override
        void happens() throws SQLException {
            cluster.archive();
            cluster.restoreTo(COPY, point);
            goOn(work, random);
        }
    }

    /** It is read as it is, or becomes a primary with or without another timeline. */
    private static final class Standby extends SetBack {
        private boolean remains;

        Standby(Cluster cluster, RandomWork work, Random random) {
            super(cluster, work, random);
        }

        @Override
        void before(int place) throws SQLException {
            super.before(place);
            if (random.nextInt(3) == 0) {
                cluster.archive();
            }
        }

        @Override
        void happens() throws SQLException {
            if (random.nextInt(3) == 0) {
                cluster.archive();
            }
            cluster.startStandby(COPY);
            int end = random.nextInt(4);
            if (end == 0) {
                remains = true;
                return;
            }
            if (end == 1) {
                cluster.promote();
            } else {
                cluster.forgetStandby();
            }
            goOn(work, random);
        }

        @Override
        void afterwards() throws SQLException {
            if (remains) {
                cluster.forgetStandby();
                work.reconnect();
            }
        }
    }
}
