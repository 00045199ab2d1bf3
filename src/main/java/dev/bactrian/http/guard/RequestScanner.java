package dev.bactrian.http.guard;

import static dev.bactrian.http.guard.RefusedRequestException.malformed;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads along what comes in on a connection, one request after the other, and knows at any byte where it is. It is stricter than
 * the parser behind it: what passes has but one meaning.
 */
final class RequestScanner {

    /** Where the last byte was. */
    enum Place {
        /** Before a request. */
        BETWEEN,
        HEAD,
        BODY
    }

    private static final int DELETE = 0x7f;

    private final HttpLimits limits;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private Place place = Place.BETWEEN;
    private int begun;
    private boolean firstLineEnded;
    private boolean blankLine;
    private int last;
    private int beforeLast;
    private long bodyLeft;
    private ChunkScanner chunks = new ChunkScanner();
    private boolean chunked;

    RequestScanner(HttpLimits limits) {
        this.limits = limits;
    }

    Place place() {
        return place;
    }

    /** How many heads have come to their end. */
    int begun() {
        return begun;
    }

    /**
     * Takes what is readable, up to the end of a request and no further, without reading it off.
     *
     * @return how many bytes were taken
     * @throws RefusedRequestException where something is wrong; {@link #place} then is the place of the fault
     */
    int scan(ByteBuf bytes) throws RefusedRequestException {
        int start = bytes.readerIndex();
        int index = start;
        int before = begun - (place == Place.BODY ? 1 : 0);
        while (index < bytes.writerIndex() && (place != Place.BETWEEN || begun == before)) {
            if (place == Place.BODY) {
                index = body(bytes, index);
            } else {
                headByte(bytes.getByte(index++) & 0xff);
            }
        }
        return index - start;
    }

    private void headByte(int next) throws RefusedRequestException {
        if (place == Place.BETWEEN) {
            place = Place.HEAD;
            last = 0;
            beforeLast = 0;
            firstLineEnded = false;
        }
        boolean control = next < ' ' && next != '\r' && next != '\n' && next != '\t' || next == DELETE;
        if (control || (next == '\n') != (last == '\r')) {
            throw malformed("Its lines must end with CR and LF, and contain no control characters.");
        }
        head.write(next);
        boolean lineEnds = next == '\n';
        if (lineEnds && head.size() == 2) {
            // RFC 9112, 2.2: one empty line before a request is some old clients' habit.
            if (blankLine) {
                throw malformed("It must begin with its method.");
            }
            blankLine = true;
            head.reset();
            place = Place.BETWEEN;
            return;
        }
        if (lineEnds && beforeLast == '\n') {
            headEnds();
            return;
        }
        firstLineEnded |= lineEnds;
        requireSize();
        beforeLast = lineEnds ? next : next == '\r' ? beforeLast : 0;
        last = next;
    }

    private void requireSize() throws RefusedRequestException {
        if (!firstLineEnded && head.size() > limits.line() + 2) {
            throw RefusedRequestException.of(
                    414,
                    "line-too-long",
                    "The request's address is too long",
                    "Send at most " + limits.line() + " bytes as the first line.");
        }
        if (head.size() > limits.head()) {
            throw RefusedRequestException.of(
                    431,
                    "head-too-large",
                    "The request's headers are too large",
                    "Send at most " + limits.head() + " bytes of them.");
        }
    }

    private void headEnds() throws RefusedRequestException {
        String text = head.toString(StandardCharsets.ISO_8859_1);
        RequestHead parsed = RequestHead.of(text.substring(0, text.length() - "\r\n\r\n".length()));
        requireBody(parsed.length());
        head.reset();
        begun++;
        blankLine = false;
        chunked = parsed.chunked();
        bodyLeft = parsed.length();
        if (chunked) {
            chunks = new ChunkScanner();
        }
        place = chunked || bodyLeft > 0 ? Place.BODY : Place.BETWEEN;
    }

    private int body(ByteBuf bytes, int index) throws RefusedRequestException {
        long skipped = Math.min(chunked ? chunks.skippable() : bodyLeft, bytes.writerIndex() - index);
        if (!chunked) {
            bodyLeft -= skipped;
        } else if (skipped > 0) {
            chunks.skip(skipped);
        } else {
            chunks.take(bytes.getByte(index));
            requireBody(chunks.total());
            skipped = 1;
        }
        if (chunked ? chunks.ended() : bodyLeft == 0) {
            place = Place.BETWEEN;
        }
        return index + (int) skipped;
    }

    private void requireBody(long length) throws RefusedRequestException {
        if (length > limits.body()) {
            throw RefusedRequestException.of(
                    413, "too-large", "The body is too large", "Send at most " + limits.body() + " bytes.");
        }
    }
}
