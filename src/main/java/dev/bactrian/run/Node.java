package dev.bactrian.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who runs a backup or a restore: {@code host/pid/start}, where start is the process's start in epoch milliseconds. In a container
 * of its own process numbers, the host is {@code host:number} with that of the namespace (Linux, namespaces(7)).
 *
 * <p>The start only keeps names apart. It isn't compared: on Linux a JVM derives it from the time of boot, as that was when the JVM
 * began (OpenJDK, ProcessHandleImpl_linux.c), and that time is another one once a clock was set.
 */
public final class Node {

    private static final Pattern NAME = Pattern.compile("(?<host>.*)/(?<pid>\\d+)/(?<start>\\d+)");

    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

    /** The namespace of what runs in no container: PROC_PID_INIT_INO of the kernel's proc_ns.h. */
    private static final String OUTERMOST = "4026531836";

    private final String host;
    private final String name;

    /** This process. */
    public Node() {
        ProcessHandle self = ProcessHandle.current();
        this.host = host() + namespace();
        this.name = host + "/" + self.pid() + "/"
                + self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    public String getName() {
        return name;
    }

    /**
     * Whether no process of this node is left. Only of nodes on this machine anything is known; a process that took over the number
     * of one that is gone can't be told from it.
     */
    public boolean isGone(String node) {
        Matcher parts = NAME.matcher(node);
        return parts.matches()
                && parts.group("host").equals(host)
                && !ProcessHandle.of(Long.parseLong(parts.group("pid")))
                        .map(ProcessHandle::isAlive)
                        .orElse(false);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static String namespace() {
        try {
            String number = Files.readSymbolicLink(NAMESPACE).toString().replaceAll("\\D", "");
            return number.equals(OUTERMOST) ? "" : ":" + number;
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }
}
