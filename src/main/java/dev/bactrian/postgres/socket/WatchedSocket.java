package dev.bactrian.postgres.socket;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A connection to a PostgreSQL server, whose answers are looked at by {@link ServerFrames}. */
class WatchedSocket extends Socket {

    /** SSLRequest and GSSENCRequest (PostgreSQL manual, "Message Formats"). */
    private static final int SSL = 80877103;

    private static final int GSS = 80877104;
    private static final int REQUEST = 8;

    /** Of all memory that this process may use. */
    private static final int SHARE = 4;

    private static final long LEAST = 16L << 20;

    /** Requests for encryption that weren't answered yet. */
    private final AtomicInteger asked = new AtomicInteger();

    private @Nullable InputStream answers;
    private @Nullable OutputStream requests;

    private boolean isAnswered() {
        return asked.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
        InputStream made = answers;
        if (made == null) {
            made = new ServerFrames(
                    super.getInputStream(),
                    this::isAnswered,
                    Math.max(LEAST, Runtime.getRuntime().maxMemory() / SHARE));
            answers = made;
        }
        return made;
    }

    @Override
    public synchronized OutputStream getOutputStream() throws IOException {
        OutputStream made = requests;
        if (made == null) {
            made = new Requests(super.getOutputStream());
            requests = made;
        }
        return made;
    }

    /** Notes what asks for encryption: it is sent alone, and answered by one byte. */
    private final class Requests extends FilterOutputStream {

        Requests(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length == REQUEST) {
                ByteBuffer request = ByteBuffer.wrap(bytes, offset, length);
                boolean whole = request.getInt() == REQUEST;
                int code = request.getInt();
                if (whole && (code == SSL || code == GSS)) {
                    asked.incrementAndGet();
                }
            }
            out.write(bytes, offset, length);
        }
    }
}
