package dev.bactrian.postgres.socket;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Stream;

/** Sockets that connect to IPv4 addresses alone, whatever else a host's name has. The JDBC driver makes it by its name. */
public final class Ipv4SocketFactory extends WatchedSocketFactory {

    @Override
    public Socket createSocket() {
        return new Ipv4Socket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(InetSocketAddress.createUnresolved(host, port));
        return socket;
    }

    /** The first IPv4 address that a name has; empty for a socket's folder, and where it has none. */
    public static Optional<InetAddress> ipv4(String host) {
        try {
            return host.startsWith("/")
                    ? Optional.empty()
                    : Stream.of(InetAddress.getAllByName(host))
                            .filter(address -> address instanceof Inet4Address)
                            .findFirst();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static final class Ipv4Socket extends WatchedSocket {

        @Override
        public void connect(SocketAddress endpoint) throws IOException {
            connect(endpoint, 0);
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            InetSocketAddress named = (InetSocketAddress) endpoint;
            InetAddress address = ipv4(named.getHostString())
                    .orElseThrow(() -> new UnknownHostException(
                            named.getHostString() + " has no IPv4 address, and DATABASE_IPV4_ONLY is true"));
            super.connect(new InetSocketAddress(address, named.getPort()), timeout);
        }
    }
}
