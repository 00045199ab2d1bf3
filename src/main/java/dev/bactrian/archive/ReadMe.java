package dev.bactrian.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** README.txt of an archive: how to get the data back with PostgreSQL's own programs alone. */
public final class ReadMe {

    private static final String TEMPLATE = "/archive/README.txt";

    private ReadMe() {}

    /** The text for one archive. */
    public static String text(Manifest manifest) throws IOException {
        try (InputStream in = Objects.requireNonNull(ReadMe.class.getResourceAsStream(TEMPLATE), TEMPLATE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@DATABASE@", oneLine(manifest.source().database()))
                    .replace("@NAME@", oneLine(manifest.source().name()))
                    .replace("@AT@", manifest.snapshot().at().toString())
                    .replace("@SERVER@", oneLine(manifest.source().serverVersion()))
                    .replace("@PG_DUMP@", oneLine(manifest.source().pgDumpVersion()))
                    .replace("@TABLES@", Integer.toString(manifest.totals().tables()))
                    .replace("@ROWS@", Long.toString(manifest.totals().rows()))
                    .replace("@PASSWORDS@", manifest.roles().passwords() ? "with" : "without")
                    .replace("@SKIP@", skipped(manifest))
                    .replace("@LARGE_OBJECTS@", largeObjects(manifest))
                    .replace("@REFRESH@", refresh(manifest.materializedViews()));
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private static String skipped(Manifest manifest) {
        String entries = manifest.tables().stream()
                .filter(table -> table.extension() != null && table.dataEntry() != null)
                .map(table -> "   " + table.dataEntry() + "  (extension " + oneLine(table.extension()) + ")\n")
                .collect(Collectors.joining());
        return entries.isEmpty()
                ? ""
                : "\n   These tables belong to extensions, which fill them when they are created. Load them by hand\n"
                        + "   where you need their old content:\n" + entries;
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
                                + oneLine(view).replace("'", "'\\''") + "'")
                        .collect(Collectors.joining("\n"));
    }
}
