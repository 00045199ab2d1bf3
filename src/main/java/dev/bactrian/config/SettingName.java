package dev.bactrian.config;

import org.jspecify.annotations.Nullable;

/**
 * Every setting that has one fixed name, which is both its environment variable and its key in
 * {@code config/application.properties}. {@code DATABASE_URL_<NAME>} and the filters of one
 * database ({@link FilterSettings}) come on top, and so does {@code BACKUP_CRON_<NAME>}. A secret may also be given as a
 * file's path under the same name with {@code _FILE} at the end.
 */
public enum SettingName {
    DATABASE_URL(null, true),
    DATABASE_IPV4_ONLY("false", false),
    SUPABASE_DB_URL(null, true),
    SUPABASE("auto", false),
    SUPABASE_URL(null, false),
    SUPABASE_SERVICE_ROLE_KEY(null, true),
    SUPABASE_STORAGE("api", false),
    SUPABASE_S3_ENDPOINT(null, false),
    SUPABASE_S3_REGION(null, false),
    SUPABASE_S3_ACCESS_KEY_ID(null, true),
    SUPABASE_S3_SECRET_ACCESS_KEY(null, true),
    CONTROL_DATABASE_URL(null, true),
    HISTORY_SCHEMA("public", false),
    BACKUP_API_KEY(null, true),
    RESTORE_API_KEY(null, true),
    GITHUB_WEBHOOK_SECRET(null, true),
    GITHUB_BRANCHES(null, false),
    CORS_ORIGINS(null, false),
    BACKUP_ENABLED("true", false),
    S3_BUCKET(null, false),
    S3_PREFIX("backups", false),
    S3_REGION("us-east-1", false),
    S3_ENDPOINT(null, false),
    S3_PUBLIC_ENDPOINT(null, false),
    S3_CA_FILE(null, false),
    S3_PATH_STYLE("false", false),
    S3_CHECKSUMS("when_supported", false),
    S3_STORAGE_CLASS(null, false),
    S3_SSE("none", false),
    S3_SSE_KMS_KEY_ID(null, false),
    S3_TAGS(null, false),
    S3_LATEST("copy", false),
    S3_LARGEST_OBJECT(null, false),
    S3_EQUAL_PARTS(null, false),
    AWS_ACCESS_KEY_ID(null, true),
    AWS_SECRET_ACCESS_KEY(null, true),
    HTTP_PORT("8080", false),
    HTTP_HOST("127.0.0.1", false),
    MANAGEMENT_PORT("8081", false),
    WORK_DIR("work", false),
    PG_BIN(null, false),
    BACKUP_INCLUDE_SCHEMAS(null, false),
    BACKUP_EXCLUDE_SCHEMAS(null, false),
    BACKUP_EXCLUDE_TABLES(null, false),
    BACKUP_EXCLUDE_TABLE_DATA(null, false),
    BACKUP_LARGE_OBJECTS("true", false),
    VERIFY_DATABASE_URL(null, true),
    VERIFY_CRON(null, false),
    VERIFY_SKIP_VIEWS(null, false),
    BACKUP_CRON(null, false),
    BACKUP_TIMEZONE("UTC", false),
    BACKUP_AUTH_USERS("true", false),
    BACKUP_STORAGE("true", false),
    BACKUP_VAULT("true", false),
    BACKUP_INCLUDE_BUCKETS(null, false),
    BACKUP_EXCLUDE_BUCKETS(null, false),
    BACKUP_STORAGE_PARALLELISM("4", false),
    BACKUP_STORAGE_SKEW_LIMIT("10", false),
    BACKUP_STORAGE_INCREMENTAL("false", false),
    BACKUP_PARALLELISM("auto", false),
    SUPABASE_POOL_SIZE("15", false),
    BACKUP_MAX_CONCURRENT("1", false),
    BACKUP_QUEUE_LIMIT("100", false),
    BACKUP_RATE_LIMIT("60", false),
    BACKUP_TABLES_PER_DUMP("2000", false),
    BACKUP_SPLIT_ABOVE("4GB", false),
    BACKUP_UNCHANGED("off", false),
    BACKUP_FULL_EVERY("7", false),
    BACKUP_FORMATS("tables", false),
    BACKUP_COMPRESSION("auto", false),
    BACKUP_COMPRESSION_LEVEL("1", false),
    BACKUP_SPOOL("256MB", false),
    BACKUP_READ_BACK("false", false),
    BACKUP_ENCRYPT_TO(null, false),
    BACKUP_DECRYPT_KEY(null, true),
    BACKUP_DECRYPT_PASSPHRASE(null, true),
    BACKUP_SIGN_KEY(null, true),
    RESTORE_VERIFY_KEY(null, false),
    BACKUP_KEEP_LAST(null, false),
    BACKUP_KEEP_DAILY(null, false),
    BACKUP_KEEP_WEEKLY(null, false),
    BACKUP_KEEP_MONTHLY(null, false),
    BACKUP_KEEP_DAYS(null, false),
    BACKUP_STALL_TIMEOUT("30m", false),
    BACKUP_RESTORE_WAIT("30m", false),
    BACKUP_SHRINK_WARN("90", false),
    BACKUP_SHRINK_IGNORE(
            "auth.sessions, auth.refresh_tokens, auth.mfa_amr_claims, auth.mfa_challenges, auth.flow_state, "
                    + "auth.one_time_tokens, auth.saml_relay_states, auth.audit_log_entries, realtime.messages*, "
                    + "realtime.subscription, net._http_response, net.http_request_queue, cron.job_run_details, "
                    + "storage.s3_multipart_uploads*, pgmq.q_*",
            false),
    NOTIFY_FAILURE(null, true),
    NOTIFY_SUCCESS(null, true),
    NOTIFY_RECOVERED(null, true),
    NOTIFY_PING_URL(null, true),
    PUBLIC_URL(null, false),
    BACKUP_EXTERNAL_TIMEOUT("6h", false),
    SHUTDOWN_GRACE("8s", false);

    private final @Nullable String defaultValue;
    private final boolean secret;

    SettingName(@Nullable String defaultValue, boolean secret) {
        this.defaultValue = defaultValue;
        this.secret = secret;
    }

    /** What holds when nothing is set; null when there is no default, or it is worked out. */
    public @Nullable String defaultValue() {
        return defaultValue;
    }

    /** Whether the value may be read from a file named by {@code <NAME>_FILE}, and must never be shown. */
    public boolean secret() {
        return secret;
    }
}
