package dev.bactrian.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of a request's JSON body, each of the type that openapi.yaml says; any other is refused. Null is as good as left out. */
public final class Fields {

    private final JsonNode body;

    Fields(JsonNode body) {
        this.body = body;
    }

    /** Refuses a body with other fields than these. */
    @SafeVarargs
    static void requireKnown(JsonNode body, Set<String>... names) {
        Set<String> known = new TreeSet<>();
        for (Set<String> some : names) {
            known.addAll(some);
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw ApiException.badRequest("The body has an unknown field. Known "
                        + (known.size() == 1 ? "is: " : "are: ") + String.join(", ", known) + ".");
            }
        });
    }

    /** A text of this form; null where it is left out. */
    @Nullable
    String text(String name, Pattern form) {
        JsonNode value = body.path(name);
        if (isLeftOut(value)) {
            return null;
        }
        if (!value.isTextual() || !form.matcher(value.textValue()).matches() || !isUnicode(value.textValue())) {
            throw ApiException.badRequest(name + " must be a string of the form " + form.pattern() + ".");
        }
        return value.textValue();
    }

    /** False where it is left out. */
    boolean flag(String name) {
        return !isLeftOut(body.path(name)) && requireFlag(name, body.path(name));
    }

    /** The value of a field that must be there. */
    public static boolean requireFlag(String name, JsonNode value) {
        if (!value.isBoolean()) {
            throw ApiException.badRequest(name + " must be true or false.");
        }
        return value.booleanValue();
    }

    /**
     * A list of texts; null where it is left out. An empty one could mean nothing at all as well as everything.
     *
     * @param what they are, in the plural
     * @param most of them
     * @param longest characters of one
     * @param leftOut what it means to leave the list out
     */
    @Nullable
    List<String> list(String name, String what, int most, int longest, String leftOut) {
        JsonNode value = body.path(name);
        if (isLeftOut(value)) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        value.forEach(item -> texts.add(item.isTextual() ? item.textValue() : ""));
        boolean fits = texts.stream()
                .allMatch(text ->
                        !text.isBlank() && text.length() <= longest && text.indexOf('\0') < 0 && isUnicode(text));
        if (!value.isArray() || texts.isEmpty() || texts.size() > most || !fits) {
            throw ApiException.badRequest(name + " must be a list of 1 to " + most + " " + what
                    + ", each a string of 1 to " + longest + " characters. Leave the field out if " + leftOut
                    + " is meant.");
        }
        return texts;
    }

    private static boolean isLeftOut(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    /** Half of a surrogate pair is no character, though JSON can spell it. */
    public static boolean isUnicode(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
