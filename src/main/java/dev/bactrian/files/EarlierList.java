package dev.bactrian.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The files of an earlier archive, one at a time, however many there are: they stand in the order in which they are asked
 * for, by bucket and name as bytes. For one thread.
 */
final class EarlierList implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonParser parser;
    private @Nullable EarlierFile next;

    private EarlierList(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * Opens a list.
     *
     * @param list an archive's {@code storage/objects.json}
     */
    static EarlierList open(Path list) throws IOException {
        EarlierList opened = new EarlierList(JSON.getFactory().createParser(list.toFile()));
        opened.goToObjects();
        opened.next = opened.read();
        return opened;
    }

    private void goToObjects() throws IOException {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean objects = "objects".equals(parser.currentName());
            parser.nextToken();
            if (objects) {
                return;
            }
            parser.skipChildren();
        }
    }

    private @Nullable EarlierFile read() throws IOException {
        return parser.nextToken() == JsonToken.START_OBJECT
                ? EarlierFile.of((JsonNode) parser.readValueAsTree())
                : null;
    }

    /** The file of that name; null when there is none, or the list is in another order. */
    @Nullable
    EarlierFile find(String bucket, String name) throws IOException {
        while (next != null) {
            int order = compare(next.bucket(), bucket);
            order = order == 0 ? compare(next.name(), name) : order;
            if (order >= 0) {
                return order == 0 ? next : null;
            }
            next = read();
        }
        return null;
    }

    private static int compare(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
