package dev.bactrian.store;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.ChannelSftp.LsEntry;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import dev.bactrian.archive.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.commons.io.input.BoundedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of a folder on an SFTP server as a store ({@code docs/examples/store-sftp.camel.yaml}). A file ends in {@code .part} until
 * it is whole. As {@link FolderStore}, the store is known by the folder {@code .bactrian} in it. The server must rename onto files
 * that exist, as OpenSSH's does ({@code posix-rename@openssh.com}).
 */
public final class SftpStore implements AutoCloseable {

    /** A process that holds the lock for so long, unchanged, is gone: writing a manifest takes a second. */
    private static final Duration DEAD = Duration.ofSeconds(60);

    private final SftpConnections connections;
    private final String mark;

    /**
     * Connects at the first verb.
     *
     * @param url {@code sftp://user@host:port/folder}
     * @param password of the user, or of the private key; may be empty
     * @param key file with the user's private key; empty to sign in by the password
     * @param knownHosts file with the server's host key, in OpenSSH's form
     */
    public SftpStore(String url, String password, String key, String knownHosts) {
        this.connections = new SftpConnections(url, password, key, knownHosts);
        this.mark = connections.folder() + "/.bactrian";
    }

    /** Whether the folder is known as the store. */
    public boolean isMarked() throws IOException {
        return connections.run(sftp -> SftpFiles.attributes(sftp, mark).isPresent());
    }

    /** Makes the folder the store. */
    public void mark() throws IOException {
        connections.act(sftp -> SftpFiles.makeFolders(sftp, mark));
    }

    /** Refuses to look for anything where the folder isn't the store. */
    public void see() throws IOException {
        if (!isMarked()) {
            throw new FileNotFoundException("The folder .bactrian isn't in SFTP_URL (" + connections
                    + "): is the disk mounted there? If this is the right folder, make it: mkdir -p '" + mark + "'");
        }
    }

    /** Writes the body, whole or not at all. */
    public void put(@Body InputStream content, @Header("key") String key) throws IOException {
        try {
            connections.act(sftp -> SftpFiles.write(sftp, content, path(key), 0));
        } catch (IOException | RuntimeException e) {
            // On another connection: on this one answers may still be on their way.
            try {
                abort(key);
            } catch (IOException also) {
                e.addSuppressed(also);
            }
            throw e;
        }
    }

    /** Writes a text where {@code version} is what is there, null for nothing; the header {@code stored} says whether it was. */
    public void putIfAbsent(
            @Body String text,
            @Header("key") String key,
            @Header("version") @Nullable String version,
            Exchange exchange)
            throws IOException {
        boolean same = connections.run(sftp -> {
            String lock = mark + "/lock";
            lock(sftp, lock);
            try {
                Optional<SftpATTRS> there = SftpFiles.attributes(sftp, path(key));
                if (!Objects.equals(version, versionOf(there))) {
                    return false;
                }
                // Times have seconds here: another version must have another one.
                int notBefore = there.map(told -> told.getMTime() + 1).orElse(0);
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                SftpFiles.write(sftp, new ByteArrayInputStream(bytes), path(key), notBefore);
                return true;
            } finally {
                sftp.rmdir(lock);
            }
        });
        exchange.getMessage().setHeader("stored", same);
    }

    /** The content, or null where there is none; sets the header {@code version}. No other error means that there is none. */
    public @Nullable InputStream get(@Header("key") String key, Exchange exchange) throws IOException {
        Optional<SftpATTRS> there = connections.run(sftp -> SftpFiles.attributes(sftp, path(key)));
        exchange.getMessage().setHeader("version", versionOf(there));
        return there.isEmpty() ? null : connections.stream(sftp -> sftp.get(path(key)));
    }

    /** In bytes. */
    public long size(@Header("key") String key) throws IOException {
        return connections.run(sftp -> sftp.stat(path(key)).getSize());
    }

    /** From one offset up to another, itself included. */
    public InputStream range(@Header("key") String key, @Header("rangeStart") long start, @Header("rangeEnd") long end)
            throws IOException {
        return connections.stream(sftp -> BoundedInputStream.builder()
                .setInputStream(sftp.get(path(key), null, start))
                .setMaxCount(end - start + 1)
                .setPropagateClose(true)
                .get());
    }

    /** Everything whose key begins so; on request what was begun, too. */
    public List<StoredObject> list(@Header("prefix") String prefix, @Header("unfinished") @Nullable Boolean unfinished)
            throws IOException {
        List<StoredObject> found = new ArrayList<>();
        connections.act(sftp -> list(sftp, prefix.substring(0, prefix.lastIndexOf('/') + 1), found));
        return found.stream()
                .filter(object -> object.key().startsWith(prefix))
                .filter(object -> object.finished() || Boolean.TRUE.equals(unfinished))
                .toList();
    }

    private void list(ChannelSftp sftp, String below, List<StoredObject> found) throws IOException, SftpException {
        if (SftpFiles.attributes(sftp, path(below)).isEmpty()) {
            return;
        }
        for (LsEntry entry : sftp.ls(path(below))) {
            String name = entry.getFilename();
            if (entry.getAttrs().isDir()) {
                if (!name.matches("\\.\\.?")) {
                    list(sftp, below + name + "/", found);
                }
            } else {
                found.add(PartFiles.object(
                        below + name,
                        entry.getAttrs().getSize(),
                        Instant.ofEpochSecond(entry.getAttrs().getMTime())));
            }
        }
    }

    /** No error where there is nothing. */
    public void delete(@Header("key") String key) throws IOException {
        connections.act(sftp -> SftpFiles.remove(sftp, path(key)));
    }

    /** Removes what a {@code put} that didn't get to its end has left. */
    public void abort(@Header("key") String key) throws IOException {
        connections.act(sftp -> SftpFiles.remove(sftp, path(key) + PartFiles.PART));
    }

    @Override
    public void close() {
        connections.close();
    }

    /** Waits for other processes, perhaps of other machines: a folder is made once, whoever tries. */
    private static void lock(ChannelSftp sftp, String lock) throws SftpException, IOException {
        Optional<Integer> held = Optional.empty();
        long since = System.nanoTime();
        while (!SftpFiles.makes(sftp, lock)) {
            Optional<Integer> now = SftpFiles.attributes(sftp, lock).map(SftpATTRS::getMTime);
            if (!now.equals(held)) {
                held = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > DEAD.toNanos()) {
                // One of those who wait gets it out of the way: not one that another has made meanwhile.
                String dead = lock + "-" + UUID.randomUUID();
                sftp.rename(lock, dead);
                sftp.rmdir(dead);
            }
            SftpConnections.pause();
        }
    }

    private static @Nullable String versionOf(Optional<SftpATTRS> there) {
        return there.map(told -> told.getMTime() + " " + told.getSize()).orElse(null);
    }

    /** Keys come from histories and manifests: none leads out of the folder, and none is a pattern, as JSch would read it. */
    private String path(String key) throws IOException {
        if (!key.matches("[^*?\\\\]+") || List.of(key.split("/")).contains("..")) {
            throw new IOException("The key " + key + " leads out of the folder");
        }
        return connections.folder() + "/" + key;
    }
}
