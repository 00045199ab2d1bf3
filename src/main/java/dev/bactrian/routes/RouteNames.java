package dev.bactrian.routes;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What route files name that has to be there: endpoints, beans, queries. */
final class RouteNames {

    final Set<Endpoint> endpoints = new LinkedHashSet<>();
    final Set<Bean> beans = new LinkedHashSet<>();
    final Set<Query> queries = new LinkedHashSet<>();
    final RouteTemplates templates = new RouteTemplates();
    final Set<Declared> declared = new LinkedHashSet<>();

    /** A line of a file, as editors and compilers write it. */
    record Place(String file, int line) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /**
     * An endpoint's address.
     *
     * @param options names of its parameters, wherever they are written
     * @param served whether a route begins there, instead of calling it
     */
    record Endpoint(Place place, String uri, Set<String> options, boolean served) {

        String scheme() {
            int colon = uri.indexOf(':');
            return colon < 0 ? "" : uri.substring(0, colon);
        }

        /** What follows the scheme, without parameters. */
        String path() {
            String path = uri.substring(uri.indexOf(':') + 1).replaceFirst("^//", "");
            int query = path.indexOf('?');
            return query < 0 ? path : path.substring(0, query);
        }
    }

    /** A bean; the method is null where none is named, or where it is known only at run time. */
    record Bean(Place place, String name, @Nullable String method) {}

    /** What may be there once: a route, a template or a bean, by its name. */
    record Declared(String what, Place place) {}

    /** A file of {@code sql/}. */
    record Query(Place place, String file) {}
}
