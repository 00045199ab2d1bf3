package dev.bactrian.restore.steps;

import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.ReadLimits;
import dev.bactrian.config.SigningSettings;
import dev.bactrian.postgres.program.PgToolsFinder;
import dev.bactrian.restore.RestoreRuns;
import dev.bactrian.restore.definitions.DefinitionRestore;
import dev.bactrian.restore.source.Provenance;
import dev.bactrian.run.Workers;
import java.util.function.BiConsumer;

/** What the routes name that put an archive's content into a database. */
public final class RestoreBeans {

    private RestoreBeans() {}

    /** Binds what reads manifests, and says where archives come from. */
    public static void bindOrigins(BiConsumer<String, Object> registry, SigningSettings signing) {
        registry.accept("manifestText", new ManifestText(ReadLimits.HERE));
        registry.accept("provenance", new Provenance(signing.required(), signing.trusted()));
    }

    /**
     * Binds them.
     *
     * @param workers how many tables are loaded at once, by the distance of the target
     */
    public static void bind(
            BiConsumer<String, Object> registry, RestoreRuns restores, PgToolsFinder pgTools, Workers workers) {
        registry.accept("targetPreparation", new TargetPreparation(restores, pgTools, workers));
        RestorePrograms.bind(registry);
        registry.accept("definitionRestore", new DefinitionRestore());
    }
}
