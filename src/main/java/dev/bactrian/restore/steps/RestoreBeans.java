package dev.bactrian.restore.steps;

import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.ReadLimits;
import dev.bactrian.config.SigningSettings;
import dev.bactrian.postgres.program.PgToolsFinder;
import dev.bactrian.restore.RestoreRuns;
import dev.bactrian.restore.definitions.DatabaseSettings;
import dev.bactrian.restore.definitions.DefinitionRestore;
import dev.bactrian.restore.definitions.ExtensionMembers;
import dev.bactrian.restore.definitions.MaterializedViews;
import dev.bactrian.restore.plan.RestorePlanner;
import dev.bactrian.restore.rows.CronJobs;
import dev.bactrian.restore.rows.ExtensionOrder;
import dev.bactrian.restore.rows.LargeObjects;
import dev.bactrian.restore.rows.Sequences;
import dev.bactrian.restore.rows.TableLoader;
import dev.bactrian.restore.source.OriginWarning;
import dev.bactrian.restore.source.Provenance;
import dev.bactrian.restore.target.TargetDefinitions;
import java.util.function.BiConsumer;

/** What the routes name that put an archive's content into a database. */
public final class RestoreBeans {

    private RestoreBeans() {}

    /** Binds what reads manifests, and says where archives come from. */
    public static void bindOrigins(BiConsumer<String, Object> registry, SigningSettings signing) {
        registry.accept("manifestText", new ManifestText(ReadLimits.HERE));
        registry.accept("provenance", new Provenance(signing.required(), signing.trusted()));
        registry.accept("originWarning", new OriginWarning());
    }

    /**
     * Binds them.
     *
     * @param connections how many connections load at once
     */
    public static void bind(
            BiConsumer<String, Object> registry, RestoreRuns restores, PgToolsFinder pgTools, int connections) {
        registry.accept("savedFiles", new SavedFiles());
        registry.accept("targetPreparation", new TargetPreparation(restores, pgTools, connections));
        registry.accept("restorePlanner", new RestorePlanner());
        registry.accept("targetDefinitions", new TargetDefinitions());
        registry.accept("droppedTables", new DroppedTables());
        RestorePrograms.bind(registry);
        registry.accept("definitionRestore", new DefinitionRestore());
        registry.accept("extensionMembers", new ExtensionMembers());
        registry.accept("extensionOrder", new ExtensionOrder());
        registry.accept("tableLoader", new TableLoader());
        registry.accept("sequences", new Sequences());
        registry.accept("postLoad", new PostLoad());
        registry.accept("materializedViews", new MaterializedViews());
        registry.accept("cronJobs", new CronJobs());
        registry.accept("vaultSecrets", new VaultSecrets());
        registry.accept("largeObjects", new LargeObjects());
        registry.accept("databaseSettings", new DatabaseSettings());
        registry.accept("comparison", new Comparison());
        registry.accept("meaningComparison", new MeaningComparison());
    }
}
