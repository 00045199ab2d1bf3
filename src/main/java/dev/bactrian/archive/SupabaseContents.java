package dev.bactrian.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What an archive holds of a Supabase project beside its tables, as the manifest tells it.
 *
 * @param auth null where the users weren't saved
 * @param storage null where the files weren't saved
 * @param vault null where the secrets weren't saved
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SupabaseContents(@Nullable Users auth, @Nullable Files storage, @Nullable Secrets vault) {

    public static final SupabaseContents NONE = new SupabaseContents(null, null, null);

    /** {@code auth/users.json}. */
    public record Users(long users) {}

    /**
     * {@code storage/…}, each of which {@code storage/objects.json} tells more about.
     *
     * @param objects whose bytes are in the archive
     * @param bytes of these
     * @param skew objects whose bytes couldn't be had as they were at the snapshot's instant
     * @param reused objects whose bytes are from an earlier archive
     */
    public record Files(
            long buckets,
            long objects,
            long bytes,
            long skew,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long reused) {}

    /** {@code vault/secrets.json}. */
    public record Secrets(long secrets) {}

    public SupabaseContents with(Users users) {
        return new SupabaseContents(users, storage, vault);
    }

    public SupabaseContents with(Files files) {
        return new SupabaseContents(auth, files, vault);
    }

    public SupabaseContents with(Secrets secrets) {
        return new SupabaseContents(auth, storage, secrets);
    }
}
