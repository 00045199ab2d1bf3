package dev.bactrian.testing.servers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/** One connection to an HTTP server, on which a test sends what no client would. */
public final class RawHttp implements AutoCloseable {

    private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1\\.1 \\d{3} ");

    private final Socket socket;

    private RawHttp(Socket socket) {
        this.socket = socket;
    }

    /** Connects to the server of an address such as {@code http://127.0.0.1:8080}. */
    public static RawHttp to(String base) {
        URI address = URI.create(base);
        try {
            return new RawHttp(new Socket(address.getHost(), address.getPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends text, each of whose characters is a byte; a server that has hung up isn't told of. */
    public RawHttp send(String latin1) {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawHttp send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            // What it said before is still to be read.
        }
        return this;
    }

    /** All that comes until the server hangs up. */
    public String answer(Duration longest) {
        try {
            socket.setSoTimeout((int) longest.toMillis());
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8192];
            try {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    all.write(buffer, 0, count);
                }
            } catch (SocketTimeoutException e) {
                throw new AssertionError("The server keeps the connection open, after: " + all, e);
            } catch (SocketException e) {
                // Hung up hard.
            }
            return all.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What comes next, up to so many bytes and no further than there is. */
    public String some(int most) throws IOException {
        byte[] buffer = new byte[most];
        int count = socket.getInputStream().read(buffer);
        return count < 0 ? "" : new String(buffer, 0, count, StandardCharsets.UTF_8);
    }

    /** How many answers stand in a text. */
    public static long answers(String text) {
        return STATUS.matcher(text).results().count();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
