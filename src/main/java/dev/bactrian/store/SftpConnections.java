package dev.bactrian.store;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Connections to an SFTP server, each for one verb at a time: the number of channels of one is limited, and unknown. A server whose
 * host key isn't the known one is refused.
 */
final class SftpConnections implements AutoCloseable {

    private static final int SSH_PORT = 22;
    private static final int CONNECT_MILLIS = 20_000;

    /** A server that says nothing for so long is gone. */
    private static final int SILENT_MILLIS = 60_000;

    /** For so long one is used again: for one that waits longer, servers and firewalls may have ended it. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private static final long PAUSE_MILLIS = 200;

    private final URI server;
    private final String password;
    private final String key;
    private final String knownHosts;
    private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();

    SftpConnections(String url, String password, String key, String knownHosts) {
        this.server = URI.create(url);
        this.password = password;
        this.key = key;
        this.knownHosts = knownHosts;
        if (!"sftp".equals(server.getScheme()) || server.getHost() == null || server.getUserInfo() == null) {
            throw new IllegalArgumentException("SFTP_URL isn't an address. Write it as sftp://user@host:22/folder");
        }
        if (server.getUserInfo().contains(":")) {
            throw new IllegalArgumentException("SFTP_URL holds a password. Set SFTP_PASSWORD, or better SFTP_KEY.");
        }
    }

    private record Idle(ChannelSftp sftp, long since) {}

    /** What is done on a connection. */
    interface Work<T> {
        T on(ChannelSftp sftp) throws IOException, SftpException;
    }

    /** What is done on a connection and answers nothing. */
    interface Act {
        void on(ChannelSftp sftp) throws IOException, SftpException;
    }

    /** Without a slash at its end. */
    String folder() {
        return server.getPath().replaceFirst("/+$", "");
    }

    <T> T run(Work<T> work) throws IOException {
        ChannelSftp sftp = connection();
        boolean good = false;
        try {
            T result = work.on(sftp);
            good = true;
            return result;
        } catch (SftpException e) {
            throw failed(e);
        } finally {
            release(sftp, good);
        }
    }

    void act(Act act) throws IOException {
        run(sftp -> {
            act.on(sftp);
            return true;
        });
    }

    /** As {@link #run}, of a stream that holds the connection until it is closed. */
    InputStream stream(Work<InputStream> work) throws IOException {
        ChannelSftp sftp = connection();
        try {
            return new FilterInputStream(work.on(sftp)) {
                private final AtomicBoolean open = new AtomicBoolean(true);

                @Override
                public void close() throws IOException {
                    if (!open.getAndSet(false)) {
                        return;
                    }
                    boolean good = false;
                    try {
                        super.close();
                        good = true;
                    } finally {
                        release(sftp, good);
                    }
                }
            };
        } catch (SftpException e) {
            release(sftp, false);
            throw failed(e);
        } catch (IOException | RuntimeException e) {
            release(sftp, false);
            throw e;
        }
    }

    private IOException failed(SftpException e) {
        return e.getCause() instanceof IOException cause ? cause : told("The SFTP server " + this + " answered", e);
    }

    /** Not as its cause: messages show the last one alone, which doesn't name the server. */
    private static IOException told(String what, Exception e) {
        IOException told = new IOException(what + ": " + e.getMessage());
        told.addSuppressed(e);
        return told;
    }

    private ChannelSftp connection() throws IOException {
        for (Idle found = idle.pollFirst(); found != null; found = idle.pollFirst()) {
            if (found.sftp().isConnected() && System.nanoTime() - found.since() < FRESH.toNanos()) {
                return found.sftp();
            }
            disconnect(found.sftp());
        }
        try {
            JSch jsch = new JSch();
            jsch.setKnownHosts(knownHosts);
            if (!key.isEmpty()) {
                jsch.addIdentity(key, password.isEmpty() ? null : password);
            }
            int port = server.getPort() < 0 ? SSH_PORT : server.getPort();
            Session session = jsch.getSession(server.getUserInfo(), server.getHost(), port);
            session.setConfig("StrictHostKeyChecking", "yes");
            if (key.isEmpty()) {
                session.setPassword(password);
            }
            session.setDaemonThread(true);
            session.connect(CONNECT_MILLIS);
            session.setTimeout(SILENT_MILLIS);
            ChannelSftp sftp = (ChannelSftp) session.openChannel("sftp");
            sftp.connect(CONNECT_MILLIS);
            return sftp;
        } catch (JSchException e) {
            throw told("No connection to " + this, e);
        }
    }

    /** Between two tries. */
    static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while another process writes", e);
        }
    }

    private void release(ChannelSftp sftp, boolean good) {
        if (good) {
            idle.addFirst(new Idle(sftp, System.nanoTime()));
        } else {
            disconnect(sftp);
        }
    }

    private static void disconnect(ChannelSftp sftp) {
        try {
            sftp.getSession().disconnect();
        } catch (JSchException e) {
            // It isn't connected any more.
        }
    }

    @Override
    public void close() {
        for (Idle found = idle.pollFirst(); found != null; found = idle.pollFirst()) {
            disconnect(found.sftp());
        }
    }

    @Override
    public String toString() {
        return server.toString();
    }
}
