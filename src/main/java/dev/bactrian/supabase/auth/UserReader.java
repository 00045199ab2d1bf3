package dev.bactrian.supabase.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.Target;
import dev.bactrian.support.Uuids;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code users.json}, some users at a time, and refuses what isn't such a file. Its messages name lines and never
 * what stands there, which may be a password's hash.
 */
final class UserReader implements Iterator<List<UserEntry>> {

    /** Numbers stay as they are written; nothing is too long or too deep that PostgreSQL's jsonb can hold. */
    static final JsonMapper JSON = mapper();

    private static final int USERS_AT_ONCE = 1_000;
    private static final long BYTES_AT_ONCE = 4L << 20;
    private static final int DEEPEST = 10_000;
    private static final int LONGEST_NUMBER = 200_000;

    private final JsonParser parser;
    private final String name;
    private final WholeCheck whole;
    private long handedOut;
    private boolean begun;
    private boolean ended;

    /** What has to be true once all of a file has been read. */
    @FunctionalInterface
    interface WholeCheck {
        void run() throws IOException;
    }

    /**
     * Reads a file.
     *
     * @param name for messages
     * @param whole is run at its end
     */
    UserReader(InputStream in, String name, WholeCheck whole) throws IOException {
        this.parser = JSON.createParser(in);
        this.name = name;
        this.whole = whole;
    }

    private static JsonMapper mapper() {
        JsonFactory factory = new JsonFactoryBuilder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNestingDepth(DEEPEST)
                        .maxNumberLength(LONGEST_NUMBER)
                        .build())
                .streamWriteConstraints(StreamWriteConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false)
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                .build();
    }

    @Override
    public boolean hasNext() {
        return !ended;
    }

    /** The next users; none where the file has no more. */
    @Override
    public List<UserEntry> next() {
        if (ended) {
            throw new NoSuchElementException();
        }
        try {
            List<UserEntry> users = read();
            handedOut += users.size();
            return users;
        } catch (JsonEOFException e) {
            throw refused(line() + " is the last one: the file ends in the middle.", e);
        } catch (JsonProcessingException | CharConversionException e) {
            throw refused(
                    line() + " isn't JSON, at column "
                            + parser.currentLocation().getColumnNr() + ".",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many users it has given so far. */
    long handedOut() {
        return handedOut;
    }

    private List<UserEntry> read() throws IOException {
        if (!begun && parser.nextToken() != JsonToken.START_ARRAY) {
            throw refused(line() + " isn't the beginning of an array.", null);
        }
        begun = true;
        List<UserEntry> users = new ArrayList<>();
        long from = parser.currentLocation().getByteOffset();
        while (users.size() < USERS_AT_ONCE && parser.currentLocation().getByteOffset() - from < BYTES_AT_ONCE) {
            if (parser.nextToken() == JsonToken.END_ARRAY) {
                ended = true;
                if (parser.nextToken() != null) {
                    throw refused(line() + " has something after the end of the array.", null);
                }
                whole.run();
                break;
            }
            users.add(user());
        }
        return users;
    }

    private UserEntry user() throws IOException {
        int line = parser.currentTokenLocation().getLineNr();
        if (parser.currentToken() == null) {
            throw refused("Line " + line + " is the last one: the file ends in the middle.", null);
        }
        if (!(JSON.readTree(parser) instanceof ObjectNode user)) {
            throw refused("Line " + line + " has no user, which is an object.", null);
        }
        JsonNode id = user.path("id");
        if (!id.isTextual() || !Uuids.isUuid(id.textValue())) {
            throw refused("The user of line " + line + " has no id, or one that isn't a UUID.", null);
        }
        return new UserEntry(
                line,
                id.textValue().toLowerCase(Locale.ROOT),
                user,
                objects(user, "identities", line),
                objects(user, "factors", line));
    }

    private List<ObjectNode> objects(ObjectNode user, String key, int line) {
        List<ObjectNode> objects = new ArrayList<>();
        JsonNode nodes = user.path(key);
        if (nodes.isMissingNode() || nodes.isNull()) {
            return objects;
        }
        if (!nodes.isArray()) {
            throw refused("The " + key + " of the user of line " + line + " aren't an array.", null);
        }
        for (JsonNode node : nodes) {
            if (!(node instanceof ObjectNode object)) {
                throw refused("The " + key + " of the user of line " + line + " aren't all objects.", null);
            }
            objects.add(object);
        }
        return objects;
    }

    private String line() {
        return "Line " + parser.currentLocation().getLineNr();
    }

    private ProblemException refused(String what, @Nullable Exception because) {
        return refused(name, what, because);
    }

    /** A file that can't be taken. */
    static ProblemException refused(String name, String what, @Nullable Exception because) {
        ProblemException refused = Target.refused(
                name + " can't be imported: " + what,
                "It must match users.schema.json, which is in every such archive: correct it, or extract it from the "
                        + "archive again.");
        if (because != null) {
            refused.addSuppressed(because);
        }
        return refused;
    }
}
