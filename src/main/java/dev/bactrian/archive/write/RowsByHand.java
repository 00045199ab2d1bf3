package dev.bactrian.archive.write;

import dev.bactrian.archive.DataEntry;
import dev.bactrian.archive.Manifest;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code load-data.sh} loads, and in which order. */
public final class RowsByHand {

    private static final String EXTENSION = "extension ";

    private RowsByHand() {}

    /**
     * {@code db/data-files.txt}: an entry per line, with a word before those of extensions, which come first: what checks
     * the rows of other tables may look into them.
     */
    public static String files(Manifest manifest) {
        Predicate<Manifest.TablePart> ofExtension = table -> table.extension() != null;
        return Stream.concat(
                        entries(manifest, ofExtension.and(RowsByHand::isLoaded)).map(entry -> EXTENSION + entry),
                        entries(manifest, ofExtension.negate()))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static Stream<String> entries(Manifest manifest, Predicate<Manifest.TablePart> of) {
        return manifest.tables().stream()
                .filter(of)
                .flatMap(table -> table.rowEntries().stream())
                .map(DataEntry::entry);
    }

    /** Jobs have a way of their own, by which they come back paused; the script reads names line by line. */
    static boolean isLoaded(Manifest.TablePart table) {
        String name = table.schema() + table.name();
        return !JobsByHand.are(table) && name.equals(ReadMe.oneLine(name));
    }
}
