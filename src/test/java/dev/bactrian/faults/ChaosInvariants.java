package dev.bactrian.faults;

import dev.bactrian.archive.ManifestJson;
import dev.bactrian.support.Sha256;
import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** What must be true whenever everything works again, whatever went wrong before. */
final class ChaosInvariants {

    /** Heartbeats, a node's start, and the leftovers that are looked for every minute. */
    private static final Duration SETTLED = Duration.ofSeconds(180);

    /** Errors that a log may tell of: they are what was done to the service. */
    private static final Pattern EXPLAINED = Pattern.compile(
            "Backup \\S+ failed\\. |Restore \\S+ failed\\. |abandoned by another node|could not be written; it is "
                    + "written|Failed delivery for|could not be removed yet|The step \\S+ failed|"
                    + " o\\.q\\.|MisfireHandler|ClusterManager|Error (handling|manag|clean|check)|couldn't be"
                    + " (read|written|reached)|Cannot get JDBC|Unable to acquire JDBC|Could not open JDBC|Failed to obtain"
                    + " JDBC|connection|Connection");

    private static final Pattern FATAL = Pattern.compile(
            "OutOfMemory|StackOverflow|NullPointer|IllegalState|ClassCast|IndexOutOfBounds|ConcurrentModification"
                    + "|Exception in thread");

    private final Chaos chaos;
    private final Map<String, String> ends = new HashMap<>();
    private final Set<String> asked = new HashSet<>();
    private final Set<String> proven = new HashSet<>();
    private final Map<BactrianProcess, Integer> read = new HashMap<>();
    private int restores;

    ChaosInvariants(Chaos chaos) {
        this.chaos = chaos;
    }

    /** A request that a node has accepted. */
    void asked(String id) {
        asked.add(id);
    }

    int requests() {
        return asked.size();
    }

    int archivesProven() {
        return proven.size();
    }

    int restoresCompared() {
        return restores;
    }

    Map<String, Integer> endings() {
        Map<String, Integer> counts = new HashMap<>();
        ends.values().forEach(status -> counts.merge(status, 1, Integer::sum));
        return counts;
    }

