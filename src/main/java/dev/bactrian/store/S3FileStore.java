package dev.bactrian.store;

import dev.bactrian.config.S3ObjectSettings;
import dev.bactrian.config.S3Settings;
import dev.bactrian.postgres.url.SupabaseProject.S3Access;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.problem.TlsFailure;
import dev.bactrian.supabase.storage.BusyException;
import dev.bactrian.supabase.storage.Download;
import dev.bactrian.supabase.storage.FileStore;
import dev.bactrian.supabase.storage.FoundFile;
import dev.bactrian.supabase.storage.OutOfReachException;
import dev.bactrian.supabase.storage.RefusedFileException;
import dev.bactrian.supabase.storage.Upload;
import dev.bactrian.support.Causes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A project's files by Storage's S3 endpoint, where buckets are buckets and files are objects. Not all names can be asked for
 * there: {@link S3OrApiFileStore} knows another way to those.
 */
final class S3FileStore implements FileStore {

    private static final int FORBIDDEN = 403;
    private static final int UNAUTHORIZED = 401;
    private static final int OUT_OF_RANGE = 416;
    private static final int SERVER_ERROR = 500;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+)");

    /** Of metadata, what the headers of a request can hold as it is. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]+");

    private static final Pattern PLAIN = Pattern.compile("[!-~]([ -~]*[!-~])?");

    private final S3Access access;
    private final String settingsEnd;
    private final S3Client client;
    private volatile boolean proven;

    /**
     * Prepares requests.
     *
     * @param settingsEnd what the names of this database's settings end in
     */
    S3FileStore(S3Access access, String settingsEnd) {
        this.access = access;
        this.settingsEnd = settingsEnd;
        this.client = new S3Clients(new S3Settings(
                        "any",
                        "",
                        access.region(),
                        access.endpoint(),
                        true,
                        true,
                        S3ObjectSettings.PLAIN,
                        false,
                        access.keyId(),
                        access.secretKey()))
                .client();
    }

    @Override
    public Download open(String bucket, String name, long from) throws IOException {
        try {
            ResponseInputStream<GetObjectResponse> content = client.getObject(get -> {
                get.bucket(bucket).key(name);
                if (from > 0) {
                    get.range("bytes=" + from + "-");
                }
            });
            proven = true;
            GetObjectResponse answer = content.response();
            Matcher range = RANGE.matcher(answer.contentRange() == null ? "" : answer.contentRange());
            boolean part = range.matches();
            return new Download(
                    content,
                    part ? Long.parseLong(range.group(1)) : 0,
                    part ? Long.parseLong(range.group(2)) : answer.contentLength(),
                    Download.plain(answer.eTag()),
                    content::abort);
        } catch (S3Exception e) {
            throw failure(e);
        } catch (SdkClientException e) {
            throw unreachable(e);
        }
    }

    @Override
    public Set<String> buckets() throws IOException {
        try {
            Set<String> names =
                    client.listBuckets().buckets().stream().map(Bucket::name).collect(Collectors.toSet());
            proven = true;
            return names;
        } catch (S3Exception e) {
            throw failure(e);
        } catch (SdkClientException e) {
            throw unreachable(e);
        }
    }

    /** By its first byte: Storage answers a HEAD from the row alone, whether the bytes are there or not. */
    @Override
    public @Nullable FoundFile find(Upload file) throws IOException {
        String part = file.size() == 0 ? null : "bytes=0-0";
        try (ResponseInputStream<GetObjectResponse> content = client.getObject(
                get -> get.bucket(file.bucket()).key(file.name()).range(part))) {
            GetObjectResponse answer = content.response();
            Matcher range = RANGE.matcher(answer.contentRange() == null ? "" : answer.contentRange());
            long size = range.matches() ? Long.parseLong(range.group(2)) : answer.contentLength();
            if (size > 0 && content.read() < 0) {
                throw new BusyException("it ended before its first byte", null);
            }
            // Whatever the server gives of it, no more is wanted.
            content.abort();
            return new FoundFile(size, Download.plain(answer.eTag()));
        } catch (S3Exception e) {
            if (e.statusCode() == OUT_OF_RANGE) {
                // There, and without a byte.
                return new FoundFile(0, null);
            }
            IOException failure = failure(e);
            boolean lost = failure instanceof BusyException busy && busy.isPerhapsLost();
            if (lost || failure instanceof RefusedFileException && !(failure instanceof OutOfReachException)) {
                return null;
            }
            throw failure;
        } catch (SdkClientException e) {
            throw unreachable(e);
        }
    }

    @Override
    public void put(Upload file) throws IOException {
        Map<String, String> metadata = new HashMap<>();
        if (file.userMetadata() != null) {
            // What a header can't hold comes back with the row.
            file.userMetadata().fields().forEachRemaining(entry -> {
                if (NAME.matcher(entry.getKey()).matches()
                        && PLAIN.matcher(entry.getValue().asText()).matches()) {
                    metadata.put(entry.getKey(), entry.getValue().asText());
                }
            });
        }
        String type = file.contentType() == null ? "application/octet-stream" : file.contentType();
        try {
            client.putObject(
                    put -> put.bucket(file.bucket())
                            .key(file.name())
                            .contentType(type)
                            .cacheControl(file.cacheControl())
                            .metadata(metadata),
                    RequestBody.fromContentProvider(() -> open(file), file.size(), type));
        } catch (S3Exception e) {
            throw failure(e);
        } catch (SdkClientException e) {
            throw unreachable(e);
        }
    }

    private static InputStream open(Upload file) {
        try {
            return file.content().open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private IOException failure(S3Exception answer) {
        String code = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorCode();
        String said = "the answer was " + answer.statusCode() + (code == null || code.isEmpty() ? "" : " " + code);
        if (proven && "SignatureDoesNotMatch".equals(code)) {
            // Storage, like other servers, signs some names in another form than those who ask: the key is right.
            return new OutOfReachException(said + ", although the key is right: this name can't be requested over S3");
        }
        if (answer.statusCode() == FORBIDDEN || answer.statusCode() == UNAUTHORIZED) {
            throw ProblemException.stopped(
                    "The S3 endpoint " + access + " of the project refuses its access key: " + said + ".",
                    "Set SUPABASE_S3_ACCESS_KEY_ID" + settingsEnd + " and SUPABASE_S3_SECRET_ACCESS_KEY" + settingsEnd
                            + " to an access key of this project; its dashboard makes them under Storage, S3.");
        }
        if (answer.statusCode() == SERVER_ERROR && "InternalError".equals(code)) {
            return BusyException.perhapsLost(said);
        }
        if (Throttling.isThrottled(answer)) {
            return BusyException.throttled(said, null);
        }
        if (answer.statusCode() >= SERVER_ERROR) {
            return new BusyException(said, null);
        }
        return new RefusedFileException(said);
    }

    private IOException unreachable(SdkClientException e) {
        Optional<TlsFailure> tls = TlsFailure.of(e);
        if (tls.isPresent()) {
            throw ProblemException.stopped(
                    "No TLS connection to the S3 endpoint " + access + " of the project: "
                            + tls.get().text() + ".",
                    tls.get().kind().remedy(),
                    e);
        }
        return new BusyException("no answer (" + Causes.innermost(e).getClass().getSimpleName() + ")", null);
    }

    @Override
    public void close() {
        client.close();
    }
}
