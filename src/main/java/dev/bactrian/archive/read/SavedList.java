package dev.bactrian.archive.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.ReadLimits;
import dev.bactrian.archive.SavedFile;
import dev.bactrian.support.BulkFilterStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code storage/objects.json} line by line, since an archive may have very many files: those that are in the archive,
 * and those that aren't.
 */
public final class SavedList implements Closeable {

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength((int) ReadLimits.HERE.memberBytes())
                    .build())
            .build());
    private static final int FORMAT_VERSION = 1;

    private final MemberStream in;
    private final JsonParser parser;
    private String part = "";
    private boolean begun;

    public SavedList(InputStream list) throws IOException {
        this(list, ReadLimits.HERE);
    }

    public SavedList(InputStream list, ReadLimits limits) throws IOException {
        this.in = new MemberStream(list, limits);
        in.nextMember();
        this.parser = JSON.getFactory().createParser(in);
    }

    /**
     * The next file; null at the end, which is that of the stream, too.
     *
     * @throws DamagedArchiveException when it isn't such a list, or one of another version, or the file's member is larger than the
     *     limit
     */
    public @Nullable SavedFile read() throws IOException {
        in.nextMember();
        try {
            if (!begun) {
                begun = true;
                require(parser.nextToken() == JsonToken.START_OBJECT);
            }
            return next();
        } catch (JsonProcessingException e) {
            throw damaged();
        }
    }

    private @Nullable SavedFile next() throws IOException {
        while (true) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT && !part.isEmpty()) {
                return new SavedFile((JsonNode) parser.readValueAsTree(), "skew".equals(part));
            }
            if (token == JsonToken.END_ARRAY && !part.isEmpty()) {
                part = "";
            } else if (token == JsonToken.FIELD_NAME) {
                begin(parser.currentName());
            } else {
                require(token == JsonToken.END_OBJECT && parser.nextToken() == null);
                return null;
            }
        }
    }

    private void begin(String field) throws IOException {
        JsonToken value = parser.nextToken();
        if ("objects".equals(field) || "skew".equals(field)) {
            require(value == JsonToken.START_ARRAY);
            part = field;
        } else if ("format_version".equals(field)) {
            require(value == JsonToken.VALUE_NUMBER_INT && parser.getIntValue() == FORMAT_VERSION);
        } else {
            parser.skipChildren();
        }
    }

    private static void require(boolean condition) throws DamagedArchiveException {
        if (!condition) {
            throw damaged();
        }
    }

    private static DamagedArchiveException damaged() {
        return new DamagedArchiveException(EntryNames.OBJECTS + " isn't a list of files");
    }

    /** Gives out so many bytes at a time as one member may have, and the parser's buffer takes besides. */
    private static final class MemberStream extends BulkFilterStream {
        private static final int AHEAD = 1 << 14;

        private final ReadLimits limits;
        private long left;

        MemberStream(InputStream list, ReadLimits limits) {
            super(list);
            this.limits = limits;
        }

        void nextMember() {
            left = limits.memberBytes() + AHEAD;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                throw limits.largeMember(EntryNames.OBJECTS);
            }
            int count = super.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(count, 0);
            return count;
        }
    }

    /** Closes the stream, too. */
    @Override
    public void close() throws IOException {
        parser.close();
    }
}
