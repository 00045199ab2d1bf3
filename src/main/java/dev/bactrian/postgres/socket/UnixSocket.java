package dev.bactrian.postgres.socket;

import dev.bactrian.support.BulkInputStream;
import dev.bactrian.support.BulkOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A connected Unix socket in the shape that the JDBC driver wants: Java has such sockets as channels alone. Reading obeys
 * {@link #setSoTimeout}; one thread may read while another writes or closes.
 */
public final class UnixSocket extends Socket {

    private final SocketChannel channel;
    private final Selector readable;
    private final Selector writable;
    private volatile int timeout;
    private volatile boolean closed;

    private UnixSocket(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        this.readable = Selector.open();
        this.writable = Selector.open();
        channel.register(readable, SelectionKey.OP_READ);
        channel.register(writable, SelectionKey.OP_WRITE);
    }

    /**
     * Connects.
     *
     * @throws ConnectException naming the file, when no server listens there or it isn't there
     */
    public static UnixSocket connect(String path) throws IOException {
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
            return new UnixSocket(channel);
        } catch (IOException | IllegalArgumentException e) {
            if (channel != null) {
                channel.close();
            }
            ConnectException named = new ConnectException("Unix socket " + path + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    @Override
    public InputStream getInputStream() {
        return new In();
    }

    @Override
    public OutputStream getOutputStream() {
        return new Out();
    }

    @Override
    public void connect(SocketAddress endpoint, int wait) {
        // It is.
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void setSoTimeout(int milliseconds) {
        timeout = milliseconds;
    }

    @Override
    public int getSoTimeout() {
        return timeout;
    }

    @Override
    public void setTcpNoDelay(boolean on) {
        // There is no TCP.
    }

    @Override
    public boolean getTcpNoDelay() {
        return true;
    }

    @Override
    public void setKeepAlive(boolean on) {
        // Both ends are on this machine.
    }

    @Override
    public boolean getKeepAlive() {
        return false;
    }

    @Override
    public void setReceiveBufferSize(int size) {
        // As the system has it.
    }

    @Override
    public void setSendBufferSize(int size) {
        // As the system has it.
    }

    @Override
    public void close() throws IOException {
        closed = true;
        // Closing wakes threads that wait.
        readable.close();
        writable.close();
        channel.close();
    }

    private void await(Selector selector, int longest) throws IOException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
        try {
            int ready = selector.select(longest);
            selector.selectedKeys().clear();
            if (closed) {
                throw new SocketException("Socket closed");
            }
            if (ready == 0 && longest > 0) {
                throw new SocketTimeoutException("Read timed out");
            }
        } catch (java.nio.channels.ClosedSelectorException e) {
            throw closed(e);
        }
    }

    private static SocketException closed(Exception because) {
        SocketException failure = new SocketException("Socket closed");
        failure.initCause(because);
        return failure;
    }

    private final class In extends BulkInputStream {

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            try {
                for (int count = channel.read(buffer); ; count = channel.read(buffer)) {
                    if (count != 0) {
                        return count;
                    }
                    await(readable, timeout);
                }
            } catch (ClosedChannelException e) {
                throw closed(e);
            }
        }

        @Override
        public void close() throws IOException {
            UnixSocket.this.close();
        }
    }

    private final class Out extends BulkOutputStream {

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            try {
                while (buffer.hasRemaining()) {
                    if (channel.write(buffer) == 0) {
                        await(writable, 0);
                    }
                }
            } catch (ClosedChannelException e) {
                throw closed(e);
            }
        }

        @Override
        public void close() throws IOException {
            UnixSocket.this.close();
        }
    }
}
