package dev.bactrian.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The database itself, as {@code CREATE DATABASE}, {@code ALTER DATABASE} and {@code ALTER ROLE … IN DATABASE} make it:
 * {@code db/database.json} of an archive, and without the settings' values, which may be secrets, in the manifest.
 *
 * @param connectionLimit -1 for none
 * @param localeProvider {@code libc}, {@code icu} or {@code builtin}
 * @param locale of that provider; null for libc's, which {@code collate} and {@code ctype} name
 * @param icuRules collation rules on top of the ICU locale's
 * @param grants all of them, those of PUBLIC and of the owner included
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SavedDatabase(
        String owner,
        @Nullable String comment,
        int connectionLimit,
        boolean template,
        String encoding,
        String tablespace,
        String localeProvider,
        String collate,
        String ctype,
        @Nullable String locale,
        @Nullable String icuRules,
        List<Grant> grants,
        List<Setting> settings,
        List<Label> labels) {

    public SavedDatabase {
        grants = Objects.requireNonNullElse(grants, List.of());
        settings = Objects.requireNonNullElse(settings, List.of());
        labels = Objects.requireNonNullElse(labels, List.of());
    }

    /** A right on the database; to PUBLIC where the grantee is empty. */
    public record Grant(String grantee, String privilege, boolean grantable) {}

    /**
     * A setting of every session in the database.
     *
     * @param role whose sessions; empty for all
     * @param value as PostgreSQL keeps it (pg_db_role_setting); null in a manifest
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Setting(String role, String name, @Nullable String value) {}

    /** A security label. */
    public record Label(String provider, String label) {}

    /** As a manifest has it, which is in clear text next to an encrypted archive. */
    public SavedDatabase withoutValues() {
        return new SavedDatabase(
                owner,
                comment,
                connectionLimit,
                template,
                encoding,
                tablespace,
                localeProvider,
                collate,
                ctype,
                locale,
                icuRules,
                grants,
                settings.stream()
                        .map(setting -> new Setting(setting.role(), setting.name(), null))
                        .toList(),
                labels);
    }
}
