package dev.bactrian.page;

import dev.bactrian.http.page.PageFiles;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which files a first visit of the page needs: what {@code index.html} names, and what those import. */
final class PageImports {

    /** Scripts, styles, modules loaded ahead and the icon; static imports; files that a module fetches from beside itself. */
    private static final Pattern NAMED = Pattern.compile(
            "<(?:link|script)\\b[^>]*(?:src|href)=\"(?<named>[^\"]+)\""
                    + "|(?:^|[;}])\\s*(?:import|export)\\s*(?:[\\w*{}$,\\s]+?from)?\\s*['\"](?<imported>[^'\"]+)['\"]"
                    + "|new URL\\(['\"](?<beside>[^'\"]+)['\"], import\\.meta\\.url\\)",
            Pattern.MULTILINE);

    private PageImports() {}

    /**
     * Paths from {@code /} on, in the order of their names.
     *
     * @param text gives the text of the file at a path
     */
    static Set<String> of(UnaryOperator<String> text) {
        Set<String> found = new TreeSet<>(Set.of("/"));
        Deque<String> open = new ArrayDeque<>(found);
        while (!open.isEmpty()) {
            String path = open.pop();
            NAMED.matcher(text.apply(path)).results().forEach(match -> {
                String named = Stream.of(match.group(1), match.group(2), match.group(3))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow();
                String target = URI.create(path).resolve(named).toString();
                if (target.startsWith(PageFiles.PATH) && found.add(target)) {
                    open.push(target);
                }
            });
        }
        return found;
    }
}