    /** Waits until all of it is true; what isn't, when it is time, is returned. */
    List<String> violations() {
        List<List<String>> last = new ArrayList<>(List.of(List.of()));
        List<String> lasting = new ArrayList<>();
        try {
            Awaitility.await("settled")
                    .atMost(SETTLED)
                    .pollDelay(Duration.ofMillis(100))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        last.set(0, now());
                        return last.get(0).isEmpty();
                    });
        } catch (ConditionTimeoutException e) {
            lasting.addAll(last.get(0));
        }
        lasting.addAll(logs());
        if (lasting.isEmpty()) {
            lasting.addAll(contents());
        }
        return lasting;
    }

    /** What isn't true at this moment. */
    List<String> now() {
        List<String> wrong = new ArrayList<>();
        try {
            look(wrong);
        } catch (RuntimeException e) {
            wrong.add("can't be looked at: " + e);
        }
        return wrong;
    }

    private void look(List<String> wrong) {
        for (int i = 0; i < chaos.nodes(); i++) {
            if (chaos.send(i, "GET", "/api/backups?limit=1", null) == null) {
                wrong.add("node " + i + " doesn't answer");
            }
        }
        for (String kind : List.of("backup", "restore")) {
            chaos.history
                    .jdbc()
                    .queryForList("SELECT id FROM " + kind + "_history WHERE status = 'in_progress'", String.class)
                    .forEach(id -> wrong.add(kind + " " + id + " is in_progress"));
        }
        Set<String> wanted = new TreeSet<>();
        Set<String> begun = new HashSet<>();
        Set<String> known = new HashSet<>();
        Map<String, String> newest = new HashMap<>();
        for (Map<String, Object> row :
                chaos.history.jdbc().queryForList("SELECT * FROM backup_history ORDER BY s3_key")) {
            String id = String.valueOf(row.get("id"));
            String status = String.valueOf(row.get("status"));
            known.add(id);
            String before = "in_progress".equals(status) ? null : ends.putIfAbsent(id, status);
            if (before != null && !before.equals(status)) {
                wrong.add("backup " + id + " was " + before + ", and is " + status);
            }
            Object key = row.get("s3_key");
            if ("success".equals(status) && row.get("archive_deleted_at") == null) {
                wanted.add(String.valueOf(key));
                wanted.add(manifestOf(String.valueOf(key)));
                if (row.get("archive_delete_reason") != null) {
                    // A deletion that has begun is finished after the next backup, or within an hour.
                    begun.add(String.valueOf(key));
                    begun.add(manifestOf(String.valueOf(key)));
                    continue;
                }
                newest.put(String.valueOf(row.get("database")), String.valueOf(key));
            } else if (!"in_progress".equals(status) && !"success".equals(status) && key != null) {
                wrong.add("backup " + id + " is " + status + " and may have left " + key);
            }
        }
        asked.stream().filter(id -> !known.contains(id)).forEach(id -> wrong.add("backup " + id + " has no row"));
        lookAtStore(wanted, begun, newest, wrong);
        lookAtMachine(wrong);
    }

    private void lookAtStore(Set<String> wanted, Set<String> begun, Map<String, String> newest, List<String> wrong) {
        Set<String> there = new TreeSet<>();
        for (String key : chaos.store.keys()) {
            if (!key.startsWith("backups/latest/")) {
                there.add(key);
            }
        }
        wanted.stream()
                .filter(key -> !there.contains(key) && !begun.contains(key))
                .forEach(key -> wrong.add("is lost: " + key));
        there.stream().filter(key -> !wanted.contains(key)).forEach(key -> wrong.add("belongs to no backup: " + key));
        chaos.store.danglingUploads().forEach(key -> wrong.add("an upload never ended: " + key));
        newest.forEach((database, key) -> {
            String latest = "backups/latest/" + database + "/manifest.json";
            String named = chaos.store.keys().contains(latest)
                    ? ManifestJson.text(chaos.store.text(latest), "/archive/key")
                    : "nothing";
            if (!named.equals(key)) {
                wrong.add("the latest of " + database + " is " + named + ", the newest success " + key);
            }
        });
    }

    private void lookAtMachine(List<String> wrong) {
        for (Path folder : chaos.workDirs) {
            Aftermath aftermath = new Aftermath(chaos.history, chaos.store, folder);
            aftermath.programs().forEach(program -> wrong.add("still runs: " + program));
            aftermath.workFiles().forEach(file -> wrong.add("left in the work folder: " + file));
        }
        chaos.sources.values().forEach(source -> Aftermath.sessions(source)
                .forEach(session -> wrong.add("a session: " + session)));
    }

    private static String manifestOf(String key) {
        return key.substring(0, key.lastIndexOf('/')) + "/manifest.json";
    }

    /** What nodes have logged since the last look. */
    private List<String> logs() {
        List<String> wrong = new ArrayList<>();
        for (BactrianProcess process : chaos.all) {
            String log = process.log();
            String fresh = log.substring(Math.min(log.length(), read.getOrDefault(process, 0)));
            read.put(process, log.length());
            fresh.lines()
                    .filter(ChaosInvariants::isUnexplained)
                    .distinct()
                    .limit(5)
                    .forEach(line -> wrong.add("in a log: " + line));
        }
        return wrong;
    }

    private static boolean isUnexplained(String line) {
        boolean explained = !line.contains(" ERROR ") || EXPLAINED.matcher(line).find();
        return FATAL.matcher(line).find() || !explained;
    }

    /** Archives that haven't been looked at yet are what their rows and manifests say. */
    private List<String> contents() {
        List<String> wrong = new ArrayList<>();
        for (Map<String, Object> row : chaos.history
                .jdbc()
                .queryForList("SELECT id, s3_key, size_bytes, sha256 FROM backup_history WHERE status = 'success' AND"
                        + " archive_deleted_at IS NULL")) {
            String key = String.valueOf(row.get("s3_key"));
            if (!proven.add(key)) {
                continue;
            }
            Path archive = chaos.store.download(key);
            try {
                String manifest = chaos.store.text(manifestOf(key));
                MessageDigest digest = Sha256.begin();
                digest.update(Files.readAllBytes(archive));
                String sha = Sha256.hex(digest);
                if (Files.size(archive) != ((Number) row.get("size_bytes")).longValue()
                        || !sha.equals(row.get("sha256"))) {
                    wrong.add("isn't what its row says: " + key);
                }
                if (!sha.equals(ManifestJson.text(manifest, "/archive/sha256"))
                        || !ManifestJson.text(manifest, "/backup_id").equals(String.valueOf(row.get("id")))) {
                    wrong.add("isn't what its manifest says: " + key);
                }
                Files.delete(archive);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return wrong;
    }

    /** Restores that have succeeded brought one instant of their database back; all that were made are dropped. */
    List<String> compareRestores() {
        List<String> wrong = new ArrayList<>();
        TestDatabase server = new TestDatabase(PostgresServer.V15.port(), "postgres");
        for (Map<String, Object> row : chaos.history
                .jdbc()
                .queryForList("SELECT id, status, request->>'create_database' AS made FROM restore_history")) {
            String made = String.valueOf(row.get("made"));
            boolean there = server.jdbc()
                            .queryForObject("SELECT count(*) FROM pg_database WHERE datname = ?", Integer.class, made)
                    > 0;
            if (!there) {
                continue;
            }
            if ("success".equals(row.get("status"))) {
                restores++;
                Long total = new TestDatabase(PostgresServer.V15.port(), made)
                        .jdbc()
                        .queryForObject("SELECT sum(balance) FROM account", Long.class);
                if (total == null || total != Chaos.TOTAL) {
                    wrong.add("restore " + row.get("id") + " brought accounts of " + total + " back");
                }
            }
            server.run("DROP DATABASE \"" + made + "\" WITH (FORCE)");
        }
        return wrong;
    }
}
