package dev.bactrian.config;

import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.selection.NamePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads single values of each kind, and collects what is wrong with them. */
class SettingValues {

    private static final int SHORTEST_KEY = 16;

    final SettingSource source;
    final List<String> errors;

    SettingValues(SettingSource source) {
        this(source, new ArrayList<>());
    }

    /**
     * Prepares a reader of some of the settings.
     *
     * @param errors gets what is wrong, beside what others found
     */
    SettingValues(SettingSource source, List<String> errors) {
        this.source = source;
        this.errors = errors;
    }

    final Optional<String> secret(SettingName name) {
        return secret(name.name());
    }

    /** As {@link #secret(SettingName)}, for names that end in a database's. */
    final Optional<String> secret(String name) {
        try {
            return source.secret(name);
        } catch (IllegalArgumentException e) {
            errors.add(name + " " + e.getMessage());
            return Optional.empty();
        }
    }

    /** A database's address, which is a secret. */
    final Optional<DatabaseUrl> url(String name) {
        try {
            return secret(name)
                    .map(DatabaseUrl::parse)
                    .map(url -> flag(SettingName.DATABASE_IPV4_ONLY) ? url.overIpv4() : url);
        } catch (IllegalArgumentException e) {
            errors.add(name + " " + e.getMessage());
            return Optional.empty();
        }
    }

    /** What callers of the API show. */
    final @Nullable String apiKey(boolean needed) {
        Optional<String> key = key(SettingName.BACKUP_API_KEY);
        if (key.isEmpty() && needed) {
            errors.add("BACKUP_API_KEY is not set. Set it to a long random text, for example the output of: openssl "
                    + "rand -hex 32");
        }
        return key.orElse(null);
    }

    /** What callers show who may restore, too. */
    final @Nullable String restoreKey(@Nullable String apiKey) {
        Optional<String> key = key(SettingName.RESTORE_API_KEY);
        if (key.isPresent() && key.get().equals(apiKey)) {
            errors.add("RESTORE_API_KEY is the same as BACKUP_API_KEY, so every client that may back up could also "
                    + "restore. Set it to a different key, for example the output of: openssl rand -hex 32");
        }
        return key.orElse(null);
    }

    /** A text that nobody may guess. */
    final Optional<String> key(SettingName name) {
        Optional<String> key = secret(name);
        if (key.isPresent() && key.get().length() < SHORTEST_KEY) {
            errors.add(name + " is shorter than " + SHORTEST_KEY
                    + " characters. Set a longer one, for example the output of: openssl rand -hex 32");
        }
        return key;
    }

    /** A setting that is meant for a database and reaches none would hold for nobody in silence. */
    final void refuseUnknownDatabases(SettingName name, List<String> databases) {
        for (String own : source.namesStartingWith(name + "_")) {
            if (!databases.contains(own.substring(name.name().length() + 1).toLowerCase(Locale.ROOT))) {
                errors.add(own + " names a database that isn't configured. It must end in one of: "
                        + String.join(", ", databases).toUpperCase(Locale.ROOT) + ".");
            }
        }
    }

    final String text(SettingName name) {
        String fallback = name.defaultValue();
        return source.get(name.name()).orElse(fallback == null ? "" : fallback);
    }

    /** Patterns for tables and what is like them, each with a schema: one without would mean what a search path finds. */
    final List<NamePattern> qualifiedPatterns(SettingName name) {
        List<NamePattern> patterns = new ArrayList<>();
        for (String text : NamePattern.split(text(name))) {
            try {
                NamePattern pattern = NamePattern.ofTables(text);
                if (pattern.schema() == null) {
                    errors.add(name + " can't be used. The pattern " + text
                            + " names no schema. Write schema.table, or *.table.");
                }
                patterns.add(pattern);
            } catch (IllegalArgumentException e) {
                errors.add(name + " can't be used. " + e.getMessage());
            }
        }
        return patterns;
    }

    final boolean flag(SettingName name) {
        return oneOf(name, Set.of("true", "false")).equals("true");
    }

    /** The value, or where it is none of those allowed an error and what may take its place until all are reported. */
    final String oneOf(SettingName name, Set<String> allowed, String otherwise) {
        String value = oneOf(name, allowed);
        return allowed.contains(value) ? value : otherwise;
    }

    final String oneOf(SettingName name, Set<String> allowed) {
        String value = text(name).toLowerCase(Locale.ROOT);
        if (!allowed.contains(value)) {
            errors.add(name + " is " + value + ". Use one of: "
                    + String.join(", ", allowed.stream().sorted().toList()) + ".");
        }
        return value;
    }

    final int number(SettingName name, int least, int most) {
        return parsed(name, text -> {
                    int value = Integer.parseInt(text);
                    if (value < least || value > most) {
                        throw new IllegalArgumentException();
                    }
                    return value;
                })
                .orElseGet(() -> {
                    errors.set(
                            errors.size() - 1,
                            name + " is " + text(name) + ". Use a whole number from " + least + " to " + most + ".");
                    return 0;
                });
    }

    final <T> Optional<T> parsed(SettingName name, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(text(name)));
        } catch (IllegalArgumentException e) {
            errors.add(name + " is " + text(name) + ". " + e.getMessage());
            return Optional.empty();
        }
    }
}
