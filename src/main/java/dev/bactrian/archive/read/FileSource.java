package dev.bactrian.archive.read;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.input.BoundedInputStream;

/** An archive in a local file. */
public final class FileSource implements ArchiveSource {

    private final Path file;
    private final long size;

    public FileSource(Path file) throws IOException {
        this.file = file;
        this.size = Files.size(file);
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream read(long from, long length) throws IOException {
        var channel = Files.newByteChannel(file);
        channel.position(from);
        return new BufferedInputStream(BoundedInputStream.builder()
                .setInputStream(Channels.newInputStream(channel))
                .setMaxCount(length)
                .setPropagateClose(true)
                .get());
    }
}
