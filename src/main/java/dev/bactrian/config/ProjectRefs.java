package dev.bactrian.config;

import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.SupabaseAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a database, an API address and a key are of one Supabase project. An address of one's own (custom domain,
 * self-hosted) names no project, and neither does a key of the form {@code sb_secret_…}: these can't be compared.
 */
final class ProjectRefs {

    private static final Pattern API = Pattern.compile("(?<ref>[a-z]{20})\\.(?:storage\\.)?supabase\\.co");

    private final Database database;
    private final String ofDatabase;
    private final List<String> errors;

    /**
     * Prepares the comparison with one database.
     *
     * @param errors gets what is wrong
     */
    ProjectRefs(Database database, List<String> errors) {
        this.database = database;
        this.ofDatabase = SupabaseAddress.of(database.url()).project();
        this.errors = errors;
    }

    /** The API's address of the project that the database's own address names; empty when it names none. */
    Optional<URI> api() {
        return ofDatabase.isEmpty()
                ? Optional.empty()
                : Optional.of(URI.create("https://" + ofDatabase + ".supabase.co"));
    }

    void compareAddress(String setting, URI api) {
        Matcher matcher = API.matcher(String.valueOf(api.getHost()).toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            compare(setting, matcher.group("ref"));
        }
    }

    void compareKey(String setting, String key) {
        compare(setting, ServiceKey.project(key));
    }

    private void compare(String setting, String ref) {
        if (!ref.isEmpty() && !ofDatabase.isEmpty() && !ref.equals(ofDatabase)) {
            errors.add(setting + " belongs to the project " + ref + ", but the URL of the database " + database.name()
                    + " belongs to the project " + ofDatabase + ". Take both from the same project's dashboard.");
        }
    }
}
