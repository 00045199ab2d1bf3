package dev.bactrian.postgres.socket;

import dev.bactrian.support.BulkFilterStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/**
 * What a PostgreSQL server answers, passed on message by message (PostgreSQL manual, "Message Formats"), with the lengths looked
 * at first: the driver takes memory for whatever a length says, and one that was damaged on the way would end the process. As
 * libpq does (fe-protocol3.c), messages that can't be long may have 30,000 bytes; the others as many as this process can hold.
 */
public final class ServerFrames extends BulkFilterStream {

    /** Of {@code R}, {@code S} and so on, all that servers send since protocol 3.0. */
    private static final String TYPES = "RKSZC123nsIctTDdEANGHWvV";

    /** What its messages begin with. */
    public static final String DAMAGED = "The server's response isn't valid PostgreSQL protocol";

    private static final String LONG_TYPES = "TDdENAV";
    private static final int LONGEST_SHORT = 30_000;
    private static final int HEADER = 5;
    private static final int LENGTH = 4;
    private static final int COLUMNS = 2;
    private static final int NULL = -1;

    private final BooleanSupplier negotiates;
    private final long longest;

    /** Of a header, or of the length of a value: what came of it until now. */
    private long number;

    private int missing = HEADER;
    private Part part = Part.HEADER;
    /** Bytes that aren't looked at. */
    private long skip;
    /** Bytes of a row that are yet to come. */
    private long left;

    private int columns;

    private enum Part {
        HEADER,
        COLUMNS,
        VALUE_LENGTH,
        /** Encrypted: TLS, or GSSAPI, finds damage by itself. */
        ENCRYPTED
    }

    /**
     * Looks at a stream from its first byte on.
     *
     * @param negotiates whether encryption was asked for and not answered yet: one byte answers that
     * @param longest bytes that a message may have
     */
    ServerFrames(InputStream in, BooleanSupplier negotiates, long longest) {
        super(in);
        this.negotiates = negotiates;
        this.longest = longest;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        if (part != Part.ENCRYPTED && count > 0) {
            look(bytes, offset, offset + count);
        }
        return count;
    }

    private void look(byte[] bytes, int from, int to) throws IOException {
        int at = from;
        while (at < to && part != Part.ENCRYPTED) {
            if (skip > 0) {
                long passed = Math.min(skip, to - at);
                skip -= passed;
                at += (int) passed;
                continue;
            }
            byte next = bytes[at++];
            if (missing == HEADER && part == Part.HEADER && negotiates.getAsBoolean() && next != 'E') {
                // N: no encryption; what follows is answered in the clear.
                part = next == 'N' ? Part.HEADER : Part.ENCRYPTED;
                continue;
            }
            number = (number << Byte.SIZE) | (next & 0xFF);
            if (--missing == 0) {
                complete();
            }
        }
    }

    private void complete() throws IOException {
        long complete = number;
        number = 0;
        switch (part) {
            case HEADER -> header((char) (complete >>> Integer.SIZE & 0xFF), (int) complete);
            case COLUMNS -> {
                left -= COLUMNS;
                columns = (int) complete;
                next();
            }
            default -> value((int) complete);
        }
    }

    private void header(char type, int told) throws IOException {
        long body = (long) told - LENGTH;
        long most = LONG_TYPES.indexOf(type) < 0 ? LONGEST_SHORT : longest;
        if (TYPES.indexOf(type) < 0 || body < 0 || body > most) {
            throw damaged("a message of type " + (int) type + " with " + (told & 0xFFFFFFFFL) + " bytes");
        }
        if (type == 'D') {
            left = body;
            require(body >= COLUMNS, "a row of " + body + " bytes");
            expect(Part.COLUMNS, COLUMNS);
        } else {
            skip = body;
            expect(Part.HEADER, HEADER);
        }
    }

    private void value(int told) throws IOException {
        left -= LENGTH;
        columns--;
        require(
                told >= NULL && told <= left,
                "a value of " + (told & 0xFFFFFFFFL) + " bytes in a row that has " + left);
        skip = Math.max(0, told);
        left -= skip;
        next();
    }

    /** The next value of a row, or the next message. */
    private void next() throws IOException {
        if (columns == 0) {
            require(left == 0, "a row with " + left + " bytes too many");
            expect(Part.HEADER, HEADER);
        } else {
            require(left >= LENGTH, "a row that ends in the middle of a value");
            expect(Part.VALUE_LENGTH, LENGTH);
        }
    }

    private void expect(Part then, int bytes) {
        part = then;
        missing = bytes;
    }

    private static void require(boolean right, String what) throws IOException {
        if (!right) {
            throw damaged(what);
        }
    }

    private static IOException damaged(String what) {
        return new IOException(DAMAGED + " (" + what
                + "): it was damaged on the way, which encryption (sslmode=require) would have detected, or is larger "
                + "than the memory that this process may use");
    }
}
