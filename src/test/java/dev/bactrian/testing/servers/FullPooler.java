package dev.bactrian.testing.servers;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pooler in front of a server of this machine that has no connection left for the next few who ask, and says so as
 * Supavisor does (PostgreSQL manual, "Message Formats"): drivers and libpq's programs are counted apart. What it does with
 * the startup parameter {@code options} is to be chosen.
 */
public final class FullPooler implements AutoCloseable {

    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;
    private static final int LENGTH = 4;
    private static final String MESSAGE =
            "(EMAXCONNSESSION) max clients reached in session mode - max clients are limited to pool_size: 15";

    /** What becomes of {@code options}. */
    public enum Options {
        PASSED,
        /** As PgBouncer does. */
        REFUSED,
        /** As PgBouncer does where {@code ignore_startup_parameters} has it. */
        DROPPED
    }

    private static final String UNKNOWN = "unsupported startup parameter in options: bytea_output";

    private volatile Options options = Options.PASSED;
    private final int target;
    private final ServerSocket listener;
    private final AtomicInteger drivers = new AtomicInteger();
    private final AtomicInteger programs = new AtomicInteger();

    private FullPooler(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    public static FullPooler before(int target) {
        try {
            return new FullPooler(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The next connections of each kind find it full. */
    public void refuse(int drivers, int programs) {
        this.drivers.set(drivers);
        this.programs.set(programs);
    }

    public void options(Options fate) {
        options = fate;
    }

    /** How many of those whom it shall refuse haven't come yet. */
    public int left() {
        return Math.max(0, drivers.get()) + Math.max(0, programs.get());
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                start(() -> serve(client));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            byte[] startup = message(in);
            while (code(startup) == SSL_REQUEST || code(startup) == GSS_REQUEST) {
                out.write('N');
                startup = message(in);
            }
            // The driver sets it in its first message, libpq doesn't.
            boolean driver = new String(startup, StandardCharsets.ISO_8859_1).contains("DateStyle");
            if ((driver ? drivers : programs).getAndDecrement() > 0) {
                out.write(refusal("XX000", MESSAGE));
                return;
            }
            String parameters = new String(startup, StandardCharsets.ISO_8859_1);
            if (options == Options.REFUSED && parameters.contains("\0options\0")) {
                out.write(refusal("08P01", UNKNOWN));
                return;
            }
            pass(
                    options == Options.DROPPED
                            ? parameters
                                    .replaceFirst("\0options\0[^\0]*\0", "\0")
                                    .getBytes(StandardCharsets.ISO_8859_1)
                            : startup,
                    client,
                    in,
                    out);
        } catch (IOException e) {
            // The end of this connection.
        }
    }

    private void pass(byte[] startup, Socket client, DataInputStream in, OutputStream out) throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            new DataOutputStream(server.getOutputStream()).writeInt(startup.length + LENGTH);
            server.getOutputStream().write(startup);
            start(() -> {
                try (client;
                        server) {
                    in.transferTo(server.getOutputStream());
                } catch (IOException e) {
                    // The end of this connection.
                }
            });
            server.getInputStream().transferTo(out);
        }
    }

    private static byte[] message(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt() - LENGTH);
    }

    private static int code(byte[] message) {
        return java.nio.ByteBuffer.wrap(message).getInt();
    }

    private static byte[] refusal(String state, String text) throws IOException {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        for (String field : new String[] {"SFATAL", "VFATAL", "C" + state, "M" + text}) {
            fields.write(field.getBytes(StandardCharsets.UTF_8));
            fields.write(0);
        }
        fields.write(0);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(message);
        out.write('E');
        out.writeInt(fields.size() + LENGTH);
        out.write(fields.toByteArray());
        return message.toByteArray();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "full-pooler");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
