package dev.bactrian.unchanged;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the state of a manifest so that no manifest becomes unreadable by what is wrong in it. */
final class LenientSourceState extends JsonDeserializer<SourceState> {

    private static final String UNREADABLE = "what the earlier manifest says of the server can't be read";

    private record Raw(
            ServerFacts server,
            long xmin,
            long xmax,
            Witnesses witnesses,
            Map<Long, String> identities,
            Map<Long, String> never,
            @Nullable String unprovable) {}

    @Override
    public SourceState deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        JsonNode tree = context.readTree(parser);
        try {
            Raw raw = context.readTreeAsValue(tree, Raw.class);
            return new SourceState(
                    raw.server, raw.xmin, raw.xmax, raw.witnesses, raw.identities, raw.never, raw.unprovable);
        } catch (JsonProcessingException | RuntimeException e) {
            return SourceState.unprovable(UNREADABLE);
        }
    }
}
