package dev.bactrian.config;

import static dev.bactrian.config.SettingName.BACKUP_ENCRYPT_TO;
import static dev.bactrian.config.SettingName.BACKUP_EXCLUDE_BUCKETS;
import static dev.bactrian.config.SettingName.BACKUP_INCLUDE_BUCKETS;
import static dev.bactrian.config.SettingName.BACKUP_STORAGE_INCREMENTAL;
import static dev.bactrian.config.SettingName.BACKUP_STORAGE_PARALLELISM;
import static dev.bactrian.config.SettingName.BACKUP_STORAGE_SKEW_LIMIT;

import dev.bactrian.selection.BucketFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the files of Supabase projects are saved.
 *
 * @param parallelism how many are fetched at once for one backup
 * @param skewLimit how many may be lacking
 * @param incremental whether unchanged ones are taken from the last archive
 * @param buckets which buckets of each database
 */
public record FileSettings(
        int parallelism, SkewLimit skewLimit, boolean incremental, Map<String, BucketFilter> buckets) {

    private static final int MOST_PARALLEL = 64;

    public FileSettings {
        buckets = Map.copyOf(buckets);
    }

    /** Reads them; adds what is wrong to the errors. */
    static FileSettings read(SettingSource source, List<String> databases, List<String> errors) {
        SettingValues values = new SettingValues(source, errors);
        for (SettingName name : List.of(BACKUP_INCLUDE_BUCKETS, BACKUP_EXCLUDE_BUCKETS)) {
            values.refuseUnknownDatabases(name, databases);
        }
        Map<String, BucketFilter> buckets = new HashMap<>();
        databases.forEach(database -> buckets.put(
                database,
                BucketFilter.of(
                        of(source, BACKUP_INCLUDE_BUCKETS, database), of(source, BACKUP_EXCLUDE_BUCKETS, database))));
        return new FileSettings(
                values.number(BACKUP_STORAGE_PARALLELISM, 1, MOST_PARALLEL),
                values.parsed(BACKUP_STORAGE_SKEW_LIMIT, SkewLimit::of).orElse(new SkewLimit(0, false)),
                incremental(values),
                buckets);
    }

    private static boolean incremental(SettingValues values) {
        boolean wanted = values.flag(BACKUP_STORAGE_INCREMENTAL);
        if (wanted && values.source.get(BACKUP_ENCRYPT_TO.name()).isPresent()) {
            values.errors.add(BACKUP_STORAGE_INCREMENTAL + " is true, but archives are encrypted (" + BACKUP_ENCRYPT_TO
                    + "), and a backup can't take files from an archive that it can't read. Set only one of them.");
        }
        return wanted;
    }

    /** What holds for a database: its own setting, else the general one. */
    private static String of(SettingSource source, SettingName name, String database) {
        return source.get(name + "_" + database.toUpperCase(Locale.ROOT))
                .or(() -> source.get(name.name()))
                .orElse("");
    }
}
