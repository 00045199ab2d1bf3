package dev.bactrian.backup;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Body;

/**
 * Who runs a backup or a restore: {@code host/pid/start}, where start is the process's start in epoch milliseconds, so that a process
 * number that is used again isn't taken for the process that is gone.
 */
public final class Node {

    private static final Pattern NAME = Pattern.compile("(?<host>.*)/(?<pid>\\d+)/(?<start>\\d+)");

    private final String name;
    private final Predicate<UUID> runsHere;

    /**
     * This process.
     *
     * @param runsHere whether it runs what has this id
     */
    public Node(Predicate<UUID> runsHere) {
        this.runsHere = runsHere;
        ProcessHandle self = ProcessHandle.current();
        this.name = host() + "/" + self.pid() + "/" + start(self);
    }

    public String getName() {
        return name;
    }

    /** Whether whoever ran this silent backup or restore is gone, so that nobody else will ever end it. */
    public boolean isAbandoned(@Body Map<String, Object> silent) {
        String owner = String.valueOf(silent.get("node"));
        if (owner.equals(name)) {
            return !runsHere.test((UUID) Objects.requireNonNull(silent.get("id")));
        }
        Matcher parts = NAME.matcher(owner);
        if (parts.matches() && parts.group("host").equals(host())) {
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(parts.group("pid")));
            boolean alive = process.isPresent()
                    && process.get().isAlive()
                    && start(process.get()) == Long.parseLong(parts.group("start"));
            if (!alive) {
                return true;
            }
        }
        return Boolean.TRUE.equals(silent.get("long_silent"));
    }

    private static long start(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
