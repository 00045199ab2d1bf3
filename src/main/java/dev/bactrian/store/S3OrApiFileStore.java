package dev.bactrian.store;

import dev.bactrian.supabase.storage.Download;
import dev.bactrian.supabase.storage.FileStore;
import dev.bactrian.supabase.storage.FoundFile;
import dev.bactrian.supabase.storage.OutOfReachException;
import dev.bactrian.supabase.storage.Upload;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A project's files by S3, but for those that Storage's S3 endpoint can't be asked for: these go by the API where there is a
 * key for it, and are said to be out of reach where there is none.
 */
final class S3OrApiFileStore implements FileStore {

    /** The endpoint takes slashes in a row for one, and drops the first: it would say that there is no such file. */
    private static final Pattern NO_PATH = Pattern.compile("(?s)/.*|.*//.*");

    private final FileStore s3;
    private final @Nullable FileStore api;
    private final String settingsEnd;

    /**
     * Joins the two.
     *
     * @param api null when there is no key for it
     * @param settingsEnd what the names of this database's settings end in
     */
    S3OrApiFileStore(FileStore s3, @Nullable FileStore api, String settingsEnd) {
        this.s3 = s3;
        this.api = api;
        this.settingsEnd = settingsEnd;
    }

    @Override
    public Download open(String bucket, String name, long from) throws IOException {
        return by(name, store -> store.open(bucket, name, from));
    }

    @Override
    public @Nullable FoundFile find(Upload file) throws IOException {
        return by(file.name(), store -> Optional.ofNullable(store.find(file))).orElse(null);
    }

    @Override
    public void put(Upload file) throws IOException {
        by(file.name(), store -> {
            store.put(file);
            return file;
        });
    }

    private <T> T by(String name, Request<T> request) throws IOException {
        if (!NO_PATH.matcher(name).matches()) {
            try {
                return request.to(s3);
            } catch (OutOfReachException e) {
                return request.to(api(String.valueOf(e.getMessage())));
            }
        }
        return request.to(
                api("Storage's S3 endpoint doesn't accept a name that begins with a slash or has two in a row"));
    }

    private FileStore api(String why) throws OutOfReachException {
        if (api == null) {
            throw new OutOfReachException(
                    why + "; the API can: set SUPABASE_SERVICE_ROLE_KEY" + settingsEnd + " as well");
        }
        return api;
    }

    @Override
    public Set<String> buckets() throws IOException {
        return s3.buckets();
    }

    @Override
    public void close() {
        s3.close();
        if (api != null) {
            api.close();
        }
    }

    /** What is asked of either. */
    @FunctionalInterface
    private interface Request<T> {
        T to(FileStore store) throws IOException;
    }
}
