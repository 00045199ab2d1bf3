package dev.bactrian.restore.ddl;

import dev.bactrian.postgres.script.OpenQuote;
import dev.bactrian.postgres.script.SchemaEntry;
import dev.bactrian.postgres.script.ScriptLines;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The definitions that {@code pg_restore --verbose --file=…} printed, by their headers. The text stays in the file: a
 * database may have hundreds of thousands of objects.
 */
final class DefinitionScript {

    /** Lines are read byte by byte, and some letters have a byte that would end a line: that of U+0085. */
    private static final Pattern NAME = Pattern.compile(
            "-- Name: (.*); Type: ([A-Z ]+); Schema: (.*?); Owner: (.*?)(?:; Tablespace: .*)?", Pattern.DOTALL);

    private static final Pattern SETTING =
            Pattern.compile("SET (default_tablespace|default_table_access_method) = (.*);");
    private static final Map<String, String> DEFAULTS =
            Map.of("default_tablespace", "''", "default_table_access_method", "heap");

    private final Path file;
    private final List<ScriptEntry> entries;

    private DefinitionScript(Path file, List<ScriptEntry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /** Finds the entries of a script, in its order. */
    static DefinitionScript read(Path file, boolean postData) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return new DefinitionScript(file, new Reader(postData).all(new ScriptLines(in)));
        }
    }

    List<ScriptEntry> entries() {
        return entries;
    }

    /** An entry's statements, each byte a character (ISO 8859-1), as they came out of the dump. */
    String text(ScriptEntry entry) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(entry.to() - entry.from())];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(entry.from());
            in.readFully(bytes);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** One pass through the script. */
    private static final class Reader {
        private final boolean postData;
        private final List<ScriptEntry> found = new ArrayList<>();
        private final OpenQuote quote = new OpenQuote();
        private final Map<String, String> settings = new TreeMap<>(DEFAULTS);
        private long position;
        private @Nullable SchemaEntry header;
        private @Nullable Matcher name;
        private String before = "";
        private long from;
        /** Where the lines that end an entry begin: empty ones, settings of the next one, and the line above its header. */
        private long end;

        Reader(boolean postData) {
            this.postData = postData;
        }

        List<ScriptEntry> all(ScriptLines lines) throws IOException {
            for (String line = lines.next(); line != null; line = lines.next()) {
                boolean quoted = quote.isOpen();
                quote.read(line);
                SchemaEntry next = quoted ? null : SchemaEntry.parse(line);
                position += line.length() + 1L;
                if (next != null) {
                    finish();
                    header = next;
                    name = null;
                    from = position;
                    end = position;
                } else if (quoted || !passOver(line)) {
                    end = position;
                } else if (end == from) {
                    from = position;
                    end = position;
                }
            }
            if (quote.isOpen()) {
                throw new IOException("The schema dump ends inside a quoted text");
            }
            finish();
            return List.copyOf(found);
        }

        /** Whether a line outside of quotes is none of the entry's statements. */
        private boolean passOver(String line) {
            if (line.startsWith("--")) {
                SchemaEntry open = header;
                if (open != null && name == null) {
                    header = open.withDependencies(line);
                    Matcher named = NAME.matcher(line);
                    if (named.matches()) {
                        name = named;
                        before = settingsNow();
                    }
                }
                return true;
            }
            Matcher setting = SETTING.matcher(line);
            if (setting.matches()) {
                settings.put(setting.group(1), setting.group(2));
                return true;
            }
            return line.isEmpty() || line.startsWith("\\restrict ") || line.startsWith("\\unrestrict ");
        }

        private String settingsNow() {
            return settings.entrySet().stream()
                    .filter(setting -> !setting.getValue().equals(DEFAULTS.get(setting.getKey())))
                    .map(setting -> "SET " + setting.getKey() + " = " + setting.getValue() + ";\n")
                    .collect(Collectors.joining());
        }

        private void finish() throws IOException {
            SchemaEntry open = header;
            Matcher named = name;
            if (open == null) {
                return;
            }
            if (named == null) {
                throw new IOException("The schema dump has an entry without a name");
            }
            found.add(new ScriptEntry(
                    open.id(),
                    open.catalog(),
                    open.oid(),
                    postData,
                    named.group(2),
                    "-".equals(named.group(3)) ? "" : utf8(named.group(3)),
                    utf8(named.group(1)),
                    utf8(named.group(4)),
                    open.dependencies(),
                    before,
                    from,
                    Math.max(from, end)));
        }

        private static String utf8(String text) {
            return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
    }
}
