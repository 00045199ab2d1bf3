package dev.bactrian.app;

import dev.bactrian.config.FileSettings;
import dev.bactrian.store.ProjectFiles;
import dev.bactrian.supabase.storage.FilePlans;
import dev.bactrian.supabase.storage.PreviousFiles;
import dev.bactrian.supabase.storage.SkewCheck;
import dev.bactrian.supabase.storage.StorageFiles;
import dev.bactrian.supabase.storage.upload.FileUploads;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;

/** What {@code routes/backup/supabase/storage-files.camel.yaml} and {@code routes/restore/restore-files.camel.yaml} refer to. */
final class FileBeans {

    private FileBeans() {}

    static void bind(BiConsumer<String, Object> registry, Supplier<CamelContext> camel, FileSettings settings) {
        registry.accept("filePlans", new FilePlans(settings));
        registry.accept("storageFiles", new StorageFiles(camel, new ProjectFiles(settings.parallelism())));
        registry.accept("fileUploads", new FileUploads(ProjectFiles.forRestores(settings.parallelism())));
        registry.accept("previousFiles", new PreviousFiles(camel));
        // Of the exchange that is about another archive.
        registry.accept("onlyPrevious", (AggregationStrategy) (own, other) -> {
            own.setProperty("previous", other.getProperty("previous"));
            return own;
        });
        registry.accept("skewCheck", new SkewCheck(settings.skewLimit()));
    }
}
