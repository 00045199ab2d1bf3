package dev.bactrian.config;

import static dev.bactrian.config.SettingName.AWS_ACCESS_KEY_ID;
import static dev.bactrian.config.SettingName.AWS_SECRET_ACCESS_KEY;
import static dev.bactrian.config.SettingName.S3_BUCKET;
import static dev.bactrian.config.SettingName.S3_CA_FILE;
import static dev.bactrian.config.SettingName.S3_CHECKSUMS;
import static dev.bactrian.config.SettingName.S3_ENDPOINT;
import static dev.bactrian.config.SettingName.S3_LATEST;
import static dev.bactrian.config.SettingName.S3_PATH_STYLE;
import static dev.bactrian.config.SettingName.S3_PREFIX;
import static dev.bactrian.config.SettingName.S3_PUBLIC_ENDPOINT;
import static dev.bactrian.config.SettingName.S3_REGION;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads where archives go. */
final class S3SettingsReader extends SettingValues {

    /**
     * Prepares a reader.
     *
     * @param errors gets what is wrong
     */
    S3SettingsReader(SettingSource source, List<String> errors) {
        super(source, errors);
    }

    /** First part of every key, wherever archives go. */
    String keyPrefix() {
        String prefix = text(S3_PREFIX).replaceAll("^/+|/+$", "");
        if (!prefix.matches("[A-Za-z0-9!_.*'()/-]{1,200}")) {
            errors.add("S3_PREFIX has characters that S3 keys shouldn't have. Use letters, digits, - _ . and /.");
        }
        return prefix;
    }

    /** All of them; adds what is wrong to the errors. */
    S3Settings read(String prefix) {
        Optional<String> bucket = source.get(S3_BUCKET.name());
        if (bucket.isEmpty()) {
            errors.add("S3_BUCKET is not set. Set it to the bucket for the archives.");
        } else if (!bucket.get().matches("[A-Za-z0-9._-]{3,255}")) {
            errors.add("S3_BUCKET isn't a bucket name. Write only the name, without s3:// and without a path.");
        }
        Optional<String> keyId = secret(AWS_ACCESS_KEY_ID);
        Optional<String> secretKey = secret(AWS_SECRET_ACCESS_KEY);
        if (keyId.isPresent() != secretKey.isPresent()) {
            errors.add((keyId.isPresent() ? AWS_SECRET_ACCESS_KEY : AWS_ACCESS_KEY_ID)
                    + " is not set, but its other half is. Set both; or neither, to use the machine's role.");
        }
        return new S3Settings(
                bucket.orElse("none"),
                prefix,
                text(S3_REGION),
                address(S3_ENDPOINT),
                flag(S3_PATH_STYLE),
                oneOf(S3_CHECKSUMS, Set.of("when_supported", "when_required")).equals("when_required"),
                S3ObjectSettings.read(source, errors),
                oneOf(S3_LATEST, Set.of("copy", "pointer")).equals("copy"),
                keyId.orElse(null),
                secretKey.orElse(null),
                address(S3_PUBLIC_ENDPOINT),
                CertificateFile.read(source, S3_CA_FILE, errors));
    }

    private @Nullable URI address(SettingName name) {
        Optional<String> endpoint = source.get(name.name());
        if (endpoint.isEmpty()) {
            return null;
        }
        try {
            if (endpoint.get().matches("https?://[^/?#@]+(/[^?#@]*)?")) {
                return new URI(endpoint.get());
            }
        } catch (URISyntaxException e) {
            // Told below; its message would quote the value.
        }
        errors.add(name + " isn't a valid address. Write it as https://host or http://host:port.");
        return null;
    }
}
