package dev.bactrian.postgres.url;

import dev.bactrian.selection.Filters;
import java.util.Locale;

/**
 * A database that can be backed up, under the name that requests and commands use.
 *
 * @param name {@code default}, or the lower-cased end of {@code DATABASE_URL_<NAME>}
 * @param filters what the settings leave out of it
 * @param project how the files are reached that belong to it, where it is a Supabase project's
 */
public record Database(String name, DatabaseUrl url, Filters filters, SupabaseProject project) {

    /** A database of which everything is saved. */
    public Database(String name, DatabaseUrl url) {
        this(name, url, Filters.none(), SupabaseProject.UNKNOWN);
    }

    /** The setting that holds for this database alone: its name as it is for {@code default}, with this one's at its end else. */
    public String setting(String general) {
        return "default".equals(name) ? general : general + "_" + name.toUpperCase(Locale.ROOT);
    }

    /** How it is told whether it is a Supabase project's. */
    public SupabaseProject.Recognition recognition() {
        return project.recognition();
    }

    /** The same database with these filters. */
    public Database with(Filters others) {
        return new Database(name, url, others, project);
    }

    /** The same database with this project. */
    public Database with(SupabaseProject other) {
        return new Database(name, url, filters, other);
    }
}
