package dev.bactrian.restore.steps;

import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.ReadLimits;
import dev.bactrian.config.SigningSettings;
import dev.bactrian.postgres.program.PgToolsFinder;
import dev.bactrian.restore.RestoreRuns;
import dev.bactrian.restore.definitions.DefinitionRestore;
import dev.bactrian.restore.source.Provenance;
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
     * @param connections how many connections load at once
     */
    public static void bind(
            BiConsumer<String, Object> registry, RestoreRuns restores, PgToolsFinder pgTools, int connections) {
        registry.accept("targetPreparation", new TargetPreparation(restores, pgTools, connections));
        RestorePrograms.bind(registry);
        registry.accept("definitionRestore", new DefinitionRestore());
    }
}
