package dev.bactrian.app;

import dev.bactrian.backup.Snapshots;
import dev.bactrian.check.DatabaseFindings;
import dev.bactrian.config.Settings;
import dev.bactrian.dump.DumpBeans;
import dev.bactrian.postgres.program.PgToolsFinder;
import dev.bactrian.supabase.auth.AuthBeans;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** What the routes name that look at a database, and save it: all that a check needs. Binding them opens nothing. */
final class DatabaseBeans {

    private DatabaseBeans() {}

    static void bind(
            BiConsumer<String, Object> registry,
            Supplier<CamelContext> camel,
            Settings settings,
            PgToolsFinder pgTools) {
        registry.accept("snapshots", new Snapshots(camel, settings.restoreWait(), settings.parallelism()));
        registry.accept("pgTools", pgTools);
        DumpBeans.bind(registry, settings, camel);
        AuthBeans.bind(registry, camel);
        FileBeans.bind(registry, camel, settings.files());
        registry.accept("databaseFindings", new DatabaseFindings.Steps());
    }
}
