package dev.bactrian;

import dev.bactrian.config.FileSettings;
import dev.bactrian.files.EarlierFiles;
import dev.bactrian.files.FileFetch;
import dev.bactrian.files.FilePlans;
import dev.bactrian.files.ObjectsJson;
import dev.bactrian.files.SkewCheck;
import dev.bactrian.files.StorageFiles;
import dev.bactrian.storage.ProjectFiles;
import dev.bactrian.upload.FileUpload;
import dev.bactrian.upload.FileUploads;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** What {@code routes/backup/supabase/storage-files.camel.yaml} and {@code routes/restore/restore-files.camel.yaml} refer to. */
final class FileBeans {

    private FileBeans() {}

    static void bind(BiConsumer<String, Object> registry, Supplier<CamelContext> camel, FileSettings settings) {
        registry.accept("filePlans", new FilePlans(settings));
        registry.accept("storageFiles", new StorageFiles(camel, new ProjectFiles(settings.parallelism())));
        registry.accept("fileFetch", new FileFetch());
        registry.accept("fileUploads", new FileUploads(ProjectFiles.forRestores(settings.parallelism())));
        registry.accept("fileUpload", new FileUpload());
        registry.accept("earlierFiles", new EarlierFiles(camel));
        registry.accept("skewCheck", new SkewCheck(settings.skewLimit()));
        registry.accept("objectsJson", new ObjectsJson());
    }
}
