package dev.bactrian.retention;

import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.StoreKeys;
import dev.bactrian.config.RetentionRules;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.schedule.SettingsAtRunTime;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** What the routes of retention ask for: the rules that hold, the plan, and whether an archive may be touched. */
public final class Retention {

    private static final String NOTHING_DELETED = "Nothing was deleted.";

    private final RetentionRules configured;
    private final SettingsAtRunTime settings;
    private final StoreKeys keys;

    /**
     * Prepares.
     *
     * @param configured the rules where nobody has set others at run time
     */
    public Retention(RetentionRules configured, SettingsAtRunTime settings, StoreKeys keys) {
        this.configured = configured;
        this.settings = settings;
        this.keys = keys;
    }

    /**
     * The rules that hold: those set at run time, else those of the configuration.
     *
     * @param settings rows of system_settings_kv
     * @param proposed what somebody wants to see the plan of instead; null for nobody
     * @throws ProblemException when those can't be read: then nothing may be deleted
     */
    public RetentionRules rules(
            @Body List<Map<String, Object>> settings,
            @ExchangeProperty("proposedRules") @Nullable RetentionRules proposed) {
        if (proposed != null) {
            return proposed;
        }
        for (Map<String, Object> row : settings) {
            if (SettingsAtRunTime.RETENTION.equals(row.get("key"))) {
                try {
                    return RetentionRules.fromJson(String.valueOf(row.get("value")));
                } catch (IllegalArgumentException e) {
                    throw refused(
                            "The setting retention in system_settings_kv is invalid: " + e.getMessage(),
                            "Correct it, or delete its row to use the configuration.");
                }
            }
        }
        return configured;
    }

    /**
     * What is to be deleted, in any order: an archive that can't be deleted ends a run, and mustn't be the first of each.
     */
    public List<Decision> inAnyOrder(@ExchangeProperty("plan") RetentionPlan plan) {
        List<Decision> deletions = new ArrayList<>(plan.deletions());
        Collections.shuffle(deletions);
        return deletions;
    }

    /** One database as {@link #plans} wants it: a text isn't taken for a collection. */
    public List<String> onlyOne(@ExchangeProperty("database") String database) {
        return List.of(database);
    }

    /**
     * The time zone that holds: that of the schedules.
     *
     * @param proposed another one to see the plan in; null for none
     */
    public ZoneId zone(
            @Body List<Map<String, Object>> settings, @ExchangeProperty("proposedZone") @Nullable ZoneId proposed) {
        return proposed != null ? proposed : this.settings.with(settings).zone().value();
    }

    /**
     * A plan per database.
     *
     * @param rows of backups that are kept, as find-kept-backups.sql has them
     * @param zone whose days, weeks and months count
     * @param only databases that are meant; null for all
     */
    public List<RetentionPlan> plans(
            @Body List<Map<String, Object>> rows,
            @ExchangeProperty("rules") RetentionRules rules,
            @ExchangeProperty("zone") ZoneId zone,
            @ExchangeProperty("databases") @Nullable Collection<String> only) {
        Map<String, List<KeptBackup>> byDatabase = new TreeMap<>();
        Instant now = Instant.MAX;
        for (Map<String, Object> row : rows) {
            // The clock that wrote the other times.
            now = instant(row, "asked_at");
            KeptBackup backup = backup(row);
            if (only == null || only.contains(backup.database())) {
                byDatabase
                        .computeIfAbsent(backup.database(), name -> new ArrayList<>())
                        .add(backup);
            }
        }
        List<RetentionPlan> plans = new ArrayList<>();
        for (Map.Entry<String, List<KeptBackup>> entry : byDatabase.entrySet()) {
            plans.add(RetentionPlan.of(rules, entry.getKey(), entry.getValue(), now, zone));
        }
        return plans;
    }

    /**
     * Whether an archive is Bactrian's, and this row's: its key is one that Bactrian gives, and the manifest beside it names the
     * row. A manifest that is gone already is the trace of a deletion that didn't get to its end.
     */
    public boolean owns(
            @Body @Nullable String manifest,
            @ExchangeProperty("key") String key,
            @ExchangeProperty("backupId") Object id,
            @ExchangeProperty("begunReason") @Nullable String begunReason) {
        if (!keys.isArchive(key)) {
            return false;
        }
        return manifest == null
                ? begunReason != null
                : ManifestJson.text(manifest, "/backup_id").equalsIgnoreCase(id.toString());
    }

    /**
     * Backups whose archives should be in the store, and aren't in its list.
     *
     * @param stored keys of archives, listed after the plan was made
     */
    public List<KeptBackup> unlisted(@Body List<String> stored, @ExchangeProperty("plan") RetentionPlan plan) {
        Set<String> there = Set.copyOf(stored);
        return plan.decisions().stream()
                .map(Decision::backup)
                .filter(backup -> backup.deletionReason() == null)
                .filter(backup -> keys.isArchive(backup.key()) && !there.contains(backup.key()))
                .toList();
    }

    /** Refuses to delete anything of a database whose newest backup isn't in the store as the history has it. */
    public void confirmNewest(
            @ExchangeProperty("newest") Map<String, Object> newest,
            @ExchangeProperty("manifestText") @Nullable String manifest,
            @Header("storedSize") long size) {
        boolean whole = manifest != null
                && ManifestJson.text(manifest, "/backup_id").equals(String.valueOf(newest.get("id")))
                && Objects.equals(newest.get("size_bytes"), size)
                && (newest.get("manifest_sha256") == null
                        || newest.get("manifest_sha256").equals(ManifestText.sha256(manifest)));
        if (!whole) {
            throw refused(
                    "The newest backup of " + newest.get("database") + " in the store isn't the one in the history: "
                            + newest.get("s3_key") + ".",
                    "Find out what happened to it, and make a new backup.");
        }
    }

    private static KeptBackup backup(Map<String, Object> row) {
        Object begunReason = row.get("archive_delete_reason");
        return new KeptBackup(
                (UUID) Objects.requireNonNull(row.get("id")),
                String.valueOf(row.get("database")),
                instant(row, "made_at"),
                Boolean.TRUE.equals(row.get("partial")),
                String.valueOf(row.get("s3_key")),
                row.get("size_bytes") instanceof Number size ? size.longValue() : 0,
                begunReason == null ? null : begunReason.toString());
    }

    private static Instant instant(Map<String, Object> row, String column) {
        return ((Timestamp) Objects.requireNonNull(row.get(column))).toInstant();
    }

    private static ProblemException refused(String cause, String remedy) {
        return new ProblemException(new Problem(cause, NOTHING_DELETED, remedy), null);
    }
}
