package dev.bactrian.postgres.url;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Whether a database is a Supabase project's, and how its files are reached.
 *
 * @param url of the project's API, for example {@code https://<ref>.supabase.co}; null when nobody said and the
 *     database's own address doesn't tell
 * @param key a secret key ({@code sb_secret_…}) or a JWT of the role {@code service_role}; null when none is set
 * @param access whether files are read and written over the Storage API or its S3 endpoint
 * @param s3 null unless {@code access} is {@link Access#S3}
 * @param recognition what the setting {@code SUPABASE} says
 */
public record SupabaseProject(
        @Nullable URI url, @Nullable String key, Access access, @Nullable S3Access s3, Recognition recognition) {

    /** None of it is set. */
    public static final SupabaseProject UNKNOWN = new SupabaseProject(null, null, Access.API, null, Recognition.AUTO);

    /** How a project is told from another database. */
    public enum Recognition {
        /** By the owners of its tables. */
        AUTO,
        /** It is one, no matter which roles own them. */
        YES,
        /** It is none, as a copy of one that stays outside of the platform. */
        NO
    }

    /** Whether the settings have a key for files. */
    public boolean hasKey() {
        return key != null || s3 != null;
    }

    /** Ways to the files. */
    public enum Access {
        API,
        S3
    }

    /** Storage's S3 endpoint, and the access keys made for it. */
    public record S3Access(URI endpoint, String region, String keyId, String secretKey) {
        /** Without the keys. */
        @Override
        public String toString() {
            return endpoint + " (" + region + ")";
        }
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return (url == null ? "no URL" : url.toString()) + (key == null ? ", no key" : "") + ", by "
                + (s3 == null ? access : s3);
    }
}
