package dev.bactrian.http.guard;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;

/** Counts a server's connections, in all and of each address. */
final class Connections {

    private final HttpLimits limits;
    private final Map<String, Integer> byAddress = new HashMap<>();
    private int all;

    Connections(HttpLimits limits) {
        this.limits = limits;
    }

    /** Whether one more has room; then it is counted, and must {@link #leave}. */
    synchronized boolean enter(SocketAddress remote) {
        String address = address(remote);
        int own = byAddress.getOrDefault(address, 0);
        if (all >= limits.connections() || own >= limits.connectionsOfOne()) {
            return false;
        }
        all++;
        byAddress.put(address, own + 1);
        return true;
    }

    synchronized void leave(SocketAddress remote) {
        all--;
        byAddress.computeIfPresent(address(remote), (address, own) -> own == 1 ? null : own - 1);
    }

    private static String address(SocketAddress remote) {
        InetAddress address = remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
        return address == null ? String.valueOf(remote) : address.getHostAddress();
    }
}
