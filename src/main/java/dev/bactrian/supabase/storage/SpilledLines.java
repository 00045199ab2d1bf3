package dev.bactrian.supabase.storage;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Lines that come in any order and go out in theirs, however many there are: they wait in a file, and another tells where
 * each one begins. For several threads at once.
 */
final class SpilledLines implements AutoCloseable {

    private static final int PLACE = Long.BYTES + Integer.BYTES;
    private static final int BUFFER = 1 << 16;

    private final Spill lines;
    private final Spill places;
    private long end;
    private long count;

    /** Begins with none; their two files are made with the first. */
    SpilledLines(Path folder, String name) {
        this.lines = new Spill(folder.resolve(name + ".lines"));
        this.places = new Spill(folder.resolve(name + ".places"));
    }

    /** A file that is there once it is needed, and gone when it is closed. */
    private static final class Spill implements AutoCloseable {

        private final Path file;
        private @Nullable FileChannel opened;

        Spill(Path file) {
            this.file = file;
        }

        FileChannel open() throws IOException {
            FileChannel channel = opened;
            if (channel == null) {
                channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE);
                opened = channel;
            }
            return channel;
        }

        @Override
        public void close() throws IOException {
            if (opened != null) {
                opened.close();
            }
        }
    }

    synchronized void add(long index, String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        write(lines.open(), ByteBuffer.wrap(bytes), end);
        write(
                places.open(),
                ByteBuffer.allocate(PLACE).putLong(end).putInt(bytes.length).flip(),
                index * PLACE);
        end += bytes.length;
        count++;
    }

    private static void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += file.write(bytes, position);
        }
    }

    synchronized long count() {
        return count;
    }

    /** Writes all of them as the elements of a JSON array, one per line. */
    synchronized void copyTo(OutputStream out) throws IOException {
        FileChannel begins = places.open().position(0);
        DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(begins), BUFFER));
        long left = begins.size() / PLACE;
        boolean first = true;
        for (; left > 0; left--) {
            long begin = in.readLong();
            int length = in.readInt();
            if (length > 0) {
                out.write((first ? "\n" : ",\n").getBytes(StandardCharsets.UTF_8));
                out.write(line(begin, length));
                first = false;
            }
        }
    }

    private byte[] line(long begin, int length) throws IOException {
        ByteBuffer line = ByteBuffer.allocate(length);
        while (line.hasRemaining()) {
            if (lines.open().read(line, begin + line.position()) < 0) {
                throw new IOException("A file in the work folder was cut off");
            }
        }
        return line.array();
    }

    @Override
    public void close() throws IOException {
        try (lines) {
            places.close();
        }
    }
}
