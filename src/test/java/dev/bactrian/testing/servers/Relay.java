package dev.bactrian.testing.servers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** A network path to a server on this machine, which a test can cut and mend, or slow down to a halt. */
public final class Relay implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final int target;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final OutputStream witness;
    private final AtomicLong answered = new AtomicLong();
    private ServerSocket listener;
    private long most = Long.MAX_VALUE;
    private int mostOpen;
    private volatile Duration away = Duration.ZERO;
    private volatile Supplier<Alteration> alterations = () -> (bytes, count) -> {};

    private Relay(int target, boolean remembers) {
        this.target = target;
        this.witness = remembers ? sent : OutputStream.nullOutputStream();
        this.listener = listen(0);
        this.port = listener.getLocalPort();
    }

    public static Relay to(int target) {
        return new Relay(target, true);
    }

    /** One that doesn't keep what clients send: for much, and for long. */
    public static Relay forgetful(int target) {
        return new Relay(target, false);
    }

    /** All that clients have sent since the beginning, as one text of bytes. */
    public String sent() {
        return sent.toString(StandardCharsets.ISO_8859_1);
    }

    /** Bytes that servers have answered since the beginning. */
    public long answered() {
        return answered.get();
    }

    public int port() {
        return port;
    }

    /** How many connections clients have now. */
    public int connections() {
        return open.size() / 2;
    }

    /** The most that clients had at once. */
    public synchronized int mostConnections() {
        return mostOpen / 2;
    }

    /** Counts from now on. */
    public synchronized void forgetMost() {
        mostOpen = open.size();
    }

    /** Holds each answer back for so long, as a server does that is far away. */
    public void delay(Duration roundTrip) {
        away = roundTrip;
    }

    /** Breaks every connection; new ones are taken. */
    public synchronized void reset() {
        open.forEach(Relay::close);
        open.clear();
    }

    /** Breaks every connection, and refuses new ones. */
    public synchronized void cut() {
        close(listener);
        open.forEach(Relay::close);
        open.clear();
    }

    /** Takes connections again; nothing to do when it does. */
    public synchronized void mend() {
        if (listener.isClosed()) {
            listener = listen(port);
        }
    }

    /** Sees what one connection brings, in portions as they come, and may change it. */
    @FunctionalInterface
    public interface Alteration {
        void see(byte[] bytes, int count);
    }

    /** From now on each new connection has an alteration of its own. */
    public void alter(Supplier<Alteration> ofEach) {
        alterations = ofEach;
    }

    /** Lets each connection bring clients no more than so many bytes, until {@link #release}. */
    public synchronized void holdAfter(long bytes) {
        most = bytes;
    }

    public synchronized void release() {
        most = Long.MAX_VALUE;
        notifyAll();
    }

    /** Counts what one connection brings, and holds it where it is to be held. */
    private LongConsumer gate() {
        AtomicLong brought = new AtomicLong();
        return count -> {
            answered.addAndGet(count);
            pause(away);
            await(brought.addAndGet(count));
        };
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void await(long brought) {
        try {
            while (brought > most) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ServerSocket listen(int at) {
        try {
            ServerSocket socket = new ServerSocket(at, 50, InetAddress.getLoopbackAddress());
            start(() -> accept(socket));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Socket client = from.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                synchronized (this) {
                    open.add(client);
                    open.add(server);
                    mostOpen = Math.max(mostOpen, open.size());
                    if (from.isClosed()) {
                        cutLate(client, server);
                        return;
                    }
                }
                start(() -> copy(client, server, (bytes, count) -> {}, count -> {}, witness));
                Alteration alteration = alterations.get();
                start(() -> copy(server, client, alteration, gate(), OutputStream.nullOutputStream()));
            } catch (IOException e) {
                // Cut, or the server behind is gone: the client sees a broken connection either way.
            }
        }
    }

    private static void cutLate(Socket client, Socket server) {
        close(client);
        close(server);
    }

    private void copy(Socket from, Socket to, Alteration alteration, LongConsumer counter, OutputStream witness) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                counter.accept(count);
                alteration.see(buffer, count);
                out.write(buffer, 0, count);
                witness.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // The end of this connection.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // It is as good as closed.
        }
    }

    @Override
    public void close() {
        cut();
    }
}
