package dev.bactrian.http.guard;

import static dev.bactrian.http.guard.RefusedRequestException.malformed;

/**
 * Follows a chunked body to its end (RFC 9112, 7.1), byte by byte. Extensions and trailers are refused, though the RFC has them:
 * no client of ours sends any, and readers of HTTP differ in what they make of them.
 */
final class ChunkScanner {

    private static final int MOST_DIGITS = 8;
    private static final int HEX = 16;

    private enum At {
        SIZE,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        LAST_CR,
        LAST_LF,
        END
    }

    private At at = At.SIZE;
    private int digits;
    private long left;
    private long total;

    /** Bytes of data that chunks have announced so far. */
    long total() {
        return total;
    }

    boolean ended() {
        return at == At.END;
    }

    /** How many bytes may come before {@link #take} has to see one: data is none of its business. */
    long skippable() {
        return at == At.DATA ? left : 0;
    }

    void skip(long count) {
        left -= count;
        if (left == 0) {
            at = At.DATA_CR;
        }
    }

    void take(byte next) throws RefusedRequestException {
        switch (at) {
            case SIZE -> size(next);
            case SIZE_LF -> {
                require(next == '\n');
                total += left;
                at = left == 0 ? At.LAST_CR : At.DATA;
                digits = 0;
            }
            case DATA_CR -> expect(next, '\r', At.DATA_LF);
            case DATA_LF -> {
                expect(next, '\n', At.SIZE);
                left = 0;
            }
            case LAST_CR -> expect(next, '\r', At.LAST_LF);
            case LAST_LF -> expect(next, '\n', At.END);
            case DATA, END -> throw new IllegalStateException("Nothing is to be taken at " + at);
        }
    }

    private void size(byte next) throws RefusedRequestException {
        int digit = next < 0 ? -1 : Character.digit((char) next, HEX);
        if (digit >= 0) {
            require(++digits <= MOST_DIGITS);
            left = left * HEX + digit;
        } else {
            require(next == '\r' && digits > 0);
            at = At.SIZE_LF;
        }
    }

    private void expect(byte next, char wanted, At then) throws RefusedRequestException {
        require(next == wanted);
        at = then;
    }

    private static void require(boolean valid) throws RefusedRequestException {
        if (!valid) {
            throw malformed("Each chunk of its body must be a hexadecimal size, CRLF, that many bytes, and CRLF, "
                    + "without extensions or trailers.");
        }
    }
}
