package dev.bactrian.unchanged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.servers.PostgresServer;
import java.sql.SQLException;
import java.util.Random;
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

    @Test
    void crashes() throws Exception {
        go("crashes", 4, Crash::new);
    }

    @Test
    void disksThatAreSetBack() throws Exception {
        go("setBacks", 2, SetBack::new);
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
        for (int done = 0; done < events; done += PER_SERVER) {
            long seed = HistoriesIT.SEED + done;
            PostgresServer version = PostgresServer.values()[done / PER_SERVER % PostgresServer.values().length];
            Random random = new Random(seed);
            try (Cluster cluster = new Cluster(version);
                    RandomWork work = new RandomWork(cluster.database(), TABLES, random)) {
                for (int i = done; i < Math.min(events, done + PER_SERVER); i++) {
                    once(cluster, work, random, kind, tally, name + " " + version + " seed " + seed + " event " + i);
                }
            }
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
            work.makeTransactions(random.nextInt(300));
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
