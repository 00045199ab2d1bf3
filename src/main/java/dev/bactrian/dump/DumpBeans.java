package dev.bactrian.dump;

import dev.bactrian.config.Settings;
import dev.bactrian.dump.plan.SupabaseRecognition;
import dev.bactrian.dump.plan.TablePlan;
import dev.bactrian.dump.reuse.EarlierArchives;
import dev.bactrian.dump.reuse.TakenOver;
import dev.bactrian.postgres.program.PassFile;
import dev.bactrian.postgres.program.ProcessRunner;
import dev.bactrian.postgres.program.StallWatch;
import dev.bactrian.support.Version;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** What the routes name that say what is saved of a database, and save it. */
public final class DumpBeans {

    private DumpBeans() {}

    /** Binds them. */
    public static void bind(BiConsumer<String, Object> registry, Settings settings, Supplier<CamelContext> camel) {
        registry.accept("supabaseRecognition", new SupabaseRecognition(settings.supabase()));
        registry.accept(
                "tablePlan",
                new TablePlan(
                        settings.parallelism().near(),
                        settings.tablesPerDump(),
                        settings.archive().splitAbove()));
        registry.accept("passFile", new PassFile());
        registry.accept("programSettings", new ProgramSettings());
        StallWatch stalls = new StallWatch(settings.stallTimeout());
        registry.accept("stallWatch", stalls);
        registry.accept("processRunner", new ProcessRunner(stalls));
        PgPrograms.bind(registry);
        registry.accept("instants", new Instants());
        registry.accept("databaseFacts", new DatabaseFacts());
        registry.accept("extensionFacts", new ExtensionFacts());
        registry.accept("sequenceValues", new SequenceValues());
        registry.accept(
                "earlierArchives",
                new EarlierArchives(Version.text(), settings.archive().fullEvery()));
        registry.accept("takenOver", new TakenOver(camel));
    }
}
