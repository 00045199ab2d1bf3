package dev.bactrian.dump;

import dev.bactrian.postgres.script.ScriptLines;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of each table's objects while one script is cut. It waits in a file, and only the places of the pieces stay
 * in memory: databases have hundreds of thousands of tables.
 */
final class SchemaSlices implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final OutputStream out;
    private final Map<Long, List<Piece>> pieces = new HashMap<>();
    private final Map<Long, Piece> held = new HashMap<>();
    private @Nullable Long table;
    private boolean holding;
    private long begun;
    private long size;

    private record Piece(long from, long to) {}

    /** Begins with no text; the file is removed at the end. */
    SchemaSlices(Path file) throws IOException {
        this.file = file;
        this.out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
    }

    /** The lines that follow belong to this table, or to none. */
    void belongTo(@Nullable Long owner) {
        if (table != null && size > begun) {
            Piece piece = new Piece(begun, size);
            if (holding) {
                held.put(table, piece);
            } else {
                add(table, piece);
            }
        }
        table = owner;
        holding = false;
        begun = size;
    }

    /** The lines that follow come later in the table's text: where {@link #release} is called, or at its end. */
    void hold() {
        holding = true;
    }

    /** What was held back comes now. */
    void release(long owner) {
        Piece piece = held.remove(owner);
        if (piece != null) {
            add(owner, piece);
        }
    }

    private void add(long owner, Piece piece) {
        pieces.computeIfAbsent(owner, none -> new ArrayList<>(4)).add(piece);
    }

    /** One line of {@link ScriptLines}. */
    void line(String line) throws IOException {
        if (table != null) {
            out.write(line.getBytes(StandardCharsets.ISO_8859_1));
            out.write('\n');
            size += line.length() + 1L;
        }
    }

    /** No more lines: from now on the slices can be read. */
    Reader read() throws IOException {
        belongTo(null);
        held.forEach(this::add);
        out.close();
        return new Reader(new RandomAccessFile(file.toFile(), "r"), pieces);
    }

    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(file);
    }

    /** Gives each table's text. */
    record Reader(RandomAccessFile file, Map<Long, List<Piece>> pieces) implements AutoCloseable {

        boolean isEmpty(long table) {
            return !pieces.containsKey(table);
        }

        /** Writes a table's text, its pieces in the order of the script. */
        void copy(long table, OutputStream out) throws IOException {
            byte[] buffer = new byte[BUFFER];
            for (Piece piece : pieces.getOrDefault(table, List.of())) {
                file.seek(piece.from());
                for (long left = piece.to() - piece.from(); left > 0; ) {
                    int count = (int) Math.min(left, buffer.length);
                    file.readFully(buffer, 0, count);
                    out.write(buffer, 0, count);
                    left -= count;
                }
            }
        }

        @Override
        public void close() {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
