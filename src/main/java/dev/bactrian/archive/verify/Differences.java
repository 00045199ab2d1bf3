package dev.bactrian.archive.verify;

import dev.bactrian.support.Printable;
import java.util.ArrayList;
import java.util.List;

/** Collects what isn't as it should be, up to a limit. */
final class Differences {

    private static final int LONGEST = 500;

    private final List<String> found = new ArrayList<>();
    private int more;

    void add(String difference) {
        if (found.size() < ArchiveReport.MOST_DIFFERENCES - 1) {
            found.add(shown(difference));
        } else {
            more++;
        }
    }

    List<String> all() {
        List<String> all = new ArrayList<>(found);
        if (more > 0) {
            all.add("And " + more + " more.");
        }
        return all;
    }

    /** What an archive holds may be anything: it must not steer a terminal, nor fill it. */
    static String shown(String text) {
        String printable = Printable.line(text);
        return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST) + "…";
    }
}
