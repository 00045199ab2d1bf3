package dev.bactrian.upload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Reads {@code storage/objects.json} line by line: those that are in the archive, and those that aren't. */
final class SavedList implements Iterator<SavedFile>, Closeable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FORMAT_VERSION = 1;

    private final JsonParser parser;
    private String part = "";
    private @Nullable SavedFile next;
    private boolean begun;

    SavedList(InputStream list) throws IOException {
        this.parser = JSON.getFactory().createParser(list);
    }

    @Override
    public boolean hasNext() {
        if (!begun) {
            advance();
        }
        return next != null;
    }

    @Override
    public SavedFile next() {
        SavedFile file = hasNext() ? next : null;
        if (file == null) {
            throw new NoSuchElementException();
        }
        advance();
        return file;
    }

    private void advance() {
        try {
            if (!begun) {
                begun = true;
                require(parser.nextToken() == JsonToken.START_OBJECT);
            }
            next = read();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(damaged());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable SavedFile read() throws IOException {
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

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
