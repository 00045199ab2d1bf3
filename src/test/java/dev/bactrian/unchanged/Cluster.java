package dev.bactrian.unchanged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.TemporaryFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A server whose disk a test has in its hands: it crashes, and starts from what was on the disk at some moment, as itself, as a
 * standby, or restored to a point in time. It commits asynchronously, and leaves its log in memory for as long as it may.
 */
final class Cluster implements AutoCloseable {

    private static final String SETTINGS =
            """
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            fsync = off
            synchronous_commit = off
            wal_writer_delay = 10s
            wal_level = replica
            max_prepared_transactions = 20
            shared_buffers = 16MB
            max_wal_size = 32MB
            min_wal_size = 2MB
            autovacuum = off
            archive_mode = on
            archive_command = 'cp %p ../log/%f'
            restore_command = 'cp ../log/%f %p'
            hot_standby = on
            bgwriter_delay = 10s
            """;

    /** The superuser of the machine may not run a server: as the other servers of the tests it then runs in a namespace. */
    private static final String AS_USER =
            "set -e; run() { if [ \"$(id -u)\" = 0 ]; then unshare -U \"$@\"; else \"$@\"; fi; }; ";

    private final Path folder = TemporaryFiles.folder("cluster");
    private final Map<String, String> environment;
    private final int port = BactrianService.freePort();

    Cluster(PostgresServer version) {
        String programs = version.createDatabase()
                .jdbc()
                .queryForObject("SELECT setting FROM pg_config WHERE name = 'BINDIR'", String.class);
        environment = Map.of(
                "BIN", programs, "PORT", Integer.toString(port), "SETTINGS", SETTINGS, "FOLDER", folder.toString());
        shell(
                "mkdir log; run \"$BIN/initdb\" -D data -U postgres -A trust -E UTF8 --locale=C --no-sync --wal-segsize=1;"
                        + " echo \"$SETTINGS\" >> data/postgresql.conf");
        start();
    }

    private void shell(String command) {
        Run run = Run.shell(folder, environment, AS_USER + command);
        assertThat(run.exit()).as(command + run.out() + run.err()).isZero();
    }

    TestDatabase database() {
        return new TestDatabase(port, "postgres");
    }

    private void start() {
        shell(
                "run \"$BIN/pg_ctl\" -D data -l server.log -w -t 60 start -o \"-p $PORT\" > /dev/null || { tail server.log >&2; exit 1; }");
    }

    /** Ends it without its knowledge: what it had only in memory is lost. */
    void crash() {
        stop();
        start();
    }

    private void stop() {
        shell("run \"$BIN/pg_ctl\" -D data -m immediate -w stop > /dev/null");
    }

    /** Copies what is on the disk; nothing may be at work in the server. */
    void copyDisk(String name) {
        shell("rm -rf " + name + "; cp -r --reflink=auto data " + name + "; rm -f " + name + "/postmaster.pid");
    }

    /** Starts from that copy, as after a crash at that moment. */
    void setBack(String name) {
        replace(name);
        start();
    }

    private void replace(String name) {
        stop();
        shell("rm -rf data; cp -r --reflink=auto " + name + " data");
    }

    /** Starts from that copy, goes on by the archived log to a restore point, and begins another timeline. */
    void restoreTo(String name, String point) {
        replace(name);
        shell("touch data/recovery.signal; echo \"recovery_target_name = '" + point
                + "'\" >> data/postgresql.conf; echo \"recovery_target_action = promote\" >> data/postgresql.conf");
        start();
        awaitPrimary();
    }

    /** Starts from that copy as a standby, which has got what was archived and no more. */
    void startStandby(String name) {
        replace(name);
        shell("touch data/standby.signal");
        start();
    }

    /** Makes it a primary that doesn't know that it was a standby. */
    void forgetStandby() {
        stop();
        shell("rm data/standby.signal");
        start();
    }

    void promote() {
        database().run("SELECT pg_promote(true, 60)");
        awaitPrimary();
    }

    /** What was written is archived, up to here. */
    void archive() {
        database().run("SELECT pg_switch_wal()");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> database()
                .jdbc()
                .queryForObject(
                        "SELECT last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1) FROM pg_stat_archiver",
                        Boolean.class));
    }

    private void awaitPrimary() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> !database().jdbc().queryForObject("SELECT pg_is_in_recovery()", Boolean.class));
    }

    @Override
    public void close() {
        stop();
        shell("rm -rf data log copy*");
    }
}
