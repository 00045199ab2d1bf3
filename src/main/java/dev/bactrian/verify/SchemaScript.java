package dev.bactrian.verify;

import dev.bactrian.postgres.script.OpenQuote;
import dev.bactrian.postgres.script.SchemaEntry;
import dev.bactrian.postgres.script.ScriptLines;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a schema dump ({@code pg_restore --verbose --file=…}), object by object, without what differs between two
 * dumps of the same: ids, comments, empty lines, and statements that only set up the session.
 */
final class SchemaScript {

    /** Lines are read byte by byte, and some letters have a byte that would end a line: that of U+0085. */
    private static final Pattern NAME = Pattern.compile(
            "-- Name: (.*); Type: ([A-Z ]+); Schema: (.*?); Owner: .*?(?:; Tablespace: (.*))?", Pattern.DOTALL);

    private static final Pattern OWNER = Pattern.compile("ALTER .* OWNER TO .*;", Pattern.DOTALL);
    /** Their owner must be a superuser, but in a Supabase project: elsewhere they belong to who restored. */
    private static final String ANY_OWNER = "ALTER EVENT TRIGGER ";

    private static final Pattern ACCESS_METHOD = Pattern.compile("SET default_table_access_method = (.*);");
    /** A partitioned table has none, so pg_dump doesn't set it for one. */
    private static final Set<String> HAVE_ACCESS_METHOD = Set.of("TABLE", "MATERIALIZED VIEW");

    private final ScriptLines lines;
    private final boolean ownersAndGrants;
    private final Set<String> tablespaces;
    private final Sink sink;
    private final OpenQuote quote = new OpenQuote();
    private String accessMethod = "heap";
    private boolean named;
    private boolean wanted;

    private SchemaScript(InputStream in, boolean ownersAndGrants, Set<String> tablespaces, Sink sink) {
        this.tablespaces = tablespaces;
        this.lines = new ScriptLines(in);
        this.ownersAndGrants = ownersAndGrants;
        this.sink = sink;
    }

    /**
     * What an object is known by.
     *
     * @param name of the object; for parts of a table with the table's before it
     */
    record Key(String type, String schema, String name) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::type).thenComparing(Key::schema).thenComparing(Key::name);

        boolean isGrant() {
            return type.endsWith("ACL");
        }

        /** For people: {@code INDEX app.item_name}. */
        String text() {
            return type + " " + (schema.isEmpty() ? "" : schema + ".") + name;
        }

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /** Takes the objects one after another. */
    interface Sink {
        void begin(Key key);

        /** A part of the definition of the object begun last: a line, or a whole statement. */
        void part(String text);
    }

    /**
     * Reads a script to its end.
     *
     * @param tablespaces that matter
     */
    static void read(Path script, boolean ownersAndGrants, Set<String> tablespaces, Sink sink) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(script))) {
            new SchemaScript(in, ownersAndGrants, tablespaces, sink).all();
        }
    }

    private void all() throws IOException {
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (quote.isOpen()) {
                quote.read(line);
                part(line);
                continue;
            }
            quote.read(line);
            if (line.startsWith("--")) {
                header(line);
            } else if (line.startsWith("ALTER ")) {
                alteration(wholeStatement(line));
            } else if (!passOver(line)) {
                part(line);
            }
        }
        if (quote.isOpen()) {
            throw new IOException("The schema dump ends inside a quoted text");
        }
    }

    private void header(String line) {
        if (SchemaEntry.parse(line) != null) {
            named = false;
            wanted = false;
            return;
        }
        Matcher name = named ? null : NAME.matcher(line);
        if (name != null && name.matches()) {
            named = true;
            Key key = new Key(name.group(2), "-".equals(name.group(3)) ? "" : utf8(name.group(3)), utf8(name.group(1)));
            wanted = ownersAndGrants || !key.isGrant();
            if (wanted) {
                sink.begin(key);
                settings(key, name.group(4));
            }
        }
    }

    private void settings(Key key, @Nullable String tablespace) {
        if (tablespace != null && tablespaces.contains(utf8(tablespace))) {
            sink.part("TABLESPACE " + tablespace);
        }
        if (HAVE_ACCESS_METHOD.contains(key.type()) && !"heap".equals(accessMethod)) {
            sink.part("USING " + accessMethod);
        }
    }

    private boolean passOver(String line) {
        Matcher method = ACCESS_METHOD.matcher(line);
        if (method.matches()) {
            accessMethod = method.group(1);
            return true;
        }
        return line.isEmpty()
                || line.startsWith("SET default_tablespace = ")
                || line.startsWith("\\restrict ")
                || line.startsWith("\\unrestrict ");
    }

    /** A quoted name may contain line breaks. */
    private String wholeStatement(String first) throws IOException {
        StringBuilder statement = new StringBuilder(first);
        while (quote.isOpen()) {
            String more = lines.next();
            if (more == null) {
                break;
            }
            quote.read(more);
            statement.append('\n').append(more);
        }
        return statement.toString();
    }

    private void alteration(String statement) {
        boolean owned = ownersAndGrants && !statement.startsWith(ANY_OWNER);
        if (owned || !OWNER.matcher(statement).matches()) {
            part(statement);
        }
    }

    /** What stands before the first object sets up the session. */
    private void part(String text) {
        if (wanted) {
            sink.part(text);
        }
    }

    /** Lines are bytes as characters. */
    static String utf8(String line) {
        return new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
