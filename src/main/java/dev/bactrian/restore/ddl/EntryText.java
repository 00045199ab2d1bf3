package dev.bactrian.restore.ddl;

import dev.bactrian.postgres.script.OpenQuote;
import dev.bactrian.selection.Relation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one entry, taken apart where a part may fail without the rest: who owns the object, and each grant.
 * Text is one character per byte.
 *
 * @param definition makes the object; empty for grants
 * @param owner says whom it belongs to; null when the dump doesn't say
 * @param grants each for itself
 */
public record EntryText(String definition, @Nullable String owner, List<String> grants) {

    public static EntryText of(ScriptEntry entry, String text) {
        if (entry.isGrant()) {
            return new EntryText("", null, statements(text));
        }
        String owner = entry.owner();
        for (String name : List.of(owner, Relation.quote(owner))) {
            String end = " OWNER TO " + bytes(name) + ";";
            if (!owner.isEmpty() && text.stripTrailing().endsWith(end)) {
                int begin = text.lastIndexOf("\n\nALTER ");
                if (begin >= 0) {
                    return new EntryText(
                            text.substring(0, begin), text.substring(begin).strip(), List.of());
                }
            }
        }
        return new EntryText(text, null, List.of());
    }

    /** Statements of one or more lines, none of which has a body. */
    public static List<String> statements(String text) {
        List<String> found = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        OpenQuote quote = new OpenQuote();
        for (String line : text.split("\n", -1)) {
            quote.read(line);
            statement.append(line).append('\n');
            if (!quote.isOpen() && line.endsWith(";")) {
                found.add(statement.toString().strip());
                statement.setLength(0);
            }
        }
        if (!statement.toString().isBlank()) {
            found.add(statement.toString().strip());
        }
        return found;
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** As the driver takes it, which sends UTF-8. */
    public static String forDriver(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
