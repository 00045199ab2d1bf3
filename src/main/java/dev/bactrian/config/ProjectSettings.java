package dev.bactrian.config;

import static dev.bactrian.config.SettingName.SUPABASE;
import static dev.bactrian.config.SettingName.SUPABASE_S3_ACCESS_KEY_ID;
import static dev.bactrian.config.SettingName.SUPABASE_S3_ENDPOINT;
import static dev.bactrian.config.SettingName.SUPABASE_S3_REGION;
import static dev.bactrian.config.SettingName.SUPABASE_S3_SECRET_ACCESS_KEY;
import static dev.bactrian.config.SettingName.SUPABASE_SERVICE_ROLE_KEY;
import static dev.bactrian.config.SettingName.SUPABASE_STORAGE;
import static dev.bactrian.config.SettingName.SUPABASE_URL;

import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.SupabaseProject;
import dev.bactrian.postgres.url.SupabaseProject.Access;
import dev.bactrian.postgres.url.SupabaseProject.Recognition;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads how the files of each database's Supabase project are reached. */
final class ProjectSettings {

    private static final Pattern ADDRESS = Pattern.compile("https?://[^/?#@\\s]+(/[^?#@\\s]*)?");

    private final SettingSource source;
    private final List<String> errors;
    private final SettingValues values;

    /**
     * Prepares a reader.
     *
     * @param errors gets what is wrong
     */
    ProjectSettings(SettingSource source, List<String> errors) {
        this.source = source;
        this.errors = errors;
        this.values = new SettingValues(source, errors);
    }

    /** The databases with their projects. */
    List<Database> applyTo(List<Database> databases) {
        SupabaseSettings.OF_A_DATABASE.forEach(name -> refuseUnknownDatabases(name, databases));
        return databases.stream()
                .map(database -> database.with(new OneDatabase(database).project()))
                .toList();
    }

    private void refuseUnknownDatabases(SettingName name, List<Database> databases) {
        for (String own : source.namesStartingWith(name + "_")) {
            String database = own.substring(name.name().length() + 1).toLowerCase(Locale.ROOT);
            if (databases.stream().noneMatch(known -> known.name().equals(database))) {
                errors.add(own + " names a database that isn't configured. Set the database as DATABASE_URL_"
                        + database.toUpperCase(Locale.ROOT) + ", or remove the setting.");
            }
        }
    }

    /** The settings of one database. */
    private final class OneDatabase {
        private final Database database;

        OneDatabase(Database database) {
            this.database = database;
        }

        SupabaseProject project() {
            ProjectRefs refs = new ProjectRefs(database, errors);
            Optional<URI> url = address(SUPABASE_URL);
            url.ifPresent(api -> refs.compareAddress(named(SUPABASE_URL), api));
            Optional<String> key =
                    values.secret(named(SUPABASE_SERVICE_ROLE_KEY)).filter(this::isServiceKey);
            key.ifPresent(jwt -> refs.compareKey(named(SUPABASE_SERVICE_ROLE_KEY), jwt));
            Access access = access();
            return new SupabaseProject(
                    url.or(refs::api).orElse(null),
                    key.orElse(null),
                    access,
                    access == Access.S3 ? s3() : null,
                    recognition());
        }

        private String named(SettingName name) {
            return database.setting(name.name());
        }

        private Optional<URI> address(SettingName name) {
            Optional<String> text = source.get(named(name));
            if (text.isPresent() && !ADDRESS.matcher(text.get()).matches()) {
                errors.add(named(name) + " isn't a valid address. Write it as https://host, without a key in it.");
                return Optional.empty();
            }
            return text.map(address -> URI.create(address.replaceAll("/+$", "")));
        }

        private boolean isServiceKey(String key) {
            try {
                ServiceKey.check(key);
                return true;
            } catch (IllegalArgumentException e) {
                errors.add(named(SUPABASE_SERVICE_ROLE_KEY) + " " + e.getMessage());
                return false;
            }
        }

        private Access access() {
            return one(named(SUPABASE_STORAGE), Access.values());
        }

        /** Of a database whose name makes another setting's of it, as "url" does, the owners alone tell. */
        private Recognition recognition() {
            String name = named(SUPABASE);
            boolean others = !database.setting("").isEmpty()
                    && Arrays.stream(SettingName.values())
                            .anyMatch(other -> other.name().equals(name));
            return others ? Recognition.AUTO : one(name, Recognition.values());
        }

        /** The first of them where the setting isn't set, or is none of them. */
        private <T extends Enum<T>> T one(String name, T[] values) {
            String wanted = source.get(name).orElse(values[0].name());
            for (T value : values) {
                if (value.name().equalsIgnoreCase(wanted)) {
                    return value;
                }
            }
            errors.add(name + " is " + wanted.toLowerCase(Locale.ROOT) + ". Use one of: "
                    + Arrays.stream(values)
                            .map(value -> value.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "))
                    + ".");
            return values[0];
        }

        private SupabaseProject.@Nullable S3Access s3() {
            Optional<URI> endpoint = address(SUPABASE_S3_ENDPOINT);
            Optional<String> region = source.get(named(SUPABASE_S3_REGION));
            Optional<String> keyId = values.secret(named(SUPABASE_S3_ACCESS_KEY_ID));
            Optional<String> secret = values.secret(named(SUPABASE_S3_SECRET_ACCESS_KEY));
            if (endpoint.isEmpty() || region.isEmpty() || keyId.isEmpty() || secret.isEmpty()) {
                errors.add(named(SUPABASE_STORAGE) + " is s3, which needs " + named(SUPABASE_S3_ENDPOINT) + ", "
                        + named(SUPABASE_S3_REGION) + ", " + named(SUPABASE_S3_ACCESS_KEY_ID) + " and "
                        + named(SUPABASE_S3_SECRET_ACCESS_KEY)
                        + ". The project's dashboard shows them under Storage, S3.");
                return null;
            }
            return new SupabaseProject.S3Access(endpoint.get(), region.get(), keyId.get(), secret.get());
        }
    }
}
