package dev.bactrian.dump;

import dev.bactrian.archive.ArchiveSettings.Format;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.dump.plan.Plan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which entries a whole archive has that belong to no table. */
record ExpectedEntries(Set<Format> formats) {

    /** Every entry that belongs to no table, with the step that puts it there. */
    Map<String, String> files(Plan plan) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(EntryNames.SCHEMA_DUMP, "add-schema-dump");
        files.put(EntryNames.ROLES, "add-roles");
        files.put(EntryNames.SEQUENCES, "add-sequences");
        files.put(EntryNames.DATABASE, "add-database");
        files.put(EntryNames.EXTENSIONS, "add-extensions");
        if (!"SQL_ASCII".equals(plan.server().encoding())) {
            files.put(EntryNames.DEPENDENCIES, "add-dependencies");
        }
        if (plan.largeObjects() > 0) {
            files.put(EntryNames.LARGE_OBJECTS, "add-large-objects");
        }
        if (formats.contains(Format.DUMP)) {
            plan.schemas()
                    .forEach(schema -> files.put(
                            EntryNames.schemaFormatDump(
                                    schema.name(), plan.server().snapshotAt()),
                            "add-schema-format-dump"));
        }
        if (formats.contains(Format.SQL)) {
            files.put(EntryNames.SCRIPT, "add-script");
        }
        return files;
    }

    /** Of these the ones whose text a step makes before another one puts it into the archive. */
    static Map<String, String> texts(Plan plan, ArchiveContents contents) {
        Map<String, String> texts = new LinkedHashMap<>(Map.of(
                EntryNames.SCHEMA_DUMP, "pg-dump-schema",
                EntryNames.ROLES, "pg-dumpall-roles",
                EntryNames.LARGE_OBJECTS, "pg-dump-large-objects",
                EntryNames.SCRIPT, "pg-dump-script",
                EntryNames.SEQUENCES, "sequenceValues.script in direct:dump-database",
                EntryNames.DATABASE, "databaseFacts.text in direct:dump-database",
                EntryNames.EXTENSIONS, "extensionFacts.text in direct:dump-database"));
        if (!"SQL_ASCII".equals(plan.server().encoding())) {
            texts.put(EntryNames.DEPENDENCIES, "read-dependencies");
        }
        plan.schemas()
                .forEach(schema -> texts.put(
                        EntryNames.schemaFormatDump(schema.name(), plan.server().snapshotAt()), "pg-dump-one-schema"));
        texts.keySet().retainAll(contents.files().keySet());
        return texts;
    }
}
