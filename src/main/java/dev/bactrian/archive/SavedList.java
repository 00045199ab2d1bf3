package dev.bactrian.archive;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code storage/objects.json} line by line, since an archive may have very many files: those that are in the archive,
 * and those that aren't.
 */
public final class SavedList implements Closeable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FORMAT_VERSION = 1;

    private final JsonParser parser;
    private String part = "";
    private boolean begun;

    public SavedList(InputStream list) throws IOException {
        this.parser = JSON.getFactory().createParser(list);
    }

    /**
     * The next file; null at the end, which is that of the stream, too.
     *
     * @throws DamagedArchiveException when it isn't such a list, or one of another version
     */
    public @Nullable SavedFile read() throws IOException {
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

    /** Closes the stream, too. */
    @Override
    public void close() throws IOException {
        parser.close();
    }
}
