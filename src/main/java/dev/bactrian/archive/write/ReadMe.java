package dev.bactrian.archive.write;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.SupabaseContents;
import dev.bactrian.selection.LeftOut;
import dev.bactrian.selection.MissingDependency;
import dev.bactrian.support.Printable;
import dev.bactrian.support.Units;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** README.txt of an archive: how to get the data back with PostgreSQL's own programs alone. */
public final class ReadMe {

    private static final String TEMPLATE = "/archive/README.txt";
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"]|\"\")*\"");
    private static final Pattern LINE_BREAKING = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");
    private static final Pattern PLACEHOLDER = Pattern.compile("@[A-Z_]+@");

    private static final int MOST_LISTED = 20;

    private ReadMe() {}

    /** The text for one archive. */
    public static String text(Manifest manifest) throws IOException {
        try (InputStream in = Objects.requireNonNull(ReadMe.class.getResourceAsStream(TEMPLATE), TEMPLATE)) {
            Map<String, String> values = Map.ofEntries(
                    Map.entry("@DATABASE@", oneLine(manifest.source().database())),
                    Map.entry("@NAME@", oneLine(manifest.source().name())),
                    Map.entry("@AT@", manifest.snapshot().at().toString()),
                    Map.entry("@SERVER@", oneLine(manifest.source().serverVersion())),
                    Map.entry("@PG_DUMP@", oneLine(manifest.source().pgDumpVersion())),
                    Map.entry("@TABLES@", Integer.toString(manifest.totals().tables())),
                    Map.entry("@ROWS@", Long.toString(manifest.totals().rows())),
                    Map.entry("@PARTIAL@", partial(manifest)),
                    Map.entry("@USERS@", users(manifest)),
                    Map.entry("@STORAGE@", storage(manifest)),
                    Map.entry("@PASSWORDS@", manifest.roles().passwords() ? "with" : "without"),
                    Map.entry("@SKIP@", skipped(manifest) + members(manifest) + JobsByHand.text(manifest)),
                    Map.entry("@LARGE_OBJECTS@", largeObjects(manifest)),
                    Map.entry("@FORMATS@", formats(manifest)),
                    Map.entry("@REFRESH@", refresh(manifest.materializedViews())));
            // All at once: a name that looks like another placeholder is a name.
            return PLACEHOLDER
                    .matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(), found.group())));
        }
    }

    /** Without anything that some program or terminal takes for the end of a line, obeys, or hides. */
    static String oneLine(String text) {
        return Printable.line(LINE_BREAKING.matcher(text).replaceAll(" "));
    }

    private static String storage(Manifest manifest) {
        SupabaseContents.Files files =
                manifest.supabase() == null ? null : manifest.supabase().storage();
        return files == null
                ? ""
                : "  storage/<bucket>/<path>                 the files of Supabase's Storage: " + files.objects()
                        + " in " + Units.counted(files.buckets(), "bucket") + "\n"
                        + "  storage/objects.json                    each of them with its type and metadata, and the "
                        + files.skew() + ", and those that were unavailable\n";
    }

    /** Nobody may take a part for the whole. */
    private static String partial(Manifest manifest) {
        if (manifest.leftOut().isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("\nThis archive is partial: the saved database has more than is in it.\n"
                + "Left out, with everything in it; manifest.json lists all, under left_out:\n");
        list(text, manifest.leftOut().stream().map(LeftOut::text).toList());
        if (!manifest.missing().isEmpty()) {
            text.append("Left out, but needed by what is in the archive; restoring what needs it reports an error:\n");
            list(text, manifest.missing().stream().map(MissingDependency::text).toList());
        }
        return text.toString();
    }

    private static void list(StringBuilder text, List<String> lines) {
        lines.stream()
                .limit(MOST_LISTED)
                .forEach(line -> text.append("   - ").append(oneLine(line)).append('\n'));
        if (lines.size() > MOST_LISTED) {
            text.append("   and ").append(lines.size() - MOST_LISTED).append(" more\n");
        }
    }

    private static String skipped(Manifest manifest) {
        String entries = manifest.tables().stream()
                .filter(table -> table.extension() != null && !RowsByHand.isLoaded(table))
                .flatMap(table -> table.rowEntries().stream()
                        .map(rows -> "   " + rows.entry() + "  (extension " + oneLine(table.extension()) + ")\n"))
                .collect(Collectors.joining());
        return entries.isEmpty()
                ? ""
                : "\n   These tables of extensions aren't loaded by it. Load them by hand where you need their old content:\n"
                        + entries;
    }

    /** In no dump of pg_dump's. */
    private static String members(Manifest manifest) {
        boolean any = manifest.extensions().stream()
                .anyMatch(extension -> !extension.relations().isEmpty() || extension.parts() > 0);
        return any
                ? "\n   Members that ALTER EXTENSION added, and what users put on tables of extensions, are missing so far:\n"
                        + "   db/extensions.json has a statement for each member and part that an extension has.\n"
                : "";
    }

    private static String users(Manifest manifest) {
        SupabaseContents.Users users =
                manifest.supabase() == null ? null : manifest.supabase().auth();
        return users == null
                ? ""
                : "  auth/users.json                         the " + Units.counted(users.users(), "user")
                        + " of the project, which are rows of auth.users and its like\n"
                        + "                                          as well; bactrian import-users puts them into an empty\n"
                        + "                                          project; users.schema.json describes the file\n";
    }

    private static String formats(Manifest manifest) {
        List<String> dumps = manifest.files().keySet().stream()
                .filter(EntryNames::isFormatDump)
                .toList();
        StringBuilder text = new StringBuilder();
        if (!dumps.isEmpty()) {
            text.append("\n\nRestore one schema from its dump\n--------------------------------\n")
                    .append("One whole schema each, in pg_dump's custom format; what it needs of other schemas, and\n")
                    .append("extensions, must be there already:\n");
            dumps.forEach(dump -> text.append("   pg_restore --dbname=\"$TARGET\" ")
                    .append(dump)
                    .append('\n'));
        }
        if (manifest.files().containsKey(EntryNames.SCRIPT)) {
            text.append("\n\nRestore everything from one script\n----------------------------------\n")
                    .append("The whole database without owners and grants, for an empty database:\n")
                    .append("   psql --quiet --no-psqlrc --output=/dev/null \"$TARGET\" -f ")
                    .append(EntryNames.SCRIPT)
                    .append('\n');
        }
        return text.toString();
    }

    private static String largeObjects(Manifest manifest) {
        return manifest.largeObjects() == 0
                ? "   (there are none in this archive)"
                : "   pg_restore --dbname=\"$TARGET\" " + EntryNames.LARGE_OBJECTS;
    }

    private static String refresh(List<String> views) {
        return views.isEmpty()
                ? "   (there are none in this archive)"
                : views.stream()
                        .map(view -> "   psql \"$TARGET\" -c '" + "REFRESH MATERIALIZED VIEW "
                                + inOneLine(view).replace("'", "'\\''") + "'")
                        .collect(Collectors.joining("\n"));
    }

    /** A quoted name with its line breaks and the like as escapes (PostgreSQL manual, "Identifiers and Key Words"). */
    private static String inOneLine(String name) {
        if (name.equals(oneLine(name))) {
            return name;
        }
        String escaped = QUOTED.matcher(name.replace("\\", "\\\\"))
                .replaceAll(part -> Matcher.quoteReplacement("U&" + part.group()));
        StringBuilder line = new StringBuilder();
        escaped.codePoints().forEach(character -> {
            if (Printable.isUnsafe(character)) {
                line.append(String.format(Locale.ROOT, character > 0xffff ? "\\+%06X" : "\\%04X", character));
            } else {
                line.appendCodePoint(character);
            }
        });
        return line.toString();
    }
}
