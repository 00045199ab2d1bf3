package dev.bactrian.cli;

import dev.bactrian.problem.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks whether ports are free before anything is started on them. */
final class Ports {

    private Ports() {}

    /**
     * Refuses when any of the ports is taken.
     *
     * @param ports by the setting that chooses them
     */
    static void requireFree(String host, Map<String, Integer> ports) {
        List<String> errors = new ArrayList<>();
        ports.forEach((setting, port) -> {
            if (!isFree(host, port)) {
                errors.add("Port " + port + " on " + host + " is in use, perhaps by another Bactrian. Stop the "
                        + "program that listens there, or set " + setting + " to another port.");
            }
        });
        if (!errors.isEmpty()) {
            throw new ConfigurationException(errors);
        }
    }

    /** One of the loopback address that nothing listens on now. */
    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isFree(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
