package dev.bactrian.config;

import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.selection.NamePattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How backups are verified.
 *
 * @param server where scratch databases are made; null when backups can't be verified by a restore
 * @param cron when the latest backups are verified, in Quartz's form; null for never
 * @param skippedViews materialized views that aren't filled; each pattern has a schema
 */
public record VerifySettings(@Nullable DatabaseUrl server, @Nullable Cron cron, List<NamePattern> skippedViews) {

    public VerifySettings {
        skippedViews = List.copyOf(skippedViews);
    }

    /** Reads them; adds what is wrong to the errors. */
    static VerifySettings read(SettingSource source, List<String> errors) {
        DatabaseUrl server = new SettingValues(source, errors)
                .url(SettingName.VERIFY_DATABASE_URL.name())
                .orElse(null);
        Cron cron = cron(source, errors);
        if (cron != null && server == null && errors.isEmpty()) {
            errors.add(SettingName.VERIFY_CRON
                    + " is set, but VERIFY_DATABASE_URL isn't. Set it to a database on a server where scratch "
                    + "databases may be created.");
        }
        return new VerifySettings(
                server, cron, new SettingValues(source, errors).qualifiedPatterns(SettingName.VERIFY_SKIP_VIEWS));
    }

    private static @Nullable Cron cron(SettingSource source, List<String> errors) {
        try {
            return source.get(SettingName.VERIFY_CRON.name()).map(Cron::of).orElse(null);
        } catch (IllegalArgumentException e) {
            errors.add(SettingName.VERIFY_CRON + " " + e.getMessage());
            return null;
        }
    }
}
