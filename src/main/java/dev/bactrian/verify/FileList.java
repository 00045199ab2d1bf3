package dev.bactrian.verify;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.EntryNames;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Holds the files of Storage against {@code storage/objects.json}, which comes after them. It is read line by line: an
 * archive may have very many.
 */
final class FileList {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, EntryFacts> entries;
    private final Differences differences;
    private long files;
    private int taken;

    /**
     * Prepares the comparison.
     *
     * @param entries that have been read so far; those that are what the list says are taken out
     */
    FileList(Map<String, EntryFacts> entries, Differences differences) {
        this.entries = entries;
        this.differences = differences;
    }

    /** How many files the list names. */
    long files() {
        return files;
    }

    /** How many of them were taken out. */
    int taken() {
        return taken;
    }

    /**
     * Reads the list.
     *
     * @throws IOException when the archive can't be read
     */
    void compare(InputStream list) throws IOException {
        try (JsonParser parser = JSON.getFactory().createParser(list)) {
            parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            require(parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean objects = "objects".equals(parser.currentName());
                JsonToken value = parser.nextToken();
                if (objects && value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        compare((JsonNode) parser.readValueAsTree());
                    }
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JsonProcessingException e) {
            require(false);
        }
    }

    private void require(boolean condition) {
        if (!condition) {
            differences.add("The entry " + EntryNames.OBJECTS + " isn't a list of files.");
        }
    }

    private void compare(JsonNode file) {
        files++;
        String name = file.path("entry").asText();
        String title = "the file " + file.path("bucket_id").asText() + "/"
                + file.path("name").asText();
        EntryFacts facts = EntryNames.isStorageFile(name) ? entries.remove(name) : null;
        if (facts == null) {
            differences.add("The entry " + name + ", " + title + ", is missing.");
            return;
        }
        taken++;
        if (!EntryNames.isSafe(name)) {
            differences.add("The entry " + name + ", " + title + ", has a name that Bactrian never gives: unpacked, it "
                    + "could land anywhere.");
        }
        if (facts.bytes() != file.path("bytes").asLong(-1)
                || !facts.sha256().equals(file.path("sha256").asText())) {
            differences.add(
                    "The entry " + name + ", " + title + ", isn't what was saved: its size or its SHA-256 differs.");
        }
    }
}
